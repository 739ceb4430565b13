//! The connection checks of late, by id: several may look at one, and each of them sees its steps.
//!
//! Invariant: at most [`limits::CHECKS`] are remembered.

use crate::api::Problem;
use crate::doctor::{Checking, Step};
use crate::limits;
use domain::ids::CommandId;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// How one check goes.
#[derive(Clone, Debug)]
pub(crate) struct Progress {
    /// Its steps so far.
    pub steps: watch::Sender<Checking>,
    /// How it ended.
    pub ended: watch::Sender<Option<Result<Vec<Step>, Problem>>>,
}

#[derive(Debug)]
struct Known {
    id: CommandId,
    progress: Progress,
    begun: bool,
}

/// See the module. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Checks {
    known: Arc<Mutex<VecDeque<Known>>>,
}

impl Checks {
    /// The check of this id, and whether it is to begin now.
    pub(crate) fn of(&self, id: CommandId) -> (Progress, bool) {
        self.find(id, |known| (known.progress.clone(), !std::mem::replace(&mut known.begun, true)))
    }
    /// The same for somebody who only looks; whoever begins it may come later.
    pub(crate) fn seen(&self, id: CommandId) -> Progress {
        self.find(id, |known| known.progress.clone())
    }
    fn find<T>(&self, id: CommandId, look: impl FnOnce(&mut Known) -> T) -> T {
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.iter_mut().find(|known| known.id == id) {
            return look(known);
        }
        if all.len() >= limits::CHECKS {
            all.pop_front();
        }
        let progress = Progress { steps: watch::Sender::default(), ended: watch::Sender::default() };
        let mut new = Known { id, progress, begun: false };
        let told = look(&mut new);
        all.push_back(new);
        told
    }
}
