// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { NoticeView } from "./NoticeView";
import type { OperationId } from "./OperationId";
import type { ParkedView } from "./ParkedView";
import type { PaymentView } from "./PaymentView";
import type { PeopleView } from "./PeopleView";
import type { PrinterView } from "./PrinterView";
import type { Problem } from "./Problem";
import type { SaleView } from "./SaleView";
import type { ShiftView } from "./ShiftView";
import type { ShopView } from "./ShopView";
import type { TerminalView } from "./TerminalView";

/**
 * Everything that the cashier's window shows now.
 */
export type View = {
/**
 * Counts every published change.
 */
sequence: number,
/**
 * A practice folder: everything is marked.
 */
practice: boolean,
/**
 * Where this till stands and what it counts in.
 */
shop: ShopView,
/**
 * The payment that the counter is about: begun here, and not left yet (see
 * [`super::Command::NextCustomer`]).
 */
counter: OperationId | null,
/**
 * The sale at the counter: being rung up, on its way to be paid, or finished and not left yet.
 */
sale: SaleView | null,
/**
 * Open sales that are not at the counter, the newest first: parked ones, and those a payment holds.
 */
parked: Array<ParkedView>,
/**
 * Who works here, and who is at the till.
 */
people: PeopleView,
/**
 * The open shift of the drawer.
 */
shift: ShiftView | null,
/**
 * Counts every change of the catalogue: quick keys are read again when it moves.
 */
catalogue: number,
/**
 * Open payments first, then recent ones, newest first.
 */
payments: Array<PaymentView>,
/**
 * The terminals in the order of the settings.
 */
terminals: Array<TerminalView>,
/**
 * Notices, newest last.
 */
notices: Array<NoticeView>,
/**
 * The printer, and what waits for it.
 */
printer: PrinterView,
/**
 * What is wrong with the till itself.
 */
problems: Array<Problem>, };
