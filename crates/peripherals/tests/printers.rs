//! Printers of every mood: each call ends within its limits and says what is wrong.
#![allow(clippy::unwrap_used)]

use std::future::{Future, pending};
use std::time::Duration;

use peripherals::escpos::{ASK_OFFLINE, ASK_PAPER};
use peripherals::limits::Limits;
use peripherals::printer::{Fault, Printed, Printer, Prints};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Short, because some of these printers use them up.
const LIMITS: Limits = Limits {
    connect: Duration::from_millis(2_000),
    status: Duration::from_millis(200),
    write: Duration::from_millis(500),
    done: Duration::from_millis(500),
};
const SLIP: &[u8] = b"\x1b@TOTAL 12,50\n\x1dV\x42\x00";
const ENOUGH: u8 = 0x12;
const LOW: u8 = 0x1e;
const OUT: u8 = 0x72;
/// Nothing holds it up.
const FINE: u8 = 0x12;
const COVER_OPEN: u8 = 0x16;

/// A printer that treats its one visitor in its own way.
async fn printer<T, F>(mood: impl FnOnce(TcpStream) -> F + Send + 'static) -> (Printer, JoinHandle<T>)
where
    F: Future<Output = T> + Send,
    T: Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = listener.local_addr().unwrap().to_string();
    let visit = tokio::spawn(async move { mood(listener.accept().await.unwrap().0).await });
    (Printer::of("tcp", &target).unwrap(), visit)
}

/// Answers the first questions for paper with these bytes, and keeps what else it gets until the till hangs
/// up. Nothing holds it up.
async fn answering(stream: TcpStream, papers: &'static [u8]) -> Vec<u8> {
    answering_both(stream, papers, &[FINE]).await
}

/// As [`answering`], with its answers to the other question.
async fn answering_both(mut stream: TcpStream, papers: &'static [u8], covers: &'static [u8]) -> Vec<u8> {
    let (mut papers, mut covers) = (papers.iter(), covers.iter());
    let (mut got, mut buffer) = (Vec::new(), [0; 1_024]);
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        if read == 0 {
            return got;
        }
        got.extend(&buffer[..read]);
        for (question, answers) in [(ASK_PAPER, &mut papers), (ASK_OFFLINE, &mut covers)] {
            while let Some(at) = got.windows(3).position(|window| window == question) {
                got.drain(at..at + 3);
                if let Some(answer) = answers.next() {
                    stream.write_all(&[*answer]).await.unwrap();
                }
            }
        }
    }
}

#[tokio::test]
async fn a_good_printer_gets_every_byte() {
    let (printer, visit) = printer(|stream| answering(stream, &[ENOUGH, ENOUGH])).await;
    assert_eq!(printer.print(SLIP, &LIMITS).await, Ok(Printed { paper_low: false }));
    assert_eq!(visit.await.unwrap(), SLIP);
}

#[tokio::test]
async fn a_roll_that_ends_soon_is_told_and_no_error() {
    let (printer, visit) = printer(|stream| answering(stream, &[LOW, LOW])).await;
    assert_eq!(printer.print(SLIP, &LIMITS).await, Ok(Printed { paper_low: true }));
    assert_eq!(visit.await.unwrap(), SLIP);
}

#[tokio::test]
async fn without_paper_nothing_is_sent() {
    let (printer, visit) = printer(|stream| answering(stream, &[OUT])).await;
    assert_eq!(printer.print(SLIP, &LIMITS).await, Err(Fault::PaperOut));
    assert_eq!(visit.await.unwrap(), b"");
}

#[tokio::test]
async fn with_its_cover_open_nothing_is_sent() {
    // The sensor may say that paper is there, or not: what somebody must see to is the cover.
    for papers in [&[ENOUGH], &[OUT]] {
        let (printer, visit) = printer(move |stream| answering_both(stream, papers, &[COVER_OPEN])).await;
        assert_eq!(printer.print(SLIP, &LIMITS).await, Err(Fault::CoverOpen));
        assert_eq!(visit.await.unwrap(), b"");
    }
    assert!(!Fault::CoverOpen.may_have_printed());
}

