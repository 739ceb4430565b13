// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { PrinterState } from "./PrinterState";
import type { WaitingPaper } from "./WaitingPaper";

/**
 * How the printer is.
 */
export type PrinterView = {
/**
 * In one word.
 */
state: PrinterState,
/**
 * What was wrong the last time: [`peripherals::printer::Fault::code`]; nothing since it worked.
 */
fault: string | null,
/**
 * It says that its roll ends soon.
 */
paper_low: boolean,
/**
 * What is not on paper yet, oldest first.
 */
waiting: Array<WaitingPaper>,
/**
 * What was given up because too much waited, in this run of the till.
 */
lost: number, };
