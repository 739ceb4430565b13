//! What reads the codes that customers show: a camera, and a hand scanner on a serial port.

use super::read::Section;
use super::{Printer, keys};
use crate::api::Problem;
use peripherals::camera::device::Wanted;
use peripherals::limits::{BAUD, BAUDS, LEAST_SIDE_PX, SIDE_PX};

/// The camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Camera {
    /// The system's number of it; the first that works where none is named.
    pub number: Option<u32>,
    /// Width and height of its pictures; the nearest that it offers is taken.
    pub size: (u32, u32),
    /// Whether one is used at all.
    pub is_used: bool,
}

/// The hand scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanner {
    /// Its serial port; empty where there is none.
    pub port: String,
    /// Bits a second.
    pub speed: u32,
}

impl Camera {
    pub(super) fn read(section: &Section<'_>) -> Result<Self, Problem> {
        section.only(keys("camera"))?;
        let fail = || section.wrong("number", "must be the number of a camera, for example 0");
        let number = section.number("number")?.map(|number| u32::try_from(number).map_err(|_| fail()));
        let size = match section.text("size")? {
            None => Wanted::USUAL.size,
            Some(text) => size(&text).ok_or_else(|| {
                section.wrong("size", "must be a width and a height, for example \"1280x720\"")
            })?,
        };
        Ok(Self { number: number.transpose()?, size, is_used: section.flag("use")?.unwrap_or(true) })
    }
}

fn size(text: &str) -> Option<(u32, u32)> {
    let (width, height) = text.split_once('x')?;
    let side = |text: &str| {
        let side: usize = text.trim().parse().ok()?;
        u32::try_from(side).ok().filter(|_| (LEAST_SIDE_PX..=SIDE_PX).contains(&side))
    };
    side(width).zip(side(height))
}

impl Scanner {
    pub(super) fn read(section: &Section<'_>, printer: &Printer) -> Result<Self, Problem> {
        section.only(keys("scanner"))?;
        let port = section.text("port")?.unwrap_or_default().trim().to_owned();
        let printers = printer.target.split(',').next().map(str::trim);
        if !port.is_empty() && printer.driver == "serial" && printers == Some(port.as_str()) {
            return Err(section.wrong("port", "is the printer's: two devices cannot share a port"));
        }
        let speed = section.number("speed")?.map_or(Some(BAUD), |speed| u32::try_from(speed).ok());
        let speed = speed.filter(|speed| BAUDS.contains(speed)).ok_or_else(|| {
            let known = BAUDS.map(|speed| speed.to_string()).join(", ");
            section.wrong("speed", &format!("must be one of: {known}"))
        })?;
        Ok(Self { port, speed })
    }
}
