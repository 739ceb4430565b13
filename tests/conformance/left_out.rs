//! Situations that are not tried with a wallet gateway, each with its reason; and the check that this list is
//! neither short nor stale. What a driver does not declare leaves it out by itself (`forms(…)`).

use std::collections::BTreeSet;
use std::path::Path;

const TILLS: &str =
    "the till's own rules: which terminal takes the money does not matter, one form is enough";
const NO_SESSION: &str = "a gateway knows neither login nor session: each request is signed by itself";
const NO_FENCE: &str = "a gateway's driver never says 'never seen': the gateway's own final word ends a sale \
    (decision 21); wallets: lost";
const NO_NEWEST: &str = "a gateway is asked by reference, never for its newest transaction";
const ITS_OWN: &str = "the same in the gateway's words: wallets: lost, unknown";
const NO_PAPER: &str = "a gateway has neither slips nor texts nor questions of its own";
const NO_CARD: &str = "a situation of cards; what a gateway can do in its place: wallets: sales";
const NO_LISTENER: &str =
    "messages of a card terminal at the listener; notifications: wallets: hostile, sales";
const NOT_BUSY: &str = "a gateway is never busy";

/// File, situations (`*`: every one that names its form), why.
const LEFT_OUT: &[(&str, &[&str], &str)] = &[
    ("afterwards", &["*"], NO_FENCE),
    ("moved", &["*"], "only terminals with an ECR Hub on the network are paired"),
    (
        "backups",
        &[
            "approval_after_closed",
            "approval_after_closed_for_a_sale_that_was_paid_again",
            "later_contradiction_of_a_persons_word",
            "person_and_terminal_agree_later",
            "power_goes_while_a_late_approval_is_given_back",
            "late_refusal_of_what_completed_a_sale_reopens_it",
        ],
        NO_FENCE,
    ),
    (
        "backups",
        &[
            "a_terminal_that_comes_back_after_a_restore_is_asked_first",
            "backup_from_before_the_request_and_another_payment_since",
            "request_lost_after_a_restore",
            "request_lost_after_a_restore_that_lost_a_declined_one",
            "restored_and_the_terminal_cannot_be_asked",
        ],
        NO_NEWEST,
    ),
    (
        "backups",
        &[
            "restored_backup",
            "power_goes_right_after_a_restore",
            "backup_from_before_the_request_is_no_proof_that_nothing_was_sent",
            "backup_from_while_the_payment_ran",
            "refusal_of_a_status_is_no_news",
        ],
        ITS_OWN,
    ),
    (
        "backups",
        &[
            "a_terminal_without_a_session_is_not_asked_without_end",
            "restored_and_the_terminal_takes_no_login",
        ],
        NO_SESSION,
    ),
    ("counter", &["*"], TILLS),
    (
        "crashes",
        &[
            "after_the_reference_and_before_the_request",
            "the_reference_comes_with_the_intent",
            "after_the_answer_and_before_it_is_durable",
            "while_unknown",
            "while_disputed",
            "again_and_again",
        ],
        ITS_OWN,
    ),
    ("crashes", &["resend_after_busy_then_crash"], NOT_BUSY),
    ("crashes", &["settling_starts_anew_after_a_restart"], NO_FENCE),
    (
        "crashes",
        &[
            "in_the_login_before_a_payment_whose_reference_came_with_the_intent",
            "what_is_known_of_a_payment_is_written_in_its_order",
            "recovery_runs_before_login_after_a_restart",
        ],
        NO_SESSION,
    ),
    ("day", &["*"], TILLS),
    (
        "disks",
        &["reference_cannot_be_written", "outcome_cannot_be_written", "power_goes_before_the_disk_heals"],
        ITS_OWN,
    ),
    ("disks", &["reserve_is_made_anew_when_the_disk_heals"], "it needs a refund that names no payment"),
    ("disks", &["not_started_cannot_be_written"], NOT_BUSY),
    ("disks", &["lost_session_cannot_be_written", "session_that_is_not_written"], NO_SESSION),
    ("disks", &["last_payment_cannot_be_written"], NO_NEWEST),
    ("disks", &["deadline_of_a_question_cannot_be_written"], NO_PAPER),
    ("editing", &["an_unknown_payment_keeps_its_terminal", "a_running_payment_keeps_its_address"], ITS_OWN),
    (
        "editing",
        &["the_address_of_an_unknown_payment_is_put_right", "power_goes_between_the_file_and_the_journal"],
        "the card terminal of the situation moves to another address while it works",
    ),
    ("editing", &["power_goes_before_the_journal_knows_another_login"], NO_SESSION),
    (
        "editing",
        &[
            "a_wrong_form_changes_nothing",
            "a_form_is_not_tried_where_a_payment_is_open",
            "a_journal_that_cannot_be_written_leaves_the_settings_as_they_were",
            "a_change_by_hand_is_not_written_over",
            "who_may_change_a_terminal",
            "what_only_a_terminal_can_undo_keeps_it",
        ],
        TILLS,
    ),
    (
        "everyday",
        &["every_row_of_the_amount_convention", "declined_for_a_reason_that_no_table_lists"],
        "a gateway's customers choose by their code: wallets: sales",
    ),
    ("everyday", &["busy_is_waited_out_under_a_reference_of_its_own"], NOT_BUSY),
    ("everyday", &["every_way_to_hold_a_card"], NO_CARD),
    ("hostile", &["*"], NO_LISTENER),
    ("hosts", &["*"], "what only a device behind a host does"),
    ("lost", &["answer_with_nothing_but_its_header"], NO_CARD),
    ("lost", &["deadline_passed_while_the_customer_is_slow", "unplugged_while_the_customer_pays"], ITS_OWN),
    ("numbers", &["*"], NO_CARD),
    ("paper", &["*"], TILLS),
    ("printers", &["*"], TILLS),
    (
        "recovery",
        &[
            "terminal_restarts_and_remembers",
            "reboot_of_the_terminal_with_lost_memory",
            "memory_comes_back_while_disputed",
            "memory_comes_back_after_a_person_decided",
        ],
        "a gateway forgets nothing when its connections end",
    ),
    (
        "recovery",
        &[
            "lost_before_the_terminal_is_not_charged_only_after_settling",
            "clock_forward_one_hour_after_a_lost_answer",
            "terminal_says_that_it_is_in_progress",
            "never_seen_is_believed_in_the_same_session_only",
            "never_seen_is_not_believed_after_a_day",
        ],
        NO_FENCE,
    ),
    (
        "recovery",
        &[
            "newest_payment_from_before_is_proof_whatever_the_clock_said",
            "newest_payment_from_after_proves_nothing_whatever_the_clock_said",
        ],
        NO_NEWEST,
    ),
    (
        "recovery",
        &[
            "clock_set_while_an_approval_is_looked_for",
            "three_minutes_without_an_answer",
            "still_running_for_ten_minutes",
            "still_running_then_found",
            "unblock_by_name_lets_new_money_through",
            "refund_unknown_on_one_terminal_and_tried_on_another",
            "terminal_has_left_the_settings",
        ],
        ITS_OWN,
    ),
    (
        "recovery",
        &[
            "person_decides_wrongly_and_the_comparison_says_so",
            "recover_now_does_not_wait_for_the_next_enquiry",
            "another_terminal_sells_while_one_is_unknown",
        ],
        TILLS,
    ),
    ("rivals", &["*"], NO_SESSION),
    (
        "rules",
        &[
            "unknown_terminal_payment_or_sale",
            "refused_command_is_remembered_too",
            "recent_payments_after_the_clock_went_back",
        ],
        TILLS,
    ),
    ("rules", &["blocked", "sale_is_held_by_an_open_tender"], ITS_OWN),
    ("rules", &["sale_is_paid_in_parts"], "a gateway approves all or nothing"),
    ("rules", &["still_running_after_a_restore"], NO_SESSION),
    ("sessions", &["*"], NO_SESSION),
    ("signature", &["*"], NO_PAPER),
    ("traffic", &["*"], NO_PAPER),
];

