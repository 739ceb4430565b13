//! `report`: the business day in numbers, and its end.
//!
//! Where people sign in, they do that at the till's screen, and the report is made there: a count of the
//! drawer is blind, and a closed day has a name under it.

use till::api::{Command, Problem, ProblemCode, Query, QueryReply};
use till::seams::domain::report::Report as Numbers;
use till::settings::Settings;

use super::{Call, books};
use crate::cli::Report;
use crate::exit::Exit;
use crate::lines::{Line, ReportLine};
use crate::opened::Opened;
use crate::words;

/// Shows the day so far, or closes it.
///
/// # Errors
/// People sign in here; a shift is open; the books cannot be read.
pub async fn report(call: &Call, wanted: &Report) -> anyhow::Result<Exit> {
    let settings = Settings::load(&call.folder)?;
    let report = match wanted {
        Report::X => {
            let Some(books) = books::open(call)? else { return Ok(Exit::Done) };
            newest(books.query(Query::ReportX).await?)?
        }
        Report::Z => close_day(call).await?,
    };
    if settings.practice {
        call.out.text("PRACTICE\n");
    }
    call.out.text(&words::report(&report, &settings.shop.zone));
    call.out.line(&Line::Report(Box::new(ReportLine::of(&report, settings.practice))));
    Ok(Exit::Done)
}

async fn close_day(call: &Call) -> anyhow::Result<Numbers> {
    let opened = Opened::deaf(call).await?;
    let closed = closed(&opened).await;
    opened.stop().await;
    closed?;
    let books = books::need(call)?;
    Ok(newest(books.query(Query::Reports { limit: Some(1) }).await?)?)
}

async fn closed(opened: &Opened) -> Result<(), Problem> {
    let (_, number) = reports(opened.started.till.query(Query::Reports { limit: Some(1) }).await?);
    opened.follow.dispatch(Command::CloseDay { number }).await?;
    Ok(())
}

fn newest(reply: QueryReply) -> Result<Numbers, Problem> {
    let none = || Problem::new(ProblemCode::NoReport).with("why", "none");
    reports(reply).0.into_iter().next().ok_or_else(none)
}

/// Newest first, and the number of the next Z.
fn reports(reply: QueryReply) -> (Vec<Numbers>, u32) {
    match reply {
        QueryReply::Reports { reports, next } => (reports, next),
        QueryReply::Payments { .. }
        | QueryReply::Payment { .. }
        | QueryReply::Receipts { .. }
        | QueryReply::Verified { .. }
        | QueryReply::Day { .. }
        | QueryReply::Sale { .. }
        | QueryReply::Products { .. }
        | QueryReply::Papers { .. }
        | QueryReply::File { .. }
        | QueryReply::Checking { .. }
        | QueryReply::Terminals { .. }
        | QueryReply::Standing { .. }
        | QueryReply::Checked { .. } => (Vec::new(), 1),
    }
}
