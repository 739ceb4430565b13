//! The search for a paired terminal that is not where it was.
//!
//! Dossier section 3.5. Anybody on the network can answer in its name: what is found is proposed to a person,
//! and nothing is sent there before that.

use super::profile::Profile;
use crate::limits::ecrhub_pairing as limits;
use crate::nearby::{Nearby, Seen};
use crate::notice::{Notice, Notices};
use crate::seams::{Ambient, Seams};
use std::sync::Arc;
use std::time::Duration;
use wire::ecrhub::pairing::{Listed, TERMINALS};

/// See the module.
pub(super) struct Search {
    /// What it is known by.
    known: Vec<String>,
    /// Where it was.
    url: String,
    nearby: Arc<dyn Nearby>,
    notices: Arc<dyn Notices>,
    ambient: Arc<dyn Ambient>,
    last: Option<Duration>,
}

impl Search {
    /// For a terminal that was paired; others are where the settings say.
    pub fn of(profile: &Profile, seams: &Seams) -> Option<Self> {
        let paired = profile.paired.clone()?;
        Some(Self {
            known: [Some(paired), profile.common.terminal.clone()].into_iter().flatten().collect(),
            url: profile.url(seams),
            nearby: Arc::clone(&seams.nearby),
            notices: Arc::clone(&seams.notices),
            ambient: Arc::clone(&seams.ambient),
            last: None,
        })
    }

    /// Looks for it, where nobody did a moment ago. Returns at once.
    pub fn begin(&mut self) {
        let now = self.ambient.mono();
        if self.last.is_some_and(|last| now.saturating_sub(last) < limits::SEARCH_AGAIN) {
            return;
        }
        self.last = Some(now);
        let (nearby, notices) = (Arc::clone(&self.nearby), Arc::clone(&self.notices));
        let (known, url) = (self.known.clone(), self.url.clone());
        tokio::spawn(async move {
            let seen = nearby.look(TERMINALS, limits::SEARCH).await;
            if let Some(found) = place(&known, &url, seen) {
                notices.notice(Notice::AddressAnnounced(found));
            }
        });
    }
}

/// Where it is, if it is at one other place and nobody else goes by its name.
fn place(known: &[String], url: &str, seen: Vec<Seen>) -> Option<String> {
    let listed =
        seen.into_iter().map(|Seen { instance, host, port, texts }| Listed { instance, host, port, texts });
    let its: Vec<Listed> = listed.filter(|one| known.iter().any(|name| one.is(name))).collect();
    let mut places: Vec<String> =
        its.iter().map(|one| format!("ws://{}:{}/", one.host, one.port)).collect();
    places.sort();
    places.dedup();
    match places.as_slice() {
        [one] if one != url => Some(one.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::place;
    use crate::nearby::Seen;

    fn seen(instance: &str, host: &str) -> Seen {
        Seen { instance: instance.to_owned(), host: host.to_owned(), port: 35_779, texts: Vec::new() }
    }

    #[test]
    fn a_terminal_at_one_other_place_is_found_and_two_of_a_name_are_not() {
        let known = ["A1B2".to_owned(), "TESTSN1".to_owned()];
        let url = "ws://10.0.0.1:35779/";
        let found = |list: Vec<Seen>| place(&known, url, list);
        let there = "ws://10.0.0.9:35779/".to_owned();
        assert_eq!(
            found(vec![seen("A1B2_1", "10.0.0.9"), seen("C3D4_1", "10.0.0.7")]),
            Some(there.clone())
        );
        assert_eq!(found(vec![seen("TESTSN1_1", "10.0.0.9"), seen("A1B2_7", "10.0.0.9")]), Some(there));
        assert_eq!(found(vec![seen("A1B2_1", "10.0.0.9"), seen("A1B2_2", "10.0.0.8")]), None);
        assert_eq!(found(vec![seen("A1B2_1", "10.0.0.1")]), None, "it is where it was");
        assert_eq!(found(vec![seen("C3D4_1", "10.0.0.9")]), None);
        assert_eq!(found(Vec::new()), None);
    }
}
