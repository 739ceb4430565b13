//! The newest commands and what was answered to them, so that a resend is harmless.

use crate::api::{Accepted, Problem};
use crate::limits;
use domain::ids::CommandId;
use std::collections::{BTreeMap, VecDeque};

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Answered {
    answers: BTreeMap<CommandId, Result<Accepted, Problem>>,
    /// Oldest first.
    order: VecDeque<CommandId>,
}

impl Answered {
    pub(super) fn get(&self, id: CommandId) -> Option<&Result<Accepted, Problem>> {
        self.answers.get(&id)
    }

    pub(super) fn remember(&mut self, id: CommandId, answer: Result<Accepted, Problem>) {
        self.answers.insert(id, answer);
        self.order.push_back(id);
        if self.order.len() > limits::COMMANDS_REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.answers.remove(&oldest);
        }
    }
}
