//! Installs what is missing where that can be done, and names it where it cannot.
//!
//! Only Debian's own installer is used, and only as root or where sudo asks nothing: a set-up that waits
//! for a password hangs a machine nobody is looking at. On every other system the list of what is missing
//! is the result.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::machine::{Workspace, find_command};
use crate::needs::{self, Goal, Need, Probe, line, packages};
use crate::steps::seconds;

/// How many lines of a failed installation are worth reading.
const LOG_TAIL_LINES: usize = 25;

/// Makes the machine fit for `goal`; false, with a list on standard error, when that cannot be done here.
///
/// # Errors
/// The log cannot be written, or a program of the system cannot be started.
pub fn prepare(goal: Goal, workspace: &Workspace) -> Result<bool> {
    let missing = needs::missing(goal);
    if missing.is_empty() {
        return Ok(true);
    }
    let way = Way::of_this_machine();
    let wanted = packages(&missing);
    let mut failure = None;
    if let Some(prefix) = way.prefix()
        && !wanted.is_empty()
    {
        failure = install(prefix, &wanted, workspace)?;
    }
    let still = needs::missing(goal);
    if still.is_empty() {
        return Ok(true);
    }
    eprint!("{}", report(&still, way, failure.as_deref()));
    Ok(false)
}

/// How packages can be installed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Root,
    Sudo,
    NotAllowed,
    NoApt,
}

impl Way {
    fn of_this_machine() -> Self {
        if find_command("apt-get").is_none() {
            Self::NoApt
        } else if is_root() {
            Self::Root
        } else if sudo_asks_nothing() {
            Self::Sudo
        } else {
            Self::NotAllowed
        }
    }

    /// The words before `apt-get`; none where it must not be called.
    fn prefix(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Root => Some(&["env"]),
            Self::Sudo => Some(&["sudo", "-n", "env"]),
            Self::NotAllowed | Self::NoApt => None,
        }
    }
}

fn is_root() -> bool {
    let answer = Command::new("id").arg("-u").stdin(Stdio::null()).output();
    answer.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn sudo_asks_nothing() -> bool {
    let quiet = Command::new("sudo")
        .args(["-n", "true"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    quiet.is_ok_and(|status| status.success())
}

/// The end of the log when the installation failed.
fn install(prefix: &[&str], wanted: &[&str], workspace: &Workspace) -> Result<Option<String>> {
    let folder = workspace.target.join("xtask");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let log = folder.join("apt.log");
    let started = Instant::now();
    println!("installing {} (log: {})", wanted.join(" "), workspace.shown(&log));
    let writer = File::create(&log).with_context(|| format!("{} cannot be written", log.display()))?;
    // A failed update is no reason to stop: the lists of packages may be good enough. The install decides.
    apt(prefix, &["update"], &writer)?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(wanted);
    if apt(prefix, &arguments, &writer)? {
        println!("installing … ok {}", seconds(started.elapsed()));
        return Ok(None);
    }
    Ok(Some(tail(&log)?))
}

fn apt(prefix: &[&str], arguments: &[&str], log: &File) -> Result<bool> {
    let (program, before) = prefix.split_first().context("no program to start apt-get with")?;
    let status = Command::new(program)
        .args(before)
        .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(log.try_clone().context("the log cannot be shared")?)
        .stderr(log.try_clone().context("the log cannot be shared")?)
        .status()
        .context("apt-get cannot be started")?;
    Ok(status.success())
}

fn tail(log: &Path) -> Result<String> {
    let text = fs::read(log).with_context(|| format!("{} cannot be read", log.display()))?;
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    Ok(lines[lines.len().saturating_sub(LOG_TAIL_LINES)..].join("\n"))
}

/// What the person must do by hand.
fn report(still: &[&Need], way: Way, failure: Option<&str>) -> String {
    let mut text = String::new();
    if let Some(failure) = failure {
        text += &format!("apt-get failed; the end of its log:\n{failure}\n\n");
    }
    text += "Nothing was built. Missing on this machine:\n";
    for need in still {
        text += &format!("  {}\n", line(need));
    }
    if libraries_are_unseen(still) {
        text += "Libraries cannot be looked for without pkg-config: those in the list may be here.\n";
    }
    let names = packages(still).join(" ");
    text += match way {
        Way::NoApt => {
            "This system has no apt-get: install these, or what your system calls them, and try again.\n"
        }
        Way::NotAllowed => "They cannot be installed without root or a sudo that asks no password.\n",
        Way::Root | Way::Sudo => "",
    };
    if way == Way::NotAllowed && !names.is_empty() {
        text += &format!("By hand: sudo apt-get install --no-install-recommends {names}\n");
    }
    text
}

fn libraries_are_unseen(still: &[&Need]) -> bool {
    still.iter().any(|need| need.probe == Probe::Command("pkg-config"))
        && still.iter().any(|need| matches!(need.probe, Probe::Library(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::needs::{Purpose, Source};

    const WEBKIT: Need = Need {
        what: "WebKitGTK 4.1 with headers",
        probe: Probe::Library("webkit2gtk-4.1"),
        source: Source::Debian("libwebkit2gtk-4.1-dev"),
        purpose: Purpose::BuildShell,
    };

    #[test]
    fn without_apt_every_missing_thing_is_named_and_no_command_is_offered() {
        let text = report(&[&WEBKIT], Way::NoApt, None);
        assert!(text.contains("Debian package libwebkit2gtk-4.1-dev, to build the window\n"), "{text}");
        assert!(text.contains("no apt-get"), "{text}");
        assert!(!text.contains("sudo"), "{text}");
    }

    #[test]
    fn without_root_the_command_for_a_person_is_offered() {
        let text = report(&[&WEBKIT], Way::NotAllowed, None);
        assert!(
            text.contains("sudo apt-get install --no-install-recommends libwebkit2gtk-4.1-dev\n"),
            "{text}"
        );
    }

    #[test]
    fn without_pkg_config_the_report_admits_that_it_cannot_see_libraries() {
        let pkg_config = Need { what: "pkg-config", probe: Probe::Command("pkg-config"), ..WEBKIT };
        assert!(report(&[&pkg_config, &WEBKIT], Way::NoApt, None).contains("may be here"));
        assert!(!report(&[&WEBKIT], Way::NoApt, None).contains("may be here"));
    }

    #[test]
    fn a_failed_installation_shows_its_own_words() {
        let text = report(&[&WEBKIT], Way::Root, Some("E: Unable to locate package"));
        assert!(text.contains("E: Unable to locate package"), "{text}");
        assert!(text.contains("Nothing was built."), "{text}");
    }
}
