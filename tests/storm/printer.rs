//! The printer in a storm: its moods, what people press about it, and that nothing comes out twice by itself.

use acceptance::printer::Mood;
use acceptance::rng::Rng;
use acceptance::world::World;
use std::collections::BTreeMap;
use till::api::{Command, PrintWanted};

/// One till's printer. It has a stream of chances of its own: storms stay what they were.
pub struct Printer {
    rng: Rng,
    is_there: bool,
    pressed: bool,
}

impl Printer {
    /// Two of three tills have one.
    pub fn new(seed: u64, world: &World) -> Self {
        let mut rng = Rng::new(seed ^ 0x51_49_50);
        let is_there = rng.chance(67);
        world.printer.is(if is_there { Mood::Works } else { Mood::Missing });
        Self { rng, is_there, pressed: false }
    }

    /// Something may happen to it, or to what waits for it; tells what.
    pub async fn gust(&mut self, world: &World) -> Option<String> {
        if !self.is_there || !self.rng.chance(30) {
            return None;
        }
        let moods =
            [Mood::Works, Mood::Works, Mood::Away, Mood::NoPaper, Mood::StopsAtTheEnd, Mood::Slow(3)];
        let mood = *self.rng.pick(&moods);
        world.printer.is(mood);
        let wanted = match self.rng.below(5) {
            0 => PrintWanted::Again,
            1 => PrintWanted::Forget,
            _ => return Some(format!("the printer: {mood:?}")),
        };
        self.pressed |= wanted == PrintWanted::Again;
        let told = world.dispatch(Command::Print { wanted: wanted.clone() }).await;
        Some(format!("the printer: {mood:?}, {wanted:?}: {:?}", told.map_err(|problem| problem.code)))
    }

    /// Receipts that came out twice though nobody wanted it. A restored backup counts them anew.
    pub fn twice(&self, world: &World, restores: u64) -> Vec<String> {
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for slip in world.printer.slips() {
            let head = slip.lines().find(|line| line.starts_with("Receipt "));
            head.into_iter().for_each(|head| *seen.entry(head.to_owned()).or_default() += 1);
        }
        let by_itself = !self.pressed && restores == 0;
        let twice = seen.into_iter().filter(|(_, times)| by_itself && *times > 1);
        twice.map(|(head, times)| format!("{head} came out {times} times by itself")).collect()
    }
}
