//! What comes over the cable of a terminal with an ECR Hub that is no answer: noise, wrong checksums, lengths
//! beyond the limit, lost and doubled frames. Over pseudo-terminals.

use super::hubs::no_answers;
use super::scene::{every, listing, runtime, untouched};
use acceptance::hub_shop::{HubShop, quick, settings_on};
use acceptance::program::Program;
use simulator::ecrhub::{Cable, Settings};
use simulator::script::{Delivery, Rule, Script};
use simulator::serve::Tty;
use std::path::Path;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

fn is_paid_once(name: &str, shop: &HubShop) -> Result<(), String> {
    let ended = shop.pay("18.00").end();
    let settled = ended.of("settled");
    let outcomes: Vec<_> = settled.iter().map(|line| line["outcome"].clone()).collect();
    let is_paid = ended.code == Some(0) && outcomes == ["approved"];
    let (orders, bank) = (shop.terminal.orders().len(), shop.bank.balance("SEK"));
    if !is_paid || orders != 1 || bank != 18_00 {
        return Err(format!("{name}: {orders} orders, {bank}: {:#?} {}", ended.lines, ended.words));
    }
    Ok(())
}

#[test]
fn answers_on_a_cable_that_are_none_end_in_the_truth() {
    let runtime = runtime();
    every(&no_answers(), |(name, action)| {
        let script = Script::new().rule(Rule::on("pay").times(1).act(action.clone()));
        let shop = HubShop::on_cable(runtime.handle(), quick(), Some(script), "");
        is_paid_once(name, &shop)
    });
}

/// Frames that are lost, changed, doubled, cut and drowned in noise, each for itself and all together.
#[test]
fn a_bad_cable_charges_once() {
    let runtime = runtime();
    let good = Cable::default();
    let cables = [
        ("every second checksum is wrong", Cable { wrong_sum: 2, ..good.clone() }),
        ("noise before every frame", Cable { noise: 1, ..good.clone() }),
        ("every second frame is lost", Cable { lose_data: 2, ..good.clone() }),
        ("every second acknowledgement is lost", Cable { lose_ack: 2, ..good.clone() }),
        ("every frame comes twice", Cable { double_data: 1, ..good.clone() }),
        ("every frame comes in pieces", Cable { pieces: 1, ..good.clone() }),
        ("numbers begin anew after 255", Cable { last_id: 254, ..good.clone() }),
        ("it confirms late", Cable { confirm_ms: 3_000, ..good.clone() }),
        ("it gives up after one try", Cable { tries: 1, lose_ack: 3, ..good.clone() }),
        (
            "all of it",
            Cable { wrong_sum: 5, noise: 2, lose_data: 3, lose_ack: 3, double_data: 2, pieces: 2, ..good },
        ),
    ];
    every(&cables, |(name, cable)| {
        let settings = Settings { cable: cable.clone(), ..quick() };
        is_paid_once(name, &HubShop::on_cable(runtime.handle(), settings, None, ""))
    });
}

/// A frame that tells a length beyond the limit swallows nothing that comes after it.
#[test]
fn a_length_beyond_the_limit_hides_no_answer() {
    let runtime = runtime();
    let lengths = [16_000, 17_000, 40_000, 20 << 20];
    every(&lengths, |bytes| {
        let rule = Rule::on("pay").times(1).act(Delivery::Oversize(*bytes));
        let shop = HubShop::on_cable(runtime.handle(), quick(), Some(Script::new().rule(rule)), "");
        is_paid_once(&bytes.to_string(), &shop)
    });
}

/// Every frame's checksum is wrong: nobody is charged, and it is told as a bad cable or a silent terminal.
#[test]
fn checksums_that_are_always_wrong_charge_nobody() {
    let runtime = runtime();
    let cable = Cable { wrong_sum: 1, tries: 0, ..Cable::default() };
    let shop = HubShop::on_cable(runtime.handle(), Settings { cable, ..quick() }, None, "");
    let ended = shop.pay("18.00").end();
    assert_eq!(ended.code, Some(6), "{:#?} {}", ended.lines, ended.words);
    assert!(shop.terminal.orders().is_empty());
}

/// Something at the port says nothing but noise, without end.
#[test]
fn a_port_full_of_noise_charges_nobody() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let (mut tty, port) = Tty::pair().unwrap();
    let noise = runtime.spawn(async move {
        let (mut byte, mut heard) = (7_u8, [0; 64]);
        let mut rhythm = tokio::time::interval(std::time::Duration::from_millis(20));
        loop {
            let noise: Vec<u8> = std::iter::repeat_with(|| {
                byte = byte.wrapping_mul(37).wrapping_add(0x55);
                byte
            })
            .take(200)
            .collect();
            if tty.write_all(&noise).await.is_err() {
                return;
            }
            tokio::select! {
                _ = rhythm.tick() => {}
                _ = tty.read(&mut heard) => {}
            }
        }
    });
    let ended = pays_at(&port, "connect_ms = 3000\n");
    assert_eq!(ended.code, Some(6), "{ended:#?}");
    assert!(ended.words.contains("port") || ended.words.contains("cable"), "{}", ended.words);
    noise.abort();
}

fn pays_at(port: &Path, more: &str) -> acceptance::program::Ended {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("settings.toml"), settings_on(port, more)).unwrap();
    Program::start(&[], folder.path(), &["pay", "--terminal", "desk", "--amount", "18.00"]).end()
}

/// Settings that name no port: said with file and line, and nothing is touched.
#[test]
fn settings_of_a_hubs_cable_that_cannot_be_used() {
    let rows = [
        ("usb = \"05c6:9025\"\n", "usb"),
        ("connect_ms = 10\n", "connect_ms"),
        ("host = \"192.168.1.4\"\n", "host"),
        ("expires_ms = 1000\n", "expires_ms"),
        ("surprise = 1\n", "surprise"),
    ];
    for (more, key) in rows {
        let folder = tempfile::tempdir().unwrap();
        let text = settings_on(Path::new("/dev/pts/99"), more);
        std::fs::write(folder.path().join("settings.toml"), text).unwrap();
        let before = listing(folder.path());
        let ended = Program::start(&[], folder.path(), &["check", "desk"]).end();
        assert_ne!(ended.code, Some(0), "{key}");
        let said = format!("{:?} {}", ended.lines, ended.words);
        assert!(said.contains(key) && said.contains("settings.toml"), "{key}: {said}");
        untouched(&before, folder.path(), key);
    }
}