#[tokio::test]
async fn a_printer_that_knows_of_no_cover_prints_all_the_same() {
    for (papers, told) in [(&[ENOUGH], false), (&[LOW], true)] {
        let (printer, visit) = printer(move |stream| answering_both(stream, papers, &[])).await;
        assert_eq!(printer.print(SLIP, &LIMITS).await, Ok(Printed { paper_low: told }));
        assert_eq!(visit.await.unwrap(), SLIP);
    }
    let (printer, visit) = printer(|stream| answering_both(stream, &[OUT], &[])).await;
    assert_eq!(printer.print(SLIP, &LIMITS).await, Err(Fault::PaperOut));
    assert_eq!(visit.await.unwrap(), b"");
}

/// It answers about its paper alone; what is not on paper is never taken for printed.
#[tokio::test]
async fn a_printer_that_knows_of_no_cover_still_tells_that_its_paper_ran_out() {
    let (printer, visit) = printer(|stream| answering_both(stream, &[ENOUGH, OUT], &[])).await;
    assert_eq!(printer.print(SLIP, &LIMITS).await, Err(Fault::PaperOut));
    assert_eq!(visit.await.unwrap(), SLIP);
}

#[tokio::test]
async fn paper_that_runs_out_while_printing_is_told() {
    let (printer, visit) = printer(|stream| answering(stream, &[LOW, OUT])).await;
    assert_eq!(printer.print(SLIP, &LIMITS).await, Err(Fault::PaperOut));
    assert_eq!(visit.await.unwrap(), SLIP);
}

#[tokio::test]
async fn a_message_nobody_asked_for_is_no_answer() {
    let (printer, _visit) = printer(|mut stream| async move {
        stream.write_all(&[0x00, 0x0f, 0x03]).await.unwrap();
        answering(stream, &[OUT]).await
    })
    .await;
    assert_eq!(printer.print(SLIP, &LIMITS).await, Err(Fault::PaperOut));
}

#[tokio::test]
async fn a_printer_that_never_answers_prints_all_the_same() {
    let (printer, visit) = printer(|stream| answering(stream, &[])).await;
    assert_eq!(printer.print(SLIP, &LIMITS).await, Ok(Printed::default()));
    assert_eq!(visit.await.unwrap(), SLIP);
}

#[tokio::test]
async fn a_printer_that_is_still_printing_when_asked_again_is_no_error() {
    let (printer, visit) = printer(|stream| answering(stream, &[ENOUGH])).await;
    assert_eq!(printer.print(SLIP, &LIMITS).await, Ok(Printed::default()));
    assert_eq!(visit.await.unwrap(), SLIP);
}

#[tokio::test]
async fn a_print_server_that_only_listens_prints() {
    let (printer, visit) = printer(|mut stream| async move {
        stream.shutdown().await.unwrap();
        answering(stream, &[]).await
    })
    .await;
    assert_eq!(printer.print(SLIP, &LIMITS).await, Ok(Printed::default()));
    assert_eq!(visit.await.unwrap(), SLIP);
}

#[tokio::test]
async fn a_printer_that_takes_nothing_is_given_up() {
    let (printer, visit) = printer(|stream| async move {
        let _stream = stream;
        pending::<()>().await;
    })
    .await;
    let much = vec![b' '; 64 << 20];
    assert!(matches!(printer.print(&much, &LIMITS).await, Err(Fault::Stopped { .. })));
    visit.abort();
}

