//! A data folder that cannot be used: a clear error, nothing leaves for the terminal, and not one byte of
//! the folder is another one afterwards.

use super::scene::{Ear, held, listing, runtime, untouched};
use acceptance::program::{Ended, Shop, quick};
use acceptance::world::Form;
use std::fs;
use std::path::Path;

const COMMANDS: &[&[&str]] = &[
    &["pay", "--terminal", "desk", "--amount", "5"],
    &["refund", "--terminal", "desk", "--amount", "5"],
    &["recover", "--for", "5"],
    &["terminal", "desk", "login"],
    &["serve"],
];

/// A shop with one payment in its books, whose terminal is a socket that nobody must come to.
fn sold(form: Form) -> (tokio::runtime::Runtime, Shop, Ear) {
    let runtime = runtime();
    let shop = runtime.block_on(Shop::open(form, quick(), 7));
    let paid = shop.ran(&["pay", "--terminal", "desk", "--amount", "50.00"]);
    assert_eq!(paid.code, Some(0), "{paid:#?}");
    let ear = Ear::open();
    shop.reroute(ear.address(), "");
    (runtime, shop, ear)
}

fn told(ended: &Ended, case: &str, code: i32, problem: &str, words: &str) {
    assert_eq!(ended.code, Some(code), "{case}: {ended:#?}");
    let problems = ended.of("problem");
    assert_eq!(problems.len(), 1, "{case}: {ended:#?}");
    assert_eq!(problems[0]["code"], problem, "{case}: {ended:#?}");
    let message = problems[0]["message"].as_str().unwrap();
    assert!(message.contains(words), "{case}: {message}");
    assert_eq!(ended.words.trim(), message, "{case}: people read the same");
    assert!(!message.contains("os error") && !message.contains("SQL"), "{case}: {message}");
}

#[test]
fn database_newer_damaged_or_missing() {
    type Harm = fn(&Path);
    let table: [(&str, Harm, &str, &str); 6] = [
        ("newer than the program", newer, "store_newer", "newer"),
        ("no database", |file| fs::write(file, vec![0x5a; 8192]).unwrap(), "store_damaged", "damaged"),
        ("cut short", |file| cut(file, 4096 * 3 + 100), "store_damaged", "damaged"),
        ("pages of nothing", blank, "store_damaged", "damaged"),
        ("empty", |file| fs::write(file, []).unwrap(), "store_damaged", "empty"),
        ("missing", |file| fs::remove_file(file).unwrap(), "store_damaged", "missing"),
    ];
    let (_runtime, shop, ear) = sold(Form::Light);
    let database = shop.folder.path().join("paydesk.sqlite");
    let good = fs::read(&database).unwrap();
    for (case, harm, problem, words) in table {
        fs::write(&database, &good).unwrap();
        harm(&database);
        let before = listing(shop.folder.path());
        for command in COMMANDS {
            told(&shop.ran(command), &format!("{case} {command:?}"), 1, problem, words);
            untouched(&before, shop.folder.path(), &format!("{case} {command:?}"));
        }
        assert!(ear.heard_nothing(), "{case}");
    }
}

/// The schema's number is a field of the file's head.
fn newer(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(file, bytes).unwrap();
}

fn cut(file: &Path, length: usize) {
    let bytes = fs::read(file).unwrap();
    fs::write(file, &bytes[..length]).unwrap();
}

fn blank(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    bytes[4096..].fill(0);
    fs::write(file, bytes).unwrap();
}

#[test]
fn second_till_on_the_folder() {
    let runtime = runtime();
    let shop = runtime.block_on(Shop::open(Form::Light, quick(), 7));
    let mut first = shop.run(&["pay", "--terminal", "desk", "--amount", "50.14"]);
    held("the first till's payment runs", || shop.terminal.state().phase == "paying");
    // The first till is frozen where it is: what changes in the folder now is the second one's doing.
    first.signal("STOP");
    let ear = Ear::open();
    shop.reroute(ear.address(), "");
    let before = listing(shop.folder.path());
    for command in COMMANDS {
        told(
            &shop.ran(command),
            &format!("{command:?}"),
            7,
            "folder_in_use",
            "Another till has the data folder",
        );
        untouched(&before, shop.folder.path(), &format!("{command:?}"));
    }
    assert!(ear.heard_nothing());
    first.signal("CONT");
    first.signal("INT");
    let settled = first.kind("settled").expect("the first till goes on");
    assert_eq!(settled["outcome"], "cancelled");
}

