//! State, event → facts. The only place where facts about payments are made.

use super::{
    AttentionEnd, ByHand, Closer, Closing, Event, Match, Mismatch, Payment, PaymentFact, Source, Stage,
    Verdict, matching,
};
use crate::ids::{PromptId, Reference};
use crate::operation::Kind;
use crate::outcome::{Certainty, Fault, Fence, Outcome, Reason, Recovered, Signature};
use crate::prompt::{Answer, Question};

/// What deciding needs to know beside the payment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// How far the provider's clock is ahead of the till's, as measured at log-in, milliseconds.
    pub skew_ms: Option<i64>,
}

/// Why an event is refused. Nothing changes then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The payment is not at a stage where this can happen.
    #[error("the payment is not at a stage where this is possible")]
    WrongStage,
    /// The reference is already in the journal for this payment (R12).
    #[error("the reference is already in use")]
    ReferenceUsed,
    /// A question is open: it must be answered first (R9).
    #[error("a question is open and must be answered first")]
    PromptOpen,
    /// The answer is to a question that is not open (R9).
    #[error("that question is not open any more")]
    StalePrompt,
    /// The answer is not one the question accepts.
    #[error("that is not an answer to the question")]
    NotAnAnswer,
    /// A decision "approved" needs the provider's reference.
    #[error("the provider's reference is needed")]
    ReferenceNeeded,
}

type Facts = Result<Vec<PaymentFact>, Refusal>;

/// The facts that follow from an event. No facts: the event changes nothing (a repeat, a late agreement).
pub fn decide(payment: &Payment, event: Event, context: &Context) -> Facts {
    match event {
        Event::Reserve { reference, step, session } => {
            running(payment)?;
            if payment.sent.iter().any(|sent| sent.reference == reference) {
                return Err(Refusal::ReferenceUsed);
            }
            Ok(vec![PaymentFact::ReferenceReserved { reference, step, session }])
        }
        Event::NotStarted(reference) => not_started(payment, reference),
        Event::Note(evidence) => Ok(vec![PaymentFact::EvidenceNoted { evidence }]),
        Event::Show(text) => Ok(vec![PaymentFact::DisplayShown { text }]),
        Event::AbortAsked => abort(payment),
        Event::PromptOpened(prompt) => match payment.stage {
            Stage::Running | Stage::AwaitSignature if payment.prompt.is_none() => {
                Ok(vec![PaymentFact::PromptOpened { prompt }])
            }
            Stage::Running | Stage::AwaitSignature => Err(Refusal::PromptOpen),
            Stage::Reversing(_) | Stage::Unknown(_) | Stage::Disputed(_) | Stage::Closed(_) => {
                Err(Refusal::WrongStage)
            }
        },
        Event::PromptAnswered(id, answer) => answered(payment, id, answer),
        Event::Outcome(outcome, source) => Ok(told(payment, &outcome, source, context)),
        Event::Failed(fault) => Ok(failed(payment, fault)),
        Event::Dropped(reason) => Ok(dropped(payment, reason)),
        Event::Restarted => Ok(restarted(payment)),
        Event::Recovered { found, settled } => Ok(recovered(payment, found, settled, context)),
        Event::GiveUp(reason) => match payment.stage {
            Stage::Unknown(_) => Ok(vec![PaymentFact::BecameDisputed { reason }]),
            Stage::Running
            | Stage::AwaitSignature
            | Stage::Reversing(_)
            | Stage::Disputed(_)
            | Stage::Closed(_) => Err(Refusal::WrongStage),
        },
        Event::ReversalIntended(reversal) => {
            let waits = payment.stage == Stage::Reversing(None);
            if waits {
                Ok(vec![PaymentFact::ReversalLinked { reversal }])
            } else {
                Err(Refusal::WrongStage)
            }
        }
        Event::ReversalClosed(verdict) => reversal_closed(payment, verdict),
        Event::Decide(decision) => by_hand(payment, decision),
        Event::AcceptLate => accept_late(payment),
        Event::GiveBack(operation) => {
            let waits = payment.attention.as_ref().is_some_and(|attention| attention.giving_back.is_none());
            if waits && payment.late_approval().is_some() {
                Ok(vec![PaymentFact::GiveBackLinked { operation }])
            } else {
                Err(Refusal::WrongStage)
            }
        }
        Event::GivenBack(verdict) => given_back(payment, verdict),
    }
}

