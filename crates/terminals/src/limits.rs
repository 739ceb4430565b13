//! Every deadline and bound of the drivers, with where it comes from. A profile may override the two that
//! differ between shops (`connect_ms`, `answer_ms`).

use domain::payment::RecoveryLimits;
use std::time::Duration;

/// Whole seconds, so that the tables read.
const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Largest reply body of a terminal: twenty times what one with every receipt has.
pub const REPLY_BYTES: usize = 2 * 1024 * 1024;

/// A silent connection is asked after this, and again as often, whether the other side is still there.
pub const KEEP_ALIVE: Duration = s(15);
/// Questions without an answer that end a connection.
pub const KEEP_ALIVE_RETRIES: u32 = 3;
/// Bytes that nobody acknowledges for so long end a connection.
pub const UNACKNOWLEDGED: Duration = s(30);

/// WebSockets, whatever is spoken on them; the dossier of the ECR Hub, section 3.2.
pub mod socket {
    use super::s;
    use std::time::Duration;

    /// Longest message that is read: sixty times what a full answer has.
    pub const MESSAGE_BYTES: usize = 1024 * 1024;
    /// The other side is asked as often whether it is still there.
    pub const PING: Duration = s(5);
    /// Nothing at all for so long: it is not.
    pub const SILENT: Duration = s(12);
    /// A goodbye may take so long.
    pub const GOODBYE: Duration = s(1);
}

/// nexo Retailer; the dossier's chapters 2.3, 10 and 17.3.
pub mod nexo {
    use super::{RecoveryLimits, s};
    use std::time::Duration;

    /// Connecting.
    pub const CONNECT: Duration = s(5);
    /// Connecting for a signal or an enquiry.
    pub const CONNECT_QUICK: Duration = s(3);
    /// Answer to a login.
    pub const LOGIN: Duration = s(60);
    /// Answer to a payment: as long as the customer takes.
    pub const PAYMENT: Duration = s(300);
    /// The least that a profile may set for a payment.
    pub const PAYMENT_LEAST: Duration = s(1);
    /// Answer to a reversal.
    pub const REVERSAL: Duration = s(120);
    /// Answer to an abort.
    pub const ABORT: Duration = s(10);
    /// Answer to an enquiry.
    pub const STATUS: Duration = s(15);
    /// Answer to a text for the customer.
    pub const DISPLAY: Duration = s(15);
    /// Answer to a question to the customer; then it is called off, and waited for as long as that may take.
    pub const INPUT: Duration = s(180);
    /// The time for it that the terminal is told, in seconds: its answer comes before the till's wait ends.
    pub const INPUT_TIME: u32 = 170;
    /// Answer to a log-out or an administrative request.
    pub const ADMIN: Duration = s(30);
    /// Pause before a request goes out again after Busy.
    pub const BUSY_PAUSE: Duration = s(1);
    /// Busy is waited out this long for a payment, a reversal or a text.
    pub const BUSY_LIMIT: Duration = s(10);
    /// Pause before a login goes out again after Busy.
    pub const LOGIN_BUSY_PAUSE: Duration = s(3);
    /// A login is repeated this long while the terminal updates its parameters.
    pub const LOGIN_BUSY_LIMIT: Duration = s(300);
    /// While an operation waits, a login that is needed first is repeated only this long.
    pub const LOGIN_BUSY_IN_PERFORM: Duration = s(60);
    /// The next abort is not sent before this.
    pub const ABORT_PAUSE: Duration = s(5);
    /// After an abort without an answer for this long, an enquiry runs beside the open exchange: the
    /// terminal's own acquirer limit.
    pub const ENQUIRE_AFTER_ABORT: Duration = s(30);
    /// Pause between two of those enquiries.
    pub const ENQUIRY_PAUSE: Duration = s(5);
    /// Pause between two "not found" about the same operation.
    pub const NOT_FOUND_PAUSE: Duration = s(3);
    /// A print request that need not wait for the paper is answered by then: later the terminal takes the
    /// line for broken.
    pub const PRINT_ANSWER: Duration = Duration::from_millis(800);
    /// The longest that a question to the cashier may name for itself.
    pub const CASHIER: Duration = s(300);
    /// Recovery. A lost request may arrive for 15 seconds; then 1, 3, 5 … seconds between enquiries.
    pub const RECOVERY: RecoveryLimits = RecoveryLimits {
        settling: s(15),
        give_up: s(180),
        still_running: s(600),
        pauses: &[s(1), s(3), s(5)],
        background: s(60),
        // Chapter 10.5, U12.
        remembers: s(86_400),
    };
}

