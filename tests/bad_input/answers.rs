//! A terminal that has charged the customer and answers with something that is no answer: the outcome is
//! unknown, the till enquires by itself, and the payment is never sent again and never called declined.

use super::scene::{Ear, every, held, runtime};
use acceptance::liar::{Liar, Lie, Lying};
use acceptance::program::{Shop, quick};
use acceptance::world::Form;
use simulator::nexo::Settings;
use simulator::script::Script;
use std::sync::Arc;

/// What a case is called, why the payment is unknown, what the terminal writes.
type Row = (&'static str, &'static str, Lying);

const UNREADABLE: &str = "answer_unreadable";
const LOST: &str = "answer_lost";
const LATE: &str = "deadline_passed";

/// A complete reply with this body.
fn reply(status: &str, more: &str, body: impl AsRef<[u8]>) -> Lie {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status}\r\n{more}Content-Length: {}\r\n\r\n", body.len());
    Lie::Bytes([head.as_bytes(), body].concat())
}

fn row(name: &'static str, reason: &'static str, lie: impl Fn(&str) -> Lie + Send + Sync + 'static) -> Row {
    (name, reason, Arc::new(lie))
}

/// The approval itself with something before its first element, or inside it.
fn inside(xml: &str, before: &str, at_its_end: &str) -> String {
    let root = xml.find("<SaleToPOIResponse").expect("an answer");
    let end = xml.rfind("</SaleToPOIResponse>").expect("an end");
    format!("{}{before}{}{at_its_end}{}", &xml[..root], &xml[root..end], &xml[end..])
}

/// Ten entities, each ten times the one before: three gigabytes.
fn laughs() -> String {
    let mut types = "<!DOCTYPE a [<!ENTITY l0 \"lol\">".to_owned();
    for level in 1..10 {
        let ten = format!("&l{};", level - 1).repeat(10);
        types.push_str(&format!("<!ENTITY l{level} \"{ten}\">"));
    }
    types + "]>"
}

fn rows(elsewhere: &str) -> Vec<Row> {
    let (file, parameter, subset) = (elsewhere.to_owned(), elsewhere.to_owned(), elsewhere.to_owned());
    let moved = elsewhere.to_owned();
    vec![
        row("200 and nothing", LOST, |_| reply("200 OK", "", "")),
        row("204", LOST, |_| Lie::Bytes(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec())),
        row("400", UNREADABLE, |xml| reply("400 Bad Request", "", xml)),
        row("401", UNREADABLE, |_| reply("401 Unauthorized", "WWW-Authenticate: Basic\r\n", "")),
        row("404", UNREADABLE, |_| reply("404 Not Found", "", "<html>no</html>")),
        row("500", UNREADABLE, |xml| reply("500 Oh No", "", xml)),
        row("503", UNREADABLE, |_| reply("503 Busy", "Retry-After: 0\r\n", "")),
        row("307", UNREADABLE, move |_| reply("307 Moved", &format!("Location: {moved}\r\n"), "")),
        row("garbage", UNREADABLE, |_| reply("200 OK", "", "\u{0}\u{1}nonsense{]")),
        row("bytes of no text", UNREADABLE, |_| reply("200 OK", "", [0xff, 0xfe, 0x3c, 0x00, 0x80])),
        row("truncated XML", UNREADABLE, |xml| reply("200 OK", "", &xml[..xml.len() - 30])),
        row("twice the same", UNREADABLE, |xml| reply("200 OK", "", xml.repeat(2))),
        row("a document type", UNREADABLE, |xml| reply("200 OK", "", inside(xml, "<!DOCTYPE a>", ""))),
        row("entity expansion", UNREADABLE, |xml| {
            reply("200 OK", "", inside(xml, &laughs(), "<X>&l9;</X>"))
        }),
        row("an entity of its own", UNREADABLE, |xml| reply("200 OK", "", inside(xml, "", "<X>&l9;</X>"))),
        row("external entity", UNREADABLE, move |xml| {
            let types = format!("<!DOCTYPE a [<!ENTITY x SYSTEM \"{file}\">]>");
            reply("200 OK", "", inside(xml, &types, "<X>&x;</X>"))
        }),
        row("external parameter entity", UNREADABLE, move |xml| {
            let types = format!("<!DOCTYPE a [<!ENTITY % x SYSTEM \"{parameter}\"> %x;]>");
            reply("200 OK", "", inside(xml, &types, ""))
        }),
        row("external document type", UNREADABLE, move |xml| {
            reply("200 OK", "", inside(xml, &format!("<!DOCTYPE a SYSTEM \"{subset}\">"), ""))
        }),
        row("1,000 nested elements", UNREADABLE, |xml| {
            let deep = format!("{}{}", "<a>".repeat(1_000), "</a>".repeat(1_000));
            reply("200 OK", "", inside(xml, "", &deep))
        }),
        row("1,000 open elements", UNREADABLE, |_| reply("200 OK", "", "<a>".repeat(1_000))),
        row("not HTTP", UNREADABLE, |_| Lie::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec())),
        row("headers without end", UNREADABLE, |_| Lie::Flood {
            head: b"HTTP/1.1 200 OK\r\n".to_vec(),
            block: b"X-More: of the same\r\n".repeat(1_000),
            most: 64 << 20,
        }),
        row("closed at once", LOST, |_| Lie::Bytes(Vec::new())),
        row("closed in its head", LOST, |_| Lie::Bytes(b"HTTP/1.1 200 OK\r\nContent-".to_vec())),
        row("closed in its body", LOST, |xml| {
            Lie::Bytes(format!("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{xml}").into_bytes())
        }),
        row("a chunk that is none", LOST, |xml| {
            Lie::Bytes(format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{xml}").into())
        }),
    ]
}

