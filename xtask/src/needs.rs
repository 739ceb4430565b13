//! What Paydesk needs of a machine beside Rust: one table, looked through by cheap probes.
//!
//! A row names what is needed, how its presence is seen, where Debian has it, and what it is for.
//! Everything that installs or reports reads this table; adding a need is adding a row.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::machine::find_command;

/// What the person asked for; decides which rows count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Build and run every test.
    Test,
    /// Build and start Paydesk with its screens in a browser.
    Run,
    /// Build and start Paydesk in its window.
    Window,
    /// Measure.
    Bench,
    /// Take the pictures of the README.
    Screenshots,
    /// Build the package that a shop installs.
    Package,
}

/// What a need is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Every build links with the system's C compiler, and SQLite is compiled from C.
    Build,
    /// The screens are built by Node.
    BuildInterface,
    /// A browser to try the screens in.
    TestInterface,
    /// The window's libraries.
    BuildShell,
    /// A screen without a screen.
    TestShell,
    /// Makes and opens packages.
    Package,
    /// Format and lints.
    CheckStyle,
}

impl Purpose {
    /// As the report says it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Build => "to build anything",
            Self::BuildInterface => "to build the screens",
            Self::TestInterface => "to test the screens",
            Self::BuildShell => "to build the window",
            Self::TestShell => "to test the window without a screen",
            Self::Package => "to look into the package",
            Self::CheckStyle => "to check format and lints",
        }
    }

    fn serves(self, goal: Goal) -> bool {
        match self {
            Self::Build => true,
            Self::BuildInterface => true,
            Self::BuildShell => matches!(goal, Goal::Test | Goal::Window | Goal::Package | Goal::Bench),
            Self::TestInterface => matches!(goal, Goal::Test | Goal::Screenshots | Goal::Bench),
            Self::TestShell => matches!(goal, Goal::Test | Goal::Bench),
            Self::Package => goal == Goal::Package,
            Self::CheckStyle => goal == Goal::Test,
        }
    }
}

/// How presence is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// A program on the search path.
    Command(&'static str),
    /// A program that tells a version of at least this major number.
    Version(&'static str, u32),
    /// A library known to pkg-config, with everything it requires.
    Library(&'static str),
    /// A library that a build program loads, by the beginning of its file's name.
    Loaded(&'static str),
}

/// Where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A package of Debian and its relatives.
    Debian(&'static str),
    /// A component of the Rust toolchain.
    Rustup(&'static str),
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// The name a person would look for.
    pub what: &'static str,
    /// How its presence is seen.
    pub probe: Probe,
    /// Where it comes from.
    pub source: Source,
    /// What it is for.
    pub purpose: Purpose,
}

const NEEDS: &[Need] = &[
    Need {
        what: "C compiler and linker",
        probe: Probe::Command("cc"),
        source: Source::Debian("build-essential"),
        purpose: Purpose::Build,
    },
    Need {
        what: "Node 20 or newer",
        probe: Probe::Version("node", 20),
        source: Source::Debian("nodejs"),
        purpose: Purpose::BuildInterface,
    },
    Need {
        what: "npm",
        probe: Probe::Command("npm"),
        source: Source::Debian("npm"),
        purpose: Purpose::BuildInterface,
    },
    Need {
        what: "Chromium",
        probe: Probe::Command("chromium"),
        source: Source::Debian("chromium"),
        purpose: Purpose::TestInterface,
    },
    Need {
        what: "pkg-config",
        probe: Probe::Command("pkg-config"),
        source: Source::Debian("pkg-config"),
        purpose: Purpose::BuildShell,
    },
    Need {
        what: "WebKitGTK 4.1 with headers",
        probe: Probe::Library("webkit2gtk-4.1"),
        source: Source::Debian("libwebkit2gtk-4.1-dev"),
        purpose: Purpose::BuildShell,
    },
    Need {
        what: "LLVM's library for C",
        probe: Probe::Loaded("libclang"),
        source: Source::Debian("libclang-dev"),
        purpose: Purpose::BuildShell,
    },
    Need {
        what: "Xvfb",
        probe: Probe::Command("Xvfb"),
        source: Source::Debian("xvfb"),
        purpose: Purpose::TestShell,
    },
    Need {
        what: "WebKit's driver",
        probe: Probe::Command("WebKitWebDriver"),
        source: Source::Debian("webkit2gtk-driver"),
        purpose: Purpose::TestShell,
    },
    Need {
        what: "dpkg-deb",
        probe: Probe::Command("dpkg-deb"),
        source: Source::Debian("dpkg"),
        purpose: Purpose::Package,
    },
    Need {
        what: "rustfmt",
        probe: Probe::Command("cargo-fmt"),
        source: Source::Rustup("rustfmt"),
        purpose: Purpose::CheckStyle,
    },
    Need {
        what: "clippy",
        probe: Probe::Command("cargo-clippy"),
        source: Source::Rustup("clippy"),
        purpose: Purpose::CheckStyle,
    },
];

/// The rows that `goal` needs and this machine lacks.
pub fn missing(goal: Goal) -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| need.purpose.serves(goal) && !is_here(need.probe)).collect()
}

/// The Debian packages of `needs`, each once.
pub fn packages(needs: &[&Need]) -> Vec<&'static str> {
    let mut packages = Vec::new();
    for need in needs {
        if let Source::Debian(package) = need.source
            && !packages.contains(&package)
        {
            packages.push(package);
        }
    }
    packages
}

fn is_here(probe: Probe) -> bool {
    match probe {
        Probe::Command(name) => find_command(name).is_some(),
        Probe::Version(name, least) => {
            told_version(name).and_then(|told| major(&told)).is_some_and(|found| found >= least)
        }
        Probe::Library(name) => Command::new("pkg-config")
            .args(["--exists", name])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success()),
        Probe::Loaded(name) => folders().iter().any(|folder| holds(folder, name)),
    }
}

