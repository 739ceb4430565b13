//! What counts for nothing: replies that nobody signed, that say something about something else, or that
//! cannot be read. On virtual time.

use super::stage::{
    CLOSE, CREATE, GATEWAY, QUERY, Stage, TAKEN, TILL, bare, data, signed, signed_by, stage,
};
use domain::outcome::{Certainty, Reason, Said};
use terminals::Terminal;
use terminals::http::{Cause, HttpFault};
use wire::ecrhub::Json;
use wire::ecrhub::cloud::{RsaPrivate, SIGN, sign};

/// A change of a reply on its way.
type Change = fn(String) -> String;

fn object(text: &str) -> Vec<(String, Json)> {
    let Json::Object(members) = Json::decode(text.as_bytes(), &wire::ecrhub::HUB).unwrap() else {
        panic!("no object")
    };
    members
}

fn unsigned(text: String) -> String {
    let members = object(&text).into_iter().filter(|(name, _)| name != SIGN);
    Json::Object(members.collect()).to_string()
}

fn reordered(text: String) -> String {
    let mut members = object(&text);
    members.reverse();
    Json::Object(members).to_string()
}

/// Replies that prove nothing.
const WORTHLESS: [(&str, Change); 7] = [
    ("no signature", unsigned),
    ("an empty signature", |text| {
        let members = object(&text).into_iter();
        let blank = |(name, value): (String, Json)| match name.as_str() {
            SIGN => (name, Json::text("")),
            _ => (name, value),
        };
        Json::Object(members.map(blank).collect()).to_string()
    }),
    ("one word is another", |text| text.replace("success", "succeed")),
    ("a member more", |text| text.replacen('{', "{\"more\":\"x\",", 1)),
    ("a member twice", |text| text.replacen('{', "{\"code\":\"0\",", 1)),
    ("cut in half", |text| text.chars().take(text.chars().count() / 2).collect()),
    ("not JSON", |_| "<html>502</html>".to_owned()),
];

/// A stage whose order was taken and whose queries are answered by this until the fifth.
fn answered(reply: impl Fn(&str) -> String + Send + Sync + Clone + 'static) -> Stage {
    let stage = stage();
    stage.far.takes_it();
    for _ in 0..5 {
        let reply = reply.clone();
        stage.far.answers(QUERY, 200, move |fields| reply(&fields["merchant_order_no"]));
    }
    stage
}

