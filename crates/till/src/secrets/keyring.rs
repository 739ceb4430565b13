//! Secrets in the system's keyring, with the owner-only file where there is none or where it does not answer.
//!
//! A keyring may be absent, locked, or wait for a person who is not there. Everything asked of it is asked by
//! a thread of its own and waited for within a limit, and what was read once is kept in memory.
//!
//! Invariant: a secret is in one place. What is in the file counts before the keyring, because it is there
//! only when the keyring did not take it.

use super::{FileSecrets, Kept, SecretStore};
use crate::api::{Problem, ProblemCode};
use crate::limits;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Whose secrets these are, as the system's own programs show them.
const SERVICE: &str = "paydesk";

/// What keeps secrets outside the data folder. Calls may take as long as they like.
pub(super) trait Vault {
    /// The secret of this name.
    fn get(&self, name: &str) -> Result<Option<SecretString>, Refused>;
    /// Keeps it.
    fn set(&self, name: &str, secret: &SecretString) -> Result<(), Refused>;
}

/// The keyring did not do it; why is its own affair and may hold names, so it is not handed on.
#[derive(Debug)]
pub(super) struct Refused;

/// The keyring over the file.
#[derive(Debug)]
pub struct KeyringSecrets {
    file: FileSecrets,
    line: Option<SyncSender<Wish>>,
    limit: Duration,
    /// The keyring has let a secret down: from then on the file is told of, too.
    failed: AtomicBool,
    known: Mutex<BTreeMap<String, SecretString>>,
}

#[derive(Debug)]
enum Wish {
    Get(String, SyncSender<Result<Option<SecretString>, Refused>>),
    Set(String, SecretString, SyncSender<Result<(), Refused>>),
}

impl KeyringSecrets {
    /// Of this data folder. Waits for the keyring at most [`limits::KEYRING`].
    pub fn open(folder: &Path) -> Self {
        let place = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let place = place.display().to_string();
        Self::over(FileSecrets::new(folder), limits::KEYRING, move || System::open(place))
    }

    fn over<V: Vault>(
        file: FileSecrets,
        limit: Duration,
        vault: impl FnOnce() -> Result<V, Refused> + Send + 'static,
    ) -> Self {
        let (wish, wishes) = sync_channel(limits::KEYRING_WISHES);
        let (tell, told) = sync_channel(1);
        let thread = std::thread::Builder::new().name("keyring".to_owned()).spawn(move || {
            let vault = vault();
            // Nobody waits any more once the limit has passed.
            let _ = tell.send(vault.is_ok());
            if let Ok(vault) = vault {
                serve(&vault, &wishes);
            }
        });
        let there = thread.is_ok() && told.recv_timeout(limit) == Ok(true);
        let line = there.then_some(wish);
        Self { file, line, limit, failed: AtomicBool::new(false), known: Mutex::default() }
    }

    fn ask<T>(&self, wish: impl FnOnce(SyncSender<Result<T, Refused>>) -> Wish) -> Result<T, Refused> {
        let line = self.line.as_ref().ok_or(Refused)?;
        let (answer, answered) = sync_channel(1);
        let sent = line.try_send(wish(answer));
        let told = match sent {
            Ok(()) => answered.recv_timeout(self.limit),
            Err(TrySendError::Full(_)) => Err(RecvTimeoutError::Timeout),
            Err(TrySendError::Disconnected(_)) => Err(RecvTimeoutError::Disconnected),
        };
        told.unwrap_or(Err(Refused)).inspect_err(|_| self.failed.store(true, Ordering::Relaxed))
    }

    fn remember(&self, name: &str, secret: &SecretString) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(name.to_owned(), secret.clone());
    }
}

fn serve(vault: &impl Vault, wishes: &Receiver<Wish>) {
    while let Ok(wish) = wishes.recv() {
        // Who asked may have stopped waiting.
        let _ = match wish {
            Wish::Get(name, answer) => answer.try_send(vault.get(&name)).is_ok(),
            Wish::Set(name, secret, answer) => answer.try_send(vault.set(&name, &secret)).is_ok(),
        };
    }
}

impl SecretStore for KeyringSecrets {
    fn get(&self, name: &str) -> Result<Option<SecretString>, Problem> {
        if let Some(secret) = self.file.get(name)? {
            return Ok(Some(secret));
        }
        if self.line.is_none() {
            return Ok(None);
        }
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let found = self.ask(|answer| Wish::Get(name.to_owned(), answer)).map_err(|Refused| {
            let what = format!("the system's keyring did not give out the secret {name}; unlock it");
            Problem::new(ProblemCode::SettingsWrong).with("key", name).with("what", what)
        })?;
        found.iter().for_each(|secret| self.remember(name, secret));
        Ok(found)
    }
    fn set(&self, name: &str, secret: &SecretString) -> Result<(), Problem> {
        let wish = |answer| Wish::Set(name.to_owned(), secret.clone(), answer);
        if self.ask(wish).is_err() {
            return self.file.set(name, secret);
        }
        self.remember(name, secret);
        self.file.forget(name)
    }
    fn kept(&self) -> Kept {
        let sound = self.line.is_some() && !self.failed.load(Ordering::Relaxed);
        if sound { Kept::Keyring } else { Kept::File }
    }
}

