//! Serial lines in memory, under virtual time: the till's end of a cable and a simulated device at the
//! other. A power cut can be ordered before a request leaves or after its answer arrived, and the cable can
//! be a bad one.

use crate::line::{Far, Left, Wires};
use crate::rng::Rng;
use async_trait::async_trait;
use simulator::ecrhub::Watch;
use simulator::kayaaku::serial::money_request;
use std::fmt;
use std::sync::{Arc, Mutex};
use terminals::serial::{FarEnd, Job, Line, Lines, Snag, Wanted};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

/// Bytes that lie on a cable.
const ON_THE_WAY: usize = 16 * 1024;

/// The lines of a world.
#[derive(Clone)]
pub struct Cables {
    wires: Wires,
    weather: Arc<Mutex<Option<Weather>>>,
}

/// What a bad cable does.
struct Weather {
    rng: Rng,
    per_mille: u64,
}

/// Who looks at what goes over a cable.
enum Eye {
    /// Every write is a request, and whatever comes is an answer.
    Device,
    /// Both directions; signs of life are neither.
    Hub(Box<(Watch, Watch)>),
}

struct Goes {
    is_request: bool,
    left: Vec<Left>,
}

impl Eye {
    fn goes(&mut self, bytes: &[u8]) -> Goes {
        match self {
            Self::Device => {
                let money = money_request(bytes).into_iter();
                Goes { is_request: true, left: money.map(|(call, id)| Left::Cable(call, id)).collect() }
            }
            Self::Hub(both) => {
                let seen = both.0.saw(bytes);
                let left = seen.money.into_iter().map(|(call, number)| Left::Hub(call, number));
                Goes { is_request: seen.messages > 0, left: left.collect() }
            }
        }
    }

    fn is_answer(&mut self, bytes: &[u8]) -> bool {
        match self {
            Self::Device => true,
            Self::Hub(both) => both.1.saw(bytes).messages > 0,
        }
    }
}

impl fmt::Debug for Cables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cables")
    }
}

impl Cables {
    /// Lines to the devices of these wires.
    pub fn of(wires: &Wires) -> Self {
        Self { wires: wires.clone(), weather: Arc::default() }
    }

    /// From now on so many of a thousand messages meet noise, lose a byte, are changed or come twice.
    pub fn spoil(&self, seed: u64, per_mille: u64) {
        *self.weather.lock().unwrap() = Some(Weather { rng: Rng::new(seed), per_mille });
    }

    /// The cables are good again.
    pub fn mend(&self) {
        *self.weather.lock().unwrap() = None;
    }

    /// What becomes of bytes on the way. One fault at a time: the checksum finds every single one.
    fn through(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        let mut weather = self.weather.lock().unwrap();
        let Some(Weather { rng, per_mille }) = weather.as_mut() else { return bytes };
        if rng.below(1_000) >= *per_mille || bytes.is_empty() {
            return bytes;
        }
        let at = usize::try_from(rng.below(bytes.len() as u64)).unwrap();
        let noise: Vec<u8> = (0..rng.below(40)).map(|_| (rng.below(256) & 0xff) as u8).collect();
        match rng.below(6) {
            0 => drop(bytes.remove(at)),
            1 => bytes[at] ^= 1 << rng.below(8),
            2 => bytes.clear(),
            3 => bytes.truncate(at),
            4 => bytes = [noise, bytes].concat(),
            _ => bytes = [bytes.clone(), bytes].concat(),
        }
        bytes
    }

    async fn pump(self, far: FarEnd, near: DuplexStream, mut eye: Eye) {
        let FarEnd { to, mut from } = far;
        let (mut read, mut write) = tokio::io::split(near);
        let (mut bytes, mut due) = (vec![0; 4_096], None);
        loop {
            tokio::select! {
                biased;
                job = from.recv() => {
                    let Some(Job::Write(written, reply)) = job else { return };
                    let Goes { is_request, left } = eye.goes(&written);
                    if is_request {
                        if !self.wires.count() {
                            return std::future::pending().await;
                        }
                        due = self.wires.leaves().await.or(due);
                    }
                    self.wires.money.lock().unwrap().extend(left);
                    let done = write.write_all(&self.through(written)).await;
                    let _ = reply.send(Ok(()));
                    if done.is_err() {
                        return;
                    }
                }
                read = read.read(&mut bytes) => {
                    let Ok(count @ 1..) = read else { return };
                    if let Some(order) = due.take_if(|_| eye.is_answer(&bytes[..count])) {
                        self.wires.came(order).await;
                    }
                    if to.send(self.through(bytes[..count].to_vec())).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

#[async_trait]
impl Lines for Cables {
    async fn open(&self, wanted: &Wanted) -> Result<Line, Snag> {
        let place = wanted.place.to_string();
        if !self.wires.count() {
            // Silence lets virtual time go on, which a till that asks without end stops.
            return std::future::pending().await;
        }
        if self.wires.is_dead() {
            return Err(Snag::Broken { port: place, detail: "no such device or address".to_owned() });
        }
        let Some(at) = self.wires.at_port(&place) else { return Err(Snag::Missing { place }) };
        let (line, far) = Line::pair(&place);
        let (near, end) = duplex(ON_THE_WAY);
        let eye = match at {
            Far::Cable(device) => {
                tokio::spawn(async move { device.serve(end).await });
                Eye::Device
            }
            Far::Hub(terminal) => {
                tokio::spawn(async move { terminal.serve_cable(end).await });
                Eye::Hub(Box::default())
            }
            Far::Nexo(_) | Far::Pockyt(_) | Far::Kayaaku(_) => return Err(Snag::Missing { place }),
        };
        tokio::spawn(self.clone().pump(far, near, eye));
        Ok(line)
    }
}
