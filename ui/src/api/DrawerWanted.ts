// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { Coins } from "./Coins";
import type { Money } from "./Money";
import type { Way } from "./Way";

/**
 * What is wanted of the drawer.
 */
export type DrawerWanted = { "want": "open_shift",
/**
 * The float.
 */
float: Money, } | { "want": "move_cash",
/**
 * Which way.
 */
way: Way,
/**
 * How much.
 */
amount: Money,
/**
 * Why.
 */
reason: string, } | { "want": "count",
/**
 * What lies there.
 */
counted: Money,
/**
 * Coins and notes, where they were entered one by one.
 */
coins: Array<Coins>, } | { "want": "close_shift" } | { "want": "open",
/**
 * Why.
 */
reason: string, };
