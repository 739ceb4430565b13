//! An open WebSocket as drivers see it: whole messages in, texts out with a word about whether they can have
//! left. The program opens real ones (`http/web.rs`); tests put ends of their own in their place.
//!
//! Invariant: [`Unwritten::NothingLeft`] is proof that no byte of that message was accepted; messages that
//! came before the end are told before it.

use crate::serial::Unwritten;
use tokio::sync::{mpsc, oneshot};

/// Messages that wait their turn.
const QUEUE: usize = 64;

/// See the module. Dropping it says goodbye and closes it.
#[derive(Debug)]
pub struct Socket {
    incoming: mpsc::Receiver<Result<Vec<u8>, String>>,
    outgoing: mpsc::Sender<Post>,
}

/// The end that a connection or a test holds.
#[derive(Debug)]
pub struct FarEnd {
    /// Takes messages as they came, or why the socket ended; closed where nobody listens any more.
    pub to: mpsc::Sender<Result<Vec<u8>, String>>,
    /// What is to be sent, in order; ends with the socket.
    pub from: mpsc::Receiver<Post>,
}

/// A text to send, and where to say how that went.
#[derive(Debug)]
pub struct Post {
    /// One message.
    pub text: String,
    /// Told once.
    pub reply: oneshot::Sender<Result<(), Unwritten>>,
}

impl Socket {
    /// A socket, and its other end.
    pub fn pair() -> (Self, FarEnd) {
        let (to, incoming) = mpsc::channel(QUEUE);
        let (outgoing, from) = mpsc::channel(QUEUE);
        (Self { incoming, outgoing }, FarEnd { to, from })
    }

    /// The next message; waits for it. Nothing is lost where the wait is given up.
    ///
    /// # Errors
    /// The socket has ended, for this cause.
    pub async fn read(&mut self) -> Result<Vec<u8>, String> {
        self.incoming.recv().await.unwrap_or_else(|| Err("the connection ended".to_owned()))
    }

    /// Sends one message. Giving the wait up leaves open whether it has left.
    ///
    /// # Errors
    /// See [`Unwritten`]; the socket is of no use then.
    pub async fn write(&self, text: String) -> Result<(), Unwritten> {
        let (reply, hears) = oneshot::channel();
        let closed = || Unwritten::NothingLeft("the connection has ended".to_owned());
        self.outgoing.send(Post { text, reply }).await.map_err(|_| closed())?;
        let silent = |_| Unwritten::MaybeLeft("the connection ended while it was written to".to_owned());
        hears.await.map_err(silent)?
    }
}
