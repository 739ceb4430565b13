//! `secret set`: keeps a token or key where settings, logs and journal do not show it.

use anyhow::Context;
use std::io::{IsTerminal, Read};
use till::secrets;

use super::Call;
use crate::cli::Secret;
use crate::exit::Exit;
use crate::lines::Line;
use crate::{fields, limits};

/// Longest name of a secret.
const LONGEST_NAME: usize = 64;

/// Reads a secret from standard input and keeps it.
///
/// # Errors
/// The name or the value cannot be used, or the folder cannot be written to.
pub fn secret(call: &Call, secret: Secret) -> anyhow::Result<Exit> {
    let Secret::Set { name } = secret;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(is_plain) {
        Err(fields::wrong("name", "must be letters, digits, - _ and ., at most 64"))?;
    }
    if std::io::stdin().is_terminal() {
        call.out.say("Type the secret, then Enter and Ctrl-D.");
    }
    let mut value = String::new();
    std::io::stdin()
        .lock()
        .take(limits::SECRET_BYTES + 1)
        .read_to_string(&mut value)
        .context("The secret cannot be read; it must be text")?;
    let value =
        value.strip_suffix('\n').map(|text| text.strip_suffix('\r').unwrap_or(text)).unwrap_or(&value);
    if value.is_empty() {
        Err(fields::wrong("value", "is empty; write it to standard input"))?;
    }
    if u64::try_from(value.len()).is_ok_and(|length| length > limits::SECRET_BYTES) {
        Err(fields::wrong("value", "is too long for a secret"))?;
    }
    let _lock = till::FolderLock::take(&call.folder)?;
    secrets::of(&call.folder).set(&name, &value.to_owned().into())?;
    call.out.result(&format!("The secret {name} is kept. Settings name it as \"secret:{name}\"."));
    call.out.line(&Line::Secret { name });
    Ok(Exit::Done)
}
