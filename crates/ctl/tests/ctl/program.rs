//! A data folder and the program on it.

use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;
use tempfile::TempDir;

/// Longest wait for one line.
const PATIENCE: Duration = Duration::from_secs(60);
/// Lines that may wait for a test.
const WAITING: usize = 4096;

/// The environment of every program that tests start: without a session bus there is no keyring, so that no
/// test reads or writes that of whoever runs it.
pub const NO_KEYRING: (&str, &str) = ("DBUS_SESSION_BUS_ADDRESS", "disabled:");

/// The program.
pub fn paydeskctl() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_paydeskctl"));
    command.env(NO_KEYRING.0, NO_KEYRING.1);
    command
}

/// A data folder that goes away with the test.
pub struct Folder {
    dir: TempDir,
}

/// The head of every test's settings.
pub const HEAD: &str = "[till]\nid = \"T1\"\ncurrency = \"SEK\"\npractice = true\n[shop]\n\
                        name = \"Corner Shop\"\ntime_zone = \"Europe/Stockholm\"\nday_starts = \"05:00\"\n";

impl Folder {
    /// A folder with these settings.
    pub fn with(settings: &str) -> Self {
        let folder = Self { dir: tempfile::tempdir().unwrap() };
        folder.write("settings.toml", settings);
        folder
    }

    /// A practice folder with the training terminal `desk`, whose customer takes so long for each step.
    pub fn training(delay_ms: u32) -> Self {
        let terminal = format!(
            "[[terminal]]\nid = \"desk\"\ndriver = \"training\"\n[terminal.settings]\ndelay_ms = {delay_ms}\n"
        );
        Self::with(&format!("{HEAD}{terminal}"))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file into it.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    /// Starts the program on it with `--json`.
    pub fn run(&self, arguments: &[&str]) -> Program {
        Program::start(&[&["--data", self.path().to_str().unwrap(), "--json"], arguments].concat())
    }

    /// Runs it to its end with `--json`.
    pub fn ran(&self, arguments: &[&str]) -> Ended {
        self.run(arguments).end()
    }

    /// Runs it to its end for people.
    pub fn read(&self, arguments: &[&str]) -> Ended {
        Program::start(&[&["--data", self.path().to_str().unwrap()], arguments].concat()).end()
    }

    /// What it writes to standard output, byte by byte.
    pub fn bytes(&self, arguments: &[&str]) -> Vec<u8> {
        let done = paydeskctl().arg("--data").arg(self.path()).args(arguments).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        done.stdout
    }

    /// Pays on the terminal `desk`.
    pub fn pay(&self, amount: &str, more: &[&str]) -> Ended {
        self.ran(&[&["pay", "--terminal", "desk", "--amount", amount], more].concat())
    }

    /// Every payment in the books, newest first.
    pub fn payments(&self) -> Vec<Value> {
        self.ran(&["payments"]).lines
    }
}

/// A running program.
pub struct Program {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    said: Vec<String>,
    texts: Vec<String>,
}

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; nothing after a signal.
    pub code: Option<i32>,
    /// Standard output.
    pub text: String,
    /// Standard output as JSON lines; other text makes none.
    pub lines: Vec<Value>,
    /// Standard error.
    pub words: String,
}

impl Ended {
    /// The lines of one type.
    pub fn of(&self, kind: &str) -> Vec<&Value> {
        self.lines.iter().filter(|line| line["type"] == kind).collect()
    }

    /// The only line of this type.
    pub fn one(&self, kind: &str) -> &Value {
        let found = self.of(kind);
        assert_eq!(found.len(), 1, "{kind}: {self:#?}");
        found[0]
    }

    /// Asserts its exit code.
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }
}

