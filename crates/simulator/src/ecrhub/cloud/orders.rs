//! What a request does: orders are stored and pushed, and looked up.
//!
//! Dossier sections 5.7 and 5.12. Invariant: the reply to an order says that it was stored, never what became
//! of it.

use jiff::SignedDuration;
use wire::ecrhub::{Decimal, Message, Status, Topic, TransType};

use super::speech::{Asked, Odd, Said};
use crate::ecrhub::convention::{Course, Wrong};
use crate::ecrhub::core::{Core, Did, decimals};
use crate::ecrhub::entry::Entry;
use crate::ecrhub::speech::Reply;
use crate::script::{Action, Delivery};

/// First number of a push less one.
const PUSHES: u64 = 9_000_000;

/// What became of an order that was posted.
pub enum Pushed {
    /// It never arrived.
    Nothing,
    /// It was not taken.
    Refused(Said),
    /// It is on the terminal.
    Taken(Said, Attended),
}

/// Who is to pay it.
pub struct Attended {
    pub number: String,
    /// A customer who takes so long, where one is asked for; nothing in it: as long as customers do.
    pub wait_ms: Option<Option<u64>>,
}

impl Core {
    /// Stores an order and pushes it.
    pub(super) fn push(&mut self, asked: &Asked, message: &Message, actions: &[Action]) -> Pushed {
        let record = message.record();
        let number = record.number.clone().unwrap_or_default();
        if self.find(&number).is_some() {
            return Pushed::Refused(Said::refused("E04112", "order number already used"));
        }
        let rejects = asked.of("reject_trade_when_terminal_offline") == Some("true");
        if self.settings.gateway.is_offline && rejects {
            return Pushed::Refused(Said::refused("E09001", "terminal offline"));
        }
        let url = asked.of("notify_url").map(str::to_owned);
        let entry = self.entry(message, &record);
        let (total, kind) = (entry.minor + entry.cash, entry.does());
        let taken = match kind {
            Some(TransType::Void) => {
                self.void(entry);
                Attended { number: number.clone(), wait_ms: None }
            }
            Some(TransType::Refund) => {
                self.refund(entry);
                Attended { number: number.clone(), wait_ms: None }
            }
            Some(TransType::Sale | TransType::CashBack) => match self.sale(entry, message, actions) {
                Did::Answers(reply) if reply.delivery == Some(Delivery::Cut) => return Pushed::Nothing,
                Did::Answers(reply) => return Pushed::Refused(refusal(&reply)),
                Did::Begins(begun) => {
                    self.memory.courses.insert(number.clone(), begun.course);
                    Attended { number: number.clone(), wait_ms: Some(begun.wait_ms) }
                }
            },
            Some(
                TransType::PreAuthorisation
                | TransType::PreAuthorisationCancel
                | TransType::Completion
                | TransType::CompletionCancel
                | TransType::CompletionRefund,
            )
            | None => return Pushed::Refused(Said::refused("E04101", "trans_type is not offered")),
        };
        self.memory.notify.extend(
            url.and_then(|url| path_of(&url))
                .or_else(|| self.settings.gateway.notify_path.clone())
                .map(|path| (number.clone(), path)),
        );
        Pushed::Taken(self.stored(&number, total), taken)
    }

    /// What is told of an order that was stored.
    fn stored(&mut self, number: &str, total: i64) -> Said {
        let Some(entry) = self.find(number) else { return Said::refused("999", "System error") };
        let amount = Decimal::from_minor(entry.minor + entry.cash, decimals(&entry.currency));
        let mut reply = Reply::plain("0", "success");
        let push = PUSHES + self.memory.exchanges;
        reply.business = vec![
            ("message_id", push.to_string()),
            ("trans_no", entry.trans_no.clone()),
            ("terminal_online_status", "1".to_owned()),
            ("trans_amount", amount.map(|it| it.shortest()).unwrap_or_default()),
            // Not told, but for what lies are remembered by.
            ("merchant_order_no", entry.number.clone()),
        ];
        let course = self.memory.courses.get(number).cloned().unwrap_or_default();
        reply.delivery = course.delivery.filter(|_| self.settings.convention);
        if course.answers.is_some_and(|(code, _)| code == "999") {
            // An error, although it was stored.
            return Said::refused("999", "System error");
        }
        let odd = match total % 100 {
            73 => Some(Odd::Unsigned),
            74 => Some(Odd::BadlySigned),
            75 => Some(Odd::BrokenData),
            _ => None,
        };
        let tells = Some(&["message_id", "trans_no", "terminal_online_status", "trans_amount"][..]);
        Said { reply, tells, odd: odd.filter(|_| self.settings.convention) }
    }

