//! A world under virtual time: one till on an in-memory store, simulated terminals, one bank.

use crate::alarms::Alarms;
use crate::audit::{books, names};
use crate::cable::Cables;
pub use crate::desk::{Desk, Form};
use crate::desk::{entry, filled_in, place};
use crate::file::{Secrets, TextFile};
use crate::line::{TillPort, Wires};
use crate::printer::{Recorder, Shelf};
use crate::signs::Signs;
use domain::ids::{CommandId, InstallationId, OperationId, TerminalId};
use domain::money::{Currency, Money};
use domain::operation::Method;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use simulator::bank::Bank;
use simulator::nexo::{Settings as TerminalSettings, TillLine};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::{DiskFault, Mode, Opening, Remains, Snapshot, Store};
use tempfile::TempDir;
use terminals::listener::Switchboard;
use till::api::{
    Accepted, Command, Dispatch, PaymentView, Problem, SaleSlot, TerminalForm, TypedSecret, View,
};
use till::clock::Clock;
use till::pins::Work;
use till::random::Random;
use till::settings::edit::without_terminal;
use till::settings::{Settings, SettingsFile};
use till::sight::NoEyes;
use till::{Ear, Parts, Till};

/// See the module.
pub struct World {
    /// What really happened.
    pub bank: Bank,
    /// The terminals.
    pub desks: Vec<Desk>,
    /// The wires to them.
    pub wires: Wires,
    /// The serial lines among them.
    pub cables: Cables,
    /// Who answers on the local network.
    pub signs: Arc<Signs>,
    /// The till's wall clock.
    pub clock: Clock,
    /// The till's randomness.
    pub random: Random,
    /// The installation of the journal in use.
    pub installation: Option<InstallationId>,
    /// What must not be logged.
    pub alarms: Alarms,
    /// The till's printer; missing unless a test says otherwise.
    pub printer: Recorder,
    /// Those that its settings can name.
    pub printers: Shelf,
    /// The settings as they are on disk.
    pub file: TextFile,
    /// A till ended without warning.
    pub crashed: bool,
    /// A backup was put back.
    pub restored: bool,
    /// Names of payments that a backup may not have, though it has the payment.
    pub former: BTreeMap<String, OperationId>,
    /// What it keeps secret.
    pub secrets: Secrets,
    pub(crate) seed: u64,
    codes: AtomicU64,
    port: TillPort,
    till: Option<Till>,
    store: Option<Store>,
    remains: Option<Remains>,
    folder: Option<TempDir>,
    auto_open: bool,
}

/// When every world begins.
pub fn beginning() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

/// Nobody binds it: what comes from outside is handed to the till.
const LISTENER: &str = "[listener]\nbind = \"127.0.0.1:0\"\npublic_url = \"https://shop.example\"\n";

impl World {
    /// A world whose till is not running yet.
    pub fn new(seed: u64, forms: &[Form], auto_open: bool) -> Self {
        Self::dressed(seed, forms, auto_open, |_| {})
    }

    /// The same, with some knobs of every terminal turned.
    pub fn dressed(
        seed: u64,
        forms: &[Form],
        auto_open: bool,
        dress: impl Fn(&mut TerminalSettings),
    ) -> Self {
        let entries: String = forms.iter().enumerate().map(|(index, form)| entry(index, *form)).collect();
        let text = format!(
            "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n[shop]\nname = \"Corner Shop\"\n\
             time_zone = \"Europe/Stockholm\"\nday_starts = \"05:00\"\n{LISTENER}{entries}"
        );
        let clock = Clock::starting_at(beginning(), TimeZone::UTC);
        let random = Random::seeded(clock.clone(), seed);
        let printer = Recorder::default();
        let wires = Wires::new();
        let mut world = Self {
            bank: Bank::new(),
            desks: Vec::new(),
            cables: Cables::of(&wires),
            signs: Arc::default(),
            wires,
            clock,
            random,
            installation: None,
            alarms: Alarms::listen(),
            printers: Shelf::of(&printer),
            printer,
            file: TextFile::of(text),
            crashed: false,
            restored: false,
            former: BTreeMap::new(),
            secrets: Secrets::default(),
            seed,
            codes: AtomicU64::new(0),
            port: TillPort::default(),
            till: None,
            store: None,
            remains: None,
            folder: None,
            auto_open,
        };
        for form in forms {
            world.plug_in(*form, &dress);
        }
        world
    }

