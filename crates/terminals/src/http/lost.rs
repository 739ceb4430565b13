//! What a failed exchange says about the request, in the words of every driver.
//!
//! Invariant: only [`HttpFault::NotSent`] yields "not sent".

use super::{Cause, HttpFault};
use domain::outcome::{Fault, Reason};
use std::time::Duration;

/// What a failed exchange says about the request.
pub(crate) fn lost(fault: &HttpFault) -> Fault {
    let detail = fault.to_string();
    match fault {
        HttpFault::NotSent { cause } => {
            let reason = match cause {
                Cause::Name(_) => Reason::NameNotResolved,
                Cause::Refused => Reason::ConnectionRefused,
                Cause::ConnectTimeout => Reason::ConnectTimeout,
                Cause::Unreachable(_)
                | Cause::BadUrl(_)
                | Cause::BadHeader(_)
                | Cause::Broken(_)
                | Cause::Timeout
                | Cause::TooLarge
                | Cause::Undecodable(_)
                | Cause::Other(_) => Reason::NotSent,
            };
            Fault::not_sent(reason, detail)
        }
        HttpFault::MaybeSent { cause } => {
            let reason = match cause {
                Cause::Timeout => Reason::DeadlinePassed,
                Cause::TooLarge | Cause::Undecodable(_) => Reason::AnswerUnreadable,
                Cause::Name(_)
                | Cause::Refused
                | Cause::Unreachable(_)
                | Cause::ConnectTimeout
                | Cause::BadUrl(_)
                | Cause::BadHeader(_)
                | Cause::Broken(_)
                | Cause::Other(_) => Reason::AnswerLost,
            };
            Fault::unknown(reason, detail)
        }
    }
}

/// A time as requests have it.
pub(crate) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
