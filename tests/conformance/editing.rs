//! Terminals come, change and go while the till runs, and while money is somewhere on them.

use super::counter::{person, pin, sign_in, staffed};
use super::scene::{
    CARDS, FORMS, agree, becomes, follow, made, once, refused, stands, terminal, world, worlds,
};
use acceptance::world::{Form, World};
use domain::ids::{CommandId, OperationId};
use simulator::script::{Action, Delivery, Rule};
use store::DiskFault;
use till::api::{
    Accepted, Approval, Command, Dispatch, Problem, ProblemCode, Query, SaleSlot, SaleWanted, TerminalForm,
    TerminalWanted,
};
use till::settings::SettingsFile;

fn edit(wanted: TerminalWanted) -> Command {
    Command::EditTerminal { wanted }
}

async fn add(world: &World, form: TerminalForm) -> Result<Accepted, Problem> {
    world.dispatch(edit(TerminalWanted::Add { form })).await
}

async fn change(world: &World, form: TerminalForm) -> Result<Accepted, Problem> {
    world.dispatch(edit(TerminalWanted::Change { form })).await
}

async fn remove(world: &World, desk: usize) -> Result<Accepted, Problem> {
    let terminal = world.desks[desk].id.clone();
    world.dispatch(edit(TerminalWanted::Remove { terminal })).await
}

fn with(mut form: TerminalForm, key: &str, value: &str) -> TerminalForm {
    form.settings.insert(key.to_owned(), value.to_owned());
    form
}

fn text(world: &World) -> String {
    world.file.text().unwrap()
}

fn held(answer: Result<Accepted, Problem>) -> String {
    let problem = answer.unwrap_err();
    assert_eq!(problem.code, ProblemCode::TerminalHeld, "{problem}");
    problem.parameter("why").to_owned()
}

async fn approved(world: &World, desk: usize) -> OperationId {
    let id = world.pay(desk, 12_50).await.unwrap();
    becomes(world, id, "approved").await;
    id
}

/// The terminal is found behind another address from now on.
fn moved(world: &World, to: &str) {
    world.wires.plug(to, world.desks[0].nexo().clone());
    world.wires.unplug("127.0.0.1:12001");
}

/// An approved payment whose answer is lost, on a terminal that is elsewhere by then.
async fn lost_and_moved(world: &World) -> OperationId {
    // Cooled down, so that the rule meets the payment and not a refusal before it.
    world.pass(5).await;
    follow(world, [once().act(Action::Slow(5_000)).act(Delivery::Cut)]);
    let id = world.pay(0, 12_50).await.unwrap();
    made(world, id, "sent").await;
    moved(world, "127.0.0.1:12009");
    stands(world, id, "unknown").await.payment
}

