//! This computer's cameras, by the crate `nokhwa`.
//!
//! The library is asked for three things alone: what is plugged in, what a camera offers, and the bytes as
//! the camera sends them. Its own way to a picture goes through colours, which takes longer. What it does not
//! offer: a limit to the wait for a frame, and grey cameras under the name that Linux gives them.
//! Invariant: a panic inside the library is a fault of the camera.

use std::borrow::Cow;

use nokhwa::Camera;
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType,
};

use super::Fault;
use super::device::{Cameras, Coding, Device, Offer, Plugged, Raw};
use super::raw::Layout;
use crate::quiet::quietly;

/// All that can be made luma of.
const CODINGS: [FrameFormat; 6] = [
    FrameFormat::MJPEG,
    FrameFormat::YUYV,
    FrameFormat::NV12,
    FrameFormat::GRAY,
    FrameFormat::RAWRGB,
    FrameFormat::RAWBGR,
];

/// The cameras that are plugged in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Webcams;

/// One that is open and sends.
struct Webcam {
    camera: Camera,
    offer: Offer,
}

impl Cameras for Webcams {
    fn plugged(&mut self) -> Result<Vec<Plugged>, Fault> {
        let told = quietly(|| nokhwa::query(ApiBackend::Auto)).ok_or_else(gave_up)?;
        let mut plugged: Vec<Plugged> = told
            .map_err(|error| fault(&error.to_string()))?
            .into_iter()
            .filter_map(|camera| {
                Some(Plugged { number: camera.index().as_index().ok()?, name: camera.human_name() })
            })
            .collect();
        plugged.sort_by_key(|camera| camera.number);
        Ok(plugged)
    }

    fn open(
        &mut self,
        number: u32,
        choose: &dyn Fn(&[Offer]) -> Option<Offer>,
    ) -> Result<Box<dyn Device>, Fault> {
        let opened = quietly(|| {
            // Any format to begin with: what the library calls the closest one is not found on many cameras.
            let any = RequestedFormat::with_formats(RequestedFormatType::None, &CODINGS);
            let mut camera = Camera::new(CameraIndex::Index(number), any)?;
            let offers: Vec<Offer> = camera.compatible_camera_formats()?.iter().map(offer).collect();
            let Some(chosen) = choose(&offers) else { return Ok(None) };
            camera.set_camera_requset(RequestedFormat::with_formats(
                RequestedFormatType::Exact(wanted(chosen)),
                &CODINGS,
            ))?;
            camera.open_stream()?;
            let offer = offer(&camera.camera_format());
            Ok(Some(Webcam { camera, offer }))
        });
        let opened =
            opened.ok_or_else(gave_up)?.map_err(|error: nokhwa::NokhwaError| fault(&error.to_string()))?;
        let none = || Fault::Unfit { detail: "it offers no pictures that can be read".to_owned() };
        Ok(Box::new(opened.ok_or_else(none)?))
    }
}

impl Device for Webcam {
    fn next(&mut self) -> Result<Raw<'_>, Fault> {
        let Offer { coding, width, height, .. } = self.offer;
        let camera = &mut self.camera;
        // The bytes are copied: the library keeps the place for the camera's next frames.
        let frame = quietly(|| camera.frame_raw().map(Cow::into_owned)).ok_or_else(gave_up)?;
        // A camera that stops sending is gone until it is opened again.
        let bytes = frame.map_err(|error| Fault::Away { detail: error.to_string() })?;
        let side = |side: u32| usize::try_from(side).unwrap_or_default();
        Ok(Raw { coding, width: side(width), height: side(height), bytes: Cow::Owned(bytes) })
    }
}

fn offer(format: &CameraFormat) -> Offer {
    let coding = match format.format() {
        FrameFormat::MJPEG => Coding::Jpeg,
        FrameFormat::YUYV => Coding::Plain(Layout::Yuyv),
        FrameFormat::NV12 => Coding::Plain(Layout::Nv12),
        FrameFormat::GRAY => Coding::Plain(Layout::Grey),
        FrameFormat::RAWRGB => Coding::Plain(Layout::Rgb),
        FrameFormat::RAWBGR => Coding::Plain(Layout::Bgr),
    };
    Offer { coding, width: format.width(), height: format.height(), rate: format.frame_rate() }
}

fn wanted(offer: Offer) -> CameraFormat {
    let coding = match offer.coding {
        Coding::Jpeg => FrameFormat::MJPEG,
        Coding::Plain(Layout::Yuyv) => FrameFormat::YUYV,
        Coding::Plain(Layout::Nv12) => FrameFormat::NV12,
        Coding::Plain(Layout::Grey) => FrameFormat::GRAY,
        Coding::Plain(Layout::Rgb) => FrameFormat::RAWRGB,
        Coding::Plain(Layout::Bgr) => FrameFormat::RAWBGR,
    };
    CameraFormat::new_from(offer.width, offer.height, coding, offer.rate)
}

fn gave_up() -> Fault {
    Fault::Unfit { detail: "the camera library gave up".to_owned() }
}

/// What the system's words, which the library passes on as text alone, mean.
fn fault(words: &str) -> Fault {
    let (lower, detail) = (words.to_lowercase(), words.to_owned());
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(phrase));
    if says(&["busy", "in use", "os error 16"]) {
        Fault::Busy { detail }
    } else if says(&["no such file", "no such device", "not found", "os error 2)", "os error 19"]) {
        Fault::Away { detail }
    } else {
        Fault::Unfit { detail }
    }
}

#[cfg(test)]
mod tests {
    use super::{CODINGS, CameraFormat, Cameras, Fault, Webcams, fault, offer, wanted};

    #[test]
    fn the_systems_words_are_understood() {
        let rows = [
            ("Could not open device stream: Device or resource busy (os error 16)", "busy"),
            ("Could not open device 0: V4L2 Error: No such file or directory (os error 2)", "away"),
            ("Could not open device 0: V4L2 Error: No such device (os error 19)", "away"),
            ("Could not open device 0: V4L2 Error: Permission denied (os error 13)", "unfit"),
            ("Could not get device property CameraFormat: Failed to Fufill", "unfit"),
        ];
        for (words, code) in rows {
            assert_eq!(fault(words).code(), code, "{words}");
        }
    }

    #[test]
    fn an_offer_goes_there_and_back() {
        for coding in CODINGS {
            let format = CameraFormat::new_from(1280, 720, coding, 30);
            assert_eq!(wanted(offer(&format)), format);
        }
    }

    #[test]
    fn a_number_that_no_camera_has_is_a_camera_that_is_away() {
        let mut cameras = Webcams;
        let free =
            cameras.plugged().unwrap().iter().map(|camera| camera.number + 1).max().unwrap_or(0) + 40;
        let refused = cameras.open(free, &|_| None).err().unwrap();
        assert!(matches!(refused, Fault::Away { .. }), "{refused}");
    }
}
