//! One storm.

use crate::cabled::Cabled;
use crate::counter::Counter;
use crate::hosted::Hosted;
use crate::hubs::Hubs;
use crate::installer::Installer;
use crate::printer::Printer;
use crate::tally::Tally;
use crate::wallet::Wallets;
use acceptance::audit::{self, differences};
use acceptance::cashier::{Habit, employ};
use acceptance::line::PowerCut;
use acceptance::rng::Rng;
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use jiff::SignedDuration;
use simulator::faults::Plan;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use store::{DiskFault, Snapshot};
use till::api::{Command, ServiceWanted};
use tokio::task::JoinHandle;

/// Runs one storm; the error tells what was done and what differs.
pub fn run(seed: u64, tally: &Tally) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .map_err(|error| error.to_string())?;
    let log = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let storm = AssertUnwindSafe(|| {
        runtime.block_on(async {
            let mut storm = Storm::new(seed, std::sync::Arc::clone(&log));
            storm.blow().await;
            storm.calm().await;
            storm.judge(tally).await
        })
    });
    let wrong = match std::panic::catch_unwind(storm) {
        Ok(wrong) => wrong,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            vec![
                text.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()))
                    .unwrap_or_default(),
            ]
        }
    };
    let log = log.lock().unwrap().join("\n  ");
    if wrong.is_empty() { Ok(()) } else { Err(format!("  {log}\n=> {}", wrong.join("\n=> "))) }
}

struct Storm {
    seed: u64,
    rng: Rng,
    world: World,
    plans: Vec<Plan>,
    cashier: Option<JoinHandle<()>>,
    begun: Vec<(usize, OperationId)>,
    printer: Printer,
    wallets: Wallets,
    hosted: Hosted,
    cabled: Cabled,
    hubs: Hubs,
    /// In every second storm goods are sold, too.
    counter: Option<Counter>,
    installer: Installer,
    backup: Option<(Snapshot, usize)>,
    lost: BTreeSet<String>,
    crashes: u64,
    restores: u64,
    log: std::sync::Arc<std::sync::Mutex<Vec<String>>>,
}

impl Storm {
    fn new(seed: u64, log: std::sync::Arc<std::sync::Mutex<Vec<String>>>) -> Self {
        let mut rng = Rng::new(seed);
        let form = |rng: &mut Rng| if rng.chance(50) { Form::Default } else { Form::Light };
        let mut forms = vec![form(&mut rng)];
        if rng.chance(30) {
            forms.push(form(&mut rng));
        }
        let mut wallets = Wallets::new(seed);
        wallets.move_in(&mut forms);
        let mut hosted = Hosted::new(seed);
        hosted.move_in(&mut forms);
        let mut cabled = Cabled::new(seed);
        cabled.move_in(&mut forms);
        let mut hubs = Hubs::new(seed);
        hubs.move_in(&mut forms);
        let world = World::new(seed, &forms, rng.chance(40));
        wallets.dress(&world);
        hosted.dress(&world);
        cabled.dress(&world);
        hubs.dress(&world);
        let printer = Printer::new(seed, &world);
        let mut plans = Vec::new();
        for (index, desk) in world.desks.iter().enumerate() {
            let rate = [0, 60, 150, 350][usize::try_from(rng.below(4)).unwrap_or(0)];
            let (survivable, fatal) = match desk.form {
                Form::Wallet | Form::Notified => {
                    (simulator::pockyt::faults(), simulator::pockyt::lasting_faults())
                }
                Form::Edc | Form::Sealed => {
                    (simulator::kayaaku::faults(), simulator::kayaaku::lasting_faults())
                }
                Form::Cable => {
                    (simulator::kayaaku::serial::faults(), simulator::kayaaku::serial::lasting_faults())
                }
                Form::Lan | Form::Usb => (simulator::ecrhub::faults(), simulator::ecrhub::lasting_faults()),
                Form::Cloud => (simulator::ecrhub::cloud_faults(), simulator::ecrhub::lasting_faults()),
                Form::Default | Form::Light => (Plan::survivable(), Plan::fatal()),
            };
            let is_fatal = rng.chance(15);
            let choice = survivable.into_iter().chain(fatal.into_iter().filter(|_| is_fatal)).collect();
            let plan = Plan::choosing(seed + index as u64, rate, choice);
            desk.suffer(plan.clone());
            plans.push(plan);
        }
        Self {
            seed,
            rng,
            world,
            plans,
            cashier: None,
            begun: Vec::new(),
            printer,
            wallets,
            hosted,
            cabled,
            hubs,
            counter: (seed % 2 == 1).then(|| Counter::new(seed)),
            installer: Installer::new(seed),
            backup: None,
            lost: BTreeSet::new(),
            crashes: 0,
            restores: 0,
            log,
        }
    }

