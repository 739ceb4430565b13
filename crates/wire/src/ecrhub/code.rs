//! Response codes of terminals and gateways, and what class they are of (sections 2.7, 2.8 and 5.12).
//!
//! Only `0`, `000`, `106` with M009, `110` with K026 and `202` with M003 are proven on terminals; the rest
//! comes from tables of integrators. The classes therefore err on the side of "unknown".

/// A response code, verbatim.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Code(String);

/// What a code says, whatever was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The request was carried out; of an order, the state tells the rest.
    Success,
    /// The terminal refuses the till: no pairing, or an application that nobody released.
    SetUp,
    /// Nobody can tell from this code: ask.
    Unclear,
    /// Cancelled on the terminal.
    Cancelled,
    /// There is no such order.
    NotFound,
    /// The money went back already.
    TakenBack,
    /// Another payment runs, or the order's number is in use.
    Busy,
    /// The order's number is in use.
    Exists,
    /// The request is not one that this terminal serves.
    Unsupported,
    /// The request is faulty.
    Faulty,
    /// A transaction cannot be undone or given back like this.
    Blocked(Obstacle),
    /// Not approved; every code of a processor.
    Declined,
}

/// Why a void or refund is not done (section 2.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It is settled: only a refund can give it back.
    Settled,
    /// It is not settled: only a void can give it back.
    NotSettled,
    /// The original is not known.
    NoOriginal,
    /// More than is left of it.
    TooMuch,
    /// A part of it cannot be given back.
    NoPart,
    /// The card is not the one that paid.
    OtherCard,
}

impl Code {
    /// The code of this text.
    pub fn of(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its class. `words`: the text beside it, which may hold an inner code and says whether a code that no
    /// table has leaves the outcome open.
    pub fn class(&self, words: &str) -> Class {
        let class = self.listed(words);
        match class {
            Class::Declined | Class::Cancelled if leaves_open(words) => Class::Unclear,
            Class::Success
            | Class::SetUp
            | Class::Unclear
            | Class::Cancelled
            | Class::NotFound
            | Class::TakenBack
            | Class::Busy
            | Class::Exists
            | Class::Unsupported
            | Class::Faulty
            | Class::Blocked(_)
            | Class::Declined => class,
        }
    }

    fn listed(&self, words: &str) -> Class {
        let code = bare(&self.0);
        match code {
            "0" | "000" | "103" => Class::Success,
            "001" | "-1" => Class::SetUp,
            "101" | "107" | "108" | "109" | "112" | "200" | "999" => Class::Unclear,
            "102" | "110" | "111" => Class::Cancelled,
            "104" | "E04110" | "E04111" | "M010" => Class::NotFound,
            "105" => Class::TakenBack,
            "106" if inner(words) == Some("M009") => Class::SetUp,
            "106" if inner(words) == Some("M010") => Class::NotFound,
            "113" => Class::Busy,
            "E04112" | "E04131" => Class::Exists,
            "114" | "117" => Class::Unsupported,
            "121" | "201" | "202" => Class::Faulty,
            "119" | "ET008" | "ET007" | "CF008" | "D0004" | "D0090" | "E8908" | "E8909" => {
                Class::Blocked(Obstacle::Settled)
            }
            "D0005" | "D0091" => Class::Blocked(Obstacle::NotSettled),
            "ET002" | "ET003" => Class::Blocked(Obstacle::NoOriginal),
            "E04126" | "E04130" => Class::Blocked(Obstacle::TooMuch),
            "E04132" | "E1502" => Class::Blocked(Obstacle::NoPart),
            "D0094" => Class::Blocked(Obstacle::OtherCard),
            _ if code.starts_with("SYS") || code.starts_with("E07") => Class::SetUp,
            "" => Class::Unclear,
            _ => Class::Declined,
        }
    }
}

/// The code without the name of its processor.
fn bare(code: &str) -> &str {
    let names = ["TS-", "TSYS-", "FS-", "FD-", "CP-"];
    names.iter().find_map(|name| code.strip_prefix(name)).unwrap_or(code)
}

/// A text that says that nobody knows (section 2.7, rule 3).
fn leaves_open(words: &str) -> bool {
    let words = words.to_lowercase();
    ["timeout", "timed out", "time out", "unknown", "network"].iter().any(|word| words.contains(word))
}

/// The inner code of a text: `K026` in `Operator cancellation[[K026]By the operator]`.
pub fn inner(words: &str) -> Option<&str> {
    let (_, rest) = words.split_once('[')?;
    let (code, _) = rest.trim_start_matches('[').split_once(']')?;
    let is_code = |code: &&str| {
        !code.is_empty() && code.len() <= 8 && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    Some(code).filter(is_code)
}
