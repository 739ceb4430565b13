//! `serve`: pages that watch what the camera sees, and pay with it. Pictures of a folder stand in for the
//! camera.

use crate::code::{WALLET, picture};
use crate::program::Folder;
use crate::serve::Served;
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

fn id(number: u32) -> String {
    format!("01a1fd51-cbb4-7f5a-a2ec-bcf8c8e4fa{number:02}")
}

fn show(folder: &TempDir, name: &str) {
    // Whole at once: a camera sends no half pictures.
    let made = folder.path().join("made");
    std::fs::copy(picture(name), &made).unwrap();
    std::fs::File::open(&made).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()) {
        if file != made {
            std::fs::remove_file(file).unwrap();
        }
    }
    std::fs::rename(&made, folder.path().join(name)).unwrap();
}

fn served(pictures: &TempDir) -> Served {
    Served::with(Folder::training(0), &["--camera-from", pictures.path().to_str().unwrap()])
}

fn pay(served: &Served, number: u32, more: &Value) -> (u16, Value) {
    let money = |minor: u32| json!({"minor": minor, "currency": "SEK"});
    let mut command = json!({"do": "pay", "terminal": "desk", "amount": money(1250), "cash_back": money(0),
        "method": "any", "label": null, "tender": null});
    command.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    served.post("/api/dispatch", &json!({"id": id(number), "command": command}))
}

/// A payment that is refused for its code: why.
fn refused(served: &Served, number: u32, more: &Value) -> String {
    let (status, problem) = pay(served, number, more);
    let told = &problem["parameters"];
    assert_eq!(
        (status, problem["code"].as_str(), told["field"].as_str()),
        (422, Some("field_wrong"), Some("code"))
    );
    told["what"].as_str().unwrap().to_owned()
}

/// Whether any file below the folder holds this text.
fn holds(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).any(|path| {
        if path.is_dir() {
            return holds(&path, text);
        }
        std::fs::read(&path).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn a_code_before_the_camera_is_paid_with_by_its_number_and_once() {
    let pictures = TempDir::new().unwrap();
    let served = served(&pictures);
    let mut watching = served.watch("/api/sight");
    watching.until(|sight| sight["camera"]["is"] == "away");
    show(&pictures, "wallet.jpg");
    let sight = watching.until(|sight| !sight["code"].is_null());
    assert_eq!(sight["camera"]["is"], "looking");
    assert!(sight["preview"].as_str().unwrap().starts_with("data:image/bmp;base64,"));
    let code = &sight["code"];
    assert_eq!(
        (&code["number"], &code["wallet"], &code["used"]),
        (&json!(1), &json!("alipay"), &json!(false))
    );
    assert!(!sight.to_string().contains(WALLET));
    assert!(refused(&served, 1, &json!({"seen": 7})).contains("seen too long ago"));
    assert!(refused(&served, 2, &json!({"seen": 1, "code": WALLET})).contains("came twice"));
    assert_eq!(pay(&served, 3, &json!({"seen": 1})).0, 200);
    watching.until(|sight| sight["code"]["used"] == true);
    assert!(refused(&served, 4, &json!({"seen": 1})).contains("was taken already"));
    assert!(refused(&served, 5, &json!({"code": WALLET})).contains("was taken already"));
    let view = served.watch("/api/views").until(|view| view["payments"][0]["state"] == "closed");
    assert_eq!(
        (&view["payments"][0]["outcome"], view["payments"].as_array().unwrap().len()),
        (&json!("approved"), 1)
    );
    let folder = served.end();
    assert!(holds(folder.path(), "code_digest") && !holds(folder.path(), WALLET));
}

#[test]
fn what_is_no_payment_code_is_called_what_it_is() {
    let pictures = TempDir::new().unwrap();
    show(&pictures, "two.jpg");
    let served = served(&pictures);
    let mut watching = served.watch("/api/sight");
    let both = watching.until(|sight| !sight["hint"].is_null() || !sight["code"].is_null());
    assert_eq!((&both["hint"], &both["code"]), (&json!("two_codes"), &Value::Null));
    show(&pictures, "link.jpg");
    let link = watching.until(|sight| !sight["refused"].is_null());
    assert_eq!((&link["refused"], &link["code"]), (&json!("link"), &Value::Null));
}

#[test]
fn camera_and_scanner_are_set_up_while_a_page_watches() {
    let pictures = TempDir::new().unwrap();
    show(&pictures, "wallet.jpg");
    let served = served(&pictures);
    let mut watching = served.watch("/api/sight");
    watching.until(|sight| !sight["code"].is_null());
    let edit = |number: u32, settings: Value| {
        let form = json!({"driver": "sight", "settings": settings});
        served.post(
            "/api/dispatch",
            &json!({"id": id(number), "command": {"do": "edit_sight", "form": form}}),
        )
    };
    let (status, problem) = edit(1, json!({"size": "large"}));
    assert_eq!((status, &problem["parameters"]["field"]), (422, &json!("size")));
    assert_eq!(edit(2, json!({"use": "false", "port": "COM9", "speed": "115200"})).0, 200);
    watching.until(|sight| sight["camera"]["is"] == "off");
    let (_, reply) = served.post("/api/query", &json!({"read": "terminals"}));
    assert_eq!(reply["sight"]["settings"], json!({"use": "false", "port": "COM9", "speed": "115200"}));
    let fields = reply["sights"][0]["fields"].as_array().unwrap();
    let field = |key: &str| fields.iter().find(|field| field["key"] == key).unwrap();
    let name = pictures.path().file_name().unwrap().to_str().unwrap();
    assert_eq!(field("number")["labels"], json!(["The first that works", format!("{name} (0)")]));
    assert_eq!(field("port")["choices"].as_array().unwrap().last(), Some(&json!("COM9")));
    assert_eq!(edit(3, json!({})).0, 200);
    watching.until(|sight| !sight["code"].is_null());
    let scans = served.watch("/api/scans").until(|_| true);
    assert_eq!(scans, json!({"recent": []}));
    let folder = served.end();
    assert!(holds(folder.path(), "[camera] [scanner]"), "the journal names who did it");
}
