// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { CaseFile } from "./CaseFile";
import type { Checking } from "./Checking";
import type { DayView } from "./DayView";
import type { DriverForm } from "./DriverForm";
import type { FilledForm } from "./FilledForm";
import type { PaperFile } from "./PaperFile";
import type { PaperRow } from "./PaperRow";
import type { PaymentRow } from "./PaymentRow";
import type { PrinterForm } from "./PrinterForm";
import type { ProductRow } from "./ProductRow";
import type { ReceiptRow } from "./ReceiptRow";
import type { Report } from "./Report";
import type { SaleView } from "./SaleView";
import type { SightForm } from "./SightForm";
import type { Standing } from "./Standing";
import type { Step } from "./Step";

/**
 * The answer to a query.
 */
export type QueryReply = { "type": "payments",
/**
 * Newest first.
 */
rows: Array<PaymentRow>, } | { "type": "payment",
/**
 * See [`crate::case_file`].
 */
case: CaseFile, } | { "type": "receipts",
/**
 * Newest first.
 */
rows: Array<ReceiptRow>, } | { "type": "day",
/**
 * See [`DayView`].
 */
day: DayView, } | { "type": "sale",
/**
 * See [`SaleView`].
 */
sale: SaleView, } | { "type": "checked",
/**
 * In order; ends at the first step that makes the next ones pointless.
 */
steps: Array<Step>,
/**
 * The names of those that were not tried.
 */
untried: Array<string>, } | { "type": "checking",
/**
 * See [`crate::doctor::Checking`].
 */
checking: Checking, } | { "type": "terminals",
/**
 * The drivers that may be used here.
 */
drivers: Array<DriverForm>,
/**
 * The terminals in the order of the settings.
 */
terminals: Array<FilledForm>,
/**
 * What may drive the printer.
 */
printers: Array<DriverForm>,
/**
 * The printer.
 */
printer: PrinterForm,
/**
 * The one form of camera and hand scanner, with what is plugged in now.
 */
sights: Array<DriverForm>,
/**
 * Camera and hand scanner.
 */
sight: SightForm,
/**
 * The file that they are in.
 */
file: string, } | { "type": "standing",
/**
 * See [`Standing`].
 */
standing: Standing, } | { "type": "papers",
/**
 * In the order of the query.
 */
rows: Array<PaperRow>, } | { "type": "file",
/**
 * It.
 */
file: PaperFile, } | { "type": "products",
/**
 * In the order to show them.
 */
rows: Array<ProductRow>, } | { "type": "reports",
/**
 * Them.
 */
reports: Array<Report>,
/**
 * The number of the Z that will close the day.
 */
next: number, } | { "type": "verified",
/**
 * How many entries.
 */
entries: number,
/**
 * The head: its number and its hash.
 */
head: string, };
