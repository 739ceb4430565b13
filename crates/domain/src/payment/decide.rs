//! State, event → facts. The only place where facts about payments are made.

use super::{
    AttentionEnd, ByHand, Closer, Closing, Event, Match, Mismatch, Payment, PaymentFact, Source, Stage, Verdict,
    matching,
};
use crate::ids::{PromptId, Reference};
use crate::outcome::{Certainty, Fault, Outcome, Reason, Recovered, Signature};
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
        Event::ReversalIntended(reversal) => match payment.stage {
            Stage::Reversing(None) => Ok(vec![PaymentFact::ReversalLinked { reversal }]),
            _ => Err(Refusal::WrongStage),
        },
        Event::ReversalClosed(verdict) => reversal_closed(payment, verdict),
        Event::Decide(decision) => by_hand(payment, decision),
        Event::AcceptLate => attention_end(payment, AttentionEnd::Accepted),
        Event::GiveBack(operation) => match &payment.attention {
            Some(attention) if attention.giving_back.is_none() => {
                Ok(vec![PaymentFact::GiveBackLinked { operation }])
            }
            Some(_) | None => Err(Refusal::WrongStage),
        },
        Event::GivenBack(verdict) if verdict.moved_money() => attention_end(payment, AttentionEnd::GivenBack),
        Event::GivenBack(_) => Ok(Vec::new()),
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
    running(payment)?;
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
    let good = match (&payment.stage, &open.question, &answer) {
        (Stage::AwaitSignature, Question::Signature, Answer::Yes) => Some(true),
        (Stage::AwaitSignature, Question::Signature, Answer::No) => Some(false),
        _ => None,
    };
    let mut facts = vec![PaymentFact::PromptAnswered { prompt: id, answer }];
    if let Some(good) = good {
        facts.push(PaymentFact::SignatureChecked { good });
        if good {
            facts.push(settled(payment, verdict_of_signed(payment), None, None, payment.was_unknown));
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

fn settled(
    _payment: &Payment,
    verdict: Verdict,
    reason: Option<Reason>,
    outcome: Option<&Outcome>,
    late: bool,
) -> PaymentFact {
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
            if verdict.moved_money() && outcome.signature == Signature::Ours {
                return vec![PaymentFact::SignatureAwaited { outcome: Box::new(outcome.without_receipts()) }];
            }
            if payment.signature_refused && !verdict.moved_money() {
                let reason = Some(Reason::SignatureRefused);
                return vec![settled(payment, Verdict::Cancelled, reason, Some(outcome), late)];
            }
            vec![settled(payment, verdict, outcome.reason.clone(), Some(outcome), late)]
        }
        Stage::AwaitSignature | Stage::Reversing(_) => {
            let agrees = payment.outcome.as_ref().is_some_and(|known| agree(known, outcome));
            if agrees { Vec::new() } else { attention(payment, outcome) }
        }
        Stage::Closed(closing) => {
            let agrees = match &payment.outcome {
                Some(known) => agree(known, outcome),
                None => agrees_with_closing(payment, closing, outcome, verdict),
            };
            if agrees { Vec::new() } else { attention(payment, outcome) }
        }
    }
}

fn agrees_with_closing(payment: &Payment, closing: &Closing, outcome: &Outcome, verdict: Verdict) -> bool {
    if closing.verdict.moved_money() {
        closing.verdict == verdict && outcome.amount == Some(payment.operation.requested)
    } else {
        !verdict.moved_money()
    }
}

fn agree(known: &Outcome, new: &Outcome) -> bool {
    match (known.said.moved_money(), new.said.moved_money()) {
        (true, true) => known.said == new.said && known.amount == new.amount,
        (false, false) => true,
        (true, false) | (false, true) => false,
    }
}

fn attention(payment: &Payment, outcome: &Outcome) -> Vec<PaymentFact> {
    let known = payment.attention.as_ref().is_some_and(|open| agree(&open.outcome, outcome));
    if known {
        return Vec::new();
    }
    vec![PaymentFact::AttentionRaised { outcome: Box::new(outcome.without_receipts()) }]
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
    // A driver that says "not sent" after a request whose fate is open is not believed.
    let all_accounted = payment.sent.iter().rev().skip(1).all(|sent| sent.not_started);
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
        Stage::Running if payment.sent.iter().all(|sent| sent.not_started) => {
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
            | Recovered::NeverSeen(_)
            | Recovered::CannotTell
            | Recovered::SessionLost => Vec::new(),
        };
    }
    match found {
        Recovered::Settled(outcome) => told(payment, &outcome, Source::Enquired, context),
        Recovered::NeverSeen(fence) if is_settled => {
            let reason = if payment.abort_asked { Reason::Aborted } else { Reason::NeverSeen };
            vec![not_charged(Closer::Judged(fence), reason, None, true)]
        }
        Recovered::CannotTell if is_settled => match payment.stage {
            Stage::Unknown(_) => vec![PaymentFact::BecameDisputed { reason: Reason::CannotTell }],
            Stage::Running
            | Stage::AwaitSignature
            | Stage::Reversing(_)
            | Stage::Disputed(_)
            | Stage::Closed(_) => Vec::new(),
        },
        Recovered::StillRunning
        | Recovered::NeverSeen(_)
        | Recovered::CannotTell
        | Recovered::SessionLost => Vec::new(),
    }
}

fn reversal_closed(payment: &Payment, verdict: Verdict) -> Facts {
    let Stage::Reversing(Some(_)) = payment.stage else { return Err(Refusal::WrongStage) };
    Ok(vec![match verdict {
        Verdict::Approved | Verdict::Partial => {
            settled(payment, Verdict::Cancelled, Some(Reason::SignatureRefused), None, false)
        }
        Verdict::Declined | Verdict::Cancelled => {
            settled(payment, verdict_of_signed(payment), Some(Reason::ReversalFailed), None, false)
        }
        Verdict::NotCharged => PaymentFact::SignatureReopened,
    }])
}

fn by_hand(payment: &Payment, decision: ByHand) -> Facts {
    let Stage::Disputed(_) = payment.stage else { return Err(Refusal::WrongStage) };
    let typed = decision.provider_reference.as_deref().map(str::trim).unwrap_or_default();
    if decision.verdict.moved_money() && typed.is_empty() {
        return Err(Refusal::ReferenceNeeded);
    }
    let closing = Closing {
        verdict: decision.verdict,
        by: Closer::Person,
        reason: Some(Reason::ByHand),
        detail: Some(decision.reason.clone()),
        late: true,
    };
    Ok(vec![PaymentFact::DecidedByHand { decision }, PaymentFact::Settled { closing, outcome: None }])
}

fn attention_end(payment: &Payment, end: AttentionEnd) -> Facts {
    match (&payment.attention, end) {
        (Some(attention), AttentionEnd::Accepted) if attention.giving_back.is_none() => {
            Ok(vec![PaymentFact::AttentionSettled { end }])
        }
        (Some(_), AttentionEnd::GivenBack) => Ok(vec![PaymentFact::AttentionSettled { end }]),
        (Some(_) | None, AttentionEnd::Accepted) | (None, AttentionEnd::GivenBack) => Err(Refusal::WrongStage),
    }
}
