// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { OperationId } from "./OperationId";
import type { PaperId } from "./PaperId";
import type { PaperKind } from "./PaperKind";
import type { PaperState } from "./PaperState";
import type { SaleId } from "./SaleId";

/**
 * A slip that was made.
 */
export type PaperRow = {
/**
 * Which.
 */
paper: PaperId,
/**
 * What it is.
 */
kind: PaperKind,
/**
 * Of which sale.
 */
sale: SaleId | null,
/**
 * Of which payment.
 */
payment: OperationId | null,
/**
 * The number of the receipt or the Z.
 */
number: number | null,
/**
 * It is a copy.
 */
copy: boolean,
/**
 * Made in practice.
 */
practice: boolean,
/**
 * Where it stands.
 */
state: PaperState,
/**
 * When it was made.
 */
at: string,
/**
 * Its text; nothing once it was erased.
 */
text: string | null, };
