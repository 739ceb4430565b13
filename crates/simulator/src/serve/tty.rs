//! A serial port or a pseudo-terminal as a stream of bytes.
//!
//! Invariant: raw, whatever the terminal was set to before; a pseudo-terminal stays usable while nobody has
//! its other end open, and is gone for everybody when this is dropped.

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use nix::pty::openpty;
use nix::sys::stat::Mode;
use nix::sys::termios::{BaudRate, SetArg, cfmakeraw, cfsetspeed, tcgetattr, tcsetattr};
use nix::unistd::{read, ttyname, write};
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// See the module.
#[derive(Debug)]
pub struct Tty {
    end: AsyncFd<OwnedFd>,
    /// The end that the till opens, held so that there is always one.
    _other: Option<OwnedFd>,
}

impl Tty {
    /// A pseudo-terminal, and the path of the end that the till opens.
    ///
    /// # Errors
    /// The system gives none.
    pub fn pair() -> io::Result<(Self, PathBuf)> {
        let pair = openpty(None, None)?;
        // A program that is started meanwhile would hold the cable in after it was pulled.
        for end in [&pair.master, &pair.slave] {
            fcntl(end, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
        }
        raw(&pair.slave, None)?;
        let path = ttyname(&pair.slave)?;
        Ok((Self::of(pair.master, Some(pair.slave))?, path))
    }

    /// A port by its path.
    ///
    /// # Errors
    /// It cannot be opened, or is none.
    pub fn open(path: &Path) -> io::Result<Self> {
        let port =
            nix::fcntl::open(path, OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC, Mode::empty())?;
        raw(&port, Some(BaudRate::B115200))?;
        Self::of(port, None)
    }

    // An owned descriptor is nobody else's to close: what the other constructor wants promised.
    #[expect(deprecated, reason = "its successor is unsafe, which no code of this workspace is")]
    fn of(end: OwnedFd, other: Option<OwnedFd>) -> io::Result<Self> {
        let flags = OFlag::from_bits_truncate(fcntl(&end, FcntlArg::F_GETFL)?);
        fcntl(&end, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
        Ok(Self { end: AsyncFd::new(end)?, _other: other })
    }
}

fn raw(end: &OwnedFd, speed: Option<BaudRate>) -> io::Result<()> {
    let mut settings = tcgetattr(end)?;
    cfmakeraw(&mut settings);
    if let Some(speed) = speed {
        cfsetspeed(&mut settings, speed)?;
    }
    tcsetattr(end, SetArg::TCSANOW, &settings)?;
    Ok(())
}

impl AsyncRead for Tty {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let mut guard = ready!(self.end.poll_read_ready(cx))?;
            let read = guard.try_io(|end| Ok(read(end.get_ref(), buf.initialize_unfilled())?));
            match read {
                Ok(Ok(count)) => {
                    buf.advance(count);
                    return Poll::Ready(Ok(()));
                }
                Ok(Err(error)) => return Poll::Ready(Err(error)),
                Err(_not_ready) => {}
            }
        }
    }
}

impl AsyncWrite for Tty {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            let mut guard = ready!(self.end.poll_write_ready(cx))?;
            match guard.try_io(|end| Ok(write(end.get_ref(), bytes)?)) {
                Ok(written) => return Poll::Ready(written),
                Err(_not_ready) => {}
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
