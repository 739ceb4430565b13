//! The simulator over real sockets: HTTP as tills write it, faults as sockets show them, control, restart
//! of the process.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm)] // tests say what they expect

mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use simulator::nexo::{PATH, Settings};
use simulator::script::Script;
use simulator::serve::{NexoOptions, Simulation, SimulatorError, simulate_nexo};
use support::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

fn options() -> NexoOptions {
    NexoOptions {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        till_url: None,
        settings: Settings {
            customer_ms: 20,
            host_ms: 10,
            pin_digit_ms: 1,
            cooling_ms: 0,
            ..Settings::default()
        },
        poi_id: None,
        sale_id: None,
        script: None,
        bank_file: None,
        seed: 1,
        control: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        clock: Arc::new(|| "2025-03-04T09:12:44Z".parse::<Timestamp>().unwrap()),
    }
}

/// Everything the server sends for these bytes until it closes.
async fn raw(address: SocketAddr, bytes: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// Waits for the port to be open or closed.
async fn until(address: SocketAddr, open: bool) {
    let reached = async {
        while TcpStream::connect(address).await.is_ok() != open {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), reached).await.unwrap();
}

fn request(category: &str, id: &str, body: &str) -> String {
    let desk = Desk::new(Settings::default());
    let text = format!("<SaleToPOIRequest>{}{body}</SaleToPOIRequest>", desk.header(category, id));
    format!(
        "POST {PATH} HTTP/1.1\r\nAccept: */*\r\nContent-type: application/xml; charset=utf-8\r\nHost: x\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n{text}",
        text.len()
    )
}

async fn post(simulation: &Simulation, category: &str, id: &str, body: &str) -> String {
    raw(simulation.local_addr, &request(category, id, body)).await
}

async fn control(simulation: &Simulation, method: &str, route: &str, body: &str) -> String {
    let length = body.len();
    let text =
        format!("{method} /control/{route} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{body}");
    raw(simulation.control_addr.unwrap(), &text).await
}

#[tokio::test]
async fn a_payment_over_tcp() {
    let simulation = simulate_nexo(options()).await.unwrap();
    let answer = post(&simulation, "Login", "1", &login(LIGHT)).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("Content-type: application/xml; charset=utf-8\r\n"));
    assert!(answer.contains("Result=\"Success\""));
    let answer = post(&simulation, "Payment", "2", &payment("T1", "10.00")).await;
    assert!(answer.contains("AuthorizedAmount=\"10"), "{answer}");
    assert_eq!(simulation.bank.balance("SEK"), 1_000);
    let answer = post(&simulation, "Abort", "3", &abort("Payment", "2")).await;
    assert_eq!(answer, "HTTP/1.1 204 No Content\r\n\r\n");
}

#[tokio::test]
async fn connections_can_be_kept() {
    let simulation = simulate_nexo(options()).await.unwrap();
    let keep = |text: String| text.replace("Connection: close\r\n", "");
    let mut stream = TcpStream::connect(simulation.local_addr).await.unwrap();
    for (category, body) in [("Login", login(LIGHT)), ("TransactionStatus", status_request(None))] {
        stream
            .write_all(keep(request(category, category.get(..1).unwrap(), &body)).as_bytes())
            .await
            .unwrap();
        let mut seen = String::new();
        while !seen.contains("</SaleToPOIResponse>") {
            let mut part = [0; 4096];
            let count = stream.read(&mut part).await.unwrap();
            assert!(count > 0, "{seen}");
            seen.push_str(&String::from_utf8_lossy(&part[..count]));
        }
        assert!(seen.contains(&format!("<{category}Response>")), "{seen}");
    }
}

#[tokio::test]
async fn http_that_is_wrong() {
    let simulation = simulate_nexo(options()).await.unwrap();
    let good = request("Login", "1", &login(LIGHT));
    for (text, status) in [
        (good.replace(PATH, "/nexo"), "404"),
        (good.replace("POST", "PUT"), "405"),
        (good.replace("Content-Length", "X-Length"), "411"),
        (good.replace("Content-Length", "Transfer-Encoding: chunked\r\nContent-Length"), "411"),
        (good.replace("application/xml", "text/plain"), "415"),
        (good.replace("HTTP/1.1", "HTTP/2.0"), "505"),
        (good.replace("<SaleToPOIRequest", "<SaleToPOIRequesT"), "400"),
        ("nonsense\r\n\r\n".to_owned(), "400"),
        (format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(20_000)), "431"),
    ] {
        let answer = raw(simulation.local_addr, &text).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {answer}");
        assert!(answer.ends_with("\r\n\r\n"), "no body: {answer}");
    }
}

