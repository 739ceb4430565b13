//! What the situations share: a running till whose first terminal is a device on a cable. On virtual time.

use acceptance::audit::{differences, story};
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use simulator::kayaaku::serial::KayaakuDevice;
use simulator::script::{Rule, Script};
use std::collections::BTreeSet;
use till::api::{Health, PaymentView};

/// A till that has met its device.
pub async fn shop(seed: u64) -> World {
    let mut world = World::new(seed, &[Form::Cable], true);
    world.start().await.unwrap();
    world.until("ready", |view| view.terminals[0].health == Health::Ready).await;
    world
}

/// Its device.
pub fn device(world: &World) -> &KayaakuDevice {
    world.desks[0].device()
}

/// The device follows these rules from now on.
pub fn follow(world: &World, rules: impl IntoIterator<Item = Rule>) {
    device(world).follow(rules.into_iter().fold(Script::new(), Script::rule));
}

/// Waits until the device has begun so many payments.
pub async fn begun(world: &World, count: usize) {
    for _ in 0..600 {
        if device(world).transactions().len() >= count {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the device has {:?}", device(world).transactions());
}

/// A payment to its end: outcome and reason.
pub async fn ends(world: &World, id: OperationId) -> String {
    told(&world.settled(id).await)
}

/// Outcome and reason of a payment.
pub fn told(payment: &PaymentView) -> String {
    match &payment.reason {
        Some(reason) => format!("{}/{reason}", payment.outcome),
        None => payment.outcome.clone(),
    }
}

/// Bank and journal agree.
pub async fn agree(world: &World, case: &str) {
    let wrong = differences(world, &BTreeSet::new()).await;
    let mut stories = Vec::new();
    for payment in world.view().payments.iter().filter(|_| !wrong.is_empty()) {
        stories.extend(story(world, payment.payment).await);
    }
    assert!(wrong.is_empty(), "{case}: {wrong:#?}\n{stories:#?}\n{:#?}", device(world).trace());
}
