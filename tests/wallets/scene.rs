//! What the situations share: a running till whose first terminal is a gateway.

use acceptance::audit::differences;
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use simulator::pockyt::PockytGateway;
use simulator::script::{Rule, Script};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use till::api::{Command, Health, PaymentView, Problem};

/// A till that has said hello to its gateway.
pub async fn shop(seed: u64) -> World {
    opened(seed, Form::Wallet).await
}

/// The same, in this form.
pub async fn opened(seed: u64, form: Form) -> World {
    let mut world = World::new(seed, &[form], true);
    world.start().await.unwrap();
    world.until("ready", |view| view.terminals[0].health == Health::Ready).await;
    world
}

/// Its gateway.
pub fn gateway(world: &World) -> &PockytGateway {
    world.desks[0].gateway()
}

/// The gateway follows these rules from now on.
pub fn follow(world: &World, rules: impl IntoIterator<Item = Rule>) {
    gateway(world).follow(rules.into_iter().fold(Script::new(), Script::rule));
}

/// A customer shows a fresh code that ends so, to the payment's end.
pub async fn paid(world: &World, minor: i64, ends: u64) -> PaymentView {
    let id = world.pay_by_code(0, minor, ends).await.expect("it begins");
    world.settled(id).await
}

/// A payment is undone.
pub async fn reverse(world: &World, payment: OperationId) -> Result<OperationId, Problem> {
    let command = Command::Reverse { payment, or_refund: false };
    Ok(world.dispatch(command).await?.payment.expect("a reversal began"))
}

/// Requests so far.
pub fn requests(world: &World) -> u64 {
    world.wires.requests.load(Ordering::SeqCst)
}

/// Bank and journal agree.
pub async fn agree(world: &World, case: &str) {
    assert_eq!(differences(world, &BTreeSet::new()).await, Vec::<String>::new(), "{case}");
}
