//! One fact of every kind about sales that are rung up, drawers, reports and people, as in [`super`].

use super::{at, money, operation, person, seed};
use domain::basket::{BasketFact, Discount, Product, Quantity, Unit};
use domain::ids::{PaperId, SaleId, ShiftId, StaffId};
use domain::journal::Fact;
use domain::paper::{Paper, PaperFact, PaperKind};
use domain::receipt::TextRef;
use domain::report::{Books, Report};
use domain::sale::SaleFact;
use domain::shift::{Coins, ShiftFact, Way};
use domain::staff::{Act, Acted, Role, StaffFact};
use domain::tax::VatRate;
use domain::tender::CashTender;

/// Every kind of fact, by the name of its frozen file.
pub const RETAIL: [&str; 36] = [
    "sale.begun",
    "sale.taken_over",
    "sale.rounded",
    "sale.cash_tendered",
    "sale.cash_handed_back",
    "sale.parked",
    "sale.recalled",
    "sale.line_added",
    "sale.line_quantified",
    "sale.line_priced",
    "sale.line_discounted",
    "sale.line_removed",
    "sale.line_restored",
    "sale.discounted",
    "staff.enrolled",
    "staff.renamed",
    "staff.pin_set",
    "staff.role_given",
    "staff.dismissed",
    "staff.readmitted",
    "staff.signed_in",
    "staff.signed_out",
    "staff.locked",
    "staff.pin_refused",
    "staff.pin_accepted",
    "shift.opened",
    "shift.cash_moved",
    "shift.counted",
    "shift.closed",
    "acted",
    "day_closed",
    "sale.reopened",
    "paper.made",
    "paper.wanted",
    "paper.printed",
    "paper.dropped",
];

/// The name of a fact about a sale that is rung up; nothing for the older kinds.
pub fn sale_name(fact: &SaleFact) -> Option<&'static str> {
    match fact {
        SaleFact::Opened { .. } | SaleFact::Tendered { .. } | SaleFact::Completed | SaleFact::Voided => {
            None
        }
        SaleFact::Begun { .. } => Some(RETAIL[0]),
        SaleFact::TakenOver { .. } => Some(RETAIL[1]),
        SaleFact::Rounded { .. } => Some(RETAIL[2]),
        SaleFact::CashTendered { .. } => Some(RETAIL[3]),
        SaleFact::CashHandedBack { .. } => Some(RETAIL[4]),
        SaleFact::Parked { .. } => Some(RETAIL[5]),
        SaleFact::Recalled => Some(RETAIL[6]),
        SaleFact::Reopened => Some(RETAIL[31]),
        SaleFact::Changed { fact } => Some(match fact {
            BasketFact::LineAdded { .. } => RETAIL[7],
            BasketFact::LineQuantified { .. } => RETAIL[8],
            BasketFact::LinePriced { .. } => RETAIL[9],
            BasketFact::LineDiscounted { .. } => RETAIL[10],
            BasketFact::LineRemoved { .. } => RETAIL[11],
            BasketFact::LineRestored { .. } => RETAIL[12],
            BasketFact::Discounted { .. } => RETAIL[13],
        }),
    }
}

/// The name of a fact about a person.
pub fn staff_name(fact: &StaffFact) -> &'static str {
    match fact {
        StaffFact::Enrolled { .. } => RETAIL[14],
        StaffFact::Renamed { .. } => RETAIL[15],
        StaffFact::PinSet { .. } => RETAIL[16],
        StaffFact::RoleGiven { .. } => RETAIL[17],
        StaffFact::Dismissed { .. } => RETAIL[18],
        StaffFact::Readmitted { .. } => RETAIL[19],
        StaffFact::SignedIn => RETAIL[20],
        StaffFact::SignedOut => RETAIL[21],
        StaffFact::Locked => RETAIL[22],
        StaffFact::PinRefused => RETAIL[23],
        StaffFact::PinAccepted => RETAIL[24],
    }
}

/// The name of a fact about a shift.
pub fn shift_name(fact: &ShiftFact) -> &'static str {
    match fact {
        ShiftFact::Opened { .. } => RETAIL[25],
        ShiftFact::CashMoved { .. } => RETAIL[26],
        ShiftFact::Counted { .. } => RETAIL[27],
        ShiftFact::Closed { .. } => RETAIL[28],
    }
}

/// The name of a fact about a slip for the printer.
pub fn paper_name(fact: &PaperFact) -> &'static str {
    match fact {
        PaperFact::Made { .. } => RETAIL[32],
        PaperFact::Wanted => RETAIL[33],
        PaperFact::Printed => RETAIL[34],
        PaperFact::Dropped => RETAIL[35],
    }
}

