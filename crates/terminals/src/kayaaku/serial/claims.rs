//! Who waits for the result of which payment.
//!
//! Invariant: a result is handed to whoever waits for the payment that it names, and to nobody else; one
//! that nobody has read when the waiting ends is told like any other that nobody waits for.

use crate::limits::kayaaku_serial as limits;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, mpsc};
use wire::kayaaku::serial::PaymentResult;

/// Results by the payment that they name, for whoever waits.
#[derive(Debug, Default)]
pub(super) struct Claims {
    waiting: Mutex<BTreeMap<String, mpsc::Sender<PaymentResult>>>,
    unread: Mutex<Vec<PaymentResult>>,
    changed: Notify,
}

/// Somebody waits for the result of one payment.
#[derive(Debug)]
pub(super) struct Claim {
    claims: Arc<Claims>,
    mrn: String,
    results: mpsc::Receiver<PaymentResult>,
}

impl Claim {
    /// The next result; nothing where the line has ended.
    pub async fn result(&mut self) -> Option<PaymentResult> {
        self.results.recv().await
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.claims.all().remove(&self.mrn);
        // From here on nothing is handed over, so this is all of it.
        while let Ok(result) = self.results.try_recv() {
            self.claims.unread.lock().unwrap_or_else(PoisonError::into_inner).push(result);
        }
        self.claims.changed.notify_one();
    }
}

impl Claims {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, mpsc::Sender<PaymentResult>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Results of this payment from now on; the end of them where the line ends.
    pub fn claim(self: &Arc<Self>, mrn: &str) -> Claim {
        let (to, results) = mpsc::channel(limits::RESULTS);
        self.all().insert(mrn.to_owned(), to);
        Claim { claims: Arc::clone(self), mrn: mrn.to_owned(), results }
    }

    /// Returns when somebody has stopped waiting.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Results that were handed over and not read.
    pub fn unread(&self) -> Vec<PaymentResult> {
        std::mem::take(&mut *self.unread.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The payment that somebody waits for, where there is one.
    pub fn running(&self) -> Option<String> {
        self.all().keys().next().cloned()
    }

    /// Hands a result on; false where nobody waits for it.
    pub fn take(&self, result: &PaymentResult) -> bool {
        self.all().get(&result.mrn).is_some_and(|to| to.try_send(result.clone()).is_ok())
    }

    /// The line has ended: nobody waits in vain.
    pub fn end(&self) {
        self.all().clear();
    }
}