/// The training terminal.
pub mod training {
    use super::{RecoveryLimits, s};
    use std::time::Duration;

    /// The "customer's" pace when the settings name none.
    pub const PACE: Duration = Duration::from_millis(600);
    /// A "customer" who never presents a card leaves after this.
    pub const CUSTOMER: Duration = s(300);
    /// Recovery: it always knows.
    pub const RECOVERY: RecoveryLimits = RecoveryLimits {
        settling: s(1),
        give_up: s(180),
        still_running: s(600),
        pauses: &[s(1)],
        background: s(60),
        remembers: Duration::MAX,
    };
}

/// Pockyt; the dossier's sections 2 and 9.
pub mod pockyt {
    use super::{RecoveryLimits, s};
    use std::time::Duration;

    /// Connecting.
    pub const CONNECT: Duration = s(5);
    /// Answer to `add`, `create-trans-qrcode` and `tran-query`.
    pub const QUICK: Duration = s(15);
    /// Answer to `pay`, `cancel` and `refund`, which the gateway passes on to the wallet.
    pub const WALLET: Duration = s(35);
    /// The least that a profile may set for an answer.
    pub const ANSWER_LEAST: Duration = s(1);
    /// Minutes until an unpaid transaction closes by itself.
    pub const SCANNED_MINUTES: u64 = 10;
    /// Minutes that a shown code can be paid.
    pub const SHOWN_MINUTES: u64 = 5;
    /// The customer has confirmed by then, or the payment is cancelled.
    pub const WINDOW: Duration = s(120);
    /// A charge that the gateway seems not to have got is given up after this.
    pub const UNSUBMITTED: Duration = s(30);
    /// First query after a charge.
    pub const FIRST_QUERY: Duration = s(2);
    /// Pause between queries.
    pub const QUERY: Duration = s(3);
    /// After so long queries come more slowly.
    pub const SLOW_AFTER: Duration = s(60);
    /// Their pause then.
    pub const QUERY_SLOW: Duration = s(5);
    /// The least between two queries that notifications ask for.
    pub const NEWS: Duration = s(1);
    /// Pauses after a cancel without an answer; one try more than pauses is not made.
    pub const CANCEL_PAUSES: [Duration; 5] = [s(1), s(2), s(4), s(8), s(16)];
    /// A cancel without an answer may still arrive for so long: until then "paid" is not the last word.
    pub const CANCEL_SETTLES: Duration = s(120);
    /// A cancel is looked after for so long.
    pub const VERIFY: Duration = s(30);
    /// Queries about a transaction whose creation was not answered.
    pub const CREATED_QUERIES: u32 = 3;
    /// Transactions that are tried before the payment is given up: each moves nothing.
    pub const CREATIONS: u32 = 2;
    /// Queries about a refund without an answer before it is sent again, and the pause before each: more than
    /// thirty seconds in all.
    pub const REFUND_QUERIES: [Duration; 3] = [s(6), s(12), s(15)];
    /// Recovery. An unpaid transaction closes by itself within ten minutes: until then "not final" is useful.
    pub const RECOVERY: RecoveryLimits = RecoveryLimits {
        settling: s(45),
        give_up: s(180),
        still_running: s(900),
        pauses: &[s(2), s(3), s(3), s(5)],
        background: s(60),
        // No time is published; a day is what every page implies.
        remembers: s(86_400),
    };
}

/// Kayaaku over HTTP; the dossier's section 8.
pub mod kayaaku {
    use super::{RecoveryLimits, s};
    use std::time::Duration;

