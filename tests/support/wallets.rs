//! A shop with a wallet gateway, under virtual time, and what must be true of bank and journal at its end.

use crate::audit::books;
use crate::world::{World, beginning};
use domain::ids::{OperationId, TerminalId};
use domain::operation::{Kind, Method, Sent, Step};
use domain::payment::{Payment, Stage};
use simulator::bank::{Kind as Moved, State, Transaction};
use simulator::pockyt::{PockytGateway, Settings};
use std::collections::BTreeMap;
use std::sync::Arc;
use till::api::{Command, PaymentView, Problem, TypedSecret, View};
use till::settings::SettingsFile;
use tokio::sync::watch;

/// Where the gateway is.
const AUTHORITY: &str = "127.0.0.1:12900";
/// Its name in the settings.
const TERMINAL: &str = "wallets";

/// See the module.
pub struct Wallets {
    /// The till and its wires.
    pub world: World,
    /// The far side.
    pub gateway: PockytGateway,
    codes: u64,
}

impl Wallets {
    /// A shop whose till runs. `more`: further lines of the terminal's settings.
    pub async fn open(seed: u64, more: &str) -> Self {
        let mut world = World::new(seed, &[], true);
        // Customers scan what is on the screen, and nothing else.
        let mut settings = Settings { seed, scans: false, ..Settings::default() };
        settings.currencies.push(("SEK".to_owned(), 2));
        let clock = simulator::clock::clock_from(beginning());
        let gateway = PockytGateway::new(settings, world.bank.clone(), clock);
        gateway.connect(world.line());
        world.wires.plug(AUTHORITY, gateway.clone());
        let text = world.file.text().expect("the settings are there");
        world.file.put(format!(
            "{text}\n[listener]\nbind = \"127.0.0.1:0\"\npublic_url = \"https://shop.example\"\n\
             [[terminal]]\nid = \"{TERMINAL}\"\ndriver = \"pockyt\"\n[terminal.settings]\n\
             base_url = \"http://{AUTHORITY}\"\n\
             merchant_no = \"900001\"\nstore_no = \"800002\"\ntoken = \"till-demo-token-0001\"\n\
             settle_currency = \"USD\"\nshown_wallet = \"alipay\"\n{more}"
        ));
        world.start().await.expect("the till starts");
        Self { world, gateway, codes: 0 }
    }

    /// A code that nobody showed before, with these last two digits.
    pub fn code(&mut self, ends: u64) -> String {
        self.codes += 1;
        format!("28{:014}{ends:02}", self.codes)
    }

    /// A customer shows this code, or scans one of the till's.
    pub async fn pay(&self, minor: i64, code: Option<String>) -> Result<OperationId, Problem> {
        let command = Command::Pay {
            terminal: TerminalId(TERMINAL.to_owned()),
            amount: World::money(minor),
            cash_back: World::money(0),
            method: Method::Qr,
            label: None,
            tender: None,
            code: code.map(TypedSecret),
        };
        let shown = matches!(&command, Command::Pay { code: None, .. });
        let id = self.world.dispatch(command).await?.payment.expect("a payment began");
        if shown {
            tokio::spawn(scanned(self.world.till().views(), self.gateway.clone(), id));
        }
        Ok(id)
    }

    /// The same with a fresh code that ends so, to its end.
    pub async fn paid(&mut self, minor: i64, ends: u64) -> PaymentView {
        let code = self.code(ends);
        let id = self.pay(minor, Some(code)).await.expect("it begins");
        self.world.settled(id).await
    }

    /// A part of a payment goes back.
    pub async fn refund(&self, minor: i64, payment: OperationId) -> Result<OperationId, Problem> {
        let terminal = TerminalId(TERMINAL.to_owned());
        let (amount, original) = (World::money(minor), Some(payment));
        let command = Command::Refund { terminal, amount, original, label: None, tender: None };
        Ok(self.world.dispatch(command).await?.payment.expect("a refund began"))
    }

    /// A payment is undone.
    pub async fn reverse(&self, payment: OperationId) -> Result<OperationId, Problem> {
        let command = Command::Reverse { payment, or_refund: false };
        Ok(self.world.dispatch(command).await?.payment.expect("a reversal began"))
    }

    /// Every difference between bank and journal, in words. `calm`: long enough ago all faults ended, so that
    /// every sale has its end.
    pub async fn differences(&self, calm: bool) -> Vec<String> {
        let books = books(&self.world).await;
        let bank = self.world.bank.transactions();
        let mut wrong = Vec::new();
        let undone: Vec<OperationId> = of_kind(&books.payments, Kind::Reversal)
            .filter(|payment| moved(payment) || is_disputed(payment))
            .filter_map(|payment| payment.operation.original.as_ref().map(|original| original.operation))
            .collect();
        for payment in of_kind(&books.payments, Kind::Sale) {
            sale(payment, &bank, &undone, calm, &mut wrong);
        }
        for payment in of_kind(&books.payments, Kind::Refund) {
            refund(payment, &bank, calm, &mut wrong);
        }
        for payment in of_kind(&books.payments, Kind::Reversal) {
            reversal(payment, &books.payments, &bank, calm, &mut wrong);
        }
        strangers(&books.payments, &bank, &mut wrong);
        if let Err(error) = self.world.store().verify().await {
            wrong.push(format!("the journal does not verify: {error}"));
        }
        wrong
            .extend(self.gateway.complaints().into_iter().map(|it| format!("the gateway complains: {it}")));
        wrong
    }
}

