//! `cargo xtask bench`: measures what the project promises about speed and memory, and prints one table.
//!
//! Figures are not tests: the program ends well whatever it finds, and a missed target is printed as missed.
//! Invariant: every measurement that has a baseline takes turns with it, in the same run and the same round.
//!
//! | looking for | see |
//! | --- | --- |
//! | a durable intent against a bare append and sync | `intent.rs` |
//! | from the command to the first byte at the terminal | `first_byte.rs` |
//! | from a terminal's text to the view | `display.rs` |
//! | from a result on a serial line to the view | `serial.rs` |
//! | XML against a bare event walk | `xml.rs` |
//! | a wallet gateway's messages against a bare JSON library | `gateway.rs` |
//! | a host's messages against bare arithmetic | `host.rs` |
//! | from an answer on a WebSocket to the view, and a hub's messages | `hub.rs`, `hub_cloud.rs` |
//! | codes in camera frames against stock `rqrr` | `code.rs`, `code/`, `frames.rs`, `frames/` |
//! | lists and search in a big store | `archive.rs`, `lookup.rs` |
//! | memory of an idle till | `idle.rs` |
//! | many payments in a row | `endurance.rs` |
//! | the desktop program against a bare window | `window.rs` |
//! | weight and quickness of the screens | `screen.rs` |
//! | rounds, medians, the table | `timing.rs`, `table.rs` |
//! | how much of everything, and the targets | `limits.rs` |
//! | the terminal at the other end | `stand_in.rs`, `socket.rs` |

mod archive;
mod code;
mod desk;
mod display;
mod endurance;
mod first_byte;
mod frames;
mod gateway;
mod host;
mod hub;
mod hub_cloud;
mod idle;
mod intent;
mod limits;
mod lookup;
mod place;
mod samples;
mod screen;
#[cfg(unix)]
mod serial;
mod socket;
mod stand_in;
mod table;
mod timing;
mod window;
mod xml;

use anyhow::{Context, Result, bail};
use limits::Scale;
use std::path::{Path, PathBuf};
use table::{Row, Table};
use tokio::runtime::Runtime;

const USAGE: &str = "\
usage: cargo xtask bench [--quick] [--json] [--only GROUP,GROUP] [--seed N] [--frames FOLDER]
  --quick   small stores and few rounds: about a minute
  --json    one line per row on standard output in place of the table
  --only    intent, first-byte, display, serial, xml, gateway, host, hub, code, archive,
            idle, endurance, screen, window
  --seed    draws other camera frames for `code`
  --frames  camera frames for `code` in place of drawn ones: JPEG and manifest.tsv
";

/// The programs' own.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What one group of rows is measured by.
type Group = (&'static str, fn(&Scale) -> Result<Vec<Row>>);

/// In the order of the table. The store that `archive` fills is the one that `idle` opens.
const GROUPS: &[Group] = &[
    ("intent", intent::rows),
    ("first-byte", first_byte::rows),
    ("display", display::rows),
    #[cfg(unix)]
    ("serial", serial::rows),
    ("xml", xml::rows),
    ("gateway", gateway::rows),
    ("host", host::rows),
    ("hub", hub::rows),
    ("code", code::rows),
    ("archive", lookup::rows),
    ("idle", idle::rows),
    ("endurance", endurance::rows),
    ("screen", screen::rows),
    ("window", window::rows),
];

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        // Parts that need a process of their own.
        ["child-idle", folder] => return idle::child(&PathBuf::from(folder)),
        ["child-endurance", folder, payments] => {
            return endurance::child(&PathBuf::from(folder), payments.parse()?);
        }
        _ => {}
    }
    let Some(wanted) = Wanted::read(&words) else {
        eprint!("{USAGE}");
        bail!("not understood: {words:?}");
    };
    let scale = if wanted.quick { Scale::QUICK } else { Scale::FULL };
    let scale = Scale { seed: wanted.seed.unwrap_or(scale.seed), frames: wanted.frames, ..scale };
    let mut table = Table::default();
    for (name, rows) in
        GROUPS.iter().filter(|(name, _)| wanted.only.is_empty() || wanted.only.contains(name))
    {
        eprintln!("measuring: {name}");
        match rows(&scale).with_context(|| format!("measuring {name}")) {
            Ok(rows) => table.extend(rows),
            Err(error) => table.failed(name, &error),
        }
    }
    print!("{}", if wanted.json { table.json() } else { table.text() });
    Ok(())
}

struct Wanted<'a> {
    quick: bool,
    json: bool,
    only: Vec<&'a str>,
    seed: Option<u64>,
    frames: Option<&'static Path>,
}

impl<'a> Wanted<'a> {
    fn read(words: &[&'a str]) -> Option<Self> {
        let mut wanted = Self { quick: false, json: false, only: Vec::new(), seed: None, frames: None };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--quick" => wanted.quick = true,
                "--json" => wanted.json = true,
                "--seed" => wanted.seed = Some(words.next()?.parse().ok()?),
                // As long as the program: the scale is copied to every group.
                "--frames" => wanted.frames = Some(Box::leak(Box::from(Path::new(words.next()?)))),
                "--only" => wanted.only.extend(words.next()?.split(',')),
                _ => return None,
            }
        }
        let known = |name: &&str| GROUPS.iter().any(|(group, _)| group == name);
        wanted.only.iter().all(known).then_some(wanted)
    }
}

/// The runtime that paydeskctl gives a till.
fn runtime() -> Result<Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    Ok(builder.worker_threads(limits::TILL_THREADS).enable_all().build()?)
}
