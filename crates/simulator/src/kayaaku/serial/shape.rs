//! What the line makes of a frame: noise, halves, copies, silence (dossier section 10).

use crate::script::{Action, Delivery, Outcome, Twist};

/// A piece of what goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// These bytes.
    Bytes(Vec<u8>),
    /// Milliseconds of silence.
    Pause(u64),
    /// The line ends.
    HangUp,
}

/// Bytes that mean nothing: with marks, acknowledgements and everything else among them.
const NOISE: &[u8] = &[0xff, 0x02, b'9', 0x00, 0x03, 0x15, 0x80, 0x06, 0x02, b'0', b'0', 0x7f, 0xfe];

/// A frame as it is delivered.
pub fn shaped(frame: &[u8], delivery: Delivery) -> Vec<Piece> {
    let bytes = |bytes: &[u8]| Piece::Bytes(bytes.to_vec());
    let (first, rest) = frame.split_at(frame.len() / 2);
    match delivery {
        Delivery::Normal | Delivery::Close => vec![bytes(frame)],
        // In three parts, each in time.
        Delivery::Chunked => {
            let (one, two) = first.split_at(first.len() / 2);
            vec![bytes(one), Piece::Pause(400), bytes(two), Piece::Pause(400), bytes(rest)]
        }
        // Noise before it.
        Delivery::Http10 => vec![bytes(NOISE), bytes(frame)],
        Delivery::Refused | Delivery::Never | Delivery::Empty | Delivery::NoContent => Vec::new(),
        Delivery::Cut => vec![Piece::HangUp],
        Delivery::CutMiddle => vec![bytes(first), Piece::HangUp],
        Delivery::Truncated => vec![bytes(first), Piece::Pause(600), bytes(rest)],
        Delivery::Status(_) | Delivery::Garbage | Delivery::EntityBomb => vec![bytes(NOISE)],
        // A mark after each byte.
        Delivery::Deep => vec![Piece::Bytes(frame.iter().flat_map(|byte| [*byte, 0x02]).collect())],
        Delivery::Oversize(count) => {
            let long = std::iter::repeat_n(b'0', usize::try_from(count.min(1 << 20)).unwrap_or(0));
            vec![Piece::Bytes(std::iter::once(0x02).chain(long).collect()), bytes(frame)]
        }
        Delivery::Twice => vec![bytes(frame), bytes(frame)],
    }
}

/// What can go wrong with one exchange while the truth can still be learned by asking again, for
/// [`crate::faults::Plan::choosing`].
pub fn faults() -> Vec<Vec<Action>> {
    let deliveries = [
        Delivery::Refused,
        Delivery::Cut,
        Delivery::Cut,
        Delivery::CutMiddle,
        Delivery::Close,
        Delivery::Never,
        Delivery::Empty,
        Delivery::Garbage,
        Delivery::Truncated,
        Delivery::Deep,
        Delivery::Oversize(10_000),
        Delivery::Twice,
        Delivery::Twice,
        Delivery::Chunked,
        Delivery::Http10,
    ];
    let twists = [
        Twist::WrongServiceId,
        Twist::WrongAmount,
        Twist::UnknownResult,
        Twist::UnknownCondition,
        Twist::Bare,
    ];
    let outcomes = [
        Outcome::Decline { condition: String::new(), receipt: false },
        Outcome::Cancel,
        Outcome::UntilAborted,
        Outcome::Race,
    ];
    let mut all: Vec<Vec<Action>> = Vec::new();
    all.extend(deliveries.map(|delivery| vec![delivery.into()]));
    all.extend(twists.map(|twist| vec![twist.into()]));
    all.extend(outcomes.map(|outcome| vec![outcome.into()]));
    all.extend(["60", "77", "99", "KA023"].map(|code| vec![Action::Fail(code.to_owned())]));
    all.extend(
        [Action::Slow(2_000), Action::Slow(20_000), Action::Late(4_000), Action::Late(100_000)]
            .map(|it| vec![it]),
    );
    all.extend([Action::Hold(2_000), Action::Hold(8_000)].map(|it| vec![it]));
    all.push(vec![Action::Unprocessed]);
    all.push(vec![Action::Unprocessed, Delivery::Cut.into()]);
    all.push(vec![Delivery::Close.into(), Action::Hold(40_000)]);
    all
}

/// Lies that are repeated whenever somebody asks: nobody can tell from the device what happened.
pub fn lasting_faults() -> Vec<Vec<Action>> {
    let twists = [Twist::WrongAmount, Twist::WrongServiceId, Twist::UnknownResult];
    twists.map(|twist| vec![Action::Sticky, twist.into()]).into()
}
