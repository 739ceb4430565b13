//! Which act a command is: what the role of who is signed in must allow, and what is recorded with the
//! person. One table.

use super::people::About;
use crate::api::{
    Command, DrawerWanted, PaperOf, PeopleWanted, PrintWanted, SaleWanted, ServiceWanted, TerminalWanted,
};
use crate::limits;
use domain::basket::{Discount, Quantity};
use domain::staff::Act;

/// The act; nothing where anybody may, signed in or not.
pub(super) fn act_of(command: &Command, largest_discount: u16) -> Option<Act> {
    match command {
        Command::Pay { .. } => Some(Act::TakePayment),
        Command::Refund { .. } => Some(Act::Refund),
        Command::Reverse { .. } => Some(Act::Reverse),
        Command::Abort { .. } | Command::Answer { .. } => Some(Act::AttendTerminal),
        Command::Decide { .. } => Some(Act::DecideDisputed),
        Command::Unblock { .. } => Some(Act::Unblock),
        Command::AcceptLate { .. } | Command::GiveBack { .. } => Some(Act::SettleLate),
        Command::VoidSale { .. } | Command::NextSale { .. } | Command::NextCustomer { .. } => {
            Some(Act::Sell)
        }
        Command::Sell { wanted, .. } => Some(of_sale(wanted, largest_discount)),
        Command::OpenTerminal { .. } => Some(Act::AttendTerminal),
        Command::Service { service, .. } => Some(match service {
            ServiceWanted::Show { .. } | ServiceWanted::Ask { .. } => Act::AttendTerminal,
            ServiceWanted::Logout
            | ServiceWanted::Diagnosis
            | ServiceWanted::Totals
            | ServiceWanted::Reconcile => Act::CheckTerminal,
        }),
        Command::Address { .. }
        | Command::EditTerminal { .. }
        | Command::EditPrinter { .. }
        | Command::EditSight { .. }
        | Command::AnswerPairing { .. } => Some(Act::EditTerminal),
        Command::ReportX => Some(Act::ReportX),
        Command::StartAgain => None,
        Command::SetUp { .. } => Some(Act::ChangeSettings),
        Command::RecoverNow => Some(Act::AttendTerminal),
        Command::Drawer { wanted } => Some(of_drawer(wanted)),
        Command::Print { wanted } => Some(of_printer(wanted)),
        Command::CloseDay { .. } => Some(Act::ReportZ),
        Command::ImportProducts { .. } => Some(Act::ImportProducts),
        Command::People { wanted } => of_people(wanted),
    }
}

fn of_sale(wanted: &SaleWanted, largest_discount: u16) -> Act {
    let back = |quantity: &Option<Quantity>| quantity.is_some_and(Quantity::is_return);
    match wanted {
        SaleWanted::Scan { quantity, .. } | SaleWanted::Amount { quantity, .. } if back(quantity) => {
            Act::TakeBack
        }
        SaleWanted::Quantify { quantity, .. } if quantity.is_return() => Act::TakeBack,
        SaleWanted::Price { .. } => Act::ChangePrice,
        SaleWanted::DiscountLine { discount, .. } | SaleWanted::Discount { discount } => match discount {
            None => Act::Sell,
            Some(Discount::Percent(points)) if *points <= largest_discount => Act::Discount,
            // How much an amount is of the whole changes with every line.
            Some(Discount::Amount(_)) if largest_discount >= domain::tax::WHOLE => Act::Discount,
            Some(Discount::Percent(_) | Discount::Amount(_)) => Act::LargeDiscount,
        },
        SaleWanted::TakeCash { .. } | SaleWanted::HandBack { .. } => Act::TakePayment,
        SaleWanted::Park { .. } | SaleWanted::Recall => Act::Park,
        SaleWanted::Scan { .. }
        | SaleWanted::Amount { .. }
        | SaleWanted::Quantify { .. }
        | SaleWanted::Remove { .. }
        | SaleWanted::Restore { .. }
        | SaleWanted::Complete
        | SaleWanted::Void => Act::Sell,
    }
}

const fn of_drawer(wanted: &DrawerWanted) -> Act {
    match wanted {
        DrawerWanted::OpenShift { .. } => Act::OpenShift,
        DrawerWanted::MoveCash { .. } => Act::MoveCash,
        DrawerWanted::Count { .. } => Act::CountDrawer,
        DrawerWanted::CloseShift => Act::CloseShift,
        DrawerWanted::Open { .. } => Act::OpenDrawer,
    }
}

