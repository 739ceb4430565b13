//! The device at work: it accepts, the customer acts, the receipt is shown, somebody presses NEXT, the
//! result is told.
//!
//! Invariant: what the customer did stands before anybody is told of it; a result is told until it is
//! heard, and not for ever.

use std::time::Duration;

use wire::kayaaku::Code;
use wire::kayaaku::serial::{Message, framed};

use super::super::core::Begun;
use super::super::speech::Asked;
use super::Shared;
use super::shape::shaped;
use super::speech::result;
use crate::script::{Action, Behaviour, Delivery};

/// A result is repeated after so long …
const REPEAT: Duration = Duration::from_secs(5);
/// … and sent so often in all, until it is heard (section 7.2).
const COPIES: u8 = 6;

impl Shared {
    pub(super) async fn accept(&self, id: &str) {
        let answer_ms = self.core().settings.answer_ms;
        pass(answer_ms).await;
        let accepted = Message::Started { result: Code::of("00"), mrn: id.to_owned() };
        self.say(shaped(&frame(&accepted, false), Delivery::Normal));
    }

    /// An answer at once, as the script has it.
    pub(super) async fn reply(&self, reply: &Message, behaviour: &Behaviour, actions: &[Action]) {
        let answer_ms = self.core().settings.answer_ms;
        pass(answer_ms).await;
        pass(behaviour.late_ms).await;
        self.note(format!("{} {reply:?} {actions:?}", reply.mti()));
        if behaviour.restart.is_some() {
            self.hang_up();
            return;
        }
        let bad = behaviour.twists.contains(&crate::script::Twist::Bare);
        self.say(shaped(&frame(reply, bad), behaviour.delivery));
    }

    /// The device: the customer acts, the receipt is shown, somebody presses NEXT, the result is told.
    pub(super) async fn run(&self, asked: &Asked, begun: Begun, behaviour: &Behaviour, actions: &[Action]) {
        let Begun { id, wait_ms, next_ms, words, notifications } = begun;
        let customer_ms = self.core().settings.customer_ms;
        // A slow payment is accepted at once: it is the customer who takes the time.
        let (mut waited, all) = (0, wait_ms.unwrap_or(customer_ms) + behaviour.slow_ms);
        while waited < all && !self.core().is_cancelled(&id) && !self.state().hurried.contains(&id) {
            let step = (all - waited).min(customer_ms.clamp(1, 500));
            pass(step).await;
            waited += step;
        }
        self.core().decide(&id);
        let Some(next_ms) = next_ms else { return };
        pass(next_ms).await;
        pass(behaviour.late_ms).await;
        let mut words = self.core().answer_about(&id, words);
        self.core().twist(&mut words, behaviour);
        self.core().note(asked, actions, &words);
        if behaviour.restart.is_some() {
            self.hang_up();
        }
        let convention = words.delivery.take();
        let bad = words.bad_signature;
        let told = Message::Result(result(asked, &words, self.core().entries()));
        if notifications.forged {
            self.say(shaped(&frame(&told, true), Delivery::Normal));
        }
        let delivery = match convention {
            Some(Delivery::Status(_)) => Delivery::Garbage,
            Some(delivery) => delivery,
            None => behaviour.delivery,
        };
        self.tell(&told, bad, delivery, notifications.times).await;
    }

    /// Tells a result until it is heard. `least`: so many copies go out all the same.
    async fn tell(&self, told: &Message, bad: bool, delivery: Delivery, least: u8) {
        let number = {
            let mut state = self.state();
            state.results += 1;
            state.results
        };
        for copy in 0..COPIES {
            let is_heard = self.state().heard.contains(&number);
            if is_heard && copy >= least {
                return;
            }
            self.state().last_told = number;
            if delivery == Delivery::Never {
                // Nobody presses NEXT.
                return;
            }
            let way = if copy == 0 { delivery } else { Delivery::Normal };
            self.say(shaped(&frame(told, bad), way));
            pass(u64::try_from(REPEAT.as_millis()).unwrap_or(u64::MAX)).await;
        }
    }
}

/// A message as its frame; `bad`: with another checksum.
fn frame(message: &Message, bad: bool) -> Vec<u8> {
    let mut frame = framed(&message.encode().unwrap_or_default());
    if bad && let Some(last) = frame.iter_mut().rev().nth(1) {
        *last = if *last == b'0' { b'1' } else { b'0' };
    }
    frame
}

pub(super) async fn pass(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}
