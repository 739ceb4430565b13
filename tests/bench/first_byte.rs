//! From the accepted command to the first byte of the request at the terminal: rules, two journaled facts,
//! the driver, XML and a new connection. The journal lies in memory, so its two syncs cost nothing.
//!
//! What is measured ends where the kernel took the byte from the till. The baseline is the bare floor of the
//! way: connect, and write the same message. Once with payments in a row, and once after a rest: then all of
//! the way is cold, for both.

use crate::desk::{Cashier, settings};
use crate::limits::{self, Scale};
use crate::socket::{Socket, post};
use crate::stand_in::StandIn;
use crate::table::{Row, Target};
use crate::timing::{Round, Rounds};
use crate::{place, runtime};
use anyhow::{Context, Result, anyhow};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};
use till::Options;

const REQUEST: &str = include_str!("../../crates/wire/testdata/nexo/payment-request-purchase.xml");

/// The rows.
pub fn rows(scale: &Scale) -> Result<Vec<Row>> {
    let mut socket = Socket::start(StandIn::new()?, false)?;
    let place = place::in_memory()?;
    std::fs::write(place.path().join(till::settings::FILE), settings(socket.address, "light"))?;
    let runtime = runtime()?;
    let (folder, scale) = (place.path().to_owned(), *scale);
    // A task of the runtime, as the window's and the browser's commands are.
    let (in_a_row, rested) = runtime.block_on(runtime.spawn(async move {
        let started = till::start(&folder, Options::default()).await;
        let started = started.map_err(|problem| anyhow!("{problem}"))?;
        let mut cashier = Cashier::at(&started.till);
        let (mut in_a_row, mut rested) = (Rounds::default(), Rounds::default());
        for _ in 0..scale.rounds {
            in_a_row.take(round(&mut cashier, &mut socket, &scale, limits::IN_A_ROW).await?);
            rested.take(round(&mut cashier, &mut socket, &scale, limits::PAUSE).await?);
        }
        started.stop().await;
        anyhow::Ok((in_a_row, rested))
    }))??;
    let what = "from the command to the first byte handed to the socket, journal in memory; \
                against a bare connect and write";
    let after = format!("the same, each after {} ms of rest", limits::PAUSE.as_millis());
    Ok(vec![
        Row::of("first byte", what, &in_a_row, limits::FIRST_BYTE),
        Row::of("first byte, rested", after, &rested, Target::NONE),
    ])
}

async fn round(
    cashier: &mut Cashier,
    socket: &mut Socket,
    scale: &Scale,
    pause: Duration,
) -> Result<Round> {
    let mut round = Round::default();
    let warm_up = scale.first_bytes / limits::WARM_UP;
    for index in 0..warm_up + scale.first_bytes {
        let measured = payment(cashier, socket).await?;
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
