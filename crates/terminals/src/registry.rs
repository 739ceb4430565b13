//! The drivers by name: the one place that a new driver is added to beside its own files.

use crate::form::{Field, FieldKind, ProfileError};
use crate::pairing::{Opened, Opening};
use crate::{Seams, Terminal, ecrhub, kayaaku, nexo, pockyt, training};
use std::sync::Arc;
use toml::Table;

/// One kind of driver.
#[derive(Clone, Copy, Debug)]
pub struct Driver {
    /// Its name in the settings.
    pub name: &'static str,
    /// What an installer reads.
    pub title: &'static str,
    /// The form that edits its settings.
    pub form: &'static [Field],
    /// No real money.
    pub practice_only: bool,
    check: fn(&Table) -> Result<Profiled, ProfileError>,
    /// Its terminals can introduce themselves: opens the room for that.
    pub pairing: Option<fn(Opening) -> Opened>,
}

/// What a checked profile says before a driver is made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profiled {
    /// The terminal calls the till.
    pub needs_listener: bool,
    /// It is reached on this machine only: allowed in a practice folder.
    pub loopback: bool,
    /// What no two terminals may share, for example address and identity.
    pub identity: String,
    /// What a login tells the terminal: with another value it is another session. It stays as it is while a
    /// payment is open there, which is found again by it.
    pub login: String,
}

/// Every driver there is.
pub const DRIVERS: &[Driver] = &[
    Driver {
        name: "training",
        title: "Training terminal (no real money)",
        form: training::profile::FORM,
        practice_only: true,
        check: training::profile::check,
        pairing: None,
    },
    Driver {
        name: "nexo",
        title: "nexo Retailer terminal (Swedbank Pay)",
        form: nexo::profile::FORM,
        practice_only: false,
        check: nexo::profile::check,
        pairing: None,
    },
    Driver {
        name: "pockyt",
        title: "Pockyt wallet gateway (Alipay, WeChat Pay, UnionPay)",
        form: pockyt::profile::FORM,
        practice_only: false,
        check: pockyt::profile::check,
        pairing: None,
    },
    Driver {
        name: "kayaaku-http",
        title: "Kayaaku POS terminal over its host (cards, DuitNow, Alipay+)",
        form: kayaaku::profile::FORM,
        practice_only: false,
        check: kayaaku::profile::check,
        pairing: None,
    },
    Driver {
        name: "kayaaku-serial",
        title: "Kayaaku POS terminal on a cable (cards, DuitNow, Alipay+)",
        form: kayaaku::serial::profile::FORM,
        practice_only: false,
        check: kayaaku::serial::profile::check,
        pairing: None,
    },
    Driver {
        name: "ecrhub-wlan",
        title: "Sadad terminal (WiseCashier) on the local network",
        form: ecrhub::wlan::profile::FORM,
        practice_only: false,
        check: ecrhub::wlan::profile::check,
        pairing: Some(ecrhub::wlan::pairing::open),
    },
    Driver {
        name: "ecrhub-usb",
        title: "Sadad terminal (WiseCashier) on a USB cable (experimental)",
        form: ecrhub::usb::profile::FORM,
        practice_only: false,
        check: ecrhub::usb::profile::check,
        pairing: None,
    },
    Driver {
        name: "ecrhub-cloud",
        title: "Sadad terminal (WiseCashier) over the operator's cloud",
        form: ecrhub::cloud::profile::FORM,
        practice_only: false,
        check: ecrhub::cloud::profile::check,
        pairing: None,
    },
];

impl Driver {
    /// The driver of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        DRIVERS.iter().find(|driver| driver.name == name)
    }
    /// Its settings name a service on the internet, no device in the shop.
    pub fn is_service(&self) -> bool {
        self.form.iter().any(|field| field.kind == FieldKind::SecureUrl)
    }
    /// Checks settings without making a driver.
    pub fn check(&self, settings: &Table) -> Result<Profiled, ProfileError> {
        (self.check)(settings)
    }
}

/// Makes a driver. An unknown name is an error at the key `driver`.
pub fn make(driver: &str, settings: &Table, seams: Seams) -> Result<Arc<dyn Terminal>, ProfileError> {
    match driver {
        "training" => Ok(Arc::new(training::Training::new(settings, seams)?)),
        "nexo" => Ok(Arc::new(nexo::Nexo::new(settings, seams)?)),
        "pockyt" => Ok(Arc::new(pockyt::Pockyt::new(settings, seams)?)),
        "kayaaku-http" => Ok(Arc::new(kayaaku::Kayaaku::new(settings, seams)?)),
        "kayaaku-serial" => Ok(Arc::new(kayaaku::serial::KayaakuSerial::new(settings, seams)?)),
        "ecrhub-wlan" => Ok(Arc::new(ecrhub::wlan::make(settings, seams)?)),
        "ecrhub-cloud" => Ok(Arc::new(ecrhub::cloud::make(settings, seams)?)),
        "ecrhub-usb" => Ok(Arc::new(ecrhub::usb::make(settings, seams)?)),
        unknown => Err(ProfileError::new("driver", format!("{unknown} is not a driver of this program"))),
    }
}
