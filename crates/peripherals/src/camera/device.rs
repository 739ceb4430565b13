//! What a camera is to this program: a list of what is plugged in, and frames of the one that is opened.
//!
//! The seam that a camera library stands behind, and a script in tests. Everything that is decided about
//! cameras (which one, in which size, what to do when it goes away) is decided on this side of it. Invariant:
//! a [`Device`] stays on the thread that opened it; libraries demand that.

use std::borrow::Cow;
use std::fmt;

use super::Fault;
use super::raw::Layout;

/// A camera that is plugged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plugged {
    /// The system's number; another one may have it after the cable was pulled.
    pub number: u32,
    /// The name that it gives itself.
    pub name: String,
}

/// How a frame's bytes are to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// A JPEG picture.
    Jpeg,
    /// Pixels.
    Plain(Layout),
}

/// One way in which a camera can send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// How the bytes are to be understood.
    pub coding: Coding,
    /// Pixels of a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Frames a second.
    pub rate: u32,
}

impl fmt::Display for Offer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let coding = match self.coding {
            Coding::Jpeg => "JPEG",
            Coding::Plain(_) => "plain",
        };
        write!(out, "{} x {}, {} a second, {coding}", self.width, self.height, self.rate)
    }
}

/// A frame as the camera sent it.
#[derive(Debug)]
pub struct Raw<'a> {
    /// How the bytes are to be understood.
    pub coding: Coding,
    /// Pixels of a row; a JPEG picture says so itself.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The bytes.
    pub bytes: Cow<'a, [u8]>,
}

/// An open camera.
pub trait Device {
    /// Waits for the next frame. The system ends the wait when the camera goes away.
    ///
    /// # Errors
    /// Any [`Fault`]; after [`Fault::Corrupt`] the next frame can be asked for, after all others it has to be
    /// opened again.
    fn next(&mut self) -> Result<Raw<'_>, Fault>;
}

/// All cameras of this computer.
pub trait Cameras: Send {
    /// What is plugged in now.
    ///
    /// # Errors
    /// [`Fault::Unfit`] where this program cannot ask.
    fn plugged(&mut self) -> Result<Vec<Plugged>, Fault>;

    /// Opens one and lets `choose` pick one of its offers.
    ///
    /// # Errors
    /// Any [`Fault`] but [`Fault::Ended`].
    fn open(
        &mut self,
        number: u32,
        choose: &dyn Fn(&[Offer]) -> Option<Offer>,
    ) -> Result<Box<dyn Device>, Fault>;
}

/// Which camera is wanted, and in which size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The system's number; `None` takes the first that works.
    pub number: Option<u32>,
    /// Width and height; the nearest that the camera offers is taken.
    pub size: (u32, u32),
}

impl Wanted {
    /// Any camera at 1280 by 720: larger frames are noisier and take longer, and are read no better.
    pub const USUAL: Self = Self { number: None, size: (1280, 720) };

    /// The best of what a camera offers: fluent before jerky, then the nearest size, then what is quickest to
    /// make luma of.
    pub fn best(&self, offers: &[Offer]) -> Option<Offer> {
        let off = |offer: &Offer| {
            offer.width.abs_diff(self.size.0).saturating_add(offer.height.abs_diff(self.size.1))
        };
        let work = |coding: Coding| match coding {
            Coding::Plain(Layout::Grey) => 0,
            Coding::Plain(Layout::Nv12 | Layout::Yuyv) => 1,
            Coding::Jpeg => 2,
            Coding::Plain(Layout::Rgb | Layout::Bgr) => 3,
        };
        let rank = |offer: &Offer| {
            let fluent = offer.rate.min(FLUENT);
            (std::cmp::Reverse(fluent), off(offer), work(offer.coding), std::cmp::Reverse(offer.rate))
        };
        offers.iter().copied().min_by_key(rank)
    }
}

/// Frames a second above which more are of no use.
const FLUENT: u32 = 15;

/// A program that was built without a camera library, and so has no cameras.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCameras;

impl Cameras for NoCameras {
    fn plugged(&mut self) -> Result<Vec<Plugged>, Fault> {
        Err(Fault::Unfit { detail: "this program was built without cameras".to_owned() })
    }

    fn open(
        &mut self,
        _number: u32,
        _choose: &dyn Fn(&[Offer]) -> Option<Offer>,
    ) -> Result<Box<dyn Device>, Fault> {
        self.plugged().and(Err(Fault::Ended))
    }
}

#[cfg(test)]
mod tests {
    use super::{Cameras, Coding, Layout, NoCameras, Offer, Wanted};

    const fn offer(coding: Coding, width: u32, height: u32, rate: u32) -> Offer {
        Offer { coding, width, height, rate }
    }

    #[test]
    fn the_best_offer_is_fluent_then_near_then_quick() {
        let jpeg = offer(Coding::Jpeg, 1280, 720, 30);
        let slow = offer(Coding::Plain(Layout::Yuyv), 1280, 720, 10);
        let small = offer(Coding::Plain(Layout::Yuyv), 640, 480, 30);
        let large = offer(Coding::Jpeg, 1920, 1080, 60);
        let plain = offer(Coding::Plain(Layout::Nv12), 1280, 720, 30);
        let best = |offers: &[Offer]| Wanted::USUAL.best(offers);
        assert_eq!(best(&[slow, small, large, jpeg]), Some(jpeg));
        assert_eq!(best(&[jpeg, plain]), Some(plain));
        assert_eq!(best(&[slow, small]), Some(small), "fluent before large");
        assert_eq!(best(&[slow]), Some(slow));
        assert_eq!(best(&[]), None);
        assert_eq!(Wanted { number: None, size: (640, 480) }.best(&[jpeg, small]), Some(small));
        assert_eq!(jpeg.to_string(), "1280 x 720, 30 a second, JPEG");
    }

    #[test]
    fn a_program_without_a_camera_library_says_so() {
        let refused = NoCameras.open(0, &|_| None).err().unwrap();
        assert_eq!(
            refused.to_string(),
            "the camera cannot be used: this program was built without cameras"
        );
    }
}
