//! What is before the camera, out of what its frames show one by one.
//!
//! A frame may miss what is there, and of two codes it may show one: so what was read counts for a moment
//! longer. Invariant: while two payment codes were read within that moment neither is passed on, because
//! nobody can tell which of them the customer means.

use super::Codes;
use crate::api::SeenCode;
use crate::limits;
use domain::payment::Mono;
use domain::wallet::{PaymentCode, Refusal, Scan};
use peripherals::code::{Guidance, Reading, Symbol};

/// The hint where two payment codes are in view.
const TWO_CODES: &str = "two_codes";

/// See the module.
#[derive(Default)]
pub(super) struct InView {
    payments: Vec<(PaymentCode, Mono)>,
    refused: Option<(Refusal, Mono)>,
    guidance: Option<(Guidance, Mono)>,
}

/// What to say about it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) hint: Option<&'static str>,
    pub(super) code: Option<SeenCode>,
    pub(super) refused: Option<&'static str>,
}

impl InView {
    /// Whether it shows the first payment code after a moment without one.
    pub(super) fn is_new(&self, reading: &Reading, now: Mono) -> bool {
        self.payments.iter().all(|(_, last)| !is_now(*last, now)) && reading.symbols.iter().any(is_payment)
    }

    /// One frame was read.
    pub(super) fn look(&mut self, reading: &Reading, now: Mono) {
        self.payments.retain(|(_, last)| is_now(*last, now));
        for symbol in &reading.symbols {
            match symbol.scan() {
                Scan::Payment(code) => {
                    self.payments.retain(|(known, _)| *known != code);
                    if self.payments.len() < limits::CODES_IN_VIEW {
                        self.payments.push((code, now));
                    }
                }
                Scan::Refused(refusal) => self.refused = Some((refusal, now)),
            }
        }
        // Most ways of looking have their turn later: nothing read once means nothing.
        let helps = |guidance: &Guidance| *guidance != Guidance::Nothing;
        if let Some(guidance) = reading.guidance.filter(helps) {
            self.guidance = Some((guidance, now));
        }
    }

    /// What there is to say, and the code that a payment may be taken with.
    pub(super) fn told(&self, codes: &Codes, now: Mono) -> Told {
        let mut payments = self.payments.iter().filter(|(_, last)| is_now(*last, now));
        match (payments.next(), payments.next()) {
            (Some((code, last)), None) => {
                Told { code: Some(codes.see(code, *last, now)), ..Told::default() }
            }
            (Some(_), Some(_)) => Told { hint: Some(TWO_CODES), ..Told::default() },
            (None, _) => {
                let refused = self.refused.filter(|(_, last)| is_now(*last, now));
                let guidance = self.guidance.filter(|(_, last)| refused.is_none() && is_now(*last, now));
                Told {
                    hint: guidance.map(|(guidance, _)| guidance.code()),
                    code: None,
                    refused: refused.map(|(refusal, _)| refusal.code()),
                }
            }
        }
    }
}

/// A customer can pay with it.
pub(super) fn is_payment(symbol: &Symbol) -> bool {
    matches!(symbol.scan(), Scan::Payment(_))
}

fn is_now(last: Mono, now: Mono) -> bool {
    now.saturating_sub(last) < limits::IN_VIEW
}

#[cfg(test)]
mod tests {
    use super::*;
    use peripherals::code::Format;

    const ALIPAY: &str = "287654321098765432";
    const WECHAT: &str = "134567890123456789";
    const PRODUCT: &str = "7310865004703";

    fn reading(texts: &[&str], guidance: Option<Guidance>) -> Reading {
        let symbol = |text: &&str| Symbol { format: Format::Qr, text: (*text).to_owned(), is_gs1: false };
        Reading { symbols: texts.iter().map(symbol).collect(), stage: None, guidance }
    }

    /// What is told after these frames, a quarter of the moment apart.
    fn told(frames: &[&[&str]]) -> Told {
        let (mut view, codes, mut now) = (InView::default(), Codes::default(), Mono::ZERO);
        let mut told = Told::default();
        for texts in frames {
            now += limits::IN_VIEW / 4;
            view.look(&reading(texts, None), now);
            told = view.told(&codes, now);
        }
        told
    }

    fn wallet(told: &Told) -> Option<(u64, &str)> {
        told.code.as_ref().map(|code| (code.number, code.wallet.as_str()))
    }

    #[test]
    fn a_code_stays_for_a_moment_when_a_frame_misses_it() {
        assert_eq!(wallet(&told(&[&[ALIPAY], &[], &[]])), Some((1, "alipay")));
        assert_eq!(told(&[&[ALIPAY], &[], &[], &[], &[]]), Told::default());
    }

    #[test]
    fn of_two_codes_neither_counts_also_where_each_frame_shows_one() {
        for frames in [&[&[ALIPAY, WECHAT][..]][..], &[&[ALIPAY], &[WECHAT]], &[&[WECHAT], &[], &[ALIPAY]]]
        {
            assert_eq!(told(frames), Told { hint: Some("two_codes"), ..Told::default() });
        }
        let alone = told(&[&[ALIPAY, WECHAT], &[WECHAT], &[WECHAT], &[WECHAT], &[WECHAT]]);
        assert_eq!(wallet(&alone), Some((1, "wechat")), "once the other is away");
        assert!(wallet(&told(&[&[ALIPAY], &[ALIPAY, ALIPAY]])).is_some(), "one code is one");
    }

    #[test]
    fn what_is_no_payment_code_is_said_by_its_name_unless_there_is_one() {
        let refused = |texts: &[&str]| told(&[texts]).refused;
        assert_eq!(refused(&[PRODUCT]), Some("product"));
        assert_eq!(refused(&["https://shop.example/menu"]), Some("link"));
        assert_eq!(refused(&["2876543210987"]), Some("half_a_code"));
        assert_eq!(refused(&[PRODUCT, ALIPAY]), None);
        assert!(told(&[&[PRODUCT, ALIPAY]]).code.is_some());
        assert_eq!(told(&[&[PRODUCT], &[], &[], &[], &[]]), Told::default());
    }

    #[test]
    fn a_hint_is_told_for_a_moment_and_nothing_in_view_is_none() {
        let (mut view, codes) = (InView::default(), Codes::default());
        view.look(&reading(&[], Some(Guidance::Closer)), Mono::ZERO);
        view.look(&reading(&[], Some(Guidance::Nothing)), limits::IN_VIEW / 2);
        assert_eq!(view.told(&codes, limits::IN_VIEW / 2).hint, Some("closer"));
        assert_eq!(view.told(&codes, limits::IN_VIEW), Told::default());
    }
}