const ASKS_BESIDE: &str = "its driver asks beside an answer that does not come or does not tell, so that the \
    payment is never unknown; terminals/tests/kayaaku: sales";
const BY_METHOD: &str = "a card payment is voided as a whole, a wallet payment refunded; never both, and no \
    refund is taken back; terminals/tests/kayaaku: back";

const OF_CARDS: &str = "the wish as a card terminal's bank and messages tell of it; a device on a cable: \
    cables: pulled; terminals/tests/kayaaku_serial: sales";
const REPEATS: &str = "its line repeats a frame that is not answered, so that one that is lost arrives \
    all the same; cables: lost";

/// The same for devices on a cable: situations that `WITHOUT_CABLES` is tried with.
const CABLES_LEFT_OUT: &[(&str, &[&str], &str)] = &[
    (
        "lost",
        &[
            "connection_refused_to_the_payment_alone",
            "enquiry_that_fails_in_every_way",
            "request_lost_before_the_terminal",
        ],
        REPEATS,
    ),
    ("lost", &["terminal_cannot_be_reached"], "a port has neither name nor address; cables: pulled"),
    (
        "recovery",
        &["clock_set_between_intent_and_login"],
        "a device that does not answer a link test for nine seconds is away",
    ),
];

/// The same for devices behind a host or on a cable: situations that `WITHOUT_HOSTS` is tried with.
const HOSTS_LEFT_OUT: &[(&str, &[&str], &str)] = &[
    (
        "aborts",
        &[
            "early",
            "before_the_request_left",
            "during_the_wait_for_a_busy_terminal",
            "refund_and_reversal",
            "late_and_approved_all_the_same",
            "payment_is_never_answered",
            "power_goes_after_the_wish",
            "answer_to_the_cancelled_payment_is_lost",
            "customer_stands_there_while_the_connection_is_lost",
            "request_lost_and_aborted",
            "twice",
            "while_nothing_runs",
        ],
        OF_CARDS,
    ),
    ("afterwards", &["money_back_arrives_after_it_was_judged_lost"], BY_METHOD),
    ("afterwards", &["many_payments_after_a_judgement"], BY_METHOD),
    (
        "crashes",
        &["before_anything_was_reserved"],
        "it needs no login first: the reference is on disk with the intent",
    ),
    ("crashes", &["during_a_reversal_or_a_refund"], BY_METHOD),
    ("everyday", &["approved"], "its host prints nothing and tells of no receipt"),
    (
        "everyday",
        &["reversal_of_a_refund", "reversal_of_the_last_payment", "reversals_answer_lost"],
        BY_METHOD,
    ),
    ("lost", &["answer_lost_or_unreadable", "late_answer", "result_word_that_nobody_knows"], ASKS_BESIDE),
    (
        "lost",
        &["answer_that_is_not_ours", "answer_that_is_not_ours_and_is_repeated"],
        "its answers name neither till nor terminal",
    ),
    ("rules", &["busy", "two_services_on_one_terminal"], "the situation holds a card terminal's login"),
    ("rules", &["refunds_count_together"], BY_METHOD),
];

