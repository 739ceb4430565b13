//! What the situations share: worlds with a script, what a payment became, and the comparison at the end.

use acceptance::audit::{books, differences, names, story};
use acceptance::world::{Form, World};
use domain::ids::OperationId;
use domain::payment::{Payment, Verdict};
use domain::prompt::Answer;
use simulator::bank::{Page, Transaction};
use simulator::script::{Rule, Script};
use std::collections::BTreeSet;
use store::Snapshot;
use terminals::capabilities::{Abort, Capabilities, SignatureBy};
use till::api::{Command, MomentKind, PaymentView, Problem, ProblemCode, PromptView, Query, QueryReply};
use till::api::{ReceiptRow, ServiceWanted, TerminalView};
use wire::nexo::{Envelope, Limits, decode_header};

/// Every form of integration.
pub const FORMS: [Form; 9] = [
    Form::Default,
    Form::Light,
    Form::Wallet,
    Form::Edc,
    Form::Sealed,
    Form::Cable,
    Form::Lan,
    Form::Usb,
    Form::Cloud,
];
/// Without devices on a cable, whose line finds and repeats by itself. `left_out.rs` says of each why.
pub const WITHOUT_CABLES: [Form; 5] = [Form::Default, Form::Light, Form::Wallet, Form::Edc, Form::Sealed];
/// Those whose driver does not ask beside a running payment, and whose terminals take every refund and
/// reversal: without devices behind a host or on a cable. `left_out.rs` says of each why.
pub const WITHOUT_HOSTS: [Form; 3] = [Form::Default, Form::Light, Form::Wallet];
/// Card terminals: for situations that speak of a session, a card, a slip or the newest transaction, which a
/// gateway does not have. `left_out.rs` says of each why.
pub const CARDS: [Form; 2] = [Form::Default, Form::Light];

/// What a situation needs of a driver.
pub type Needs = fn(&Capabilities) -> bool;

/// Signatures, whoever asks for them.
pub const SIGNS: Needs = |can| can.signature != SignatureBy::Nobody;
/// The terminal asks the till about a signature while the payment runs.
pub const ASKS_TO_SIGN: Needs = |can| can.signature == SignatureBy::TerminalAsks;
/// The till asks about a signature after the approval.
pub const TILL_SIGNS: Needs = |can| can.signature == SignatureBy::Till;
/// Cancelling by a signal.
pub const CAN_ABORT: Needs = |can| can.abort == Abort::Signal;
/// Refunds.
pub const REFUNDS: Needs = |can| can.refund;
/// "Never seen" closes what was judged lost, money back too.
pub const JUDGES_REFUNDS: Needs = |can| can.refund && can.reversal && can.fence;
/// Refunds that name no payment.
pub const REFUNDS_ALONE: Needs = |can| can.refund && !can.refund_needs_original;
/// Reversals of the newest transaction and no other.
pub const REVERSES_LAST: Needs = |can| can.reversal && can.reverses_last_only;
/// Reversals.
pub const REVERSES: Needs = |can| can.reversal;
/// Cash-back.
pub const CASH_BACK: Needs = |can| can.cash_back;
/// Approvals of less than was asked for.
pub const PARTIAL: Needs = |can| can.partial;
/// The terminal calls the till with texts and questions.
pub const LISTENS: Needs = |can| can.listener && can.prompts;
/// An hour a day without a session.
pub const MAINTAINS: Needs = |can| can.daily_maintenance;

/// The forms whose driver declares this. A situation that needs something runs wherever it is declared, and
/// what nobody declares is not tried by mistake.
pub fn forms(needs: Needs) -> Vec<Form> {
    let found: Vec<Form> = FORMS.into_iter().filter(|form| needs(&form.capabilities())).collect();
    assert!(!found.is_empty(), "nobody declares it: the situation tests nothing");
    found
}

/// The same without devices behind a host or on a cable; see [`WITHOUT_HOSTS`].
pub fn without_hosts(needs: Needs) -> Vec<Form> {
    forms(needs).into_iter().filter(|form| WITHOUT_HOSTS.contains(form)).collect()
}

/// A running till with one terminal.
pub async fn world(form: Form) -> World {
    worlds(&[form]).await
}

/// A running till with these terminals.
pub async fn worlds(forms: &[Form]) -> World {
    let mut world = World::new(7, forms, false);
    world.start().await.unwrap();
    // What a driver proves before its first payment is proven: situations begin with the payment.
    for desk in world.desks.iter().filter(|desk| desk.form.is_hosted()) {
        let diagnosis = Command::Service { terminal: desk.id.clone(), service: ServiceWanted::Diagnosis };
        world.dispatch(diagnosis).await.unwrap();
    }
    world
}

