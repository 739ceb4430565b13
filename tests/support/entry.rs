//! What the settings say of each terminal of a world: as it stands in the file, and as an installer fills it
//! in.

use crate::desk::{APP_ID, Form, MID, PAIRED, authority, device, hub_serial, port, store};
use simulator::ecrhub::HUB_KEYS;
use simulator::kayaaku::{HOST_KEYS, TILL_KEYS};
use std::collections::BTreeMap;
use till::api::{TerminalForm, TypedSecret};

/// Under which name the till keeps the store's token.
pub const SECRET: &str = "pockyt-token";
/// Under which names it keeps its keys for a host.
pub const HOST_SECRETS: [&str; 3] = ["kayaaku-rsa", "kayaaku-ec", "kayaaku-reader"];
/// Under which name it keeps its key for a gateway with a hub behind it.
pub const HUB_SECRET: &str = "ecrhub-rsa";
/// The token.
pub const TOKEN: &str = "till-demo-token-0001";

/// What the settings say of the terminal of this number, but for secrets.
fn settings(index: usize, form: Form) -> BTreeMap<String, String> {
    let (authority, id) = (authority(index), format!("desk{}", index + 1));
    let of = |rows: &[(&str, &str)]| {
        rows.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let url = format!("http://{authority}");
    match form {
        Form::Default | Form::Light => {
            let word = if form == Form::Default { "default" } else { "light" };
            let poi = format!("POI-{id}");
            of(&[("url", &url), ("sale_id", "KASSA1"), ("poi_id", &poi), ("form", word)])
        }
        Form::Wallet | Form::Notified => {
            let notifications = if form == Form::Notified { "true" } else { "false" };
            of(&[
                ("base_url", &url),
                ("merchant_no", "900001"),
                ("store_no", &store(index)),
                ("shown_wallet", "alipay"),
                ("notifications", notifications),
            ])
        }
        Form::Cable => of(&[("port", &port(index)), ("mid", MID)]),
        Form::Lan | Form::Usb => {
            let mut rows =
                of(&[("app_id", APP_ID), ("serial", &hub_serial(index)), ("believe_not_found", "true")]);
            let number = authority.rsplit(':').next().unwrap_or_default();
            rows.extend(match form {
                Form::Usb => of(&[("port", &port(index))]),
                _ => of(&[("host", "127.0.0.1"), ("port", number), ("paired", PAIRED)]),
            });
            rows
        }
        Form::Cloud => of(&[
            ("base_url", &url),
            ("app_id", APP_ID),
            ("merchant_no", "300000000001"),
            ("store_no", &store(index)),
            ("terminal_sn", &hub_serial(index)),
            ("gateway_public_key", HUB_KEYS.gateway_public),
            ("believe_not_found", "true"),
            ("notifications", "true"),
        ]),
        Form::Edc | Form::Sealed => {
            let (device, base_url) = (device(index), format!("{url}/mqpos-host"));
            let mut rows = of(&[
                ("base_url", &base_url),
                ("source_system", "tst"),
                ("mid", "000010000099999"),
                ("device_sn", &device),
                ("email", "till@example.my"),
                (
                    "peer_public_key",
                    if form == Form::Edc { HOST_KEYS.rsa_public } else { HOST_KEYS.ec_public },
                ),
            ]);
            if form == Form::Sealed {
                let more = [
                    ("generation", "2"),
                    ("jwe_recipient_key", HOST_KEYS.reader),
                    ("notifications", "true"),
                ];
                rows.extend(of(&more));
            }
            rows
        }
    }
}

/// The terminal of this number as it stands in the file.
pub fn entry(index: usize, form: Form) -> String {
    let value = |text: &str| match text {
        "true" | "false" => text.to_owned(),
        text if text.contains(['"', '\n']) => format!("'''{text}'''"),
        text => format!("\"{text}\""),
    };
    let rows = settings(index, form).into_iter().map(|(key, text)| format!("{key} = {}\n", value(&text)));
    let [rsa, ec, reader] = HOST_SECRETS;
    let token = match form {
        Form::Default | Form::Light | Form::Cable | Form::Lan | Form::Usb => String::new(),
        Form::Cloud => format!("private_key = \"secret:{HUB_SECRET}\"\n"),
        Form::Wallet | Form::Notified => format!("token = \"secret:{SECRET}\"\n"),
        Form::Edc => format!("private_key = \"secret:{rsa}\"\n"),
        Form::Sealed => {
            format!("private_key = \"secret:{ec}\"\njwe_private_key = \"secret:{reader}\"\n")
        }
    };
    format!(
        "[[terminal]]\nid = \"desk{}\"\ndriver = \"{}\"\n[terminal.settings]\n{}{token}",
        index + 1,
        form.driver(),
        rows.collect::<String>()
    )
}

/// The terminal of this number as an installer fills it in.
pub fn filled_in(index: usize, form: Form) -> TerminalForm {
    let secret = |key: &str, text: &str| (key.to_owned(), TypedSecret(text.to_owned()));
    let secrets = match form {
        Form::Default | Form::Light | Form::Cable | Form::Lan | Form::Usb => Vec::new(),
        Form::Cloud => vec![secret("private_key", HUB_KEYS.till)],
        Form::Wallet | Form::Notified => vec![secret("token", TOKEN)],
        Form::Edc => vec![secret("private_key", TILL_KEYS.rsa)],
        Form::Sealed => {
            vec![secret("private_key", TILL_KEYS.ec), secret("jwe_private_key", TILL_KEYS.reader)]
        }
    };
    TerminalForm {
        id: format!("desk{}", index + 1),
        driver: form.driver().to_owned(),
        name: String::new(),
        settings: settings(index, form),
        secrets: secrets.into_iter().collect(),
    }
}
