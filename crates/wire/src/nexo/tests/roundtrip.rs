//! Whatever can be said is read back as it was said, in an order the grammar accepts.

use proptest::prelude::*;

use super::super::message::Body;
use super::super::{Limits, tests::sample};
use super::super::{encode, grammar, read};
use super::sample::Draw;

#[test]
fn every_body_complete_survives_and_keeps_the_order_of_the_grammar() {
    let bodies = Body::samples(&mut Draw::full());
    assert_eq!(bodies.len(), 34);
    for body in bodies {
        let message = sample::with_header(&mut Draw::full(), body);
        let xml = encode(&message);
        assert_eq!(super::read(xml.as_bytes()).as_ref(), Ok(&message), "{xml}");
        let root = read::parse(xml.as_bytes(), &Limits::REPLY).unwrap();
        assert_eq!(grammar::check_structure(&root), Ok(()), "{xml}");
    }
}

#[test]
fn every_body_with_nothing_optional_survives() {
    for body in Body::samples(&mut Draw::new(Vec::new())) {
        let message = sample::with_header(&mut Draw::new(Vec::new()), body);
        let xml = encode(&message);
        assert_eq!(super::read(xml.as_bytes()), Ok(message), "{xml}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_is_the_inverse_of_writing(bytes in proptest::collection::vec(any::<u8>(), 0..6000)) {
        let mut draw = Draw::new(bytes);
        for body in Body::samples(&mut draw) {
            let message = sample::with_header(&mut draw, body);
            let xml = encode(&message);
            let back = super::read(xml.as_bytes());
            prop_assert_eq!(back, Ok(message), "{}", xml);
        }
    }

    #[test]
    fn text_of_any_kind_yields_a_document(text in any::<String>()) {
        let request = super::super::AdminRequest { service_identification: Some(text.clone()) };
        let message = sample::with_header(&mut Draw::new(Vec::new()), request.into());
        let back = super::read(encode(&message).as_bytes()).unwrap();
        if text.chars().all(super::super::write::is_xml_char) {
            prop_assert_eq!(back, message);
        }
    }
}
