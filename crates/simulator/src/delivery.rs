//! What the way makes of an answer in JSON or text: shared by the hosts of gateways.

use crate::nexo::{Framing, WireReply};
use crate::script::Delivery;

/// A page as a proxy before a gateway sends it.
pub(crate) const PAGE: &str = "<html><head><title>502 Bad Gateway</title></head><body>502</body></html>";

/// What the way makes of an answer; `None` stands for silence.
pub(crate) fn through(
    status: u16,
    headers: Vec<(String, String)>,
    text: String,
    delivery: Delivery,
) -> Option<WireReply> {
    let answer =
        |status, body: Vec<u8>, framing| Some(WireReply::Answer { status, headers, body, framing });
    match delivery {
        Delivery::Normal => answer(status, text.into_bytes(), Framing::Length),
        Delivery::Chunked => answer(status, text.into_bytes(), Framing::Chunked),
        Delivery::Http10 => answer(status, text.into_bytes(), Framing::Http10),
        Delivery::Refused => Some(WireReply::Refused),
        Delivery::Cut | Delivery::Close => Some(WireReply::Cut),
        Delivery::Never => None,
        Delivery::CutMiddle => {
            let announced = text.len();
            let part = text.into_bytes().into_iter().take(announced / 2).collect();
            Some(WireReply::CutMiddle { status, announced, part })
        }
        Delivery::Empty => answer(200, Vec::new(), Framing::Length),
        Delivery::NoContent => Some(WireReply::empty(204)),
        Delivery::Status(status) => answer(status, PAGE.as_bytes().to_vec(), Framing::Length),
        Delivery::Garbage => answer(200, PAGE.as_bytes().to_vec(), Framing::Length),
        Delivery::Truncated => {
            let half = text.chars().take(text.chars().count() / 2).collect::<String>();
            answer(200, half.into_bytes(), Framing::Length)
        }
        Delivery::EntityBomb => answer(200, b"\x00\xFF\xFEnonsense{]".to_vec(), Framing::Length),
        Delivery::Deep => {
            let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
            answer(200, deep.into_bytes(), Framing::Length)
        }
        Delivery::Oversize(bytes) => {
            let padding = " ".repeat(usize::try_from(bytes).unwrap_or(0));
            answer(200, format!("{text}{padding}").into_bytes(), Framing::Length)
        }
        Delivery::Twice => answer(200, format!("{text}{text}").into_bytes(), Framing::Length),
    }
}
