//! An installer who cannot leave the settings alone while customers pay: other deadlines, another language,
//! a terminal taken out and put back. Refusals are as good as anything: no payment may be lost by it.

use acceptance::rng::Rng;
use acceptance::world::{Form, World};
use till::api::{Command, TerminalWanted};

/// Somebody with a screwdriver.
pub struct Installer(Rng);

impl Installer {
    pub fn new(seed: u64) -> Self {
        Self(Rng::new(seed ^ 0x0005_C4E0))
    }

    /// Changes something now and then. Tells what.
    pub async fn tinker(&mut self, world: &World, desk: usize) -> Option<String> {
        if !self.0.chance(12) {
            return None;
        }
        let mut form = world.form_of(desk);
        let terminal = world.desks[desk].id.clone();
        let is_there = world.view().terminals.iter().any(|shown| shown.terminal == terminal);
        let put = |form: &mut till::api::TerminalForm, key: &str, value: &str| {
            form.settings.insert(key.to_owned(), value.to_owned());
        };
        let wanted = match self.0.below(5) {
            _ if !is_there => TerminalWanted::Add { form },
            0 => TerminalWanted::Remove { terminal },
            1 => {
                let (key, choice) = match world.desks[desk].form {
                    Form::Wallet | Form::Notified => ("pay_path", ["pay", "prepay", "prepay"]),
                    Form::Lan | Form::Usb | Form::Cloud => ("expires_ms", ["180000", "120000", "60000"]),
                    Form::Cable => ("answer_ms", ["180000", "120000", "60000"]),
                    Form::Edc | Form::Sealed => ("email", ["a@example.my", "b@example.my", "c@example.my"]),
                    Form::Default | Form::Light => ("language", ["sv", "fi", "en"]),
                };
                let value = *self.0.pick(&choice);
                put(&mut form, key, value);
                TerminalWanted::Change { form }
            }
            _ => {
                put(&mut form, "connect_ms", &(900 + self.0.below(4_000)).to_string());
                TerminalWanted::Change { form }
            }
        };
        let done = world.dispatch(Command::EditTerminal { wanted: wanted.clone() }).await;
        Some(format!("{wanted:?}: {:?}", done.map(|_| "done").map_err(|problem| problem.code)))
    }

    /// Everything is where it belongs again.
    pub async fn tidy_up(world: &World) {
        for desk in 0..world.desks.len() {
            let form = world.form_of(desk);
            let wanted = TerminalWanted::Add { form };
            let _there_already = world.dispatch(Command::EditTerminal { wanted }).await;
        }
    }
}
