//! What the terminal shows, prints and tells, and what the till shows and asks on the terminal.

use super::scene::{
    CARDS, LISTENS, agree, asked, becomes, displays, forms, noticed, once, receipts, rest, scripted,
    stored, terminal, world,
};
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use domain::prompt::Answer;
use domain::receipt::Copy;
use simulator::script::{Action, Delivery, Oddity, Outcome, Rule, Source, Twist};
use till::api::{Accepted, Command, MomentKind, Problem, ProblemCode, Query, QueryReply, ServiceWanted};

/// The number in the virtual customers' wallets that passes the check of card numbers.
const NUMBERS: [&str; 3] = ["5413330089020014", "4761739001010010", "6799998900000200018"];

async fn service(world: &World, service: ServiceWanted) -> Result<Accepted, Problem> {
    let terminal = world.desks[0].id.clone();
    world.dispatch(Command::Service { terminal, service }).await
}

/// Everything that is stored or shown of a payment, as text.
async fn everything(world: &World, id: OperationId) -> String {
    let reply = world.till().query(Query::Payment { payment: id }).await.unwrap();
    let QueryReply::Payment { case } = reply else { panic!("not {reply:?}") };
    let case = serde_json::to_string(&case).unwrap();
    let view = serde_json::to_string(&*world.view()).unwrap();
    format!("{case}\n{view}")
}

