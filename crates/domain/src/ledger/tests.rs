//! The ledger against a tiny bank: for random days, what the till counts is what the bank holds, and for
//! random histories of one payment it is what its facts say.

use super::{moved, total};
use crate::operation::{Kind, Motive, Operation};
use crate::outcome::{Outcome, Reason, Said, Signature};
use crate::payment::tests::stage::{Case, back, by_hand, id, operation, outcome, prompt, replayed, sek};
use crate::payment::{Closer, Event, Payment, PaymentFact, Verdict};
use crate::prompt::{Answer, Question};
use proptest::prelude::*;

/// The far side: it only adds up what it was told to move.
#[derive(Default)]
struct Day {
    payments: Vec<Payment>,
    bank: i64,
    count: u8,
}

impl Day {
    fn number(&mut self) -> u8 {
        self.count += 1;
        self.count
    }
    fn sale(&mut self, minor: i64) -> Case {
        Case::of(operation(self.number(), Kind::Sale, minor)).sent()
    }
    fn back(&mut self, kind: Kind, original: &Payment, minor: i64, motive: Motive) -> Case {
        let operation = back(self.number(), kind, original, minor);
        Case::of(Operation { motive: Some(motive), ..operation }).sent()
    }
    fn keep(&mut self, case: Case) -> Payment {
        self.payments.push(case.payment.clone());
        case.payment
    }

    /// One situation; the bank moves what the terminal really did.
    fn happen(&mut self, situation: u8, minor: i64) {
        match situation % 10 {
            0 => {
                self.bank += minor;
                let case = self.sale(minor).told(Said::Approved);
                self.keep(case);
            }
            1 => {
                let case = self.sale(minor).told(Said::Declined);
                self.keep(case);
            }
            2 => self.tipped(minor),
            3 => {
                self.bank += minor / 2;
                let case = self.sale(minor).told(Said::Partial);
                self.keep(case);
            }
            4 => self.lost_and_found(minor),
            5 => self.late(minor, true),
            6 => self.late(minor, false),
            7 => self.refused_signature(minor),
            8 => self.refund_and_its_reversal(minor),
            _ => self.reversal_without_amount(minor),
        }
    }

    fn tipped(&mut self, minor: i64) {
        let case = self.sale(minor);
        let amount = Some(sek(minor + 50));
        let told = Outcome { amount, tip: Some(sek(50)), ..outcome(&case.payment, Said::Approved) };
        self.bank += minor + 50;
        self.keep(case.answered(told));
    }

    fn lost_and_found(&mut self, minor: i64) {
        self.bank += minor;
        let wrong =
            |case: &Case| Outcome { amount: Some(sek(1)), ..outcome(&case.payment, Said::Approved) };
        let case = self.sale(minor).dropped();
        let foreign = wrong(&case);
        let case = case.found(foreign).on(Event::GiveUp(Reason::NoAnswer));
        let told = outcome(&case.payment, Said::Approved);
        self.keep(case.found(told));
    }

    fn late(&mut self, minor: i64, accepted: bool) {
        self.bank += minor;
        let case = self.sale(minor).disputed().on(Event::Decide(by_hand(Verdict::NotCharged)));
        let told = outcome(&case.payment, Said::Approved);
        let case = case.found(told);
        if accepted {
            self.keep(case.on(Event::AcceptLate));
            return;
        }
        self.bank -= minor;
        let reversal = self.back(Kind::Reversal, &case.payment, minor, Motive::LateApproval);
        let case = case.on(Event::GiveBack(reversal.payment.id()));
        let reversal = self.keep(reversal.told(Said::Approved));
        self.keep(case.on(Event::GivenBack(reversal.verdict().unwrap())));
    }

    fn refused_signature(&mut self, minor: i64) {
        self.bank += minor;
        let question = prompt(200, Question::Signature);
        let case = self
            .sale(minor)
            .awaiting_signature()
            .on(Event::PromptOpened(question.clone()))
            .on(Event::PromptAnswered(question.id, Answer::No));
        let reversal = self.back(Kind::Reversal, &case.payment, minor, Motive::SignatureRefused);
        let case = case.on(Event::ReversalIntended(reversal.payment.id()));
        self.bank -= minor;
        let reversal = self.keep(reversal.told(Said::Approved));
        self.keep(case.on(Event::ReversalClosed(reversal.verdict().unwrap())));
    }

