// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * A payment code in view. Its text stays in the till.
 */
export type SeenCode = {
/**
 * What `Command::Pay` calls it by; the same code keeps its number.
 */
number: number,
/**
 * Whose wallet made it: `alipay`, `wechat`, `unionpay` or `emv`.
 */
wallet: string,
/**
 * How long ago it was first seen, milliseconds.
 */
age_ms: number,
/**
 * It was taken already a short while ago: the customer must show a new one.
 */
used: boolean, };
