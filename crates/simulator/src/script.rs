//! What the far side does with a request: actions, the rules that choose them, and the behaviour they add
//! up to.
//!
//! A request's behaviour is built from three sources, later ones winning: the amount convention, the
//! fault plan, the script. Invariant: with no rule and no plan a terminal behaves correctly; everything
//! else is asked for by name.

mod parse;

use std::collections::BTreeSet;

pub use parse::ScriptError;

/// What the virtual customer, the card and the host make of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Approved for the amount asked.
    Approve,
    /// Approved with 10 % tip (purchases only; a refund is approved without).
    Tip,
    /// Approved for half.
    Partial {
        /// Error condition beside `Partial`; none by default.
        condition: Option<String>,
    },
    /// Approved, signature wanted.
    Signature,
    /// Approved, but only once an abort has arrived (30 s at most).
    Race,
    /// Not approved: `Refusal`, `WrongPIN`, `InvalidCard`, `UnreachableHost`, `PaymentRestriction` …
    Decline {
        /// Error condition of the answer.
        condition: String,
        /// Whether receipts come with it.
        receipt: bool,
    },
    /// The customer presses the red key after two seconds.
    Cancel,
    /// Nothing happens until an abort arrives.
    UntilAborted,
}

/// How the customer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Card or phone held to the reader.
    Contactless,
    /// Chip with PIN.
    Chip,
    /// Magnetic stripe.
    Stripe,
    /// Number keyed on the terminal.
    Keyed,
    /// Swish: no card at all.
    Mobile,
}

/// What a customer does at the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// Holds, inserts or swipes the card.
    Present,
    /// Types a PIN of so many digits.
    Pin(u8),
    /// Presses the red key.
    Cancel,
    /// Takes the card out, after the answer.
    Remove,
}

/// A move, and how long it takes to come (ms).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub what: Move,
    /// After the one before it.
    pub after_ms: u64,
}

/// How an answer travels. Unless said otherwise the request is processed and the true answer is
/// remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// As it should, with `Content-Length`.
    Normal,
    /// In chunks.
    Chunked,
    /// HTTP/1.0, the end marked by closing.
    Http10,
    /// The connection is refused; the request never arrives.
    Refused,
    /// The connection closes instead of an answer.
    Cut,
    /// The connection closes in the middle of the answer.
    CutMiddle,
    /// The connection closes as soon as the request is read; the terminal goes on.
    Close,
    /// The connection stays open and nothing comes.
    Never,
    /// 200 with an empty body.
    Empty,
    /// 204 where an answer is due.
    NoContent,
    /// Another status without a body.
    Status(u16),
    /// 200 with bytes that are not XML.
    Garbage,
    /// 200 with the first half of the XML.
    Truncated,
    /// 200 with a document type that defines growing entities.
    EntityBomb,
    /// 200 with elements nested a thousand deep.
    Deep,
    /// 200 with a body of this many bytes at least.
    Oversize(u32),
    /// 200 with the answer twice in one body.
    Twice,
}

/// What is wrong inside an otherwise proper answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Twist {
    /// Another ServiceID in the header.
    WrongServiceId,
    /// Another SaleID in the header.
    WrongSaleId,
    /// Another POIID in the header.
    WrongPoiId,
    /// One major unit more than authorised.
    WrongAmount,
    /// Another currency.
    WrongCurrency,
    /// Another SaleTransactionID.
    WrongTransaction,
    /// An error condition nobody knows; turns Success into Failure in the delivered answer.
    UnknownCondition,
    /// A result word nobody knows.
    UnknownResult,
    /// No receipts.
    NoReceipts,
    /// Receipts that do not decode.
    BadReceipts,
    /// The card number, or the customer's code, in clear, to prove masking.
    FullPan,
    /// Neither SaleData nor POIData.
    Bare,
}

