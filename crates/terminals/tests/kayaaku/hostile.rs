//! What comes in the host's name and is not to be believed: each is unknown, nothing is sent twice, and what
//! only looks strange is taken.

use super::stage::{EC, Fields, READER, Stage, reply, rsa, second, stage, staged};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::outcome::{Certainty, Reason, Said};
use terminals::http::HttpReply;
use wire::kayaaku::jwe::{Algorithm, Encryption, Fresh};
use wire::kayaaku::keys::{EcPrivate, Reader, RsaPrivate};
use wire::kayaaku::{assumed, envelope, percent_decoded, plain};

const STRANGER: &str = include_str!("../../../wire/testdata/kayaaku/stranger.jwk");
const HOST_EC: &str = include_str!("../../../wire/testdata/kayaaku/host-ec-private.pem");
const HOST_RSA: &str = include_str!("../../../wire/testdata/kayaaku/host-rsa-private.pem");

/// What the host says of the payment that was asked for: declined, so that whoever believes it is wrong.
fn declined(fields: &Fields) -> Vec<(&'static str, String)> {
    let of = |name: &str| fields.get(name).cloned().unwrap_or_default();
    vec![("sequenceNo", of("sequenceNo")), ("mrn", of("mrn")), ("resultCode", "KP051".to_owned())]
}