impl Program {
    /// Starts the program.
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = paydeskctl()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, stdout) = sync_channel(WAITING);
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            // The test may have seen enough; then the program has nobody who reads.
            output.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok())
        });
        let (sender, stderr) = sync_channel(WAITING);
        let errors = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            errors.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok())
        });
        let stdin = child.stdin.take();
        Self { child, stdin, stdout, stderr, said: Vec::new(), texts: Vec::new() }
    }

    /// Waits for a line that is so.
    pub fn line(&mut self, is_so: impl Fn(&Value) -> bool) -> Value {
        loop {
            let text = self.stdout.recv_timeout(PATIENCE).unwrap_or_else(|_| {
                panic!("the line does not come; there were: {:#?}", self.texts);
            });
            self.texts.push(text.clone());
            let line: Value = serde_json::from_str(&text).unwrap_or_default();
            if is_so(&line) {
                return line;
            }
        }
    }

    /// Waits for a line of this type.
    pub fn kind(&mut self, kind: &str) -> Value {
        self.line(|line| line["type"] == kind)
    }

    /// Waits for these words of the terminal.
    pub fn display(&mut self, text: &str) -> Value {
        self.line(|line| line["type"] == "display" && line["text"] == text)
    }

    /// Waits for a sentence for people.
    pub fn words(&mut self, text: &str) {
        loop {
            let line = self.stderr.recv_timeout(PATIENCE).unwrap_or_else(|_| {
                panic!("{text:?} is not said; there was: {:#?}", self.said);
            });
            let is_it = line.contains(text);
            self.said.push(line);
            if is_it {
                return;
            }
        }
    }

    /// Types a line.
    pub fn say(&mut self, line: impl std::fmt::Display) {
        let stdin = self.stdin.as_mut().unwrap();
        writeln!(stdin, "{line}").unwrap();
        stdin.flush().unwrap();
    }

    /// Ends its input.
    pub fn close_input(&mut self) {
        drop(self.stdin.take());
    }

    /// Sends a signal, for example `INT`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Kills it the hard way and waits until it is gone.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Ends its input and lets it run to its end.
    pub fn end(mut self) -> Ended {
        self.close_input();
        while let Ok(text) = self.stdout.recv_timeout(PATIENCE) {
            self.texts.push(text);
        }
        let code = self.child.wait().unwrap().code();
        while let Ok(line) = self.stderr.recv_timeout(PATIENCE) {
            self.said.push(line);
        }
        let words = self.said.join("\n");
        let lines = self.texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect();
        Ended { code, text: self.texts.join("\n"), lines, words }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that is free, and not one of those that the system gives out: nobody else takes it by chance before
/// the till does.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Test programs that run side by side begin at different places.
    let first = u16::try_from(std::process::id() % 190 * 100).unwrap_or(0);
    loop {
        let port = 10_000 + (first + NEXT.fetch_add(1, Ordering::SeqCst)) % 20_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// The keys of a JSON object as they are written.
pub fn keys(line: &Value) -> Vec<String> {
    line.as_object().unwrap().keys().cloned().collect()
}

/// Whether a text is RFC 3339 in UTC with exactly six decimals.
pub fn is_time(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00T00:00:00.000000Z"
}

/// A simulated nexo terminal, which is the same program.
pub struct Simulated {
    program: Program,
    /// Where it is.
    pub address: String,
}

impl Simulated {
    /// Starts one with these rules and a quick customer; `till` is where the till listens.
    pub fn start(rules: &str, till: Option<&str>) -> Self {
        let script = tempfile::NamedTempFile::new().unwrap();
        let knobs = "[terminal]\ncustomer_ms = 20\nhost_ms = 20\npin_digit_ms = 5\ncooling_ms = 20\n";
        std::fs::write(script.path(), format!("{knobs}new_poi_busy = 0\n{rules}")).unwrap();
        let script = script.path().to_str().unwrap();
        let mut arguments =
            vec!["--json", "simulate", "nexo", "--listen", "127.0.0.1:0", "--script", script];
        arguments.extend(till.into_iter().flat_map(|till| ["--till", till]));
        let mut program = Program::start(&arguments);
        let address = program.kind("listening")["address"].as_str().unwrap().to_owned();
        Self { program, address }
    }

    /// A data folder with this terminal as `desk`, in the form in which only the till calls.
    pub fn light(&self) -> Folder {
        self.folder("light", "127.0.0.1:0")
    }

    /// A data folder with this terminal as `desk`.
    pub fn folder(&self, form: &str, listener: &str) -> Folder {
        Folder::with(&format!(
            "{HEAD}[listener]\nbind = \"{listener}\"\n[[terminal]]\nid = \"desk\"\ndriver = \"nexo\"\n\
             [terminal.settings]\nurl = \"http://{}\"\nsale_id = \"TILL1\"\npoi_id = \"POI1\"\n\
             form = \"{form}\"\n",
            self.address
        ))
    }

    /// Ends it as Ctrl-C does.
    pub fn end(self) -> Ended {
        self.program.signal("INT");
        self.program.end()
    }
}
