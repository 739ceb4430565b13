// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { OperationId } from "./OperationId";
import type { PaperId } from "./PaperId";
import type { PaperKind } from "./PaperKind";
import type { SaleId } from "./SaleId";

/**
 * A slip that is not on paper yet.
 */
export type WaitingPaper = {
/**
 * Which.
 */
paper: PaperId,
/**
 * What it is.
 */
kind: PaperKind,
/**
 * It is a copy.
 */
copy: boolean,
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
 * When it was made.
 */
at: string,
/**
 * It waits for a person: it was tried, or was left from before a restart.
 */
stuck: boolean,
/**
 * It may be on paper, whole or in part: look before it is printed again.
 */
perhaps: boolean, };
