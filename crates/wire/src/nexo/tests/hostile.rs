//! Hostile and broken input: refused for the right reason, never a panic, never a success out of nothing.

use proptest::prelude::*;

use super::super::grammar::check;
use super::super::*;
use super::{golden_message, golden_messages};

fn refused(xml: &str) -> DecodeError {
    match super::read(xml.as_bytes()) {
        Err(error) => error,
        Ok(message) => panic!("{xml} is read as {message:?}"),
    }
}

const HEADER: &str = r#"<MessageHeader MessageClass="Service" MessageCategory="Admin"
    MessageType="Request" ServiceID="1" SaleID="T" POIID="P"/>"#;

fn admin(body: &str) -> String {
    format!("<SaleToPOIRequest>{HEADER}<AdminRequest>{body}</AdminRequest></SaleToPOIRequest>")
}

#[test]
fn a_document_type_is_refused_before_anything_is_expanded() {
    let laughs = r#"<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>"#;
    let external = r#"<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>"#;
    let empty = "<!DOCTYPE SaleToPOIRequest>";
    for doctype in [laughs, external, empty] {
        assert_eq!(refused(&format!("{doctype}{}", admin("&c;"))), DecodeError::Forbidden);
        assert_eq!(
            refused(&format!(r#"<?xml version="1.0"?>{doctype}{}"#, admin(""))),
            DecodeError::Forbidden
        );
    }
}

#[test]
fn unknown_entities_and_instructions_are_refused() {
    assert_eq!(
        refused(&admin("<ServiceIdentification>&c;</ServiceIdentification>")),
        DecodeError::Forbidden
    );
    let attribute = admin("").replace("SaleID=\"T\"", "SaleID=\"&c;\"");
    assert_eq!(refused(&attribute), DecodeError::Forbidden);
    assert_eq!(refused(&admin("<?php echo 1 ?>")), DecodeError::Forbidden);
    assert_eq!(refused(&format!("<?xml-stylesheet href='a'?>{}", admin(""))), DecodeError::Forbidden);
    assert_eq!(refused(&admin("<?xml version=\"1.0\"?>")), DecodeError::Forbidden);
}

#[test]
fn predefined_entities_references_and_cdata_are_text() {
    let xml = admin(
        "<ServiceIdentification>&lt;&#229;&#x26;<!-- x --><![CDATA[<&>]]>&quot;</ServiceIdentification>",
    );
    let Body::AdminRequest(request) = super::read(xml.as_bytes()).unwrap().body else { panic!("{xml}") };
    assert_eq!(request.service_identification.as_deref(), Some("<å&<&>\""));
}

#[test]
fn depth_size_elements_and_attributes_are_bounded() {
    let deep = admin(&format!("{}{}", "<a>".repeat(1_000), "</a>".repeat(1_000)));
    assert_eq!(refused(&deep), DecodeError::TooDeep);
    let many = admin(&"<a/>".repeat(60_000));
    assert_eq!(refused(&many), DecodeError::TooLarge);
    let attributes: String = (0..1_000).map(|n| format!(" a{n}=\"\"")).collect();
    assert_eq!(refused(&admin(&format!("<a{attributes}/>"))), DecodeError::TooLarge);
    let huge = vec![b' '; 64 << 20];
    assert_eq!(decode(&huge, &Limits::REPLY), Err(DecodeError::TooLarge));
    assert_eq!(decode_header(&huge, &Limits::LISTENER), Err(DecodeError::TooLarge));
    let padded = format!("{}{}", admin(""), " ".repeat(1 << 20));
    assert_eq!(decode(padded.as_bytes(), &Limits::LISTENER), Err(DecodeError::TooLarge));
    assert!(decode(padded.as_bytes(), &Limits::REPLY).is_ok());
}

#[test]
fn encodings_other_than_utf8_are_refused() {
    let body = admin("");
    assert!(super::read(format!("\u{FEFF}{body}").as_bytes()).is_ok());
    assert!(super::read(format!("<?xml version='1.0' encoding='utf-8'?>\n{body}").as_bytes()).is_ok());
    for declaration in ["encoding='ISO-8859-1'", "encoding='UTF-16'"] {
        let xml = format!("<?xml version='1.0' {declaration}?>{body}");
        assert!(matches!(refused(&xml), DecodeError::NotXml(_)), "{declaration}");
    }
    assert!(matches!(refused(&format!("<?xml version='1.1'?>{body}")), DecodeError::NotXml(_)));
    assert!(matches!(super::read(b"<a>\xff</a>"), Err(DecodeError::NotXml(_))));
    let wide: Vec<u8> = body.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(matches!(super::read(&wide), Err(DecodeError::NotXml(_))));
}

#[test]
fn what_is_not_well_formed_is_not_xml() {
    let cases = [
        String::new(),
        " ".to_owned(),
        "no XML at all".to_owned(),
        "{\"SaleToPOIRequest\":{}}".to_owned(),
        format!("{} :]", admin("")),
        format!("x{}", admin("")),
        format!("{}{}", admin(""), admin("")),
        admin("<a>").replace("</a>", ""),
        admin("<a></b>"),
        admin("</AdminRequest>"),
        admin("<a b=c/>"),
        admin("<a b=\"1\" b=\"2\"/>"),
        admin("<a b=\"<number>\"/>"),
        admin("<1a/>"),
        admin("< a/>"),
        admin("a & b"),
        admin("&#0;"),
        admin("&#x1F;"),
        admin("<a b=\"&#8;\"/>"),
        admin("\u{1}"),
        admin("\u{FFFE}"),
        admin("]]>"),
        admin("<!-- a -- b -->"),
        format!("{}<![CDATA[x]]>", admin("")),
        format!("&amp;{}", admin("")),
    ];
    for xml in cases {
        assert!(matches!(refused(&xml), DecodeError::NotXml(_)), "{xml}: {:?}", refused(&xml));
        assert!(check(xml.as_bytes()).is_err(), "{xml}");
    }
}

#[test]
fn foreign_documents_are_not_nexo() {
    assert!(matches!(refused("<Document/>"), DecodeError::NotNexo(_)));
    assert!(matches!(refused("<n:SaleToPOIRequest xmlns:n='urn:n'/>"), DecodeError::NotNexo(_)));
    let answer_in_request = admin("").replace("Type=\"Request\"", "Type=\"Response\"");
    assert!(matches!(refused(&answer_in_request), DecodeError::NotNexo(_)));
    let unknown = admin("").replace("Category=\"Admin\"", "Category=\"Teleport\"");
    assert!(matches!(refused(&unknown), DecodeError::NotNexo(_)));
    let other_body = admin("").replace("Category=\"Admin\"", "Category=\"Login\"");
    assert!(matches!(refused(&other_body), DecodeError::NotNexo(_)));
    let bodiless = format!("<SaleToPOIRequest>{HEADER}</SaleToPOIRequest>");
    assert!(matches!(refused(&bodiless), DecodeError::NotNexo(_)));
    assert!(decode_header(bodiless.as_bytes(), &Limits::LISTENER).is_ok());
}

#[test]
fn what_decides_must_be_there_once_and_readable() {
    let approved = golden_message("payment-response-approved");
    let faults = [
        ("<Response Result=\"Success\"/>", "", "PaymentResponse/Response"),
        ("<Response Result=\"Success\"/>", "<Response/>", "PaymentResponse/Response/@Result"),
        (
            "<Response Result=\"Success\"/>",
            "<Response Result=\"Failure\"/><Response Result=\"Success\"/>",
            "PaymentResponse/Response",
        ),
        (
            "AuthorizedAmount=\"41.8\"",
            "AuthorizedAmount=\"41,8\"",
            "PaymentResponse/PaymentResult/AmountsResp/@AuthorizedAmount",
        ),
        ("SaleID=\"TILL-7\" ", "", "MessageHeader/@SaleID"),
    ];
    for (from, to, path) in faults {
        let xml = approved.replace(from, to);
        assert_ne!(xml, approved, "{from}");
        let DecodeError::Field { path: found, .. } = refused(&xml) else { panic!("{:?}", refused(&xml)) };
        assert_eq!(found, path);
    }
}

#[test]
fn what_does_not_decide_may_be_missing_or_new() {
    let bare = r#"<SaleToPOIResponse><MessageHeader MessageClass="Service" MessageCategory="Payment"
        MessageType="Response" ServiceID="1" SaleID="T" POIID="P" Colour="blue"/><Extra/>
        <PaymentResponse New="1"> loose text<New><Response Result="Failure"/></New>
        <Response Result="Success" ErrorCondition="x:Odd"/>
        <PaymentResult><AmountsResp/></PaymentResult></PaymentResponse></SaleToPOIResponse>"#;
    let Body::PaymentResponse(payment) = super::read(bare.as_bytes()).unwrap().body else { panic!() };
    assert_eq!(payment.response.result, ResultCode::Success);
    assert_eq!(payment.response.error_condition, Some(ErrorCondition::Other("x:Odd".to_owned())));
    assert_eq!((payment.sale_data, payment.poi_data), (None, None));
}

#[test]
fn a_truncated_message_is_never_a_message() {
    for (name, xml) in golden_messages() {
        for end in 0..xml.len() {
            let cut = super::read(&xml.as_bytes()[..end]);
            assert!(cut.is_err(), "{name} cut at {end}: {cut:?}");
        }
    }
}

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let messages: Vec<Vec<u8>> = golden_messages().into_iter().map(|(_, xml)| xml.into_bytes()).collect();
    let places = proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), 0_u8..4), 1..12);
    (proptest::sample::select(messages), places).prop_map(|(mut bytes, places)| {
        for (index, byte, way) in places {
            let at = index.index(bytes.len());
            match way {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, b"<>&\"';/=! "[usize::from(byte) % 10]),
                2 if bytes.len() > 1 => drop(bytes.remove(at)),
                _ => {
                    let piece = bytes[at..(at + usize::from(byte)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
        }
        bytes
    })
}

/// Reads with everything that may touch what came in: nothing of it may panic.
fn touch(bytes: &[u8]) {
    let _ = check(bytes);
    let _ = decode_header(bytes, &Limits::LISTENER);
    let text = String::from_utf8_lossy(bytes);
    mask::mask_xml_trace(&text);
    let Ok(message) = decode(bytes, &Limits::LISTENER) else { return };
    assert_eq!(super::read(encode(&message).as_bytes()).as_ref(), Ok(&message), "{text}");
    message.answer(Response::success());
    match message.body {
        Body::PaymentResponse(answer) => answer.payment_receipts.iter().for_each(|receipt| {
            receipt.decode(&[]);
        }),
        Body::PrintRequest(request) => {
            let content = request.print_output.output_content.unwrap_or(OutputContent::texts(Vec::new()));
            receipt::decode(&request.print_output.document_qualifier, &content, &[]);
        }
        Body::DisplayRequest(request) => {
            for content in
                request.display_outputs.iter().filter_map(|output| output.output_content.as_ref())
            {
                display::DisplayText::of(content).is_pin_echo();
            }
        }
        Body::TransmitRequest(request) => drop(announcement::Announcement::read(&request)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        touch(&bytes);
    }

    #[test]
    fn arbitrary_markup_never_panics(markup in "[<>/&;!\\[\\]\"'= a-dA-D#x0-9?-]{0,300}") {
        touch(markup.as_bytes());
        touch(admin(&markup).as_bytes());
    }

    #[test]
    fn mutated_messages_never_panic(bytes in mutated()) {
        touch(&bytes);
    }

    #[test]
    fn a_cut_answer_never_succeeds(index in any::<proptest::sample::Index>(), tail in any::<Vec<u8>>()) {
        // Whatever follows the cut, as long as it is not the rest of the answer.
        let xml = golden_message("payment-response-approved");
        let cut = &xml.as_bytes()[..index.index(xml.len())];
        prop_assert!(super::read(cut).is_err());
        let garbage = [cut, tail.as_slice()].concat();
        if let Ok(message) = super::read(&garbage) {
            // Only a tail that happens to complete the document gets here.
            prop_assert_eq!(message.envelope, Envelope::Response);
        }
    }
}

/// What a terminal may send to the listener, with texts from nowhere.
fn listener_message() -> impl Strategy<Value = Vec<u8>> {
    let elements =
        ["DisplayRequest", "InputRequest", "PrintRequest", "TransmitRequest", "EventNotification"];
    (proptest::sample::select(elements.to_vec()), proptest::collection::vec(any::<u8>(), 0..2_000))
        .prop_map(|(element, bytes)| {
            let mut draw = super::sample::Draw::new(bytes);
            encode(&super::sample::message_of(&mut draw, element)).into_bytes()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn messages_to_the_listener_are_read_and_answered(
        bytes in listener_message(),
        cut in any::<proptest::sample::Index>(),
    ) {
        touch(&bytes);
        prop_assert!(decode(&bytes, &Limits::LISTENER).is_ok());
        prop_assert!(decode(&bytes[..cut.index(bytes.len())], &Limits::LISTENER).is_err());
    }
}
