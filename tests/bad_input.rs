//! Bad input, end to end: the real `paydeskctl` over real sockets.
//!
//! Every row of the foundation's table "Bad input gets", and the test that proves it. A test without a place
//! is in this folder; the others are in `crates/ctl/tests`, `crates/terminals/tests/listener.rs`,
//! `tests/crash.rs`, and `tests/conformance` for situations that need virtual time.
//!
//! | row | place | test |
//! | --- | --- | --- |
//! | amounts that cannot be | ctl | `usage::an_impossible_amount_is_neither_written_down_nor_sent` |
//! | | ctl | `usage::a_wrong_field_is_named_and_nothing_is_written_down` |
//! | settings: keys, URL, ids | ctl | `settings::every_mistake_is_told_with_file_line_and_key` |
//! | settings: types, UTF-8, empty | ctl | `settings::settings_of_a_wrong_type_or_encoding_are_told` |
//! | terminal refuses | ctl | `terminals::a_check_that_fails_says_what_to_do` |
//! | name not resolved | ctl | `terminals::a_terminal_whose_name_nobody_knows_is_told_at_once` |
//! | terminal unreachable | conformance | `lost::terminal_cannot_be_reached` |
//! | HTTP 3xx, 4xx, 5xx, 204, empty | | `answers::answers_that_are_none_leave_the_payment_unknown` |
//! | garbage, truncated, cut off | | `answers::answers_that_are_none_leave_the_payment_unknown` |
//! | deadline passed (a drip) | | `answers::answers_without_end_take_neither_memory_nor_time` |
//! | wrong name, amount, currency | | `answers::answers_in_a_wrong_name_are_a_mismatch` |
//! | the same, repeated | ctl | `decisions::a_disputed_payment_blocks_its_terminal_until_a_person_decides` |
//! | DTD, entities, nesting | | `answers::answers_that_are_none_leave_the_payment_unknown` |
//! | 64 MB, endless, gzip bomb | | `answers::answers_without_end_take_neither_memory_nor_time` |
//! | listener: strangers, slow ones | | `listener::a_running_payment_is_not_disturbed` |
//! | listener: 100 connections | | `listener::a_hundred_silent_connections_do_not_keep_the_terminal_out` |
//! | | terminals | `silent_connections_in_every_place_do_not_keep_a_terminal_out` |
//! | listener changes no outcome | conformance | `hostile (all of it)` |
//! | disk full | | `folder::disk_is_full`, `folder::disk_has_hardly_any_room` |
//! | disk full during a payment | conformance | `disks (all of it)` |
//! | read-only folder | | `folder::folder_that_can_only_be_read` |
//! | database damaged, gone, newer | | `folder::database_newer_damaged_or_missing` |
//! | second till on the folder | | `folder::second_till_on_the_folder` |
//! | SIGKILL at any point | crash | `nothing_is_lost_and_nothing_doubled_wherever_the_program_dies` |
//! | SIGTERM at any point | crash | `nothing_is_lost_wherever_the_system_ends_the_program` |
//! | SIGTERM, open question | ctl | `prompts::the_systems_end_ends_an_open_question_and_then_the_payment` |
//! | power cut | conformance | `crashes (all of it)` |
//! | a full card number | | `cards::a_full_card_number_is_nowhere_to_be_found` |
//! | codes that are none | | `wallets::what_is_no_payment_code_gets_a_sentence_and_sends_nothing` |
//! | the same code twice | | `wallets::a_code_is_taken_once_whatever_is_started_anew` |
//! | code expired | | `wallets::an_expired_code_is_declined` |
//! | wallet not supported | | `wallets::a_wallet_that_the_gateway_does_not_take_is_not_charged` |
//! | a gateway's nonsense | | `wallets::answers_that_are_none_end_in_the_truth` |
//! | number or text, null, clock | | `wallets::spellings_and_clocks_of_the_gateway_change_nothing` |
//! | wrong signature | | `wallets::a_wrong_signature_is_refused_and_said` |
//! | a host's nonsense | | `hosts::answers_of_a_host_that_are_none_end_in_the_truth` |
//! | another id or amount, for ever | | `hosts::a_host_that_goes_on_lying_ends_in_a_person` |
//! | a key that is not the host's | | `hosts::a_key_that_is_not_the_hosts_is_said` |
//! | a key that it does not know | | `hosts::a_signature_that_the_host_does_not_know_is_refused_and_said` |
//! | amounts nobody has confirmed | | `hosts::a_real_host_is_not_asked_before_its_amounts_are_understood` |
//! | | | `hosts::a_trial_sends_nothing_but_a_sale_of_one` |
//! | a hub's nonsense, 20 MB, fragments | | `hubs::answers_of_a_hub_that_are_none_end_in_the_truth` |
//! | another amount or currency, for ever | | `hubs::a_hub_that_goes_on_lying_ends_in_a_person` |
//! | not paired, old, not released | | `hubs::a_terminal_that_cannot_be_used_is_said` |
//! | no terminal at all | | `hubs::a_server_that_is_no_terminal_charges_nobody` |
//! | the same over its cable | | `hub_cables::answers_on_a_cable_that_are_none_end_in_the_truth` |
//! | noise, XOR, lost and doubled frames | | `hub_cables::a_bad_cable_charges_once` |
//! | a length beyond the limit | | `hub_cables::a_length_beyond_the_limit_hides_no_answer` |
//! | a gateway: unsigned, data no JSON | | `hub_clouds::answers_of_a_gateway_that_are_none` |
//! | another order, amount, currency | | `hub_clouds::answers_of_a_gateway_that_are_none` |
//! | numbers as texts, data as an object | | `hub_clouds::other_writings_of_a_reply_are_read` |
//! | members in another order | terminals | `hostile::members_in_another_order_are_the_same_reply` |
//! | a gateway's lie, for ever | | `hub_clouds::a_gateway_that_goes_on_lying_ends_in_a_person` |
//! | wrong keys, clock, rights; offline | | `hub_clouds::a_gateway_that_cannot_be_used_is_said` |
//! | it closes at every point | | `hub_clouds::a_server_that_is_no_gateway_charges_nobody` |
//! | settings of a gateway | | `hub_clouds::settings_of_a_gateway_that_cannot_be_used` |
//! | settings of a hub | | `hubs::settings_of_a_hub_that_cannot_be_used` |
//! | codes in no table | terminals | `sales::a_code_that_tells_nothing_is_asked_about_and_never_declined` |
//! | JWE, signatures, spelling | terminals | `kayaaku: hostile (all of it)` |
//! | never answered | terminals | `sales::a_forgotten_next_does_not_hold_the_till` |
//! | the same in a shop | conformance | `hosts (all of it)` |

// A test says what it expects by stopping where it is not so; the checks know only #[test] functions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// Amounts are written as people say them: 12_50 is twelve and a half.
#![allow(clippy::inconsistent_digit_grouping)]

mod bad_input {
    pub mod answers;
    pub mod cards;
    pub mod folder;
    pub mod hosts;
    pub mod hub_cables;
    pub mod hub_clouds;
    pub mod hubs;
    pub mod listener;
    pub mod scene;
    pub mod wallets;
}