/// Where systems keep libraries, with those of each version of LLVM.
fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = ["/usr/lib64", "/usr/local/lib", "/usr/lib"].map(PathBuf::from).into();
    let named = std::env::var_os("LIBCLANG_PATH").map(PathBuf::from);
    let below = folders.last().and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten();
    let below: Vec<PathBuf> = below.flatten().map(|entry| entry.path()).collect();
    folders.extend(below.iter().map(|folder| folder.join("lib")));
    folders.extend(below);
    folders.extend(named);
    folders
}

/// Whether a folder holds `name.so` or `name-14.so.1`, but not `name-cpp.so`, which is another library.
fn holds(folder: &Path, name: &str) -> bool {
    let is_it = |file: &str| {
        let rest = file.strip_prefix(name)?;
        let version = rest.split(".so").next()?;
        Some(rest.contains(".so") && version.chars().all(|c| c.is_ascii_digit() || c == '-' || c == '.'))
    };
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.file_name().into_string().ok()).any(|file| is_it(&file).unwrap_or(false))
}

/// What a program says of its own version, on one line; nothing where it is not here or does not say.
fn told_version(name: &str) -> Option<String> {
    let told = Command::new(name).arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(told.stdout).ok().filter(|_| told.status.success())?;
    text.lines().next().map(|line| line.trim().to_owned())
}

/// The major number of a version, for example 20 of `v20.11.1`.
fn major(told: &str) -> Option<u32> {
    let number = told.trim().trim_start_matches('v');
    let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number.get(..digits)?.parse().ok()
}

/// One line: what is missing, where it comes from, what it is for.
pub fn line(need: &Need) -> String {
    let told = match need.probe {
        Probe::Version(name, _) => told_version(name),
        Probe::Command(_) | Probe::Library(_) | Probe::Loaded(_) => None,
    };
    line_with(need, told.as_deref())
}

