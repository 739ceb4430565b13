// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { FieldTakes } from "./FieldTakes";

/**
 * One field of a driver's form.
 */
export type FormField = {
/**
 * Key in the settings.
 */
key: string,
/**
 * What it takes.
 */
takes: FieldTakes,
/**
 * The words to choose from.
 */
choices: Array<string>,
/**
 * What people call the choices, in the same order; none where each is its own name.
 */
labels?: Array<string>,
/**
 * Whether it must be there.
 */
required: boolean,
/**
 * What holds where it is left out.
 */
default: string,
/**
 * One line for the installer, in English.
 */
hint: string, };