/// What the terminal sends to the till beside the proper traffic of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Oddity {
    /// Two displays at the same time.
    ParallelDisplays,
    /// The signature question twice; the second answer counts.
    InputTwice,
    /// A print request with a document nobody knows.
    UnknownPrint,
    /// An event nobody knows.
    UnknownEvent,
    /// A display of a terminal the till does not know.
    ForeignPoiId,
}

/// When the terminal restarts around a request, and whether it forgets its finished answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restart {
    /// Before the request is processed rather than after it.
    pub before: bool,
    /// Finished answers are lost, the bank's entries stay.
    pub forgets: bool,
}

/// One thing to do with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// What becomes of the payment.
    Outcome(Outcome),
    /// How the customer pays.
    Source(Source),
    /// How the answer travels.
    Deliver(Delivery),
    /// What is wrong inside the answer.
    Twist(Twist),
    /// Twisted answers are remembered as they were twisted, so that a status query repeats the lie.
    Sticky,
    /// What else is sent to the till.
    Oddity(Oddity),
    /// The request reaches the terminal this much later (ms), whatever the till does meanwhile.
    Hold(u64),
    /// Processing takes this much longer (ms).
    Slow(u64),
    /// The finished answer is delivered this much later (ms).
    Late(u64),
    /// The request is lost before it is processed.
    Unprocessed,
    /// Refused with this error condition before anything starts.
    Fail(String),
    /// The terminal restarts.
    Restart(Restart),
    /// What the customer enters: `yes`, `no` or digits.
    Entry(String),
    /// What the customer does, in place of what customers do.
    Steps(Vec<Step>),
    /// The tip, minor units, in place of 10 %.
    Tip(i64),
    /// What is approved in part, minor units, in place of half.
    Part(i64),
    /// The host's response code of a decline, in place of the condition's.
    Arc(String),
    /// Printed lines and fields, but no `ReceiptString`.
    NoReceiptLines,
}

/// The sum of all actions for one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Behaviour {
    pub outcome: Outcome,
    pub source: Option<Source>,
    pub delivery: Delivery,
    pub twists: BTreeSet<Twist>,
    pub sticky: bool,
    pub oddities: BTreeSet<Oddity>,
    pub hold_ms: u64,
    pub slow_ms: u64,
    pub late_ms: u64,
    pub unprocessed: bool,
    pub fail: Option<String>,
    pub restart: Option<Restart>,
    pub entry: Option<String>,
    pub steps: Vec<Step>,
    pub tip: Option<i64>,
    pub part: Option<i64>,
    pub arc: Option<String>,
    pub receipt_lines: bool,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            outcome: Outcome::Approve,
            source: None,
            delivery: Delivery::Normal,
            twists: BTreeSet::new(),
            sticky: false,
            oddities: BTreeSet::new(),
            hold_ms: 0,
            slow_ms: 0,
            late_ms: 0,
            unprocessed: false,
            fail: None,
            restart: None,
            entry: None,
            steps: Vec::new(),
            tip: None,
            part: None,
            arc: None,
            receipt_lines: true,
        }
    }
}

impl Behaviour {
    /// Adds actions; where two exclude each other the later one wins.
    pub fn add(&mut self, actions: impl IntoIterator<Item = Action>) {
        for action in actions {
            match action {
                Action::Outcome(outcome) => self.outcome = outcome,
                Action::Source(source) => self.source = Some(source),
                Action::Deliver(delivery) => self.delivery = delivery,
                Action::Twist(twist) => {
                    self.twists.insert(twist);
                }
                Action::Sticky => self.sticky = true,
                Action::Oddity(oddity) => {
                    self.oddities.insert(oddity);
                }
                Action::Hold(ms) => self.hold_ms = ms,
                Action::Slow(ms) => self.slow_ms = ms,
                Action::Late(ms) => self.late_ms = ms,
                Action::Unprocessed => self.unprocessed = true,
                Action::Fail(condition) => self.fail = Some(condition),
                Action::Restart(restart) => self.restart = Some(restart),
                Action::Entry(entry) => self.entry = Some(entry),
                Action::Steps(steps) => self.steps = steps,
                Action::Tip(minor) => self.tip = Some(minor),
                Action::Part(minor) => self.part = Some(minor),
                Action::Arc(code) => self.arc = Some(code),
                Action::NoReceiptLines => self.receipt_lines = false,
            }
        }
    }
}

