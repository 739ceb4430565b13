// Made from the till's Rust types by `cargo test -p acceptance --test types`.

/**
 * What is wrong. One code per thing that a reader can do about it.
 */
export type ProblemCode = "field_wrong" | "unknown_terminal" | "unknown_payment" | "unknown_sale" | "not_offered" | "terminal_busy" | "terminal_blocked" | "terminal_not_asked" | "no_refund" | "sale_refuses" | "unknown_product" | "drawer_refuses" | "no_report" | "sign_in_needed" | "approval_needed" | "not_allowed" | "no_paper" | "pin_wrong" | "pin_wait" | "pin_unfit" | "wrong_stage" | "prompt_open" | "prompt_stale" | "not_an_answer" | "reference_needed" | "terminal_fault" | "settings_wrong" | "not_set_up" | "already_set_up" | "settings_changed" | "terminal_held" | "folder_unusable" | "folder_in_use" | "store_newer" | "store_older" | "store_damaged" | "store_not_verified" | "disk_full" | "read_only" | "store_broken" | "outcome_not_saved" | "listener_unavailable" | "stopping";