/// A running till with one terminal that follows these rules.
pub async fn scripted(form: Form, rules: impl IntoIterator<Item = Rule>) -> World {
    let world = world(form).await;
    follow(&world, rules);
    world
}

/// The first terminal follows these rules from now on.
pub fn follow(world: &World, rules: impl IntoIterator<Item = Rule>) {
    let desk = &world.desks[0];
    let said = rules.into_iter().map(|mut rule| {
        rule.when.category = rule.when.category.map(|category| desk.form.word(&category).to_owned());
        rule
    });
    desk.follow(said.fold(Script::new(), Script::rule));
}

/// A till with its desk, as the window runs it: terminals are opened by themselves.
pub async fn at_the_desk(form: Form, rules: impl IntoIterator<Item = Rule>) -> World {
    let mut world = World::new(7, &[form], true);
    world.start().await.unwrap();
    world.until("in session", |view| view.terminals[0].serial.is_some()).await;
    follow(&world, rules);
    world
}

/// The next payment or refund, and no other.
pub fn once() -> Rule {
    Rule::on("Payment").times(1)
}

/// Bank and journal agree.
pub async fn agree(world: &World) {
    agree_but(world, &[]).await;
}

/// Bank and journal agree but for transactions of somebody else.
pub async fn agree_but(world: &World, foreign: &[&str]) {
    let foreign: BTreeSet<String> = foreign.iter().map(|it| (*it).to_owned()).collect();
    let wrong = differences(world, &foreign).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Outcome and reason of a payment: `approved`, `declined/refused` …
pub fn told(payment: &PaymentView) -> String {
    match &payment.reason {
        Some(reason) => format!("{}/{reason}", payment.outcome),
        None => payment.outcome.clone(),
    }
}

/// Waits until a payment is settled, and compares what it became.
pub async fn becomes(world: &World, id: OperationId, expected: &str) -> PaymentView {
    let payment = world.settled(id).await;
    assert_eq!(told(&payment), expected, "{:#?}", story(world, id).await);
    payment
}

/// Waits until a payment is in this state.
pub async fn stands(world: &World, id: OperationId, state: &str) -> PaymentView {
    world.until_payment(id, state, |payment| payment.state == state).await
}

/// Waits until a payment has made this step.
pub async fn made(world: &World, id: OperationId, step: &str) -> PaymentView {
    world.until_payment(id, step, |payment| steps(payment).contains(&step)).await
}

/// The steps of a payment, oldest first.
pub fn steps(payment: &PaymentView) -> Vec<&str> {
    payment
        .timeline
        .iter()
        .filter_map(|moment| match &moment.what {
            MomentKind::Step { step, .. } => Some(step.as_str()),
            MomentKind::Display { .. }
            | MomentKind::Code { .. }
            | MomentKind::Prompt { .. }
            | MomentKind::Print { .. } => None,
        })
        .collect()
}

/// More about the newest step of this name.
pub fn detail<'p>(payment: &'p PaymentView, name: &str) -> Option<&'p str> {
    payment.timeline.iter().rev().find_map(|moment| match &moment.what {
        MomentKind::Step { step, detail } if step == name => detail.as_deref(),
        MomentKind::Step { .. }
        | MomentKind::Display { .. }
        | MomentKind::Code { .. }
        | MomentKind::Prompt { .. }
        | MomentKind::Print { .. } => None,
    })
}

/// The terminal's texts of a payment, oldest first.
pub fn displays(payment: &PaymentView) -> Vec<&str> {
    payment
        .timeline
        .iter()
        .filter_map(|moment| match &moment.what {
            MomentKind::Display { text } => Some(text.as_str()),
            MomentKind::Step { .. }
            | MomentKind::Code { .. }
            | MomentKind::Prompt { .. }
            | MomentKind::Print { .. } => None,
        })
        .collect()
}

/// A payment as the journal has it.
pub async fn stored(world: &World, id: OperationId) -> Payment {
    let found = world.store().read(move |reader| reader.payment(id)).await.unwrap();
    found.expect("the journal has the payment")
}

/// Every payment of the journal of this kind, oldest first.
pub async fn all(world: &World, kind: domain::operation::Kind) -> Vec<Payment> {
    let mut found: Vec<Payment> =
        books(world).await.payments.into_iter().filter(|it| it.operation.kind == kind).collect();
    found.sort_by_key(Payment::id);
    found
}

/// What the bank has of a payment.
pub async fn banked(world: &World, id: OperationId) -> Vec<Transaction> {
    let payment = stored(world, id).await;
    let is_its = |it: &Transaction| names(&payment).any(|name| it.transaction == name);
    world.bank.transactions().into_iter().filter(is_its).collect()
}