#[test]
fn answers_that_are_none_leave_the_payment_unknown() {
    let (runtime, ear) = (runtime(), Ear::open());
    let rows = rows(&format!("http://{}/evil.dtd", ear.address()));
    every(&rows, |row| unknown(row, "", &runtime).map(|_| ()).map_err(|told| format!("{}: {told}", row.0)));
    assert!(ear.heard_nothing(), "nobody goes where an answer points to");
}

/// The far side of one case, and the most memory that the program ever had, kB.
fn unknown(row: &Row, more: &str, runtime: &tokio::runtime::Runtime) -> Result<u64, String> {
    let (_, reason, lying) = row;
    let settings = Settings { vary: false, ..quick() };
    let shop = runtime.block_on(Shop::open(Form::Light, settings, 7));
    let _inside = runtime.enter();
    let liar = runtime.block_on(Liar::before(shop.terminal.clone(), Arc::clone(lying)));
    shop.reroute(liar.address, more);
    let program = shop.run(&["pay", "--terminal", "desk", "--amount", "50.00"]);
    held("the till enquires by itself", || liar.heard("TransactionStatus") > 0);
    let memory = peak_kb(program.pid());
    program.signal("TERM");
    let ended = program.end();
    let settled = ended.of("settled");
    let told: Vec<_> = settled.iter().map(|it| (&it["outcome"], &it["reason"])).collect();
    if ended.code != Some(5) || told != [(&"unknown".into(), &(*reason).into())] {
        return Err(format!("exit {:?}: {:#?}\n{}", ended.code, ended.lines, ended.words));
    }
    if !ended.words.contains("not known yet whether money moved") || ended.words.contains("declined") {
        return Err(ended.words);
    }
    liar.tell_the_truth();
    let recovered = shop.ran(&["recover", "--for", "60"]);
    let told: Vec<_> = recovered.of("settled").iter().map(|it| (&it["outcome"], &it["amount"])).collect();
    if recovered.code != Some(0) || told != [(&"approved".into(), &"50.00".into())] {
        return Err(format!("recover ended {:?}: {:#?}", recovered.code, recovered.lines));
    }
    if liar.heard("Payment") != 1 || shop.bank.balance("SEK") != 50_00 {
        return Err(format!("{} payments, {}", liar.heard("Payment"), shop.bank.balance("SEK")));
    }
    Ok(memory)
}

/// What the terminal does, how the payment ends, whether that was a mismatch at first.
const NAMES: &[(&str, i32, &str, &str, bool)] = &[
    ("wrong_service_id", 0, "approved", "50.00", true),
    ("wrong_sale_id", 0, "approved", "50.00", true),
    ("wrong_poi_id", 0, "approved", "50.00", true),
    ("wrong_transaction", 0, "approved", "50.00", true),
    ("wrong_amount", 0, "approved", "50.00", true),
    ("wrong_currency", 0, "approved", "50.00", true),
    ("partial", 4, "partial", "25.00", false),
    ("tip", 0, "approved", "55.00", false),
];

