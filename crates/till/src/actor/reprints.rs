//! Printing on a person's wish: what is not on paper yet, and copies of what is.
//!
//! Invariants: an original is printed once; a copy says that it is one and is counted in the Z; of what is
//! for the customer there is one copy, also after a restart.

use super::Actor;
use super::papers::Made;
use super::people::{About, Who};
use super::press::Sheet;
use crate::api::{PaperOf, PrintWanted, Problem, ProblemCode};
use domain::ids::OperationId;
use domain::journal::Fact;
use domain::paper::{NoPaper, Paper, PaperFact, PaperKind, PaperState, may_copy, may_print};
use domain::receipt::Copy;
use domain::staff::{Act, Acted};
use store::{Record, StoredPaper};

/// The newest original of something, and its newest copy.
struct Found {
    original: StoredPaper,
    copy: Option<StoredPaper>,
}

impl Actor {
    pub(super) async fn print_wanted(&mut self, wanted: PrintWanted) -> Result<(), Problem> {
        // What is not wanted any more needs none.
        if wanted != PrintWanted::Forget {
            self.needs_printer()?;
        }
        match wanted {
            PrintWanted::Again => self.print_again().await,
            PrintWanted::Forget => self.forget_papers().await,
            PrintWanted::Original { of } => self.print_original(of).await,
            PrintWanted::Copy { of } => self.print_copy(of).await,
            PrintWanted::ReportX => {
                let (report, _) = self.asked_for_x()?;
                let made = self.report_paper(&report).await;
                self.print_now(made, None).await
            }
        }
    }

    /// Written down, then in the queue.
    async fn print_now(&mut self, made: Made, with: Option<Record>) -> Result<(), Problem> {
        let (record, sheet) = made;
        self.commit([Some(record), with].into_iter().flatten().collect()).await?;
        self.queue_up(sheet, None).await;
        Ok(())
    }

    async fn print_original(&mut self, of: PaperOf) -> Result<(), Problem> {
        match self.found(of).await? {
            Some(Found { original, .. }) => {
                may_print(self.press.state_of(&original)).map_err(refused)?;
                self.print_stored(original).await
            }
            None => self.print_receipt(of).await,
        }
    }

    /// A terminal's receipt that never was a paper.
    async fn print_receipt(&mut self, of: PaperOf) -> Result<(), Problem> {
        let PaperOf::Payment { payment, copy } = of else { return Err(none()) };
        self.not_on_sale_receipt(payment, copy).await?;
        let kind = if copy == Copy::Customer { PaperKind::Customer } else { PaperKind::Merchant };
        let newest = self.stored_receipts(payment, copy).await.pop();
        let (receipt, text) = newest.ok_or_else(none)?;
        let made = self.made(Paper::of_terminal(kind, &receipt), text, false);
        self.print_now(made, None).await
    }

    /// What a sale's receipt says is printed with that: there is one original of it.
    async fn not_on_sale_receipt(&self, payment: OperationId, copy: Copy) -> Result<(), Problem> {
        let Some(sale) = self.any_payment(payment).await?.operation.sale else { return Ok(()) };
        let papers = self.store.read(move |reader| reader.papers_of_sale(sale)).await;
        let papers = papers.map_err(|error| crate::folder::problem(&error))?;
        let moved = self.any_payment(payment).await?.verdict().is_some_and(|it| it.moved_money());
        match copy == Copy::Customer && moved && !papers.is_empty() {
            true => Err(Problem::new(ProblemCode::NoPaper).with("why", "on_receipt")),
            false => Ok(()),
        }
    }

    /// Prints a paper that the journal has and that is not wanted so far.
    async fn print_stored(&mut self, stored: StoredPaper) -> Result<(), Problem> {
        let StoredPaper { id, paper, at, text, .. } = stored;
        let text = text.ok_or_else(none)?;
        self.paper_fact(id, PaperFact::Wanted).await?;
        self.queue_up(Sheet { id, paper, at, text, perhaps: false, again: false }, None).await;
        Ok(())
    }

    async fn print_copy(&mut self, of: PaperOf) -> Result<(), Problem> {
        let Some(Found { original, copy }) = self.found(of).await? else {
            return Err(refused(NoPaper::NotPrinted));
        };
        let one_only = original.paper.kind.is_for_customer();
        let stands = copy.as_ref().map(|copy| self.press.state_of(copy));
        may_copy(self.press.state_of(&original), stands, one_only).map_err(refused)?;
        if let Some(copy) = copy.filter(|_| stands == Some(PaperState::Dropped)) {
            return self.print_stored(copy).await;
        }
        let StoredPaper { paper, text, .. } = original;
        let made = self.made(Paper { copy: true, ..paper.clone() }, text.ok_or_else(none)?, false);
        // Counted in every Z, also where nobody has to sign in.
        let about = About { sale: paper.sale, operation: paper.operation, ..About::default() };
        let acted = self.take_acted(about).unwrap_or_else(|| {
            let bare = Acted::bare(Act::Reprint, Who::NOBODY.by);
            let acted = Acted { sale: paper.sale, operation: paper.operation, ..bare };
            self.record(Fact::Acted { acted })
        });
        self.print_now(made, Some(acted)).await
    }

    async fn found(&self, of: PaperOf) -> Result<Option<Found>, Problem> {
        let read = self.store.read(move |reader| match of {
            PaperOf::Sale { sale } => reader.papers_of_sale(sale),
            PaperOf::Payment { payment, .. } => reader.papers_of_payment(payment),
            PaperOf::ReportZ { number } => reader.papers_of_report(number),
        });
        let mut papers = read.await.map_err(|error| crate::folder::problem(&error))?;
        papers.retain(|stored| is_meant(of, stored.paper.kind));
        let Some(at) = papers.iter().rposition(|stored| !stored.paper.copy) else { return Ok(None) };
        let copy = if papers.len() > at + 1 { papers.pop() } else { None };
        papers.truncate(at + 1);
        Ok(papers.pop().map(|original| Found { original, copy }))
    }
}

fn is_meant(of: PaperOf, kind: PaperKind) -> bool {
    match of {
        PaperOf::Sale { .. } => kind == PaperKind::Receipt,
        PaperOf::ReportZ { .. } => kind == PaperKind::ReportZ,
        PaperOf::Payment { copy: Copy::Customer, .. } => kind == PaperKind::Customer,
        PaperOf::Payment { copy: Copy::Merchant, .. } => {
            matches!(kind, PaperKind::ToSign | PaperKind::Merchant)
        }
        PaperOf::Payment { copy: Copy::Other, .. } => kind == PaperKind::Other,
    }
}

fn none() -> Problem {
    Problem::new(ProblemCode::NoPaper).with("why", "none")
}

fn refused(error: NoPaper) -> Problem {
    Problem::new(ProblemCode::NoPaper).with("why", error.code()).with("what", error)
}
