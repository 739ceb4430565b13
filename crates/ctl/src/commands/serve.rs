//! `serve`: the till with its interface for a browser of this computer.

use anyhow::Context;
use jiff::tz::TimeZone;
use std::net::SocketAddr;
use till::Options;
use till::api::{Problem, Standing};
use till::clock::Clock;
use till::host::Host;
use till::random::Random;
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::Call;
use crate::cli::Serve;
use crate::exit::Exit;
use crate::lines::Line;
use crate::serve::{Gate, Pages, serve as serve_pages};
use crate::signals::{NO_SIGNALS, Signals};
use crate::{fields, limits};

/// Serves until it is told to end.
///
/// # Errors
/// The address is not one of this computer alone, or the folder cannot be used.
pub async fn serve(call: &Call, wanted: Serve) -> anyhow::Result<Exit> {
    let address = loopback(&wanted.listen)?;
    let mut signals = Signals::taken().context(NO_SIGNALS)?;
    // The port first: what cannot be shown need not start a till.
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("Nothing can be served on {address}: another program may have the port")
    })?;
    let options = Options { auto_open: true, camera_from: wanted.camera_from, ..Options::default() };
    let host = Host::on(Some(call.folder.clone()), options);
    host.start().await;
    if let Standing::Broken { problem, .. } = host.standing().await
        && !wanted.keep_serving
    {
        return Err(problem.into());
    }
    let random = Random::system(Clock::system(TimeZone::UTC));
    let gate = Gate::new(listener.local_addr().context("The port that is served cannot be told")?, &random);
    let pages = wanted.ui.map_or(Pages::Embedded, Pages::Folder);
    let opened = gate.address();
    call.out.text(&format!("Paydesk is at {opened}\nCtrl-C ends it; a running payment is found again."));
    call.out.line(&Line::Serving { address: opened });
    let ended = tokio::select! {
        ended = serve_pages(listener, host.clone(), gate, pages) => ended,
        _ = signals.next() => Ok(()),
    };
    if timeout(limits::STOP, host.stop()).await.is_err() {
        // Everything that must not be lost is on disk; what hangs is a connection.
        tracing::warn!("the till did not stop in time");
    }
    ended.context("The pages are not served any more")?;
    Ok(Exit::Done)
}

fn loopback(text: &str) -> Result<SocketAddr, Problem> {
    let wrong = |what: &str| fields::wrong("listen", what);
    let address: SocketAddr =
        text.parse().map_err(|_| wrong("is not an address with a port, for example 127.0.0.1:8800"))?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(wrong("must be 127.0.0.1 or [::1]: the till is served to this computer alone"))
    }
}
