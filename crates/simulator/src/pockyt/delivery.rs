//! From a reply to what the till's socket gets: spelled by seed, twisted and broken as asked for.
//!
//! Invariant: variation changes nothing that the dossier lets a reader rely on; only a fault that was asked
//! for makes a reply wrong.

use std::collections::BTreeSet;

use wire::pockyt::{Code, Decimal, Endpoint, Envelope, Reply, Spelling, Status};

use crate::rng::Rng;
use crate::script::Twist;

/// How an endpoint's replies are spelled (section 5): the quirks that the vendor's own pages show, and
/// where they disagree, one by seed.
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

/// Makes a reply wrong in these ways. `shown`: the customer's code, for the one that repeats it.
pub fn twist(reply: &mut Reply, twists: &BTreeSet<Twist>, shown: Option<&str>) {
    for twist in twists {
        if *twist == Twist::UnknownCondition {
            reply.code = Some(Code::Other("000777".to_owned()));
        }
        if *twist == Twist::Bare {
            reply.result = None;
        }
        if let (Twist::FullPan, Some(code)) = (twist, shown) {
            reply.message = format!("{} paymentBarcode={code}", reply.message);
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
            Twist::FullPan => {
                if let (Some(vendor), Some(code)) = (&mut record.vendor, shown) {
                    *vendor = format!("{vendor} {code}");
                }
            }
            // Receipts are not this protocol's.
            Twist::NoReceipts | Twist::BadReceipts => {}
            Twist::UnknownCondition | Twist::Bare => {}
        }
    }
}
