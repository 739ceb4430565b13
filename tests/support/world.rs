//! A world under virtual time: one till on an in-memory store, simulated terminals, one bank.

use crate::alarms::Alarms;
use crate::file::TextFile;
use crate::line::{TillPort, Wires};
use crate::printer::{Recorder, Shelf};
use domain::basket::{Product, Unit};
use domain::catalogue::{Catalogue, Item};
use domain::ids::{CommandId, InstallationId, OperationId, TerminalId};
use domain::money::{Currency, Money};
use domain::operation::Method;
use domain::tax::VatRate;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use simulator::bank::Bank;
use simulator::nexo::{NexoTerminal, Settings as TerminalSettings, TillLine};
use std::sync::Arc;
use std::time::Duration;
use store::{DiskFault, Mode, Opening, Remains, Snapshot, Store};
use tempfile::TempDir;
use terminals::Capabilities;
use terminals::listener::Switchboard;
use terminals::nexo::profile;
use till::api::{Accepted, Command, Dispatch, PaymentView, Problem, SaleSlot, TerminalForm, View};
use till::clock::Clock;
use till::pins::Work;
use till::random::Random;
use till::secrets::{FileSecrets, SecretStore};
use till::settings::edit::without_terminal;
use till::settings::{Settings, SettingsFile};
use till::{Ear, Parts, Till};

/// How a simulated terminal is integrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The till also listens.
    Default,
    /// The till is a client only.
    Light,
}

impl Form {
    /// What its driver declares: situations choose by it.
    pub const fn capabilities(self) -> Capabilities {
        match self {
            Self::Default => profile::Form::Default.capabilities(),
            Self::Light => profile::Form::Light.capabilities(),
        }
    }
}

/// One terminal of the world.
pub struct Desk {
    /// Its id in the settings.
    pub id: TerminalId,
    /// Its far side.
    pub terminal: NexoTerminal,
    /// Its integration.
    pub form: Form,
}

/// See the module.
pub struct World {
    /// What really happened.
    pub bank: Bank,
    /// The terminals.
    pub desks: Vec<Desk>,
    /// The wires to them.
    pub wires: Wires,
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
    seed: u64,
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

fn authority(index: usize) -> String {
    format!("127.0.0.1:{}", 12_001 + index)
}

fn word(form: Form) -> &'static str {
    if form == Form::Default { "default" } else { "light" }
}

fn entry(index: usize, form: Form) -> String {
    let (authority, word, id) = (authority(index), word(form), format!("desk{}", index + 1));
    format!(
        "[[terminal]]\nid = \"{id}\"\ndriver = \"nexo\"\n[terminal.settings]\nurl = \"http://{authority}\"\n\
         sale_id = \"KASSA1\"\npoi_id = \"POI-{id}\"\nform = \"{word}\"\n"
    )
}

/// What a world's shop sells.
fn goods() -> Catalogue {
    let item = |sku: &str, name: &str, minor: i64, points: u16| Item {
        product: Product {
            sku: Some(sku.to_owned()),
            name: name.to_owned(),
            price: World::money(minor),
            vat: VatRate::new(points).expect("a rate"),
            unit: if sku == "4" { Unit::Kilogram } else { Unit::Piece },
        },
        codes: vec![format!("731000000000{sku}")],
        group: Some("Bread".to_owned()),
        quick: sku != "3",
        open_price: sku == "5",
    };
    Catalogue::new(vec![
        item("1", "Cinnamon bun", 3_500, 1_200),
        item("2", "Coffee", 2_990, 1_200),
        item("3", "Mug", 14_900, 2_500),
        item("4", "Apples", 2_450, 1_200),
        item("5", "Gift", 0, 2_500),
    ])
}

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
             time_zone = \"Europe/Stockholm\"\nday_starts = \"05:00\"\n{entries}"
        );
        let clock = Clock::starting_at(beginning(), TimeZone::UTC);
        let random = Random::seeded(clock.clone(), seed);
        let printer = Recorder::default();
        let mut world = Self {
            bank: Bank::new(),
            desks: Vec::new(),
            wires: Wires::new(),
            clock,
            random,
            installation: None,
            alarms: Alarms::listen(),
            printers: Shelf::of(&printer),
            printer,
            file: TextFile::of(text),
            crashed: false,
            restored: false,
            seed,
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
        let id = format!("desk{}", index + 1);
        let mut settings = TerminalSettings {
            number: format!("55500{}", index + 1),
            poi_id: Some(format!("POI-{id}")),
            seed: self.seed.wrapping_add(index as u64),
            ..TerminalSettings::default()
        };
        dress(&mut settings);
        let clock = simulator::clock::clock_from(beginning());
        let terminal = NexoTerminal::new(settings, self.bank.clone(), clock);
        terminal.connect(Arc::new(self.port.clone()));
        self.wires.plug(&authority(index), terminal.clone());
        self.desks.push(Desk { id: TerminalId(id), terminal, form });
        index
    }

    /// The form of the terminal of this number, as an installer fills it in.
    pub fn form_of(&self, desk: usize) -> TerminalForm {
        let of = |key: &str, value: String| (key.to_owned(), value);
        let id = &self.desks[desk].id.0;
        TerminalForm {
            id: id.clone(),
            driver: "nexo".to_owned(),
            name: String::new(),
            settings: [
                of("url", format!("http://{}", authority(desk))),
                of("sale_id", "KASSA1".to_owned()),
                of("poi_id", format!("POI-{id}")),
                of("form", word(self.desks[desk].form).to_owned()),
            ]
            .into(),
            secrets: std::collections::BTreeMap::new(),
        }
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
        let secrets: Arc<dyn SecretStore> =
            Arc::new(FileSecrets::new(std::path::Path::new("/nonexistent")));
        let text = self.file.text().expect("the settings are there");
        let parts = Parts {
            settings: Settings::parse(&text, "settings.toml").expect("the world's settings are good"),
            store: store.clone(),
            opened,
            clock: self.clock.clone(),
            random: self.random.clone(),
            http: Arc::new(self.wires.clone()),
            ear: Ear::without_port(switchboard.clone()),
            file: Arc::new(self.file.clone()),
            secrets,
            auto_open: self.auto_open,
            catalogue: Arc::new(goods()),
            work: Work::Least,
            printers: Arc::new(self.printers.clone()),
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
        self.restored = true;
        if let Some(store) = &self.store {
            store.idle().await;
        }
        self.crash().await;
        let remains = self.remains.take().expect("the remains are there");
        self.remains = Some(remains.restore(backup).expect("the backup can be put back"));
        self.start().await.expect("the till starts on the backup");
    }

    /// The same, and the power goes once more after the store was opened, before a till runs on it.
    pub async fn restore_and_lose_power(&mut self, backup: &Snapshot) {
        self.restored = true;
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
        let command = Command::Pay {
            terminal: self.desks[desk].id.clone(),
            amount: Self::money(minor),
            cash_back: Self::money(cash_back),
            method: Method::Any,
            label: None,
            tender,
            code: None,
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