fn running(payment: &Payment) -> Result<(), Refusal> {
    if payment.stage == Stage::Running { Ok(()) } else { Err(Refusal::WrongStage) }
}

fn not_started(payment: &Payment, reference: Reference) -> Facts {
    running(payment)?;
    if !payment.sent.iter().any(|sent| sent.reference == reference) {
        return Err(Refusal::WrongStage);
    }
    Ok(vec![PaymentFact::ReferenceNotStarted { reference }])
}

fn abort(payment: &Payment) -> Facts {
    match payment.stage {
        // A payment nobody can tell about may still wait for its customer at the terminal.
        Stage::Running | Stage::Unknown(_) | Stage::Disputed(_) => {}
        Stage::AwaitSignature | Stage::Reversing(_) | Stage::Closed(_) => return Err(Refusal::WrongStage),
    }
    if payment.prompt.is_some() {
        return Err(Refusal::PromptOpen);
    }
    Ok(vec![PaymentFact::AbortAsked])
}

fn answered(payment: &Payment, id: PromptId, answer: Answer) -> Facts {
    let open = payment.prompt.as_ref().filter(|open| open.id == id).ok_or(Refusal::StalePrompt)?;
    if !open.question.accepts(&answer) {
        return Err(Refusal::NotAnAnswer);
    }
    let is_ours = payment.stage == Stage::AwaitSignature && open.question == Question::Signature;
    let good = match &answer {
        Answer::Yes => is_ours.then_some(true),
        Answer::No => is_ours.then_some(false),
        Answer::Typed(_) | Answer::Chosen(_) | Answer::NoDialogue => None,
    };
    let mut facts = vec![PaymentFact::PromptAnswered { prompt: id, answer: answer.masked() }];
    if let Some(good) = good {
        facts.push(PaymentFact::SignatureChecked { good });
        if good {
            facts.push(settled(verdict_of_signed(payment), None, None, payment.was_unknown));
        }
    }
    Ok(facts)
}

fn verdict_of_signed(payment: &Payment) -> Verdict {
    use crate::outcome::Said;
    match payment.outcome.as_ref().map(|outcome| outcome.said) {
        Some(Said::Partial) => Verdict::Partial,
        Some(Said::Approved | Said::Declined | Said::Cancelled) | None => Verdict::Approved,
    }
}

fn settled(verdict: Verdict, reason: Option<Reason>, outcome: Option<&Outcome>, late: bool) -> PaymentFact {
    let detail = outcome.and_then(|outcome| outcome.detail.clone());
    PaymentFact::Settled {
        closing: Closing { verdict, by: Closer::Provider, reason, detail, late },
        outcome: outcome.map(|outcome| Box::new(outcome.without_receipts())),
    }
}

fn told(payment: &Payment, outcome: &Outcome, source: Source, context: &Context) -> Vec<PaymentFact> {
    match matching(payment, outcome, context.skew_ms) {
        Match::Foreign(mismatch) => mismatched(payment, outcome, mismatch, source),
        Match::Ours(verdict) => matched(payment, outcome, verdict),
    }
}

