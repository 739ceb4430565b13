//! What happens every day: approve, decline, cancel, tip, cash-back, refund, reversal.

use acceptance::audit::differences;
use acceptance::world::{Form, World};
use std::collections::BTreeSet;

async fn world(form: Form) -> World {
    let mut world = World::new(7, &[form], false);
    world.start().await.unwrap();
    world
}

async fn agree(world: &World) {
    let wrong = differences(world, &BTreeSet::new()).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(start_paused = true)]
async fn approved() {
    for form in [Form::Default, Form::Light] {
        let world = world(form).await;
        let id = world.pay(0, 12_50).await.unwrap();
        let payment = world.settled(id).await;
        assert_eq!(payment.outcome, "approved", "{payment:#?}");
        agree(&world).await;
    }
}