    /// Connecting.
    pub const CONNECT: Duration = s(5);
    /// The least that a profile may set for it.
    pub const CONNECT_LEAST: Duration = Duration::from_millis(1);
    /// Answer to an enquiry, a void or a refund.
    pub const QUICK: Duration = s(15);
    /// Answer to a payment: the customer, and whoever presses NEXT.
    pub const PAYMENT: Duration = s(180);
    /// The least that a profile may set for it.
    pub const ANSWER_LEAST: Duration = s(1);
    /// The most that a profile may set: the till's own wait for a payment is a little more.
    pub const ANSWER_MOST: Duration = s(900);
    /// First enquiry beside a payment that is not answered.
    pub const ENQUIRE_AFTER: Duration = s(30);
    /// Pause between enquiries.
    pub const ENQUIRY: Duration = s(5);
    /// The least between two enquiries that notifications ask for.
    pub const NEWS: Duration = s(1);
    /// A payment whose answer did not tell is asked about for so long before the till's recovery takes over.
    pub const FOLLOW: Duration = s(60);
    /// Pause before a payment goes out again after "busy".
    pub const BUSY_PAUSE: Duration = s(3);
    /// "Busy" is waited out for so long.
    pub const BUSY_LIMIT: Duration = s(30);
    /// A void without an answer is looked after for so long before it is sent again, and once more after.
    pub const VOID_SETTLES: Duration = s(60);
    /// Pauses before each enquiry about a refund without an answer.
    pub const REFUND_ENQUIRIES: [Duration; 3] = [s(6), s(12), s(15)];
    /// "No record" is believed after so many in a row.
    pub const NO_RECORDS: u8 = 3;
    /// The least between two of them.
    pub const NO_RECORD_PAUSE: Duration = s(20);
    /// Recovery. A device may hold a request for as long as its answer is waited for.
    pub const RECOVERY: RecoveryLimits = RecoveryLimits {
        settling: s(180),
        give_up: s(300),
        still_running: s(900),
        pauses: &[s(2), s(5)],
        background: s(30),
        // No time is published; a batch lasts a day.
        remembers: s(86_400),
    };
}

/// Serial lines, whatever is spoken on them.
pub mod serial {
    use super::s;
    use std::time::Duration;

    /// One wait for a port; so long a port that nobody wants may stay open.
    pub const SLICE: Duration = Duration::from_millis(100);
    /// So many waits a write may take: a payment's frame at the slowest speed takes two.
    pub const WRITE_SLICES: u32 = 20;
    /// Opening a port, or ending an idle line that is in the way.
    pub const OPEN: Duration = s(3);
    /// Pauses before a device that was pulled out is looked for again; the last one stays.
    pub const LOOK_AGAIN: [Duration; 4] = [s(1), s(2), s(5), s(10)];
}

/// Kayaaku over a serial line; the dossier's sections 7.2 and 8. How long an answer on the line may take and
/// how often a frame is sent again stands with the link (`wire::kayaaku::serial::Link`).
pub mod kayaaku_serial {
    use super::{RecoveryLimits, s};
    use std::time::Duration;

