//! `journal verify`: is every entry what it was when it was written, and do the views agree with them?

use till::api::{Query, QueryReply};

use super::{Call, books};
use crate::cli::Journal;
use crate::exit::Exit;
use crate::lines::Line;

/// Verifies the whole journal.
///
/// # Errors
/// It does not verify, or cannot be read.
pub async fn journal(call: &Call, journal: &Journal) -> anyhow::Result<Exit> {
    let Journal::Verify = journal;
    match books::need(call)?.query(Query::Verify).await? {
        QueryReply::Verified { entries, head } => {
            call.out.text(&format!("The journal verifies: {entries} entries, head {head}."));
            call.out.line(&Line::Verified { entries, head });
            Ok(Exit::Done)
        }
        QueryReply::Payments { .. }
        | QueryReply::Payment { .. }
        | QueryReply::Receipts { .. }
        | QueryReply::Day { .. }
        | QueryReply::Sale { .. }
        | QueryReply::Products { .. }
        | QueryReply::Papers { .. }
        | QueryReply::File { .. }
        | QueryReply::Reports { .. }
        | QueryReply::Checking { .. }
        | QueryReply::Terminals { .. }
        | QueryReply::Standing { .. }
        | QueryReply::Checked { .. } => Ok(Exit::Failed),
    }
}
