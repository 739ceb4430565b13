//! Customers at a terminal with an ECR Hub in a storm, and what happens there beside the answers: networks
//! that go away, connections that break, buttons that somebody presses, closed batches.

use acceptance::rng::Rng;
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use simulator::ecrhub::{AfterLoss, Cable, Gateway};
use till::api::Problem;

/// Everybody at such a terminal. They have a stream of chances of their own: storms stay what they were.
pub struct Hubs {
    rng: Rng,
    /// Another stream: how it is reached, and what its cable is like.
    way: Rng,
}

impl Hubs {
    pub fn new(seed: u64) -> Self {
        Self { rng: Rng::new(seed ^ 0x4543_5248), way: Rng::new(seed ^ 0x5553_4221) }
    }

    /// In a third of all storms there is such a terminal, alone or beside others; in every one where
    /// `STORM_WITH` is `lan`, `usb` or `cloud`, and then that way.
    pub fn move_in(&mut self, forms: &mut Vec<Form>) {
        let with = std::env::var("STORM_WITH").unwrap_or_default();
        let by = *self.way.pick(&[Form::Lan, Form::Usb, Form::Cloud]);
        let form = match with.as_str() {
            "lan" => Form::Lan,
            "usb" => Form::Usb,
            "cloud" => Form::Cloud,
            _ => by,
        };
        if !self.rng.chance(33) && !["lan", "usb", "cloud"].contains(&with.as_str()) {
            return;
        }
        match self.rng.below(3) {
            0 => *forms = vec![form],
            1 => forms.push(form),
            _ => forms.insert(0, form),
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
            if desk.form == Form::Cloud {
                let gateway = self.gateway();
                desk.hub().turn(|knobs| {
                    knobs.success = "0".to_owned();
                    gateway(&mut knobs.gateway);
                });
            }
            if desk.form == Form::Usb {
                let cable = self.cable();
                desk.hub().turn(|knobs| knobs.cable = cable);
                world.cables.spoil(self.way.below(u64::MAX), *self.way.pick(&[0, 0, 30, 150]));
            }
        }
    }

    /// What the operator's gateway is like.
    fn gateway(&mut self) -> impl Fn(&mut Gateway) + use<> {
        let lag_ms = *self.way.pick(&[0, 0, 1_000, 3_000]);
        let [object, texts, unsigned, twice, reordered, forged, deaf] =
            [30, 30, 40, 40, 40, 40, 30].map(|percent| self.way.chance(percent));
        move |knobs| {
            (knobs.lag_ms, knobs.data_object, knobs.numbers) = (lag_ms, object, !texts);
            (knobs.unsigned_errors, knobs.notify_forged) = (unsigned, forged);
            (knobs.notify_twice, knobs.notify_reordered) = (twice, reordered);
            if deaf {
                knobs.notify_path = None;
            }
        }
    }

    fn cable(&mut self) -> Cable {
        let mut one_in = || *self.way.pick(&[0, 0, 0, 7, 3]);
        let [lose_ack, lose_data, double_data, wrong_sum, noise, pieces] =
            std::array::from_fn(|_| one_in());
        let (tries, last_id) = (*self.way.pick(&[0, 5]), *self.way.pick(&[0, 250]));
        Cable {
            tries,
            last_id,
            lose_ack,
            lose_data,
            double_data,
            wrong_sum,
            noise,
            pieces,
            ..Cable::default()
        }
    }

    /// A customer pays; the last digits choose how that goes.
    pub async fn pay(&mut self, world: &World, desk: usize) -> (String, Result<OperationId, Problem>) {
        let trouble = if world.desks[desk].form == Form::Cloud { 36 } else { 33 };
        let ends = if self.rng.chance(50) { 40 + self.rng.below(trouble) } else { self.rng.below(40) };
        let minor = i64::try_from(100 * (1 + self.rng.below(500)) + ends).unwrap_or(100);
        (format!("pay {minor}"), world.pay_with(desk, minor, 0, None).await)
    }

    /// Something happens at the terminal or its network. Tells what.
    pub async fn trouble(&mut self, world: &World, desk: usize) -> String {
        if world.desks[desk].form == Form::Usb && self.way.chance(30) {
            return self.noise(world).await;
        }
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

    /// Something happens on its cable.
    async fn noise(&mut self, world: &World) -> String {
        let seed = self.way.below(u64::MAX);
        if self.way.chance(30) {
            world.cables.spoil(seed, 1_000);
            world.pass(60).await;
            world.cables.mend();
            return "a minute of noise".to_owned();
        }
        let per_mille = *self.way.pick(&[0, 100, 400, 1_000]);
        world.cables.spoil(seed, per_mille);
        format!("{per_mille} of a thousand messages are spoilt")
    }

    /// Everything works again.
    pub fn clear_up(world: &World) {
        world.cables.mend();
        for desk in world.desks.iter().filter(|desk| desk.form.is_hub()) {
            desk.hub().plug();
            desk.hub().turn(|knobs| knobs.cable = Cable::default());
            desk.hub().press_cancel();
        }
    }
}