    /// One more terminal on the wire; the till's settings do not know it yet. Returns its number.
    pub fn plug_in(&mut self, form: Form, dress: impl Fn(&mut TerminalSettings)) -> usize {
        let index = self.desks.len();
        let far = match form {
            Form::Default | Form::Light => self.terminal(index, dress),
            Form::Wallet | Form::Notified => self.gateway(index),
            Form::Edc | Form::Sealed => self.host(index),
            Form::Cable => self.device(index),
            Form::Lan | Form::Usb | Form::Cloud => self.hub(index),
        };
        self.wires.plug(&place(index, form), far.clone());
        self.desks.push(Desk { id: TerminalId(format!("desk{}", index + 1)), form, far });
        index
    }

    /// The form of the terminal of this number, as an installer fills it in.
    pub fn form_of(&self, desk: usize) -> TerminalForm {
        filled_in(desk, self.desks[desk].form)
    }

    /// A customer's code that nobody showed before, with these last two digits.
    pub fn code(&self, ends: u64) -> String {
        let count = self.codes.fetch_add(1, Ordering::SeqCst);
        format!("28{count:014}{ends:02}")
    }

    /// What the customer of this terminal shows for this amount: nothing where it reads cards. The amount
    /// chooses as at a card terminal: `01` to `07` are declined, `14` waits until it is cancelled.
    pub fn shown(&self, desk: usize, minor: i64) -> Option<TypedSecret> {
        let ends = match minor % 100 {
            1..=7 => 70,
            14 => 60,
            _ => 0,
        };
        self.desks[desk].form.is_wallet().then(|| TypedSecret(self.code(ends)))
    }

    /// Starts the till on what the last one left.
    pub async fn start(&mut self) -> Result<(), Problem> {
        self.clock = self.clock.restarted();
        // The same stream of randomness goes on, and references count on: a restarted till must not repeat
        // its ids, and that two runs meet within one second is not what is tried here.
        self.random = self.random.with_clock(self.clock.clone());
        let opened = match self.remains.take() {
            Some(remains) => Store::reopen(remains, "T1".to_owned(), Mode::Inline, &self.random.seed()),
            None => {
                let folder = self.folder.as_ref().map(TempDir::path);
                let opening = Opening { folder, till: "T1".to_owned(), mode: Mode::Inline };
                Store::open(opening, &self.random.seed())
            }
        };
        let (store, opened) = opened.expect("the store opens");
        self.installation = Some(opened.installation);
        let switchboard = Switchboard::new();
        let text = self.file.text().expect("the settings are there");
        let parts = Parts {
            settings: Settings::parse(&text, "settings.toml").expect("the world's settings are good"),
            store: store.clone(),
            opened,
            clock: self.clock.clone(),
            random: self.random.clone(),
            http: Arc::new(self.wires.clone()),
            lines: Arc::new(self.cables.clone()),
            ear: Ear::without_port(switchboard.clone()),
            file: Arc::new(self.file.clone()),
            secrets: Arc::new(self.secrets.clone()),
            auto_open: self.auto_open,
            catalogue: Arc::new(crate::goods::all()),
            work: Work::Least,
            printers: Arc::new(self.printers.clone()),
            eyes: Arc::new(NoEyes),
            nearby: self.signs.clone(),
        };
        self.store = Some(store);
        self.till = Some(Till::run(parts).await?);
        self.port.set(Some(switchboard));
        Ok(())
    }

    /// Keeps the journal in a folder: only there it outlives a till that was stopped in order.
    pub fn keep_on_disk(&mut self) {
        self.folder = Some(TempDir::new().expect("a folder can be made"));
    }

