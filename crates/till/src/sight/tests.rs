//! The camera as a script plays it, in virtual time: what is shown, what is told, and who gets the camera
//! when.

use super::worker::Job;
use super::*;
use crate::api::{CameraState, SeenCode};
use peripherals::camera::device::{Coding, Device, Offer, Raw};
use peripherals::camera::draw;
use peripherals::camera::raw::Layout;
use std::borrow::Cow;
use std::sync::{Condvar, Mutex};
use std::time::Duration;
use tokio::time::advance;

const CODE: &str = "287654321098765432";
const OTHER: &str = "134567890123456789";
const PRODUCT: &str = "7310865004703";
const SIDES: (usize, usize) = (640, 480);

/// What is before the camera.
#[derive(Clone, Debug)]
enum Shows {
    Codes(&'static [&'static str]),
    Rubbish,
    Unplugged,
    TakenByAnother,
    NothingReadable,
    Hangs,
}

/// A computer with one camera, unless it is away.
#[derive(Clone, Debug)]
struct Stage(Arc<(Mutex<Scene>, Condvar)>);

#[derive(Debug)]
struct Scene {
    shows: Shows,
    /// Cameras that are open now, and that ever were.
    open: usize,
    opened: usize,
}

impl Stage {
    fn showing(shows: Shows) -> Self {
        Self(Arc::new((Mutex::new(Scene { shows, open: 0, opened: 0 }), Condvar::new())))
    }
    fn show(&self, shows: Shows) {
        self.0.0.lock().unwrap().shows = shows;
        self.0.1.notify_all();
    }
    fn opened(&self) -> usize {
        self.0.0.lock().unwrap().opened
    }
    /// Waits until the camera was given back.
    fn is_given_back(&self) {
        let scene = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(scene, |scene| scene.open > 0).unwrap());
    }
}

impl Cameras for Stage {
    fn plugged(&mut self) -> Result<Vec<Plugged>, Fault> {
        let is_away = matches!(self.0.0.lock().unwrap().shows, Shows::Unplugged);
        let camera = Plugged { number: 0, name: "Webcam".to_owned() };
        Ok(if is_away { Vec::new() } else { vec![camera] })
    }
    fn open(
        &mut self,
        _number: u32,
        _choose: &dyn Fn(&[Offer]) -> Option<Offer>,
    ) -> Result<Box<dyn Device>, Fault> {
        let mut scene = self.0.0.lock().unwrap();
        if matches!(scene.shows, Shows::TakenByAnother) {
            return Err(Fault::Busy { detail: "another program".to_owned() });
        }
        if matches!(scene.shows, Shows::NothingReadable) {
            return Err(Fault::Unfit { detail: "no pictures".to_owned() });
        }
        scene.open += 1;
        scene.opened += 1;
        Ok(Box::new(Eye(self.clone())))
    }
}

struct Eye(Stage);

impl Device for Eye {
    fn next(&mut self) -> Result<Raw<'_>, Fault> {
        let (scene, changed) = &*self.0.0;
        // A camera's pace; a change is shown at once.
        let pace = Duration::from_millis(5);
        let (scene, _) = changed.wait_timeout(scene.lock().unwrap(), pace).unwrap();
        let scene = changed.wait_while(scene, |scene| matches!(scene.shows, Shows::Hangs)).unwrap();
        let raw = |coding: Coding, bytes: Vec<u8>| {
            let (width, height) = SIDES;
            Ok(Raw { coding, width, height, bytes: Cow::Owned(bytes) })
        };
        match scene.shows {
            Shows::Codes(texts) => raw(Coding::Plain(Layout::Grey), beside(texts)),
            Shows::Rubbish => raw(Coding::Jpeg, vec![0xFF, 0xD8, 1]),
            Shows::Unplugged => Err(Fault::Away { detail: "no such device".to_owned() }),
            Shows::TakenByAnother => Err(Fault::Busy { detail: "another program".to_owned() }),
            Shows::NothingReadable | Shows::Hangs => Err(Fault::Unfit { detail: "odd".to_owned() }),
        }
    }
}

impl Drop for Eye {
    fn drop(&mut self) {
        self.0.0.0.lock().unwrap().open -= 1;
        self.0.0.1.notify_all();
    }
}

/// Codes beside each other, as one picture.
fn beside(texts: &[&str]) -> Vec<u8> {
    let (width, height) = SIDES;
    let flat = vec![105; width * height];
    if texts.is_empty() {
        return flat;
    }
    let each = width / texts.len();
    let drawn: Vec<_> = texts.iter().map(|text| draw(text, each, height, 6).unwrap()).collect();
    (0..height)
        .flat_map(|y| drawn.iter().flat_map(move |luma| luma.rows().nth(y).unwrap().to_vec()))
        .collect()
}

#[async_trait]
impl Eyes for Stage {
    fn is_there(&self) -> bool {
        true
    }
    fn start(&self, wanted: Wanted) -> Result<Live, Fault> {
        Live::start(self.clone(), wanted, Duration::ZERO)
    }
    async fn found(&self) -> Found {
        Found::default()
    }
}

