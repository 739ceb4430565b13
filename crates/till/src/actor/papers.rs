//! What comes on paper: with facts, so that both are on disk together, and on a person's wish.
//!
//! Invariants: every completed sale that was rung up has one receipt with a number; what a terminal printed
//! for the customer is on it, or on a paper of its own; what cannot be read for a paper holds up no fact.

use super::Actor;
use super::press::Sheet;
use domain::ids::{OperationId, PaperId, SaleId, TextId};
use domain::journal::Fact;
use domain::paper::{Paper, PaperFact, PaperKind};
use domain::payment::{Payment, PaymentFact, Stage, Verdict};
use domain::receipt::{Copy, PRACTICE_MARK, Receipt, StoredReceipt, TextRef, practice_mark};
use domain::report::Report;
use domain::sale::{Sale, SaleFact};
use domain::shift::ShiftFact;
use domain::staff::Act;
use store::Record;

use crate::printing::{ReportPaper, SaleReceipt};

/// A paper that was just made: its record, and what goes to the printer.
pub(super) type Made = (Record, Sheet);

impl Actor {
    /// The papers that come with these records, which are about to be written.
    pub(super) async fn papers_with(&self, records: &[Record]) -> Vec<Made> {
        let mut made = Vec::new();
        for record in records {
            match &record.fact {
                Fact::Sale { sale, fact: SaleFact::Completed } => {
                    made.extend(self.sale_receipt(*sale, records).await);
                }
                Fact::DayClosed { report } => made.push(self.report_paper(report).await),
                Fact::Payment { operation, fact } => {
                    made.extend(self.terminal_papers(*operation, fact, records).await);
                }
                Fact::Sale { .. }
                | Fact::Installed { .. }
                | Fact::Started { .. }
                | Fact::Terminal { .. }
                | Fact::Unblocked { .. }
                | Fact::Unclaimed { .. }
                | Fact::ReceiptStored { .. }
                | Fact::Staff { .. }
                | Fact::Acted { .. }
                | Fact::Paper { .. }
                | Fact::Shift { .. } => {}
            }
        }
        made
    }

    /// The record of a new paper. Its text goes with it where the store does not have it yet.
    pub(super) fn made(&self, paper: Paper, text: String, is_new: bool) -> Made {
        let id = PaperId::of(&self.random.seed());
        let texts = if is_new { vec![(paper.text.clone(), text.clone())] } else { Vec::new() };
        let wanted = self.press.is_there();
        let fact = PaperFact::Made { paper: Box::new(paper.clone()), wanted };
        let record = Record { texts, ..self.record(Fact::Paper { paper: id, fact }) };
        let sheet = Sheet { id, at: record.at, paper, text, perhaps: false, again: false };
        (record, sheet)
    }

    /// A paper with a text of its own.
    fn written(&self, kind: PaperKind, lines: &[String], about: impl FnOnce(Paper) -> Paper) -> Made {
        let mut text = lines.join("\n");
        if self.settings.practice {
            let mark = practice_mark(self.settings.printer.columns);
            text = format!("{mark}\n{text}\n{mark}");
        }
        let reference = TextRef::of(TextId::of(&self.random.seed()), &text);
        let practice = self.settings.practice;
        let (sale, operation, number) = (None, None, None);
        let bare = Paper { kind, sale, operation, number, copy: false, practice, text: reference };
        self.made(about(bare), text, true)
    }

    async fn sale_receipt(&self, id: SaleId, records: &[Record]) -> Option<Made> {
        let sale = self.sale_after(id, records)?;
        sale.basket.as_ref()?;
        let tenders: Vec<OperationId> = sale.tenders.values().copied().collect();
        let mut cards = Vec::new();
        for tender in &tenders {
            let moved = |payment: &Payment| payment.verdict().is_some_and(Verdict::moved_money);
            if self.state.payment(*tender).is_some_and(moved) {
                cards.extend(self.stored_texts(*tender, Copy::Customer).await.into_iter().map(unmarked));
            }
        }
        let number = self.press.newest_receipt.saturating_add(1);
        let cashier = sale.cashier.map(|id| self.name_of(id)).unwrap_or_default();
        let printer = &self.settings.printer;
        let receipt = SaleReceipt {
            shop: &self.settings.shop,
            till: &self.settings.till,
            number,
            at: self.clock.now(),
            cashier: &cashier,
            sale: &sale,
            payments: tenders.iter().filter_map(|id| self.state.payment(*id)).collect(),
            cards,
            columns: printer.columns,
            language: printer.language,
        };
        let lines = receipt.lines()?;
        let about = |bare| Paper { sale: Some(id), number: Some(number), ..bare };
        Some(self.written(PaperKind::Receipt, &lines, about))
    }

    /// A sale as it will be once these records are written.
    fn sale_after(&self, id: SaleId, records: &[Record]) -> Option<Sale> {
        let mut sale = self.state.sales.get(&id).cloned();
        for record in records {
            if let Fact::Sale { sale: about, fact } = &record.fact
                && *about == id
            {
                sale = match sale {
                    Some(sale) => Some(sale.evolve(fact)),
                    None => Sale::first(id, fact),
                };
            }
        }
        sale
    }

    /// The texts of a payment's receipts that are in the store.
    async fn stored_texts(&self, id: OperationId, copy: Copy) -> Vec<String> {
        let stored = self.stored_receipts(id, copy).await;
        stored.into_iter().map(|(_, text)| text).collect()
    }

