//! `code`: what a picture, a camera or a scanner shows, in plain sentences. It is how an installer finds out
//! whether a camera is good enough and in the right place, and needs no till for that.
//!
//! Invariant: words tell a payment code by its brand and masked, and repeat nothing else that was scanned,
//! unless somebody asks for it. Lines of `--json` have the text of a picture's code, which whoever has the
//! picture has anyway; what a camera or a scanner shows is nowhere.

use anyhow::Context;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;
use till::clock::Clock;
use till::seams::domain::wallet::{Scan, recognise};
use till::seams::peripherals::camera::device::Wanted;
use till::seams::peripherals::camera::{self, Fault, Live, SystemCameras};
use till::seams::peripherals::code::{Format, Guidance, Reader, Reading, Showings, Sight, Symbol};
use till::seams::peripherals::limits::CAMERA_AGAIN;

use crate::cli::Code;
use crate::exit::Exit;
use crate::lines::{Line, SeenLine};
use crate::out::Out;
use crate::{limits, words};

/// Looks where it is told and says what is there.
///
/// # Errors
/// Standard input cannot be read, or no picture of a folder or the camera can.
pub fn code(out: Out, wanted: &Code) -> anyhow::Result<Exit> {
    if let Some(number) = wanted.camera {
        let size = wanted.size.unwrap_or(Wanted::USUAL.size);
        return from_camera(out, Wanted { number, size }, Duration::from_secs(wanted.seconds));
    }
    if wanted.text {
        return from_scanner(out);
    }
    let mut exit = Exit::Done;
    for file in files(&wanted.files)? {
        match camera::picture(&file) {
            Ok(luma) => {
                let reading = Reader::default().read_picture(&luma);
                tell_picture(out, &file, &reading, wanted.reveal);
            }
            Err(fault) => {
                let name = file.display();
                out.line(&Line::other(&format!("{name}: {fault}")));
                out.say(&format!("{name}: {}", words::without_camera(&fault)));
                exit = Exit::Failed;
            }
        }
    }
    Ok(exit)
}

/// The pictures, those of folders by name.
fn files(named: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in named {
        if path.is_dir() {
            let inside = camera::pictures(path);
            files.extend(inside.with_context(|| format!("The folder {} cannot be read", path.display()))?);
        } else {
            files.push(path.clone());
        }
    }
    anyhow::ensure!(!files.is_empty(), "There is no JPEG picture in the folder");
    Ok(files)
}

fn tell_picture(out: Out, file: &Path, reading: &Reading, reveal: bool) {
    let name = file.display().to_string();
    let line = |line: SeenLine| SeenLine { file: Some(name.clone()), ..line };
    if reading.symbols.is_empty() {
        out.line(&Line::seen(line(SeenLine::none(reading.guidance))));
        out.text(&format!("{name}: {}", words::guidance(reading.guidance)));
    }
    for symbol in &reading.symbols {
        let seen = SeenLine::of(Some(symbol.format), &symbol.scan());
        out.line(&Line::seen(line(SeenLine { text: Some(symbol.text.clone()), ..seen })));
        out.text(&format!("{name}: {}", told(symbol)));
        if reveal {
            out.text(&symbol.text);
        }
    }
    if reading.symbols.len() > 1 {
        out.say(&format!(
            "{name}: {} codes are in view. At the till only one may be.",
            reading.symbols.len()
        ));
    }
}

fn told(symbol: &Symbol) -> String {
    match symbol.scan() {
        Scan::Payment(code) => words::seen(&code, None),
        Scan::Refused(refusal) => words::refused(refusal).to_owned(),
    }
}

