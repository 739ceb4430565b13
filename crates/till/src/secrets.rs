//! Secrets (tokens, keys): one [`SecretStore`] shared by every program. Never in settings, logs, journal
//! or case files.

use crate::api::{Problem, ProblemCode};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[cfg(feature = "keyring")]
mod keyring;
#[cfg(feature = "keyring")]
pub use keyring::KeyringSecrets;

/// The secrets of this data folder: in the system's keyring where this program knows it and there is one,
/// otherwise in the folder's own file.
pub fn of(folder: &Path) -> Arc<dyn SecretStore> {
    #[cfg(feature = "keyring")]
    return Arc::new(KeyringSecrets::open(folder));
    #[cfg(not(feature = "keyring"))]
    return Arc::new(FileSecrets::new(folder));
}

/// Where secrets are kept.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// In a file that only its owner can read.
    #[default]
    File,
    /// In the system's keyring.
    Keyring,
}

/// Keeps secrets by name.
pub trait SecretStore: Send + Sync + Debug {
    /// The secret of this name.
    fn get(&self, name: &str) -> Result<Option<SecretString>, Problem>;
    /// Keeps a secret under this name.
    fn set(&self, name: &str, secret: &SecretString) -> Result<(), Problem>;
    /// Where it keeps them. Answers at once.
    fn kept(&self) -> Kept;
}

/// `secrets.toml` in the data folder, readable by its owner only; used where there is no keyring.
#[derive(Clone, Debug)]
pub struct FileSecrets {
    path: PathBuf,
}

impl FileSecrets {
    /// The file of this data folder; it need not exist.
    pub fn new(folder: &Path) -> Self {
        Self { path: folder.join("secrets.toml") }
    }
    fn read(&self) -> Result<toml::Table, Problem> {
        match std::fs::read_to_string(&self.path) {
            Ok(text) => text.parse().map_err(|_| self.problem("is not valid TOML")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(toml::Table::new()),
            Err(error) => Err(self.problem("cannot be read").with("detail", error)),
        }
    }
    /// Takes this secret out.
    #[cfg(feature = "keyring")]
    fn forget(&self, name: &str) -> Result<(), Problem> {
        let mut table = self.read()?;
        if table.remove(name).is_none() {
            return Ok(());
        }
        let written = self.write(&table.to_string());
        written.map_err(|error| self.problem("cannot be written").with("detail", error))
    }
    fn problem(&self, what: &str) -> Problem {
        Problem::new(ProblemCode::SettingsWrong).with("file", self.path.display()).with("what", what)
    }
    fn write(&self, text: &str) -> std::io::Result<()> {
        let fresh = self.path.with_extension("new");
        let mut file = owner_only().open(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&fresh, &self.path)
    }
}

#[cfg(unix)]
fn owner_only() -> std::fs::OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options
}

#[cfg(not(unix))]
fn owner_only() -> std::fs::OpenOptions {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    options
}

impl SecretStore for FileSecrets {
    fn get(&self, name: &str) -> Result<Option<SecretString>, Problem> {
        let table = self.read()?;
        Ok(table.get(name).and_then(toml::Value::as_str).map(SecretString::from))
    }
    fn set(&self, name: &str, secret: &SecretString) -> Result<(), Problem> {
        let mut table = self.read()?;
        table.insert(name.to_owned(), toml::Value::String(secret.expose_secret().to_owned()));
        let written = self.write(&table.to_string());
        written.map_err(|error| self.problem("cannot be written").with("detail", error))
    }
    fn kept(&self) -> Kept {
        Kept::File
    }
}

/// Secrets of which some are typed and not kept yet.
#[derive(Debug)]
pub(crate) struct Typed {
    /// By name.
    pub typed: BTreeMap<String, SecretString>,
    /// All others.
    pub kept: Arc<dyn SecretStore>,
}

impl SecretStore for Typed {
    fn get(&self, name: &str) -> Result<Option<SecretString>, Problem> {
        self.typed.get(name).map_or_else(|| self.kept.get(name), |secret| Ok(Some(secret.clone())))
    }
    fn set(&self, name: &str, secret: &SecretString) -> Result<(), Problem> {
        self.kept.set(name, secret)
    }
    fn kept(&self) -> Kept {
        self.kept.kept()
    }
}

/// The settings of a driver with every `secret:NAME` replaced. A missing secret is named, never its value.
pub fn resolve(settings: &toml::Table, secrets: &dyn SecretStore) -> Result<toml::Table, Problem> {
    let mut resolved = toml::Table::new();
    for (key, value) in settings {
        let name = value.as_str().and_then(|text| text.strip_prefix("secret:"));
        let value = match name {
            None => value.clone(),
            Some(name) => {
                let missing = || {
                    Problem::new(ProblemCode::SettingsWrong).with("key", key).with("what", not_set(name))
                };
                let secret = secrets.get(name)?.ok_or_else(missing)?;
                toml::Value::String(secret.expose_secret().to_owned())
            }
        };
        resolved.insert(key.clone(), value);
    }
    Ok(resolved)
}

fn not_set(name: &str) -> String {
    format!("names the secret {name}, which is not set: keep it with `paydeskctl secret set {name}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_kept_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = FileSecrets::new(folder.path());
        assert!(secrets.get("token").unwrap().is_none());
        secrets.set("token", &SecretString::from("s3cret".to_owned())).unwrap();
        assert_eq!(secrets.get("token").unwrap().unwrap().expose_secret(), "s3cret");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.path().join("secrets.toml")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let settings: toml::Table = "token = \"secret:token\"\nother = 1".parse().unwrap();
        assert_eq!(resolve(&settings, &secrets).unwrap()["token"].as_str(), Some("s3cret"));
        let settings: toml::Table = "token = \"secret:absent\"".parse().unwrap();
        let problem = resolve(&settings, &secrets).unwrap_err();
        assert!(problem.parameter("what").contains("absent"));
    }
}