fn text(members: &[(&'static str, String)]) -> String {
    let members: serde_json::Map<_, _> =
        members.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect();
    serde_json::Value::Object(members).to_string()
}

/// An envelope of generation 2 as somebody makes it.
struct Letter {
    kind: &'static str,
    to: Reader,
    with: (Algorithm, Encryption),
    by: &'static str,
}

impl Letter {
    fn good() -> Self {
        let to = Reader::from_jwk(READER).unwrap();
        Self { kind: "0012", to, with: assumed::SEALED_WITH, by: EC }
    }

    fn reply(&self, plain: &str, change: impl Fn(String) -> String) -> HttpReply {
        let (key, fresh) = (EcPrivate::from_pem(self.by).unwrap(), Fresh::of(&[5; 40]));
        let to = self.to.recipient();
        let sealed = envelope::seal(self.kind, plain.as_bytes(), &to, self.with, &key, &fresh).unwrap();
        let sealed = envelope::signed(change(sealed.body), &key);
        let headers = vec![("signature".to_owned(), sealed.signature)];
        HttpReply { status: 200, headers, body: sealed.body.into_bytes() }
    }
}

/// The header of the encrypted part in other words; the rest as it is.
fn with_header(body: &str, change: impl Fn(String) -> String) -> String {
    let (kind, sealed) = body.split_at(4);
    let (header, rest) = sealed.split_once('.').unwrap();
    let header = String::from_utf8(URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    format!("{kind}{}.{rest}", URL_SAFE_NO_PAD.encode(change(header)))
}

/// The payment is answered so: nothing is known, and it went out once.
async fn is_unknown(what: &str, stage: &Stage) {
    let fault = stage.pay().await.unwrap_err();
    assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::AnswerUnreadable), "{what}");
    assert_eq!(stage.far.count("pay"), 1, "{what}");
}

async fn sealed_answer(
    what: &str,
    letter: Letter,
    change: impl Fn(String) -> String + Clone + Send + Sync + 'static,
) {
    let stage = staged(&second());
    stage.far.replies("pay", move |fields| letter.reply(&text(&declined(fields)), change.clone()));
    is_unknown(what, &stage).await;
}

#[tokio::test(start_paused = true)]
async fn a_letter_as_it_should_be_is_read() {
    let stage = staged(&second());
    stage.far.replies("pay", |fields| Letter::good().reply(&text(&declined(fields)), |body| body));
    assert_eq!(stage.pay().await.unwrap().said, Said::Declined, "so the others are refused for one reason");
}

#[tokio::test(start_paused = true)]
async fn alg_none_is_unknown() {
    let none = |body: String| with_header(&body, |header| header.replace("\"ECDH-ES\"", "\"none\""));
    sealed_answer("none", Letter::good(), none).await;
    let bare = |body: String| {
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","enc":"A256GCM"}"#);
        let plain = URL_SAFE_NO_PAD.encode(r#"{"resultCode":"KP051","mrn":"ref1"}"#);
        format!("{}{none}...{plain}.", &body[..4])
    };
    sealed_answer("none, not encrypted", Letter::good(), bare).await;
    let unsecured = |body: String| format!("{}{{\"resultCode\":\"KP051\",\"mrn\":\"ref1\"}}", &body[..4]);
    sealed_answer("plain JSON", Letter::good(), unsecured).await;
}

#[tokio::test(start_paused = true)]
async fn another_algorithm_is_unknown() {
    for other in ["dir", "RSA-OAEP", "ECDH-ES+A192KW", "PBES2-HS256+A128KW"] {
        let change = move |body: String| {
            with_header(&body, |header| header.replace("\"ECDH-ES\"", &format!("\"{other}\"")))
        };
        sealed_answer(other, Letter::good(), change).await;
    }
    for other in ["A192GCM", "A128GCM", "none"] {
        let change = move |body: String| with_header(&body, |header| header.replace("A256GCM", other));
        sealed_answer(other, Letter::good(), change).await;
    }
}

#[tokio::test(start_paused = true)]
async fn every_algorithm_of_the_list_is_read_whatever_the_setting_says() {
    for algorithm in Algorithm::ALL {
        for encryption in Encryption::ALL {
            let stage = staged(&second());
            let letter = Letter { with: (algorithm, encryption), ..Letter::good() };
            stage.far.replies("pay", move |fields| letter.reply(&text(&declined(fields)), |body| body));
            assert_eq!(stage.pay().await.unwrap().said, Said::Declined, "{algorithm:?} {encryption:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn another_recipient_is_unknown() {
    for name in ["somebody-else", "kpos-test-1"] {
        let to = Reader::from_jwk(&STRANGER.replace("KID", name)).unwrap();
        sealed_answer(name, Letter { to, ..Letter::good() }, |body| body).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_truncated_tag_is_unknown() {
    for length in [0, 1, 12, 15] {
        let short = move |body: String| {
            let (rest, tag) = body.rsplit_once('.').unwrap();
            let tag = URL_SAFE_NO_PAD.decode(tag).unwrap();
            format!("{rest}.{}", URL_SAFE_NO_PAD.encode(&tag[..length]))
        };
        sealed_answer("short", Letter::good(), short).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_signature_of_another_key_is_unknown() {
    sealed_answer("another EC key", Letter { by: HOST_EC, ..Letter::good() }, |body| body).await;
    let stage = stage();
    stage.far.replies("pay", |fields| {
        let members = [("TxnID", fields["TxnID"].clone()), ("RespCd", "51".to_owned())];
        let key = RsaPrivate::from_pem(HOST_RSA).unwrap();
        HttpReply::new(200, plain::signed("tst", &members, &key).unwrap().into_bytes())
    });
    is_unknown("another RSA key", &stage).await;
}

#[tokio::test(start_paused = true)]
async fn another_kind_of_message_is_no_answer() {
    for kind in ["0011", "0014", "0025", "0026"] {
        let stage = staged(&second());
        let letter = Letter { kind, ..Letter::good() };
        stage.far.replies("pay", move |fields| letter.reply(&text(&declined(fields)), |body| body));
        let fault = stage.pay().await.unwrap_err();
        assert_eq!((fault.certainty, fault.reason), (Certainty::Unknown, Reason::Mismatch), "{kind}");
    }
}

#[tokio::test(start_paused = true)]
async fn percent_encoding_in_lower_case_is_read() {
    let low = |text: &str| text.replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d");
    for is_bare in [false, true] {
        let stage = staged(&second());
        stage.far.replies("pay", move |fields| {
            let mut reply = reply(true, "pay", &declined(fields));
            let signature = reply.headers[0].1.clone();
            assert_ne!(low(&signature), signature, "there is something to write otherwise");
            reply.headers[0].1 =
                if is_bare { percent_decoded(&signature).unwrap() } else { low(&signature) };
            reply
        });
        assert_eq!(stage.pay().await.unwrap().said, Said::Declined, "generation 2, bare {is_bare}");
        let stage = super::stage::stage();
        stage.far.replies("pay", move |fields| {
            let members = [("TxnID", fields["TxnID"].clone()), ("RespCd", "51".to_owned())];
            let signed = plain::signed("tst", &members, &rsa()).unwrap();
            let other = if is_bare { percent_decoded(&signed).unwrap() } else { low(&signed) };
            assert_ne!(other, signed);
            HttpReply::new(200, other.into_bytes())
        });
        assert_eq!(stage.pay().await.unwrap().said, Said::Declined, "generation 1, bare {is_bare}");
    }
}

#[tokio::test(start_paused = true)]
async fn members_in_another_order_and_unknown_ones_are_read() {
    let stage = staged(&second());
    stage.far.replies("pay", |fields| {
        let (sequence, mrn) = (&fields["sequenceNo"], &fields["mrn"]);
        let plain = format!(
            r#"{{ "more" : {{"a":[1]}}, "resultCode":"KP051" , "mrn":"{mrn}","sequenceNo": "{sequence}"}}"#
        );
        Letter::good().reply(&plain, |body| body)
    });
    assert_eq!(stage.pay().await.unwrap().said, Said::Declined);
    let stage = super::stage::stage();
    stage.far.replies("pay", |fields| {
        let id = fields["TxnID"].clone();
        let members = [
            ("Novelty", "1".to_owned()),
            ("RespCd", "51".to_owned()),
            ("sourceSystem", "fnx".to_owned()),
            ("TxnID", id),
        ];
        HttpReply::new(200, plain::signed("fnx", &members, &rsa()).unwrap().into_bytes())
    });
    assert_eq!(stage.pay().await.unwrap().said, Said::Declined);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_twice_in_one_body_is_unknown() {
    for is_sealed in [false, true] {
        let stage = if is_sealed { staged(&second()) } else { super::stage::stage() };
        stage.far.replies("pay", move |fields| {
            let plain = [("TxnID", "ref1".to_owned()), ("RespCd", "51".to_owned())];
            let members = if is_sealed { declined(fields) } else { plain.to_vec() };
            let mut reply = reply(is_sealed, "pay", &members);
            reply.body = [reply.body.clone(), reply.body].concat();
            reply
        });
        is_unknown("twice", &stage).await;
    }
}

/// A host whose answers cannot be read, or who does not know the till, gets no payment: it would take the
/// money and could not tell of it. Once it has answered, nothing more is asked before a payment.
#[tokio::test(start_paused = true)]
async fn no_payment_is_sent_before_an_answer_was_read() {
    use super::stage::sale;
    use terminals::Terminal;
    let first = |play: fn(&Stage)| {
        let stage = stage();
        play(&stage);
        stage.far.says("pay", "00");
        stage
    };
    let unread: [fn(&Stage); 6] = [
        |stage| {
            stage.far.replies("enquire", |fields| {
                let members = [("TxnID", fields["TxnID"].clone()), ("RespCd", "49".to_owned())];
                let key = RsaPrivate::from_pem(HOST_RSA).unwrap();
                HttpReply::new(200, plain::signed("tst", &members, &key).unwrap().into_bytes())
            });
        },
        |stage| stage.far.answers("enquire", 502, "<html>"),
        |stage| stage.far.says("enquire", "90"),
        // A host that knows a payment which was never made would know every lost one, too.
        |stage| stage.far.says("enquire", "00"),
        |stage| stage.far.says("enquire", "50"),
        |stage| stage.far.is_lost("enquire"),
    ];
    for play in unread {
        let stage = first(play);
        let fault = stage.driver.perform(&sale(), &*stage.desk).await.unwrap_err();
        assert_eq!((fault.certainty, stage.far.count("pay")), (Certainty::NotSent, 0), "{fault:?}");
        assert_eq!(stage.far.count("reserve"), 0);
    }
    for code in ["49", "63", "60", "99"] {
        let stage = stage();
        stage.far.says("enquire", code);
        stage.far.says("pay", "51");
        for asked in [1, 1] {
            assert_eq!(stage.driver.perform(&sale(), &*stage.desk).await.unwrap().said, Said::Declined);
            assert_eq!(stage.far.count("enquire"), asked, "{code}: once for both payments");
        }
    }
}

/// The same enquiry, answered so, neither settles a payment nor closes it.
#[tokio::test(start_paused = true)]
async fn an_enquiry_that_is_answered_so_says_nothing() {
    use super::stage::{sale, sent};
    use domain::operation::Step;
    use terminals::Terminal;
    let no_record = |fields: &Fields| {
        let of = |name: &str| fields.get(name).cloned().unwrap_or_default();
        text(&[("sequenceNo", of("sequenceNo")), ("mrn", of("mrn")), ("resultCode", "KP049".to_owned())])
    };
    let letter = |by| Letter { kind: "0014", by, ..Letter::good() };
    let stage = staged(&second());
    stage.far.replies("enquire", move |fields| letter(HOST_EC).reply(&no_record(fields), |body| body));
    let none = |body: String| with_header(&body, |header| header.replace("\"ECDH-ES\"", "\"none\""));
    stage.far.replies("enquire", move |fields| letter(EC).reply(&no_record(fields), none));
    // An answer to another enquiry, however well it is signed.
    stage.far.replies("enquire", move |_| {
        letter(EC).reply(r#"{"mrn":"ref1","resultCode":"KP049"}"#, |body| body)
    });
    tokio::time::sleep(std::time::Duration::from_secs(200)).await;
    for _ in 0..3 {
        let fault = stage.driver.recover(&sale(), &[sent("ref1", Step::First)]).await.unwrap_err();
        assert_eq!(fault.certainty, Certainty::Unknown);
    }
}
