// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Discount } from "./Discount";
import type { LineView } from "./LineView";
import type { Money } from "./Money";
import type { SaleId } from "./SaleId";
import type { SaleStage } from "./SaleStage";
import type { TenderLine } from "./TenderLine";
import type { VatPart } from "./VatPart";

/**
 * The sale at the counter.
 */
export type SaleView = {
/**
 * Its id.
 */
sale: SaleId,
/**
 * Its revision: what a command about it names.
 */
revision: number,
/**
 * Where it stands.
 */
stage: SaleStage,
/**
 * The lines in their order, removed ones too.
 */
lines: Array<LineView>,
/**
 * Money off the whole.
 */
discount: Discount | null,
/**
 * Money off in all: lines and whole.
 */
discounts: Money,
/**
 * What the lines come to.
 */
total: Money,
/**
 * Cash rounding so far.
 */
rounding: Money,
/**
 * Tax per rate, the highest first.
 */
vat: Array<VatPart>,
/**
 * The tenders in their order, those that came to nothing too.
 */
tenders: Array<TenderLine>,
/**
 * What is paid.
 */
paid: Money,
/**
 * What open payments hold.
 */
held: Money,
/**
 * What is due and not held; below zero where money is owed to the customer.
 */
due: Money,
/**
 * The same in coins that exist.
 */
due_in_cash: Money,
/**
 * A free slot for the next tender.
 */
slot: number,
/**
 * Lines may change: nothing is on a terminal, and it is not finished.
 */
may_change: boolean,
/**
 * Who rings it up.
 */
cashier: string | null, };