    fn note(&self, what: impl Into<String>) {
        self.log.lock().unwrap().push(what.into());
    }

    async fn start(&mut self) {
        if self.world.is_running() {
            return;
        }
        match self.world.start().await {
            Ok(()) => self.hire(),
            Err(problem) => panic!("the till does not start: {problem}"),
        }
    }

    fn hire(&mut self) {
        if let Some(cashier) = self.cashier.take() {
            cashier.abort();
        }
        let habit = Habit::Moody(self.seed ^ self.crashes);
        self.cashier = Some(employ(self.world.till(), &self.world.random, habit));
    }

    /// The storm itself.
    async fn blow(&mut self) {
        self.start().await;
        for _ in 0..6 + self.rng.below(14) {
            self.start().await;
            self.gust().await;
            self.wait().await;
        }
    }

    /// Some time passes; an ordered power cut may strike meanwhile.
    async fn wait(&mut self) {
        let seconds = [0, 1, 3, 8, 20, 60, 200][usize::try_from(self.rng.below(7)).unwrap_or(0)];
        let power = std::sync::Arc::clone(&self.world.wires.power);
        let time = std::time::Duration::from_millis(seconds * 1_000 + self.rng.below(900));
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            () = power.notified() => self.crash("ordered").await,
        }
    }

    async fn crash(&mut self, why: &str) {
        self.note(format!("power cut ({why})"));
        self.crashes += 1;
        self.world.wires.cancel_cut();
        self.world.crash().await;
        let down = self.rng.below(40);
        self.world.pass(down).await;
        self.start().await;
    }

    async fn gust(&mut self) {
        let desk = usize::try_from(self.rng.below(self.world.desks.len() as u64)).unwrap_or(0);
        let paper = self.printer.gust(&self.world).await;
        paper.into_iter().for_each(|what| self.note(what));
        self.sell(desk).await;
        if let Some(what) = self.installer.tinker(&self.world, desk).await {
            self.note(what);
        }
        match self.rng.below(100) {
            0..=39 => self.pay(desk).await,
            40..=46 => self.refund(desk).await,
            47..=53 => self.reverse().await,
            54..=61 => self.abort().await,
            62..=67 => self.crash("random").await,
            68..=74 => {
                let after = self.rng.chance(50);
                let when = if after { PowerCut::AfterTheAnswer } else { PowerCut::BeforeTheRequest };
                let exchanges = i64::try_from(self.rng.below(6)).unwrap_or(0);
                self.note(format!("a power cut is ordered: {when:?} in {exchanges}"));
                self.world.wires.order_cut(exchanges, when);
            }
            75..=79 => self.terminal_trouble(desk).await,
            80..=84 => {
                let by = [-3_600, -30, 45, 3_600][usize::try_from(self.rng.below(4)).unwrap_or(0)];
                self.note(format!("the clock is set by {by} s"));
                self.world.step_clock(SignedDuration::from_secs(by));
            }
            85..=89 => self.disk().await,
            90..=94 => self.back_up_or_restore().await,
            _ => self.logout(desk).await,
        }
    }

    /// Some presses at the counter.
    async fn sell(&mut self, desk: usize) {
        let Some(mut counter) = self.counter.take() else { return };
        for _ in 0..self.rng.below(5) {
            let (what, begun) = counter.press(&self.world, desk).await;
            self.note(what);
            self.begun.extend(begun.map(|id| (desk, id)));
        }
        self.counter = Some(counter);
    }

    async fn pay(&mut self, desk: usize) {
        if self.world.desks[desk].form.is_wallet() {
            let (what, begun) = self.wallets.pay(&self.world, desk).await;
            self.note(format!("{what} on {desk}: {}", told(&begun)));
            self.begun.extend(begun.ok().map(|id| (desk, id)));
            return;
        }
        if self.world.desks[desk].form.is_hosted() {
            let (what, begun) = self.hosted.pay(&self.world, desk).await;
            self.note(format!("{what} on {desk}: {}", told(&begun)));
            self.begun.extend(begun.ok().map(|id| (desk, id)));
            return;
        }
        if self.world.desks[desk].form.is_cabled() {
            let (what, begun) = self.cabled.pay(&self.world, desk).await;
            self.note(format!("{what} on {desk}: {}", told(&begun)));
            self.begun.extend(begun.ok().map(|id| (desk, id)));
            return;
        }
        if self.world.desks[desk].form.is_hub() {
            let (what, begun) = self.hubs.pay(&self.world, desk).await;
            self.note(format!("{what} on {desk}: {}", told(&begun)));
            self.begun.extend(begun.ok().map(|id| (desk, id)));
            return;
        }
        let convention = [0, 1, 2, 3, 4, 6, 8, 8, 9, 10, 11, 11, 12, 13, 14, 15, 16, 17, 18, 19];
        let last = if self.rng.chance(60) { *self.rng.pick(&convention) } else { 0 };
        let minor = i64::try_from(100 * (1 + self.rng.below(500))).unwrap_or(100) + last;
        let cash_back = if self.rng.chance(10) { minor / 3 } else { 0 };
        let begun = self.world.pay_with(desk, minor, cash_back, None).await;
        self.note(format!("pay {minor} on {desk}: {}", told(&begun)));
        self.begun.extend(begun.ok().map(|id| (desk, id)));
    }

    fn some_payment(&mut self) -> Option<(usize, OperationId)> {
        if self.begun.is_empty() {
            return None;
        }
        // The newest ones matter most.
        let back = self.rng.below(4.min(self.begun.len() as u64));
        self.begun.iter().rev().nth(usize::try_from(back).unwrap_or(0)).copied()
    }

    async fn refund(&mut self, desk: usize) {
        let original = if self.rng.chance(60) { self.some_payment().map(|(_, id)| id) } else { None };
        let minor = i64::try_from(100 * (1 + self.rng.below(60))).unwrap_or(100);
        let begun = self.world.refund(desk, minor, original).await;
        self.note(format!("refund {minor} on {desk} against {original:?}: {}", told(&begun)));
        self.begun.extend(begun.ok().map(|id| (desk, id)));
    }

    async fn reverse(&mut self) {
        let Some((desk, payment)) = self.some_payment() else { return };
        let or_refund = self.rng.chance(30);
        let begun = self.world.dispatch(Command::Reverse { payment, or_refund }).await;
        let begun = begun.map(|accepted| accepted.payment);
        self.note(format!("reverse {payment}: {begun:?}"));
        self.begun.extend(begun.ok().flatten().map(|id| (desk, id)));
    }

    async fn abort(&mut self) {
        let Some((_, payment)) = self.some_payment() else { return };
        let done = self.world.dispatch(Command::Abort { payment }).await;
        self.note(format!("abort {payment}: {:?}", done.map_err(|problem| problem.code)));
    }

    async fn terminal_trouble(&mut self, desk: usize) {
        if self.world.desks[desk].form.is_wallet() {
            let what = self.wallets.trouble(&self.world, desk).await;
            self.note(format!("gateway {desk}: {what}"));
            return;
        }
        if self.world.desks[desk].form.is_hosted() {
            let what = self.hosted.trouble(&self.world, desk).await;
            self.note(format!("host {desk}: {what}"));
            return;
        }
        if self.world.desks[desk].form.is_cabled() {
            let what = self.cabled.trouble(&self.world, desk).await;
            self.note(format!("cable {desk}: {what}"));
            return;
        }
        if self.world.desks[desk].form.is_hub() {
            let what = self.hubs.trouble(&self.world, desk).await;
            self.note(format!("hub {desk}: {what}"));
            return;
        }
        let terminal = self.world.desks[desk].nexo().clone();
        match self.rng.below(6) {
            0 => {
                self.note(format!("terminal {desk} restarts and forgets"));
                terminal.reboot_forgetting();
            }
            1 | 2 => {
                self.note(format!("terminal {desk} restarts"));
                terminal.reboot();
            }
            3 => {
                self.note(format!("terminal {desk} is unplugged"));
                terminal.unplug();
                self.wait().await;
                terminal.plug();
            }
            4 => {
                self.note(format!("terminal {desk} updates"));
                terminal.begin_maintenance().await;
                self.wait().await;
                terminal.end_maintenance().await;
            }
            _ => {
                self.note(format!("terminal {desk} announces an address"));
                terminal.announce("192.0.2.77:11000".parse().unwrap()).await;
            }
        }
    }

    async fn disk(&mut self) {
        let fault =
            *self.rng.pick(&[DiskFault::Full, DiskFault::FullForGood, DiskFault::ReadOnly, DiskFault::Io]);
        let writes = 1 + u32::try_from(self.rng.below(6)).unwrap_or(0);
        let well = u32::try_from(self.rng.below(4)).unwrap_or(0);
        self.note(format!("the disk: {fault:?} for {writes} writes after {well}"));
        self.world.fail_disk_after(well, fault, writes);
    }

    async fn back_up_or_restore(&mut self) {
        match self.backup.take() {
            None => {
                self.note("a backup is made");
                match self.world.store().snapshot().await {
                    Ok(snapshot) => self.backup = Some((snapshot, self.begun.len())),
                    Err(error) => self.note(format!("it is not: {error}")),
                }
            }
            Some((snapshot, known)) => {
                self.note("the backup is put back");
                self.restores += 1;
                self.crashes += 1;
                // Whoever puts a backup back has a disk that works.
                self.world.fail_disk(DiskFault::Io, 0);
                let books = audit::books(&self.world).await;
                let kept: BTreeSet<OperationId> =
                    self.begun.iter().take(known).map(|(_, id)| *id).collect();
                let lost: Vec<_> = books.payments.iter().filter(|it| !kept.contains(&it.id())).collect();
                self.lost.extend(lost.iter().flat_map(|it| audit::names(it)).map(str::to_owned));
                // What went back in the lost part went back against a payment that the backup may have.
                let against = lost.iter().filter_map(|it| it.operation.original.as_ref());
                let originals: BTreeSet<OperationId> = against.map(|it| it.operation).collect();
                let hit = books.payments.iter().filter(|it| originals.contains(&it.id()));
                self.lost.extend(hit.flat_map(audit::names).map(str::to_owned));
                self.begun.truncate(known);
                self.world.wires.cancel_cut();
                self.world.restore(&snapshot).await;
                self.hire();
            }
        }
    }

    async fn logout(&mut self, desk: usize) {
        let terminal = self.world.desks[desk].id.clone();
        let command = Command::Service { terminal, service: ServiceWanted::Logout };
        let done = self.world.dispatch(command).await.map_err(|problem| problem.code);
        self.note(format!("log out on {desk}: {done:?}"));
    }

    /// Everything works again, somebody presses what must be pressed, and ten minutes pass.
    async fn calm(&mut self) {
        self.note("calm");
        self.plans.iter().for_each(Plan::heal);
        // A cut that struck while nobody waited for it is still to come.
        let power = std::sync::Arc::clone(&self.world.wires.power);
        if tokio::time::timeout(std::time::Duration::from_millis(1), power.notified()).await.is_ok() {
            self.crash("ordered").await;
        }
        self.world.wires.cancel_cut();
        for desk in self.world.desks.iter().filter(|desk| desk.form.is_nexo()) {
            desk.nexo().plug();
            desk.nexo().end_maintenance().await;
        }
        self.wallets.clear_up(&self.world);
        Hosted::clear_up(&self.world);
        Cabled::clear_up(&self.world);
        Hubs::clear_up(&self.world);
        self.start().await;
        self.world.fail_disk(DiskFault::Full, 0);
        Installer::tidy_up(&self.world).await;
        if let Some(cashier) = self.cashier.take() {
            cashier.abort();
        }
        let habit = if self.rng.chance(50) { Habit::Yes } else { Habit::No };
        self.cashier = Some(employ(self.world.till(), &self.world.random, habit));
        for _ in 0..10 {
            self.world.pass(60).await;
            // A terminal that waits for ever is cancelled by somebody.
            for payment in self.world.view().payments.iter().filter(|it| it.state != "closed") {
                let _ = self.world.dispatch(Command::Abort { payment: payment.payment }).await;
            }
        }
        for desk in &self.world.desks {
            // Refused where a payment waits for a person.
            let _ = self.world.dispatch(Command::OpenTerminal { terminal: desk.id.clone() }).await;
        }
        let _ = self.world.dispatch(Command::RecoverNow).await;
        self.world.pass(600).await;
    }

    async fn judge(&mut self, tally: &Tally) -> Vec<String> {
        let mut wrong = differences(&self.world, &self.lost).await;
        wrong.extend(self.printer.twice(&self.world, self.restores));
        if self.world.wires.are_worn_out() {
            wrong.push("requests without end".to_owned());
        }
        let books = audit::books(&self.world).await;
        for transaction in self.world.bank.transactions() {
            let fits = !self.lost.contains(&transaction.transaction)
                || !books.unclaimed.contains(&transaction.transaction)
                || transaction.amount > 0;
            if !fits {
                wrong.push(format!("unclaimed without money: {transaction:?}"));
            }
        }
        if !wrong.is_empty() {
            for payment in &books.payments {
                self.note(format!("-- {} {:?}", payment.id(), payment.stage));
                for line in audit::story(&self.world, payment.id()).await {
                    self.note(format!("   {line}"));
                }
            }
            if std::env::var_os("STORM_TRACE").is_some() {
                self.note_traces();
            }
        }
        tally.count(&self.world, &books, self.crashes, self.restores);
        if let Some(cashier) = self.cashier.take() {
            cashier.abort();
        }
        wrong
    }

    /// What went over the wires.
    fn note_traces(&mut self) {
        for desk in &self.world.desks {
            for it in desk.far.trace() {
                self.note(format!("{} {it}", desk.id));
            }
        }
    }
}

fn told(begun: &Result<OperationId, till::api::Problem>) -> String {
    match begun {
        Ok(id) => id.to_string(),
        Err(problem) => format!("{:?}", problem.code),
    }
}