const fn of_printer(wanted: &PrintWanted) -> Act {
    match wanted {
        PrintWanted::Again | PrintWanted::Forget => Act::AttendTerminal,
        PrintWanted::Original { of: PaperOf::ReportZ { .. } }
        | PrintWanted::Copy { of: PaperOf::ReportZ { .. } }
        | PrintWanted::ReportX => Act::ReportX,
        PrintWanted::Original { .. } => Act::SeeDay,
        PrintWanted::Copy { .. } => Act::Reprint,
    }
}

/// Everybody may sign in, and change their own PIN: the roster looks at that itself.
const fn of_people(wanted: &PeopleWanted) -> Option<Act> {
    match wanted {
        PeopleWanted::SignIn { .. }
        | PeopleWanted::SignOut
        | PeopleWanted::Lock
        | PeopleWanted::SetPin { .. } => None,
        PeopleWanted::Enrol { .. }
        | PeopleWanted::Rename { .. }
        | PeopleWanted::GiveRole { .. }
        | PeopleWanted::Dismiss { .. }
        | PeopleWanted::Readmit { .. } => Some(Act::KeepStaff),
    }
}

/// Whether the journal names the person in a fact of its own; otherwise an `Acted` goes with it.
pub(super) const fn names_its_person(act: Act) -> bool {
    match act {
        Act::Sell
        | Act::Park
        | Act::OpenShift
        | Act::MoveCash
        | Act::CountDrawer
        | Act::CloseShift
        | Act::ReportZ
        | Act::KeepStaff
        | Act::SeeDay => true,
        Act::TakePayment
        | Act::AttendTerminal
        | Act::Discount
        | Act::LargeDiscount
        | Act::ChangePrice
        | Act::TakeBack
        | Act::Refund
        | Act::Reverse
        | Act::SettleLate
        | Act::DecideDisputed
        | Act::Unblock
        | Act::OpenDrawer
        | Act::ReportX
        | Act::Reprint
        | Act::Export
        | Act::ImportProducts
        | Act::EditTerminal
        | Act::CheckTerminal
        | Act::ChangeSettings => false,
    }
}

/// What a command is about, for the record of who did it.
pub(super) fn about(command: &Command) -> About {
    match command {
        Command::Pay { amount, .. } => About { amount: Some(*amount), ..About::default() },
        Command::Refund { original, amount, .. } => {
            About { operation: *original, amount: Some(*amount), ..About::default() }
        }
        Command::Abort { payment }
        | Command::Answer { payment, .. }
        | Command::AcceptLate { payment }
        | Command::GiveBack { payment }
        | Command::NextCustomer { payment }
        | Command::Reverse { payment, .. } => About { operation: Some(*payment), ..About::default() },
        Command::Decide { payment, reason, .. } => {
            About { operation: Some(*payment), reason: Some(reason.clone()), ..About::default() }
        }
        Command::Unblock { reason, .. } => About { reason: Some(reason.clone()), ..About::default() },
        Command::VoidSale { sale } | Command::NextSale { sale } => {
            About { sale: Some(*sale), ..About::default() }
        }
        Command::Sell { sale, .. } => About { sale: *sale, ..About::default() },
        Command::EditTerminal { wanted } => {
            let terminal = match wanted {
                TerminalWanted::Add { form } | TerminalWanted::Change { form } => form.id.trim(),
                TerminalWanted::Remove { terminal } => &terminal.0,
            };
            About { reason: Some(terminal.chars().take(limits::LINE).collect()), ..About::default() }
        }
        Command::EditPrinter { .. } => of_the_printer(),
        Command::EditSight { .. } => of_the_eyes(),
        Command::AnswerPairing { .. } => of_a_pairing(),
        Command::OpenTerminal { .. }
        | Command::ReportX
        | Command::SetUp { .. }
        | Command::StartAgain
        | Command::Service { .. }
        | Command::Address { .. }
        | Command::RecoverNow
        | Command::People { .. }
        | Command::Drawer { .. }
        | Command::ImportProducts { .. }
        | Command::Print { .. }
        | Command::CloseDay { .. } => About::default(),
    }
}

/// No terminal is called like the section.
pub(super) fn of_the_printer() -> About {
    About { reason: Some("[printer]".to_owned()), ..About::default() }
}

/// No terminal is called like this.
fn of_a_pairing() -> About {
    About { reason: Some("[pairing]".to_owned()), ..About::default() }
}

/// Camera and hand scanner are set up together.
pub(super) fn of_the_eyes() -> About {
    About { reason: Some("[camera] [scanner]".to_owned()), ..About::default() }
}
