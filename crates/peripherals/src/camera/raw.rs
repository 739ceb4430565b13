//! Frames as cameras send them without compression, to luma.
//!
//! Invariant: a frame of another length than its size demands is an error.

use super::Fault;
use crate::code::Luma;

/// How the pixels lie in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Luma alone, a byte a pixel.
    Grey,
    /// Luma in every other byte, colours between (YUY2).
    Yuyv,
    /// All luma first, then colours at a quarter of the size.
    Nv12,
    /// Red, green and blue, a byte each.
    Rgb,
    /// Blue, green and red.
    Bgr,
}

/// The luma of a frame.
///
/// # Errors
/// [`Fault::Corrupt`] where the bytes are not those of such a picture.
pub fn luma(layout: Layout, width: usize, height: usize, bytes: &[u8]) -> Result<Luma, Fault> {
    let pixels = width.saturating_mul(height);
    let expected = match layout {
        Layout::Grey => pixels,
        Layout::Yuyv => pixels.saturating_mul(2),
        Layout::Nv12 => pixels.saturating_add(pixels / 2),
        Layout::Rgb | Layout::Bgr => pixels.saturating_mul(3),
    };
    if bytes.len() != expected {
        let detail = format!("{} bytes in place of {expected}", bytes.len());
        return Err(Fault::Corrupt { detail });
    }
    let luma: Vec<u8> = match layout {
        Layout::Grey => bytes.to_vec(),
        Layout::Yuyv => bytes.chunks_exact(2).filter_map(|pair| pair.first().copied()).collect(),
        Layout::Nv12 => bytes.iter().take(pixels).copied().collect(),
        Layout::Rgb => bytes.chunks_exact(3).map(|pixel| of_colours(pixel, RED_FIRST)).collect(),
        Layout::Bgr => bytes.chunks_exact(3).map(|pixel| of_colours(pixel, BLUE_FIRST)).collect(),
    };
    Luma::new(width, height, luma).ok_or_else(|| Fault::Corrupt { detail: "its size".to_owned() })
}

/// Parts of 256 that red, green and blue have in luma (ITU-R BT.601).
const RED_FIRST: [u16; 3] = [77, 150, 29];
const BLUE_FIRST: [u16; 3] = [29, 150, 77];

fn of_colours(pixel: &[u8], parts: [u16; 3]) -> u8 {
    let sum: u16 = pixel.iter().zip(parts).map(|(colour, part)| u16::from(*colour) * part).sum();
    sum.to_be_bytes()[0]
}

#[cfg(test)]
mod tests {
    use super::{Layout, luma};

    #[test]
    fn luma_is_found_in_every_layout() {
        let grey: Vec<u8> = (0..64 * 48).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let yuyv: Vec<u8> = grey.iter().flat_map(|y| [*y, 128]).collect();
        let mut nv12 = grey.clone();
        nv12.extend(vec![128; 64 * 24]);
        for (layout, bytes) in [(Layout::Grey, &grey), (Layout::Yuyv, &yuyv), (Layout::Nv12, &nv12)] {
            let luma = luma(layout, 64, 48, bytes).unwrap();
            assert_eq!((luma.width(), luma.height(), luma.bytes()), (64, 48, &grey[..]));
        }
    }

    #[test]
    fn colours_become_luma() {
        let red: Vec<u8> = [255, 0, 0].repeat(64 * 48);
        assert_eq!(luma(Layout::Rgb, 64, 48, &red).unwrap().bytes()[7], 76);
        assert_eq!(luma(Layout::Bgr, 64, 48, &red).unwrap().bytes()[7], 28);
        let white = vec![255; 3 * 64 * 48];
        assert_eq!(luma(Layout::Bgr, 64, 48, &white).unwrap().bytes()[7], 255);
    }

    #[test]
    fn other_lengths_and_sizes_are_refused() {
        for layout in [Layout::Grey, Layout::Yuyv, Layout::Nv12, Layout::Rgb, Layout::Bgr] {
            assert!(luma(layout, 64, 48, &[0; 100]).is_err());
            assert!(luma(layout, 0, 0, &[]).is_err());
            assert!(luma(layout, usize::MAX, 2, &[0; 4]).is_err());
        }
    }
}
