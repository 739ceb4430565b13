//! State, fact → state. Replaying a journal and living through it give the same state.

use super::{Attention, AttentionEnd, Closing, Payment, PaymentFact, Stage, Verdict};
use crate::operation::Sent;
use crate::outcome::{Outcome, Reason, Said};
use jiff::Timestamp;

impl Payment {
    /// Applies one fact that was written at this time.
    #[must_use]
    pub fn evolve(mut self, fact: &PaymentFact, at: Timestamp) -> Self {
        self.changed_at = at;
        match fact {
            PaymentFact::Intended { .. } | PaymentFact::DisplayShown { .. } => {}
            PaymentFact::ReferenceReserved { reference, step, session } => self.sent.push(Sent {
                reference: reference.clone(),
                step: *step,
                session: session.clone(),
                at,
                not_started: false,
            }),
            PaymentFact::ReferenceNotStarted { reference } => {
                for sent in self.sent.iter_mut().filter(|sent| sent.reference == *reference) {
                    sent.not_started = true;
                }
            }
            PaymentFact::EvidenceNoted { evidence } => self.evidence.merge(evidence),
            PaymentFact::AbortAsked => self.abort_asked = true,
            PaymentFact::PromptOpened { prompt } => self.prompt = Some(prompt.clone()),
            PaymentFact::PromptAnswered { prompt, answer } => self.answered(*prompt, answer),
            PaymentFact::OutcomeMismatched { outcome, mismatch } => {
                self.approval_mismatched |= outcome.said.moved_money();
                self.mismatches += 1;
                self.mismatch.clone_from(mismatch);
            }
            PaymentFact::BecameUnknown { reason, .. } => {
                self.was_unknown = true;
                self.leave_running(Stage::Unknown(reason.clone()));
            }
            PaymentFact::BecameDisputed { reason } => self.leave_running(Stage::Disputed(reason.clone())),
            PaymentFact::SignatureAwaited { outcome } => {
                self.take(outcome);
                self.leave_running(Stage::AwaitSignature);
            }
            PaymentFact::SignatureChecked { good } => {
                self.prompt = None;
                if !good {
                    self.signature_refused = true;
                    self.stage = Stage::Reversing(None);
                }
            }
            PaymentFact::ReversalLinked { reversal } => self.stage = Stage::Reversing(Some(*reversal)),
            PaymentFact::SignatureReopened => {
                self.signature_refused = false;
                self.stage = Stage::AwaitSignature;
            }
            PaymentFact::Settled { closing, outcome } => {
                if let Some(outcome) = outcome {
                    self.take(outcome);
                }
                self.leave_running(Stage::Closed(closing.clone()));
            }
            PaymentFact::DecidedByHand { decision } => self.by_hand = Some(decision.clone()),
            PaymentFact::AttentionRaised { outcome } => {
                self.attention = Some(Attention { outcome: outcome.without_receipts(), giving_back: None });
            }
            PaymentFact::GiveBackLinked { operation } => {
                if let Some(attention) = &mut self.attention {
                    attention.giving_back = Some(*operation);
                }
            }
            PaymentFact::AttentionSettled { end } => self.settle_attention(*end),
        }
        self
    }

    fn leave_running(&mut self, stage: Stage) {
        self.stage = stage;
        self.prompt = None;
    }

    fn take(&mut self, outcome: &Outcome) {
        self.evidence.merge(&outcome.evidence);
        self.outcome = Some(outcome.without_receipts());
    }

    fn answered(&mut self, prompt: crate::ids::PromptId, answer: &crate::prompt::Answer) {
        use crate::prompt::{Answer, Question};
        let Some(open) = self.prompt.take_if(|open| open.id == prompt) else { return };
        if open.question == Question::Signature {
            // Asked twice, the newest answer counts; no dialogue is no answer.
            match answer {
                Answer::Yes => self.signature_refused = false,
                Answer::No => self.signature_refused = true,
                Answer::Typed(_) | Answer::Chosen(_) | Answer::NoDialogue => {}
            }
        }
    }

    fn settle_attention(&mut self, end: AttentionEnd) {
        let Some(attention) = self.attention.take() else { return };
        if end == AttentionEnd::GivenBack {
            // The approval was real and was undone: it counts, and so does what undid it.
            self.take(&attention.outcome);
            return;
        }
        let verdict = match attention.outcome.said {
            Said::Approved => Verdict::Approved,
            Said::Partial => Verdict::Partial,
            Said::Declined => Verdict::Declined,
            Said::Cancelled => Verdict::Cancelled,
        };
        let by = super::Closer::Provider;
        self.take(&attention.outcome);
        self.stage =
            Stage::Closed(Closing { verdict, by, reason: Some(Reason::ByHand), detail: None, late: true });
    }
}
