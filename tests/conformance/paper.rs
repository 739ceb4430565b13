//! Paper: the slip before the question, receipts of sales once, copies once, and a printer that is away, out
//! of paper or slow, and is never in the way of money.

use super::scene::{CARDS, agree, becomes, question, reply, world};
use acceptance::printer::Mood;
use acceptance::world::{Form, World};
use domain::ids::{OperationId, SaleId};
use domain::paper::{PaperKind, PaperState};
use domain::prompt::Answer;
use domain::receipt::Copy;
use domain::sale::SaleStage;
use domain::shift::Way;
use std::time::Duration;
use till::api::{
    Accepted, Command, DrawerWanted, PaperFormat, PaperOf, PrintWanted, PrinterState, Problem, ProblemCode,
    Query, QueryReply, SaleSlot, SaleView, SaleWanted, SlipPaper, View,
};

/// A running till with a printer.
pub async fn with_printer(form: Form, mood: Mood) -> World {
    let mut world = World::new(7, &[form], false);
    world.printer.is(mood);
    world.start().await.unwrap();
    world
}

pub async fn print(world: &World, wanted: PrintWanted) -> Result<Accepted, Problem> {
    world.dispatch(Command::Print { wanted }).await
}

pub fn why(answer: Result<Accepted, Problem>) -> String {
    let problem = answer.unwrap_err();
    assert_eq!(problem.code, ProblemCode::NoPaper, "{problem}");
    problem.parameter("why").to_owned()
}

fn sale(world: &World) -> std::sync::Arc<SaleView> {
    world.view().sale.clone().expect("a sale is at the counter")
}

pub async fn ring_up(world: &World, codes: &[&str]) {
    for code in codes {
        let wanted = SaleWanted::Scan { code: (*code).to_owned(), quantity: None, price: None };
        world.dispatch(Command::Sell { sale: None, revision: None, wanted }).await.unwrap();
    }
}

async fn open_shift(world: &World) {
    let wanted = DrawerWanted::OpenShift { float: World::money(500_00) };
    world.dispatch(Command::Drawer { wanted }).await.unwrap();
}

async fn cash(world: &World, given: i64) -> SaleId {
    let shown = sale(world);
    let wanted = SaleWanted::TakeCash { slot: shown.slot, given: World::money(given) };
    let command = Command::Sell { sale: Some(shown.sale), revision: Some(shown.revision), wanted };
    world.dispatch(command).await.unwrap();
    shown.sale
}

/// A sale by card to its end.
pub async fn by_card(world: &World, codes: &[&str]) -> (SaleId, OperationId) {
    ring_up(world, codes).await;
    let shown = sale(world);
    let slot = SaleSlot { sale: shown.sale, revision: shown.revision, slot: shown.slot };
    let id = world.pay_with(0, shown.due.minor, 0, Some(slot)).await.unwrap();
    becomes(world, id, "approved").await;
    let done = |view: &View| view.sale.as_ref().is_some_and(|sale| sale.stage == SaleStage::Completed);
    world.until("completed", done).await;
    world.dispatch(Command::NextSale { sale: shown.sale }).await.unwrap();
    (shown.sale, id)
}

pub async fn printed(world: &World) {
    world
        .until("nothing is left to print", |view| {
            view.printer.waiting.is_empty() && view.printer.state != PrinterState::Printing
        })
        .await;
}

pub async fn stuck(world: &World, count: usize) {
    world
        .until("so many wait for a person", |view| {
            view.printer.waiting.iter().filter(|paper| paper.stuck).count() == count
                && view.printer.waiting.len() == count
        })
        .await;
}

pub async fn papers(world: &World, sale: SaleId) -> Vec<(PaperKind, bool, PaperState)> {
    match world.till().query(Query::SalePapers { sale }).await.unwrap() {
        QueryReply::Papers { rows } => rows.iter().map(|row| (row.kind, row.copy, row.state)).collect(),
        reply => panic!("not {reply:?}"),
    }
}