#[test]
fn answers_in_a_wrong_name_are_a_mismatch() {
    let runtime = runtime();
    every(NAMES, |(action, code, outcome, amount, is_mismatch)| {
        let script = format!("[[rule]]\ncategory = \"Payment\"\ndo = \"{action}\"\n");
        let script = Script::from_toml(&script).map_err(|error| error.to_string())?;
        let shop = runtime.block_on(Shop::scripted(Form::Light, quick(), 7, Some(script)));
        let ended = shop.ran(&["pay", "--terminal", "desk", "--amount", "50.00"]);
        let settled = ended.of("settled");
        let told: Vec<_> = settled.iter().map(|it| (&it["outcome"], &it["amount"], &it["late"])).collect();
        let right = [(&(*outcome).into(), &(*amount).into(), &(*is_mismatch).into())];
        let said = ended.words.contains("belongs to another payment or names another amount");
        let asked = shop.terminal.trace().iter().any(|it| it.text.contains("<TransactionStatusRequest"));
        let sent = shop.terminal.trace().iter().filter(|it| it.text.contains("<PaymentRequest")).count();
        if ended.code != Some(*code)
            || told != right
            || (said, asked, sent) != (*is_mismatch, *is_mismatch, 1)
        {
            return Err(format!("{action}: exit {:?} {:#?}\n{}", ended.code, ended.lines, ended.words));
        }
        Ok(())
    });
}

/// The most memory that a process ever had, kB; zero where the system does not tell.
fn peak_kb(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse().unwrap_or(0)
}

/// Much more than the program reads of any answer, much less than these answers hold.
const FLAT_KB: u64 = 32 * 1024;

#[test]
fn answers_without_end_take_neither_memory_nor_time() {
    let runtime = runtime();
    let flood = |head: &str, block: Vec<u8>| {
        let head = head.as_bytes().to_vec();
        move |_: &str| Lie::Flood { head: head.clone(), block: block.clone(), most: 1 << 30 }
    };
    let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
    let zip = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n";
    let rows = [
        row("64 MB", UNREADABLE, |_| Lie::Flood {
            head: b"HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n".to_vec(),
            block: vec![b' '; 65_536],
            most: 64 << 20,
        }),
        row("chunks without end", UNREADABLE, {
            flood("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk)
        }),
        row("bytes without end", UNREADABLE, flood("HTTP/1.1 200 OK\r\n\r\n", vec![b'a'; 65_536])),
        row("elements without end", UNREADABLE, flood("HTTP/1.0 200 OK\r\n\r\n", b"<a>".repeat(30_000))),
        row("a gzip bomb", UNREADABLE, move |_| {
            Lie::Bytes([format!("{zip}Content-Length: 2000000\r\n\r\n").into_bytes(), bomb()].concat())
        }),
        row("a drip", LATE, |_| Lie::Drip(b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n".to_vec())),
        row("a drip of headers", LATE, |_| Lie::Drip(b"HTTP/1.1 200 OK\r\nX-More: ".to_vec())),
    ];
    let plain = row("nothing", LOST, |_| reply("200 OK", "", ""));
    let calm = unknown(&plain, "", &runtime).unwrap();
    assert!(calm > 0 || !cfg!(target_os = "linux"), "memory is measured");
    every(&rows, |row| {
        // Only what drips is waited for to the end.
        let more = if row.1 == LATE { "answer_ms = 3000\n" } else { "" };
        let peak = unknown(row, more, &runtime).map_err(|told| format!("{}: {told}", row.0))?;
        if peak > calm + FLAT_KB {
            return Err(format!("{}: {peak} kB, and {calm} kB for an empty answer", row.0));
        }
        Ok(())
    });
}

/// 2 MB of gzip that stand for 300 MB of nothing: one byte, and then again and again "258 of the one before"
/// in the fixed code of deflate (RFC 1951, 3.2.6).
fn bomb() -> Vec<u8> {
    let block = [true, true, false];
    let nothing = [false, false, true, true, false, false, false, false];
    let again = [true, true, false, false, false, true, false, true, false, false, false, false, false];
    let bits = block.into_iter().chain(nothing).chain(again.into_iter().cycle());
    let mut bits = bits.map(u8::from);
    let packed =
        std::iter::repeat_with(|| (0..8).fold(0, |byte, at| byte | bits.next().unwrap_or(0) << at));
    let head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    head.into_iter().chain(packed).take(2_000_000).collect()
}
