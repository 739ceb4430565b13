//! The contract with any interface: [`Command`] changes something, [`Query`] reads, [`View`] is all that
//! the cashier's window needs now, [`CustomerView`] is what the customer may see, [`Problem`] is a code with
//! parameters. Words live in the interface.

mod command;
mod drawer;
mod form;
mod import;
mod pairing;
mod paper;
mod people;
mod problem;
mod query;
mod sale;
mod setup;
mod sight;
mod view;

pub use command::{Accepted, Command, Dispatch, SaleSlot, ServiceWanted};
pub use drawer::{CountView, DrawerWanted, ShiftView};
pub use form::{
    DriverForm, FieldTakes, FilledForm, FormField, PrinterForm, SightForm, TerminalForm, TerminalWanted,
    TypedSecret,
};
pub use import::{Imported, Rejected};
pub use pairing::{Pairing, PairingGuest, PairingRoom};
pub use paper::{
    PaperFile, PaperFormat, PaperOf, PaperRow, PrintWanted, PrinterState, PrinterView, SlipPaper,
    WaitingPaper,
};
pub use people::{Approval, PeopleView, PeopleWanted, PersonView, Pin};
pub use problem::{Problem, ProblemCode};
pub use query::{CashRow, CashTaken, DayView, HourTaken, PaymentRow, Query, QueryReply, ReceiptRow};
pub use sale::{LineView, ParkedView, ProductRow, SaleView, SaleWanted, TenderLine};
pub use setup::{SetUp, Standing};
pub use sight::{CameraState, Scanned, Scans, SeenCode, Sight};
pub use view::{
    CustomerLine, CustomerStage, CustomerView, DrawnCode, Health, LateView, Moment, MomentKind, NoticeView,
    Offers, PaymentView, Phase, PromptView, ShopView, TenderView, TerminalView, View,
};
