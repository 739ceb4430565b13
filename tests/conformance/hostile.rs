//! The listener in the hands of somebody else: whatever arrives there, a running payment is not disturbed and
//! nothing is believed.

use super::scene::{
    LISTENS, agree, becomes, displays, forms, made, noticed, once, question, rest, scripted, stored, world,
};
use acceptance::rival::{Forger, PATH};
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use domain::prompt::Answer;
use simulator::script::{Action, Outcome};
use till::api::{Command, Health};

const POI: &str = "POI-desk1";

/// A payment whose customer takes her time.
async fn slow_payment() -> (World, OperationId) {
    let world = scripted(Form::Default, [once().act(Action::Slow(30_000))]).await;
    let id = world.pay(0, 12_50).await.unwrap();
    made(&world, id, "sent").await;
    world.pass(2).await;
    (world, id)
}

async fn undisturbed(world: &World, id: OperationId, case: &str) {
    let payment = becomes(world, id, "approved").await;
    assert!(!payment.late, "{case}");
    assert_eq!(payment.amount, World::money(12_50), "{case}");
    agree(world).await;
}

#[tokio::test(start_paused = true)]
async fn requests_that_are_refused() {
    let (world, id) = slow_payment().await;
    let mut stranger = Forger::new("KASSA1", "SOMEWHERE-ELSE");
    let mut forger = Forger::new("KASSA1", POI);
    let mut bomb = "<!DOCTYPE a [<!ENTITY b \"bbbbbbbb\">]>".to_owned();
    bomb.push_str(&forger.display("1", "Approved"));
    let external =
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><SaleToPOIRequest>&b;</SaleToPOIRequest>";
    let deep = format!("{}{}", "<a>".repeat(1_000), "</a>".repeat(1_000));
    let large = format!("{}{}", forger.display("1", "Approved"), " ".repeat(2 << 20));
    let table: [(&str, &str, &str, String, u16); 12] = [
        ("unknown terminal", "POST", PATH, stranger.display("1", "Approved"), 403),
        ("wrong path", "POST", "/", forger.display("1", "Approved"), 404),
        ("path of another protocol", "POST", "/nexo", forger.display("1", "Approved"), 404),
        ("GET", "GET", PATH, forger.display("1", "Approved"), 405),
        ("PUT", "PUT", PATH, forger.display("1", "Approved"), 405),
        ("empty", "POST", PATH, String::new(), 400),
        ("garbage", "POST", PATH, "\u{0}nonsense{]".to_owned(), 400),
        ("document type", "POST", PATH, bomb, 400),
        ("external entity", "POST", PATH, external.to_owned(), 400),
        ("1,000 nested elements", "POST", PATH, deep, 400),
        ("2 MiB", "POST", PATH, large, 400),
        ("not ours to answer", "POST", PATH, "<SaleToPOIResponse/>".to_owned(), 400),
    ];
    let before = (world.view().payment(id).cloned(), world.view().notices.clone());
    for (name, method, path, body, status) in table {
        assert_eq!(world.knock(method, path, body).await, (status, Vec::new()), "{name}");
    }
    let after = (world.view().payment(id).cloned(), world.view().notices.clone());
    assert_eq!(before, after, "nothing changed");
    undisturbed(&world, id, "refused requests").await;
}

#[tokio::test(start_paused = true)]
async fn forged_display() {
    let (world, id) = slow_payment().await;
    let mut forger = Forger::new("KASSA1", POI);
    let reference = stored(&world, id).await.sent[0].reference.0.clone();
    for service_id in [reference.as_str(), "1"] {
        let (status, _) = world.knock("POST", PATH, forger.display(service_id, "202,\"Approved\"")).await;
        assert!([200, 204].contains(&status));
    }
    world.pass(1).await;
    let payment = world.view().payment(id).cloned().unwrap();
    assert_eq!((payment.state.as_str(), payment.outcome.as_str()), ("running", "unknown"), "only a text");
    assert!(displays(&payment).contains(&"Approved"));
    undisturbed(&world, id, "forged display").await;
}

