//! Customers at a terminal with an ECR Hub in a storm, and what happens there beside the answers: networks
//! that go away, connections that break, buttons that somebody presses, closed batches.

use acceptance::rng::Rng;
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use simulator::ecrhub::AfterLoss;
use till::api::Problem;

/// Everybody at such a terminal. They have a stream of chances of their own: storms stay what they were.
pub struct Hubs {
    rng: Rng,
}

impl Hubs {
    pub fn new(seed: u64) -> Self {
        Self { rng: Rng::new(seed ^ 0x4543_5248) }
    }

    /// In a third of all storms there is such a terminal, alone or beside others; in every one where
    /// `STORM_WITH` is `lan`.
    pub fn move_in(&mut self, forms: &mut Vec<Form>) {
        let always = std::env::var("STORM_WITH").as_deref() == Ok("lan");
        if !self.rng.chance(33) && !always {
            return;
        }
        match self.rng.below(3) {
            0 => *forms = vec![Form::Lan],
            1 => forms.push(Form::Lan),
            _ => forms.insert(0, Form::Lan),
        }
    }

    /// What the terminal is like in this storm.
    pub fn dress(&mut self, world: &World) {
        for desk in world.desks.iter().filter(|desk| desk.form.is_hub()) {
            let customer_ms = *self.rng.pick(&[1_000, 1_000, 8_000, 30_000]);
            let touch_ms = *self.rng.pick(&[400, 4_000]);
            let after_loss = *self.rng.pick(&[AfterLoss::Push, AfterLoss::Query]);
            let success = (*self.rng.pick(&["0", "000"])).to_owned();
            let [convention, echoes_id, junk, binary, empty, tells_closed, late_close, settled_only, parts] =
                [60, 60, 60, 20, 50, 50, 50, 30, 70].map(|percent| self.rng.chance(percent));
            desk.hub().turn(|knobs| {
                (knobs.customer_ms, knobs.touch_ms, knobs.after_loss) = (customer_ms, touch_ms, after_loss);
                (knobs.convention, knobs.echoes_id, knobs.junk) = (convention, echoes_id, junk);
                (knobs.binary, knobs.empty_on_cancel) = (binary, empty);
                (knobs.tells_closed, knobs.accepts_late_close) = (tells_closed, late_close);
                (knobs.refunds_settled_only, knobs.refunds_parts) = (settled_only, parts);
                knobs.success.clone_from(&success);
            });
        }
    }

    /// A customer pays; the last digits choose how that goes.
    pub async fn pay(&mut self, world: &World, desk: usize) -> (String, Result<OperationId, Problem>) {
        let ends = if self.rng.chance(50) { 40 + self.rng.below(33) } else { self.rng.below(40) };
        let minor = i64::try_from(100 * (1 + self.rng.below(500)) + ends).unwrap_or(100);
        (format!("pay {minor}"), world.pay_with(desk, minor, 0, None).await)
    }

    /// Something happens at the terminal or its network. Tells what.
    pub async fn trouble(&mut self, world: &World, desk: usize) -> String {
        let terminal = world.desks[desk].hub();
        match self.rng.below(7) {
            0 => {
                terminal.restart();
                "it starts anew".to_owned()
            }
            1 => {
                terminal.settle();
                "it settles".to_owned()
            }
            2 => {
                terminal.press_cancel();
                "somebody presses Cancel on it".to_owned()
            }
            3 | 4 => {
                terminal.hang_up();
                "its connections break".to_owned()
            }
            _ => {
                terminal.unplug();
                let seconds = [1, 8, 60, 200][usize::try_from(self.rng.below(4)).unwrap_or(0)];
                world.pass(seconds).await;
                terminal.plug();
                format!("it is out of reach for {seconds} s")
            }
        }
    }

    /// Everything works again.
    pub fn clear_up(world: &World) {
        for desk in world.desks.iter().filter(|desk| desk.form.is_hub()) {
            desk.hub().plug();
            desk.hub().press_cancel();
        }
    }
}
