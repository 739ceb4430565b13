//! Typed forms become settings, or the field and one sentence.

use super::*;
use secrecy::ExposeSecret;

const SOURCE: &str = r#"[till]
id = "T1"
currency = "SEK"
[shop]
name = "Corner Shop" # on the sign
[[terminal]]
id = "desk"
driver = "nexo"
[terminal.settings]
url = "http://192.0.2.7:11000"
sale_id = "KASSA1"
poi_id = "DESK-1"
"#;

fn settings() -> Settings {
    Settings::parse(SOURCE, "settings.toml").unwrap()
}

fn form(id: &str, poi: &str) -> TerminalForm {
    let of = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    TerminalForm {
        id: id.to_owned(),
        driver: "nexo".to_owned(),
        name: String::new(),
        settings: [
            of("url", " http://192.0.2.8:11000 "),
            of("sale_id", "KASSA1"),
            of("poi_id", poi),
            of("connect_ms", "900"),
            of("language", ""),
        ]
        .into(),
        secrets: BTreeMap::new(),
    }
}

#[test]
fn a_form_becomes_settings_that_a_till_starts_with() {
    let draft = draft(&settings(), None, &form("aisle", "AISLE-1")).unwrap();
    assert_eq!((draft.entry.name.as_str(), draft.settings.terminals.len()), ("aisle", 2));
    assert!(draft.settings.source.contains("# on the sign") && !draft.settings.source.contains("language"));
    let again = filled(&draft.entry);
    assert_eq!(again.form.settings["url"], "http://192.0.2.8:11000");
    assert_eq!((again.form.settings["connect_ms"].as_str(), again.kept.len()), ("900", 0));
    let same = super::draft(&draft.settings, Some(&draft.entry), &again.form).unwrap();
    assert_eq!(same.settings.source, draft.settings.source, "a form that is not touched changes nothing");
    assert_eq!(same.entry.digest(), draft.entry.digest());
}

#[test]
fn a_wrong_form_names_the_field_and_says_why() {
    let with = |key: &str, value: &str| {
        let mut form = form("aisle", "AISLE-1");
        form.settings.insert(key.to_owned(), value.to_owned());
        form
    };
    let rows = [
        (with("url", "192.0.2.8"), "url", "must begin with http://"),
        (with("url", ""), "url", "is missing"),
        (with("url", "http://192.0.2.8:99999"), "url", "has no usable port"),
        (with("poi_id", "DESK-1"), "id", "are the same terminal"),
        (with("form", "heavy"), "form", "must be one of: default, light"),
        (with("connect_ms", "soon"), "connect_ms", "whole number"),
        (with("connect_ms", "0"), "connect_ms", "at least 1"),
        (with("answer_ms", "99999999999"), "answer_ms", "at most a day"),
        (with("colour", "red"), "colour", "is not a setting"),
        (form("desk", "AISLE-1"), "id", "another terminal"),
        (form("", "AISLE-1"), "id", "is empty"),
        (form("a b", "AISLE-1"), "id", "letters, digits"),
        (TerminalForm { driver: "nexus".to_owned(), ..form("aisle", "A") }, "driver", "must be chosen"),
        (
            TerminalForm { driver: "training".to_owned(), settings: BTreeMap::new(), ..form("t", "") },
            "driver",
            "no real money",
        ),
    ];
    for (form, field, what) in rows {
        let problem = draft(&settings(), None, &form).unwrap_err();
        assert_eq!(
            (problem.code, problem.parameter("field")),
            (ProblemCode::FieldWrong, field),
            "{problem}"
        );
        assert!(problem.parameter("what").contains(what), "{problem}");
    }
}

#[test]
fn a_secret_is_kept_beside_the_settings_and_told_to_nobody() {
    const FORM: &[Field] = &[Field {
        key: "token",
        kind: FieldKind::Secret,
        required: true,
        default: "",
        hint: "From the provider",
    }];
    let mut typed_form = TerminalForm { id: "web".to_owned(), ..TerminalForm::default() };
    typed_form.secrets.insert("token".to_owned(), TypedSecret("s3cret".to_owned()));
    assert!(!format!("{typed_form:?}").contains("s3cret"));
    let (table, secrets) = typed(FORM, &typed_form, None).unwrap();
    assert_eq!(table["token"].as_str(), Some("secret:web.token"));
    assert_eq!(secrets["web.token"].expose_secret(), "s3cret");
    let mut before = settings().terminals.remove(0);
    before.settings = table;
    typed_form.secrets.clear();
    let (table, secrets) = typed(FORM, &typed_form, Some(&before)).unwrap();
    assert_eq!((table["token"].as_str(), secrets.len()), (Some("secret:web.token"), 0), "it stays");
}