/// A customer scans the code of this payment as soon as it is on the screen.
async fn scanned(mut views: watch::Receiver<Arc<View>>, gateway: PockytGateway, id: OperationId) {
    let shows = |view: &Arc<View>| view.payment(id).is_some_and(|payment| payment.code.is_some());
    if let Ok(view) = views.wait_for(shows).await
        && let Some(code) = view.payment(id).and_then(|payment| payment.code.clone())
    {
        gateway.scan(&code);
    }
}

fn of_kind(payments: &[Payment], kind: Kind) -> impl Iterator<Item = &Payment> {
    payments.iter().filter(move |payment| payment.operation.kind == kind)
}

fn moved(payment: &Payment) -> bool {
    payment.verdict().is_some_and(domain::payment::Verdict::moved_money)
}

fn is_disputed(payment: &Payment) -> bool {
    matches!(payment.stage, Stage::Disputed(_))
}

fn references(payment: &Payment, step: Step) -> Vec<&str> {
    let of_step = |sent: &&Sent| sent.step == step;
    payment.sent.iter().filter(of_step).map(|sent| sent.reference.0.as_str()).collect()
}

fn sale(
    payment: &Payment,
    bank: &[Transaction],
    undone: &[OperationId],
    calm: bool,
    wrong: &mut Vec<String>,
) {
    let names = references(payment, Step::Prepare);
    let is_its = |it: &&Transaction| it.kind == Moved::Payment && names.contains(&it.service_id.as_str());
    let its: Vec<&Transaction> = bank.iter().filter(is_its).collect();
    let standing = its.iter().filter(|it| it.state == State::Approved).count();
    if its.len() > 1 {
        wrong.push(format!("charged {} times: {}", its.len(), payment.id()));
    }
    match &payment.stage {
        Stage::Closed(_) if undone.contains(&payment.id()) => {}
        Stage::Closed(_) => {
            let expected = usize::from(moved(payment));
            if standing != expected {
                let ended = payment.outcome_code();
                wrong.push(format!("{ended}, and the bank has {standing} of it: {}", payment.id()));
            }
            if moved(payment) && its.iter().any(|it| it.amount != payment.approved().minor) {
                wrong.push(format!("the bank has another amount: {}", payment.id()));
            }
        }
        stage if calm => wrong.push(format!("still {stage:?}: {}", payment.id())),
        Stage::Running
        | Stage::AwaitSignature
        | Stage::Reversing(_)
        | Stage::Unknown(_)
        | Stage::Disputed(_) => {}
    }
}

fn refund(payment: &Payment, bank: &[Transaction], calm: bool, wrong: &mut Vec<String>) {
    let names = references(payment, Step::First);
    let is_its = |it: &&Transaction| it.kind == Moved::Refund && names.contains(&it.service_id.as_str());
    let its: Vec<&Transaction> = bank.iter().filter(is_its).collect();
    let expected = usize::from(moved(payment));
    match &payment.stage {
        Stage::Closed(_) if its.len() != expected => {
            let ended = payment.outcome_code();
            wrong.push(format!("refund {ended}, and the bank has {} of it: {}", its.len(), payment.id()));
        }
        Stage::Closed(_) => {}
        // That the gateway does not know a refund proves nothing: a person decides.
        Stage::Disputed(_) if its.is_empty() => {}
        stage if calm => wrong.push(format!("refund still {stage:?}: {}", payment.id())),
        Stage::Running
        | Stage::AwaitSignature
        | Stage::Reversing(_)
        | Stage::Unknown(_)
        | Stage::Disputed(_) => {}
    }
}

fn reversal(payment: &Payment, all: &[Payment], bank: &[Transaction], calm: bool, wrong: &mut Vec<String>) {
    let original = payment.operation.original.as_ref().map(|original| original.operation);
    let Some(original) = all.iter().find(|it| Some(it.id()) == original) else { return };
    let names = references(original, Step::Prepare);
    let is_undone =
        bank.iter().any(|it| it.state == State::Reversed && names.contains(&it.service_id.as_str()));
    match &payment.stage {
        Stage::Closed(_) if moved(payment) && !is_undone => {
            wrong.push(format!("undone in the journal only: {}", payment.id()));
        }
        Stage::Closed(_) => {}
        Stage::Disputed(_) if !is_undone => {}
        stage if calm => wrong.push(format!("reversal still {stage:?}: {}", payment.id())),
        Stage::Running
        | Stage::AwaitSignature
        | Stage::Reversing(_)
        | Stage::Unknown(_)
        | Stage::Disputed(_) => {}
    }
}

/// What the bank has and no payment of the journal.
fn strangers(payments: &[Payment], bank: &[Transaction], wrong: &mut Vec<String>) {
    let sent = payments.iter().flat_map(|payment| payment.sent.iter());
    let mut known = BTreeMap::new();
    for sent in sent {
        *known.entry(sent.reference.0.as_str()).or_insert(0_usize) += 1;
    }
    for transaction in bank {
        let times = known.get(transaction.service_id.as_str()).copied().unwrap_or(0);
        if times != 1 {
            wrong.push(format!("{} is in the journal {times} times", transaction.service_id));
        }
    }
}