    /// Takes a terminal out of the settings that the till starts with from now on.
    pub fn remove_from_settings(&mut self, desk: usize) {
        let gone = &self.desks[desk].id;
        let text = self.file.text().expect("the settings are there");
        self.file.put(without_terminal(&text, &gone.0).expect("it is in the settings"));
    }

    /// The running till.
    pub fn till(&self) -> &Till {
        self.till.as_ref().expect("the till runs")
    }
    /// Its store.
    pub fn store(&self) -> &Store {
        self.store.as_ref().expect("the till runs")
    }
    /// The next so many writes to the disk fail; that is logged as an error.
    pub fn fail_disk(&self, fault: DiskFault, writes: u32) {
        self.alarms.announce("the journal cannot be written");
        self.alarms.announce("the refused payment could not be reversed yet");
        self.store().fail_next(fault, writes);
    }
    /// The same, after so many writes that go well.
    pub fn fail_disk_after(&self, well: u32, fault: DiskFault, writes: u32) {
        self.fail_disk(fault, 0);
        self.store().fail_after(well, fault, writes);
    }
    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.till.is_some()
    }

    /// Pulls the plug: what is not on disk is gone.
    pub async fn crash(&mut self) {
        self.crashed = true;
        self.port.set(None);
        if let Some(till) = self.till.take() {
            till.cut().await;
        }
        if let Some(store) = self.store.take() {
            self.remains = Some(store.crash().await.expect("the remains are there"));
        }
    }

    /// Pulls the plug and starts again.
    pub async fn restart(&mut self) {
        self.crash().await;
        self.start().await.expect("the till starts again");
    }

    /// Pulls the plug, puts an old backup in the place of the store, and starts again. Whoever fetches a
    /// backup is slower than the head file, which is a quarter of a second behind at most.
    pub async fn restore(&mut self, backup: &Snapshot) {
        self.remember_names().await;
        if let Some(store) = &self.store {
            store.idle().await;
        }
        self.crash().await;
        let remains = self.remains.take().expect("the remains are there");
        self.remains = Some(remains.restore(backup).expect("the backup can be put back"));
        self.start().await.expect("the till starts on the backup");
    }

    async fn remember_names(&mut self) {
        self.restored = true;
        if self.store.is_none() {
            return;
        }
        let books = books(self).await;
        let names = books.payments.iter().flat_map(|it| names(it).map(|name| (name.to_owned(), it.id())));
        self.former.extend(names);
    }

    /// The same, and the power goes once more after the store was opened, before a till runs on it.
    pub async fn restore_and_lose_power(&mut self, backup: &Snapshot) {
        self.remember_names().await;
        self.crash().await;
        let remains = self.remains.take().expect("the remains are there");
        let remains = remains.restore(backup).expect("the backup can be put back");
        let opened = Store::reopen(remains, "T1".to_owned(), Mode::Inline, &self.random.seed());
        let (store, _) = opened.expect("the store opens");
        self.remains = Some(store.crash().await.expect("the remains are there"));
        self.start().await.expect("the till starts on the backup");
    }

    /// Stops the till in order.
    pub async fn stop(&mut self) {
        self.port.set(None);
        if let Some(till) = self.till.take() {
            till.stop().await;
        }
        self.store = None;
    }

    /// Sets the till's wall clock forward or back.
    pub fn step_clock(&self, by: SignedDuration) {
        self.clock.step(by);
    }

    /// A fresh command.
    pub async fn dispatch(&self, command: Command) -> Result<Accepted, Problem> {
        let id = CommandId::of(&self.random.seed());
        self.till().dispatch(Dispatch::new(id, command)).await
    }

    /// The way from a far side to the till's listener.
    pub fn line(&self) -> Arc<dyn TillLine> {
        Arc::new(self.port.clone())
    }

    /// Somebody posts to the till's listener: status and body of the answer.
    pub async fn knock(&self, method: &str, path: &str, body: impl Into<Vec<u8>>) -> (u16, Vec<u8>) {
        self.port.knock(method, path, body.into()).await.expect("the till listens")
    }

    /// An amount of the world's currency.
    pub fn money(minor: i64) -> Money {
        Money::new(minor, Currency::parse("SEK").unwrap())
    }

    /// A customer pays on the terminal of this number.
    pub async fn pay(&self, desk: usize, minor: i64) -> Result<OperationId, Problem> {
        self.pay_with(desk, minor, 0, None).await
    }

    /// A customer pays, with cash-back, for a tender.
    pub async fn pay_with(
        &self,
        desk: usize,
        minor: i64,
        cash_back: i64,
        tender: Option<SaleSlot>,
    ) -> Result<OperationId, Problem> {
        let code = self.shown(desk, minor);
        self.begin(desk, minor, cash_back, tender, code).await
    }

    /// A customer shows a fresh code that ends so.
    pub async fn pay_by_code(&self, desk: usize, minor: i64, ends: u64) -> Result<OperationId, Problem> {
        self.pay_by(desk, minor, self.code(ends)).await
    }

    /// A customer shows this.
    pub async fn pay_by(&self, desk: usize, minor: i64, code: String) -> Result<OperationId, Problem> {
        self.begin(desk, minor, 0, None, Some(TypedSecret(code))).await
    }

    /// The till shows a code, and a customer scans it as soon as it is on the screen.
    pub async fn pay_by_screen(&self, desk: usize, minor: i64) -> Result<OperationId, Problem> {
        let id = self.begin(desk, minor, 0, None, None).await?;
        let (mut views, gateway) = (self.till().views(), self.desks[desk].gateway().clone());
        tokio::spawn(async move {
            let code = |view: &View| view.payment(id).and_then(|payment| payment.code.clone());
            if let Ok(view) = views.wait_for(|view| code(view).is_some()).await
                && let Some(code) = code(&view)
            {
                gateway.scan(&code);
            }
        });
        Ok(id)
    }

    async fn begin(
        &self,
        desk: usize,
        minor: i64,
        cash_back: i64,
        tender: Option<SaleSlot>,
        code: Option<TypedSecret>,
    ) -> Result<OperationId, Problem> {
        let command = Command::Pay {
            terminal: self.desks[desk].id.clone(),
            amount: Self::money(minor),
            cash_back: Self::money(cash_back),
            method: Method::Any,
            label: None,
            tender,
            code,
            seen: None,
        };
        Ok(self.dispatch(command).await?.payment.expect("a payment began"))
    }

    /// Money back.
    pub async fn refund(
        &self,
        desk: usize,
        minor: i64,
        original: Option<OperationId>,
    ) -> Result<OperationId, Problem> {
        let (terminal, amount) = (self.desks[desk].id.clone(), Self::money(minor));
        let command = Command::Refund { terminal, amount, original, label: None, tender: None };
        Ok(self.dispatch(command).await?.payment.expect("a refund began"))
    }

    /// The view now.
    pub fn view(&self) -> Arc<View> {
        self.till().views().borrow().clone()
    }

    /// Waits until the view is so; virtual time runs meanwhile. Panics after a virtual hour.
    pub async fn until(&self, what: &str, is_so: impl Fn(&View) -> bool) -> Arc<View> {
        let mut views = self.till().views();
        let waited = views.wait_for(|view| is_so(view));
        match tokio::time::timeout(Duration::from_secs(3_600), waited).await {
            Ok(Ok(view)) => view.clone(),
            Ok(Err(_)) => panic!("the till ended before: {what}"),
            Err(_) => panic!("never: {what}\n{:#?}", self.view().payments),
        }
    }

    /// Waits until a payment is so.
    pub async fn until_payment(
        &self,
        id: OperationId,
        what: &str,
        is_so: impl Fn(&PaymentView) -> bool,
    ) -> PaymentView {
        let view = self.until(what, |view| view.payment(id).is_some_and(&is_so)).await;
        view.payment(id).cloned().expect("the payment is in the view")
    }

    /// Waits until a payment is closed or disputed.
    pub async fn settled(&self, id: OperationId) -> PaymentView {
        self.until_payment(id, "settled", |payment| {
            ["closed", "disputed"].contains(&payment.state.as_str())
        })
        .await
    }

    /// Lets virtual time pass.
    pub async fn pass(&self, seconds: u64) {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }
}
