//! The real programs in processes of their own: `paydeskctl` on a data folder, and a simulator behind real
//! sockets. Waits are for lines and states, with a limit; never for the clock.

use serde_json::Value;
use simulator::bank::Bank;
use simulator::nexo::{NexoTerminal, Settings};
use simulator::script::Script;
use simulator::serve::{NexoOptions, Simulation, simulate_nexo};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;

use crate::world::Form;

/// Longest wait for one line or state.
const PATIENCE: Duration = Duration::from_secs(150);

/// The environment of every program that tests start: without a session bus there is no keyring, so that no
/// test reads or writes that of whoever runs it.
pub const NO_KEYRING: (&str, &str) = ("DBUS_SESSION_BUS_ADDRESS", "disabled:");

/// The program beside the test; built when it is not there yet.
pub fn paydeskctl() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows itself");
    let profile = test.parent().and_then(Path::parent).expect("tests lie in deps").to_owned();
    let program = profile.join(format!("paydeskctl{}", std::env::consts::EXE_SUFFIX));
    static BUILD: std::sync::Once = std::sync::Once::new();
    BUILD.call_once(|| {
        // Whoever tests everything has built it, and a build of it alone would choose other features.
        if std::env::var_os("PAYDESKCTL_IS_BUILT").is_some() && program.exists() {
            return;
        }
        let target = profile.parent().expect("a profile lies in target");
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "-p", "ctl", "--bin", "paydeskctl"]);
        if profile.file_name().is_some_and(|name| name == "release") {
            build.arg("--release");
        }
        let built = build.env("CARGO_TARGET_DIR", target).status().expect("cargo runs");
        assert!(built.success(), "paydeskctl builds");
    });
    program
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

/// A data folder, a simulated terminal behind a real socket, and its bank.
pub struct Shop {
    /// The data folder.
    pub folder: TempDir,
    /// The terminal.
    pub terminal: NexoTerminal,
    /// Its bank.
    pub bank: Bank,
    /// Where the terminal is.
    pub address: SocketAddr,
    /// Where the till listens in the default form.
    pub listener: u16,
    form: Form,
    _simulation: Simulation,
}

/// A terminal whose customer is quick.
pub fn quick() -> Settings {
    Settings { customer_ms: 120, pin_digit_ms: 20, host_ms: 150, cooling_ms: 250, ..Settings::default() }
}

impl Shop {
    /// Opens a shop. Must be called within a tokio runtime that lives as long as the shop.
    pub async fn open(form: Form, settings: Settings, seed: u64) -> Self {
        Self::scripted(form, settings, seed, None).await
    }

    /// As [`Shop::open`], with a terminal that follows a script.
    pub async fn scripted(form: Form, settings: Settings, seed: u64, script: Option<Script>) -> Self {
        let listener = free_port();
        let options = NexoOptions {
            listen: "127.0.0.1:0".parse().expect("an address"),
            till_url: Some(format!("http://127.0.0.1:{listener}")),
            settings,
            poi_id: Some("DESK-1".to_owned()),
            sale_id: Some("KASSA1".to_owned()),
            script,
            bank_file: None,
            seed,
            control: None,
            clock: simulator::clock::clock_from(jiff::Timestamp::now()),
        };
        let simulation = simulate_nexo(options).await.expect("the simulator starts");
        let folder = tempfile::tempdir().expect("a folder");
        let (terminal, bank) = (simulation.terminal.clone(), simulation.bank.clone());
        let address = simulation.local_addr;
        let shop = Self { folder, terminal, bank, address, listener, form, _simulation: simulation };
        shop.reroute(address, "");
        shop
    }

    /// Writes the settings: the terminal is at this address from now on, and `more` is set for it.
    pub fn reroute(&self, address: SocketAddr, more: &str) {
        let word = if self.form == Form::Default { "default" } else { "light" };
        let text = format!(
            "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n[shop]\nname = \"Corner Shop\"\n[listener]\n\
             bind = \"127.0.0.1:{}\"\n[[terminal]]\nid = \"desk\"\ndriver = \"nexo\"\n\
             [terminal.settings]\nurl = \"http://{address}\"\nsale_id = \"KASSA1\"\npoi_id = \"DESK-1\"\n\
             form = \"{word}\"\n{more}",
            self.listener
        );
        std::fs::write(self.folder.path().join("settings.toml"), text).expect("the settings are written");
    }