fn mismatched(
    payment: &Payment,
    outcome: &Outcome,
    mismatch: Vec<Mismatch>,
    source: Source,
) -> Vec<PaymentFact> {
    let repeated = payment.mismatches > 0 && payment.mismatch == mismatch;
    let outcome = Box::new(outcome.without_receipts());
    let recorded = PaymentFact::OutcomeMismatched { outcome, mismatch };
    match (&payment.stage, source) {
        (Stage::Running, _) => {
            let (reason, detail) = (Reason::Mismatch, "the answer does not match the request".to_owned());
            vec![recorded, PaymentFact::BecameUnknown { reason, detail }]
        }
        (Stage::Unknown(_), Source::Enquired) if repeated => {
            vec![recorded, PaymentFact::BecameDisputed { reason: Reason::Mismatch }]
        }
        // A background enquiry repeats the same mismatch for days: once in the journal is enough.
        (Stage::Disputed(_) | Stage::Closed(_), _) if repeated => Vec::new(),
        (Stage::Unknown(_) | Stage::Disputed(_) | Stage::Closed(_), _)
        | (Stage::AwaitSignature | Stage::Reversing(_), _) => vec![recorded],
    }
}

fn matched(payment: &Payment, outcome: &Outcome, verdict: Verdict) -> Vec<PaymentFact> {
    match &payment.stage {
        Stage::Running | Stage::Unknown(_) | Stage::Disputed(_) => {
            let late = payment.was_unknown || (payment.abort_asked && verdict.moved_money());
            let can_be_undone = payment.operation.kind != Kind::Reversal;
            if verdict.moved_money() && outcome.signature == Signature::Ours && can_be_undone {
                return vec![PaymentFact::SignatureAwaited {
                    outcome: Box::new(outcome.without_receipts()),
                }];
            }
            if payment.signature_refused && !verdict.moved_money() {
                let reason = Some(Reason::SignatureRefused);
                return vec![settled(Verdict::Cancelled, reason, Some(outcome), late)];
            }
            vec![settled(verdict, outcome.reason.clone(), Some(outcome), late)]
        }
        Stage::AwaitSignature | Stage::Reversing(_) => {
            let agrees = payment.outcome.as_ref().is_some_and(|known| agree(payment, known, outcome));
            if agrees { Vec::new() } else { attention(payment, outcome) }
        }
        Stage::Closed(closing) => after_closing(payment, closing, outcome, verdict),
    }
}

fn after_closing(
    payment: &Payment,
    closing: &Closing,
    outcome: &Outcome,
    verdict: Verdict,
) -> Vec<PaymentFact> {
    if !closing.verdict.moved_money() && !verdict.moved_money() {
        // Nothing is kept and nothing was taken: also after an approval that was undone.
        return Vec::new();
    }
    let Some(known) = &payment.outcome else {
        let agrees =
            closing.verdict == verdict && payment.approved_by(outcome) == payment.operation.requested;
        if !agrees {
            return attention(payment, outcome);
        }
        return ids_that_are_news(payment, outcome);
    };
    if agree(payment, known, outcome) {
        ids_that_are_news(payment, outcome)
    } else {
        attention(payment, outcome)
    }
}

/// The provider confirms what is known: its ids are needed to give the money back some day.
fn ids_that_are_news(payment: &Payment, outcome: &Outcome) -> Vec<PaymentFact> {
    let mut evidence = payment.evidence.clone();
    evidence.merge(&outcome.evidence);
    let is_news = outcome.said.moved_money() && evidence != payment.evidence;
    is_news.then_some(PaymentFact::EvidenceNoted { evidence }).into_iter().collect()
}

fn agree(payment: &Payment, known: &Outcome, new: &Outcome) -> bool {
    match (known.said.moved_money(), new.said.moved_money()) {
        (true, true) => known.said == new.said && payment.approved_by(known) == payment.approved_by(new),
        (false, false) => true,
        (true, false) | (false, true) => false,
    }
}

fn attention(payment: &Payment, outcome: &Outcome) -> Vec<PaymentFact> {
    let open = payment.attention.as_ref();
    if open.is_some_and(|open| agree(payment, &open.outcome, outcome)) {
        return Vec::new();
    }
    let raised = PaymentFact::AttentionRaised { outcome: Box::new(outcome.without_receipts()) };
    // What is being given back goes on being given back.
    let link = open.and_then(|open| open.giving_back);
    let linked = link.map(|operation| PaymentFact::GiveBackLinked { operation });
    [raised].into_iter().chain(linked).collect()
}

