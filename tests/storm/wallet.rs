//! Customers with phones in a storm, and what a gateway does beside its answers: late, doubled, reordered and
//! forged notifications, a clock of its own, connections that end.

use acceptance::desk::authority;
use acceptance::rng::Rng;
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use till::api::Problem;

/// Where a gateway posts.
const IPN: &str = "/pockyt/ipn";

/// Everybody's wallets. They have a stream of chances of their own: storms stay what they were.
pub struct Wallets {
    rng: Rng,
    shown: Vec<String>,
}

impl Wallets {
    pub fn new(seed: u64) -> Self {
        Self { rng: Rng::new(seed ^ 0x00A1_1FA7), shown: Vec::new() }
    }

    /// In half of all storms there is a gateway, alone or beside card terminals.
    pub fn move_in(&mut self, forms: &mut Vec<Form>) {
        if !self.rng.chance(50) {
            return;
        }
        let form = if self.rng.chance(50) { Form::Wallet } else { Form::Notified };
        match self.rng.below(3) {
            0 => *forms = vec![form],
            1 => forms.push(form),
            _ => forms.insert(0, form),
        }
    }

    /// What a gateway is like in this storm.
    pub fn dress(&mut self, world: &World) {
        for desk in world.desks.iter().filter(|desk| desk.form.is_wallet()) {
            let (twice, reordered, forged) =
                (self.rng.chance(50), self.rng.chance(33), self.rng.chance(20));
            let delay_ms = *self.rng.pick(&[0, 400, 5_000, 90_000]);
            let skew_s = *self.rng.pick(&[0, 0, 0, -300, 300, 30]);
            let lag_s = *self.rng.pick(&[0, 0, 0, 4, 20, 60]);
            desk.gateway().turn(|knobs| {
                (knobs.ipn_twice, knobs.ipn_reordered, knobs.ipn_forged) = (twice, reordered, forged);
                (knobs.ipn_delay_ms, knobs.skew_s) = (delay_ms, skew_s);
                knobs.cancel_lag_s = lag_s;
            });
        }
    }

    /// A customer shows a code, or scans one of the till's. Tells what.
    pub async fn pay(&mut self, world: &World, desk: usize) -> (String, Result<OperationId, Problem>) {
        let minor = i64::try_from(100 + self.rng.below(50_000)).unwrap_or(100);
        let ends = self.rng.below(100);
        match self.rng.below(20) {
            0..=3 => (format!("show a code for {minor}"), world.pay_by_screen(desk, minor).await),
            4 => {
                let code = world.code(ends);
                let code = self.shown.last().cloned().unwrap_or(code);
                (format!("pay {minor} by the same code"), world.pay_by(desk, minor, code).await)
            }
            5 => {
                let code =
                    (*self.rng.pick(&["7310865004703", "https://example.com/pay", "28123"])).to_owned();
                (format!("pay {minor} by {code}"), world.pay_by(desk, minor, code).await)
            }
            _ => {
                let code = world.code(ends);
                self.shown.push(code.clone());
                (format!("pay {minor} by {code}"), world.pay_by(desk, minor, code).await)
            }
        }
    }

    /// Something happens at the gateway, or in its name. Tells what.
    pub async fn trouble(&mut self, world: &World, desk: usize) -> String {
        let gateway = world.desks[desk].gateway();
        match self.rng.below(5) {
            0 => {
                gateway.restart();
                "its connections end".to_owned()
            }
            1 | 2 => {
                world.wires.unplug(&authority(desk));
                world.pass([1, 8, 60, 200][usize::try_from(self.rng.below(4)).unwrap_or(0)]).await;
                world.wires.plug(&authority(desk), gateway.clone());
                "it could not be reached for a while".to_owned()
            }
            3 => {
                let skew_s = *self.rng.pick(&[-300, 0, 300]);
                gateway.turn(|knobs| knobs.skew_s = skew_s);
                format!("its clock is set by {skew_s} s")
            }
            _ => {
                let body = *self.rng.pick(&[
                    "status=success&amount=0.01&verifySign=00",
                    "<html>",
                    "",
                    "status=success&status=failed&verifySign=%zz",
                ]);
                let (status, _) = world.knock("POST", IPN, body).await;
                format!("somebody posts {body:?} in its name: {status}")
            }
        }
    }

    /// Everything works again.
    pub fn clear_up(&self, world: &World) {
        for (index, desk) in world.desks.iter().enumerate().filter(|(_, desk)| desk.form.is_wallet()) {
            world.wires.plug(&authority(index), desk.gateway().clone());
        }
    }
}