#[tokio::test]
async fn a_printer_that_dies_in_the_middle_is_told() {
    let (printer, visit) = printer(|mut stream| async move {
        stream.read_exact(&mut [0; 3]).await.unwrap();
        stream.write_all(&[ENOUGH]).await.unwrap();
        stream.read_exact(&mut [0; 5]).await.unwrap();
    })
    .await;
    assert!(matches!(printer.print(SLIP, &LIMITS).await, Err(Fault::Stopped { .. })));
    visit.await.unwrap();
}

#[tokio::test]
async fn a_silent_printer_that_dies_in_the_middle_is_told() {
    let (printer, visit) = printer(|mut stream| async move {
        stream.read_exact(&mut [0; 8]).await.unwrap();
    })
    .await;
    assert!(matches!(printer.print(SLIP, &LIMITS).await, Err(Fault::Stopped { .. })));
    visit.await.unwrap();
}

#[tokio::test]
async fn nobody_there_and_nobody_listening_are_two_things() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = listener.local_addr().unwrap().to_string();
    drop(listener);
    let refused = Printer::of("escpos", &target).unwrap().print(SLIP, &LIMITS).await;
    assert_eq!(refused, Err(Fault::Refused { target }));
    let away = Printer::of("tcp", "printer.invalid:9100").unwrap().print(SLIP, &LIMITS).await;
    assert!(matches!(away, Err(Fault::Away { .. })), "{away:?}");
    assert_eq!(Printer::of("none", "").unwrap().print(SLIP, &LIMITS).await, Err(Fault::NotSetUp));
}

#[tokio::test]
async fn a_file_grows_by_each_slip() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slips.bin");
    let printer = Printer::of("file", path.to_str().unwrap()).unwrap();
    for _ in 0..2 {
        assert_eq!(printer.print(SLIP, &LIMITS).await, Ok(Printed::default()));
    }
    assert_eq!(std::fs::read(&path).unwrap(), [SLIP, SLIP].concat());
    let folder = Printer::of("file", folder.path().to_str().unwrap()).unwrap();
    assert!(matches!(folder.print(SLIP, &LIMITS).await, Err(Fault::Away { .. })));
}

#[tokio::test]
async fn a_file_that_is_only_asked_about_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slips.bin");
    let printer = Printer::of("file", path.to_str().unwrap()).unwrap();
    assert_eq!(printer.print(&[], &LIMITS).await, Ok(Printed::default()));
    assert!(!path.exists());
    printer.print(SLIP, &LIMITS).await.unwrap();
    assert_eq!(printer.print(&[], &LIMITS).await, Ok(Printed::default()));
    assert_eq!(std::fs::read(&path).unwrap(), SLIP);
    let nowhere = folder.path().join("no-such-folder").join("slips.bin");
    let nowhere = Printer::of("file", nowhere.to_str().unwrap()).unwrap();
    assert!(matches!(nowhere.print(&[], &LIMITS).await, Err(Fault::Away { .. })));
}

#[cfg(unix)]
#[tokio::test]
async fn a_device_that_hangs_is_given_up_and_then_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lp0");
    let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let printer = Printer::of("file", path.to_str().unwrap()).unwrap();
    assert!(matches!(printer.print(SLIP, &LIMITS).await, Err(Fault::Stopped { .. })));
    let again = printer.print(SLIP, &LIMITS).await;
    assert!(matches!(again, Err(Fault::Away { .. })), "{again:?}");
    // Somebody reads at last: the late slip comes out and the thread ends.
    assert_eq!(std::fs::read(&path).unwrap(), SLIP);
}

#[test]
fn settings_that_name_no_printer_are_told() {
    for (driver, target, field) in [
        ("tcp", "printer", "target"),
        ("escpos", "", "target"),
        ("file", "", "target"),
        ("laser", "x:1", "driver"),
    ] {
        let fault = Printer::of(driver, target).unwrap_err();
        assert!(matches!(&fault, Fault::Setting { field: said, .. } if *said == field), "{fault}");
    }
}

