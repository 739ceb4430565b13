//! The one place that changes state.

use super::drive::Flushing;
use super::{Actor, papers};
use crate::api::{Problem, ProblemCode};
use crate::limits;
use domain::ids::OperationId;
use domain::journal::Fact;
use domain::payment::{Event, Mono};
use store::Record;

impl Actor {
    /// Decides what an event means for one payment and makes it so.
    pub(super) async fn happen(&mut self, id: OperationId, event: Event) -> Result<(), Problem> {
        self.happen_with(id, event, Vec::new()).await
    }

    /// A record made now.
    pub(super) fn record(&self, fact: Fact) -> Record {
        Record { at: self.clock.now(), fact, texts: Vec::new() }
    }

    /// The one place that changes state: facts go to the journal, then into the state, then to the view.
    pub(super) async fn commit(&mut self, records: Vec<Record>) -> Result<(), Problem> {
        if records.is_empty() {
            return Ok(());
        }
        let now = self.clock.mono();
        let (mut records, mut sheets) = (records, Vec::new());
        for (record, sheet) in self.papers_with(&records).await {
            records.push(record);
            sheets.push(sheet);
        }
        if records.iter().any(|record| record.fact.must_be_durable()) {
            let appended = self.store.append(&records).await;
            appended.map_err(|error| self.store_trouble(&error))?;
            self.flush_at = None;
            if self.flushing == Flushing::Alone {
                self.flushing = Flushing::Overtaken;
            }
            self.clear_store_trouble();
        } else {
            self.store.buffer(records.clone());
            self.flush_at = self.flush_at.or(Some(now.saturating_add(limits::FLUSH)));
        }
        self.idle_at = Some(now.saturating_add(limits::IDLE));
        for record in &records {
            self.apply(record, now);
        }
        if records.iter().any(|record| papers::opens_drawer(&record.fact)) {
            self.kick_drawer();
        }
        for sheet in sheets {
            Box::pin(self.queue_up(sheet, None)).await;
        }
        self.dirty = true;
        Ok(())
    }

    pub(super) fn apply(&mut self, record: &Record, now: Mono) {
        if let Fact::Terminal { terminal, fact } = &record.fact
            && let Some(slot) = self.fleet.slots.get_mut(terminal)
        {
            slot.session = std::mem::take(&mut slot.session).evolve(fact);
        }
        self.note_name(record);
        self.state.apply(&record.fact, record.at, now);
    }

    pub(super) fn store_trouble(&mut self, error: &store::StoreError) -> Problem {
        tracing::error!(%error, "the journal cannot be written");
        let problem = crate::folder::problem(error);
        if !self.problems.iter().any(|known| known.code == problem.code) {
            self.problems.push(problem.clone());
        }
        self.dirty = true;
        problem
    }

    pub(super) fn clear_store_trouble(&mut self) {
        let of_store = |problem: &Problem| {
            matches!(problem.code, ProblemCode::DiskFull | ProblemCode::ReadOnly | ProblemCode::StoreBroken)
        };
        self.problems.retain(|problem| !of_store(problem));
    }
}