/// One of every kind about one slip.
fn paper_facts() -> [PaperFact; 4] {
    let paper = Paper {
        kind: PaperKind::Receipt,
        sale: Some(SaleId::of(&seed(1))),
        operation: None,
        number: Some(1),
        copy: false,
        practice: false,
        text: person().0,
    };
    let made = PaperFact::Made { paper: Box::new(paper), wanted: true };
    [made, PaperFact::Dropped, PaperFact::Wanted, PaperFact::Printed]
}

/// One of every kind about one sale that is rung up.
pub fn sale_facts() -> Vec<SaleFact> {
    let by = StaffId::of(&seed(40));
    let (line, quantity) = (1, Quantity::pieces(2).unwrap());
    let product = Box::new(Product {
        sku: Some("7350000000017".to_owned()),
        name: "Äpplen".to_owned(),
        price: money(2990),
        vat: VatRate::new(1200).unwrap(),
        unit: Unit::Kilogram,
    });
    let cash =
        CashTender { amount: money(5000), given: money(10_000), change: money(5000), rounding: money(20) };
    let of_lines = [
        BasketFact::LineAdded { line, product, quantity },
        BasketFact::LineQuantified { line, quantity: Quantity::thousandths(1_255).unwrap() },
        BasketFact::LinePriced { line, price: money(1990) },
        BasketFact::LineDiscounted { line, discount: Some(Discount::Percent(1000)) },
        BasketFact::LineRemoved { line },
        BasketFact::LineRestored { line },
        BasketFact::Discounted { discount: Some(Discount::Amount(money(100))) },
    ];
    let mut facts = vec![
        SaleFact::Begun { currency: money(0).currency, by },
        SaleFact::TakenOver { by: StaffId::of(&seed(41)) },
    ];
    facts.extend(of_lines.map(|fact| SaleFact::Changed { fact }));
    facts.extend([
        SaleFact::Parked { label: Some("green coat".to_owned()) },
        SaleFact::Recalled,
        SaleFact::Rounded { by: money(-49) },
        SaleFact::CashTendered { slot: 8, cash },
        SaleFact::CashHandedBack { slot: 8 },
        SaleFact::Reopened,
    ]);
    facts
}

/// One of every other kind.
pub fn facts() -> Vec<Fact> {
    let (staff, text): (StaffId, TextRef) = (StaffId::of(&seed(40)), person().0);
    let by = StaffId::of(&seed(41));
    let people = [
        StaffFact::Enrolled { name: text.clone(), role: Role::Cashier, by: None },
        StaffFact::PinSet { pin: text.clone(), by: Some(by) },
        StaffFact::Renamed { name: text, by },
        StaffFact::RoleGiven { role: Role::Manager, by },
        StaffFact::PinRefused,
        StaffFact::SignedIn,
        StaffFact::PinAccepted,
        StaffFact::Locked,
        StaffFact::SignedOut,
        StaffFact::Dismissed { by },
        StaffFact::Readmitted { by },
    ];
    let coins = vec![Coins { value: money(10_000), pieces: 3 }];
    let shifts = [
        ShiftFact::Opened { by, float: money(50_000) },
        ShiftFact::CashMoved { by, way: Way::Out, amount: money(20_000), reason: "bank".to_owned() },
        ShiftFact::Counted { by, counted: money(30_000), expected: money(30_000), coins },
        ShiftFact::Closed { by },
    ];
    let acted = Acted {
        approved_by: Some(by),
        sale: Some(SaleId::of(&seed(1))),
        operation: Some(operation(7).id),
        amount: Some(money(1250)),
        reason: Some("broken".to_owned()),
        ..Acted::bare(Act::Refund, staff)
    };
    let mut facts: Vec<Fact> = people.map(|fact| Fact::Staff { staff, fact }).into();
    facts.extend(shifts.map(|fact| Fact::Shift { shift: ShiftId::of(&seed(42)), fact }));
    facts.extend(paper_facts().map(|fact| Fact::Paper { paper: PaperId::of(&seed(43)), fact }));
    facts.push(Fact::Acted { acted });
    facts.push(Fact::DayClosed { report: Box::new(report()) });
    facts
}

/// A Z over one cash sale and one open payment.
fn report() -> Report {
    let mut books = Books::default();
    let sale = SaleId::of(&seed(1));
    let (_, cash_only): (Vec<_>, Vec<_>) = sale_facts().into_iter().partition(|fact| {
        matches!(
            fact,
            SaleFact::CashHandedBack { .. }
                | SaleFact::Parked { .. }
                | SaleFact::Recalled
                | SaleFact::Reopened
        )
    });
    for fact in cash_only.into_iter().chain([SaleFact::Completed]) {
        books.apply(&Fact::Sale { sale, fact }, at(1));
    }
    let operation = operation(7);
    let intended = domain::payment::PaymentFact::Intended { operation: Box::new(operation.clone()) };
    books.apply(&Fact::Payment { operation: operation.id, fact: intended }, at(2));
    Report { number: Some(1), ..books.day.report_x(StaffId::of(&seed(41)), at(3)) }
}
