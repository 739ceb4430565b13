//! Names of devices, words of snags, and how a connection check knows them.

use super::system::SystemLines;
use super::{DAMAGED, GIBBERISH, Lines, Place, SILENT, Snag, Step, UsbId, Wanted, is_played};

#[test]
fn a_usb_identity_is_two_numbers_and_perhaps_a_serial() {
    let id =
        |serial: Option<&str>| UsbId { vendor: 0x0483, product: 0x5740, serial: serial.map(str::to_owned) };
    assert_eq!(UsbId::parse("0483:5740"), Some(id(None)));
    assert_eq!(UsbId::parse(" 0483:5740:A:1 "), Some(id(Some("A:1"))));
    assert_eq!(UsbId::parse(&id(Some("X7")).to_string()), Some(id(Some("X7"))));
    for bad in ["", "0483", "0483:", "483:5740", "0483:574g", "0483:5740:", "+483:5740", "04830:5740"] {
        assert_eq!(UsbId::parse(bad), None, "{bad}");
    }
}

#[test]
fn a_simulator_is_at_a_pseudo_terminal_or_behind_a_link_outside_of_dev() {
    for played in ["/dev/pts/7", "/srv/till/device", "/tmp/a"] {
        assert!(is_played(played), "{played}");
    }
    for real in ["/dev/ttyACM0", "/dev/serial/by-id/x", "COM3", "ttyACM0"] {
        assert!(!is_played(real), "{real}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_may_be_a_simulator_only_never_leads_to_a_real_port() {
    let lines = SystemLines::default();
    let at = std::env::temp_dir().join(format!("device-of-{}", std::process::id()));
    let link = at.to_string_lossy().into_owned();
    let opened = async |port: &str| {
        let wanted = Wanted { place: Place::Port(port.to_owned()), baud: 115_200 };
        lines.open(&wanted).await.map(|_| ())
    };
    assert_eq!(opened(&link).await, Err(Snag::Missing { place: link.clone() }));
    std::os::unix::fs::symlink("/dev/null", &at).unwrap();
    for port in [link.as_str(), "/dev/pts/../null"] {
        assert_eq!(opened(port).await, Err(Snag::Real { port: port.to_owned() }), "{port}");
    }
    std::fs::remove_file(&at).unwrap();
}

#[test]
fn every_snag_says_what_to_do_and_belongs_to_a_step() {
    let port = || "/dev/ttyACM0".to_owned();
    let rows = [
        (Snag::Missing { place: port() }, Step::Device),
        (Snag::Real { port: "/srv/till/device".to_owned() }, Step::Device),
        (Snag::Several { place: "USB 0483:5740".to_owned(), ports: port() }, Step::Device),
        (Snag::Forbidden { port: port(), group: "dialout".to_owned() }, Step::Permission),
        (Snag::Busy { port: port() }, Step::Permission),
        (Snag::InUse { port: port() }, Step::Permission),
        (Snag::Broken { port: port(), detail: "Input/output error".to_owned() }, Step::Permission),
    ];
    for (snag, step) in rows {
        let words = snag.to_string();
        assert_eq!(Step::of(&words), step, "{words}");
        assert!(
            words.ends_with('.') && words.matches(". ").count() >= 1,
            "what happened, what to do: {words}"
        );
    }
    for (words, step) in [(GIBBERISH, Step::Speed), (DAMAGED, Step::Frames), (SILENT, Step::Link)] {
        assert_eq!(Step::of(words), step);
    }
}
