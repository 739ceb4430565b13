//! The network as it is: multicast DNS by a library, on a thread of its own that is started by the first use.

use super::{Announced, Nearby, Seen, Service};
use async_trait::async_trait;
use mdns_sd::{ServiceDaemon, ServiceEvent, ServiceInfo, TxtProperty};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::timeout;

/// See the module.
#[derive(Default)]
pub struct Multicast {
    daemon: Mutex<Option<ServiceDaemon>>,
}

impl std::fmt::Debug for Multicast {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Multicast")
    }
}

impl Multicast {
    fn daemon(&self) -> Result<ServiceDaemon, mdns_sd::Error> {
        let mut daemon = self.daemon.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(daemon) = &*daemon {
            return Ok(daemon.clone());
        }
        let started = ServiceDaemon::new()?;
        *daemon = Some(started.clone());
        Ok(started)
    }

    fn told(&self, service: &Service) -> Result<Told, mdns_sd::Error> {
        let daemon = self.daemon()?;
        let host = format!("{}.local.", service.instance.to_lowercase().replace([' ', '.'], "-"));
        let texts: Vec<_> = service.texts.iter().map(|text| TxtProperty::from(text.as_str())).collect();
        let info = ServiceInfo::new(service.kind, &service.instance, &host, "", service.port, texts)?;
        let info = info.enable_addr_auto();
        let name = info.get_fullname().to_owned();
        daemon.register(info)?;
        Ok(Told { daemon, name })
    }
}

/// Takes the service back when it is dropped.
struct Told {
    daemon: ServiceDaemon,
    name: String,
}

impl Drop for Told {
    fn drop(&mut self) {
        if let Err(error) = self.daemon.unregister(&self.name) {
            tracing::debug!(%error, "the network still knows of a service that has ended");
        }
    }
}

#[async_trait]
impl Nearby for Multicast {
    fn announce(&self, service: &Service) -> Result<Announced, String> {
        self.told(service).map(Announced::until).map_err(|error| error.to_string())
    }

    async fn look(&self, kind: &'static str, limit: Duration) -> Vec<Seen> {
        let mut seen = Vec::new();
        let found = self.daemon().and_then(|daemon| Ok((daemon.browse(kind)?, daemon)));
        let (events, daemon) = match found {
            Ok(found) => found,
            Err(error) => {
                tracing::info!(%error, "nobody can be looked for on the network");
                return seen;
            }
        };
        let looking = async {
            while let Ok(event) = events.recv_async().await {
                if let ServiceEvent::ServiceResolved(service) = event {
                    seen.extend(found_at(kind, &service));
                }
            }
        };
        // Whoever has not answered by then is not there.
        let _ = timeout(limit, looking).await;
        let _ = daemon.stop_browse(kind);
        seen
    }
}

/// One for each of its addresses.
fn found_at(kind: &str, service: &mdns_sd::ResolvedService) -> Vec<Seen> {
    let name = service.get_fullname();
    let instance = name.strip_suffix(kind).unwrap_or(name).trim_end_matches('.').to_owned();
    let text = |property: &TxtProperty| match property.val() {
        Some(value) => format!("{}={}", property.key(), String::from_utf8_lossy(value)),
        None => property.key().to_owned(),
    };
    let texts: Vec<String> = service.get_properties().iter().map(text).collect();
    let mut addresses: Vec<_> = service.get_addresses_v4().into_iter().collect();
    addresses.sort();
    let seen = |address: std::net::Ipv4Addr| Seen {
        instance: instance.clone(),
        host: address.to_string(),
        port: service.get_port(),
        texts: texts.clone(),
    };
    addresses.into_iter().map(seen).collect()
}
