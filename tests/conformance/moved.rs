//! A paired terminal that has another address: it is found by its name, proposed to a person, and spoken to
//! once somebody has said yes.

use super::scene::{agree, world};
use acceptance::desk::PAIRED;
use acceptance::world::{Form, World};
use terminals::nearby::Seen;
use till::api::Command;

/// Where it is now.
const MOVED: &str = "127.0.0.1:12777";

fn seen(instance: &str, port: u16) -> Seen {
    Seen {
        instance: format!("{instance}_1735689600000"),
        host: "127.0.0.1".into(),
        port,
        texts: Vec::new(),
    }
}

/// The terminal leaves its address for another one.
fn moves(world: &World) {
    let terminal = world.desks[0].hub().clone();
    world.wires.unplug("127.0.0.1:12001");
    world.wires.plug(MOVED, terminal);
}

async fn proposed(world: &World) -> Option<String> {
    let id = world.pay(0, 12_50).await.unwrap();
    assert_eq!(world.settled(id).await.outcome, "not_charged");
    world.pass(30).await;
    world.view().terminals[0].proposed_address.clone()
}

#[tokio::test(start_paused = true)]
async fn a_terminal_at_another_address_is_proposed_and_then_used() {
    let world = world(Form::Lan).await;
    moves(&world);
    world.signs.show(vec![seen(PAIRED, 12_777), seen("C3D4", 12_778)]);
    let address = proposed(&world).await.expect("it is found");
    assert_eq!(address, format!("ws://{MOVED}/"));
    assert!(world.desks[0].hub().orders().is_empty(), "nothing is sent before somebody says yes");
    let terminal = world.desks[0].id.clone();
    world.dispatch(Command::Address { terminal, address, confirm: true }).await.unwrap();
    let id = world.pay(0, 12_50).await.unwrap();
    assert_eq!(world.settled(id).await.outcome, "approved");
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn two_that_answer_in_its_name_are_not_proposed() {
    let world = world(Form::Lan).await;
    moves(&world);
    world.signs.show(vec![seen(PAIRED, 12_777), seen(PAIRED, 12_778)]);
    assert_eq!(proposed(&world).await, None);
    agree(&world).await;
}