#[tokio::test]
async fn faults_as_sockets_show_them() {
    let script = "[[rule]]\ncategory = \"Payment\"\nnth = 1\ndo = \"cut_after\"\n\
                  [[rule]]\ncategory = \"Payment\"\nnth = 1\ndo = \"cut_middle\"\n\
                  [[rule]]\ncategory = \"Payment\"\nnth = 1\ndo = \"chunked\"\n\
                  [[rule]]\ncategory = \"Payment\"\nnth = 1\ndo = \"http10\"\n";
    let script = Some(Script::from_toml(script).unwrap());
    let simulation = simulate_nexo(NexoOptions { script, ..options() }).await.unwrap();
    post(&simulation, "Login", "1", &login(LIGHT)).await;
    let mut answers = Vec::new();
    for number in 0..4 {
        let (id, body) = (format!("2{number}"), payment(&format!("T{number}"), "10.00"));
        answers.push(post(&simulation, "Payment", &id, &body).await);
    }
    assert_eq!(answers[0], "");
    assert!(answers[1].starts_with("HTTP/1.1 200") && !answers[1].contains("</SaleToPOIResponse>"));
    assert!(answers[2].contains("chunked") && answers[2].ends_with("0\r\n\r\n"));
    assert!(answers[3].starts_with("HTTP/1.0 200") && !answers[3].contains("Content-Length"));
    assert_eq!(simulation.bank.balance("SEK"), 4_000);
}

#[tokio::test]
async fn control_interface() {
    let simulation = simulate_nexo(options()).await.unwrap();
    post(&simulation, "Login", "1", &login(LIGHT)).await;
    assert!(control(&simulation, "GET", "state", "").await.contains("\"phase\":\"idle\""));
    let script = "[[rule]]\ndo = \"decline\"";
    assert!(control(&simulation, "POST", "script", script).await.contains("\"done\":true"));
    assert!(control(&simulation, "POST", "script", "do = 1").await.starts_with("HTTP/1.1 400"));
    let answer = post(&simulation, "Payment", "2", &payment("T1", "10.00")).await;
    assert!(answer.contains("ErrorCondition=\"Refusal\""), "{answer}");
    assert!(control(&simulation, "GET", "bank", "").await.contains("\"declined\""));
    assert!(control(&simulation, "GET", "trace", "").await.contains("PaymentRequest"));
    assert!(control(&simulation, "POST", "event/SaleWakeUp", "").await.starts_with("HTTP/1.1 409"));
    assert!(control(&simulation, "POST", "reboot", "").await.contains("true"));
    assert!(control(&simulation, "GET", "state", "").await.contains("\"logged_out\""));
    assert!(control(&simulation, "POST", "unplug", "").await.contains("true"));
    until(simulation.local_addr, false).await;
    control(&simulation, "POST", "plug", "").await;
    until(simulation.local_addr, true).await;
    assert!(post(&simulation, "Login", "3", &login(LIGHT)).await.contains("Success"));
    assert!(control(&simulation, "GET", "nothing", "").await.starts_with("HTTP/1.1 404"));
    let public = Some(SocketAddr::from(([0, 0, 0, 0], 0)));
    let refused = simulate_nexo(NexoOptions { control: public, ..options() }).await;
    assert!(matches!(refused, Err(SimulatorError::ControlNotLocal(_))));
}

#[tokio::test]
async fn terminal_calls_the_tills_listener() {
    let till = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let till_url = Some(format!("http://{}", till.local_addr().unwrap()));
    let simulation = simulate_nexo(NexoOptions { till_url, ..options() }).await.unwrap();
    let announced = tokio::spawn(async move {
        let (mut stream, _) = till.accept().await.unwrap();
        let mut seen = String::new();
        while !seen.contains("</SaleToPOIRequest>") {
            let mut part = [0; 4096];
            let count = stream.read(&mut part).await.unwrap();
            seen.push_str(&String::from_utf8_lossy(&part[..count]));
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        seen
    });
    let answer = control(&simulation, "POST", "announce?address=192.0.2.41:11000", "").await;
    assert!(answer.contains("true"), "{answer}");
    let seen = announced.await.unwrap();
    assert!(seen.starts_with(&format!("POST {PATH}")), "{seen}");
    assert!(seen.contains("127.0.0.1:15022"));
    assert_eq!(simulation.terminal.complaints(), Vec::<String>::new());
    let wrong = NexoOptions { till_url: Some("till:1".to_owned()), ..options() };
    assert!(matches!(simulate_nexo(wrong).await, Err(SimulatorError::Url(_))));
}

#[tokio::test]
async fn bank_file_and_knobs() {
    let folder = tempfile::tempdir().unwrap();
    let bank_file = Some(folder.path().join("bank.json"));
    let script = || Some(Script::from_toml("[terminal]\nnumber = \"777001\"\n").unwrap());
    let first = simulate_nexo(NexoOptions { script: script(), bank_file: bank_file.clone(), ..options() });
    let first = first.await.unwrap();
    post(&first, "Login", "1", &login(LIGHT)).await;
    assert!(post(&first, "Payment", "2", &payment("T1", "10.00")).await.contains("7770010001"));
    drop(first);
    let again = simulate_nexo(NexoOptions { script: script(), bank_file, ..options() }).await.unwrap();
    post(&again, "Login", "3", &login(LIGHT)).await;
    let found = post(&again, "TransactionStatus", "4", &status_request(Some("2"))).await;
    assert!(found.contains("7770010001"), "{found}");
    let wrong = Some(Script::from_toml("[terminal]\nnumer = \"1\"\n").unwrap());
    let refused = simulate_nexo(NexoOptions { script: wrong, ..options() }).await;
    assert!(matches!(refused, Err(SimulatorError::Knobs(_))));
}
