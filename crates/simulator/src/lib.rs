//! The far side of every protocol, for practice and tests.
//!
//! | looking for | see |
//! | --- | --- |
//! | what really happened to the money | [`bank`] |
//! | what a request is answered with | [`script`], seeded faults: [`faults`] |
//! | a nexo terminal | [`nexo`] |
//! | a Pockyt gateway | [`pockyt`] |
//! | a Kayaaku host with its devices | [`kayaaku`] |
//! | a WiseCashier terminal | [`ecrhub`] |
//! | the simulator over real sockets | [`serve`] |
//!
//! Simulators speak only `wire`: they know nothing of the till, so a wrong mapping there cannot agree
//! with itself. Invariant: randomness comes from a seed, time from a clock given in and tokio's timers;
//! so everything also runs in memory under virtual time, and the same seed gives the same run.
//!
//! A payment whose answer is lost, in memory under virtual time:
//!
//! ```
//! use simulator::{bank::Bank, clock::clock_from, nexo::*, script::{Delivery, Rule, Script}};
//!
//! # fn request(category: &str, id: u32, body: &str) -> WireRequest {
//! #     WireRequest::post(format!("<SaleToPOIRequest><MessageHeader ProtocolVersion=\"3.1\" \
//! #     MessageClass=\"Service\" MessageCategory=\"{category}\" MessageType=\"Request\" \
//! #     ServiceID=\"{id}\" SaleID=\"K2\" POIID=\"P2\"/>{body}</SaleToPOIRequest>"))
//! # }
//! # let login = "<LoginRequest OperatorLanguage=\"en\"><DateTime>2025-03-04T08:55:12Z</DateTime>\
//! # <SaleSoftware ProviderIdentification=\"a\" ApplicationName=\"b\" SoftwareVersion=\"1\"/>\
//! # <SaleTerminalData>\
//! # <SaleCapabilities>PrinterReceipt</SaleCapabilities></SaleTerminalData></LoginRequest>";
//! # let payment = "<PaymentRequest><SaleData><SaleTransactionID TransactionID=\"T1\" \
//! # TimeStamp=\"2025-03-04T10:12:44Z\"/></SaleData><PaymentTransaction><AmountsReq Currency=\"SEK\" \
//! # RequestedAmount=\"249.50\"/></PaymentTransaction></PaymentRequest>";
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
//! runtime.block_on(async {
//!     let bank = Bank::new();
//!     let clock = clock_from("2025-03-04T09:12:44Z".parse()?);
//!     let terminal = NexoTerminal::new(Settings { seed: 7, ..Settings::default() }, bank.clone(), clock);
//!     // Default form: terminal.connect(Arc::new(line)) with a `TillLine` to the till's listener.
//!     terminal.follow(Script::new().rule(Rule::on("Payment").nth(1).act(Delivery::Cut)));
//!
//!     let answer = terminal.exchange(request("Login", 1, login)).await;
//!     assert!(matches!(answer, WireReply::Answer { status: 200, .. }));
//!     assert_eq!(terminal.exchange(request("Payment", 2, payment)).await, WireReply::Cut);
//!
//!     let status =
//!         "<TransactionStatusRequest><MessageReference ServiceID=\"2\"/></TransactionStatusRequest>";
//!     let WireReply::Answer { body, .. } = terminal.exchange(request("TransactionStatus", 3, status)).await
//!     else { unreachable!() };
//!     assert!(String::from_utf8_lossy(&body).contains("RepeatedMessageResponse"));
//!     assert_eq!((bank.balance("SEK"), bank.approvals_for("T1")), (24_950, 1));
//!     assert!(terminal.complaints().is_empty());
//!     Ok::<(), Box<dyn std::error::Error>>(())
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod bank;
pub mod clock;
mod delivery;
pub mod ecrhub;
pub mod faults;
pub mod kayaaku;
pub mod nexo;
pub mod pockyt;
pub mod rng;
pub mod script;
pub mod serve;
