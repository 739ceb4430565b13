//! The same steps for a service on the internet: nobody can switch it on or look at its menu, so what was
//! found and what to do have words of their own.

use super::Step;

const WAY: &str =
    "Check that this computer is on the internet, and compare the address with what the provider gave.";

/// The step in words for a service; as it is where they are the same for a device.
pub(super) fn reworded(step: Step) -> Step {
    let about = |name: &str| step.about.get(name).cloned().unwrap_or_default();
    let (code, detail, fix) = match step.code.as_str() {
        "name_missing" => ("far_name", None, Some(WAY)),
        "address_none" => ("far_way", None, Some("Connect this computer to the internet.")),
        "port_refused" => ("far_closed", None, Some(WAY)),
        "port_silent" => ("far_silent", None, Some(WAY)),
        "http_other" => (
            "far_other",
            Some(format!("something else than the service answers on port {}", about("port"))),
            Some("Compare the address with what the provider gave: this is another program."),
        ),
        "login_ok" => ("far_login", Some("the service answered and knows this till".to_owned()), None),
        "login_late" => {
            ("far_late", None, Some("Try again in a moment. If it stays silent, ask the provider."))
        }
        "login_refused" => (
            "far_refused",
            Some(format!("the service did not take this till's question ({})", about("detail"))),
            Some("Compare address, keys and numbers with what the provider gave."),
        ),
        _ => return step,
    };
    Step {
        code: code.to_owned(),
        detail: detail.unwrap_or_else(|| step.detail.clone()),
        fix: fix.map(str::to_owned),
        ..step
    }
}
