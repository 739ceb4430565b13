//! Pictures made easier to read: sharpened, smoothed, levelled.
//!
//! Invariant: same size out as in; no filter fails.

use super::frame::Luma;

/// A Gaussian of `sigma` pixels, as floating point for those that go on calculating.
fn blurred(luma: &Luma, sigma: f32) -> Vec<f32> {
    let kernel = gaussian(sigma);
    let (width, radius) = (luma.width(), kernel.len() / 2);
    let mut across = Vec::with_capacity(luma.bytes().len());
    let mut padded = vec![0.0_f32; width + 2 * radius];
    for row in luma.rows() {
        let (first, last) = (row.first().copied().unwrap_or(0), row.last().copied().unwrap_or(0));
        padded[..radius].fill(f32::from(first));
        padded[radius + width..].fill(f32::from(last));
        padded[radius..radius + width].iter_mut().zip(row).for_each(|(to, from)| *to = f32::from(*from));
        let at = across.len();
        across.resize(at + width, 0.0);
        for (tap, weight) in kernel.iter().enumerate() {
            add(&mut across[at..], &padded[tap..tap + width], *weight);
        }
    }
    let mut out = vec![0.0; across.len()];
    for (y, row) in out.chunks_exact_mut(width).enumerate() {
        for (tap, weight) in kernel.iter().enumerate() {
            let from = (y + tap).saturating_sub(radius).min(luma.height() - 1);
            add(row, &across[from * width..(from + 1) * width], *weight);
        }
    }
    out
}

fn add(to: &mut [f32], from: &[f32], weight: f32) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += weight * from);
}

fn gaussian(sigma: f32) -> Vec<f32> {
    let radius = (2.5 * sigma).ceil();
    let mut kernel = Vec::new();
    let mut at = -radius;
    while at <= radius {
        kernel.push((-at * at / (2.0 * sigma * sigma)).exp());
        at += 1.0;
    }
    let sum: f32 = kernel.iter().sum();
    kernel.iter_mut().for_each(|weight| *weight /= sum);
    kernel
}

/// A picture of floating points, cut to what a pixel can hold.
fn picture(luma: &Luma, values: impl Iterator<Item = f32>) -> Luma {
    luma.with(values.map(|value| value as u8).collect())
}

/// A Gaussian of `sigma` pixels.
pub fn smoothed(luma: &Luma, sigma: f32) -> Luma {
    picture(luma, blurred(luma, sigma).into_iter())
}

/// Edges raised: the picture plus `gain` times what a Gaussian takes away.
pub fn sharpened(luma: &Luma, sigma: f32, gain: f32) -> Luma {
    let soft = blurred(luma, sigma);
    let sharp = luma.bytes().iter().zip(soft).map(|(pixel, soft)| {
        let pixel = f32::from(*pixel);
        pixel + gain * (pixel - soft)
    });
    picture(luma, sharp)
}

/// Local mean to middle grey and local spread to the same everywhere, over windows of `window` pixels: brings
/// out a code that differs from its ground by a few grey levels.
pub fn levelled(luma: &Luma, window: usize) -> Luma {
    let (width, height, radius) = (luma.width(), luma.height(), window / 2);
    let mut sums = vec![(0_u32, 0_u32); width];
    let take = |sums: &mut [(u32, u32)], y: usize, on: bool| {
        for (sum, pixel) in sums.iter_mut().zip(&luma.bytes()[y * width..(y + 1) * width]) {
            let pixel = u32::from(*pixel);
            let square = pixel * pixel;
            *sum = if on { (sum.0 + pixel, sum.1 + square) } else { (sum.0 - pixel, sum.1 - square) };
        }
    };
    (0..radius.min(height)).for_each(|y| take(&mut sums, y, true));
    let mut out = Vec::with_capacity(width * height);
    for (y, row) in luma.rows().enumerate() {
        if y + radius < height {
            take(&mut sums, y + radius, true);
        }
        if y > radius {
            take(&mut sums, y - radius - 1, false);
        }
        let tall = (y + radius + 1).min(height) - y.saturating_sub(radius);
        let mut sum = sums.iter().take(radius.min(width)).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        for (x, pixel) in row.iter().enumerate() {
            if let Some(next) = sums.get(x + radius) {
                sum = (sum.0 + next.0, sum.1 + next.1);
            }
            if x > radius {
                let gone = sums[x - radius - 1];
                sum = (sum.0 - gone.0, sum.1 - gone.1);
            }
            let wide = (x + radius + 1).min(width) - x.saturating_sub(radius);
            let count = (wide * tall) as f32;
            let mean = sum.0 as f32 / count;
            let spread = (sum.1 as f32 / count - mean * mean).max(0.0).sqrt();
            out.push((128.0 + 50.0 * (f32::from(*pixel) - mean) / (spread + 1.0)) as u8);
        }
    }
    luma.with(out)
}