#[cfg(unix)]
#[test]
fn folder_that_can_only_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let (_runtime, shop, ear) = sold(Form::Default);
    let folder = shop.folder.path();
    let paths = || fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let set = |mode: u32| {
        for path in paths().chain([folder.to_owned(), folder.join("logs")]) {
            let mode = if path.is_dir() { mode | 0o111 } else { mode };
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set(0o444);
    let before = listing(folder);
    for command in COMMANDS {
        let ended = shop.run_by(bound(), command).end();
        told(&ended, &format!("{command:?}"), 1, "read_only", "cannot be written");
        untouched(&before, folder, &format!("{command:?}"));
    }
    assert!(ear.heard_nothing());
    let read = shop.run_by(bound(), &["payments"]).end();
    assert_eq!((read.code, read.of("payment").len()), (Some(0), 1), "reading works: {read:#?}");
    set(0o644);
}

/// Who may do everything is bound by permissions only when that right is taken away.
#[cfg(unix)]
fn bound() -> &'static [&'static str] {
    let probe = tempfile::tempdir().unwrap();
    let file = probe.path().join("file");
    fs::write(&file, "").unwrap();
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    if fs::OpenOptions::new().write(true).open(&file).is_err() {
        return &[];
    }
    &["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"]
}

/// The system lets no file grow beyond 4 MB at most: neither the reserve nor, with the least limit, the
/// journal itself can be written.
#[cfg(unix)]
#[test]
fn disk_is_full() {
    let (_runtime, shop, ear) = sold(Form::Light);
    let rows = |ended: &Ended| ended.of("payment").into_iter().cloned().collect::<Vec<_>>();
    let before = rows(&shop.ran(&["payments"]));
    fs::remove_file(shop.folder.path().join("reserve")).unwrap();
    for blocks in ["0", "1", "64", "4096"] {
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        for command in [COMMANDS[0], COMMANDS[1]] {
            let ended = shop.run_by(&["sh", "-c", &limit, "sh"], command).end();
            told(&ended, &format!("{blocks} {command:?}"), 1, "disk_full", "disk is full");
        }
        assert!(ear.heard_nothing(), "{blocks}");
        assert_eq!(
            rows(&shop.ran(&["payments"])),
            before,
            "{blocks}: what there was is there, and no more"
        );
        let verified = shop.ran(&["journal", "verify"]);
        assert_eq!(verified.code, Some(0), "{blocks}: {verified:#?}");
    }
    shop.reroute(shop.address, "");
    let paid = shop.ran(&["pay", "--terminal", "desk", "--amount", "7.00"]);
    assert_eq!(paid.code, Some(0), "there is room again: {paid:#?}");
}

/// A disk on which the reserve has its room, and hardly anything has beside it: an intent would fit into its
/// log, and what follows it would not.
#[cfg(unix)]
#[test]
fn disk_has_hardly_any_room() {
    let (_runtime, shop, ear) = sold(Form::Light);
    let folder = shop.folder.path().display();
    let Some(apart) = [&["unshare", "-m"][..], &["unshare", "-rm"][..]].into_iter().find(|it| mounts(it))
    else {
        eprintln!("not tested: this system lets nobody here mount a small disk");
        return;
    };
    for (size, is_full) in [("17600k", true), ("64m", false)] {
        let small = format!(
            "cp '{folder}/settings.toml' \"$HOME/kept\" && mount -t tmpfs -o size={size} none '{folder}' && \
             cp \"$HOME/kept\" '{folder}/settings.toml' && exec \"$@\""
        );
        let home = tempfile::tempdir().unwrap();
        let home = format!("HOME={}", home.path().display());
        let runner = [apart, &["env", &home, "sh", "-c", &small, "sh"]].concat();
        if !is_full {
            shop.reroute(shop.address, "");
        }
        let ended = shop.run_by(&runner, COMMANDS[0]).end();
        if is_full {
            told(&ended, size, 1, "disk_full", "disk is full");
            assert!(ear.heard_nothing(), "{size}");
        } else {
            assert_eq!(ended.code, Some(0), "there is room: {ended:#?}");
        }
    }
}

#[cfg(unix)]
fn mounts(apart: &[&str]) -> bool {
    let [program, rest @ ..] = apart else { return false };
    let probe = tempfile::tempdir().unwrap();
    let mount = format!("mount -t tmpfs none '{}'", probe.path().display());
    let probed = std::process::Command::new(program).args(rest).args(["sh", "-c", &mount]).output();
    probed.is_ok_and(|it| it.status.success())
}
