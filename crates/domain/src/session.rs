//! The session between till and terminal, and the terminal's daily maintenance hour, as a pure rule.
//!
//! Some terminals install parameters and software only while they are logged out with maintenance
//! allowed, at least one hour a day (nexo dossier 5.4). The till gives them the night after a closed day,
//! and the hour before the business day starts where nobody closed it.

use crate::ids::Reference;
use serde::{Deserialize, Serialize};

/// Where the session stands, folded from facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Digest of the settings that everything here was learned with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<String>,
    /// Digest of the part of them that a login tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// The session that a login opened and nothing is known to have ended.
    pub open: Option<String>,
    /// A login was about to be sent and its answer is not on record: no older session counts any more.
    pub opening: bool,
    /// Logged out with maintenance allowed.
    pub in_maintenance: bool,
    /// How far the terminal's clock is ahead of the till's, measured at the newest login, milliseconds.
    pub skew_ms: Option<i64>,
    /// The device's serial number as it said at the newest login.
    pub serial: Option<String>,
    /// The device's software as it said at the newest login.
    pub software: Option<String>,
    /// The address in force when it is not the one in the settings.
    pub address: Option<String>,
    /// An address that was announced and waits for a person.
    pub proposed_address: Option<String>,
    /// The terminal must be asked for its newest outcome before it sells.
    #[serde(default)]
    pub last_wanted: bool,
    /// What the terminal called its newest outcome when it was asked for it after a restore.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub last_named: Vec<Reference>,
}

/// One fact about a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TerminalFact {
    /// A login is about to be sent; whatever session there was counts no more.
    SessionOpening,
    /// The login succeeded.
    SessionOpened {
        /// The driver's name for the session.
        session: String,
        /// Clock skew, milliseconds, when it could be measured.
        skew_ms: Option<i64>,
        /// Serial number.
        serial: Option<String>,
        /// Software name and version.
        software: Option<String>,
    },
    /// The terminal says that there is no session.
    SessionLost,
    /// The till logged out.
    SessionClosed {
        /// With maintenance allowed.
        maintenance: bool,
    },
    /// The terminal, or somebody in its name, announced an address.
    AddressProposed {
        /// The address.
        address: String,
    },
    /// A person confirmed the announced address.
    AddressConfirmed {
        /// The address.
        address: String,
    },
    /// A person refused the announced address.
    AddressRefused,
    /// After a restore: the terminal must be asked for its newest outcome before it sells.
    LastWanted,
    /// The terminal told its newest outcome, or that there is none.
    LastAsked {
        /// What it calls that: transaction and reference. What was told then came before everything since.
        #[serde(default)]
        named: Vec<Reference>,
    },
    /// The terminal is driven by these settings from now on. An address that was learned with others counts
    /// no more, nor does anything else where a login would tell other things: it may be another device's.
    Configured {
        /// Digest of driver and settings, hexadecimal; the settings may hold what is nobody's business.
        settings: String,
        /// Digest of the part of them that a login tells.
        login: String,
    },
    /// A person took the terminal out of the settings.
    Retired,
}

impl Session {
    /// What still counts of it under the settings with these digests. A session outlives a corrected address:
    /// to log in anew could hide a payment that runs there, and another device knows nothing of it.
    #[must_use]
    pub fn under(self, settings: &str, login: &str) -> Self {
        if self.settings.as_deref() == Some(settings) {
            return self;
        }
        let same = self.login.as_deref() == Some(login);
        // Whether the terminal must be asked first is about the till's journal, not about the device.
        let kept = if same { self } else { self.forgotten() };
        Self {
            settings: Some(settings.to_owned()),
            login: Some(login.to_owned()),
            address: None,
            proposed_address: None,
            ..kept
        }
    }

    /// Nothing is known of the device any more. A terminal that was asked after a restore is asked again:
    /// what another one named proves nothing here.
    fn forgotten(self) -> Self {
        Self { last_wanted: self.last_wanted || !self.last_named.is_empty(), ..Self::default() }
    }

    /// Applies one fact.
    #[must_use]
    pub fn evolve(mut self, fact: &TerminalFact) -> Self {
        match fact {
            TerminalFact::SessionOpening => {
                self.open = None;
                self.opening = true;
            }
            TerminalFact::SessionOpened { session, skew_ms, serial, software } => {
                self.open = Some(session.clone());
                self.opening = false;
                self.in_maintenance = false;
                self.skew_ms = *skew_ms;
                self.serial.clone_from(serial);
                self.software.clone_from(software);
            }
            TerminalFact::SessionLost => {
                self.open = None;
                self.opening = false;
            }
            TerminalFact::SessionClosed { maintenance } => {
                self.open = None;
                self.opening = false;
                self.in_maintenance = *maintenance;
            }
            TerminalFact::AddressProposed { address } => self.proposed_address = Some(address.clone()),
            TerminalFact::AddressConfirmed { address } => {
                self.address = Some(address.clone());
                self.proposed_address = None;
            }
            TerminalFact::AddressRefused => self.proposed_address = None,
            TerminalFact::LastWanted => self.last_wanted = true,
            TerminalFact::LastAsked { named } => {
                self.last_wanted = false;
                self.last_named.clone_from(named);
            }
            TerminalFact::Configured { settings, login } => self = self.under(settings, login),
            TerminalFact::Retired => self = self.forgotten(),
        }
        self
    }
}

/// What the session should become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionWish {
    /// As it is.
    Stay,
    /// Log out with maintenance allowed.
    Maintain,
    /// Log in.
    LogIn,
}

/// Minutes of a day.
const DAY: u32 = 24 * 60;
/// Minutes after which nobody works at a terminal, and after which a log-out that failed is tried again.
const LONG: u32 = 10;
/// The maintenance hour begins so many minutes before the business day.
const WINDOW: u32 = 70;