fn not_charged(by: Closer, reason: Reason, detail: Option<String>, late: bool) -> PaymentFact {
    let closing = Closing { verdict: Verdict::NotCharged, by, reason: Some(reason), detail, late };
    PaymentFact::Settled { closing, outcome: None }
}

fn failed(payment: &Payment, fault: Fault) -> Vec<PaymentFact> {
    if payment.stage != Stage::Running {
        return Vec::new();
    }
    let Fault { certainty, reason, detail } = fault;
    if reason == Reason::ReferenceInUse && certainty != Certainty::NotSent {
        // R12: whether it is our own lost request or somebody else's cannot be told; it is never adopted.
        let disputed = PaymentFact::BecameDisputed { reason: reason.clone() };
        return vec![PaymentFact::BecameUnknown { reason, detail }, disputed];
    }
    // A driver that says "not sent" after a request whose fate is open is not believed. It speaks of the
    // newest reference; when the reference itself did not reach the disk, of none that is known here.
    let has_no_reference = certainty == Certainty::NotSent && reason == Reason::NotDurable;
    let spoken_of = usize::from(!has_no_reference);
    let all_accounted = payment.sent.iter().rev().skip(spoken_of).all(|sent| !sent.can_have_moved());
    let aborted = payment.abort_asked && certainty != Certainty::Unknown;
    let reason = if aborted && reason == Reason::Busy { Reason::Aborted } else { reason };
    match certainty {
        Certainty::NotSent if all_accounted => {
            vec![not_charged(Closer::NothingSent, reason, Some(detail), false)]
        }
        Certainty::Refused if all_accounted => {
            vec![not_charged(Closer::NotStarted, reason, Some(detail), false)]
        }
        Certainty::NotSent | Certainty::Refused | Certainty::Unknown => {
            vec![PaymentFact::BecameUnknown { reason, detail }]
        }
    }
}

fn dropped(payment: &Payment, reason: Reason) -> Vec<PaymentFact> {
    if payment.stage != Stage::Running {
        return Vec::new();
    }
    vec![PaymentFact::BecameUnknown { reason, detail: "the answer was not awaited to its end".to_owned() }]
}

fn restarted(payment: &Payment) -> Vec<PaymentFact> {
    match payment.stage {
        Stage::Running if payment.sent.iter().all(|sent| !sent.can_have_moved()) => {
            let detail = Some("the till stopped before a request was sent".to_owned());
            vec![not_charged(Closer::NothingSent, Reason::StoppedBeforeSending, detail, false)]
        }
        Stage::Running => {
            let detail = "the till was restarted while the payment ran".to_owned();
            vec![PaymentFact::BecameUnknown { reason: Reason::Restarted, detail }]
        }
        Stage::AwaitSignature => payment
            .prompt
            .as_ref()
            .map(|open| PaymentFact::PromptAnswered { prompt: open.id, answer: Answer::NoDialogue })
            .into_iter()
            .collect(),
        Stage::Reversing(_) | Stage::Unknown(_) | Stage::Disputed(_) | Stage::Closed(_) => Vec::new(),
    }
}