/// As [`line`]; `told`: the version that is here and too old.
fn line_with(need: &Need, told: Option<&str>) -> String {
    let sign = match need.probe {
        Probe::Command(name) => format!("command {name}"),
        Probe::Version(name, _) => match told {
            Some(told) => format!("command {name}, which is here in version {told}"),
            None => format!("command {name}"),
        },
        Probe::Library(name) => format!("pkg-config {name}"),
        Probe::Loaded(name) => format!("library {name}"),
    };
    let source = match need.source {
        Source::Debian(package) if matches!(need.probe, Probe::Version(..)) => {
            format!("Debian package {package} where that is new enough, otherwise its makers' own")
        }
        Source::Debian(package) => format!("Debian package {package}"),
        Source::Rustup(component) => format!("rustup component add {component}"),
    };
    format!("{} ({sign}): {source}, {}", need.what, need.purpose.words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_needs_no_window_no_browser_and_no_lints() {
        let kept: Vec<_> =
            NEEDS.iter().filter(|need| need.purpose.serves(Goal::Run)).map(|need| need.what).collect();
        assert_eq!(kept, ["C compiler and linker", "Node 20 or newer", "npm"]);
    }

    #[test]
    fn a_window_needs_its_libraries_and_nothing_to_test_it_with() {
        let kept: Vec<_> =
            NEEDS.iter().filter(|need| need.purpose.serves(Goal::Window)).map(|need| need.what).collect();
        let libraries = ["pkg-config", "WebKitGTK 4.1 with headers", "LLVM's library for C"];
        assert_eq!(kept, [&["C compiler and linker", "Node 20 or newer", "npm"][..], &libraries].concat());
    }

    #[test]
    fn measuring_needs_window_and_browser_and_no_lints() {
        let left: Vec<_> =
            NEEDS.iter().filter(|need| !need.purpose.serves(Goal::Bench)).map(|need| need.what).collect();
        assert_eq!(left, ["dpkg-deb", "rustfmt", "clippy"]);
    }

    #[test]
    fn testing_needs_every_row_but_those_of_the_package() {
        let left: Vec<_> =
            NEEDS.iter().filter(|need| !need.purpose.serves(Goal::Test)).map(|need| need.what).collect();
        assert_eq!(left, ["dpkg-deb"]);
    }

    #[test]
    fn a_line_names_the_thing_its_package_and_its_purpose() {
        let xvfb = NEEDS.iter().find(|need| need.what == "Xvfb").unwrap();
        assert_eq!(
            line(xvfb),
            "Xvfb (command Xvfb): Debian package xvfb, to test the window without a screen"
        );
    }

    #[test]
    fn a_version_is_read_from_what_a_program_says() {
        for (told, want) in [
            ("v20.11.1", Some(20)),
            ("v18.19.0\n", Some(18)),
            ("22.0.0", Some(22)),
            ("v100.0.0-nightly", Some(100)),
            ("20", Some(20)),
            ("", None),
            ("v", None),
            ("node v20", None),
            ("v99999999999.1", None),
        ] {
            assert_eq!(major(told), want, "{told:?}");
        }
    }

    #[test]
    fn a_version_that_is_too_old_is_named() {
        let node = NEEDS.iter().find(|need| need.what == "Node 20 or newer").unwrap();
        assert_eq!(
            line_with(node, Some("v18.19.0")),
            "Node 20 or newer (command node, which is here in version v18.19.0): Debian package nodejs where \
             that is new enough, otherwise its makers' own, to build the screens"
        );
        assert!(line_with(node, None).starts_with("Node 20 or newer (command node): "));
    }

    #[test]
    fn a_program_that_is_not_here_has_no_version() {
        assert!(told_version("paydesk-has-no-such-program").is_none());
        assert!(!is_here(Probe::Version("paydesk-has-no-such-program", 1)));
    }

    #[test]
    fn a_loaded_library_is_told_from_another_of_the_same_beginning() {
        let folder = std::env::temp_dir().join(format!("paydesk-needs-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (file, here) in
            [("libclang-cpp.so.14", false), ("libclang.a", false), ("libclang-14.so.1", true)]
        {
            std::fs::write(folder.join(file), "").unwrap();
            assert_eq!(holds(&folder, "libclang"), here, "{file}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn packages_are_named_once_and_components_are_not_packages() {
        let all: Vec<&Need> = NEEDS.iter().chain(NEEDS).collect();
        let packages = packages(&all);
        assert_eq!(
            packages,
            [
                "build-essential",
                "nodejs",
                "npm",
                "chromium",
                "pkg-config",
                "libwebkit2gtk-4.1-dev",
                "libclang-dev",
                "xvfb",
                "webkit2gtk-driver",
                "dpkg"
            ]
        );
    }
}