#[tokio::test(start_paused = true)]
async fn an_approval_without_the_gateways_signature_approves_nothing() {
    for (what, change) in WORTHLESS {
        let stage =
            answered(move |number| change(signed("0", "success", &data(2).replace("{number}", number))));
        stage.far.finds(1);
        let outcome = stage.pay().await.unwrap();
        assert_eq!(outcome.said, Said::Declined, "{what}: the sixth query is the first that counts");
        assert!(stage.far.times(QUERY).len() > 6, "{what}");
    }
    // The till's own key is not the gateway's.
    let stage = answered(|number| signed_by(TILL, "0", "success", &data(2).replace("{number}", number)));
    stage.far.finds(1);
    assert_eq!(stage.pay().await.unwrap().said, Said::Declined);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_without_the_gateways_signature_ends_nothing() {
    for status in [1, 3] {
        for (what, change) in WORTHLESS {
            let told = move |number: &str| {
                change(signed("0", "success", &data(status).replace("{number}", number)))
            };
            let stage = answered(told);
            stage.far.finds(2);
            assert_eq!(stage.pay().await.unwrap().said, Said::Approved, "{what} {status}");
        }
    }
    for (what, change) in WORTHLESS {
        let stage = answered(move |_| change(signed("E04111", "success", "")));
        stage.far.finds(2);
        assert_eq!(stage.pay().await.unwrap().said, Said::Approved, "{what}: not found");
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_whose_reply_proves_nothing_is_followed_by_queries() {
    for (what, change) in WORTHLESS {
        for code in ["0", "E09999"] {
            let stage = stage();
            stage.far.answers(CREATE, 200, move |_| change(signed(code, "success", TAKEN)));
            stage.far.finds(2);
            assert_eq!(stage.pay().await.unwrap().said, Said::Approved, "{what} {code}");
            assert_eq!((stage.far.count("note"), stage.far.count(CREATE)), (0, 1), "{what} {code}");
        }
    }
}

/// Nothing but worthless replies: nobody knows.
#[tokio::test(start_paused = true)]
async fn replies_that_never_prove_anything_leave_it_unknown() {
    for (what, change) in WORTHLESS {
        let stage = stage();
        stage.far.takes_it();
        let number = |text: &str| data(2).replace("{number}", text);
        stage.far.answers(QUERY, 200, move |fields| {
            change(signed("0", "success", &number(&fields["merchant_order_no"])))
        });
        stage.far.is_lost(CLOSE);
        let fault = stage.pay().await.unwrap_err();
        assert_eq!(fault.certainty, Certainty::Unknown, "{what}");
    }
}

/// The order of members is of the writing.
#[tokio::test(start_paused = true)]
async fn members_in_another_order_are_the_same_reply() {
    let stage = stage();
    stage.far.answers(CREATE, 200, |_| reordered(signed("0", "success", TAKEN)));
    stage.far.answers(QUERY, 200, |fields| {
        reordered(signed("0", "success", &data(2).replace("{number}", &fields["merchant_order_no"])))
    });
    assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
}

#[tokio::test(start_paused = true)]
async fn numbers_as_texts_and_texts_as_numbers_are_read() {
    let key = RsaPrivate::from_text(GATEWAY).unwrap();
    let stage = stage();
    stage.far.answers(CREATE, 200, move |_| {
        // A number is signed as it is written, and an object by its own text.
        let fields = [("code", "0"), ("msg", "success"), ("data", TAKEN)];
        let signature = sign(&key, fields).unwrap();
        format!("{{\"code\":0,\"msg\":\"success\",\"data\":{TAKEN},\"sign\":\"{signature}\"}}")
    });
    let told = data(2).replace("\"trans_status\":2", "\"trans_status\":\"2\"");
    let told = told.replace("\"trans_type\":1", "\"trans_type\":\"1\"").replace("\"45\"", "45.0");
    stage.far.says(QUERY, "0", "success", &told);
    let outcome = stage.pay().await.unwrap();
    assert_eq!((outcome.said, outcome.amount.unwrap().minor), (Said::Approved, 45_00));
    assert_eq!(stage.far.count("note 7000000000000001"), 1);
}

/// Another order, another amount, another currency, another kind, another terminal: none of them is ours.
#[tokio::test(start_paused = true)]
async fn an_approval_of_something_else_is_none() {
    let pay = async |told: String| {
        let stage = stage();
        stage.far.takes_it();
        stage.far.says(QUERY, "0", "success", &told);
        stage.far.is_lost(CLOSE);
        stage.pay().await
    };
    let told = pay(data(2).replace("{number}", "OTHER")).await.unwrap();
    assert_eq!(told.echo.reference.unwrap().0, "OTHER", "it is compared, and recorded");
    let told = pay(data(2).replace("\"45\"", "\"46\"")).await.unwrap();
    assert_eq!(told.amount.unwrap().minor, 46_00);
    let told = pay(data(2).replace("QAR", "THB")).await.unwrap();
    assert_eq!(told.foreign_currency.as_deref(), Some("THB"));
    let told = pay(data(2).replace("TESTSN0000000001", "TESTSN0000000009")).await.unwrap();
    assert!(!told.echo.same_terminal);
    let fault = pay(data(2).replace("\"trans_type\":1", "\"trans_type\":3")).await.unwrap_err();
    assert_eq!(fault.certainty, Certainty::Unknown, "another kind");
}

#[tokio::test(start_paused = true)]
async fn a_state_of_something_else_says_nothing() {
    let other: [(&str, Change); 3] = [
        ("number", |text| text.replace("{number}", "OTHER")),
        ("amount", |text| text.replace("\"45\"", "\"46\"")),
        ("currency", |text| text.replace("QAR", "THB")),
    ];
    for (what, change) in other {
        for status in [9, 0] {
            let stage = stage();
            stage.far.takes_it();
            stage.far.says(QUERY, "0", "success", &change(data(status)));
            stage.far.finds(2);
            assert_eq!(stage.pay().await.unwrap().said, Said::Approved, "{what} {status}");
            assert!(!stage.far.has_shown("The customer is paying"), "{what} {status}");
        }
    }
    // A refusal of another amount is not this order's.
    for (what, change) in other.into_iter().skip(1) {
        for status in [1, 3] {
            let stage = stage();
            stage.far.takes_it();
            stage.far.says(QUERY, "0", "success", &change(data(status)));
            stage.far.finds(2);
            assert_eq!(stage.pay().await.unwrap().said, Said::Approved, "{what} {status}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_approval_that_leaves_out_what_it_is_about_is_none() {
    let without = |name: &str| {
        let members = object(&data(2)).into_iter().filter(|(known, _)| known != name);
        Json::Object(members.collect()).to_string()
    };
    for name in ["merchant_order_no", "order_amount", "price_currency", "trans_status"] {
        let stage = stage();
        stage.far.takes_it();
        stage.far.says(QUERY, "0", "success", &without(name));
        stage.far.finds(1);
        assert_eq!(stage.pay().await.unwrap().said, Said::Declined, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn data_that_cannot_be_read_says_nothing() {
    for broken in ["no json", "{\"trans_status\":2", "[]x", "{\"a\":1,\"a\":2}"] {
        let stage = stage();
        stage.far.says(CREATE, "0", "success", broken);
        stage.far.says(QUERY, "0", "success", broken);
        stage.far.finds(2);
        assert_eq!(stage.pay().await.unwrap().said, Said::Approved, "{broken}");
        assert_eq!(stage.far.count("note"), 0, "{broken}");
    }
}

/// The connection may break at every point of an exchange: only one that never stood says "not sent".
#[tokio::test(start_paused = true)]
async fn a_gateway_that_closes_at_any_point_loses_nothing() {
    let broken = || HttpFault::MaybeSent { cause: Cause::Broken("closed".to_owned()) };
    let stage = stage();
    stage.far.plays(CREATE, move |_| Err(broken()));
    stage.far.plays(QUERY, move |_| Err(broken()));
    stage.far.finds(9);
    stage.far.plays(QUERY, move |_| Err(broken()));
    stage.far.finds(2);
    assert_eq!(stage.pay().await.unwrap().said, Said::Approved);
    assert_eq!(stage.far.count(CREATE), 1);
}

/// The hello proves address, numbers and both keys; nothing is sent to a gateway that does not pass.
#[tokio::test(start_paused = true)]
async fn nothing_is_sent_to_a_gateway_that_proves_nothing() {
    for (what, reply, reason) in [
        ("another key", signed_by(TILL, "E04111", "no", ""), Reason::LoginRefused),
        ("no signature", unsigned(signed("E04111", "no", "")), Reason::LoginRefused),
        ("the till's key", unsigned(signed("SYS002", "sign", "")), Reason::LoginRefused),
        ("not released", signed("E07303", "no", ""), Reason::LoginRefused),
        ("everything is known", signed("0", "success", &data(2)), Reason::Mismatch),
        ("something else", signed("E04001", "no", ""), Reason::CannotTell),
        ("a page", "<html>".to_owned(), Reason::AnswerUnreadable),
    ] {
        let stage = bare("");
        stage.far.takes_it();
        stage.far.answers(QUERY, 200, move |_| reply.clone());
        assert_eq!(stage.driver.open().await.unwrap_err().reason, reason, "{what}");
        let fault = stage.pay().await.unwrap_err();
        assert_eq!((fault.certainty, &fault.reason), (Certainty::NotSent, &reason), "{what}");
        assert_eq!((stage.far.count(CREATE), stage.far.count("reserve")), (0, 0), "{what}");
    }
}
