//! Pictures at a camera's pace: what is not looked at in time is gone.

use std::time::Duration;

use super::{Fault, FrameSource};
use crate::code::Luma;

/// Pictures that follow each other at fixed intervals, as a video does.
#[derive(Clone, Debug)]
pub struct Sequence {
    frames: Vec<Luma>,
    every: Duration,
    around: bool,
    next: usize,
}

impl Sequence {
    /// One picture each interval; from the beginning again after the last, where `around` says so.
    pub const fn of(frames: Vec<Luma>, every: Duration, around: bool) -> Self {
        Self { frames, every, around, next: 0 }
    }
}

impl FrameSource for Sequence {
    fn frame(&mut self, now: Duration) -> Result<Option<Luma>, Fault> {
        let every = self.every.as_nanos().max(1);
        let index = usize::try_from(now.as_nanos() / every).unwrap_or(usize::MAX);
        if self.frames.is_empty() || (!self.around && index >= self.frames.len()) {
            return Err(Fault::Ended);
        }
        if index < self.next {
            return Ok(None);
        }
        self.next = index.saturating_add(1);
        Ok(self.frames.get(index % self.frames.len()).cloned())
    }
}