/// File, name and text of every situation.
fn situations() -> Vec<(String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_stem().unwrap().to_string_lossy().into_owned();
        if file == "left_out" {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for situation in text.split("#[tokio::test").skip(1) {
            let (head, rest) = situation.split_once("async fn ").expect("a situation has a name");
            let name = rest.split('(').next().unwrap_or_default();
            assert!(head.len() < 100, "{file}: a situation before {name} has no name");
            let body = rest.split("\n}\n").next().unwrap_or_default();
            found.push((file.clone(), name.to_owned(), body.to_owned()));
        }
    }
    found
}

#[test]
fn every_situation_without_a_host_says_why() {
    let without = |body: &str| body.contains("WITHOUT_HOSTS") || body.contains("without_hosts(");
    let all = situations().into_iter().filter(|(_, _, body)| without(body));
    let found: BTreeSet<(String, String)> = all.map(|(file, name, _)| (file, name)).collect();
    let rows = HOSTS_LEFT_OUT.iter().flat_map(|(file, names, why)| {
        assert!(!why.is_empty());
        names.iter().map(|name| ((*file).to_owned(), (*name).to_owned()))
    });
    assert_eq!(found, rows.collect(), "situations without a host, and why");
}

#[test]
fn every_situation_without_a_cable_says_why() {
    let all = situations().into_iter().filter(|(_, _, body)| body.contains("WITHOUT_CABLES"));
    let found: BTreeSet<(String, String)> = all.map(|(file, name, _)| (file, name)).collect();
    let rows = CABLES_LEFT_OUT.iter().flat_map(|(file, names, why)| {
        assert!(!why.is_empty());
        names.iter().map(|name| ((*file).to_owned(), (*name).to_owned()))
    });
    assert_eq!(found, rows.collect(), "situations without a cable, and why");
}

/// File and name of every situation that names card terminals, or one form.
fn by_name() -> BTreeSet<(String, String)> {
    let names_none = |body: &str| {
        ["FORMS", "forms(", "WITHOUT_CABLES", "WITHOUT_HOSTS", "without_hosts("]
            .iter()
            .any(|word| body.contains(word))
    };
    let named = situations().into_iter().filter(|(_, _, body)| !names_none(body));
    named.map(|(file, name, _)| (file, name)).collect()
}

#[test]
fn every_situation_without_a_wallet_says_why() {
    let by_name = by_name();
    let is_left_out = |(file, name): &(String, String)| {
        let says = |names: &[&str]| names.contains(&"*") || names.contains(&name.as_str());
        LEFT_OUT.iter().any(|(of, names, _)| of == file && says(names))
    };
    let silent: Vec<_> = by_name.iter().filter(|situation| !is_left_out(situation)).collect();
    assert!(silent.is_empty(), "say why they are not tried with a wallet: {silent:#?}");
    let is_there = |file: &str, name: &str| {
        by_name.iter().any(|(of, known)| of == file && (name == "*" || known == name))
    };
    let rows = LEFT_OUT.iter().flat_map(|(file, names, _)| names.iter().map(move |name| (*file, *name)));
    let stale: Vec<_> = rows.filter(|(file, name)| !is_there(file, name)).collect();
    assert!(stale.is_empty(), "these are tried with a wallet, or are gone: {stale:#?}");
    assert!(LEFT_OUT.iter().all(|(_, _, why)| !why.is_empty()));
}
