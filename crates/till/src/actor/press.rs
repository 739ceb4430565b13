//! The printer's queue: one slip at a time goes to the printer, as an effect beside the loop.
//!
//! Invariants: nothing about money waits for paper; a slip that could not be printed waits for a person, and
//! what a restart finds waiting does so too: nothing is printed twice unless somebody wants it; there is an
//! end to how much waits.

use super::Actor;
use super::state::Case;
use crate::api::{MomentKind, PrinterState, PrinterView, Problem, ProblemCode, SlipPaper, WaitingPaper};
use crate::limits;
use crate::printers::InUse;
use crate::settings::Printer as Settings;
use domain::ids::{OperationId, PaperId};
use domain::journal::Fact;
use domain::paper::{Paper, PaperFact, PaperKind, PaperState};
use domain::payment::Stage;
use domain::receipt::{Copy, Receipt};
use jiff::Timestamp;
use peripherals::escpos;
use peripherals::printer::{Fault, Printed, Prints};
use peripherals::slip::{Language, Marks, Slip};
use std::collections::VecDeque;
use std::sync::Arc;
use store::{Record, StoredPaper};
use tokio::sync::oneshot;

/// A slip on its way to the printer.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub id: PaperId,
    pub paper: Paper,
    pub at: Timestamp,
    pub text: String,
    /// It may be on paper, whole or in part.
    pub perhaps: bool,
    /// A person wanted it tried again.
    pub again: bool,
}

/// What the printer is to do.
#[derive(Debug)]
enum Task {
    Print(Box<Sheet>, Option<oneshot::Sender<()>>),
    /// The drawer is plugged into the printer. Worth nothing when it comes late.
    OpenDrawer,
}

/// See the module.
pub(super) struct Press {
    printer: InUse,
    columns: usize,
    language: Language,
    queue: VecDeque<Task>,
    running: Option<Task>,
    /// Another printer took the place of the one that runs: what comes of that says nothing of the new one.
    replaced: bool,
    /// What runs is not wanted any more: it is written down as printed or given up, as it ends.
    unwanted: bool,
    stuck: VecDeque<Sheet>,
    fault: Option<Fault>,
    paper_low: bool,
    lost: u32,
    /// A start only finds out what waits: a person decides what becomes of it.
    pub(super) starting: bool,
    /// The number of the newest receipt of a sale.
    pub(super) newest_receipt: u32,
}

impl Press {
    pub(super) fn new(printer: InUse, settings: &Settings) -> Self {
        Self {
            printer,
            columns: settings.columns,
            language: settings.language,
            queue: VecDeque::new(),
            running: None,
            replaced: false,
            unwanted: false,
            stuck: VecDeque::new(),
            fault: None,
            paper_low: false,
            lost: 0,
            starting: true,
            newest_receipt: 0,
        }
    }

    pub(super) fn is_there(&self) -> bool {
        self.printer.now().is_there()
    }

    /// The printer of other settings; nothing is printed on it before it is in use.
    pub(super) fn other(&self, known: &Settings, wanted: &Settings) -> Result<Arc<dyn Prints>, Problem> {
        self.printer.other(known, wanted)
    }

    /// Prints here from the next slip on. What is under way ends where it began; what is stuck stays so.
    pub(super) fn move_to(&mut self, printer: Arc<dyn Prints>, settings: &Settings) {
        (self.columns, self.language) = (settings.columns, settings.language);
        if Arc::ptr_eq(&printer, &self.printer.now()) {
            return;
        }
        self.printer.put(printer);
        self.replaced = self.running.is_some();
        self.fault = None;
        self.paper_low = false;
    }

    /// What a task told of the printer in use, where it told anything of that one.
    fn learn(&mut self, result: &Result<Printed, Fault>) {
        if std::mem::take(&mut self.replaced) || !self.is_there() {
            return;
        }
        self.fault = result.as_ref().err().cloned();
        if let Ok(Printed { paper_low }) = result {
            self.paper_low = *paper_low;
        }
    }

