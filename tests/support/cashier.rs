//! A cashier who answers questions, by habit or at random, in virtual time.

use crate::rng::Rng;
use domain::ids::{CommandId, PromptId};
use domain::prompt::Answer;
use std::time::Duration;
use till::Till;
use till::api::{Command, Dispatch};
use till::random::Random;
use tokio::task::JoinHandle;

/// What the cashier does with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// Always yes.
    Yes,
    /// Always no.
    No,
    /// Yes, no, late or never.
    Moody(u64),
}

/// Answers questions until it is aborted or the till ends.
pub fn employ(till: &Till, random: &Random, habit: Habit) -> JoinHandle<()> {
    let (till, random) = (till.clone(), random.clone());
    let mut views = till.views();
    tokio::spawn(async move {
        let mut seen: Vec<PromptId> = Vec::new();
        let mut rng = Rng::new(if let Habit::Moody(seed) = habit { seed } else { 0 });
        loop {
            let view = views.borrow_and_update().clone();
            for payment in &view.payments {
                let Some(prompt) = &payment.prompt else { continue };
                if seen.contains(&prompt.id) {
                    continue;
                }
                seen.push(prompt.id);
                let answer = match habit {
                    Habit::Yes => Some(Answer::Yes),
                    Habit::No => Some(Answer::No),
                    Habit::Moody(_) => moody(&mut rng).await,
                };
                let Some(answer) = answer else { continue };
                let id = CommandId::of(&random.seed());
                let command = Command::Answer { payment: payment.payment, prompt: prompt.id, answer };
                let _ = till.dispatch(Dispatch::new(id, command)).await;
            }
            if views.changed().await.is_err() {
                return;
            }
        }
    })
}

async fn moody(rng: &mut Rng) -> Option<Answer> {
    let wait = [0, 1, 5, 40][usize::try_from(rng.below(4)).unwrap_or(0)];
    tokio::time::sleep(Duration::from_secs(wait)).await;
    match rng.below(10) {
        0..=5 => Some(Answer::Yes),
        6..=8 => Some(Answer::No),
        _ => None,
    }
}
