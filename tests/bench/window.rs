//! The desktop program against a bare window, on the big store with many products: from its start to the
//! first screen that can be sold on, and what it holds in memory when nobody does anything.
//!
//! Both programs say `painted` when their page has been painted. They take turns, on a screen of their own.
//! Memory is what the kernel counts for the program and the processes of its view, shared pages shared.

use crate::archive::Archive;
use crate::limits::{self, Scale};
use crate::place;
use crate::table::{Figure, Row, Target};
use crate::timing::{Round, Rounds};
use anyhow::{Context, Result, ensure};
use domain::basket::{Product, Unit};
use domain::catalogue::Item;
use domain::ids::Seed;
use domain::money::{Currency, Money};
use domain::tax::VatRate;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};
use store::{Mode, Opening, Store};

/// Lines of a program that nobody has read yet.
const LINES: usize = 64;

/// The rows.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let archive = Archive::of(scale)?;
    stock(&archive.folder)?;
    let programs = place::programs()?;
    let paydesk = programs.join("paydesk");
    let bare = programs.join("examples/bare-window");
    for program in [&paydesk, &bare] {
        ensure!(program.exists(), "{} is not built", program.display());
    }
    let home = place::on_disk()?;
    let screen = Program::start(Command::new("Xvfb").args([
        "-displayfd",
        "1",
        "-screen",
        "0",
        "1400x900x24",
        "-nolisten",
        "tcp",
    ]))?;
    let display = format!(":{}", screen.line()?.trim());
    let scene = Scene { display, home: home.path().to_owned(), folder: archive.folder.clone() };
    let (mut rounds, mut memory) = (Rounds::default(), (Vec::new(), Vec::new()));
    // The first start of each reads its libraries from the disk.
    scene.open(&bare, &[])?;
    scene.open(&paydesk, &scene.arguments())?;
    for _ in 0..scale.starts {
        let (window, baseline) = scene.open(&bare, &[])?;
        memory.1.push(window.idle()?);
        drop(window);
        let (window, measured) = scene.open(&paydesk, &scene.arguments())?;
        memory.0.push(window.idle()?);
        rounds.take(Round { measured: vec![measured], baseline: vec![baseline] });
    }
    let what = format!(
        "from the start of the desktop program to its sale screen, {} products and {} receipts; against a \
         bare window",
        limits::PRODUCTS,
        archive.payments * 2
    );
    let middle = |found: Vec<f64>| Figure::Memory(crate::timing::median(found));
    Ok(vec![
        Row::of("window start", what, &rounds, limits::WINDOW_START),
        Row {
            id: "window memory".to_owned(),
            what: "memory of the idle desktop program and its view; against a bare window".to_owned(),
            measured: middle(memory.0),
            baseline: Some(middle(memory.1)),
            ratio: None,
            target: Target { megabytes_more: Some(limits::WINDOW_MEMORY), ..Target::NONE },
        },
    ])
}

/// Where both programs run.
struct Scene {
    display: String,
    home: PathBuf,
    folder: PathBuf,
}

impl Scene {
    fn arguments(&self) -> [&std::ffi::OsStr; 3] {
        ["--announce".as_ref(), "--data".as_ref(), self.folder.as_os_str()]
    }

    /// The program with its page painted, and how long that took.
    fn open(&self, program: &Path, arguments: &[&std::ffi::OsStr]) -> Result<(Program, Duration)> {
        let mut command = Command::new(program);
        command.args(arguments).env("DISPLAY", &self.display).env("GDK_BACKEND", "x11");
        command.env("HOME", &self.home).env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "WAYLAND_DISPLAY"] {
            command.env_remove(name);
        }
        let start = Instant::now();
        let window = Program::start(&mut command)?;
        let said = window.line().with_context(|| format!("{} painted nothing", program.display()))?;
        ensure!(said == "painted", "{} says {said}", program.display());
        Ok((window, start.elapsed()))
    }
}

/// A program that does not outlive its owner, and what it says.
struct Program {
    child: Child,
    lines: Receiver<String>,
}

impl Program {
    fn start(command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().with_context(|| format!("cannot be started: {command:?}"))?;
        let output = child.stdout.take().context("it has no output")?;
        let (tell, lines) = sync_channel(LINES);
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if tell.try_send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { child, lines })
    }

    fn line(&self) -> Result<String> {
        Ok(self.lines.recv_timeout(limits::PATIENCE)?)
    }

    /// Megabytes after a rest: of the program and everything that it started.
    fn idle(&self) -> Result<f64> {
        ensure!(self.lines.recv_timeout(limits::IDLE).is_err(), "it says something: it is not idle");
        let family = family(self.child.id())?;
        let sizes: Vec<f64> = family.iter().filter_map(|id| proportional(*id)).collect();
        ensure!(sizes.len() > 1, "the view has no process of its own");
        Ok(sizes.iter().sum())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail only when the program has ended, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A process and all below it.
fn family(eldest: u32) -> Result<BTreeSet<u32>> {
    let mut parents = Vec::new();
    for entry in std::fs::read_dir("/proc").context("this system has no /proc")?.flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        // The name of the program, in brackets, may hold anything; state and parent follow it.
        let parent =
            stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)?.parse::<u32>().ok());
        parents.extend(parent.map(|parent| (id, parent)));
    }
    let mut family = BTreeSet::from([eldest]);
    loop {
        let known = family.len();
        family.extend(
            parents
                .iter()
                .filter(|(_, parent)| family.contains(parent))
                .map(|(id, _)| *id)
                .collect::<Vec<_>>(),
        );
        if family.len() == known {
            return Ok(family);
        }
    }
}

/// Proportional set size in megabytes; nothing of a process that has ended.
fn proportional(id: u32) -> Option<f64> {
    let rollup = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok()? * 1024.0 / 1e6)
}

/// Fills the shelf of this store, unless it is full: forty groups, each with one page of quick keys.
fn stock(folder: &Path) -> Result<()> {
    let mark = folder.join("stocked");
    let wanted = format!("{} in groups\n", limits::PRODUCTS);
    if std::fs::read_to_string(&mark).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    let currency = Currency::parse("SEK").context("no such currency")?;
    let vat = VatRate::new(2500).context("no such rate")?;
    let item = |number: u32| Item {
        product: Product {
            sku: Some(number.to_string()),
            name: format!("Product number {number}"),
            price: Money::new(i64::from(number % 900 + 1) * 50, currency),
            vat,
            unit: Unit::Piece,
        },
        codes: vec![format!("73{number:011}")],
        group: Some(format!("Group {}", number / 500)),
        quick: number.is_multiple_of(50),
        open_price: false,
    };
    tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
        let opening = Opening { folder: Some(folder), till: "T1".to_owned(), mode: Mode::Inline };
        let (store, _) = Store::open(opening, &Seed { at: Timestamp::now(), random: [9; 10] })?;
        store.keep_products((0..limits::PRODUCTS).map(item).collect(), true).await?;
        store.close().await?;
        anyhow::Ok(())
    })?;
    std::fs::write(mark, wanted)?;
    Ok(())
}
