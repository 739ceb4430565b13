//! Full card numbers: whoever says or types one, the till neither keeps nor shows it. What the terminal asked
//! for it gets as it was typed.

use super::scene::{
    LISTENS, agree, becomes, decide_because, forms, made, once, question, reply, rest, scripted, world,
};
use acceptance::audit::story;
use acceptance::rival::{Forger, PATH};
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use domain::money::Money;
use domain::operation::Method;
use domain::payment::Verdict;
use domain::prompt::Answer;
use simulator::script::{Action, Restart};
use till::api::{Command, ServiceWanted};
use wire::nexo::InputCommand;

const POI: &str = "POI-desk1";
/// One number in every way that people and terminals write it.
const NUMBERS: [&str; 3] = ["5413330089020011", "5413 3300 8902 0011", "5413-3300-8902-0011"];

async fn slow_payment() -> (World, OperationId) {
    let world = scripted(Form::Default, [once().act(Action::Slow(30_000))]).await;
    let id = world.pay(0, 12_50).await.unwrap();
    made(&world, id, "sent").await;
    world.pass(2).await;
    (world, id)
}

/// The number is neither in the journal, with everything beside it, nor on a screen.
async fn nowhere(world: &World, case: &str) {
    world.store().flush().await.unwrap();
    let kept = world.store().snapshot().await.unwrap();
    let shown = format!("{:?} {:?}", world.view(), world.till().customer_views().borrow());
    for number in NUMBERS {
        let is_there = kept.bytes().windows(number.len()).any(|part| part == number.as_bytes());
        assert!(!is_there, "{case}: {number} is kept");
        assert!(!shown.contains(number), "{case}: {number} is shown");
    }
}

#[tokio::test(start_paused = true)]
async fn typed_for_the_terminal() {
    for (command, number) in [InputCommand::TextString, InputCommand::TextString, InputCommand::TextString]
        .into_iter()
        .zip(NUMBERS)
        .chain([(InputCommand::DigitString, NUMBERS[0])])
    {
        let (world, id) = slow_payment().await;
        let mut forger = Forger::new("KASSA1", POI);
        let asking = world.knock("POST", PATH, forger.entry("1", "Which card?", command));
        let answering = async {
            question(&world, id).await;
            reply(&world, id, Answer::Typed(number.to_owned())).await;
        };
        let ((_, body), ()) = tokio::join!(asking, answering);
        assert!(String::from_utf8(body).unwrap().contains(number), "the terminal gets what was typed");
        nowhere(&world, "typed").await;
        let told = story(&world, id).await.join(" ");
        assert!(told.contains("PromptAnswered") && told.contains("0011"), "{told}");
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn said_by_the_terminal() {
    for number in NUMBERS {
        let (world, id) = slow_payment().await;
        let text = format!("Card {number}?");
        let mut forger = Forger::new("KASSA1", POI);
        world.knock("POST", PATH, forger.display("1", &text)).await;
        let asking = world.knock("POST", PATH, forger.question("1", &text));
        let answering = async {
            question(&world, id).await;
            nowhere(&world, "question").await;
            reply(&world, id, Answer::No).await;
        };
        tokio::join!(asking, answering);
        world.knock("POST", PATH, forger.print("1", &text)).await;
        for name in ["Reject", "SaleAdmin", "OutOfOrder", number] {
            world.knock("POST", PATH, forger.telling(name, &text)).await;
        }
        nowhere(&world, "during").await;
        becomes(&world, id, "approved").await;
        rest(&world).await;
        world.knock("POST", PATH, forger.display("1", &text)).await;
        world.knock("POST", PATH, forger.print("1", &text)).await;
        world.pass(1).await;
        assert!(!world.view().notices.is_empty());
        nowhere(&world, "afterwards").await;
    }
}

#[tokio::test(start_paused = true)]
async fn typed_by_a_person() {
    for number in NUMBERS {
        let text = format!("card {number}");
        let world = scripted(Form::Light, [once().act(Restart { before: false, forgets: true })]).await;
        let terminal = world.desks[0].id.clone();
        let labelled = Command::Pay {
            terminal: terminal.clone(),
            amount: World::money(12_50),
            cash_back: Money::zero(World::money(0).currency),
            method: Method::Any,
            label: Some(text.clone()),
            tender: None,
            code: None,
            seen: None,
        };
        let id = world.dispatch(labelled).await.unwrap().payment.unwrap();
        becomes(&world, id, "disputed/cannot_tell").await;
        let unblock = Command::Unblock { terminal, person: text.clone(), reason: text.clone() };
        world.dispatch(unblock).await.unwrap();
        decide_because(&world, id, Verdict::NotCharged, &text, &text).await.unwrap();
        nowhere(&world, "typed by a person").await;
    }
}

#[tokio::test(start_paused = true)]
async fn typed_by_the_customer() {
    for form in forms(LISTENS) {
        let world = world(form).await;
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "approved").await;
        rest(&world).await;
        let (terminal, text) = (world.desks[0].id.clone(), "Number?".to_owned());
        let asked = Command::Service { terminal, service: ServiceWanted::Ask { text, digits: true } };
        let answer = world.dispatch(asked).await.unwrap().answer;
        assert_eq!(answer, answer.as_ref().map(Answer::masked), "shown masked");
        nowhere(&world, "typed by the customer").await;
    }
}
