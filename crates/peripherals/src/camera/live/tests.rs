//! Cameras as a script plays them: away, busy, unplugged, plugged in elsewhere, sending rubbish.

use super::{Fault, Live, Wanted};
use crate::camera::device::{Cameras, Coding, Device, Offer, Plugged, Raw};
use crate::camera::raw::Layout;
use crate::limits::CORRUPT_IN_A_ROW;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(60);
const SIZE: usize = 64;

/// What the camera does next; the thread waits for it.
enum Show {
    Frame(u8),
    Rubbish,
    Fault(Fault),
}

/// Answers to the calls, in order; the last list of cameras stays.
struct Script {
    plugged: VecDeque<Vec<Plugged>>,
    opens: VecDeque<Result<(), Fault>>,
    opened: Arc<Mutex<Vec<u32>>>,
    shows: Arc<Mutex<Receiver<Show>>>,
}

struct Scripted(Arc<Mutex<Receiver<Show>>>);

fn camera(number: u32, name: &str) -> Plugged {
    Plugged { number, name: name.to_owned() }
}

impl Cameras for Script {
    fn plugged(&mut self) -> Result<Vec<Plugged>, Fault> {
        let now = self.plugged.front().cloned().unwrap_or_default();
        if self.plugged.len() > 1 {
            self.plugged.pop_front();
        }
        Ok(now)
    }

    fn open(
        &mut self,
        number: u32,
        choose: &dyn Fn(&[Offer]) -> Option<Offer>,
    ) -> Result<Box<dyn Device>, Fault> {
        let grey = Offer { coding: Coding::Plain(Layout::Grey), width: 64, height: 64, rate: 30 };
        assert_eq!(choose(&[grey]), Some(grey));
        self.opened.lock().unwrap().push(number);
        self.opens.pop_front().unwrap_or(Ok(()))?;
        Ok(Box::new(Scripted(Arc::clone(&self.shows))))
    }
}

impl Device for Scripted {
    fn next(&mut self) -> Result<Raw<'_>, Fault> {
        let raw = |coding: Coding, bytes: Vec<u8>| Raw {
            coding,
            width: SIZE,
            height: SIZE,
            bytes: Cow::Owned(bytes),
        };
        match self.0.lock().unwrap().recv() {
            Ok(Show::Frame(grey)) => Ok(raw(Coding::Plain(Layout::Grey), vec![grey; SIZE * SIZE])),
            Ok(Show::Rubbish) => Ok(raw(Coding::Jpeg, vec![0xFF, 0xD8, 1, 2, 3])),
            Ok(Show::Fault(fault)) => Err(fault),
            Err(_) => Err(Fault::Ended),
        }
    }
}

/// A camera that follows the script, the way to make it show something, and the numbers that were opened.
type Stage = (Live, SyncSender<Show>, Arc<Mutex<Vec<u32>>>);

fn stage(plugged: Vec<Vec<Plugged>>, opens: Vec<Result<(), Fault>>, number: Option<u32>) -> Stage {
    let (show, shows) = sync_channel(0);
    let opened = Arc::default();
    let script = Script {
        plugged: plugged.into(),
        opens: opens.into(),
        opened: Arc::clone(&opened),
        shows: Arc::new(Mutex::new(shows)),
    };
    let live = Live::start(script, Wanted { number, ..Wanted::USUAL }, Duration::ZERO).unwrap();
    (live, show, opened)
}

/// Makes the camera show a frame, and reads until it is there; says what was told before it.
fn frame(live: &Live, show: &SyncSender<Show>, grey: u8) -> Vec<Fault> {
    let mut told = Vec::new();
    show.send(Show::Frame(grey)).unwrap();
    loop {
        match live.wait(LONG).unwrap() {
            Ok(luma) => {
                assert_eq!(luma.bytes()[0], grey);
                return told;
            }
            Err(fault) => told.push(fault),
        }
    }
}

#[test]
fn without_a_camera_it_is_said_and_one_that_is_plugged_in_is_used() {
    let (live, show, opened) = stage(vec![vec![], vec![camera(3, "Webcam")]], vec![], None);
    let told = frame(&live, &show, 7);
    assert!(
        told.iter().all(|fault| fault.to_string() == "there is no camera: none is plugged in"),
        "{told:?}"
    );
    assert_eq!(*opened.lock().unwrap(), [3]);
}

