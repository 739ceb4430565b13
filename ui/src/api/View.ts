// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { NoticeView } from "./NoticeView";
import type { OperationId } from "./OperationId";
import type { PaymentView } from "./PaymentView";
import type { Problem } from "./Problem";
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
 * What is wrong with the till itself.
 */
problems: Array<Problem>, };