    /// Slips that are not printed, and whether each waits for a person.
    fn waiting(&self) -> impl Iterator<Item = (&Sheet, bool)> {
        let under_way = self.running.iter().chain(&self.queue).filter_map(|task| match task {
            Task::Print(sheet, _) => Some((sheet.as_ref(), false)),
            Task::OpenDrawer => None,
        });
        self.stuck.iter().map(|sheet| (sheet, true)).chain(under_way)
    }

    /// Where a slip stands: the journal learns a little later that it is printed.
    pub(super) fn state_of(&self, stored: &StoredPaper) -> PaperState {
        let waits = self.waiting().any(|(sheet, _)| sheet.id == stored.id);
        match (stored.state, waits) {
            (PaperState::Waiting | PaperState::Printed, false) => PaperState::Printed,
            (PaperState::Kept | PaperState::Dropped, false) => stored.state,
            (_, true) => PaperState::Waiting,
        }
    }

    fn is_slip_of(id: OperationId) -> impl Fn(&(&Sheet, bool)) -> bool {
        move |(sheet, _)| {
            sheet.paper.kind == PaperKind::ToSign && !sheet.paper.copy && sheet.paper.operation == Some(id)
        }
    }

    /// Whether a payment's slip to sign is on its way: its question waits for the paper.
    pub(super) fn slip_under_way(&self, id: OperationId) -> bool {
        self.waiting().filter(Self::is_slip_of(id)).any(|(_, stuck)| !stuck)
    }

    /// Where a payment's slip to sign is.
    pub(super) fn slip_paper(&self, id: OperationId) -> SlipPaper {
        match self.waiting().filter(Self::is_slip_of(id)).map(|(_, stuck)| stuck).next() {
            _ if !self.is_there() => SlipPaper::Screen,
            Some(true) => SlipPaper::Stuck,
            Some(false) => SlipPaper::Printing,
            None => SlipPaper::Printed,
        }
    }

    pub(super) fn view(&self) -> PrinterView {
        let state = match (self.is_there(), &self.running, &self.fault) {
            (false, ..) => PrinterState::None,
            (true, Some(_), _) => PrinterState::Printing,
            (true, None, Some(_)) => PrinterState::Trouble,
            (true, None, None) => PrinterState::Ready,
        };
        let shown = |(sheet, stuck): (&Sheet, bool)| WaitingPaper {
            paper: sheet.id,
            kind: sheet.paper.kind,
            copy: sheet.paper.copy,
            sale: sheet.paper.sale,
            payment: sheet.paper.operation,
            number: sheet.paper.number,
            at: sheet.at,
            stuck,
            perhaps: sheet.perhaps,
        };
        PrinterView {
            state,
            fault: self.fault.as_ref().map(|fault| fault.code().to_owned()),
            paper_low: self.paper_low,
            waiting: self.waiting().map(shown).collect(),
            lost: self.lost,
        }
    }

    /// As the printer gets it.
    fn bytes(&self, sheet: &Sheet) -> Vec<u8> {
        let paper = &sheet.paper;
        let marks = Marks { copy: paper.copy, practice: paper.practice, language: self.language };
        escpos::slip(&Slip::of(&receipt_of(paper, &sheet.text), marks, self.columns))
    }
}

/// A slip's text as something to lay out. A copy is not signed again.
pub(crate) fn receipt_of(paper: &Paper, text: &str) -> Receipt {
    let copy = match paper.kind {
        PaperKind::Receipt | PaperKind::Customer => Copy::Customer,
        PaperKind::ToSign | PaperKind::Merchant => Copy::Merchant,
        PaperKind::Other | PaperKind::ReportX | PaperKind::ReportZ => Copy::Other,
    };
    let lines = text.lines().map(str::to_owned).collect();
    // Some terminals bring the line to sign on along.
    let has_line = text.lines().any(is_to_sign_on);
    let to_sign = paper.kind == PaperKind::ToSign && !paper.copy && !has_line;
    Receipt { copy, lines, to_sign, readable: true }
}

