//! Opens the real window on a screen without a screen and waits until its page is there.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::machine::Workspace;

const SCREEN: &str = "1400x900x24";
const SCREEN_READY_S: u64 = 20;
const WINDOW_READY_S: u64 = 90;
const POLL_MS: u64 = 50;

/// Starts the shell with `--smoke` under Xvfb; it ends by itself when its page has loaded.
///
/// # Errors
/// No screen, no page within the limit, or another page than expected.
pub fn window_opens(workspace: &Workspace) -> Result<()> {
    let screen = Screen::start()?;
    let program = workspace.programs.join("paydesk");
    // A folder of its own, without settings: nobody's till is touched.
    let folder = workspace.target.join("smoke");
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let child = Command::new(&program)
        .arg("--smoke")
        .arg("--data")
        .arg(&folder)
        .env("DISPLAY", &screen.display)
        .env("GDK_BACKEND", "x11")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    let mut window = Running(child);
    let limit = Instant::now() + Duration::from_secs(WINDOW_READY_S);
    loop {
        if let Some(status) = window.0.try_wait().context("the window's end cannot be seen")? {
            if status.success() {
                return Ok(());
            }
            bail!("the window did not show its page: {status}");
        }
        if Instant::now() > limit {
            bail!("the window showed no page within {WINDOW_READY_S} s");
        }
        thread::sleep(Duration::from_millis(POLL_MS));
    }
}

/// A screen of its own, on a display number that Xvfb finds free.
struct Screen {
    display: String,
    _server: Running,
}

impl Screen {
    fn start() -> Result<Self> {
        let mut child = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb cannot be started")?;
        let number = child.stdout.take().context("Xvfb has no output")?;
        let server = Running(child);
        let (tell, told) = mpsc::sync_channel(1);
        thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(number).read_line(&mut line).map(|_| line);
            // The receiver is gone only when the limit has passed and nobody wants the number any more.
            let _ = tell.send(read);
        });
        let line = told
            .recv_timeout(Duration::from_secs(SCREEN_READY_S))
            .context("Xvfb named no display within its limit")?
            .context("Xvfb's output cannot be read")?;
        if line.trim().is_empty() {
            bail!("Xvfb ended without naming a display");
        }
        Ok(Self { display: format!(":{}", line.trim()), _server: server })
    }
}

/// A program that does not outlive its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only when the program has ended, which is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