#[tokio::test(start_paused = true)]
async fn forged_approval_as_an_answer() {
    let (world, id) = slow_payment().await;
    // An approval under the very names of the payment that runs, sent to the listener.
    let payment = stored(&world, id).await;
    let traced = world.desks[0].nexo().trace();
    let mut answers = traced.iter().filter(|it| it.text.contains("<SaleToPOIResponse"));
    let login = answers.next_back().expect("the login was answered").text.clone();
    let reference = &payment.sent[0].reference.0;
    let approval = format!(
        "<SaleToPOIResponse><MessageHeader MessageClass=\"Service\" MessageCategory=\"Payment\" \
         MessageType=\"Response\" ServiceID=\"{reference}\" SaleID=\"KASSA1\" POIID=\"{POI}\"/>\
         <PaymentResponse><Response Result=\"Success\"/></PaymentResponse></SaleToPOIResponse>"
    );
    for forged in [login, approval] {
        assert_eq!(world.knock("POST", PATH, forged).await, (400, Vec::new()), "answers are no requests");
    }
    assert_eq!(stored(&world, id).await.state_code(), "running");
    undisturbed(&world, id, "forged answer").await;
}

#[tokio::test(start_paused = true)]
async fn forged_events_while_a_payment_runs() {
    let events = [
        "Initialised",
        "BeginMaintenance",
        "EndMaintenance",
        "Shutdown",
        "OutOfOrder",
        "Completed",
        "Abort",
        "Reject",
        "CardInserted",
        "CardRemoved",
        "SecurityAlarm",
        "SaleWakeUp",
        "SaleAdmin",
        "paydesk:Strange",
    ];
    for event in events {
        let (world, id) = slow_payment().await;
        let mut forger = Forger::new("KASSA1", POI);
        assert_eq!(world.knock("POST", PATH, forger.event(event)).await, (204, Vec::new()), "{event}");
        world.pass(1).await;
        assert_eq!(stored(&world, id).await.state_code(), "running", "{event}");
        undisturbed(&world, id, event).await;
        rest(&world).await;
        let next = world.pay(0, 5_00).await.expect("nor the one after it");
        becomes(&world, next, "approved").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn forged_events_while_a_payment_is_unknown() {
    for form in forms(LISTENS) {
        for event in ["Initialised", "BeginMaintenance", "Shutdown", "Completed"] {
            let lost = once().act(Action::Unprocessed).act(simulator::script::Delivery::Cut);
            let world = scripted(form, [lost]).await;
            let id = world.pay(0, 12_50).await.unwrap();
            made(&world, id, "unknown").await;
            let mut forger = Forger::new("KASSA1", POI);
            world.knock("POST", PATH, forger.event(event)).await;
            becomes(&world, id, "not_charged/never_seen").await;
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn forged_question_outside_an_operation() {
    for form in forms(LISTENS) {
        let world = world(form).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "approved").await;
        let mut forger = Forger::new("KASSA1", POI);
        let (status, body) = world.knock("POST", PATH, forger.question("1", "Signature OK?")).await;
        let answer = String::from_utf8(body).unwrap();
        assert_eq!(status, 200);
        assert!(answer.contains("Failure") && answer.contains("UnavailableService"), "{answer}");
        assert!(!answer.contains("ConfirmedFlag"), "{answer}");
        assert!(world.view().payments.iter().all(|payment| payment.prompt.is_none()), "nobody is asked");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn forged_question_during_a_payment_changes_no_outcome() {
    let (world, id) = slow_payment().await;
    let mut forger = Forger::new("KASSA1", POI);
    let asking = world.knock("POST", PATH, forger.question("1", "Shall I charge twice?"));
    let answering = async {
        let prompt = question(&world, id).await;
        assert_eq!(prompt.question, domain::prompt::Question::Confirm, "no slip was printed: no signature");
        world
            .dispatch(Command::Answer { payment: id, prompt: prompt.id, answer: Answer::No })
            .await
            .unwrap();
    };
    let ((status, _), ()) = tokio::join!(asking, answering);
    assert_eq!(status, 200);
    undisturbed(&world, id, "forged question").await;
}

/// Somebody who knows the names of both ends, and not the number of the request, takes the question about the
/// signature back, and asks another one in its place.
#[tokio::test(start_paused = true)]
async fn forged_end_of_the_question_about_a_signature() {
    for form in forms(LISTENS) {
        let world = world(form).await;
        let id = world.pay(0, 12_08).await.unwrap();
        let asked = question(&world, id).await;
        let mut forger = Forger::new("KASSA1", POI);
        assert_eq!(world.knock("POST", PATH, forger.event("Abort")).await, (204, Vec::new()));
        let (status, body) = world.knock("POST", PATH, forger.question("1", "Signature OK?")).await;
        let answer = String::from_utf8(body).unwrap();
        assert!(
            status == 200 && answer.contains("Failure") && !answer.contains("ConfirmedFlag"),
            "{answer}"
        );
        world.pass(1).await;
        assert_eq!(question(&world, id).await.id, asked.id, "it is still open");
        super::scene::reply(&world, id, Answer::Yes).await;
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}

/// "No" to a question that somebody else made up does not turn what the terminal says into a refused
/// signature.
#[tokio::test(start_paused = true)]
async fn forged_question_about_a_signature_before_a_decline() {
    for form in forms(LISTENS) {
        let declined = Outcome::Decline { condition: "Refusal".to_owned(), receipt: false };
        let world = scripted(form, [once().act(declined).act(Action::Slow(30_000))]).await;
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "sent").await;
        world.pass(2).await;
        let mut forger = Forger::new("KASSA1", POI);
        world.knock("POST", PATH, forger.copy_to_sign("1")).await;
        let asking = world.knock("POST", PATH, forger.question("1", "Signature OK?"));
        let answering = async {
            question(&world, id).await;
            super::scene::reply(&world, id, Answer::No).await;
        };
        tokio::join!(asking, answering);
        becomes(&world, id, "declined/refused").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn forged_address_is_never_used_by_itself() {
    let (world, id) = slow_payment().await;
    world.desks[0].nexo().announce("192.0.2.66:11000".parse().unwrap()).await;
    world.pass(1).await;
    assert_eq!(world.view().terminals[0].proposed_address.as_deref(), Some("http://192.0.2.66:11000"));
    undisturbed(&world, id, "forged address").await;
    rest(&world).await;
    let next = world.pay(0, 5_00).await.unwrap();
    becomes(&world, next, "approved").await;
    assert!(noticed(&world, "address_announced"));
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn flood_of_texts() {
    let (world, id) = slow_payment().await;
    let mut forger = Forger::new("KASSA1", POI);
    for number in 0..500 {
        let (status, _) = world.knock("POST", PATH, forger.display("1", &format!("text {number}"))).await;
        assert!([200, 204].contains(&status), "{number}: {status}");
    }
    let payment = world.view().payment(id).cloned().unwrap();
    assert!(payment.timeline.len() <= till::limits::TIMELINE, "{}", payment.timeline.len());
    undisturbed(&world, id, "flood").await;
    for number in 0..200 {
        world.knock("POST", PATH, forger.display("1", &format!("text {number}"))).await;
    }
    world.pass(1).await;
    assert!(world.view().notices.len() <= till::limits::NOTICES);
    assert_ne!(world.view().terminals[0].health, Health::Unreachable);
}

#[tokio::test(start_paused = true)]
async fn till_in_the_light_form_has_no_ear() {
    let world = world(Form::Light).await;
    let mut forger = Forger::new("KASSA1", POI);
    assert_eq!(world.knock("POST", PATH, forger.display("1", "Approved")).await.0, 404);
    agree(&world).await;
}
