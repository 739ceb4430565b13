//! What the codec promises: the dossier's vectors, every spelling of a reply, and hostile bytes.

mod hostile;
mod replies;
mod vectors;

use super::*;

/// The token of the dossier's worked vectors.
pub const TOKEN: &str = "till-demo-token-0001";

pub fn who() -> Credentials {
    Credentials {
        merchant_no: "900001".to_owned(),
        store_no: "800002".to_owned(),
        store_admin_no: None,
        token: TOKEN.to_owned(),
    }
}

pub fn fields(text: &str) -> Fields {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    };
    // Values may hold `&`: a pair begins where a name of letters and `=` does.
    let mut pairs: Vec<String> = Vec::new();
    for part in text.split('&') {
        let begins = part
            .split_once('=')
            .is_some_and(|(name, _)| name.len() > 1 && name.chars().all(|c| c.is_ascii_alphabetic()));
        match pairs.last_mut() {
            Some(last) if !begins => {
                last.push('&');
                last.push_str(part);
            }
            Some(_) | None => pairs.push(part.to_owned()),
        }
    }
    pairs.iter().map(|text| pair(text)).collect()
}
