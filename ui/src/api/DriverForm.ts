// Made from the till's Rust types by `cargo test -p acceptance --test types`.
import type { FormField } from "./FormField";

/**
 * One driver and its form.
 */
export type DriverForm = {
/**
 * Its name in the settings.
 */
driver: string,
/**
 * What an installer reads, in English.
 */
title: string,
/**
 * No real money.
 */
practice_only: boolean,
/**
 * Its fields in their order.
 */
fields: Array<FormField>, };
