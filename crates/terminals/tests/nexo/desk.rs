//! The till's side of the stage, in virtual time: a desk that writes down everything and answers as
//! scripted, and the notices.

use super::stage::Log;
use async_trait::async_trait;
use domain::ids::Reference;
use domain::operation::Step;
use domain::outcome::Evidence;
use domain::prompt::{Answer, Question};
use domain::receipt::Receipt;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use terminals::desk::{Desk, Display, NotDurable, NotPrinted, SessionMark};
use terminals::notice::{Notice, Notices};
use tokio::sync::Notify;
use tokio::time::sleep;

/// A desk that writes down everything.
#[derive(Debug)]
pub struct Counter {
    pub log: Log,
    made: AtomicU64,
    /// Names of calls that fail from now on.
    pub broken: Mutex<Vec<&'static str>>,
    pub answers: Mutex<VecDeque<(Duration, Answer)>>,
    pub prints: Mutex<VecDeque<(Duration, Result<(), NotPrinted>)>>,
    withdrawn: Notify,
}

impl Counter {
    pub fn new(log: Log) -> Self {
        Self {
            log,
            made: AtomicU64::new(0),
            broken: Mutex::default(),
            answers: Mutex::default(),
            prints: Mutex::default(),
            withdrawn: Notify::new(),
        }
    }
    fn check(&self, call: &'static str) -> Result<(), NotDurable> {
        if self.broken.lock().unwrap().contains(&call) { Err(NotDurable) } else { Ok(()) }
    }
}

#[async_trait]
impl Desk for Counter {
    async fn reserve(&self, step: Step, session: Option<&str>) -> Result<Reference, NotDurable> {
        tokio::task::yield_now().await;
        self.check("reserve")?;
        let reference = format!("{}", 2_104_000_001 + self.made.fetch_add(1, Ordering::SeqCst));
        let session = if session.is_some() { "in session" } else { "without session" };
        self.log.write(format!("reserve {step:?} {reference} {session}"));
        Ok(Reference(reference))
    }
    async fn not_started(&self, reference: &Reference) -> Result<(), NotDurable> {
        self.check("not_started")?;
        self.log.write(format!("not_started {reference}"));
        Ok(())
    }
    async fn note(&self, _evidence: Evidence) -> Result<(), NotDurable> {
        Ok(())
    }
    async fn session(&self, mark: SessionMark) -> Result<(), NotDurable> {
        let (call, line) = match &mark {
            SessionMark::Opening => ("opening", "session opening"),
            SessionMark::Opened(_) => ("opened", "session opened"),
            SessionMark::Lost => ("lost", "session lost"),
        };
        self.check(call)?;
        self.log.write(line);
        Ok(())
    }
    fn show(&self, display: Display) {
        match display {
            Display::Text { text, fleeting: false } => self.log.write(format!("show {text}")),
            Display::Text { text, fleeting: true } => self.log.write(format!("flash {text}")),
            Display::Code { .. } => panic!("nexo shows no codes"),
        }
    }
    async fn print(&self, slip: Receipt) -> Result<(), NotPrinted> {
        let sign = if slip.to_sign { " to sign" } else { "" };
        self.log.write(format!("print {}{sign}", slip.copy.code()));
        let (after, result) = self.prints.lock().unwrap().pop_front().unwrap_or((Duration::ZERO, Ok(())));
        sleep(after).await;
        self.log.write("printed");
        result
    }
    async fn ask(&self, question: Question, text: String, limit: Option<Duration>) -> Answer {
        let limit = limit.map(|limit| format!(" within {} s", limit.as_secs())).unwrap_or_default();
        self.log.write(format!("ask {}: {text}{limit}", question.code()));
        let next = self.answers.lock().unwrap().pop_front();
        let thinking = async {
            match next {
                Some((after, answer)) => {
                    sleep(after).await;
                    answer
                }
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            answer = thinking => answer,
            () = self.withdrawn.notified() => Answer::NoDialogue,
        }
    }
    async fn withdraw(&self) {
        self.log.write("withdraw");
        self.withdrawn.notify_waiters();
    }
}

#[derive(Debug)]
pub struct Till {
    pub notices: Mutex<Vec<Notice>>,
}

impl Notices for Till {
    fn notice(&self, notice: Notice) {
        self.notices.lock().unwrap().push(notice);
    }
}
