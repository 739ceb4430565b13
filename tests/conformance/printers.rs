//! The printer changes while the till runs, while slips are under way and while money waits for a signature.

use super::counter::{person, pin, sign_in, staffed};
use super::editing::cut_after_the_file;
use super::paper::{by_card, papers, print, printed, ring_up, stuck, to_sign, why, with_printer};
use super::scene::{CARDS, agree, becomes, question, refused, reply, world};
use acceptance::printer::Mood;
use acceptance::world::{Form, World};
use domain::ids::CommandId;
use domain::paper::{PaperKind, PaperState};
use domain::prompt::Answer;
use store::DiskFault;
use till::api::{
    Accepted, Approval, Command, Dispatch, PrintWanted, PrinterForm, PrinterState, Problem, ProblemCode,
    Query, QueryReply, SlipPaper, View,
};
use till::doctor::Step;
use till::settings::SettingsFile;

const HERE: &str = "192.0.2.8:9100";

fn form(driver: &str, told: &[(&str, &str)]) -> PrinterForm {
    let settings = told.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    PrinterForm { driver: driver.to_owned(), settings }
}

fn at(target: &str) -> PrinterForm {
    form("tcp", &[("target", target)])
}

async fn change(world: &World, form: PrinterForm) -> Result<Accepted, Problem> {
    world.dispatch(Command::EditPrinter { form }).await
}

async fn check(world: &World, form: PrinterForm) -> Result<Step, Problem> {
    match world.till().query(Query::CheckPrinter { form: Some(form) }).await? {
        QueryReply::Checked { mut steps, .. } => Ok(steps.remove(0)),
        reply => panic!("not {reply:?}"),
    }
}

async fn shown(world: &World) -> PrinterForm {
    match world.till().query(Query::Terminals).await.unwrap() {
        QueryReply::Terminals { printer, .. } => printer,
        reply => panic!("not {reply:?}"),
    }
}

async fn entries(world: &World) -> i64 {
    world.store().read(|reader| reader.verify()).await.unwrap().entries
}

fn text(world: &World) -> String {
    world.file.text().unwrap()
}

fn is_printing(view: &View) -> bool {
    view.printer.state == PrinterState::Printing
}

/// Printed so far: on the printer that the world begins with, and on the other one.
fn came_out(world: &World) -> (usize, usize) {
    (world.printer.slips().len(), world.printers.at(HERE).slips().len())
}