    /// Starts `paydeskctl` on the folder with `--json`.
    pub fn run(&self, arguments: &[&str]) -> Program {
        Program::start(&[], self.folder.path(), arguments)
    }

    /// As [`Shop::run`], through a program that runs it under other conditions.
    pub fn run_by(&self, runner: &[&str], arguments: &[&str]) -> Program {
        Program::start(runner, self.folder.path(), arguments)
    }

    /// Runs it to its end.
    pub fn ran(&self, arguments: &[&str]) -> Ended {
        self.run(arguments).end()
    }
}

/// A running program.
pub struct Program {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<Value>,
    words: Option<JoinHandle<String>>,
    /// What it has printed so far.
    pub seen: Vec<Value>,
}

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; nothing after a signal.
    pub code: Option<i32>,
    /// Every line.
    pub lines: Vec<Value>,
    /// What it said to people.
    pub words: String,
}

impl Ended {
    /// The lines of one type.
    pub fn of(&self, kind: &str) -> Vec<&Value> {
        self.lines.iter().filter(|line| line["type"] == kind).collect()
    }
}

impl Program {
    /// Starts `paydeskctl` on this folder with `--json`; `runner`: a program that runs it under other
    /// conditions.
    pub fn start(runner: &[&str], folder: &Path, arguments: &[&str]) -> Self {
        let program = paydeskctl();
        let mut words = runner.iter().map(AsRef::as_ref).chain([program.as_os_str()]);
        let mut child = Command::new(words.next().expect("there is a program"))
            .args(words)
            .env(NO_KEYRING.0, NO_KEYRING.1)
            .arg("--data")
            .arg(folder)
            .arg("--json")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("paydeskctl starts");
        let stdout = child.stdout.take().expect("its output is ours");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let value = serde_json::from_str(&line).unwrap_or(Value::String(line));
                if sender.send(value).is_err() {
                    return;
                }
            }
        });
        let mut errors = child.stderr.take().expect("its words are ours");
        let words = std::thread::spawn(move || {
            let mut words = Vec::new();
            let _ = errors.read_to_end(&mut words);
            String::from_utf8_lossy(&words).into_owned()
        });
        let stdin = child.stdin.take();
        Self { child, stdin, lines, words: Some(words), seen: Vec::new() }
    }

    /// Waits for a line that is so; nothing when the program ends before.
    pub fn line(&mut self, is_so: impl Fn(&Value) -> bool) -> Option<Value> {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).ok()?;
            self.seen.push(line.clone());
            if is_so(&line) {
                return Some(line);
            }
        }
    }

    /// Waits for a line of this type.
    pub fn kind(&mut self, kind: &str) -> Option<Value> {
        self.line(|line| line["type"] == kind)
    }

    /// Types a line.
    pub fn say(&mut self, line: &Value) {
        if let Some(stdin) = &mut self.stdin {
            // A program that has ended reads nothing.
            let _ = writeln!(stdin, "{line}");
        }
    }

    /// The system's number for it.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends its input.
    pub fn close_input(&mut self) {
        drop(self.stdin.take());
    }

    /// Sends it a signal by name: `INT` is Ctrl-C.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &pid]).status().expect("kill runs");
        assert!(sent.success(), "the signal is sent");
    }

    /// Kills it the hard way and waits until it is gone.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Lets it run to its end.
    pub fn end(mut self) -> Ended {
        self.close_input();
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.seen.push(line);
        }
        let code = self.child.wait().expect("it ended").code();
        let words = self.words.take().and_then(|words| words.join().ok()).unwrap_or_default();
        Ended { code, lines: std::mem::take(&mut self.seen), words }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits for a state on the far side, which tells nobody when it changes.
pub fn until(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "never: {what}");
        std::thread::park_timeout(Duration::from_millis(1));
    }
}