    /// A payment's receipts that are in the store, with their texts.
    pub(super) async fn stored_receipts(
        &self,
        id: OperationId,
        copy: Copy,
    ) -> Vec<(StoredReceipt, String)> {
        let read = self.store.read(move |reader| reader.receipts_of(id)).await;
        let found = read.unwrap_or_else(|error| {
            tracing::warn!(%error, payment = %id, "receipts could not be read for a paper");
            Vec::new()
        });
        let of_copy = found.into_iter().filter(|stored| stored.receipt.copy == copy);
        of_copy.filter_map(|stored| Some((stored.receipt, stored.text?))).collect()
    }

    /// The slip to sign, or what is for the customer once the payment is settled.
    async fn terminal_papers(&self, id: OperationId, fact: &PaymentFact, records: &[Record]) -> Vec<Made> {
        let (kind, copy) = if matches!(fact, PaymentFact::SignatureAwaited { .. }) {
            (PaperKind::ToSign, Copy::Merchant)
        } else if let PaymentFact::Settled { closing, .. } = fact
            && !self.is_on_receipt(id, closing.verdict)
        {
            (PaperKind::Customer, Copy::Customer)
        } else {
            return Vec::new();
        };
        let mut receipts = brought(id, copy, records);
        let waited = self
            .state
            .payment(id)
            .is_some_and(|payment| matches!(payment.stage, Stage::AwaitSignature | Stage::Reversing(_)));
        if receipts.is_empty() && waited && moved(fact) {
            receipts = self.stored_receipts(id, copy).await;
        }
        let paper = |(receipt, text): (StoredReceipt, String)| {
            self.made(Paper::of_terminal(kind, &receipt), text, false)
        };
        receipts.into_iter().map(paper).collect()
    }

    /// Whether the receipt of a sale will say what the terminal printed for the customer.
    fn is_on_receipt(&self, id: OperationId, verdict: Verdict) -> bool {
        let sale = self.state.payment(id).and_then(|payment| payment.operation.sale);
        let is_rung_up =
            sale.and_then(|sale| self.state.sales.get(&sale)).is_some_and(|sale| sale.basket.is_some());
        is_rung_up && verdict.moved_money()
    }

    /// A report on paper. A Z also tells the journal's head before it: a cut tail is seen.
    pub(super) async fn report_paper(&self, report: &Report) -> Made {
        let is_z = report.number.is_some();
        let head = self.store.read(|reader| reader.head()).await.ok().filter(|_| is_z);
        let printer = &self.settings.printer;
        let paper = ReportPaper {
            shop: &self.settings.shop,
            till: &self.settings.till,
            by: &self.name_of(report.by),
            report,
            head: head.map(|head| head.to_string()),
            columns: printer.columns,
            language: printer.language,
        };
        let kind = if is_z { PaperKind::ReportZ } else { PaperKind::ReportX };
        self.written(kind, &paper.lines(), |bare| Paper { number: report.number, ..bare })
    }

    /// Something that a terminal wants printed while it works: told when it was tried.
    pub(super) fn terminal_slip(&self, receipt: &Receipt, stored: &StoredReceipt) -> Made {
        let kind = match receipt.copy {
            Copy::Merchant if receipt.to_sign => PaperKind::ToSign,
            Copy::Merchant => PaperKind::Merchant,
            Copy::Customer => PaperKind::Customer,
            Copy::Other => PaperKind::Other,
        };
        self.made(Paper::of_terminal(kind, stored), receipt.text(), false)
    }
}

fn moved(fact: &PaymentFact) -> bool {
    matches!(fact, PaymentFact::Settled { closing, .. } if closing.verdict.moved_money())
}

/// Receipts of a payment among records.
fn brought(id: OperationId, copy: Copy, records: &[Record]) -> Vec<(StoredReceipt, String)> {
    let found = records.iter().filter_map(|record| {
        let Fact::ReceiptStored { receipt } = &record.fact else { return None };
        let (_, text) = record.texts.first()?;
        let is_meant = receipt.operation == id && receipt.copy == copy;
        is_meant.then(|| (receipt.clone(), text.clone()))
    });
    found.collect()
}

/// The text without the mark that the whole receipt carries.
fn unmarked(text: String) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| line.trim() != PRACTICE_MARK).collect();
    lines.join("\n")
}

/// Whether cash goes into the drawer or out of it, or somebody wants it open.
pub(super) fn opens_drawer(fact: &Fact) -> bool {
    match fact {
        Fact::Sale { fact, .. } => {
            matches!(fact, SaleFact::CashTendered { .. } | SaleFact::CashHandedBack { .. })
        }
        Fact::Shift { fact, .. } => {
            matches!(fact, ShiftFact::Opened { .. } | ShiftFact::CashMoved { .. })
        }
        Fact::Acted { acted } => acted.act == Act::OpenDrawer,
        Fact::Installed { .. }
        | Fact::Started { .. }
        | Fact::Payment { .. }
        | Fact::Terminal { .. }
        | Fact::Unblocked { .. }
        | Fact::Unclaimed { .. }
        | Fact::ReceiptStored { .. }
        | Fact::Staff { .. }
        | Fact::Paper { .. }
        | Fact::DayClosed { .. } => false,
    }
}
