//! Over the operator's cloud: orders go to a gateway, which pushes them to the terminal; what becomes of
//! them, only queries tell.
//!
//! | looking for | see |
//! | --- | --- |
//! | settings | `cloud/profile.rs` |
//! | one signed request out, one verified reply back | `cloud/gateway.rs` |
//! | notifications | `cloud/notify.rs` |
//!
//! Dossier chapter 5. Invariant: an order is posted once; what is not signed by the gateway's key counts for
//! nothing, and what it notifies only makes the till ask.

mod gateway;
mod notify;
pub(crate) mod profile;

use super::EcrHub;
use super::hub::{Answer, Heard, Hearing, Hub, Rhythm};
use super::map;
use crate::form::ProfileError;
use crate::limits::ecrhub_cloud as limits;
use crate::listener::Inbox;
use crate::run::Moment;
use crate::seams::Seams;
use crate::terminal::{Address, Identity};
use async_trait::async_trait;
use domain::outcome::{Certainty, Fault, Reason};
use gateway::Gateway;
use notify::Ear;
use profile::Profile;
use std::fmt;
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;
use toml::Table;
use wire::ecrhub::cloud::{Proof, Push, Reply, Request};
use wire::ecrhub::{Class, Order};

/// A driver with these settings; sends nothing yet.
///
/// # Errors
/// The first setting that cannot be used.
pub fn make(settings: &Table, seams: Seams) -> Result<EcrHub, ProfileError> {
    let profile = Arc::new(Profile::read(settings)?);
    let common = profile.common.clone();
    let address = Address {
        host: profile.host.clone(),
        port: profile.port,
        secure: profile.base_url.starts_with("https://"),
    };
    let moment = Arc::new(Moment::default());
    let ear: Arc<dyn Inbox> =
        Arc::new(Ear::new(Arc::clone(&profile), Arc::clone(&moment), Arc::clone(&seams.notices)));
    let inbox = common.listener.then_some(ear);
    let hub = Cloud { gateway: Arc::new(Gateway::new(profile, seams.clone())) };
    Ok(EcrHub::new(Arc::new(hub), common, seams, moment).at(address).hearing(inbox))
}

/// The gateway tells only that an order was taken: queries follow it (section 5.9).
const RHYTHM: Rhythm = Rhythm {
    tells_arrival: true,
    queries: &limits::QUERIES,
    queries_last: limits::QUERIES_LAST,
    overtime: limits::OVERTIME,
    after_loss: limits::SOON,
    after_wish: limits::SOON,
    last_queries: limits::LAST_QUERIES,
};

/// One terminal behind the gateway.
#[derive(Debug)]
struct Cloud {
    gateway: Arc<Gateway>,
}

impl Cloud {
    fn profile(&self) -> &Profile {
        &self.gateway.profile
    }

    fn push(profile: &Profile) -> Push<'_> {
        Push {
            store: &profile.store,
            terminal: &profile.terminal,
            application: &profile.application,
            notify: None,
        }
    }

    /// A request whose answer counts only where the gateway has signed it.
    async fn proven(&self, request: &Request) -> Result<Answer, Fault> {
        let reply = self.gateway.ask(request).await?;
        answer(reply)
    }
}

#[async_trait]
impl Hub for Cloud {
    fn session(&self) -> String {
        self.profile().session()
    }

    fn rhythm(&self) -> Rhythm {
        RHYTHM
    }

    async fn hello(&self) -> Result<Identity, Fault> {
        let number = self.gateway.reference().0;
        let reply = self.gateway.ask(&Request::query(&number)).await?;
        let said = unproven(&reply);
        let is_proven = reply.proof == Proof::Proven;
        let answer = read(reply);
        // A gateway that does not know the till's key may refuse it without signing that.
        match answer.to_nothing() {
            Err(fault) if fault.certainty == Certainty::Refused => {
                let hint = "see also that both keys and this computer's clock are right";
                return Err(Fault::refused(fault.reason, format!("{}; {hint}", fault.detail)));
            }
            Err(fault) => return Err(fault),
            Ok(()) if !is_proven => return Err(Fault::refused(Reason::LoginRefused, said)),
            Ok(()) => {}
        }
        let class = answer.code.as_ref().map(|code| code.class(&answer.words));
        if class != Some(Class::NotFound) {
            return Err(Fault::unknown(Reason::CannotTell, map::words(&answer)));
        }
        Ok(Identity {
            serial: Some(self.profile().terminal.clone()),
            software: Some("ECR Hub cloud".to_owned()),
            ..Identity::default()
        })
    }

