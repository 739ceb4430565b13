//! Ctrl-C and the system's wish to end. Neither is the end of a running payment; the second one has little
//! time, because what does not end after it is killed.

/// What somebody wants of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Ctrl-C.
    Cancel,
    /// The system wants the program to end.
    End,
}

/// Said where the system gives no signals: nothing is begun that could not be stopped in order.
pub const NO_SIGNALS: &str = "The system does not let this program take Ctrl-C; nothing was begun";

/// Takes these signals over for the rest of the run.
#[derive(Debug)]
pub struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// From now on.
    ///
    /// # Errors
    /// The system does not let a program take signals.
    pub fn taken() -> std::io::Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// The next one. Cancel-safe.
    pub async fn next(&mut self) -> Wish {
        #[cfg(unix)]
        let wish = tokio::select! {
            _ = self.interrupt.recv() => Wish::Cancel,
            _ = self.terminate.recv() => Wish::End,
        };
        #[cfg(not(unix))]
        let wish = {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            Wish::Cancel
        };
        wish
    }
}