/// Reads lines until their end; a scanner ends each with one.
fn from_scanner(out: Out) -> anyhow::Result<Exit> {
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    let (mut input, mut seen) = (std::io::stdin().lock(), Seen::default());
    loop {
        let mut line = Vec::new();
        let read = input.by_ref().take(limits::SCAN_BYTES).read_until(b'\n', &mut line);
        if read.context("Standard input cannot be read")? == 0 {
            return Ok(Exit::Done);
        }
        // What does not end within the limit is one long line; the rest of it is no code of its own.
        while line.last() != Some(&b'\n') {
            let rest = input.fill_buf().context("Standard input cannot be read")?;
            let end = rest.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let (length, is_end) = (end.unwrap_or(rest.len()), end.is_some() || rest.is_empty());
            input.consume(length);
            if is_end {
                break;
            }
        }
        let text = String::from_utf8_lossy(&line);
        seen.tell(out, recognise(&text), None, clock.mono());
    }
}

/// Looks through a camera for so long, and says what changes.
fn from_camera(out: Out, wanted: Wanted, time: Duration) -> anyhow::Result<Exit> {
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    let live = Live::start(SystemCameras, wanted, CAMERA_AGAIN).context("No camera")?;
    let (mut seen, mut reader, start) = (Seen::default(), Reader::default(), clock.mono());
    let mut exit = Exit::Failed;
    while clock.mono().saturating_sub(start) < time {
        match live.wait(limits::FRAME_WAIT) {
            Some(Ok(luma)) => {
                exit = Exit::Done;
                let is_wanted = |symbol: &Symbol| matches!(symbol.scan(), Scan::Payment(_));
                seen.look(out, &reader.read_frame_for(&luma, is_wanted), clock.mono());
            }
            Some(Err(Fault::Ended)) => break,
            Some(Err(fault)) => seen.fault(out, &fault),
            None => {}
        }
    }
    Ok(exit)
}

/// What was told already: a camera shows the same thing thirty times a second.
#[derive(Default)]
struct Seen {
    showings: Showings,
    last: String,
}

impl Seen {
    fn look(&mut self, out: Out, reading: &Reading, now: Duration) {
        for symbol in &reading.symbols {
            self.tell(out, symbol.scan(), Some(symbol.format), now);
        }
        // Most ways of looking have their turn later: nothing read once means nothing.
        let hint = reading.guidance.filter(|guidance| *guidance != Guidance::Nothing);
        if let Some(guidance) = hint.filter(|_| reading.symbols.is_empty()) {
            let words = words::guidance(Some(guidance));
            self.once(out, &words, || Line::seen(SeenLine::none(Some(guidance))));
        }
    }

    fn tell(&mut self, out: Out, scan: Scan, format: Option<Format>, now: Duration) {
        let line = SeenLine::of(format, &scan);
        match scan {
            Scan::Payment(code) => {
                let sight = self.showings.see(code.digest(), now);
                // A scanner reads a code once each time; a camera goes on reading it.
                if format.is_none() || !matches!(sight, Sight::Same { .. }) {
                    let words = words::seen(&code, Some(sight));
                    let line = SeenLine { sight: Some(sight_word(sight)), ..line };
                    self.once_or_always(out, &words, format.is_none(), || Line::seen(line));
                }
            }
            Scan::Refused(refusal) => {
                let words = words::refused(refusal);
                self.once_or_always(out, words, format.is_none(), || Line::seen(line));
            }
        }
    }

    fn fault(&mut self, out: Out, fault: &Fault) {
        let words = words::without_camera(fault);
        self.once(out, &words, || Line::other(&words));
    }

    fn once(&mut self, out: Out, words: &str, line: impl FnOnce() -> Line) {
        self.once_or_always(out, words, false, line);
    }

    fn once_or_always(&mut self, out: Out, words: &str, always: bool, line: impl FnOnce() -> Line) {
        if always || self.last != words {
            out.line(&line());
            out.text(words);
            words.clone_into(&mut self.last);
        }
    }
}

const fn sight_word(sight: Sight) -> &'static str {
    match sight {
        Sight::New => "new",
        Sight::Same { .. } => "same",
        Sight::AlreadyUsed { .. } => "shown_before",
    }
}
