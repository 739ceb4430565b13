//! A camera's JPEG frames, straight to luma.
//!
//! Most webcams send motion JPEG. Luma is one of its three planes, so colours are never rebuilt: that saves
//! half of the work. Invariant: a frame that is cut off or corrupt is an error, whatever its bytes, and no
//! frame is unpacked beyond the largest picture.

use super::{Fault, guarded};
use crate::code::Luma;
use crate::limits::{FRAME_BYTES, SIDE_PX};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

/// The picture's luma.
///
/// # Errors
/// [`Fault::Corrupt`] where it is no whole JPEG picture of a size that is looked at.
pub fn luma(bytes: &[u8]) -> Result<Luma, Fault> {
    if bytes.len() > FRAME_BYTES {
        return Err(Fault::Corrupt { detail: "too long".to_owned() });
    }
    guarded(|| {
        let options = DecoderOptions::default()
            .set_strict_mode(true)
            .set_max_width(SIDE_PX)
            .set_max_height(SIDE_PX)
            .jpeg_set_out_colorspace(ColorSpace::Luma);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
        let pixels = decoder.decode().map_err(|error| Fault::Corrupt { detail: error.to_string() })?;
        let (width, height) = decoder.dimensions().unwrap_or_default();
        Luma::new(width, height, pixels).ok_or_else(|| Fault::Corrupt { detail: "its size".to_owned() })
    })
}