/// What a rule looks at. Anything left out matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct When {
    /// Message category: `Payment`, `Login` …
    pub category: Option<String>,
    /// Minor units of the requested amount.
    pub amount: Option<i64>,
    /// The till's own transaction number.
    pub transaction: Option<String>,
    /// Only the n-th of the requests that match otherwise, from 1.
    pub nth: Option<u32>,
    /// At most this many requests.
    pub times: Option<u32>,
}

/// A rule: when, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Which requests.
    pub when: When,
    /// What to do with them.
    pub actions: Vec<Action>,
    seen: u32,
    used: u32,
}

/// A request as rules see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Occasion {
    /// Message category.
    pub category: String,
    /// Minor units of the requested amount, if it has one.
    pub amount: Option<i64>,
    /// The till's own transaction number, if it has one.
    pub transaction: Option<String>,
}

/// Rules in order; the first that matches a request decides about it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Script {
    rules: Vec<Rule>,
    knobs: Option<toml::Table>,
}

impl Rule {
    /// A rule for requests of one category.
    pub fn on(category: &str) -> Self {
        Self::when(When { category: Some(category.to_owned()), ..When::default() })
    }

    /// A rule for the requests described.
    pub fn when(when: When) -> Self {
        Self { when, actions: Vec::new(), seen: 0, used: 0 }
    }

    /// Only the n-th matching request, from 1.
    pub fn nth(mut self, nth: u32) -> Self {
        self.when.nth = Some(nth);
        self
    }

    /// At most so many requests.
    pub fn times(mut self, times: u32) -> Self {
        self.when.times = Some(times);
        self
    }

    /// Adds something to do.
    pub fn act(mut self, action: impl Into<Action>) -> Self {
        self.actions.push(action.into());
        self
    }

    /// Whether the rule decides about this request; counts it.
    fn takes(&mut self, occasion: &Occasion) -> bool {
        let when = &self.when;
        let fits = when.category.as_ref().is_none_or(|category| *category == occasion.category)
            && when.amount.is_none_or(|amount| Some(amount) == occasion.amount)
            && (when.transaction.is_none() || when.transaction == occasion.transaction);
        if !fits {
            return false;
        }
        self.seen = self.seen.saturating_add(1);
        let due = when.nth.is_none_or(|nth| nth == self.seen);
        if !due || when.times.is_some_and(|times| self.used >= times) {
            return false;
        }
        self.used = self.used.saturating_add(1);
        true
    }
}

impl Script {
    /// No rules: everything works.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a rule after the others.
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Reads the text of a script file (schema in `docs/SIMULATORS.md`).
    ///
    /// # Errors
    /// The text is not TOML, or names something that does not exist.
    pub fn from_toml(text: &str) -> Result<Self, ScriptError> {
        parse::script(text)
    }

    /// The table `[terminal]` of the file: knobs of the terminal itself.
    pub fn knobs(&self) -> Option<&toml::Table> {
        self.knobs.as_ref()
    }

    /// What the script wants done with this request; counts it for every rule up to the deciding one.
    pub fn decide(&mut self, occasion: &Occasion) -> Vec<Action> {
        let deciding =
            self.rules.iter_mut().find_map(|rule| rule.takes(occasion).then(|| rule.actions.clone()));
        deciding.unwrap_or_default()
    }
}

macro_rules! action_from {
    ($($variant:ident($ty:ty)),*) => { $(
        impl From<$ty> for Action {
            fn from(value: $ty) -> Self {
                Self::$variant(value)
            }
        }
    )* };
}
action_from!(
    Outcome(Outcome),
    Source(Source),
    Deliver(Delivery),
    Twist(Twist),
    Oddity(Oddity),
    Restart(Restart)
);
