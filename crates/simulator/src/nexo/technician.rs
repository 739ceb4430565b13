//! What happens at the terminal itself: switched off and on, updated, told to announce its address; and
//! what can be seen of it.
//!
//! Invariant: a restart ends every connection and the session, never an entry of the bank.

use std::net::SocketAddr;
use std::sync::Arc;

use serde::Serialize;
use wire::nexo::EventToNotify;
use wire::nexo::announcement::Announcement;

use super::core::Traced;
use super::matrix::Column;
use super::{NexoTerminal, Shared};

/// A terminal at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct State {
    /// `logged_out`, `idle`, `paying`, `enabled`, `cooling`, `maintenance` or `off`.
    pub phase: &'static str,
    /// Number of the terminal.
    pub number: String,
    /// POIID of the session.
    pub poi_id: Option<String>,
    /// SaleID of the session.
    pub sale_id: Option<String>,
    /// `default` or `light`.
    pub form: Option<&'static str>,
    /// Category and ServiceID of what is running.
    pub running: Option<String>,
    /// An update waits for a logout with maintenance allowed.
    pub update_waiting: bool,
    /// What the till did wrong, oldest first.
    pub complaints: Vec<String>,
}

impl NexoTerminal {
    /// What the terminal is doing.
    pub fn state(&self) -> State {
        let core = self.shared.core();
        let till = core.session.as_ref().map(|session| &session.till);
        let running = core.running.as_ref().map(|running| {
            let id = running.header.service_id.as_deref().unwrap_or_default();
            format!("{} {id}", running.header.category)
        });
        State {
            phase: if *self.shared.reachable.borrow() { phase(core.column()) } else { "off" },
            number: core.settings.number.clone(),
            poi_id: till.map(|till| till.poi_id.clone()),
            sale_id: till.map(|till| till.sale_id.clone()),
            form: till.map(|till| if till.is_default_form() { "default" } else { "light" }),
            running,
            update_waiting: core.update_waiting,
            complaints: core.complaints.iter().cloned().collect(),
        }
    }

    /// What the till did wrong so far, oldest first.
    pub fn complaints(&self) -> Vec<String> {
        self.shared.core().complaints.iter().cloned().collect()
    }

    /// Requests that were on their way for long, by ServiceID, with the milliseconds; oldest first, bounded.
    pub fn held(&self) -> Vec<(String, u64)> {
        self.shared.core().held.iter().cloned().collect()
    }

    /// Messages of both directions, oldest first; bounded.
    pub fn trace(&self) -> Vec<Traced> {
        self.shared.core().trace.iter().cloned().collect()
    }

    /// Switches off and on: connections and session are gone, what was decided is remembered.
    pub fn reboot(&self) {
        self.shared.restart(false);
    }

    /// Switches off and on, and forgets every finished answer. The bank keeps its entries.
    pub fn reboot_forgetting(&self) {
        self.shared.restart(true);
    }

    /// Pulls the plug: like a reboot, and nobody accepts connections until [`NexoTerminal::plug`].
    pub fn unplug(&self) {
        self.shared.restart(false);
        self.shared.core().unplugged = true;
        self.shared.refresh();
    }

    /// Puts the plug back.
    pub fn plug(&self) {
        self.shared.core().unplugged = false;
        self.shared.refresh();
    }

    /// Tells whether connections are accepted, and when that changes.
    pub fn reachable(&self) -> tokio::sync::watch::Receiver<bool> {
        self.shared.reachable.subscribe()
    }

    /// Changes with each restart.
    pub fn restarts(&self) -> tokio::sync::watch::Receiver<u64> {
        self.shared.restarts.subscribe()
    }

    /// Tells the till that updates wait; the next Logout with maintenance allowed starts them.
    pub async fn offer_update(&self) {
        let notice = {
            let mut core = self.shared.core();
            core.update_waiting = true;
            core.event(EventToNotify::SaleAdmin, "Update available", true, None)
        };
        self.shared.tell(notice.into_iter().collect()).await;
    }

    /// Updates now, whatever the till wants.
    pub async fn begin_maintenance(&self) {
        let notice = self.shared.core().begin_maintenance();
        self.shared.refresh();
        self.shared.tell(notice.into_iter().collect()).await;
    }

    /// Ends the update.
    pub async fn end_maintenance(&self) {
        let notice = self.shared.core().end_maintenance();
        self.shared.refresh();
        self.shared.tell(notice.into_iter().collect()).await;
    }

    /// Sends an event by its name, known or not. False when no till listens.
    pub async fn event(&self, name: &str) -> bool {
        let notice = self.shared.core().event(EventToNotify::from(name), "", false, None);
        let listens = notice.is_some();
        self.shared.tell(notice.into_iter().collect()).await;
        listens
    }

    /// Announces an address as the terminal's own, as the admin menu's *Save* does. False for an IPv6
    /// address, which the announcement cannot carry.
    pub async fn announce(&self, address: SocketAddr) -> bool {
        let SocketAddr::V4(address) = address else { return false };
        let announcement = Announcement { address: *address.ip(), port: address.port() };
        let message = self.shared.core().announcement(&announcement);
        self.shared.tell(vec![message]).await;
        true
    }
}

impl Shared {
    pub(super) fn restart(self: &Arc<Self>, forgets: bool) {
        {
            let mut core = self.core();
            core.drop_running(false);
            core.session = None;
            core.last_till = None;
            core.enabled = None;
            core.read_card = None;
            core.busy_until = None;
            core.maintenance = false;
            if forgets {
                let number = core.settings.number.clone();
                core.bank.notebook(&number, |notebook| notebook.pages.clear());
            }
        }
        self.refresh();
        self.restarts.send_modify(|count| *count += 1);
    }

    /// Whether anybody accepts connections follows from plug and maintenance.
    pub(super) fn refresh(&self) {
        let there = {
            let core = self.core();
            !(core.unplugged || core.maintenance && core.settings.maintenance_refuses)
        };
        self.reachable.send_if_modified(|before| std::mem::replace(before, there) != there);
    }

    /// Lets a maintenance end by itself.
    pub(super) async fn sit_out_maintenance(&self) {
        self.refresh();
        let ms = {
            let core = self.core();
            if !core.maintenance {
                return;
            }
            core.settings.maintenance_ms
        };
        super::pass(ms).await;
        let notice = self.core().end_maintenance();
        self.refresh();
        self.tell(notice.into_iter().collect()).await;
    }
}

fn phase(column: Column) -> &'static str {
    match column {
        Column::LoggedOut => "logged_out",
        Column::Idle => "idle",
        Column::Paying => "paying",
        Column::Enabled => "enabled",
        Column::Cooling => "cooling",
        Column::Maintenance => "maintenance",
    }
}
