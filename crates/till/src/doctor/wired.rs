//! The way to a terminal on a serial line: is it there, may it be opened, can what comes be read, does it
//! come whole?
//!
//! One login tries all of it; how far that came is told by the words of the seam (`terminals::serial`).
//! Invariant: a step that the login did not come to is not told.

use super::Step;
use terminals::serial::Step as Tried;

/// The steps before a login and after it.
pub(super) const STEPS: (&[&str], &[&str]) = (&["device", "permission", "speed"], &["frames"]);

/// What a login proves of the steps before it.
pub(super) fn before() -> Vec<Step> {
    vec![there(), opened(), speed()]
}

/// What it proves of the messages.
pub(super) fn whole() -> Step {
    Step::passed("frames", "frames_whole", "its messages come whole")
}

fn there() -> Step {
    Step::passed("device", "device_found", "the device is plugged in")
}

fn opened() -> Step {
    Step::passed("permission", "permission_ok", "its port can be opened")
}

fn speed() -> Step {
    Step::passed("speed", "speed_ok", "what it sends can be read at this speed")
}

/// The steps of a login that failed, up to the one at which it did.
pub(super) fn failed(login: &Step) -> Vec<Step> {
    let detail = login.about.get("detail").cloned().unwrap_or_default();
    let fail = |name: &str, code: &str, words: &str, fix: &str| {
        Step::failed(name, code, words, fix).with("detail", &detail)
    };
    match Tried::of(&detail) {
        Tried::Device => {
            let fix = "Plug the cable in, switch the device on, and compare port or USB identity with the \
                       settings.";
            vec![fail("device", "device_missing", "the device is not there, or not the only one", fix)]
        }
        Tried::Permission if detail.starts_with("This user may not") => {
            let fix = "Add this computer's user to the port's group (on Debian: sudo usermod -aG dialout \
                       USER; on Arch: uucp), then log out and in again.";
            vec![there(), fail("permission", "permission_denied", "this user may not open the port", fix)]
        }
        Tried::Permission => {
            let fix = "Close the other program that uses the port, or pull the cable and plug it in again.";
            vec![there(), fail("permission", "permission_busy", "the port cannot be opened", fix)]
        }
        Tried::Speed => {
            let fix = "Set the same speed in the device's menu and here.";
            let words = "what it sends cannot be read at this speed";
            vec![there(), opened(), fail("speed", "speed_wrong", words, fix)]
        }
        Tried::Frames => {
            let fix = "Use a shorter or better cable, away from power lines.";
            vec![there(), opened(), fail("frames", "frames_damaged", "its messages come damaged", fix)]
        }
        Tried::Link => vec![there(), opened(), login.clone()],
    }
}

#[cfg(test)]
mod tests {
    use super::super::no_session;
    use super::*;
    use terminals::serial::{DAMAGED, GIBBERISH, SILENT, Snag};

    #[test]
    fn a_login_that_failed_is_told_at_its_step() {
        let port = || "/dev/ttyACM0".to_owned();
        let rows = [
            (Snag::Missing { place: port() }.to_string(), &["device_missing"][..]),
            (
                Snag::Forbidden { port: port(), group: "dialout".to_owned() }.to_string(),
                &["device_found", "permission_denied"],
            ),
            (Snag::Busy { port: port() }.to_string(), &["device_found", "permission_busy"]),
            (format!("{GIBBERISH} More."), &["device_found", "permission_ok", "speed_wrong"]),
            (format!("{DAMAGED} More."), &["device_found", "permission_ok", "frames_damaged"]),
            (format!("{SILENT} More."), &["device_found", "permission_ok", "login_refused"]),
        ];
        for (detail, codes) in rows {
            let steps = failed(&no_session(&detail));
            assert_eq!(steps.iter().map(|step| step.code.as_str()).collect::<Vec<_>>(), codes, "{detail}");
            let (last, before) = steps.split_last().unwrap();
            assert!(!last.ok && last.fix.is_some() && before.iter().all(|step| step.ok), "{detail}");
        }
    }

    #[test]
    fn a_login_proves_every_step() {
        let (first, last) = STEPS;
        let names: Vec<String> = before().into_iter().chain([whole()]).map(|step| step.name).collect();
        assert_eq!(names, [first, last].concat());
    }
}