/// A stretch to sign on, behind a word at most: leaders between a label and an amount are none.
fn is_to_sign_on(line: &str) -> bool {
    let line = line.trim();
    let drawn = ["________", "........"].iter().any(|stretch| line.ends_with(stretch));
    drawn && !line.contains(|sign: char| sign.is_ascii_digit())
}

impl Actor {
    /// What an earlier run of the till left: it may be on paper or not, so it waits for a person.
    pub(super) async fn find_papers(&mut self) -> Result<(), Problem> {
        let read = self
            .store
            .read(|reader| Ok((reader.papers_waiting(limits::PAPERS)?, reader.newest_receipt()?)));
        let (papers, newest) = read.await.map_err(|error| crate::folder::problem(&error))?;
        self.press.newest_receipt = newest;
        let left = papers.into_iter().filter_map(|stored| {
            let StoredPaper { id, paper, at, text, .. } = stored;
            Some(Sheet { id, paper, at, text: text?, perhaps: true, again: false })
        });
        self.press.stuck = left.collect();
        let waits = |case: &&Case| case.payment.stage == Stage::AwaitSignature;
        let unsigned: Vec<OperationId> =
            self.state.cases.values().filter(waits).map(|case| case.payment.id()).collect();
        for id in unsigned {
            for (receipt, text) in self.stored_receipts(id, Copy::Merchant).await {
                self.state.moment(id, receipt.at, MomentKind::Print { copy: receipt.copy, text });
            }
        }
        Ok(())
    }

    /// Puts a slip into the queue; what is to be signed goes first. `told` hears when it was tried.
    pub(super) async fn queue_up(&mut self, sheet: Sheet, told: Option<oneshot::Sender<()>>) {
        let first = sheet.paper.kind == PaperKind::ToSign && !sheet.paper.copy;
        if sheet.paper.kind == PaperKind::Receipt {
            // It is on disk now: a number that was not written down is given again.
            let number = sheet.paper.number.unwrap_or(0);
            self.press.newest_receipt = self.press.newest_receipt.max(number);
        }
        if !self.press.is_there() {
            return;
        }
        if self.press.starting {
            self.press.stuck.push_back(sheet);
        } else if first {
            self.press.queue.push_front(Task::Print(Box::new(sheet), told));
        } else {
            self.press.queue.push_back(Task::Print(Box::new(sheet), told));
        }
        self.make_room().await;
        self.dirty = true;
    }

    pub(super) fn kick_drawer(&mut self) {
        if self.press.is_there() && !self.press.starting {
            self.press.queue.push_front(Task::OpenDrawer);
        }
    }

    /// The oldest of what waits is given up where too much does; it can be printed from the day's list.
    async fn make_room(&mut self) {
        while self.press.waiting().count() > limits::PAPERS {
            let Some(oldest) = self.press.stuck.pop_front() else { return };
            self.press.lost = self.press.lost.saturating_add(1);
            let _shown = self.paper_fact(oldest.id, PaperFact::Dropped).await;
        }
    }

    pub(super) async fn paper_fact(&mut self, paper: PaperId, fact: PaperFact) -> Result<(), Problem> {
        self.commit(vec![self.record(Fact::Paper { paper, fact })]).await
    }

    /// Gives the printer its next task.
    pub(super) fn drive_press(&mut self) {
        if self.press.running.is_some() {
            return;
        }
        let Some(task) = self.press.queue.pop_front() else { return };
        let bytes = match &task {
            Task::Print(sheet, _) => self.press.bytes(sheet),
            Task::OpenDrawer => escpos::open_drawer(),
        };
        self.effects.print(self.press.printer.now(), bytes);
        self.press.running = Some(task);
        self.dirty = true;
    }

