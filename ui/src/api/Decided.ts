// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * A named person's decision.
 */
export type Decided = {
/**
 * Who; nothing once the name was erased.
 */
person: string | null,
/**
 * Why, as typed.
 */
reason: string,
/**
 * The provider's reference as typed.
 */
provider_reference: string | null, };
