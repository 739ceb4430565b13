//! `serve`: who may come in, what a page can do, and a page whose line breaks.

use crate::program::{Folder, Program, keys};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A served till.
pub struct Served {
    // The program goes before its folder.
    program: Program,
    pub folder: Folder,
    host: String,
    token: String,
}

/// The answer to one request.
struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Served {
    fn on(folder: Folder) -> Self {
        Self::with(folder, &[])
    }

    /// With these options.
    pub fn with(folder: Folder, options: &[&str]) -> Self {
        let mut program = folder.run(&[&["serve"], options].concat());
        let line = program.kind("serving");
        assert_eq!(keys(&line), ["address", "type"]);
        let address = line["address"].as_str().unwrap();
        let (host, token) = address.strip_prefix("http://").unwrap().split_once("/?token=").unwrap();
        assert!(host.starts_with("127.0.0.1:"), "{address}");
        Self { host: host.to_owned(), token: token.to_owned(), program, folder }
    }

    fn ask(&self, first: &str, headers: &[&str], body: &str) -> Reply {
        let mut stream = connect(&self.host);
        let length = body.len();
        let headers = headers.iter().map(|header| format!("{header}\r\n")).collect::<String>();
        let text = format!(
            "{first} HTTP/1.1\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Reply { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    pub fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let host = format!("Host: {}", self.host);
        let bearer = format!("Authorization: Bearer {}", self.token);
        let reply = self.ask(&format!("POST {path}"), &[&host, &bearer], &body.to_string());
        (reply.status, serde_json::from_str(&reply.body).unwrap_or_default())
    }

    fn pay(&self, id: &str, minor: u32) -> (u16, Value) {
        let money = |minor: u32| json!({"minor": minor, "currency": "SEK"});
        let command = json!({"do": "pay", "terminal": "desk", "amount": money(minor), "cash_back": money(0),
            "method": "card", "label": null, "tender": null});
        self.post("/api/dispatch", &json!({"id": id, "command": command}))
    }

    /// Ends it, and leaves its folder.
    pub fn end(self) -> Folder {
        drop(self.program);
        self.folder
    }

    pub fn watch(&self, path: &str) -> Watching {
        Watching::open(&self.host, &format!("{path}?token={}", self.token))
    }
}

fn connect(host: &str) -> TcpStream {
    let stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// The page's end of a WebSocket.
pub struct Watching {
    reader: BufReader<TcpStream>,
}

impl Watching {
    fn open(host: &str, path: &str) -> Self {
        let mut stream = connect(host);
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        assert!(line.contains(" 101 "), "{line}");
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).unwrap();
        }
        Self { reader }
    }

    /// The next message, without taking it.
    pub fn message(&mut self) -> Value {
        let mut head = [0; 2];
        self.reader.read_exact(&mut head).unwrap();
        let mut length = u64::from(head[1] & 0x7f);
        let more = match length {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        if more > 0 {
            let mut bytes = [0; 8];
            self.reader.read_exact(&mut bytes[8 - more..]).unwrap();
            length = u64::from_be_bytes(bytes);
        }
        let mut text = vec![0; usize::try_from(length).unwrap()];
        self.reader.read_exact(&mut text).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    /// Says that a view was taken: an empty text behind a mask of zeros.
    pub fn take(&mut self) {
        self.reader.get_mut().write_all(&[0x81, 0x80, 0, 0, 0, 0]).unwrap();
    }

    /// Takes views until one is so.
    pub fn until(&mut self, is_so: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.message();
            self.take();
            if message["type"] == "view" && is_so(&message["view"]) {
                return message["view"].clone();
            }
        }
    }
}

const FIRST: &str = "01a1fd51-cbb4-7f5a-a2ec-bcf8c8e4f901";
const SECOND: &str = "01a1fd51-cbb4-7f5a-a2ec-bcf8c8e4f902";

#[test]
fn only_addresses_of_this_computer_are_listened_on() {
    let folder = Folder::training(0);
    for address in ["0.0.0.0:0", "192.0.2.7:8800", "[::]:0", "here"] {
        let ended = folder.ran(&["serve", "--listen", address]).exits(2);
        assert_eq!(ended.one("problem")["parameters"]["field"], "listen", "{address}");
    }
}

#[test]
fn without_the_token_nothing_is_shown_or_done() {
    let served = Served::on(Folder::training(0));
    let host = format!("Host: {}", served.host);
    let wrong = "Authorization: Bearer 0123456789abcdef0123456789abcdef01234567";
    for first in ["GET /", "GET /index.html", "GET /customer.html", "GET /api/views", "POST /api/dispatch"]
    {
        assert_eq!(served.ask(first, &[&host], "{}").status, 401, "{first}");
        assert_eq!(served.ask(first, &[&host, wrong], "{}").status, 401, "{first}");
    }
    let page = served.ask(&format!("GET /?token={}", served.token), &[&host], "");
    assert_eq!(page.status, 200);
    assert!(page.head.contains("content-security-policy: default-src 'none'"), "{}", page.head);
    assert!(page.head.contains("referrer-policy: no-referrer"), "{}", page.head);
    assert!(page.body.contains("Paydesk"));
}

#[test]
fn other_origins_and_other_names_are_refused() {
    let served = Served::on(Folder::training(0));
    let first = format!("GET /api/views?token={}", served.token);
    let port = served.host.rsplit(':').next().unwrap().to_owned();
    for (header, status) in [
        ("Host: shop.example".to_owned(), 421),
        (format!("Host: shop.example:{port}"), 421),
        (format!("Host: {}\r\nOrigin: http://shop.example", served.host), 403),
        (format!("Host: {}\r\nOrigin: http://127.0.0.1:1", served.host), 403),
        (format!("Host: {}\r\nOrigin: null", served.host), 403),
        (format!("Host: {}\r\nSec-Fetch-Site: cross-site", served.host), 403),
    ] {
        assert_eq!(served.ask(&first, &[&header], "").status, status, "{header}");
    }
    let page = format!("GET /?token={}", served.token);
    for header in [
        format!("Host: localhost:{port}"),
        format!("Host: {0}\r\nOrigin: http://{0}\r\nSec-Fetch-Site: same-origin", served.host),
    ] {
        assert_eq!(served.ask(&page, &[&header], "").status, 200, "{header}");
    }
}

#[test]
fn only_own_files_are_handed_out() {
    let served = Served::on(Folder::training(0));
    let host = format!("Host: {}", served.host);
    for path in ["/../Cargo.toml", "/assets/../../Cargo.toml", "/%2e%2e/Cargo.toml", "/.npmrc", "/nothing"]
    {
        let reply = served.ask(&format!("GET {path}?token={}", served.token), &[&host], "");
        assert_eq!(reply.status, 404, "{path}");
    }
    let reply = served.ask(&format!("DELETE /?token={}", served.token), &[&host], "");
    assert_eq!(reply.status, 405);
}

#[test]
fn a_payment_is_made_once_however_often_it_is_sent() {
    let served = Served::on(Folder::training(20));
    let mut watching = served.watch("/api/views");
    watching.until(|view| view["terminals"][0]["health"] == "ready");

    let (status, accepted) = served.pay(FIRST, 1250);
    assert_eq!(status, 200, "{accepted}");
    assert_eq!(served.pay(FIRST, 1250), (200, accepted.clone()), "a resend gets the same answer");
    let (status, problem) = served.pay(SECOND, 1250);
    assert_eq!((status, &problem["code"]), (422, &json!("terminal_busy")), "{problem}");

    let view = watching.until(|view| view["payments"][0]["state"] == "closed");
    assert_eq!(view["payments"].as_array().unwrap().len(), 1);
    assert_eq!(view["payments"][0]["outcome"], "approved");
    assert_eq!(view["counter"], accepted["payment"]);

    let (status, reply) = served.post("/api/query", &json!({"read": "day", "day": null}));
    assert_eq!(status, 200, "{reply}");
    assert_eq!(reply["day"]["rows"].as_array().unwrap().len(), 1);
    assert_eq!(reply["day"]["taken"]["minor"], 1250);
}

#[test]
fn what_cannot_be_read_is_a_problem_and_changes_nothing() {
    let served = Served::on(Folder::training(0));
    let (status, problem) = served.post("/api/dispatch", &json!({"id": "x", "command": {"do": "pay"}}));
    assert_eq!((status, &problem["code"]), (422, &json!("field_wrong")));
    let (status, problem) = served.post("/api/query", &json!({"read": "everything"}));
    assert_eq!((status, &problem["code"]), (422, &json!("field_wrong")));
    let large = json!({"read": "receipt", "id": "x".repeat(300_000)});
    assert_eq!(served.post("/api/query", &large).0, 413);
    let large = json!({"id": FIRST, "command": {"do": "abort", "payment": "x".repeat(18_000_000)}});
    assert_eq!(served.post("/api/dispatch", &large).0, 413);
}

#[test]
fn twenty_thousand_products_from_a_file() {
    let served = Served::on(Folder::training(0));
    let lines = (0..20_000).map(|at| format!("{at};Product {at};{at}.00\n"));
    let text: String = std::iter::once("sku;name;price\n".to_owned()).chain(lines).collect();
    let file = STANDARD.encode(format!("{text}bad;;1\n"));
    let import = |id: &str, check_only: bool| {
        let command =
            json!({"do": "import_products", "file": file, "replace": true, "check_only": check_only});
        let (status, accepted) = served.post("/api/dispatch", &json!({"id": id, "command": command}));
        assert_eq!(status, 200, "{accepted}");
        accepted["imported"].clone()
    };
    let found = |search: &str| {
        let query = json!({"read": "products", "search": search, "limit": 5});
        served.post("/api/query", &query).1["rows"].as_array().unwrap().len()
    };
    let checked = import(FIRST, true);
    // Eighteen of the numbers are those of the shop to practise with.
    assert_eq!((&checked["added"], &checked["changed"]), (&json!(19_982), &json!(18)));
    assert_eq!((&checked["removed"], &checked["rejected_count"]), (&json!(0), &json!(1)));
    assert_eq!(checked["rejected"][0]["line"], 20_002);
    assert_eq!((found("Product 19999"), found("Coffee")), (0, 1), "only looked at");
    assert_eq!(import(SECOND, false), checked);
    assert_eq!((found("Product 19999"), found("Coffee")), (1, 0));
}

#[test]
fn a_page_that_takes_no_view_finds_the_newest_one_and_no_queue() {
    let served = Served::on(Folder::training(0));
    let mut sleeping = served.watch("/api/views");
    sleeping.message();
    let mut awake = served.watch("/api/views");
    awake.until(|view| view["terminals"][0]["health"] == "ready");
    for (id, minor) in [(FIRST, 1250), (SECOND, 1300)] {
        assert_eq!(served.pay(id, minor).0, 200);
        awake.until(|view| {
            view["payments"][0]["requested"]["minor"] == minor && view["payments"][0]["state"] == "closed"
        });
    }
    sleeping.take();
    let view = sleeping.message();
    assert_eq!(view["view"]["payments"].as_array().unwrap().len(), 2, "the newest view comes next: {view}");
}

#[test]
fn a_page_whose_line_broke_comes_back_to_the_newest_view() {
    let served = Served::on(Folder::training(0));
    let mut first = served.watch("/api/views");
    first.until(|view| view["terminals"][0]["health"] == "ready");
    drop(first);
    assert_eq!(served.pay(FIRST, 1250).0, 200);
    let view = served.watch("/api/views").until(|view| view["payments"][0]["state"] == "closed");
    assert_eq!(view["payments"][0]["outcome"], "approved");
}

#[test]
fn the_customer_sees_the_counter_until_it_is_left() {
    let served = Served::on(Folder::training(0));
    let mut customer = served.watch("/api/customer");
    let view = customer.until(|view| view["stage"] == "idle");
    assert_eq!(view["shop"], "Corner Shop");
    assert!(view.get("payments").is_none(), "nothing of the cashier's: {view}");

    let (_, accepted) = served.pay(FIRST, 1250);
    let view = customer.until(|view| view["stage"] == "paid");
    assert_eq!(view["paid"]["minor"], 1250);
    let left = json!({"do": "next_customer", "payment": accepted["payment"]});
    assert_eq!(served.post("/api/dispatch", &json!({"id": SECOND, "command": left})).0, 200);
    customer.until(|view| view["stage"] == "idle");
}

#[test]
fn the_view_tells_what_a_further_attempt_must_name_and_gives_an_empty_sale_up() {
    let served = Served::on(Folder::training(20));
    let mut watching = served.watch("/api/views");
    watching.until(|view| view["terminals"][0]["health"] == "ready");
    let (_, accepted) = served.pay(FIRST, 1201);
    let left = json!({"do": "next_customer", "payment": accepted["payment"]});
    let (status, problem) = served.post("/api/dispatch", &json!({"id": SECOND, "command": left}));
    assert_eq!((status, &problem["code"]), (422, &json!("wrong_stage")), "what runs cannot be left");

    let view = watching.until(|view| view["payments"][0]["outcome"] == "declined");
    let tender = &view["payments"][0]["tender"];
    assert_eq!(tender["sale"], accepted["sale"]);
    assert_eq!([&tender["slot"], &tender["due"]["minor"], &tender["paid"]["minor"]], [1, 1201, 0]);
    let slot = json!({"sale": tender["sale"], "revision": tender["revision"], "slot": tender["slot"]});
    let again = json!({"do": "pay", "terminal": "desk", "amount": tender["due"],
        "cash_back": {"minor": 0, "currency": "SEK"}, "method": "card", "label": null, "tender": slot});
    let (status, second) = served.post("/api/dispatch", &json!({"id": ids(3), "command": again}));
    assert_eq!((status, &second["sale"]), (200, &accepted["sale"]), "{second}");
    let view = watching.until(|view| {
        view["payments"][0]["payment"] == second["payment"] && view["payments"][0]["outcome"] == "declined"
    });
    assert_eq!(view["payments"][0]["tender"]["slot"], 2);
    // A window that saw the sale earlier names a revision that is gone.
    let (status, problem) = served.post("/api/dispatch", &json!({"id": ids(4), "command": again}));
    assert_eq!((status, &problem["code"]), (422, &json!("sale_refuses")), "{problem}");

    let left = json!({"do": "next_customer", "payment": second["payment"]});
    assert_eq!(served.post("/api/dispatch", &json!({"id": ids(5), "command": left})).0, 200);
    let view = watching.until(|view| view["counter"].is_null());
    assert!(view["payments"][0]["tender"].is_null(), "the sale was given up: {view}");
}

#[test]
fn a_question_comes_with_the_slip_to_sign_and_its_time_limit() {
    let served = Served::on(Folder::training(20));
    let mut watching = served.watch("/api/views");
    watching.until(|view| view["terminals"][0]["health"] == "ready");
    let (_, accepted) = served.pay(FIRST, 1208);
    let view = watching.until(|view| !view["payments"][0]["prompt"].is_null());
    let payment = &view["payments"][0];
    assert!(payment["slip"].as_str().unwrap().contains("12.08"), "{payment}");
    assert_eq!(payment["prompt"]["question"], "signature");
    assert!(payment["prompt"]["until"].is_string());
    let answer = json!({"do": "answer", "payment": accepted["payment"],
        "prompt": payment["prompt"]["id"], "answer": "yes"});
    assert_eq!(served.post("/api/dispatch", &json!({"id": SECOND, "command": answer})).0, 200);
    let view = watching.until(|view| view["payments"][0]["outcome"] == "approved");
    assert!(view["payments"][0]["slip"].is_null());
    let (status, problem) = served.post("/api/dispatch", &json!({"id": ids(3), "command": answer}));
    assert_eq!((status, &problem["code"]), (422, &json!("prompt_stale")), "a stale answer: {problem}");
}

#[test]
fn the_way_to_a_terminal_is_checked_step_by_step() {
    let served = Served::on(Folder::training(0));
    let (status, reply) =
        served.post("/api/query", &json!({"read": "check", "terminal": "desk", "id": FIRST}));
    assert_eq!(status, 200, "{reply}");
    assert!(reply["steps"].as_array().unwrap().iter().all(|step| step["ok"] == true), "{reply}");
    let (status, problem) =
        served.post("/api/query", &json!({"read": "check", "terminal": "none", "id": SECOND}));
    assert_eq!((status, &problem["code"]), (422, &json!("unknown_terminal")));
}

fn ids(last: u8) -> String {
    format!("01a1fd51-cbb4-7f5a-a2ec-bcf8c8e4f9{last:02}")
}