    /// Opening the port and a link test with its copies.
    pub const CONNECT: Duration = s(12);
    /// The least that a profile may set for it.
    pub const CONNECT_LEAST: Duration = Duration::from_millis(100);
    /// From the acceptance of a payment to its result: the customer, and whoever presses NEXT.
    pub const PAYMENT: Duration = s(180);
    /// The least that a profile may set for it.
    pub const ANSWER_LEAST: Duration = s(1);
    /// A device that has not answered a payment by then is told of: the cashier can wake it.
    pub const QUIET: Duration = s(3);
    /// First enquiry beside a payment whose result does not come.
    pub const ENQUIRE_AFTER: Duration = s(30);
    /// Pause between enquiries.
    pub const ENQUIRY: Duration = s(5);
    /// A payment whose answer did not tell is asked about for so long before the till's recovery takes over.
    pub const FOLLOW: Duration = s(60);
    /// Pause before a payment goes out again after "busy".
    pub const BUSY_PAUSE: Duration = s(3);
    /// "Busy" is waited out for so long.
    pub const BUSY_LIMIT: Duration = s(30);
    /// A void without an answer is looked after for so long before it is sent again, and once more after.
    pub const VOID_SETTLES: Duration = s(60);
    /// Pauses before each enquiry about a refund without an answer.
    pub const REFUND_ENQUIRIES: [Duration; 3] = [s(6), s(12), s(15)];
    /// "No record" is believed after so many in a row.
    pub const NO_RECORDS: u8 = 3;
    /// The least between two of them.
    pub const NO_RECORD_PAUSE: Duration = s(20);
    /// Requests that wait for the line.
    pub const QUEUE: usize = 16;
    /// Results of one payment that wait to be read; copies are told once.
    pub const RESULTS: usize = 4;
    /// Recovery. What a cable holds arrives within seconds or never; a device finishes its customer first.
    pub const RECOVERY: RecoveryLimits = RecoveryLimits {
        settling: s(60),
        give_up: s(300),
        still_running: s(900),
        pauses: &[s(2), s(5)],
        background: s(30),
        // No time is published; a batch lasts a day.
        remembers: s(86_400),
    };
}

/// ECR Hub, whatever way it goes; the dossier's sections 2.9 to 2.12 and 5.9.
pub mod ecrhub {
    use super::{RecoveryLimits, s};
    use std::time::Duration;

    /// Time that a terminal gives a customer.
    pub const EXPIRES: Duration = s(180);
    /// Terminals do not go below this.
    pub const EXPIRES_LEAST: Duration = s(60);
    /// The most that a profile may set: the till's own wait for a payment is a little more.
    pub const EXPIRES_MOST: Duration = s(600);
    /// An answer may come this long after the customer's time is over: a shorter watch loses approvals.
    pub const WATCHDOG: Duration = s(60);
    /// A finished answer may come by itself after a line came back: queries begin after it.
    pub const REDELIVERY: Duration = s(5);
    /// The order's own answer after an accepted close.
    pub const CLOSED_ANSWER: Duration = s(15);
    /// Pause after a close, and between the last queries.
    pub const AFTER_CLOSE: Duration = s(5);
    /// Pauses between queries where an answer was lost; then the last one stays.
    pub const QUERIES: [Duration; 3] = [s(2), s(4), s(6)];
    /// See there.
    pub const QUERIES_LAST: Duration = s(10);
    /// Queries after the last close before recovery takes over.
    pub const LAST_QUERIES: u32 = 2;
    /// The least between two queries that notifications ask for.
    pub const NEWS: Duration = s(1);
    /// An order's own answer is compared with what a query told, if it comes by then.
    pub const SECOND_WORD: Duration = s(60);
    /// "No such order" counts when it was said so often, with this pause, and not sooner after sending.
    pub const MISSING_TIMES: u8 = 2;
    /// See there.
    pub const MISSING_PAUSE: Duration = s(5);
    /// See there.
    pub const MISSING_AFTER: Duration = s(15);
    /// Pause before an order goes out again after "busy".
    pub const BUSY_PAUSE: Duration = s(3);
    /// "Busy" is waited out for so long.
    pub const BUSY_LIMIT: Duration = s(30);
    /// Without a useful answer for so long beyond the customer's time, a payment is disputed.
    pub const GIVE_UP: Duration = s(120);
    /// Recovery, beside what follows from the customer's time.
    pub const RECOVERY: RecoveryLimits = RecoveryLimits {
        settling: s(240),
        give_up: s(300),
        still_running: s(900),
        pauses: &[s(2), s(4), s(6), s(10)],
        background: s(60),
        // No time is published; a batch lasts a day.
        remembers: s(86_400),
    };
}

/// ECR Hub over the local network; the dossier's section 3.3.
pub mod ecrhub_wlan {
    use super::s;
    use std::time::Duration;