    async fn order(&self, order: &Order) -> Result<Box<dyn Hearing>, Fault> {
        let gateway = Arc::clone(&self.gateway);
        let notify = gateway.notify_url();
        let push = Push { notify: notify.as_deref(), ..Self::push(&gateway.profile) };
        let request = Request::create(order, &push);
        let exchange = async move {
            match gateway.ask(&request).await {
                Ok(reply) => created(reply),
                Err(fault) if fault.certainty == Certainty::NotSent => Heard::Unsent(fault),
                Err(fault) => Heard::Lost(fault),
            }
        };
        Ok(Box::new(Posting { exchange: Some(Box::pin(exchange)) }))
    }

    async fn query(&self, number: &str) -> Result<Answer, Fault> {
        let answer = self.proven(&Request::query(number)).await?;
        complete(&answer)?;
        Ok(answer)
    }

    async fn close(&self, number: &str) -> Result<Answer, Fault> {
        self.proven(&Request::close(number, &Self::push(self.profile()))).await
    }

    async fn batch_close(&self) -> Result<Answer, Fault> {
        self.proven(&Request::batch_close(&self.profile().terminal)).await
    }
}

/// What a reply to an order says.
fn created(reply: Reply) -> Heard {
    let psn = reply.psn.as_deref().map(map::plain);
    tracing::info!(psn, code = reply.code.as_ref().map(|code| code.as_str()), "the gateway took the order");
    match answer(reply) {
        Ok(answer) if is_done(&answer) => Heard::Taken(Box::new(answer)),
        Ok(answer) => Heard::Refused(Box::new(answer)),
        Err(fault) => Heard::Lost(fault),
    }
}

/// The gateway's only word for success; others are the terminal's own, and nobody knows what they mean here.
fn is_done(answer: &Answer) -> bool {
    answer.code.as_ref().is_some_and(|code| code.as_str() == "0")
}

fn read(reply: Reply) -> Answer {
    Answer {
        code: reply.code,
        words: reply.words,
        record: reply.record,
        is_proven: reply.proof == Proof::Proven,
    }
}

/// A reply as an answer.
///
/// # Errors
/// Nobody knows who said it, or what.
fn answer(reply: Reply) -> Result<Answer, Fault> {
    let unreadable = |words: String| Err(Fault::unknown(Reason::AnswerUnreadable, words));
    if reply.proof != Proof::Proven {
        return unreadable(unproven(&reply));
    }
    if reply.is_broken {
        return unreadable("what the gateway tells of the order cannot be read".to_owned());
    }
    let answer = read(reply);
    let class = answer.code.as_ref().map(|code| code.class(&answer.words));
    if class == Some(Class::Success) && !is_done(&answer) {
        return unreadable(format!("the gateway answers with a terminal's code ({})", map::words(&answer)));
    }
    Ok(answer)
}

fn unproven(reply: &Reply) -> String {
    let code = reply.code.as_ref().map_or("", |code| code.as_str());
    let words = map::plain(&format!("{code} {}", reply.words));
    match reply.proof {
        Proof::Unsigned => format!("the gateway's reply is not signed ({words})"),
        Proof::Wrong | Proof::Proven => {
            format!("the reply is not signed by the gateway's key in the settings ({words})")
        }
    }
}

/// An order is told of by its number, and money by its amount and currency.
///
/// # Errors
/// Something is missing.
fn complete(answer: &Answer) -> Result<(), Fault> {
    let record = &answer.record;
    let missing = |what: &str| {
        let words = format!("the gateway tells of an order without its {what}");
        Err(Fault::unknown(Reason::Mismatch, words))
    };
    if !is_done(answer) {
        return Ok(());
    }
    match record {
        record if record.number.is_none() => missing("number"),
        record if record.shows_money() && record.amount.is_none() => missing("amount"),
        record if record.shows_money() && record.currency.is_none() => missing("currency"),
        _ => Ok(()),
    }
}

/// The order's way to the gateway and the reply to it.
struct Posting {
    exchange: Option<Pin<Box<dyn Future<Output = Heard> + Send>>>,
}

impl fmt::Debug for Posting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Posting").field("is_open", &self.exchange.is_some()).finish()
    }
}

#[async_trait]
impl Hearing for Posting {
    async fn next(&mut self) -> Heard {
        let Some(exchange) = &mut self.exchange else { return pending().await };
        let heard = exchange.await;
        self.exchange = None;
        heard
    }
}
