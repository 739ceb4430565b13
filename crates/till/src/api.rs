//! The contract with any interface: [`Command`] changes something, [`Query`] reads, [`View`] is all that
//! the cashier's window needs now, [`CustomerView`] is what the customer may see, [`Problem`] is a code with
//! parameters. Words live in the interface.

mod command;
mod problem;
mod query;
mod view;

pub use command::{Accepted, Command, Dispatch, SaleSlot, ServiceWanted};
pub use problem::{Problem, ProblemCode};
pub use query::{DayView, PaymentRow, Query, QueryReply, ReceiptRow};
pub use view::{
    CustomerStage, CustomerView, Health, LateView, Moment, MomentKind, NoticeView, Offers, PaymentView,
    Phase, PromptView, ShopView, TenderView, TerminalView, View,
};