    /// The printer has done its task, or not.
    pub(super) async fn printed(&mut self, result: Result<Printed, Fault>) {
        let Some(task) = self.press.running.take() else { return };
        self.dirty = true;
        self.press.learn(&result);
        let unwanted = std::mem::take(&mut self.press.unwanted);
        let fault = result.err();
        if let Some(fault) = &fault {
            tracing::warn!(%fault, "a slip is not printed");
        }
        match (task, fault) {
            (Task::OpenDrawer, None) => {}
            (Task::OpenDrawer, Some(_)) => self.add_notice(None, "drawer_stuck", String::new()),
            (Task::Print(sheet, told), None) => {
                // Where this is lost, a person is asked after the next start.
                let _ = self.paper_fact(sheet.id, PaperFact::Printed).await;
                told.into_iter().for_each(hear);
            }
            (Task::Print(sheet, told), Some(_)) if unwanted => {
                self.press.fault = None;
                let _shown = self.paper_fact(sheet.id, PaperFact::Dropped).await;
                told.into_iter().for_each(hear);
            }
            (Task::Print(mut sheet, told), Some(fault)) => {
                sheet.perhaps |= fault.may_have_printed();
                self.press.stuck.push_back(*sheet);
                told.into_iter().for_each(hear);
                self.make_room().await;
            }
        }
        self.ask_what_waited().await;
    }

    /// Before the till stops: what is on its way to the paper gets there, within the limit of one slip. What
    /// does not is found by the next start.
    pub(super) async fn finish_papers(&mut self) {
        let finish = async {
            loop {
                self.drive_press();
                if self.press.running.is_none() {
                    return;
                }
                // An outcome that comes meanwhile is written down, too.
                let done = self.effects.next().await;
                self.done(done).await;
            }
        };
        if tokio::time::timeout(limits::PRINT, finish).await.is_err() {
            tracing::warn!("the till stops before everything is on paper");
        }
    }

    /// Everything that could not be printed, in its order.
    pub(super) async fn print_again(&mut self) -> Result<(), Problem> {
        let wanted = |sheet: &Sheet| Fact::Paper { paper: sheet.id, fact: PaperFact::Wanted };
        let records: Vec<Record> =
            self.press.stuck.iter().map(|sheet| self.record(wanted(sheet))).collect();
        self.commit(records).await?;
        for sheet in std::mem::take(&mut self.press.stuck) {
            self.queue_up(Sheet { again: true, ..sheet }, None).await;
        }
        Ok(())
    }

    /// Nothing of what could not be printed is wanted any more, nor what is tried again. What the printer has
    /// already may still come out.
    pub(super) async fn forget_papers(&mut self) -> Result<(), Problem> {
        let tried_again = |task: &Task| match task {
            Task::Print(sheet, _) => sheet.again,
            Task::OpenDrawer => false,
        };
        let queued = self.press.queue.iter().filter_map(|task| match task {
            Task::Print(sheet, _) if sheet.again => Some(sheet.id),
            Task::Print(..) | Task::OpenDrawer => None,
        });
        let dropped = self.press.stuck.iter().map(|sheet| sheet.id).chain(queued);
        let fact = |paper| self.record(Fact::Paper { paper, fact: PaperFact::Dropped });
        let records: Vec<Record> = dropped.map(fact).collect();
        self.commit(records).await?;
        self.press.stuck.clear();
        self.press.queue.retain(|task| !tried_again(task));
        self.press.unwanted = self.press.running.as_ref().is_some_and(tried_again);
        self.press.fault = None;
        self.press.lost = 0;
        self.dirty = true;
        Ok(())
    }

    pub(super) fn needs_printer(&self) -> Result<(), Problem> {
        let none = || Problem::new(ProblemCode::NoPaper).with("why", "no_printer");
        self.press.is_there().then_some(()).ok_or_else(none)
    }
}

fn hear(told: oneshot::Sender<()>) {
    let _ = told.send(());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_to_sign_on_is_not_a_line_of_leaders() {
        for line in ["Signature: ______________________", "............................", "  __________"] {
            assert!(is_to_sign_on(line), "{line}");
        }
        for line in ["Total ........ 12,50", "Ref 0047........", "", "...", "Signature"] {
            assert!(!is_to_sign_on(line), "{line}");
        }
    }
}
