//! Defocus taken back.
//!
//! A webcam is focused at half a metre and the customer holds the phone much nearer. Wiener's filter for a
//! Gaussian blur raises what the blur has lowered, as far as the noise lets it. It moves the limit of what
//! can be read from a blur of half a module to almost a whole one. Invariant: a picture of another size
//! than the one prepared for is refused.

use std::f32::consts::PI;
use std::sync::Arc;

use super::frame::Luma;
use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::{Fft, FftPlanner};

/// Noise against signal, as power.
const NOISE: f32 = 0.003;
/// Taken off each pixel, so that the border of the picture is no edge.
const MIDDLE: f32 = 128.0;

/// Transforms that are prepared for pictures of one size.
#[derive(Clone)]
pub struct Lens {
    width: usize,
    height: usize,
    rows: Arc<dyn RealToComplex<f32>>,
    rows_back: Arc<dyn ComplexToReal<f32>>,
    columns: Arc<dyn Fft<f32>>,
    columns_back: Arc<dyn Fft<f32>>,
}

/// A picture as frequencies, column after column.
pub struct Spectrum(Vec<Complex<f32>>);

impl Lens {
    /// For pictures like this one.
    pub fn of(luma: &Luma) -> Self {
        let (mut real, mut complex) = (RealFftPlanner::new(), FftPlanner::new());
        Self {
            width: luma.width(),
            height: luma.height(),
            rows: real.plan_fft_forward(luma.width()),
            rows_back: real.plan_fft_inverse(luma.width()),
            columns: complex.plan_fft_forward(luma.height()),
            columns_back: complex.plan_fft_inverse(luma.height()),
        }
    }

    /// Whether it is prepared for this picture's half.
    pub const fn fits_half_of(&self, luma: &Luma) -> bool {
        self.width == luma.width() / 2 && self.height == luma.height() / 2
    }

    /// The picture's frequencies.
    pub fn spectrum(&self, luma: &Luma) -> Option<Spectrum> {
        let mut turned = vec![Complex::default(); (self.width / 2 + 1) * self.height];
        let (mut row_in, mut row_out) = (self.rows.make_input_vec(), self.rows.make_output_vec());
        let mut scratch = self.rows.make_scratch_vec();
        for (y, row) in luma.rows().enumerate().take(self.height) {
            row_in.iter_mut().zip(row).for_each(|(to, from)| *to = f32::from(*from) - MIDDLE);
            self.rows.process_with_scratch(&mut row_in, &mut row_out, &mut scratch).ok()?;
            for (column, value) in turned.chunks_exact_mut(self.height).zip(&row_out) {
                column[y] = *value;
            }
        }
        self.columns.process(&mut turned);
        (luma.width() == self.width).then_some(Spectrum(turned))
    }

    /// The picture as it would be without a Gaussian blur of `sigma` pixels.
    pub fn restored(&self, luma: &Luma, spectrum: &Spectrum, sigma: f32) -> Option<Luma> {
        let (across, down) = (lowered(self.width, sigma), lowered(self.height, sigma));
        let scale = 1.0 / (self.width * self.height) as f32;
        let mut turned = spectrum.0.clone();
        for (column, h) in turned.chunks_exact_mut(self.height).zip(&across) {
            for (value, v) in column.iter_mut().zip(&down) {
                let left = h * v;
                *value *= scale * left / (left * left + NOISE);
            }
        }
        self.columns_back.process(&mut turned);
        let (mut row_in, mut row_out) = (self.rows_back.make_input_vec(), self.rows_back.make_output_vec());
        let mut scratch = self.rows_back.make_scratch_vec();
        let mut bytes = Vec::with_capacity(self.width * self.height);
        for y in 0..self.height {
            for (to, column) in row_in.iter_mut().zip(turned.chunks_exact(self.height)) {
                *to = column[y];
            }
            // Rounding leaves traces where the transform of real numbers has none.
            row_in.first_mut()?.im = 0.0;
            if self.width.is_multiple_of(2) {
                row_in.last_mut()?.im = 0.0;
            }
            self.rows_back.process_with_scratch(&mut row_in, &mut row_out, &mut scratch).ok()?;
            bytes.extend(row_out.iter().map(|value| (value + MIDDLE) as u8));
        }
        Some(luma.with(bytes))
    }
}

/// What a blur of `sigma` pixels leaves of each of `count` frequencies.
fn lowered(count: usize, sigma: f32) -> Vec<f32> {
    let left = |at: usize| {
        let frequency = at.min(count - at) as f32 / count as f32;
        (-2.0 * (PI * sigma * frequency).powi(2)).exp()
    };
    (0..count).map(left).collect()
}
