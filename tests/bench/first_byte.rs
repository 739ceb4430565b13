//! From the accepted command to the first byte of the request at the terminal: rules, two journaled facts,
//! the driver, XML and a new connection, less the sync of the disk that stands between them.
//!
//! What is measured ends where the kernel took the byte from the till. On the disk, a bare write and sync
//! beside each payment is taken off: the till connects while its own disk syncs. In memory there is no sync,
//! and nothing to connect behind. The baseline is the bare floor of the way: connect, and write the same
//! message. In memory also after a rest: then all of the way is cold, for both.

use crate::desk::{Cashier, settings};
use crate::limits::{self, Scale};
use crate::socket::{Socket, post};
use crate::stand_in::StandIn;
use crate::table::{Row, Target};
use crate::timing::{Round, Rounds};
use crate::{place, runtime};
use anyhow::{Context, Result, anyhow};
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};
use till::Options;

const REQUEST: &str = include_str!("../../crates/wire/testdata/nexo/payment-request-purchase.xml");

/// About as many bytes as an intent and its reference are.
const ENTRY: [u8; 1_200] = [b'x'; 1_200];

/// The rows.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let (disk, memory) = (place::on_disk()?, place::in_memory()?);
    let on_disk = measured(disk.path(), scale, &[limits::IN_A_ROW], true)?;
    let in_memory = measured(memory.path(), scale, &[limits::IN_A_ROW, limits::PAUSE], false)?;
    let what = "from the command to the first byte handed to the socket, less the disk sync; \
                against a bare connect and write";
    // Without the disk it is the stricter one: nothing hides the connection, and nothing is taken off.
    let targets = [limits::FIRST_BYTE, limits::FIRST_BYTE, Target::NONE];
    let names = [
        ("first byte", what.to_owned()),
        ("first byte, no disk", "the same, journal in memory: nothing is synced meanwhile".to_owned()),
        (
            "first byte, rested",
            format!("journal in memory, each after {} ms of rest", limits::PAUSE.as_millis()),
        ),
    ];
    let rounds = on_disk.into_iter().chain(in_memory).zip(names).zip(targets);
    Ok(rounds.map(|((rounds, (id, what)), target)| Row::of(id, what, &rounds, target)).collect())
}

/// One till in this folder, and its payments with each of these pauses, in turns.
fn measured(place: &Path, scale: &Scale, pauses: &[Duration], syncs: bool) -> Result<Vec<Rounds>> {
    let mut socket = Socket::start(StandIn::new()?, false)?;
    std::fs::write(place.join(till::settings::FILE), settings(socket.address, "light"))?;
    let mut bare = if syncs { Some(File::create(place.join("bare"))?) } else { None };
    let runtime = runtime()?;
    let (folder, scale, pauses) = (place.to_owned(), *scale, pauses.to_vec());
    // A task of the runtime, as the window's and the browser's commands are.
    runtime.block_on(runtime.spawn(async move {
        let started = till::start(&folder, Options::default()).await;
        let started = started.map_err(|problem| anyhow!("{problem}"))?;
        let mut cashier = Cashier::at(&started.till);
        let mut all: Vec<Rounds> = pauses.iter().map(|_| Rounds::default()).collect();
        for _ in 0..scale.rounds {
            place::settle(&folder)?;
            for (pause, rounds) in pauses.iter().zip(&mut all) {
                rounds.take(round(&mut cashier, &mut socket, bare.as_mut(), &scale, *pause).await?);
            }
        }
        started.stop().await;
        anyhow::Ok(all)
    }))?
}

async fn round(
    cashier: &mut Cashier,
    socket: &mut Socket,
    mut bare_file: Option<&mut File>,
    scale: &Scale,
    pause: Duration,
) -> Result<Round> {
    let mut round = Round::default();
    let warm_up = scale.first_bytes / limits::WARM_UP;
    for index in 0..warm_up + scale.first_bytes {
        let sync = bare_file.as_deref_mut().map_or(Ok(Duration::ZERO), synced)?;
        let measured = payment(cashier, socket).await?.saturating_sub(sync);
        tokio::time::sleep(pause).await;
        let baseline = bare(socket).await?;
        tokio::time::sleep(pause).await;
        if index >= warm_up {
            round.measured.push(measured);
            round.baseline.push(baseline);
        }
    }
    Ok(round)
}

async fn payment(cashier: &mut Cashier, socket: &mut Socket) -> Result<Duration> {
    let command = cashier.payment()?;
    let start = SystemTime::now();
    let payment = cashier.give(command).await?;
    let first = seen(socket).await?;
    cashier.approved(payment).await?;
    Ok(first.duration_since(start)?)
}

/// A bare write and sync of room that the file has already, as the till's own log has it: a file that grows
/// takes longer to sync, and too much would be taken off.
fn synced(file: &mut File) -> Result<Duration> {
    if file.metadata()?.len() == 0 {
        file.write_all(&ENTRY)?;
        file.sync_all()?;
    }
    file.rewind()?;
    let start = Instant::now();
    file.write_all(&ENTRY)?;
    file.sync_data()?;
    Ok(start.elapsed())
}

/// A bare connect and write.
async fn bare(socket: &mut Socket) -> Result<Duration> {
    let request = post(socket.address, REQUEST);
    let start = SystemTime::now();
    let mut stream = TcpStream::connect(socket.address)?;
    stream.write_all(&request)?;
    let first = seen(socket).await?;
    stream.read_to_end(&mut Vec::new())?;
    Ok(first.duration_since(start)?)
}

async fn seen(socket: &mut Socket) -> Result<SystemTime> {
    let seen = tokio::time::timeout(limits::PATIENCE, socket.seen.recv()).await;
    seen.context("no request came")?.context("the terminal is gone")
}