/// The stored receipts of a payment.
pub async fn receipts(world: &World, id: OperationId) -> Vec<ReceiptRow> {
    match world.till().query(Query::Receipt { id: id.to_string() }).await {
        Ok(QueryReply::Receipts { rows }) => rows,
        Ok(other) => panic!("receipts are not {other:?}"),
        Err(problem) => {
            assert_eq!(problem.code, ProblemCode::UnknownPayment);
            Vec::new()
        }
    }
}

/// Waits for the open question of a payment.
pub async fn question(world: &World, id: OperationId) -> PromptView {
    let payment = world.until_payment(id, "a question", |payment| payment.prompt.is_some()).await;
    payment.prompt.expect("a question is open")
}

/// Answers the open question of a payment.
pub async fn reply(world: &World, id: OperationId, answer: Answer) {
    let prompt = question(world, id).await.id;
    world.dispatch(Command::Answer { payment: id, prompt, answer }).await.unwrap();
}

/// Asks the terminal to cancel.
pub async fn abort(world: &World, id: OperationId) -> Result<(), ProblemCode> {
    let done = world.dispatch(Command::Abort { payment: id }).await;
    done.map(|_| ()).map_err(|problem| problem.code)
}

/// The code of a refusal.
pub fn refused<T: std::fmt::Debug>(result: Result<T, Problem>) -> ProblemCode {
    result.expect_err("the till refuses").code
}

/// A terminal as the view shows it.
pub fn terminal(world: &World, desk: usize) -> TerminalView {
    world.view().terminals[desk].clone()
}

/// Whether a notice of this code came.
pub fn noticed(world: &World, code: &str) -> bool {
    world.view().notices.iter().any(|notice| notice.code == code)
}

/// Money requests that left the till so far.
pub fn money_requests(world: &World) -> usize {
    world.wires.money.lock().unwrap().iter().filter(|left| left.can_move()).count()
}

/// Waits for the power cut that was ordered, and for the till to be gone.
pub async fn power_goes(world: &mut World) {
    let power = std::sync::Arc::clone(&world.wires.power);
    let waited = tokio::time::timeout(std::time::Duration::from_secs(600), power.notified()).await;
    waited.expect("the power goes");
    world.crash().await;
}

/// What the till has asked of a terminal so far: categories of its messages, oldest first.
pub fn asked(world: &World, desk: usize) -> Vec<String> {
    let desk = &world.desks[desk];
    if desk.form.is_wallet() {
        let called = desk.gateway().trace().into_iter();
        return called.filter_map(|it| it.split(' ').nth(1).map(str::to_owned)).collect();
    }
    let requests = desk.nexo().trace().into_iter().filter(|it| it.from == "till");
    let headers = requests.filter_map(|it| decode_header(it.text.as_bytes(), &Limits::REPLY).ok());
    headers
        .filter(|(envelope, _)| *envelope == Envelope::Request)
        .map(|(_, header)| header.category.as_str().to_owned())
        .collect()
}

/// Takes what a terminal remembers out of its head, or puts it back.
pub fn swap_memory(world: &World, desk: usize, pages: Vec<Page>) -> Vec<Page> {
    let number = world.desks[desk].nexo().state().number;
    world.bank.notebook(&number, |notebook| std::mem::replace(&mut notebook.pages, pages))
}

/// A named person decides.
pub async fn decide(
    world: &World,
    payment: OperationId,
    verdict: Verdict,
    reference: Option<&str>,
) -> Result<(), ProblemCode> {
    let reference = reference.map(str::to_owned);
    let (person, reason) = ("Eva".to_owned(), "called the bank".to_owned());
    let command = Command::Decide { payment, verdict, person, reason, reference };
    world.dispatch(command).await.map(|_| ()).map_err(|problem| problem.code)
}

/// This person decides for this reason.
pub async fn decide_because(
    world: &World,
    payment: OperationId,
    verdict: Verdict,
    person: &str,
    reason: &str,
) -> Result<(), ProblemCode> {
    let (person, reason) = (person.to_owned(), reason.to_owned());
    let command = Command::Decide { payment, verdict, person, reason, reference: None };
    world.dispatch(command).await.map(|_| ()).map_err(|problem| problem.code)
}

/// A backup of now, and a journal that has moved on since: put back, it is seen to be older.
pub async fn backup(world: &World) -> Snapshot {
    let backup = world.store().snapshot().await.unwrap();
    let (person, reason) = ("Eva".to_owned(), "an entry after the backup".to_owned());
    let command = Command::Unblock { terminal: world.desks[0].id.clone(), person, reason };
    world.dispatch(command).await.unwrap();
    rest(world).await;
    backup
}

/// Until a terminal that has just finished is ready for more, and the journal's head is kept outside.
pub async fn rest(world: &World) {
    world.pass(5).await;
}