/// A payment whose signature must be checked.
pub async fn to_sign(world: &World) -> OperationId {
    world.pay(0, 12_08).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_slip_to_sign_is_on_paper_before_the_question() {
    for form in CARDS {
        let world = with_printer(form, Mood::Slow(3)).await;
        let id = to_sign(&world).await;
        let mut views = world.till().views();
        loop {
            let view = views.borrow_and_update().clone();
            let asked = view.payment(id).is_some_and(|payment| payment.prompt.is_some());
            let slips = world.printer.slips();
            assert!(!asked || slips.len() == 1, "{form:?}: the question came before the paper");
            if asked {
                break;
            }
            views.changed().await.unwrap();
        }
        let slip = world.printer.slips().remove(0);
        // The terminal's own line to sign on: ours, as wide as the paper, is for slips without one.
        assert!(slip.contains("12") && slip.contains("____") && slip.contains("Underskrift"), "{slip}");
        assert!(!slip.contains(&"_".repeat(42)), "{form:?}: {slip}");
        let shown =
            world.until_payment(id, "printed", |it| it.slip_paper == Some(SlipPaper::Printed)).await;
        assert!(shown.slip.is_some(), "{form:?}: on the screen too");
        reply(&world, id, Answer::Yes).await;
        becomes(&world, id, "approved").await;
        printed(&world).await;
        let slips = world.printer.slips();
        assert_eq!(slips.len(), 2, "{form:?}: the customer's copy comes after the answer\n{slips:?}");
        let signs = |slip: &str| slip.contains("____") || slip.contains("........");
        assert!(!signs(&slips[1]), "nobody signs the customer's copy");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_question_comes_without_paper_and_says_so() {
    for (mood, fault) in
        [(Mood::Away, "away"), (Mood::NoPaper, "paper_out"), (Mood::CoverOpen, "cover_open")]
    {
        for form in CARDS {
            let world = with_printer(form, mood).await;
            let id = to_sign(&world).await;
            question(&world, id).await;
            let shown =
                world.until_payment(id, "stuck", |it| it.slip_paper == Some(SlipPaper::Stuck)).await;
            assert!(shown.slip.is_some_and(|slip| slip.contains("12")), "{form:?}: on the screen");
            assert_eq!(world.view().printer.fault.as_deref(), Some(fault), "{form:?}");
            // Paper is loaded, and the cashier prints before answering.
            world.printer.is(Mood::Works);
            print(&world, PrintWanted::Again).await.unwrap();
            world.until_payment(id, "printed", |it| it.slip_paper == Some(SlipPaper::Printed)).await;
            assert_eq!(world.printer.slips().len(), 1, "{form:?}");
            reply(&world, id, Answer::Yes).await;
            becomes(&world, id, "approved").await;
            agree(&world).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_printer_the_slip_is_on_the_screen() {
    for form in CARDS {
        let world = world(form).await;
        let id = to_sign(&world).await;
        question(&world, id).await;
        let shown = world.view().payment(id).cloned().unwrap();
        assert_eq!((shown.slip.is_some(), shown.slip_paper), (true, Some(SlipPaper::Screen)), "{form:?}");
        assert_eq!(why(print(&world, PrintWanted::Again).await), "no_printer");
        reply(&world, id, Answer::Yes).await;
        becomes(&world, id, "approved").await;
        assert!(world.view().printer.waiting.is_empty());
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn crash_while_a_signature_is_asked_about() {
    let mut world = with_printer(Form::Light, Mood::Works).await;
    let id = to_sign(&world).await;
    question(&world, id).await;
    world.pass(1).await;
    world.restart().await;
    question(&world, id).await;
    let shown = world.view().payment(id).cloned().unwrap();
    assert!(shown.slip.is_some_and(|slip| slip.contains("12")), "the slip is on the screen again");
    assert_eq!(world.printer.slips().len(), 1, "and not printed by itself again");
    reply(&world, id, Answer::Yes).await;
    becomes(&world, id, "approved").await;
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_sale_has_one_receipt_with_everything_on_it() {
    for form in CARDS {
        let world = with_printer(form, Mood::Works).await;
        let (sale, id) = by_card(&world, &["1", "2", "2"]).await;
        printed(&world).await;
        let slips = world.printer.slips();
        assert_eq!(slips.len(), 1, "{form:?}: what the terminal printed is on it\n{slips:?}");
        for text in ["Corner Shop", "Receipt 1", "Cinnamon bun", "59.80", "TOTAL SEK", "94.80", "12 %"] {
            assert!(slips[0].contains(text), "{form:?}: {text} is missing\n{}", slips[0]);
        }
        let card = super::scene::receipts(&world, id).await;
        let customer = card.iter().find(|row| row.copy == Copy::Customer).and_then(|row| row.text.clone());
        let first = customer.unwrap().lines().find(|line| line.len() > 3).unwrap().trim().to_owned();
        assert!(slips[0].contains(&first), "{form:?}: {first}\n{}", slips[0]);
        assert_eq!(papers(&world, sale).await, [(PaperKind::Receipt, false, PaperState::Printed)]);
        let again = PaperOf::Sale { sale };
        assert_eq!(why(print(&world, PrintWanted::Original { of: again }).await), "printed");
        let slip = PaperOf::Payment { payment: id, copy: Copy::Customer };
        assert_eq!(why(print(&world, PrintWanted::Original { of: slip }).await), "on_receipt");
        by_card(&world, &["3"]).await;
        printed(&world).await;
        assert!(world.printer.slips()[1].contains("Receipt 2"), "{form:?}");
        agree(&world).await;
    }
}

#[tokio::test(start_paused = true)]
async fn cash_has_a_receipt_and_opens_the_drawer() {
    let world = with_printer(Form::Light, Mood::Works).await;
    open_shift(&world).await;
    printed(&world).await;
    assert_eq!(world.printer.kicks(), 1, "the float goes in");
    ring_up(&world, &["2"]).await;
    cash(&world, 50_00).await;
    printed(&world).await;
    let slip = world.printer.slips().pop().unwrap();
    for text in ["Rounding", "0.10", "TOTAL SEK", "30.00", "Cash", "50.00", "Change", "20.00"] {
        assert!(slip.contains(text), "{text} is missing\n{slip}");
    }
    assert_eq!(world.printer.kicks(), 2);
    let wanted = DrawerWanted::Open { reason: "change".to_owned() };
    world.dispatch(Command::Drawer { wanted }).await.unwrap();
    let (amount, reason) = (World::money(100_00), "to the bank".to_owned());
    let wanted = DrawerWanted::MoveCash { way: Way::Out, amount, reason };
    world.dispatch(Command::Drawer { wanted }).await.unwrap();
    printed(&world).await;
    assert_eq!(world.printer.kicks(), 4);
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_number_that_was_not_written_down_is_given_again() {
    let world = with_printer(Form::Light, Mood::Works).await;
    open_shift(&world).await;
    ring_up(&world, &["1"]).await;
    let shown = sale(&world);
    let wanted = SaleWanted::TakeCash { slot: shown.slot, given: World::money(35_00) };
    let command = Command::Sell { sale: Some(shown.sale), revision: Some(shown.revision), wanted };
    world.fail_disk(store::DiskFault::Io, 1);
    world.dispatch(command.clone()).await.unwrap_err();
    printed(&world).await;
    assert!(world.printer.slips().is_empty(), "what is not written down is not printed");
    world.dispatch(command).await.unwrap();
    printed(&world).await;
    assert!(world.printer.slips()[0].contains("Receipt 1"), "{:?}", world.printer.slips());
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_drawer_that_stays_shut_is_told_and_does_not_open_later() {
    let world = with_printer(Form::Light, Mood::Away).await;
    open_shift(&world).await;
    world.until("told", |view| view.notices.iter().any(|it| it.code == "drawer_stuck")).await;
    world.printer.is(Mood::Works);
    print(&world, PrintWanted::Again).await.unwrap();
    world.pass(60).await;
    assert_eq!(world.printer.kicks(), 0);
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_printer_that_comes_back_prints_exactly_what_waits() {
    let world = with_printer(Form::Light, Mood::Away).await;
    let (first, _) = by_card(&world, &["1"]).await;
    by_card(&world, &["2"]).await;
    stuck(&world, 2).await;
    let view = world.view();
    assert_eq!((view.printer.state, view.printer.fault.as_deref()), (PrinterState::Trouble, Some("away")));
    assert!(view.printer.waiting.iter().all(|paper| !paper.perhaps), "nothing of it can be on paper");
    let of = PaperOf::Sale { sale: first };
    assert_eq!(why(print(&world, PrintWanted::Original { of }).await), "waits");
    assert_eq!(why(print(&world, PrintWanted::Copy { of }).await), "waits");
    world.printer.is(Mood::Works);
    // The next customer's receipt comes out; what waits still waits.
    by_card(&world, &["3"]).await;
    stuck(&world, 2).await;
    assert_eq!(world.printer.slips().len(), 1);
    assert_eq!(world.view().printer.state, PrinterState::Ready);
    print(&world, PrintWanted::Again).await.unwrap();
    printed(&world).await;
    let slips = world.printer.slips();
    let numbers: Vec<_> =
        slips.iter().map(|slip| slip.contains("K O P I A") || slip.contains("C O P Y")).collect();
    assert_eq!(numbers, [false; 3], "they are originals");
    assert!(slips[1].contains("Receipt 1") && slips[2].contains("Receipt 2"), "{slips:?}");
    print(&world, PrintWanted::Again).await.unwrap();
    world.pass(60).await;
    assert_eq!(world.printer.slips().len(), 3, "a second press prints nothing");
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_not_wanted_any_more_can_be_printed_later() {
    let world = with_printer(Form::Light, Mood::StopsAtTheEnd).await;
    let (sale, _) = by_card(&world, &["1"]).await;
    stuck(&world, 1).await;
    assert!(world.view().printer.waiting[0].perhaps, "it may have come out");
    print(&world, PrintWanted::Forget).await.unwrap();
    printed(&world).await;
    assert_eq!(world.view().printer.fault, None);
    assert_eq!(papers(&world, sale).await, [(PaperKind::Receipt, false, PaperState::Dropped)]);
    world.printer.is(Mood::Works);
    print(&world, PrintWanted::Original { of: PaperOf::Sale { sale } }).await.unwrap();
    printed(&world).await;
    assert_eq!(papers(&world, sale).await, [(PaperKind::Receipt, false, PaperState::Printed)]);
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_copy_is_marked_and_there_is_one() {
    let mut world = with_printer(Form::Light, Mood::Works).await;
    let (sale, id) = by_card(&world, &["1"]).await;
    printed(&world).await;
    let of = PaperOf::Sale { sale };
    print(&world, PrintWanted::Copy { of }).await.unwrap();
    printed(&world).await;
    let slips = world.printer.slips();
    assert_eq!(slips.len(), 2);
    assert!(slips[1].contains("C O P Y"), "twice the size:\n{}", slips[1]);
    assert!(!slips[0].contains("C O P Y"));
    assert_eq!(why(print(&world, PrintWanted::Copy { of }).await), "copied");
    world.pass(1).await;
    world.restart().await;
    assert_eq!(why(print(&world, PrintWanted::Copy { of }).await), "copied", "also after a restart");
    let QueryReply::Reports { reports, .. } = world.till().query(Query::ReportX).await.unwrap() else {
        panic!("a report was asked for")
    };
    assert_eq!(reports[0].copies, 1, "counted");
    // The shop's own copies are not limited, and say what they are.
    let of = PaperOf::Payment { payment: id, copy: Copy::Merchant };
    assert_eq!(why(print(&world, PrintWanted::Copy { of }).await), "not_printed");
    print(&world, PrintWanted::Original { of }).await.unwrap();
    printed(&world).await;
    for _ in 0..2 {
        print(&world, PrintWanted::Copy { of }).await.unwrap();
        printed(&world).await;
    }
    let marked: Vec<bool> =
        world.printer.slips()[2..].iter().map(|slip| slip.contains("C O P Y")).collect();
    assert_eq!(marked, [false, true, true]);
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn power_cut_between_the_money_and_the_paper() {
    let mut world = with_printer(Form::Light, Mood::Slow(5)).await;
    ring_up(&world, &["1"]).await;
    let shown = sale(&world);
    let slot = SaleSlot { sale: shown.sale, revision: shown.revision, slot: shown.slot };
    let id = world.pay_with(0, 35_00, 0, Some(slot)).await.unwrap();
    becomes(&world, id, "approved").await;
    world.until("printing", |view| view.printer.state == PrinterState::Printing).await;
    world.restart().await;
    world.printer.is(Mood::Works);
    world.pass(60).await;
    assert!(world.printer.slips().is_empty(), "nothing comes out by itself");
    stuck(&world, 1).await;
    let waits = world.view().printer.waiting[0].clone();
    assert!(waits.perhaps && waits.kind == PaperKind::Receipt && waits.number == Some(1), "{waits:?}");
    print(&world, PrintWanted::Again).await.unwrap();
    printed(&world).await;
    assert_eq!(world.printer.slips().len(), 1);
    world.pass(1).await;
    world.restart().await;
    assert!(world.view().printer.waiting.is_empty(), "that it is printed is remembered");
    by_card(&world, &["2"]).await;
    printed(&world).await;
    assert!(world.printer.slips()[1].contains("Receipt 2"), "numbers go on");
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_till_that_is_stopped_in_order_finishes_its_slip() {
    let mut world = with_printer(Form::Light, Mood::Slow(5)).await;
    by_card(&world, &["1"]).await;
    let began = tokio::time::Instant::now();
    world.stop().await;
    assert_eq!(world.printer.slips().len(), 1);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_printer_that_hangs_holds_up_no_payment() {
    let world = with_printer(Form::Light, Mood::Slow(3_000)).await;
    let began = tokio::time::Instant::now();
    for code in ["1", "2", "3"] {
        by_card(&world, &[code]).await;
    }
    assert!(began.elapsed() < Duration::from_secs(300), "{:?}", began.elapsed());
    stuck(&world, 3).await;
    assert_eq!(world.view().printer.fault.as_deref(), Some("stopped"));
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn there_is_an_end_to_what_waits() {
    let world = with_printer(Form::Light, Mood::NoPaper).await;
    open_shift(&world).await;
    for _ in 0..55 {
        ring_up(&world, &["1"]).await;
        let sale = cash(&world, 35_00).await;
        world.dispatch(Command::NextSale { sale }).await.unwrap();
        world.pass(1).await;
    }
    stuck(&world, 50).await;
    let view = world.view();
    assert_eq!(view.printer.lost, 5, "and what was given up is counted");
    assert_eq!(view.printer.waiting[0].number, Some(6), "the oldest went");
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn reports_on_paper() {
    let world = with_printer(Form::Light, Mood::Works).await;
    by_card(&world, &["1"]).await;
    print(&world, PrintWanted::ReportX).await.unwrap();
    printed(&world).await;
    world.dispatch(Command::CloseDay { number: 1 }).await.unwrap();
    printed(&world).await;
    let slips = world.printer.slips();
    assert_eq!(slips.len(), 3);
    assert!(slips[1].contains("X REPORT") && slips[1].contains("35.00"), "{}", slips[1]);
    assert!(slips[2].contains("Z REPORT 1") && slips[2].contains("35.00"), "{}", slips[2]);
    let of = PaperOf::ReportZ { number: 1 };
    assert_eq!(why(print(&world, PrintWanted::Original { of }).await), "printed");
    print(&world, PrintWanted::Copy { of }).await.unwrap();
    printed(&world).await;
    assert!(world.printer.slips()[3].contains("C O P Y"));
    agree(&world).await;
}

#[tokio::test(start_paused = true)]
async fn a_receipt_as_a_file_says_what_the_paper_says() {
    let world = with_printer(Form::Light, Mood::Works).await;
    by_card(&world, &["1", "3"]).await;
    printed(&world).await;
    let query = Query::SaleReceipts { day: None, number: Some(1), limit: None };
    let QueryReply::Papers { rows } = world.till().query(query).await.unwrap() else { panic!("papers") };
    let file = |format| {
        let query = Query::File { id: rows[0].paper.to_string(), format };
        async {
            match world.till().query(query).await.unwrap() {
                QueryReply::File { file } => file,
                reply => panic!("not {reply:?}"),
            }
        }
    };
    use base64::Engine;
    let decoded = |bytes: &str| base64::engine::general_purpose::STANDARD.decode(bytes).unwrap();
    let text = file(PaperFormat::Text).await;
    let paper = world.printer.slips().remove(0);
    let cut = paper.trim_end().trim_end_matches(['-', ' ', '\n']);
    // A printer has fewer signs than a file.
    let told = String::from_utf8(decoded(&text.bytes)).unwrap().replace('☎', "?");
    assert_eq!(told.trim_end(), cut.trim_end());
    assert_eq!((text.name.as_str(), text.media.as_str()), ("receipt-1.txt", "text/plain; charset=utf-8"));
    let pdf = file(PaperFormat::Pdf).await;
    assert!(decoded(&pdf.bytes).starts_with(b"%PDF-"), "{}", pdf.media);
    let unknown = Query::File { id: "nothing".to_owned(), format: PaperFormat::Pdf };
    assert_eq!(world.till().query(unknown).await.unwrap_err().code, ProblemCode::NoPaper);
    let day = Query::SaleReceipts { day: None, number: Some(9), limit: None };
    assert_eq!(world.till().query(day).await.unwrap(), QueryReply::Papers { rows: Vec::new() });
}

#[tokio::test(start_paused = true)]
async fn the_printer_is_asked_how_it_is_without_paper() {
    let world = with_printer(Form::Light, Mood::NoPaper).await;
    let ask = || async {
        match world.till().query(Query::CheckPrinter { form: None }).await.unwrap() {
            QueryReply::Checked { mut steps, .. } => steps.remove(0),
            reply => panic!("not {reply:?}"),
        }
    };
    let step = ask().await;
    assert!(!step.ok && step.detail.contains("out of paper") && step.fix.is_some(), "{step:?}");
    world.printer.is(Mood::Works);
    assert!(ask().await.ok);
    assert!(world.printer.slips().is_empty());
}