#[tokio::test(start_paused = true)]
async fn a_terminal_is_added_and_paid_on_without_a_restart() {
    for form in FORMS {
        let mut world = world(Form::Light).await;
        approved(&world, 0).await;
        let new = world.plug_in(form, |_| {});
        let before = text(&world);
        add(&world, world.form_of(new)).await.unwrap();
        assert!(text(&world).starts_with(&before), "what stood there stays");
        approved(&world, new).await;
        approved(&world, 0).await;
        world.restart().await;
        approved(&world, new).await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_form_changes_nothing() {
    let mut world = world(Form::Light).await;
    let new = world.plug_in(Form::Light, |_| {});
    let (before, form) = (text(&world), world.form_of(new));
    for (form, field) in [
        (with(form.clone(), "url", "127.0.0.1:12002"), "url"),
        (with(form.clone(), "poi_id", "POI-desk1"), "id"),
        (TerminalForm { id: "desk1".to_owned(), ..form.clone() }, "id"),
        (with(form, "answer_ms", "1"), "answer_ms"),
    ] {
        let problem = add(&world, form).await.unwrap_err();
        assert_eq!((problem.code, problem.parameter("field")), (ProblemCode::FieldWrong, field));
    }
    let other = world.form_of(new);
    assert_eq!(refused(change(&world, other).await), ProblemCode::UnknownTerminal);
    assert_eq!(refused(remove(&world, new).await), ProblemCode::UnknownTerminal);
    assert_eq!((text(&world), world.view().terminals.len()), (before, 1));
    approved(&world, 0).await;
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn an_unknown_payment_keeps_its_terminal() {
    for form in CARDS {
        let mut world = world(form).await;
        follow(&world, [once().act(Action::Unprocessed).act(Delivery::Cut)]);
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "unknown").await;
        let before = text(&world);
        assert_eq!(held(remove(&world, 0).await), "open_payment");
        let form = world.form_of(0);
        assert_eq!(held(change(&world, with(form.clone(), "poi_id", "POI-9")).await), "open_payment");
        assert_eq!(held(change(&world, with(form.clone(), "sale_id", "KASSA9")).await), "open_payment");
        assert_eq!(held(change(&world, with(form.clone(), "language", "sv")).await), "open_payment");
        assert_eq!(text(&world), before);
        let named = TerminalForm { name: "Counter".to_owned(), ..form };
        change(&world, named).await.unwrap();
        assert_eq!(terminal(&world, 0).name, "Counter", "its name is nobody's money");
        world.settled(id).await;
        world.restart().await;
        assert_eq!(terminal(&world, 0).name, "Counter");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_running_payment_keeps_its_address() {
    for form in CARDS {
        let world = world(form).await;
        follow(&world, [once().act(Action::Slow(20_000))]);
        let id = world.pay(0, 12_50).await.unwrap();
        made(&world, id, "sent").await;
        let form = with(world.form_of(0), "url", "http://127.0.0.1:12009");
        let busy = change(&world, form).await.unwrap_err();
        assert_eq!((busy.code, busy.operation), (ProblemCode::TerminalBusy, Some(id)));
        assert_eq!(held(remove(&world, 0).await), "open_payment");
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}

/// A login of the check could hide a payment that is open there, whatever the entry is called (R8).
#[tokio::test(start_paused = true)]
async fn a_form_is_not_tried_where_a_payment_is_open() {
    let mut world = world(Form::Light).await;
    follow(&world, [once().act(Action::Slow(20_000))]);
    let id = world.pay(0, 12_50).await.unwrap();
    made(&world, id, "sent").await;
    let known = world.form_of(0);
    let same_device = TerminalForm { id: "other".to_owned(), ..with(known.clone(), "poi_id", "POI-9") };
    let new = world.plug_in(Form::Light, |_| {});
    for (form, change, busy) in
        [(known, true, true), (same_device, false, true), (world.form_of(new), false, false)]
    {
        let check = CommandId::of(&world.random.seed());
        let answer = world.till().query(Query::CheckForm { form, change, id: check }).await;
        assert_eq!(answer.is_err_and(|problem| problem.operation == Some(id)), busy);
    }
    becomes(&world, id, "approved").await;
    agree(&world).await;
}

/// The terminal got another address while its answer was lost: put right, it tells what became of the money.
#[tokio::test(start_paused = true)]
async fn the_address_of_an_unknown_payment_is_put_right() {
    for form in CARDS {
        let world = world(form).await;
        let id = lost_and_moved(&world).await;
        change(&world, with(world.form_of(0), "url", "http://127.0.0.1:12009")).await.unwrap();
        becomes(&world, id, "approved").await;
        approved(&world, 0).await;
        agree(&world).await;
    }
}

/// The power goes when a command has written the file, and nothing else.
pub async fn cut_after_the_file(world: &mut World, command: Command) {
    let mut held = world.file.hold_next();
    let wanted = Dispatch::new(CommandId::of(&world.random.seed()), command);
    let till = world.till().clone();
    let asked = tokio::spawn(async move { till.dispatch(wanted).await });
    (&mut held.kept).await.unwrap();
    world.crash().await;
    drop(held);
    assert_eq!(refused(asked.await.unwrap()), ProblemCode::Stopping);
}

/// The power goes when the file is written and the journal is not: the open payment is found at the new
/// address.
#[tokio::test(start_paused = true)]
async fn power_goes_between_the_file_and_the_journal() {
    for form in CARDS {
        let mut world = world(form).await;
        approved(&world, 0).await;
        let id = lost_and_moved(&world).await;
        let form = with(world.form_of(0), "url", "http://127.0.0.1:12009");
        cut_after_the_file(&mut world, edit(TerminalWanted::Change { form })).await;
        assert!(text(&world).contains("12009"), "the file is the new one");
        world.start().await.unwrap();
        becomes(&world, id, "approved").await;
        approved(&world, 0).await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_journal_that_cannot_be_written_leaves_the_settings_as_they_were() {
    let mut world = world(Form::Light).await;
    let new = world.plug_in(Form::Light, |_| {});
    let before = text(&world);
    world.fail_disk(DiskFault::Full, 1);
    assert_eq!(refused(add(&world, world.form_of(new)).await), ProblemCode::DiskFull);
    assert_eq!((text(&world), world.view().terminals.len()), (before, 1));
    add(&world, world.form_of(new)).await.unwrap();
    approved(&world, new).await;
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_change_by_hand_is_not_written_over() {
    let mut world = world(Form::Light).await;
    let new = world.plug_in(Form::Light, |_| {});
    let by_hand = format!("{}# mine\n", text(&world));
    world.file.put(by_hand.clone());
    assert_eq!(refused(add(&world, world.form_of(new)).await), ProblemCode::SettingsChanged);
    assert_eq!(text(&world), by_hand);
    world.restart().await;
    add(&world, world.form_of(new)).await.unwrap();
    assert!(text(&world).contains("# mine"));
    approved(&world, new).await;
    agree(&world).await;
}

/// A login that is under way ends before the terminal gets its new driver, and its session is nobody's.
#[tokio::test(start_paused = true)]
async fn a_change_waits_for_a_running_login() {
    for form in FORMS {
        let world = world(form).await;
        follow(&world, [Rule::on("Login").times(1).act(Action::Slow(20_000))]);
        world.dispatch(Command::OpenTerminal { terminal: world.desks[0].id.clone() }).await.unwrap();
        world.until("opening", |view| view.terminals[0].health == till::api::Health::Opening).await;
        change(&world, with(world.form_of(0), "connect_ms", "900")).await.unwrap();
        let id = world.pay(0, 12_50).await.unwrap();
        becomes(&world, id, "approved").await;
        approved(&world, 0).await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_terminal_goes_and_comes_back() {
    for form in FORMS {
        let mut world = worlds(&[form, Form::Light]).await;
        approved(&world, 0).await;
        remove(&world, 0).await.unwrap();
        assert_eq!(world.view().terminals.len(), 1);
        assert_eq!(refused(world.pay(0, 5_00).await), ProblemCode::UnknownTerminal);
        approved(&world, 1).await;
        add(&world, world.form_of(0)).await.unwrap();
        approved(&world, 0).await;
        remove(&world, 0).await.unwrap();
        world.restart().await;
        assert_eq!(refused(world.pay(0, 5_00).await), ProblemCode::UnknownTerminal);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_may_change_a_terminal() {
    let mut world = staffed().await;
    let new = world.plug_in(Form::Light, |_| {});
    sign_in(&world, "Kim", "2580").await.unwrap();
    let command = edit(TerminalWanted::Add { form: world.form_of(new) });
    let needs = world.dispatch(command.clone()).await.unwrap_err();
    let roles = needs.parameter("roles");
    assert_eq!((needs.code, roles), (ProblemCode::ApprovalNeeded, "manager,installer"));
    let approval = Some(Approval { person: person(&world, "Mia"), pin: pin("8520") });
    let id = CommandId::of(&world.random.seed());
    world.till().dispatch(Dispatch { id, command, approval }).await.unwrap();
    approved(&world, new).await;
    agree(&world).await;
}

/// The same with another name of the till: no session of the old name is believed, so the till logs in anew.
#[tokio::test(start_paused = true)]
async fn power_goes_before_the_journal_knows_another_login() {
    for form in CARDS {
        let mut world = world(form).await;
        approved(&world, 0).await;
        let known = world.store().read(|reader| reader.sessions()).await.unwrap();
        assert!(known[&world.desks[0].id].open.is_some());
        let form = with(world.form_of(0), "language", "sv");
        cut_after_the_file(&mut world, edit(TerminalWanted::Change { form })).await;
        world.start().await.unwrap();
        let known = world.store().read(|reader| reader.sessions()).await.unwrap();
        assert_eq!(known[&world.desks[0].id].open, None);
        approved(&world, 0).await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_only_a_terminal_can_undo_keeps_it() {
    let world = world(Form::Light).await;
    let bun = SaleWanted::Scan { code: "1".to_owned(), quantity: None, price: None };
    world.dispatch(Command::Sell { sale: None, revision: None, wanted: bun }).await.unwrap();
    let sale = world.view().sale.clone().unwrap();
    let tender = SaleSlot { sale: sale.sale, revision: sale.revision, slot: sale.slot };
    let id = world.pay_with(0, 10_00, 0, Some(tender)).await.unwrap();
    becomes(&world, id, "approved").await;
    assert_eq!(held(remove(&world, 0).await), "open_sale");
    agree(&world).await;
}
