//! A terminal that answers a payment with something else than its answer: it stands between the till and a
//! simulated terminal, passes everything on, and writes what a test wants in place of the one reply.
//!
//! The terminal behind it has worked on the payment, so a till that repeats it charges twice.

use simulator::nexo::{NexoTerminal, WireReply, WireRequest};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What comes in place of an answer.
pub enum Lie {
    /// These bytes; then the connection closes.
    Bytes(Vec<u8>),
    /// These bytes, then this block again and again until so many bytes are written or nobody reads on.
    Flood {
        /// Written once.
        head: Vec<u8>,
        /// Written again and again.
        block: Vec<u8>,
        /// Bytes of blocks at most.
        most: u64,
    },
    /// These bytes, then one byte every 100 ms for as long as somebody reads.
    Drip(Vec<u8>),
}

/// Makes a lie from the true answer.
pub type Lying = Arc<dyn Fn(&str) -> Lie + Send + Sync>;

/// See the module.
pub struct Liar {
    /// Where the till finds it.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    terminal: NexoTerminal,
    lying: Lying,
    heard: Mutex<Vec<String>>,
    written: AtomicU64,
    /// Enquiries are answered.
    is_honest: watch::Sender<bool>,
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Liar {
    /// Stands before a terminal. Must be called within a tokio runtime.
    pub async fn before(terminal: NexoTerminal, lying: Lying) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let shared = Arc::new(Shared {
            terminal,
            lying,
            heard: Mutex::default(),
            written: AtomicU64::new(0),
            is_honest: watch::Sender::new(false),
        });
        let behind = Arc::clone(&shared);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(connection(stream, Arc::clone(&behind)));
            }
        });
        Self { address, shared, task }
    }

    /// How many requests of this category came.
    pub fn heard(&self, category: &str) -> usize {
        let heard = self.shared.heard.lock().expect("nobody panics with it");
        heard.iter().filter(|one| *one == category).count()
    }

    /// Bytes of a flood that the till's side took.
    pub fn written(&self) -> u64 {
        self.shared.written.load(Ordering::SeqCst)
    }

    /// From now on enquiries and payments are answered truly. Before that enquiries are not answered at all.
    pub fn tell_the_truth(&self) {
        self.shared.is_honest.send_replace(true);
    }
}

async fn connection(mut stream: TcpStream, shared: Arc<Shared>) {
    let Some(body) = request(&mut stream).await else { return };
    let category = category(&body);
    shared.heard.lock().expect("nobody panics with it").push(category.clone());
    let mut honest = shared.is_honest.subscribe();
    let is_lying = !*honest.borrow_and_update();
    if is_lying && category == "TransactionStatus" {
        tokio::select! {
            _ = honest.wait_for(|honest| *honest) => {}
            _ = stream.read_u8() => return,
        }
    }
    let reply = shared.terminal.exchange(WireRequest::post(body)).await;
    let WireReply::Answer { status, body, .. } = reply else { return };
    if is_lying && category == "Payment" {
        lie(stream, &shared, (shared.lying)(&String::from_utf8_lossy(&body))).await;
        return;
    }
    let head = format!("HTTP/1.1 {status} \r\nContent-Length: {}\r\n\r\n", body.len());
    // A till that has gone away reads nothing.
    let _ = stream.write_all(&[head.as_bytes(), &body].concat()).await;
}

/// The body of one request; nothing when it does not come as a whole.
async fn request(stream: &mut TcpStream) -> Option<String> {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        read.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(read).ok()?.to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
    let mut body = vec![0; length.parse().ok()?];
    stream.read_exact(&mut body).await.ok()?;
    String::from_utf8(body).ok()
}

fn category(body: &str) -> String {
    let after = body.split_once("MessageCategory=\"").map_or("", |(_, after)| after);
    after.split('"').next().unwrap_or_default().to_owned()
}

async fn lie(mut stream: TcpStream, shared: &Shared, lie: Lie) {
    match lie {
        Lie::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Lie::Flood { head, block, most } => {
            let _ = stream.write_all(&head).await;
            while shared.written.load(Ordering::SeqCst) < most && stream.write_all(&block).await.is_ok() {
                shared.written.fetch_add(block.len() as u64, Ordering::SeqCst);
            }
        }
        Lie::Drip(head) => {
            let _ = stream.write_all(&head).await;
            let mut pace = tokio::time::interval(Duration::from_millis(100));
            while stream.write_all(b" ").await.is_ok() {
                pace.tick().await;
            }
        }
    }
}