    /// A query, a close, or the end of a batch.
    pub(super) fn look(&mut self, message: &Message) -> Said {
        let number = message.record().number.unwrap_or_default();
        let is_query = message.topic == Topic::Query;
        if is_query && self.is_behind(&number) {
            return Said::refused("E04111", "merchant order number invalid");
        }
        let Did::Answers(reply) = self.take(message, &[], None) else {
            return Said::refused("999", "System error");
        };
        if reply.code != self.settings.success {
            return refusal(&reply);
        }
        let mut said = Said::from(Reply { code: "0".to_owned(), words: "success".to_owned(), ..reply });
        if is_query {
            self.in_full(&mut said.reply);
            self.lie_once(&number, &mut said.reply);
        }
        said
    }

    /// The gateway has not written down yet what it has taken.
    fn is_behind(&self, number: &str) -> bool {
        let lag = SignedDuration::from_millis(self.settings.gateway.lag_ms);
        self.find(number).is_some_and(|entry| self.now().duration_since(entry.created) < lag)
    }

    /// A terminal's record in the gateway's words (section 5.7.3).
    fn in_full(&self, reply: &mut Reply) {
        let Some(entry) = reply.number().and_then(|number| self.find(&number)) else { return };
        let is_hidden = !reply.business.iter().any(|(name, _)| *name == "trans_no");
        reply.business.retain(|(name, _)| *name != "auth_code");
        for (name, value) in &mut reply.business {
            match *name {
                "card_no" => *name = "pay_user_account_id",
                "entry_mode" => *name = "entry_model",
                "trans_status" if self.settings.gateway.stays_open && is_late(&entry) => {
                    *value = Status::Waiting.number().to_owned();
                }
                _ => {}
            }
        }
        reply.say("store_no", &self.settings.gateway.store);
        reply.say("terminal_sn", &self.settings.serial);
        if !is_hidden && entry.stands() {
            let total = Decimal::from_minor(entry.total(), decimals(&entry.currency));
            reply.say("trans_amount", &total.map(|it| it.shortest()).unwrap_or_default());
            reply.say("trans_end_time", &self.local());
        }
        reply.business.retain(|(_, value)| !value.is_empty());
    }

    /// The amount's convention: the first query that would tell how it ended tells something else.
    fn lie_once(&mut self, number: &str, reply: &mut Reply) {
        let is_final = self.find(number).is_some_and(|entry| entry.fate.is_none());
        let wrong = self.memory.courses.get(number).and_then(|course: &Course| course.wrong);
        if !is_final || !self.settings.convention || wrong.is_none() {
            return;
        }
        if !self.memory.lied.insert(number.to_owned()) {
            return;
        }
        match wrong {
            Some(Wrong::Number) => reply.say("merchant_order_no", "SOMEBODYELSES"),
            Some(Wrong::Amount) => reply.say("order_amount", "999"),
            Some(Wrong::Currency) => reply.say("price_currency", "THB"),
            Some(Wrong::Kind) => reply.say("trans_type", "3"),
            Some(Wrong::NoState) => reply.business.retain(|(name, _)| *name != "trans_status"),
            Some(Wrong::State("0")) => reply.say("trans_status", "0"),
            // A state that is signed and final is believed; an older order's answer is none to a query.
            Some(Wrong::State(_) | Wrong::StrayFirst) | None => {}
        }
    }
}

/// Nobody came.
fn is_late(entry: &Entry) -> bool {
    entry.state() == Status::Failed && entry.code == "111"
}

/// A terminal's refusal in the gateway's words.
fn refusal(reply: &Reply) -> Said {
    match (reply.code.as_str(), reply.words.as_str()) {
        ("104", _) => Said::refused("E04111", "merchant order number invalid"),
        ("113", "Duplicate order") => Said::refused("E04112", "order number already used"),
        ("113", _) => Said::refused("E09001", "terminal offline"),
        ("106", words) if words.contains("M009") => {
            Said::refused("E07303", "the method is not authorised for this app_id")
        }
        ("106", "The order cannot be closed") => Said::refused("E04115", "the order is not waiting"),
        (code, words) => Said::refused(code, words),
    }
}

/// The path of an address.
fn path_of(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    Some(rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/").to_owned())
}
