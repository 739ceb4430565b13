//! Customers at a device behind a host in a storm, and what happens there beside the answers: buttons that
//! somebody presses, closed batches, connections that end, notifications in the host's name.

use acceptance::desk::authority;
use acceptance::rng::Rng;
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use till::api::Problem;

/// Where a host posts.
const NOTIFICATION: &str = "/kayaaku/notification";

/// Everybody at such a device. They have a stream of chances of their own: storms stay what they were.
pub struct Hosted {
    rng: Rng,
}

impl Hosted {
    pub fn new(seed: u64) -> Self {
        Self { rng: Rng::new(seed ^ 0x4B50_4F53) }
    }

    /// In a third of all storms there is such a device, alone or beside others; in every one where
    /// `STORM_WITH` is `edc` or `sealed`.
    pub fn move_in(&mut self, forms: &mut Vec<Form>) {
        let is_there = self.rng.chance(33);
        let form = if self.rng.chance(65) { Form::Edc } else { Form::Sealed };
        let wanted = match std::env::var("STORM_WITH").as_deref() {
            Ok("edc") => Some(Form::Edc),
            Ok("sealed") => Some(Form::Sealed),
            Ok(_) | Err(_) => None,
        };
        let Some(form) = wanted.or(is_there.then_some(form)) else { return };
        match self.rng.below(3) {
            0 => *forms = vec![form],
            1 => forms.push(form),
            _ => forms.insert(0, form),
        }
    }

    /// What a device is like in this storm.
    pub fn dress(&mut self, world: &World) {
        for desk in world.desks.iter().filter(|desk| desk.form.is_hosted()) {
            let repeats_amount = self.rng.chance(50);
            let next_ms = *self.rng.pick(&[500, 500, 20_000, 170_000]);
            let customer_ms = *self.rng.pick(&[1_000, 1_000, 8_000]);
            let convention = self.rng.chance(60);
            desk.host().turn(|knobs| {
                (knobs.repeats_amount, knobs.next_ms) = (repeats_amount, next_ms);
                (knobs.customer_ms, knobs.convention) = (customer_ms, convention);
            });
        }
    }

    /// A customer pays; the last digits choose how that goes.
    pub async fn pay(&mut self, world: &World, desk: usize) -> (String, Result<OperationId, Problem>) {
        let ends = if self.rng.chance(50) { 40 + self.rng.below(33) } else { self.rng.below(40) };
        let minor = i64::try_from(100 * (1 + self.rng.below(500)) + ends).unwrap_or(100);
        (format!("pay {minor}"), world.pay_with(desk, minor, 0, None).await)
    }

    /// Something happens at the host or the device, or in its name. Tells what.
    pub async fn trouble(&mut self, world: &World, desk: usize) -> String {
        let host = world.desks[desk].host();
        match self.rng.below(6) {
            0 => {
                host.restart();
                "its connections end".to_owned()
            }
            1 => {
                host.settle();
                "it settles".to_owned()
            }
            2 | 3 => {
                host.press_cancel();
                "somebody presses Cancel on the device".to_owned()
            }
            4 => {
                world.wires.unplug(&authority(desk));
                world.pass([1, 8, 60, 200][usize::try_from(self.rng.below(4)).unwrap_or(0)]).await;
                world.wires.plug(&authority(desk), host.clone());
                "it could not be reached for a while".to_owned()
            }
            _ => {
                let body = *self.rng.pick(&["0025", "", "<html>", "0025a.b.c.d.e"]);
                let (status, _) = world.knock("POST", NOTIFICATION, body).await;
                format!("somebody posts {body:?} in its name: {status}")
            }
        }
    }

    /// Everything works again.
    pub fn clear_up(world: &World) {
        for (index, desk) in world.desks.iter().enumerate().filter(|(_, desk)| desk.form.is_hosted()) {
            world.wires.plug(&authority(index), desk.host().clone());
            desk.host().press_cancel();
        }
    }
}