/// The system's own keyring.
struct System {
    place: String,
}

impl System {
    fn open(place: String) -> Result<Self, Refused> {
        match keyring::Entry::store_status() {
            Ok(()) => Ok(Self { place }),
            Err(_) => Err(Refused),
        }
    }
    /// Two tills of one user have secrets of the same names.
    fn entry(&self, name: &str) -> Result<keyring::Entry, Refused> {
        keyring::Entry::new(SERVICE, &format!("{name} of {}", self.place)).map_err(|_| Refused)
    }
}

impl Vault for System {
    fn get(&self, name: &str) -> Result<Option<SecretString>, Refused> {
        match self.entry(name)?.get_password() {
            Ok(secret) => Ok(Some(secret.into())),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(_) => Err(Refused),
        }
    }
    fn set(&self, name: &str, secret: &SecretString) -> Result<(), Refused> {
        self.entry(name)?.set_password(secret.expose_secret()).map_err(|_| Refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// A keyring in memory; locked it refuses, and without an end it never answers.
    #[derive(Clone, Default)]
    struct Memory {
        secrets: Arc<Mutex<BTreeMap<String, SecretString>>>,
        locked: Arc<AtomicBool>,
    }

    impl Vault for Memory {
        fn get(&self, name: &str) -> Result<Option<SecretString>, Refused> {
            if self.locked.load(Ordering::Relaxed) {
                return Err(Refused);
            }
            Ok(self.secrets.lock().unwrap().get(name).cloned())
        }
        fn set(&self, name: &str, secret: &SecretString) -> Result<(), Refused> {
            if self.locked.load(Ordering::Relaxed) {
                return Err(Refused);
            }
            self.secrets.lock().unwrap().insert(name.to_owned(), secret.clone());
            Ok(())
        }
    }

    const LIMIT: Duration = Duration::from_secs(20);

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }
    fn read(store: &impl SecretStore, name: &str) -> Option<String> {
        store.get(name).unwrap().map(|secret| secret.expose_secret().to_owned())
    }

    #[test]
    fn a_secret_goes_to_the_keyring_and_leaves_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = FileSecrets::new(folder.path());
        file.set("token", &secret("old")).unwrap();
        let memory = Memory::default();
        let vault = memory.clone();
        let store = KeyringSecrets::over(file.clone(), LIMIT, move || Ok(vault));
        assert_eq!(read(&store, "token").as_deref(), Some("old"), "what is in the file counts");
        store.set("token", &secret("new")).unwrap();
        assert_eq!((read(&store, "token").as_deref(), store.kept()), (Some("new"), Kept::Keyring));
        assert!(file.get("token").unwrap().is_none());
        let vault = memory.clone();
        let again = KeyringSecrets::over(file, LIMIT, move || Ok(vault));
        assert_eq!(read(&again, "token").as_deref(), Some("new"));
        assert_eq!(read(&again, "absent"), None);
    }

    #[test]
    fn a_locked_keyring_leaves_the_secret_in_the_file_and_it_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::default();
        let vault = memory.clone();
        let store = KeyringSecrets::over(FileSecrets::new(folder.path()), LIMIT, move || Ok(vault));
        store.set("token", &secret("first")).unwrap();
        memory.locked.store(true, Ordering::Relaxed);
        assert_eq!(read(&store, "token").as_deref(), Some("first"), "it was read once");
        store.set("token", &secret("second")).unwrap();
        assert_eq!((read(&store, "token").as_deref(), store.kept()), (Some("second"), Kept::File));
        memory.locked.store(false, Ordering::Relaxed);
        let vault = memory.clone();
        let again = KeyringSecrets::over(FileSecrets::new(folder.path()), LIMIT, move || Ok(vault));
        assert_eq!(
            read(&again, "token").as_deref(),
            Some("second"),
            "the older one in the keyring is not it"
        );
    }

    #[test]
    fn a_locked_keyring_is_not_taken_for_an_absent_secret() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::default();
        memory.locked.store(true, Ordering::Relaxed);
        let store = KeyringSecrets::over(FileSecrets::new(folder.path()), LIMIT, move || Ok(memory));
        let problem = store.get("token").unwrap_err();
        assert!(problem.parameter("what").contains("unlock"));
    }

    #[test]
    fn without_a_keyring_there_is_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = FileSecrets::new(folder.path());
        let store = KeyringSecrets::over::<Memory>(file.clone(), LIMIT, || Err(Refused));
        store.set("token", &secret("s3cret")).unwrap();
        assert_eq!((read(&store, "token").as_deref(), store.kept()), (Some("s3cret"), Kept::File));
        assert_eq!(read(&file, "token").as_deref(), Some("s3cret"));
    }

    #[test]
    fn a_keyring_that_never_opens_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let (end, ended) = sync_channel::<()>(1);
        let store = KeyringSecrets::over::<Memory>(
            FileSecrets::new(folder.path()),
            Duration::from_millis(1),
            move || {
                let _ = ended.recv();
                Err(Refused)
            },
        );
        assert_eq!(store.kept(), Kept::File);
        drop(end);
    }
}
