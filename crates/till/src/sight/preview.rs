//! The camera's picture, small and grey, as a page can show it: a bitmap of 8 bits a pixel, which costs
//! nothing to make. The format is that of Windows (`BITMAPINFOHEADER`): rows from the bottom, each padded to
//! four bytes.

use crate::limits::PREVIEW_PX;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use peripherals::code::Luma;

/// Bytes of both headers.
const HEADERS: u32 = 14 + 40;
/// Bytes of the table of greys.
const GREYS: u32 = 4 * 256;

/// The address of the picture, at most [`PREVIEW_PX`] wide.
pub(super) fn preview(luma: &Luma) -> String {
    let (width, height, pixels) = smaller(luma);
    format!("data:image/bmp;base64,{}", STANDARD.encode(bitmap(width, height, &pixels)))
}

/// Each pixel the mean of a square.
fn smaller(luma: &Luma) -> (usize, usize, Vec<u8>) {
    let by = luma.width().div_ceil(PREVIEW_PX).max(1);
    let (width, height) = (luma.width() / by, luma.height() / by);
    let mut pixels = Vec::with_capacity(width * height);
    for band in luma.bytes().chunks_exact(luma.width() * by).take(height) {
        let mut sums = vec![0_usize; width];
        for row in band.chunks_exact(luma.width()) {
            for (sum, square) in sums.iter_mut().zip(row.chunks_exact(by)) {
                *sum += square.iter().map(|pixel| usize::from(*pixel)).sum::<usize>();
            }
        }
        pixels.extend(sums.iter().map(|sum| u8::try_from(sum / (by * by)).unwrap_or(u8::MAX)));
    }
    (width, height, pixels)
}

fn bitmap(width: usize, height: usize, pixels: &[u8]) -> Vec<u8> {
    let number = |number: usize| u32::try_from(number).unwrap_or_default();
    let padded = width.next_multiple_of(4);
    let length = number(padded * height);
    let mut file = Vec::with_capacity(padded * height + 2_048);
    file.extend(b"BM");
    for field in [HEADERS + GREYS + length, 0, HEADERS + GREYS, 40, number(width), number(height)] {
        file.extend(field.to_le_bytes());
    }
    // One plane, 8 bits, not compressed; as many greys as there are.
    file.extend([1, 0, 8, 0]);
    for field in [0, length, 0, 0, 256, 0_u32] {
        file.extend(field.to_le_bytes());
    }
    file.extend((0..=u8::MAX).flat_map(|grey| [grey, grey, grey, 0]));
    for row in pixels.chunks_exact(width.max(1)).rev() {
        file.extend(row);
        file.extend(std::iter::repeat_n(0, padded - width));
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_picture_becomes_small_and_is_a_bitmap() {
        let bytes = (0..722 * 1_282).map(|at| if at % 1_282 < 640 { 10 } else { 200 }).collect();
        let luma = Luma::new(1_282, 722, bytes).unwrap();
        let (width, height, pixels) = smaller(&luma);
        assert_eq!((width, height, pixels.len()), (256, 144, 256 * 144));
        assert_eq!((pixels[0], pixels[255]), (10, 200));
        let file = bitmap(width, height, &pixels);
        let told = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
        assert_eq!((&file[..2], told(2) as usize, told(10), told(14)), (&b"BM"[..], file.len(), 1_078, 40));
        assert_eq!((told(18), told(22), file[26], file[28]), (256, 144, 1, 8));
        let address = preview(&luma);
        let text = address.strip_prefix("data:image/bmp;base64,").unwrap();
        assert_eq!(STANDARD.decode(text).unwrap(), file);
    }

    #[test]
    fn rows_go_from_the_bottom_and_are_padded() {
        let file = bitmap(3, 2, &[1, 2, 3, 4, 5, 6]);
        assert_eq!(file[1_078..], [4, 5, 6, 0, 1, 2, 3, 0]);
        let small = Luma::new(40, 40, vec![7; 1_600]).unwrap();
        assert_eq!(smaller(&small), (40, 40, vec![7; 1_600]), "it is not made larger");
    }
}