/// What the till knows of a terminal's day beside its session.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// It must be left to itself once a day.
    pub needs_maintenance: bool,
    /// The minute of the local day.
    pub minute: u32,
    /// The minute at which the business day starts.
    pub starts: u32,
    /// Minutes since the last operation or command on this terminal.
    pub idle: u32,
    /// The day was closed, nobody has paid there since, and the next one has not begun.
    pub is_over: bool,
    /// The newest log-out failed.
    pub stayed: bool,
    /// It was logged out to be left alone, and the time for that is not over.
    pub rests: bool,
}

/// Minutes from this minute of the day to the start of the next business day; 1,440 at its start.
pub const fn until_day(minute: u32, starts: u32) -> u32 {
    let until = (starts + DAY - minute % DAY) % DAY;
    if until == 0 { DAY } else { until }
}

/// What the session should become now. A terminal must be logged out, with maintenance allowed, for an hour
/// every day: at the end of the day, and before the next one where nobody closed it (dossier 5.4).
pub fn wish(session: &Session, day: &Day) -> SessionWish {
    let in_window = until_day(day.minute, day.starts) <= WINDOW;
    if session.in_maintenance && day.rests {
        return SessionWish::Stay;
    }
    let may_rest = match (in_window, day.is_over) {
        (true, _) => day.idle >= LONG,
        (false, over) => over && day.idle >= if day.stayed { LONG } else { 1 } && session.open.is_some(),
    };
    if day.needs_maintenance && may_rest && !session.in_maintenance {
        return SessionWish::Maintain;
    }
    if session.open.is_some() || (day.needs_maintenance && in_window) {
        SessionWish::Stay
    } else {
        SessionWish::LogIn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Session {
        Session { open: Some("1".into()), ..Session::default() }
    }

    fn day(minute: u32) -> Day {
        let starts = 5 * 60;
        let idle = 600;
        Day { needs_maintenance: true, minute, starts, idle, is_over: false, stayed: false, rests: false }
    }

    #[test]
    fn the_maintenance_hour_lies_before_the_business_day() {
        let night = day(3 * 60 + 55);
        assert_eq!(wish(&open(), &day(12 * 60)), SessionWish::Stay);
        assert_eq!(wish(&open(), &night), SessionWish::Maintain);
        assert_eq!(wish(&open(), &Day { idle: 3, ..night }), SessionWish::Stay, "somebody works");
        assert_eq!(wish(&open(), &Day { needs_maintenance: false, ..night }), SessionWish::Stay);
        let away = Session { in_maintenance: true, ..Session::default() };
        assert_eq!(wish(&away, &day(4 * 60 + 30)), SessionWish::Stay);
        assert_eq!(wish(&away, &day(5 * 60)), SessionWish::LogIn);
        let around_midnight = Day { starts: 0, ..day(23 * 60 + 30) };
        assert_eq!(wish(&open(), &around_midnight), SessionWish::Maintain);
    }

    #[test]
    fn a_closed_day_lets_the_terminal_rest() {
        let evening = Day { is_over: true, idle: 2, ..day(18 * 60) };
        assert_eq!(wish(&open(), &evening), SessionWish::Maintain);
        assert_eq!(wish(&open(), &Day { idle: 0, ..evening }), SessionWish::Stay, "just used");
        let stayed = Day { stayed: true, ..evening };
        assert_eq!(wish(&open(), &stayed), SessionWish::Stay, "not at once again");
        assert_eq!(wish(&open(), &Day { idle: 10, ..stayed }), SessionWish::Maintain);
        assert_eq!(wish(&open(), &Day { needs_maintenance: false, ..evening }), SessionWish::Stay);
        let away = Session { in_maintenance: true, ..Session::default() };
        assert_eq!(wish(&away, &Day { rests: true, ..evening }), SessionWish::Stay);
        assert_eq!(wish(&away, &Day { is_over: false, ..evening }), SessionWish::LogIn, "time is up");
        assert_eq!((until_day(18 * 60, 300), until_day(300, 300)), (11 * 60, 1_440));
    }

    #[test]
    fn other_settings_forget_what_was_learned() {
        let of = |settings: &str, login: &str| TerminalFact::Configured {
            settings: settings.to_owned(),
            login: login.to_owned(),
        };
        let address = Some("http://192.0.2.9:11000".to_owned());
        let known = Session { address: address.clone(), ..open() }.evolve(&of("a", "x"));
        assert_eq!((&known.open, &known.address), (&None, &None), "learned with who knows which settings");
        let known = Session { last_wanted: true, address, open: Some("2".into()), ..known };
        assert_eq!(known.clone().evolve(&of("a", "x")), known, "the same settings change nothing");
        let moved = known.clone().evolve(&of("b", "x"));
        assert_eq!((moved.open.as_deref(), &moved.address), (Some("2"), &None), "the same login elsewhere");
        let changed = known.evolve(&of("b", "y"));
        assert_eq!((changed.open.as_deref(), changed.last_wanted), (None, true), "another login");
        let asked = Session { last_wanted: true, ..Session::default() };
        assert_eq!(changed.evolve(&TerminalFact::Retired), asked, "asked first when it comes back");
        let named = open().evolve(&TerminalFact::LastAsked { named: vec![Reference("7".to_owned())] });
        assert_eq!(named.clone().evolve(&of("b", "y")).last_named, []);
        assert!(named.evolve(&of("b", "y")).last_wanted, "who named it may be another device");
    }

    #[test]
    fn a_login_without_an_answer_ends_the_known_session() {
        let session = open().evolve(&TerminalFact::SessionOpening);
        assert_eq!(session.open, None);
        assert!(session.opening);
    }
}