#[tokio::test(start_paused = true)]
async fn live_texts_in_order() {
    for form in forms(LISTENS) {
        let world = world(form).await;
        log_in(&world).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "approved").await;
        assert_eq!(displays(&payment), ["Please wait", "Present card", "Authorizing", "Approved"]);
        assert_eq!(payment.display.as_deref(), Some("Approved"));
        let told = payment.timeline.iter().map(|it| it.number).collect::<Vec<_>>();
        assert!(told.is_sorted() && payment.timeline.iter().map(|it| it.at).is_sorted());
        world.pass(2).await;
        assert_eq!(
            world.view().notices.last().unwrap().text,
            "Welcome",
            "afterwards it is no payment's text"
        );
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn pin_digits_are_shown_and_not_kept() {
    for form in forms(LISTENS) {
        let world = scripted(form, [once().act(Source::Chip)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let mut stars = 0;
        let mut views = world.till().views();
        while world.view().payment(id).unwrap().state != "closed" {
            views.changed().await.unwrap();
            let view = views.borrow_and_update().clone();
            let shown = view.payment(id).and_then(|it| it.display.clone()).unwrap_or_default();
            stars = stars.max(shown.matches('*').count());
        }
        assert_eq!(stars, 4, "the cashier sees how many digits were typed");
        let facts = world.store().read(move |reader| reader.payment_facts(id)).await.unwrap();
        let kept = facts.iter().filter(|told| format!("{:?}", told.fact).contains("PIN: *")).count();
        assert_eq!(kept, 0, "and the journal does not");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn light_form_shows_nothing() {
    let world = scripted(Form::Light, [once().act(Source::Chip)]).await;
    let id = world.pay(0, 12_50).await.unwrap();
    let payment = becomes(&world, id, "approved").await;
    assert!(displays(&payment).is_empty() && !terminal(&world, 0).card_inserted);
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn card_inserted_and_removed() {
    for form in forms(LISTENS) {
        let world = scripted(form, [once().act(Source::Chip)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        world.until("a card is in", |view| view.terminals[0].card_inserted).await;
        becomes(&world, id, "approved").await;
        world.until("it is out", |view| !view.terminals[0].card_inserted).await;
        assert!(noticed(&world, "card_inserted") && noticed(&world, "card_removed"));
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn receipts_are_stored() {
    for form in CARDS {
        let world = world(form).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "approved").await;
        let rows = receipts(&world, id).await;
        let mut copies: Vec<Copy> = rows.iter().map(|it| it.copy).collect();
        copies.sort();
        assert_eq!(copies, [Copy::Customer, Copy::Merchant], "{form:?}");
        let number = payment.evidence.get("poi_transaction_id").unwrap();
        for row in &rows {
            let text = row.text.as_deref().unwrap();
            assert!(text.contains(&format!("RRN: {number}")), "{form:?}: masked? {text}");
            assert!(text.contains("12,50"), "{form:?}: {text}");
        }
        let found = world
            .till()
            .query(Query::Receipts {
                day: None,
                search: Some("Exempelbutiken 12,50".to_owned()),
                limit: None,
            })
            .await
            .unwrap();
        assert!(matches!(found, QueryReply::Receipts { rows } if rows.len() == 2), "{form:?}");
        // The customer's copy goes out by itself, the merchant's only where it must be signed.
        let printed: Vec<Copy> = payment
            .timeline
            .iter()
            .filter_map(|moment| match &moment.what {
                MomentKind::Print { copy, .. } => Some(*copy),
                MomentKind::Display { .. }
                | MomentKind::Code { .. }
                | MomentKind::Prompt { .. }
                | MomentKind::Step { .. } => None,
            })
            .collect();
        assert_eq!(printed, [Copy::Customer], "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn receipts_of_a_decline_a_refund_and_a_reversal() {
    for form in CARDS {
        let world = world(form).await;
        let declined = world.pay(0, 12_01).await.unwrap();
        becomes(&world, declined, "declined/refused").await;
        assert_eq!(receipts(&world, declined).await.len(), 2, "{form:?}");
        rest(&world).await;
        let sale = world.pay(0, 12_50).await.unwrap();
        becomes(&world, sale, "approved").await;
        rest(&world).await;
        let reverse = Command::Reverse { payment: sale, or_refund: false };
        let back = world.dispatch(reverse).await.unwrap().payment.unwrap();
        becomes(&world, back, "approved").await;
        assert_eq!(receipts(&world, back).await.len(), 2, "{form:?}");
        rest(&world).await;
        let refund = world.refund(0, 5_00, None).await.unwrap();
        becomes(&world, refund, "approved").await;
        assert_eq!(receipts(&world, refund).await.len(), 2, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn receipts_found_by_an_enquiry_are_stored_once() {
    for form in CARDS {
        let world = world(form).await;
        let id = world.pay(0, 12_11).await.unwrap();
        assert!(becomes(&world, id, "approved").await.late);
        world.pass(120).await;
        assert_eq!(receipts(&world, id).await.len(), 2, "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn receipts_that_cannot_be_read_do_not_block_a_paid_sale() {
    for form in CARDS {
        let world = scripted(form, [once().act(Twist::BadReceipts)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "approved").await;
        let rows = receipts(&world, id).await;
        assert_eq!(rows.len(), 2, "{form:?}");
        for row in rows {
            assert!(row.text.unwrap().contains("unreadable"), "{form:?}: it says what to do");
        }
        agree(&world).await;
        let world = scripted(form, [once().act(Twist::NoReceipts)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "approved").await;
        assert!(receipts(&world, id).await.is_empty(), "{form:?}");
        agree(&world).await;
        let world = scripted(form, [once().act(Action::NoReceiptLines)]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "approved").await;
        let rows = receipts(&world, id).await;
        assert!(
            rows.iter().all(|it| it.text.as_deref().is_some_and(|text| text.contains("12,50"))),
            "{form:?}"
        );
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn full_card_number_is_masked_before_it_is_kept() {
    for form in CARDS {
        for outcome in
            [Outcome::Approve, Outcome::Decline { condition: "Refusal".to_owned(), receipt: true }]
        {
            let rule = Rule::on("Payment").act(Twist::FullPan).act(outcome.clone());
            let world = scripted(form, [rule]).await;
            for _ in 0..6 {
                let id = world.pay(0, 12_50).await.unwrap();
                let payment = world.settled(id).await;
                let rows = receipts(&world, id).await;
                assert_eq!(rows.len(), 2, "{form:?}");
                let mut text = everything(&world, id).await;
                rows.iter().for_each(|it| text.push_str(it.text.as_deref().unwrap()));
                for number in NUMBERS {
                    assert!(!text.contains(number), "{form:?} {outcome:?}: {text}");
                }
                let number = payment.evidence.get("masked_number").unwrap();
                assert!(number.contains("******"), "{form:?} {outcome:?}: {number}");
            }
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn oddities_disturb_nothing() {
    for form in forms(LISTENS) {
        for oddity in
            [Oddity::ParallelDisplays, Oddity::UnknownPrint, Oddity::UnknownEvent, Oddity::ForeignPoiId]
        {
            let world = scripted(form, [once().act(oddity)]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            assert!(!becomes(&world, id, "approved").await.late, "{oddity:?}");
            let others = receipts(&world, id).await.iter().filter(|it| it.copy == Copy::Other).count();
            assert_eq!(others, usize::from(oddity == Oddity::UnknownPrint), "{oddity:?}: no slip is lost");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn terminal_cannot_reach_the_till() {
    for form in forms(LISTENS) {
        let mut world = World::new(7, &[form], false);
        for desk in &world.desks {
            desk.nexo().connect(std::sync::Arc::new(acceptance::line::TillPort::default()));
        }
        world.start().await.unwrap();
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = becomes(&world, id, "approved").await;
        assert!(displays(&payment).is_empty(), "no texts, and paid all the same");
        // A signature cannot be asked for: the terminal gives the money back.
        rest(&world).await;
        let id = world.pay(0, 12_08).await.unwrap();
        becomes(&world, id, "cancelled/aborted").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn text_for_the_customer() {
    for form in CARDS {
        let world = world(form).await;
        log_in(&world).await;
        let lines = vec!["Thank you".to_owned(), "Welcome back".to_owned()];
        service(&world, ServiceWanted::Show { lines }).await.unwrap();
        let sent = world.desks[0].nexo().trace();
        assert!(sent.iter().any(|it| it.from == "till" && it.text.contains("Welcome back")), "{form:?}");
        agree(&world).await;
    }
}

async fn log_in(world: &World) {
    world.dispatch(Command::OpenTerminal { terminal: world.desks[0].id.clone() }).await.unwrap();
    world.until("in session", |view| view.terminals[0].serial.is_some()).await;
    rest(world).await;
}

#[tokio::test(start_paused = true)]
async fn question_to_the_customer() {
    let input = |entry: &str| Rule::on("Input").times(1).act(Action::Entry(entry.to_owned()));
    let cancelled = Rule::on("Input").times(1).act(Outcome::Cancel);
    let table = [
        ("yes", None, false, Answer::Yes),
        ("no", Some(input("no")), false, Answer::No),
        ("telephone number", Some(input("0701234567")), true, Answer::Typed("0701234567".to_owned())),
        ("red key", Some(cancelled), false, Answer::NoDialogue),
    ];
    for (name, rule, digits, expected) in table {
        for form in CARDS {
            let world = world(form).await;
            log_in(&world).await;
            super::scene::follow(&world, rule.clone());
            let asked = service(&world, ServiceWanted::Ask { text: "Member?".to_owned(), digits }).await;
            assert_eq!(asked.unwrap().answer.as_ref(), Some(&expected), "{form:?} {name}");
            let id = world.pay(0, 12_50).await.unwrap();
            becomes(&world, id, "approved").await;
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn customer_never_answers() {
    let silent = || Rule::on("Input").times(1).act(Outcome::UntilAborted);
    let table = [
        ("silent", 1_500, Some(silent()), Ok(Answer::NoDialogue), 1),
        ("line breaks", 1_500, Some(silent().act(Delivery::Close)), Err("answer_lost"), 1),
        // A terminal that keeps the limit of the question ends it by itself.
        ("too slow", 175_000, None, Ok(Answer::NoDialogue), 0),
    ];
    for (name, customer_ms, rule, expected, aborts) in table {
        for form in CARDS {
            let mut world = World::dressed(7, &[form], false, |it| it.customer_ms = customer_ms);
            world.start().await.unwrap();
            log_in(&world).await;
            super::scene::follow(&world, rule.clone());
            let wanted = ServiceWanted::Ask { text: "Member?".to_owned(), digits: false };
            let answered = service(&world, wanted).await;
            let told = answered.as_ref().map(|it| it.answer.clone().unwrap());
            let told = told.map_err(|problem| problem.parameter("reason"));
            assert_eq!(told, expected, "{form:?} {name}");
            let sent = asked(&world, 0).iter().filter(|it| *it == "Abort").count();
            assert_eq!(sent, aborts, "{form:?} {name}");
            let id = world.pay(0, 12_50).await.unwrap();
            becomes(&world, id, "approved").await;
            assert_eq!(stored(&world, id).await.sent.len(), 1, "{form:?} {name}: the terminal was idle");
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn services_that_the_terminal_does_not_offer() {
    for form in CARDS {
        let world = world(form).await;
        let early = service(&world, ServiceWanted::Diagnosis).await.unwrap_err();
        assert_eq!((early.code, early.parameter("reason")), (ProblemCode::TerminalFault, "no_session"));
        log_in(&world).await;
        let lines = service(&world, ServiceWanted::Diagnosis).await.unwrap().lines;
        assert!(
            lines.iter().any(|(name, value)| name == "serial number" && value == "2290009999"),
            "{lines:?}"
        );
        for wanted in [ServiceWanted::Totals, ServiceWanted::Reconcile] {
            let problem = service(&world, wanted.clone()).await.unwrap_err();
            let told = (problem.code, problem.parameter("reason"));
            assert_eq!(told, (ProblemCode::TerminalFault, "unavailable_service"), "{form:?} {wanted:?}");
        }
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "approved").await;
        assert_eq!(stored(&world, id).await.sent.len(), 1, "{form:?}");
        agree(&world).await;
    }
}