#[tokio::test(start_paused = true)]
async fn a_printer_is_set_up_and_the_next_slip_comes_out_there() {
    let mut world = world(Form::Light).await;
    by_card(&world, &["1"]).await;
    assert_eq!(world.view().printer.state, PrinterState::None);
    let (before, written) = (text(&world), entries(&world).await);
    change(&world, at(HERE)).await.unwrap();
    assert_eq!(entries(&world).await, written + 1, "also where nobody signs in");
    let section = format!("\n[printer]\ndriver = \"tcp\"\ntarget = \"{HERE}\"\n");
    assert_eq!(text(&world).replace(&section, ""), before, "what stood there stays");
    assert_eq!((world.view().printer.state, shown(&world).await), (PrinterState::Ready, at(HERE)));
    by_card(&world, &["2"]).await;
    printed(&world).await;
    assert_eq!(came_out(&world), (0, 1));
    world.pass(1).await;
    world.restart().await;
    by_card(&world, &["3"]).await;
    printed(&world).await;
    assert_eq!(came_out(&world), (0, 2), "and after a restart");
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_wrong_form_changes_nothing() {
    let world = with_printer(Form::Light, Mood::Works).await;
    let (before, written) = (text(&world), entries(&world).await);
    for (wrong, field) in [
        (form("laser", &[("target", "x:1")]), "driver"),
        (at("192.0.2.8"), "target"),
        (form("tcp", &[]), "target"),
        (form("serial", &[("target", "COM3,fast")]), "target"),
        (form("file", &[("target", "")]), "target"),
        (form("none", &[("columns", "23")]), "columns"),
        (form("none", &[("columns", "81")]), "columns"),
        (form("none", &[("language", "de")]), "language"),
        (form("tcp", &[("target", HERE), ("speed", "fast")]), "speed"),
    ] {
        for problem in
            [change(&world, wrong.clone()).await.unwrap_err(), check(&world, wrong).await.unwrap_err()]
        {
            assert_eq!((problem.code, problem.parameter("field")), (ProblemCode::FieldWrong, field));
        }
    }
    assert_eq!((text(&world), entries(&world).await), (before, written));
    by_card(&world, &["1"]).await;
    printed(&world).await;
    assert_eq!(came_out(&world), (1, 0));
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_form_is_tried_before_it_is_kept() {
    let world = with_printer(Form::Light, Mood::Works).await;
    let before = text(&world);
    assert!(check(&world, at(HERE)).await.unwrap().ok);
    world.printers.at(HERE).is(Mood::NoPaper);
    let step = check(&world, at(HERE)).await.unwrap();
    assert_eq!((step.ok, step.code.as_str()), (false, "printer_paper_out"));
    assert_eq!((world.printers.at(HERE).tried(), came_out(&world)), (2, (0, 0)));
    assert_eq!((text(&world), world.printer.tried()), (before, 0));
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_change_by_hand_is_not_written_over() {
    let mut world = with_printer(Form::Light, Mood::Works).await;
    let by_hand = format!("{}# mine\n", text(&world));
    world.file.put(by_hand.clone());
    assert_eq!(refused(change(&world, at(HERE)).await), ProblemCode::SettingsChanged);
    by_card(&world, &["1"]).await;
    printed(&world).await;
    assert_eq!((text(&world), came_out(&world)), (by_hand, (1, 0)));
    world.restart().await;
    change(&world, at(HERE)).await.unwrap();
    assert!(text(&world).contains("# mine"));
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_takes_nothing_leaves_the_printer_as_it_was() {
    let world = with_printer(Form::Light, Mood::Works).await;
    let before = text(&world);
    world.file.refuse_next();
    assert_eq!(refused(change(&world, at(HERE)).await), ProblemCode::DiskFull);
    assert_eq!(text(&world), before);
    world.fail_disk(DiskFault::Full, 1);
    assert_eq!(refused(change(&world, at(HERE)).await), ProblemCode::DiskFull);
    assert_eq!(text(&world), before, "the journal has it as well, or nothing has");
    by_card(&world, &["1"]).await;
    printed(&world).await;
    assert_eq!(came_out(&world), (1, 0));
    change(&world, at(HERE)).await.unwrap();
    by_card(&world, &["2"]).await;
    printed(&world).await;
    assert_eq!(came_out(&world), (1, 1));
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn power_goes_between_the_file_and_the_journal() {
    let mut world = with_printer(Form::Light, Mood::Away).await;
    by_card(&world, &["1"]).await;
    stuck(&world, 1).await;
    cut_after_the_file(&mut world, Command::EditPrinter { form: at(HERE) }).await;
    world.start().await.unwrap();
    assert_eq!(shown(&world).await, at(HERE));
    stuck(&world, 1).await;
    print(&world, PrintWanted::Again).await.unwrap();
    printed(&world).await;
    assert_eq!(came_out(&world), (0, 1));
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_ends_where_it_began() {
    let world = with_printer(Form::Light, Mood::Slow(15)).await;
    by_card(&world, &["1"]).await;
    by_card(&world, &["2"]).await;
    world.until("printing", is_printing).await;
    change(&world, at(HERE)).await.unwrap();
    assert_eq!(world.view().printer.waiting.len(), 2, "nothing came out yet");
    printed(&world).await;
    assert_eq!(came_out(&world), (1, 1));
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn the_old_printers_fault_is_not_the_new_ones() {
    let world = with_printer(Form::Light, Mood::Away).await;
    by_card(&world, &["1"]).await;
    world.until("printing", is_printing).await;
    change(&world, at(HERE)).await.unwrap();
    stuck(&world, 1).await;
    let view = world.view();
    assert_eq!((view.printer.state, view.printer.fault.as_deref()), (PrinterState::Ready, None));
    world.pass(60).await;
    assert_eq!(came_out(&world), (0, 0), "nothing comes out by itself");
    print(&world, PrintWanted::Again).await.unwrap();
    printed(&world).await;
    assert_eq!(came_out(&world), (0, 1));
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_stuck_comes_out_of_the_new_one_when_somebody_wants_it() {
    let world = with_printer(Form::Light, Mood::NoPaper).await;
    by_card(&world, &["1"]).await;
    by_card(&world, &["2"]).await;
    stuck(&world, 2).await;
    change(&world, at(HERE)).await.unwrap();
    stuck(&world, 2).await;
    print(&world, PrintWanted::Again).await.unwrap();
    printed(&world).await;
    assert_eq!(came_out(&world), (0, 2));
    agree(&world).await;
}

/// The question comes after the old printer was tried, and the payment goes to its end.
#[tokio::test(start_paused = true)]
async fn a_signature_waits_for_no_printer() {
    for (mood, paper, slips) in
        [(Mood::Slow(3), SlipPaper::Printed, (1, 1)), (Mood::Away, SlipPaper::Stuck, (0, 1))]
    {
        for integration in CARDS {
            let world = with_printer(integration, mood).await;
            let id = to_sign(&world).await;
            world.until("printing", is_printing).await;
            change(&world, at(HERE)).await.unwrap();
            question(&world, id).await;
            world.until_payment(id, "tried", |it| it.slip_paper == Some(paper)).await;
            reply(&world, id, Answer::Yes).await;
            becomes(&world, id, "approved").await;
            world.until("the customer's copy", |view| !is_printing(view)).await;
            assert_eq!(came_out(&world), slips, "{integration:?}");
            agree(&world).await;
        }
    }
}

/// Without a printer nothing is lost: what waits stays in sight until it is printed or given up.
#[tokio::test(start_paused = true)]
async fn a_printer_that_is_taken_away_loses_nothing() {
    for wanted in [PrintWanted::Again, PrintWanted::Forget] {
        let mut world = world(Form::Light).await;
        change(&world, at(HERE)).await.unwrap();
        world.printers.at(HERE).is(Mood::Away);
        by_card(&world, &["1"]).await;
        stuck(&world, 1).await;
        world.printers.at(HERE).is(Mood::Slow(15));
        by_card(&world, &["2"]).await;
        by_card(&world, &["3"]).await;
        world.until("printing", is_printing).await;
        change(&world, form("none", &[])).await.unwrap();
        stuck(&world, 2).await;
        let view = world.view();
        assert_eq!((view.printer.state, view.printer.fault.as_deref()), (PrinterState::None, None));
        assert!(view.printer.waiting.iter().all(|waits| !waits.perhaps), "nothing of it can be on paper");
        by_card(&world, &["1"]).await;
        world.pass(1).await;
        world.restart().await;
        stuck(&world, 2).await;
        assert_eq!(why(print(&world, PrintWanted::Again).await), "no_printer");
        if wanted == PrintWanted::Again {
            world.printers.at(HERE).is(Mood::Works);
            change(&world, at(HERE)).await.unwrap();
        }
        let expected = if wanted == PrintWanted::Again { 3 } else { 1 };
        print(&world, wanted).await.unwrap();
        printed(&world).await;
        assert_eq!(came_out(&world), (0, expected));
        agree(&world).await;
    }
}

/// Who presses "Not needed" while everything is tried again means that, too; the next customer's receipt is
/// none of it.
#[tokio::test(start_paused = true)]
async fn what_is_tried_again_can_be_given_up() {
    for (works, came, expected) in [(false, 0, PaperState::Dropped), (true, 2, PaperState::Printed)] {
        let world = with_printer(Form::Light, Mood::NoPaper).await;
        let (first, _) = by_card(&world, &["1"]).await;
        let (second, _) = by_card(&world, &["2"]).await;
        stuck(&world, 2).await;
        world.printer.is(if works { Mood::Slow(15) } else { Mood::Away });
        print(&world, PrintWanted::Again).await.unwrap();
        world.until("printing", is_printing).await;
        if works {
            by_card(&world, &["3"]).await;
        }
        print(&world, PrintWanted::Forget).await.unwrap();
        world.pass(60).await;
        assert_eq!(papers(&world, first).await, [(PaperKind::Receipt, false, expected)], "under way");
        let dropped = (PaperKind::Receipt, false, PaperState::Dropped);
        assert_eq!(papers(&world, second).await, [dropped], "not begun");
        let printer = &world.view().printer;
        assert_eq!((printer.waiting.len(), printer.fault.as_deref()), (0, None));
        assert_eq!(world.printer.slips().len(), came);
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_slip_to_sign_without_a_printer_is_on_the_screen() {
    for integration in CARDS {
        let world = world(integration).await;
        change(&world, at(HERE)).await.unwrap();
        world.printers.at(HERE).is(Mood::Slow(15));
        ring_up(&world, &["1"]).await;
        let id = to_sign(&world).await;
        world.until("printing", is_printing).await;
        change(&world, form("none", &[])).await.unwrap();
        question(&world, id).await;
        world.until_payment(id, "screen", |it| it.slip_paper == Some(SlipPaper::Screen)).await;
        reply(&world, id, Answer::Yes).await;
        becomes(&world, id, "approved").await;
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn other_paper_needs_no_other_printer() {
    let world = world(Form::Light).await;
    change(&world, at(HERE)).await.unwrap();
    world.printers.at(HERE).is(Mood::Away);
    by_card(&world, &["1"]).await;
    stuck(&world, 1).await;
    let wide = form("tcp", &[("target", HERE), ("columns", "32"), ("language", "sv")]);
    change(&world, wide.clone()).await.unwrap();
    assert_eq!(shown(&world).await, wide);
    assert_eq!(world.view().printer.fault.as_deref(), Some("away"), "it is the same one");
    world.printers.at(HERE).is(Mood::Works);
    by_card(&world, &["2"]).await;
    stuck(&world, 1).await;
    let slip = world.printers.at(HERE).slips().remove(0);
    let head = slip.lines().find(|line| line.starts_with("Kvitto 2")).unwrap();
    assert_eq!((head.len(), head.ends_with("Kassa T1")), (32, true), "{slip}");
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn who_may_change_the_printer() {
    let world = staffed().await;
    sign_in(&world, "Kim", "2580").await.unwrap();
    let before = text(&world);
    let command = Command::EditPrinter { form: at(HERE) };
    let needs = world.dispatch(command.clone()).await.unwrap_err();
    let roles = needs.parameter("roles");
    assert_eq!((needs.code, roles), (ProblemCode::ApprovalNeeded, "manager,installer"));
    assert_eq!(text(&world), before);
    let written = entries(&world).await;
    let approval = Some(Approval { person: person(&world, "Mia"), pin: pin("8520") });
    let id = CommandId::of(&world.random.seed());
    world.till().dispatch(Dispatch { id, command, approval }).await.unwrap();
    assert_eq!(shown(&world).await, at(HERE));
    assert_eq!(entries(&world).await, written + 2, "that the PIN was right, and who did it");
    agree(&world).await;
}
