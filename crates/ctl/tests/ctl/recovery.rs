//! After a crash: the next start finds the payment and what became of it.

use crate::program::Folder;

fn crashed(folder: &Folder, amount: &str) -> String {
    let mut program = folder.run(&["pay", "--terminal", "desk", "--amount", amount]);
    let payment = program.kind("intended")["payment"].as_str().unwrap().to_owned();
    program.display("Authorizing");
    program.kill();
    payment
}

#[test]
fn recover_settles_what_a_crash_left_open() {
    let folder = Folder::training(100);
    let payment = crashed(&folder, "40.12");
    let open = folder.ran(&["payments", "--open"]).exits(0);
    assert_eq!(open.one("payment")["payment"], payment);
    let ended = folder.ran(&["recover", "--for", "30"]).exits(0);
    let settled = ended.one("settled");
    assert_eq!(
        [&settled["payment"], &settled["outcome"], &settled["amount"]],
        [payment.as_str(), "approved", "40.12"]
    );
    assert_eq!(settled["late"], true);
    assert!(ended.of("intended").is_empty(), "it was intended before");
    assert!(folder.ran(&["payments", "--open"]).exits(0).lines.is_empty());
    let nothing = folder.ran(&["recover", "--for", "0"]).exits(0);
    assert!(nothing.lines.is_empty(), "{nothing:#?}");
}

#[test]
fn the_next_payment_waits_for_what_a_crash_left_open() {
    let folder = Folder::training(100);
    let earlier = crashed(&folder, "40.12");
    let ended = folder.pay("12.00", &[]).exits(0);
    assert_eq!(ended.one("settled")["outcome"], "approved");
    assert_ne!(ended.one("settled")["payment"], earlier, "one payment, one outcome");
    assert!(ended.words.contains("checks an earlier payment first: 40.12 SEK"), "{}", ended.words);
    let outcomes: Vec<_> = folder.payments().iter().map(|row| row["outcome"].clone()).collect();
    assert_eq!(outcomes, ["approved", "approved"]);
}

#[test]
fn a_time_that_is_up_leaves_the_rest_open() {
    let folder = Folder::training(100);
    let payment = crashed(&folder, "40.12");
    let ended = folder.ran(&["recover", "--for", "0"]).exits(5);
    let settled = ended.one("settled");
    assert_eq!(
        [&settled["payment"], &settled["outcome"], &settled["reason"]],
        [payment.as_str(), "unknown", "restarted"]
    );
    folder.ran(&["recover", "--for", "30"]).exits(0);
}