fn recovered(payment: &Payment, found: Recovered, is_settled: bool, context: &Context) -> Vec<PaymentFact> {
    if !payment.is_uncertain() {
        return match found {
            Recovered::Settled(outcome) => told(payment, &outcome, Source::Enquired, context),
            Recovered::StillRunning
            | Recovered::NotSeenYet
            | Recovered::NeverSeen(_)
            | Recovered::CannotTell
            | Recovered::SessionLost => Vec::new(),
        };
    }
    match found {
        Recovered::Settled(outcome) => told(payment, &outcome, Source::Enquired, context),
        Recovered::NeverSeen(fence) if is_settled && !was_answered(payment, &fence) => {
            let reason = if payment.abort_asked { Reason::Aborted } else { Reason::NeverSeen };
            vec![not_charged(Closer::Judged(fence), reason, None, true)]
        }
        Recovered::NeverSeen(_) | Recovered::CannotTell if is_settled => match payment.stage {
            Stage::Unknown(_) => vec![PaymentFact::BecameDisputed { reason: cannot_tell(payment) }],
            Stage::Running
            | Stage::AwaitSignature
            | Stage::Reversing(_)
            | Stage::Disputed(_)
            | Stage::Closed(_) => Vec::new(),
        },
        Recovered::StillRunning
        | Recovered::NotSeenYet
        | Recovered::NeverSeen(_)
        | Recovered::CannotTell
        | Recovered::SessionLost => Vec::new(),
    }
}

/// An approval in answer to the request, even under another name, says that the request was seen. Only a
/// cancel that the provider confirmed outdoes it.
fn was_answered(payment: &Payment, fence: &Fence) -> bool {
    payment.approval_mismatched && *fence != Fence::CancelConfirmed
}

fn cannot_tell(payment: &Payment) -> Reason {
    if payment.approval_mismatched { Reason::Mismatch } else { Reason::CannotTell }
}

fn reversal_closed(payment: &Payment, verdict: Verdict) -> Facts {
    let Stage::Reversing(Some(_)) = payment.stage else { return Err(Refusal::WrongStage) };
    Ok(vec![match verdict {
        Verdict::Approved => settled(Verdict::Cancelled, Some(Reason::SignatureRefused), None, false),
        // Where only part went back, the payment stands and that part is counted against it.
        Verdict::Partial | Verdict::Declined | Verdict::Cancelled => {
            settled(verdict_of_signed(payment), Some(Reason::ReversalFailed), None, false)
        }
        Verdict::NotCharged => PaymentFact::SignatureReopened,
    }])
}

fn by_hand(payment: &Payment, decision: ByHand) -> Facts {
    let Stage::Disputed(_) = payment.stage else { return Err(Refusal::WrongStage) };
    match decision.verdict {
        Verdict::Approved | Verdict::NotCharged => {}
        Verdict::Partial | Verdict::Declined | Verdict::Cancelled => return Err(Refusal::NotAnAnswer),
    }
    let typed = decision.provider_reference.as_deref().map(str::trim).unwrap_or_default();
    if decision.verdict.moved_money() && typed.is_empty() {
        return Err(Refusal::ReferenceNeeded);
    }
    let decision = ByHand { reason: crate::card::masked(&decision.reason), ..decision };
    let closing = Closing {
        verdict: decision.verdict,
        by: Closer::Person,
        reason: Some(Reason::ByHand),
        detail: Some(decision.reason.clone()),
        late: true,
    };
    Ok(vec![PaymentFact::DecidedByHand { decision }, PaymentFact::Settled { closing, outcome: None }])
}

fn accept_late(payment: &Payment) -> Facts {
    let waits = payment.attention.as_ref().is_some_and(|attention| attention.giving_back.is_none());
    // Only what is closed is changed by a person's word: before that its own end is still to come.
    if payment.is_open() || !waits {
        return Err(Refusal::WrongStage);
    }
    Ok(vec![PaymentFact::AttentionSettled { end: AttentionEnd::Accepted }])
}

fn given_back(payment: &Payment, verdict: Verdict) -> Facts {
    let given = payment.attention.as_ref().filter(|attention| attention.giving_back.is_some());
    let Some(attention) = given else { return Err(Refusal::WrongStage) };
    Ok(vec![match verdict {
        Verdict::Approved => PaymentFact::AttentionSettled { end: AttentionEnd::GivenBack },
        // The money is still here, or some of it: the person chooses again.
        Verdict::Partial | Verdict::Declined | Verdict::Cancelled | Verdict::NotCharged => {
            PaymentFact::AttentionRaised { outcome: Box::new(attention.outcome.clone()) }
        }
    }])
}
