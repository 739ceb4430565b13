//! Customers at a device on a cable in a storm, and what happens there beside the answers: cables that are
//! pulled, noise and lost bytes on them, buttons that somebody presses, closed batches, payments that begin
//! at the device.

use acceptance::rng::Rng;
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use till::api::Problem;

/// Everybody at such a device. They have a stream of chances of their own: storms stay what they were.
pub struct Cabled {
    rng: Rng,
    seed: u64,
}

impl Cabled {
    pub fn new(seed: u64) -> Self {
        Self { rng: Rng::new(seed ^ 0x5354_5458), seed }
    }

    /// In a third of all storms there is such a device, alone or beside others; in every one where
    /// `STORM_WITH` is `cable`.
    pub fn move_in(&mut self, forms: &mut Vec<Form>) {
        let always = std::env::var("STORM_WITH").as_deref() == Ok("cable");
        if !self.rng.chance(33) && !always {
            return;
        }
        match self.rng.below(3) {
            0 => *forms = vec![Form::Cable],
            1 => forms.push(Form::Cable),
            _ => forms.insert(0, Form::Cable),
        }
    }

    /// What device and cable are like in this storm.
    pub fn dress(&mut self, world: &World) {
        for desk in world.desks.iter().filter(|desk| desk.form.is_cabled()) {
            let next_ms = *self.rng.pick(&[500, 500, 20_000, 100_000]);
            let customer_ms = *self.rng.pick(&[1_000, 1_000, 8_000]);
            let convention = self.rng.chance(60);
            desk.device().turn(|knobs| {
                (knobs.next_ms, knobs.customer_ms, knobs.convention) = (next_ms, customer_ms, convention);
            });
            let per_mille = *self.rng.pick(&[0, 0, 30, 150]);
            world.cables.spoil(self.seed, per_mille);
        }
    }

    /// A customer pays; the last digits choose how that goes.
    pub async fn pay(&mut self, world: &World, desk: usize) -> (String, Result<OperationId, Problem>) {
        let ends = if self.rng.chance(50) { 40 + self.rng.below(33) } else { self.rng.below(40) };
        let minor = i64::try_from(100 * (1 + self.rng.below(500)) + ends).unwrap_or(100);
        (format!("pay {minor}"), world.pay_with(desk, minor, 0, None).await)
    }

    /// Something happens at the device or its cable. Tells what.
    pub async fn trouble(&mut self, world: &World, desk: usize) -> String {
        let device = world.desks[desk].device();
        match self.rng.below(8) {
            0 => {
                device.restart();
                "it starts anew".to_owned()
            }
            1 => {
                device.settle();
                "it settles".to_owned()
            }
            2 => {
                device.press_cancel();
                "somebody presses Cancel on it".to_owned()
            }
            3 => {
                device.unplug();
                device.plug();
                "its cable is pulled for a moment".to_owned()
            }
            4 | 5 => {
                device.unplug();
                let seconds = [1, 8, 60, 200][usize::try_from(self.rng.below(4)).unwrap_or(0)];
                world.pass(seconds).await;
                device.plug();
                format!("its cable is out for {seconds} s")
            }
            6 => {
                let per_mille = *self.rng.pick(&[0, 100, 400, 1_000]);
                world.cables.spoil(self.rng.below(u64::MAX), per_mille);
                format!("{per_mille} of a thousand messages are spoilt")
            }
            _ => {
                world.cables.spoil(self.rng.below(u64::MAX), 1_000);
                world.pass(60).await;
                world.cables.mend();
                "a minute of noise".to_owned()
            }
        }
    }

    /// Everything works again.
    pub fn clear_up(world: &World) {
        world.cables.mend();
        for desk in world.desks.iter().filter(|desk| desk.form.is_cabled()) {
            desk.device().plug();
            desk.device().press_cancel();
        }
    }
}