#[test]
fn the_shops_limits_end_before_a_cashier_loses_patience() {
    let shop = Limits::SHOP;
    let worst = shop.connect + shop.status * 2 + shop.write + shop.done;
    assert!(worst <= Duration::from_secs(12), "{worst:?}");
}

/// A printer on a line of its own that answers every question from the list it is in, and then no more; it
/// ends with the slip's cut.
#[cfg(unix)]
mod on_a_line {
    use super::{
        ASK_OFFLINE, ASK_PAPER, COVER_OPEN, ENOUGH, FINE, Fault, LIMITS, LOW, OUT, Printed, Printer,
        Prints, SLIP,
    };
    use serialport::{SerialPort, TTYPort};
    use std::io::{ErrorKind, Read, Write};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread::JoinHandle;
    use std::time::Duration;

    /// The printer, the end of the visit, what came besides questions, and the other end of the line.
    struct Stand {
        printer: Printer,
        over: Arc<AtomicBool>,
        visit: JoinHandle<Vec<u8>>,
        _line: TTYPort,
    }

    fn stand(papers: &'static [u8], covers: &'static [u8]) -> Stand {
        let (mut far, near) = TTYPort::pair().unwrap();
        let printer = Printer::of("serial", &near.name().unwrap()).unwrap();
        far.set_timeout(Duration::from_millis(20)).unwrap();
        let over = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&over);
        let visit = std::thread::spawn(move || {
            let (mut came, mut papers, mut covers) = (Vec::new(), papers.iter(), covers.iter());
            let mut byte = [0];
            loop {
                match far.read(&mut byte) {
                    Ok(_) => came.push(byte[0]),
                    Err(error) if error.kind() == ErrorKind::TimedOut => {
                        if ended.load(Ordering::Acquire) {
                            return came;
                        }
                    }
                    Err(_) => return came,
                }
                for (question, answers) in [(ASK_PAPER, &mut papers), (ASK_OFFLINE, &mut covers)] {
                    if came.ends_with(&question) {
                        came.truncate(came.len() - question.len());
                        answers.next().into_iter().for_each(|answer| far.write_all(&[*answer]).unwrap());
                    }
                }
            }
        });
        Stand { printer, over, visit, _line: near }
    }

    async fn prints(papers: &'static [u8], covers: &'static [u8]) -> (Result<Printed, Fault>, Vec<u8>) {
        let Stand { printer, over, visit, _line } = stand(papers, covers);
        let result = printer.print(SLIP, &LIMITS).await;
        over.store(true, Ordering::Release);
        (result, visit.join().unwrap())
    }

    /// What it answers, what is told, and what came out.
    type Row = (&'static [u8], Result<Printed, Fault>, &'static [u8]);

    #[tokio::test]
    async fn a_printer_says_how_its_paper_is() {
        let rows: [Row; 4] = [
            (&[ENOUGH, ENOUGH], Ok(Printed { paper_low: false }), SLIP),
            (&[ENOUGH, LOW], Ok(Printed { paper_low: true }), SLIP),
            (&[ENOUGH, OUT], Err(Fault::PaperOut), SLIP),
            (&[OUT], Err(Fault::PaperOut), b""),
        ];
        for (answers, expected, came) in rows {
            assert_eq!(prints(answers, &[FINE]).await, (expected, came.to_vec()), "{answers:?}");
        }
    }

    #[tokio::test]
    async fn a_printer_that_never_answers_prints_all_the_same() {
        assert_eq!(prints(&[], &[]).await, (Ok(Printed::default()), SLIP.to_vec()));
    }

    #[tokio::test]
    async fn a_printer_says_that_its_cover_is_open() {
        for papers in [&[ENOUGH], &[OUT]] {
            assert_eq!(prints(papers, &[COVER_OPEN]).await, (Err(Fault::CoverOpen), Vec::new()));
        }
        let low = Ok(Printed { paper_low: true });
        assert_eq!(prints(&[LOW], &[]).await, (low, SLIP.to_vec()), "one that knows of none prints");
    }
}
