//! Voids and refunds: orders that need no customer (dossier sections 2.8 and 2.12).

use wire::ecrhub::{Status, TransType};

use super::core::{Core, decimals};
use super::entry::Entry;
use super::settings::Settings;
use super::speech::{Reply, business};
use crate::bank::Kind;

impl Core {
    pub(super) fn void(&mut self, mut void: Entry) -> Reply {
        let number = void.original.clone().unwrap_or_default();
        let found = self.find(&number).filter(|entry| !entry.foreign);
        let Some(mut original) =
            found.filter(|entry| entry.does() == Some(TransType::Sale) || entry.cash > 0)
        else {
            return self.refused(void, "ET002", "can't find original");
        };
        if original.settled && original.stands() {
            return self.refused(void, "119", "Already settled");
        }
        if !original.stands() || original.refunded > 0 {
            return self.refused(void, "106", "Already voided");
        }
        let now = self.now();
        let is_done = original.bank.is_some_and(|id| self.bank.reverse(id, now, Some(&void.number)));
        if !is_done {
            return self.refused(void, "106", "Already voided");
        }
        original.status = Status::Cancelled.number().to_owned();
        self.keep(original);
        void.status = Status::Successful.number().to_owned();
        self.finished(void)
    }

    pub(super) fn refund(&mut self, mut refund: Entry) -> Reply {
        let number = refund.original.clone().unwrap_or_default();
        let found = self.find(&number).filter(|entry| !entry.foreign);
        let Some(mut original) =
            found.filter(|entry| entry.does() == Some(TransType::Sale) || entry.cash > 0)
        else {
            return self.refused(refund, "ET003", "can't find original");
        };
        if !original.stands() {
            return self.refused(refund, "106", "Already voided");
        }
        if self.settings.refunds_settled_only && !original.settled {
            return self.refused(refund, "D0005", "Not settled yet");
        }
        let left = original.total() - original.refunded;
        if refund.minor > left {
            return self.refused(refund, "E04126", "More than is left");
        }
        if refund.minor != original.total() && !self.settings.refunds_parts {
            return self.refused(refund, "E04132", "No partial refunds");
        }
        let Settings { serial, merchant, .. } = self.settings.clone();
        refund.status = Status::Successful.number().to_owned();
        refund.book(&self.bank, &serial, &merchant, Kind::Refund, self.now());
        original.refunded += refund.minor;
        self.keep(original);
        self.finished(refund)
    }

    fn finished(&mut self, mut entry: Entry) -> Reply {
        entry.code.clone_from(&self.settings.success);
        entry.words = "SUCCESS".to_owned();
        let fields = business(&entry, decimals(&entry.currency));
        let reply = Reply { business: fields, ..Reply::plain(&entry.code, &entry.words) };
        self.keep(entry);
        reply
    }

    fn refused(&mut self, mut entry: Entry, code: &str, words: &str) -> Reply {
        entry.status = Status::Failed.number().to_owned();
        (entry.code, entry.words) = (code.to_owned(), words.to_owned());
        let fields = business(&entry, decimals(&entry.currency));
        self.keep(entry);
        Reply { business: fields, ..Reply::plain(code, words) }
    }
}