#[test]
fn a_busy_camera_is_tried_again() {
    let busy = Fault::Busy { detail: "another program".to_owned() };
    let (live, show, opened) =
        stage(vec![vec![camera(0, "Webcam")]], vec![Err(busy.clone()), Err(busy.clone())], None);
    let told = frame(&live, &show, 9);
    assert!(told.iter().all(|fault| *fault == busy), "{told:?}");
    assert_eq!(*opened.lock().unwrap(), [0, 0, 0]);
}

#[test]
fn a_camera_that_was_unplugged_is_found_again_by_its_name() {
    let lists = vec![
        vec![camera(0, "Built in"), camera(2, "Counter")],
        vec![camera(0, "Built in")],
        vec![camera(0, "Built in"), camera(5, "Counter")],
    ];
    let (live, show, opened) = stage(lists, vec![], Some(2));
    assert_eq!(frame(&live, &show, 1), []);
    let gone = Fault::Away { detail: "no such device".to_owned() };
    show.send(Show::Fault(gone)).unwrap();
    let told = frame(&live, &show, 2);
    let known = ["there is no camera: no such device", "there is no camera: Counter is not plugged in"];
    assert!(told.iter().all(|fault| known.contains(&fault.to_string().as_str())), "{told:?}");
    assert_eq!(*opened.lock().unwrap(), [2, 5], "never the other camera");
}

#[test]
fn a_number_that_is_not_there_is_named() {
    let (live, _show, opened) = stage(vec![vec![camera(0, "Built in")]], vec![], Some(4));
    let told = live.wait(LONG).unwrap().unwrap_err();
    assert_eq!(told.to_string(), "there is no camera: none has the number 4");
    assert!(opened.lock().unwrap().is_empty());
}

#[test]
fn what_is_listed_as_a_camera_and_is_none_is_passed_over() {
    let unfit = Fault::Unfit { detail: "it offers no pictures".to_owned() };
    let plugged = vec![vec![camera(0, "Settings"), camera(1, "Webcam")]];
    let (live, show, opened) = stage(plugged, vec![Err(unfit)], None);
    assert_eq!(frame(&live, &show, 4), []);
    assert_eq!(*opened.lock().unwrap(), [0, 1]);
}

#[test]
fn a_camera_that_can_never_be_used_ends_it() {
    let unfit = Fault::Unfit { detail: "it offers no pictures".to_owned() };
    let (live, _show, _opened) = stage(vec![vec![camera(0, "Odd")]], vec![Err(unfit.clone())], None);
    assert_eq!(live.wait(LONG), Some(Err(unfit)));
    assert_eq!(live.wait(LONG), Some(Err(Fault::Ended)), "at once");
}

#[test]
fn corrupt_frames_are_left_out_and_many_in_a_row_are_told_once() {
    let (live, show, _opened) = stage(vec![vec![camera(0, "Webcam")]], vec![], None);
    for _ in 1..CORRUPT_IN_A_ROW {
        show.send(Show::Rubbish).unwrap();
    }
    assert_eq!(frame(&live, &show, 5), [], "a few are nobody's business");
    for _ in 0..CORRUPT_IN_A_ROW {
        show.send(Show::Rubbish).unwrap();
    }
    assert!(matches!(live.wait(LONG), Some(Err(Fault::Corrupt { .. }))));
    assert_eq!(frame(&live, &show, 6), []);
}

#[test]
fn a_camera_has_its_name_once_it_is_open() {
    let (live, _show, _opened) = stage(vec![vec![]], vec![], None);
    assert!(matches!(live.wait(LONG), Some(Err(Fault::Away { .. }))));
    assert_eq!(live.name(), None);
}

#[test]
fn the_thread_ends_when_nobody_reads() {
    let (live, show, _opened) = stage(vec![vec![camera(0, "Webcam")]], vec![], None);
    assert_eq!(frame(&live, &show, 5), []);
    assert_eq!(live.name().as_deref(), Some("Webcam"));
    let closing = live.close();
    // The script goes away with the thread, and with it whoever takes this.
    while show.send(Show::Frame(6)).is_ok() {}
    while !closing.is_over() {
        std::thread::yield_now();
    }
}
