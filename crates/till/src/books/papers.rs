//! Slips from the store: lists of them, and one as a file to keep or to send.

use super::{Books, rows};
use crate::actor_words::receipt_of;
use crate::api::{PaperFile, PaperFormat, PaperRow, Problem, ProblemCode, QueryReply};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::ids::{PaperId, ReceiptId, SaleId};
use domain::paper::{Paper, PaperKind};
use domain::receipt::Copy;
use jiff::civil::Date;
use peripherals::slip::{Marks, Slip};
use peripherals::{escpos, paper, pdf};
use store::StoredPaper;

impl Books {
    pub(super) async fn sale_receipts(
        &self,
        day: Option<Date>,
        number: Option<u32>,
        limit: Option<u32>,
    ) -> Result<QueryReply, Problem> {
        let day = self.hours(day)?;
        let found = self.read(move |reader| reader.sale_receipts(day, number, rows(limit))).await?;
        Ok(QueryReply::Papers { rows: found.into_iter().map(row).collect() })
    }

    pub(super) async fn sale_papers(&self, sale: SaleId) -> Result<QueryReply, Problem> {
        let found = self.read(move |reader| reader.papers_of_sale(sale)).await?;
        Ok(QueryReply::Papers { rows: found.into_iter().map(row).collect() })
    }

    pub(super) async fn report_papers(&self, number: u32) -> Result<QueryReply, Problem> {
        let found = self.read(move |reader| reader.papers_of_report(number)).await?;
        Ok(QueryReply::Papers { rows: found.into_iter().map(row).collect() })
    }

    /// A file says the same as the paper, and is laid out as that.
    pub(super) async fn file(&self, id: &str, format: PaperFormat) -> Result<QueryReply, Problem> {
        let none = || Problem::new(ProblemCode::NoPaper).with("why", "none");
        let (paper_id, receipt_id) = (PaperId::parse(id), ReceiptId::parse(id));
        let (paper_id, receipt_id) = paper_id.zip(receipt_id).ok_or_else(none)?;
        let found = self.read(move |reader| {
            let paper = reader.paper(paper_id)?.map(|stored| (stored.paper, stored.text));
            let receipt = reader.receipt(receipt_id)?;
            Ok(paper.or(receipt.map(|stored| {
                let kind = kind_of(stored.receipt.copy);
                (Paper::of_terminal(kind, &stored.receipt), stored.text)
            })))
        });
        let (paper, text) = found.await?.ok_or_else(none)?;
        let text = text.ok_or_else(none)?;
        let marks = Marks { copy: paper.copy, practice: paper.practice, language: self.language };
        let slip = Slip::of(&receipt_of(&paper, &text), marks, self.columns);
        let (ending, media, bytes) = self.made(&slip, format)?;
        let name = match paper.number {
            Some(number) => format!("{}-{number}.{ending}", paper.kind.code()),
            None => format!("{}-{id}.{ending}", paper.kind.code()),
        };
        let file = PaperFile { name, media: media.to_owned(), bytes: STANDARD.encode(bytes) };
        Ok(QueryReply::File { file })
    }

    fn made(
        &self,
        slip: &Slip,
        format: PaperFormat,
    ) -> Result<(&'static str, &'static str, Vec<u8>), Problem> {
        let unmade =
            |what: String| Problem::new(ProblemCode::NoPaper).with("why", "none").with("what", what);
        Ok(match format {
            PaperFormat::Text => {
                let events: Vec<paper::Event> = slip.rows.iter().cloned().map(paper::Event::Row).collect();
                ("txt", "text/plain; charset=utf-8", paper::text(&events, self.columns).into_bytes())
            }
            PaperFormat::Pdf => {
                let made = pdf::document(std::slice::from_ref(slip), "Receipt");
                ("pdf", "application/pdf", made.map_err(|error| unmade(error.to_string()))?)
            }
            PaperFormat::Escpos => ("bin", "application/octet-stream", escpos::slip(slip)),
        })
    }
}

const fn kind_of(copy: Copy) -> PaperKind {
    match copy {
        Copy::Customer => PaperKind::Customer,
        Copy::Merchant => PaperKind::Merchant,
        Copy::Other => PaperKind::Other,
    }
}

pub(super) fn row(stored: StoredPaper) -> PaperRow {
    let StoredPaper { id, paper, at, state, text } = stored;
    PaperRow {
        paper: id,
        kind: paper.kind,
        sale: paper.sale,
        payment: paper.operation,
        number: paper.number,
        copy: paper.copy,
        practice: paper.practice,
        state,
        at,
        text,
    }
}
