//! Secrets: read from standard input, kept for their owner only.

use crate::program::Folder;

#[test]
fn a_secret_is_kept_without_its_line_end() {
    let folder = Folder::training(0);
    let mut program = folder.run(&["secret", "set", "token"]);
    program.say("s3cret value");
    let ended = program.end().exits(0);
    assert_eq!(ended.one("secret")["name"], "token");
    assert!(!ended.text.contains("s3cret") && !ended.words.contains("s3cret"));
    let file = folder.path().join("secrets.toml");
    let kept: toml::Table = std::fs::read_to_string(&file).unwrap().parse().unwrap();
    assert_eq!(kept["token"].as_str(), Some("s3cret value"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn an_empty_secret_or_a_strange_name_is_refused() {
    let folder = Folder::training(0);
    let ended = folder.ran(&["secret", "set", "token"]).exits(2);
    assert_eq!(ended.one("problem")["parameters"]["field"], "value");
    let ended = folder.ran(&["secret", "set", "my token"]).exits(2);
    assert_eq!(ended.one("problem")["parameters"]["field"], "name");
    assert!(!folder.path().join("secrets.toml").exists());
}

#[test]
fn a_missing_secret_is_named_with_its_place_in_the_settings() {
    let folder = Folder::with(
        "[till]\nid = \"T1\"\ncurrency = \"SEK\"\n[shop]\nname = \"Shop\"\n[[terminal]]\nid = \"desk\"\n\
         driver = \"nexo\"\n[terminal.settings]\nurl = \"http://127.0.0.1:1\"\nsale_id = \"KASSA1\"\n\
         poi_id = \"secret:poi\"\nform = \"light\"\n",
    );
    let ended = folder.ran(&["pay", "--terminal", "desk", "--amount", "1"]).exits(1);
    let told = &ended.one("problem")["parameters"];
    assert_eq!([&told["line"], &told["key"]], ["12", "poi_id"]);
    assert!(told["file"].as_str().unwrap().ends_with("settings.toml"), "{told}");
    assert!(told["what"].as_str().unwrap().contains("the secret poi"), "{told}");
}