    fn refund_and_its_reversal(&mut self, minor: i64) {
        self.bank += minor;
        let case = self.sale(minor).told(Said::Approved);
        let original = self.keep(case);
        self.bank -= minor / 2;
        let refund = self.back(Kind::Refund, &original, minor / 2, Motive::Cashier).told(Said::Approved);
        let refund = self.keep(refund);
        if minor % 3 == 0 {
            self.bank += minor / 2;
            let undo = self.back(Kind::Reversal, &refund, minor / 2, Motive::Cashier).told(Said::Approved);
            self.keep(undo);
        }
    }

    fn reversal_without_amount(&mut self, minor: i64) {
        let case = self.sale(minor).told(Said::Approved);
        let original = self.keep(case);
        let reversal = self.back(Kind::Reversal, &original, minor, Motive::Cashier).dropped();
        let told = Outcome { amount: None, ..outcome(&reversal.payment, Said::Approved) };
        self.keep(reversal.found(told));
    }
}

/// What the facts say in plain words: the newest approval that is on record, and nothing else.
fn by_facts(case: &Case) -> i64 {
    let operation = &case.payment.operation;
    let worth = |outcome: &Outcome| match (outcome.said, outcome.amount) {
        (Said::Declined | Said::Cancelled, _) => 0,
        (Said::Approved | Said::Partial, Some(amount)) => amount.minor,
        (Said::Approved | Said::Partial, None) => operation.requested.minor,
    };
    let (mut counted, mut contradiction) = (0, None);
    for (fact, _) in &case.facts {
        if let PaymentFact::SignatureAwaited { outcome } = fact {
            counted = worth(outcome);
        } else if let PaymentFact::AttentionRaised { outcome } = fact {
            contradiction = Some(worth(outcome));
        } else if let PaymentFact::AttentionSettled { .. } = fact {
            counted = contradiction.take().unwrap_or(counted);
        } else if let PaymentFact::Settled { outcome, closing } = fact {
            let person = if closing.verdict.moved_money() { operation.requested.minor } else { 0 };
            let by_person = (closing.by == Closer::Person).then_some(person);
            counted = outcome.as_deref().map(worth).or(by_person).unwrap_or(counted);
        }
    }
    let counted = contradiction.unwrap_or(counted);
    if operation.kind == Kind::Sale { counted } else { -counted }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn the_till_counts_what_the_bank_holds(
        day in prop::collection::vec((any::<u8>(), 100_i64..90_000), 0..25),
    ) {
        let mut shop = Day::default();
        for (situation, minor) in day {
            shop.happen(situation, minor);
            prop_assert_eq!(total(shop.payments.iter()), shop.bank, "after situation {}", situation % 10);
        }
        prop_assert!(shop.payments.iter().all(|payment| !payment.is_open()));
    }

    #[test]
    fn a_history_counts_what_its_facts_say(
        minor in 200_i64..90_000,
        kind in prop_oneof![Just(Kind::Sale), Just(Kind::Refund)],
        steps in prop::collection::vec((0_u8..12, any::<bool>()), 0..20),
    ) {
        let mut case = Case::of(operation(1, kind, minor)).sent();
        for (step, flag) in steps {
            let said = if flag { Said::Approved } else { Said::Partial };
            let told = |said| Box::new(outcome(&case.payment, said));
            let event = match step {
                0 => Event::Outcome(told(said), crate::payment::Source::Performed),
                1 => Event::Outcome(told(Said::Declined), crate::payment::Source::Enquired),
                2 => {
                    let ours = Outcome { signature: Signature::Ours, ..*told(said) };
                    Event::Outcome(Box::new(ours), crate::payment::Source::Performed)
                }
                3 => Event::Dropped(Reason::DeadlinePassed),
                4 => Event::GiveUp(Reason::NoAnswer),
                5 => Event::Decide(by_hand(if flag { Verdict::Approved } else { Verdict::NotCharged })),
                6 => Event::PromptOpened(prompt(3, Question::Signature)),
                7 => {
                    let answer = if flag { Answer::Yes } else { Answer::No };
                    Event::PromptAnswered(prompt(3, Question::Signature).id, answer)
                }
                8 => Event::ReversalIntended(id(9)),
                9 => Event::ReversalClosed(if flag { Verdict::Approved } else { Verdict::Declined }),
                10 => Event::AcceptLate,
                _ if flag => Event::GiveBack(id(8)),
                _ => Event::GivenBack(Verdict::Approved),
            };
            let _ = case.happen(event);
            prop_assert_eq!(moved(&case.payment), by_facts(&case));
            prop_assert_eq!(moved(&replayed(&case.facts)), moved(&case.payment));
        }
    }
}