fn settings(eyes: &str) -> Settings {
    let text = format!("[till]\nid = \"T1\"\ncurrency = \"SEK\"\n[shop]\nname = \"Shop\"\n{eyes}");
    Settings::parse(&text, "settings.toml").unwrap()
}

fn senses(stage: &Stage) -> (Kept, Clock) {
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    (Kept(Senses::of(Arc::new(stage.clone()), &settings(""), &clock)), clock)
}

async fn until(watching: &mut Watching<Sight>, is_so: impl Fn(&Sight) -> bool) -> Sight {
    let sight = watching.values.wait_for(|sight| is_so(sight)).await.unwrap();
    sight.as_ref().clone()
}

/// Lets time pass until it is so: a frame that was under way counts as of later.
async fn in_time(watching: &mut Watching<Sight>, step: Duration, is_so: impl Fn(&Sight) -> bool) {
    while !is_so(&watching.values.borrow_and_update()) {
        advance(step).await;
        watching.values.changed().await.unwrap();
    }
}

async fn code(watching: &mut Watching<Sight>) -> SeenCode {
    until(watching, |sight| sight.code.is_some()).await.code.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_code_is_seen_numbered_and_gone_a_moment_after_it_is_put_away() {
    let stage = Stage::showing(Shows::Codes(&[]));
    let (senses, clock) = senses(&stage);
    let mut watching = senses.sight();
    let empty = until(&mut watching, |sight| sight.preview.is_some()).await;
    assert_eq!(empty.camera, CameraState::Looking { name: "Webcam".to_owned() });
    assert_eq!((empty.code, empty.refused, empty.hint), (None, None, None));
    stage.show(Shows::Codes(&[CODE]));
    let seen = code(&mut watching).await;
    assert_eq!((seen.number, seen.wallet.as_str(), seen.age_ms, seen.used), (1, "alipay", 0, false));
    assert_eq!(senses.codes().find(1, clock.mono()).unwrap().reveal(), CODE);
    stage.show(Shows::Codes(&[]));
    in_time(&mut watching, limits::IN_VIEW, |sight| sight.code.is_none()).await;
    stage.show(Shows::Codes(&[CODE]));
    let again = code(&mut watching).await;
    assert!(again.number == 1 && u128::from(again.age_ms) >= limits::IN_VIEW.as_millis());
    assert!(!format!("{:?} {:?}", senses.codes(), watching.values.borrow()).contains(CODE));
}

#[tokio::test(start_paused = true)]
async fn a_code_that_was_taken_is_shown_as_used() {
    let stage = Stage::showing(Shows::Codes(&[CODE]));
    let (senses, clock) = senses(&stage);
    let mut watching = senses.sight();
    let seen = code(&mut watching).await;
    let taken = senses.codes().find(seen.number, clock.mono()).unwrap();
    senses.codes().take(&hex(&taken), clock.mono());
    let used = until(&mut watching, |sight| sight.code.as_ref().is_some_and(|code| code.used)).await;
    assert_eq!(used.code.unwrap().number, 1);
    assert_eq!(senses.codes().find(1, clock.mono()), Err(Unknown::Taken));
}

#[tokio::test(start_paused = true)]
async fn of_two_codes_neither_is_passed_on_and_a_product_is_called_one() {
    let stage = Stage::showing(Shows::Codes(&[CODE, OTHER]));
    let (senses, clock) = senses(&stage);
    let mut watching = senses.sight();
    let both = until(&mut watching, |sight| sight.hint.is_some()).await;
    assert_eq!((both.hint.as_deref(), both.code), (Some("two_codes"), None));
    assert_eq!(senses.codes().find(1, clock.mono()), Err(Unknown::Gone));
    stage.show(Shows::Codes(&[PRODUCT]));
    let refused = |sight: &Sight| sight.refused.as_deref() == Some("product") && sight.hint.is_none();
    in_time(&mut watching, limits::IN_VIEW, refused).await;
}

#[tokio::test(start_paused = true)]
async fn a_camera_that_goes_is_away_or_busy_and_comes_back_by_itself() {
    let stage = Stage::showing(Shows::Codes(&[CODE]));
    let (senses, _) = senses(&stage);
    let mut watching = senses.sight();
    code(&mut watching).await;
    stage.show(Shows::Unplugged);
    let away = until(&mut watching, |sight| sight.camera == CameraState::Away).await;
    assert_eq!((away.preview, away.code), (None, None), "nothing of before");
    stage.show(Shows::TakenByAnother);
    until(&mut watching, |sight| sight.camera == CameraState::Busy).await;
    stage.show(Shows::Codes(&[OTHER]));
    assert_eq!(code(&mut watching).await.wallet, "wechat");
    stage.show(Shows::Rubbish);
    until(&mut watching, |sight| sight.camera == CameraState::Unfit).await;
    stage.show(Shows::Codes(&[OTHER]));
    assert_eq!(code(&mut watching).await.number, 2);
}

#[tokio::test(start_paused = true)]
async fn a_camera_that_can_never_be_used_is_tried_again_by_the_next_watch() {
    let stage = Stage::showing(Shows::NothingReadable);
    let (senses, _) = senses(&stage);
    let mut watching = senses.sight();
    until(&mut watching, |sight| sight.camera == CameraState::Unfit).await;
    drop(watching);
    stage.show(Shows::Codes(&[CODE]));
    assert_eq!(code(&mut senses.sight()).await.number, 1);
}

#[tokio::test(start_paused = true)]
async fn the_camera_runs_only_while_somebody_watches() {
    let stage = Stage::showing(Shows::Codes(&[CODE]));
    let (senses, clock) = senses(&stage);
    assert_eq!(stage.opened(), 0);
    let (mut one, mut other) = (senses.sight(), senses.sight());
    code(&mut one).await;
    drop(one);
    in_time(&mut other, limits::IN_VIEW, |sight| sight.code.as_ref().is_some_and(|code| code.age_ms > 0))
        .await;
    assert_eq!(stage.opened(), 1, "the second watches through the same camera");
    let values = other.values.clone();
    drop(other);
    stage.is_given_back();
    let mut after = Watching { values, until: Until(Box::new(())) };
    until(&mut after, |sight| *sight == Sight::default()).await;
    assert!(senses.codes().find(1, clock.mono()).is_ok(), "a payment may have its number");
    code(&mut senses.sight()).await;
    assert_eq!(stage.opened(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_driver_that_hangs_holds_nobody_up_and_is_told_as_busy() {
    let stage = Stage::showing(Shows::Codes(&[CODE]));
    let (senses, _) = senses(&stage);
    let mut watching = senses.sight();
    code(&mut watching).await;
    stage.show(Shows::Hangs);
    while watching.values.borrow().camera != CameraState::Away {
        advance(limits::CAMERA_SILENT).await;
        std::thread::yield_now();
    }
    let values = watching.values.clone();
    drop(watching);
    let mut after = Watching { values, until: Until(Box::new(())) };
    until(&mut after, |sight| *sight == Sight::default()).await;
    let mut again = senses.sight();
    until(&mut again, |sight| sight.camera == CameraState::Starting).await;
    advance(limits::CAMERA_CLOSES).await;
    until(&mut again, |sight| sight.camera == CameraState::Busy).await;
    assert_eq!(stage.opened(), 1);
    stage.show(Shows::Codes(&[CODE]));
    assert_eq!(code(&mut again).await.wallet, "alipay");
    assert_eq!(stage.opened(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_a_camera_showed_before_it_stalled_is_in_view_no_longer_than_a_moment() {
    let stage = Stage::showing(Shows::Codes(&[CODE]));
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    let mut look = Look::new(Arc::new(stage.clone()), Codes::default(), clock);
    let (told, camera) = (look.subscribe(), settings("").camera);
    while told.borrow().code.is_none() {
        look.work(&camera, 1);
    }
    stage.show(Shows::Hangs);
    // Frames that were under way still come.
    while told.borrow().code.is_some() {
        advance(limits::IN_VIEW).await;
        look.work(&camera, 1);
    }
    let stalled = told.borrow().as_ref().clone();
    let name = "Webcam".to_owned();
    assert_eq!((stalled.camera, stalled.preview), (CameraState::Looking { name }, None));
    stage.show(Shows::Codes(&[CODE]));
    while told.borrow().code.is_none() {
        look.work(&camera, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn settings_count_at_once_and_the_end_of_the_till_ends_every_watch() {
    let stage = Stage::showing(Shows::Codes(&[CODE]));
    let (senses, _) = senses(&stage);
    let mut watching = senses.sight();
    code(&mut watching).await;
    let unused = settings("[camera]\nuse = false\n");
    senses.set(unused.camera, &unused.scanner);
    until(&mut watching, |sight| sight.camera == CameraState::Off).await;
    stage.is_given_back();
    let other = settings("[camera]\nsize = \"640x480\"\n");
    senses.set(other.camera, &other.scanner);
    code(&mut watching).await;
    assert_eq!(stage.opened(), 2);
    let mut scans = senses.scans();
    drop(senses);
    assert!(watching.values.wait_for(|_| false).await.is_err());
    assert!(scans.values.wait_for(|_| false).await.is_err());
    stage.is_given_back();
}

#[tokio::test(start_paused = true)]
async fn a_codes_text_goes_also_when_nobody_watches() {
    let stage = Stage::showing(Shows::Codes(&[CODE]));
    let (senses, clock) = senses(&stage);
    code(&mut senses.sight()).await;
    stage.is_given_back();
    assert!(senses.codes().expire(clock.mono()).is_some());
    advance(limits::SEEN_KEPT).await;
    assert_eq!(senses.codes().find(1, clock.mono()), Err(Unknown::Gone));
    assert_eq!(senses.codes().expire(clock.mono()), None);
}

#[tokio::test]
async fn a_program_without_cameras_has_its_camera_off() {
    let clock = Clock::system(jiff::tz::TimeZone::UTC);
    let senses = Senses::of(Arc::new(NoEyes), &settings(""), &clock);
    let watching = senses.sight();
    assert_eq!(watching.values.borrow().camera, CameraState::Off);
    assert_eq!(senses.found().await, Found::default());
}
