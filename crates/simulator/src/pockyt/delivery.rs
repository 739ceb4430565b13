//! From a reply to what the till's socket gets: spelled by seed, twisted and broken as asked for.
//!
//! Invariant: variation changes nothing that the dossier lets a reader rely on; only a fault that was asked
//! for makes a reply wrong.

use std::collections::BTreeSet;

use wire::pockyt::{Code, Decimal, Endpoint, Envelope, Reply, Spelling, Status};

use crate::nexo::{Framing, WireReply};
use crate::rng::Rng;
use crate::script::{Delivery, Twist};

/// A page as a proxy before the gateway sends it.
const PAGE: &str = "<html><head><title>502 Bad Gateway</title></head><body>502</body></html>";

/// How an endpoint's replies are spelled (section 5): the quirks that the vendor's own pages show, and where
/// they disagree, one by seed.
pub fn spelling(endpoint: Endpoint, rng: Option<&mut Rng>) -> Spelling {
    let short_status = match endpoint {
        Endpoint::Add | Endpoint::Pay | Endpoint::Prepay | Endpoint::CreateCode => false,
        Endpoint::Query | Endpoint::Cancel | Endpoint::Refund => true,
    };
    let base = Spelling {
        short_status,
        trailing_blank: endpoint == Endpoint::Query,
        numeric_amounts: endpoint == Endpoint::Cancel,
        nulls: !short_status,
        ..Spelling::default()
    };
    let Some(rng) = rng else { return base };
    let older = rng.one_in(8);
    Spelling {
        envelope: if older { Envelope::Transaction } else { Envelope::Result },
        camel_message: rng.one_in(8),
        trailing_blank: base.trailing_blank || rng.one_in(4),
        numeric_amounts: base.numeric_amounts || rng.one_in(6),
        extra: rng.one_in(3),
        ..base
    }
}

/// Makes a reply wrong in these ways.
pub fn twist(reply: &mut Reply, twists: &BTreeSet<Twist>) {
    for twist in twists {
        if *twist == Twist::UnknownCondition {
            reply.code = Some(Code::Other("000777".to_owned()));
        }
        if *twist == Twist::Bare {
            reply.result = None;
        }
        let Some(record) = &mut reply.result else { continue };
        let one = Decimal::from_minor(1, 0);
        match twist {
            Twist::WrongServiceId => record.reference = Some("T99-999999-9".to_owned()),
            Twist::WrongTransaction => record.transaction_no = Some("499999999999999999".to_owned()),
            Twist::WrongSaleId => record.store_no = Some("800999".to_owned()),
            Twist::WrongPoiId => record.merchant_no = Some("900999".to_owned()),
            Twist::WrongAmount => {
                record.amount = record.amount.and_then(|amount| amount.plus(one?));
            }
            Twist::WrongCurrency => record.currency = Some("THB".to_owned()),
            Twist::UnknownResult => record.status = Some(Status::Other("settling".to_owned())),
            // Cards and their receipts are not this protocol's.
            Twist::NoReceipts | Twist::BadReceipts | Twist::FullPan => {}
            Twist::UnknownCondition | Twist::Bare => {}
        }
    }
}

/// What the way makes of an answer; `None` stands for silence.
pub fn through(status: u16, text: String, delivery: Delivery) -> Option<WireReply> {
    let answer = |status, body: Vec<u8>, framing| Some(WireReply::Answer { status, body, framing });
    let whole = |body: Vec<u8>| answer(200, body, Framing::Length);
    match delivery {
        Delivery::Normal => answer(status, text.into_bytes(), Framing::Length),
        Delivery::Chunked => answer(status, text.into_bytes(), Framing::Chunked),
        Delivery::Http10 => answer(status, text.into_bytes(), Framing::Http10),
        Delivery::Refused => Some(WireReply::Refused),
        Delivery::Cut | Delivery::Close => Some(WireReply::Cut),
        Delivery::Never => None,
        Delivery::CutMiddle => {
            let announced = text.len();
            let part = text.into_bytes().into_iter().take(announced / 2).collect();
            Some(WireReply::CutMiddle { status, announced, part })
        }
        Delivery::Empty => whole(Vec::new()),
        Delivery::NoContent => Some(WireReply::empty(204)),
        Delivery::Status(status) => answer(status, PAGE.as_bytes().to_vec(), Framing::Length),
        Delivery::Garbage => whole(PAGE.as_bytes().to_vec()),
        Delivery::Truncated => {
            whole(text.chars().take(text.chars().count() / 2).collect::<String>().into_bytes())
        }
        Delivery::EntityBomb => whole(b"\x00\xFF\xFEnonsense{]".to_vec()),
        Delivery::Deep => whole(format!("{}{}", "[".repeat(1_000), "]".repeat(1_000)).into_bytes()),
        Delivery::Oversize(bytes) => {
            let padding = " ".repeat(usize::try_from(bytes).unwrap_or(0));
            whole(format!("{text}{padding}").into_bytes())
        }
        Delivery::Twice => whole(format!("{text}{text}").into_bytes()),
    }
}
