//! The till's settings on a disk of the test's own: they stay when the till goes, and the power can fail just
//! after they were written.

use crate::desk::{HOST_SECRETS, HUB_SECRET, SECRET, TOKEN};
use secrecy::SecretString;
use simulator::ecrhub::HUB_KEYS;
use simulator::kayaaku::TILL_KEYS;
use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use till::api::{Problem, ProblemCode};
use till::secrets::{Kept, SecretStore};
use till::settings::SettingsFile;
use tokio::sync::oneshot;

/// See the module. Clones share it.
#[derive(Clone, Debug)]
pub struct TextFile {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    text: String,
    hold: Option<(oneshot::Sender<()>, Receiver<()>)>,
    refuses: bool,
}

/// Whoever keeps a text is held until this is dropped.
#[derive(Debug)]
pub struct Held {
    /// The text is kept, and the writer waits.
    pub kept: oneshot::Receiver<()>,
    _go: Sender<()>,
}

impl TextFile {
    /// A file with this text.
    pub fn of(text: String) -> Self {
        Self { inner: Arc::new(Mutex::new(Inner { text, hold: None, refuses: false })) }
    }
    /// Somebody edits it by hand.
    pub fn put(&self, text: String) {
        self.inner.lock().unwrap().text = text;
    }
    /// Its disk is full for the next writer.
    pub fn refuse_next(&self) {
        self.inner.lock().unwrap().refuses = true;
    }
    /// Holds the next writer once the text is there.
    pub fn hold_next(&self) -> Held {
        let (told, kept) = oneshot::channel();
        let (go, gone) = channel();
        self.inner.lock().unwrap().hold = Some((told, gone));
        Held { kept, _go: go }
    }
}

impl SettingsFile for TextFile {
    fn text(&self) -> Result<String, Problem> {
        Ok(self.inner.lock().unwrap().text.clone())
    }
    fn keep(&self, text: &str) -> Result<(), Problem> {
        let hold = {
            let mut inner = self.inner.lock().unwrap();
            if std::mem::take(&mut inner.refuses) {
                return Err(Problem::new(ProblemCode::DiskFull));
            }
            text.clone_into(&mut inner.text);
            inner.hold.take()
        };
        if let Some((told, gone)) = hold {
            let _ = told.send(());
            // Ends when the test lets go: nothing is ever sent.
            let _ = gone.recv();
        }
        Ok(())
    }
    fn name(&self) -> String {
        "settings.toml".to_owned()
    }
}

/// The till's secrets in memory: they stay when the till goes, too.
#[derive(Clone, Debug)]
pub struct Secrets {
    kept: Arc<Mutex<BTreeMap<String, SecretString>>>,
}

impl Default for Secrets {
    fn default() -> Self {
        let token = (SECRET.to_owned(), SecretString::from(TOKEN));
        let hub = (HUB_SECRET.to_owned(), SecretString::from(HUB_KEYS.till));
        let keys = [TILL_KEYS.rsa, TILL_KEYS.ec, TILL_KEYS.reader].map(SecretString::from);
        let named = HOST_SECRETS.map(str::to_owned).into_iter().zip(keys);
        Self { kept: Arc::new(Mutex::new(named.chain([token, hub]).collect())) }
    }
}

impl SecretStore for Secrets {
    fn get(&self, name: &str) -> Result<Option<SecretString>, Problem> {
        Ok(self.kept.lock().unwrap().get(name).cloned())
    }
    fn set(&self, name: &str, secret: &SecretString) -> Result<(), Problem> {
        self.kept.lock().unwrap().insert(name.to_owned(), secret.clone());
        Ok(())
    }
    fn kept(&self) -> Kept {
        Kept::File
    }
}