    /// Connecting, handshake and all.
    pub const CONNECT: Duration = s(5);
    /// The least that a profile may set for it.
    pub const CONNECT_LEAST: Duration = Duration::from_millis(1);
    /// Answer to a query or a close, connecting and all.
    pub const QUICK: Duration = s(10);
    /// Answer to "who are you": apps that do not know it are silent.
    pub const INFO: Duration = s(2);
    /// Answer to a batch close.
    pub const BATCH: Duration = s(180);
    /// Pauses before a broken connection is made anew; the last one stays.
    pub const AGAIN: [Duration; 4] = [s(1), s(2), s(5), s(10)];
    /// How often it is looked whether somebody still waits.
    pub const IDLE: Duration = s(1);
    /// Requests that wait for the connection.
    pub const QUEUE: usize = 16;
}

/// Terminals with an ECR Hub that ask to be paired; the dossier's section 3.5.
pub mod ecrhub_pairing {
    use super::s;
    use std::net::{Ipv4Addr, SocketAddrV4};
    use std::time::Duration;

    /// Where terminals ask, or at one of the next ports.
    pub const PORT: u16 = 35_779;
    /// So many ports are tried.
    pub const PORTS: u16 = 10;
    /// So many terminals at a time.
    pub const GUESTS: usize = 4;
    /// Upgrade, and the goodbye.
    pub const HANDSHAKE: Duration = s(5);
    /// Until a terminal has said who it is.
    pub const INTRODUCTION: Duration = s(15);
    /// Until a person has said yes or no.
    pub const PATIENCE: Duration = s(180);
    /// How often it is looked who has gone.
    pub const LOOK: Duration = s(1);
    /// How long a terminal that is not where it was is looked for.
    pub const SEARCH: Duration = s(3);
    /// The least between two such searches.
    pub const SEARCH_AGAIN: Duration = s(15);
    /// An address that nobody has: the way to it is the way to everybody.
    pub const ANYWHERE: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(192, 0, 2, 1), 9);
}

/// A terminal with an ECR Hub on a cable; the dossier's chapter 4. Handshakes, heartbeats and resends stand
/// with the link (`wire::ecrhub::usb::Link`).
pub mod ecrhub_usb {
    use super::s;
    use std::time::Duration;

    /// Opening the port, and handshakes until one is confirmed.
    pub const CONNECT: Duration = s(14);
    /// The least that a profile may set for it.
    pub const CONNECT_LEAST: Duration = Duration::from_millis(100);
    /// Answer to a query or a close, which may have to wait for a handshake first.
    pub const QUICK: Duration = s(24);
    /// Answer to "who are you": apps that do not know it are silent.
    pub const INFO: Duration = s(2);
    /// Answer to a batch close.
    pub const BATCH: Duration = s(180);
    /// Requests that wait for the line.
    pub const QUEUE: usize = 16;
}

/// ECR Hub over the cloud; the dossier's sections 5.2 and 5.9.
pub mod ecrhub_cloud {
    use super::s;
    use std::time::Duration;

    /// Reaching the gateway, TLS and all.
    pub const CONNECT: Duration = s(5);
    /// The least that a profile may set for it.
    pub const CONNECT_LEAST: Duration = Duration::from_millis(1);
    /// Answer to an order.
    pub const ANSWER: Duration = s(30);
    /// The least that a profile may set for it.
    pub const ANSWER_LEAST: Duration = s(1);
    /// The most that a profile may set for it: queries are what tells of an order.
    pub const ANSWER_MOST: Duration = s(60);
    /// Answer to a query or a close.
    pub const QUICK: Duration = s(10);
    /// Answer to a batch close.
    pub const BATCH: Duration = s(180);
    /// Pauses between queries about an order that was taken; then the last one stays.
    pub const QUERIES: [Duration; 15] = [s(2); 15];
    /// See there.
    pub const QUERIES_LAST: Duration = s(3);
    /// An order is closed this long after the customer's time is over.
    pub const OVERTIME: Duration = s(15);
    /// Pause after a close that the cashier wished, and after an order whose answer was lost.
    pub const SOON: Duration = s(2);
    /// Queries after the last close, a minute of them.
    pub const LAST_QUERIES: u32 = 12;
}
