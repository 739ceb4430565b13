//! Changing the text of the settings: one terminal comes, changes or goes, or a section changes; comments,
//! order and everything else stay as they are. Pure.
//!
//! Invariant: a text that is not changed by a call is told back byte for byte.

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike, Value, value};

/// One terminal as it is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its driver.
    pub driver: &'a str,
    /// Its name for people.
    pub name: &'a str,
    /// The driver's settings; secrets are names.
    pub settings: &'a toml::Table,
}

/// The text with this terminal in it: changed where there is one of its id, at the end otherwise. Nothing
/// where the text is not one of settings.
pub fn with_terminal(text: &str, wanted: Written<'_>) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let list = terminals(&mut document)?;
    match place(list, wanted.id) {
        Some(at) => fill(list.get_mut(at)?, wanted),
        None => {
            let mut table = Table::new();
            table.decor_mut().set_prefix("\n");
            fill(&mut table, wanted);
            list.push(table);
        }
    }
    Some(document.to_string())
}

/// The text without the terminal of this id.
pub fn without_terminal(text: &str, id: &str) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let list = terminals(&mut document)?;
    let at = place(list, id)?;
    list.remove(at);
    if list.is_empty() {
        document.remove("terminal");
    }
    Some(document.to_string())
}

/// The text with these settings of one section, and without its others.
pub fn with_section(text: &str, section: &str, wanted: &toml::Table) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    if wanted.is_empty() && !document.contains_key(section) {
        return Some(text.to_owned());
    }
    let item = document.entry(section).or_insert_with(|| {
        let mut table = Table::new();
        table.decor_mut().set_prefix("\n");
        Item::Table(table)
    });
    fill_settings(item.as_table_like_mut()?, super::keys(section).iter().copied(), wanted);
    Some(document.to_string())
}

fn terminals(document: &mut DocumentMut) -> Option<&mut ArrayOfTables> {
    let item = document.entry("terminal").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    item.as_array_of_tables_mut()
}

fn place(list: &ArrayOfTables, id: &str) -> Option<usize> {
    list.iter().position(|table| table.get("id").and_then(Item::as_str) == Some(id))
}

fn fill(table: &mut Table, wanted: Written<'_>) {
    put(table, "id", wanted.id.into());
    put(table, "driver", wanted.driver.into());
    put(table, "name", wanted.name.into());
    if wanted.settings.is_empty() && !table.contains_key("settings") {
        return;
    }
    let settings = table.entry("settings").or_insert(Item::Table(Table::new()));
    let Some(settings) = settings.as_table_like_mut() else { return };
    fill_settings(settings, wanted.settings.keys().map(String::as_str), wanted.settings);
}

/// These settings and no others, new ones in this order.
fn fill_settings<'a>(
    settings: &mut dyn TableLike,
    order: impl Iterator<Item = &'a str>,
    wanted: &toml::Table,
) {
    let known = settings.iter().map(|(key, _)| key.to_owned());
    let gone: Vec<String> = known.filter(|key| !wanted.contains_key(key)).collect();
    for key in gone {
        settings.remove(&key);
    }
    for key in order {
        if let Some(told) = wanted.get(key).and_then(plain) {
            put(settings, key, told);
        }
    }
}

/// Puts a value in the place of another one; what stands around it stays.
fn put(table: &mut dyn TableLike, key: &str, mut told: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(known) if is_same(known, &told) => {}
        Some(known) => {
            *told.decor_mut() = known.decor().clone();
            *known = told;
        }
        None => {
            table.insert(key, value(told));
        }
    }
}

fn is_same(known: &Value, told: &Value) -> bool {
    match (known, told) {
        (Value::String(known), Value::String(told)) => known.value() == told.value(),
        (Value::Integer(known), Value::Integer(told)) => known.value() == told.value(),
        (Value::Boolean(known), Value::Boolean(told)) => known.value() == told.value(),
        _ => false,
    }
}

fn plain(told: &toml::Value) -> Option<Value> {
    match told {
        toml::Value::String(text) => Some(text.as_str().into()),
        toml::Value::Integer(number) => Some((*number).into()),
        toml::Value::Boolean(flag) => Some((*flag).into()),
        toml::Value::Float(_)
        | toml::Value::Datetime(_)
        | toml::Value::Array(_)
        | toml::Value::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"# The shop's own words.
[till]
id = "T1" # on the sticker
currency = "SEK"
practice = true

# At the counter.
[[terminal]]
name = "Counter"   # as staff call it
id = "desk"
driver = "nexo"
[terminal.settings]
poi_id = "DESK-1"
# Menu, Network, ECR.
url = 'http://127.0.0.1:11000'   # fixed
sale_id = "KASSA1"

[[terminal]]
id = "spare"
driver = "training"

[shop]
name = "Corner Shop"
"#;

    fn table(text: &str) -> toml::Table {
        text.parse().unwrap()
    }

    fn with_printer(text: &str, wanted: &toml::Table) -> Option<String> {
        with_section(text, "printer", wanted)
    }

    fn desk(settings: &toml::Table) -> Written<'_> {
        Written { id: "desk", driver: "nexo", name: "Counter", settings }
    }

    #[test]
    fn only_what_changes_changes() {
        let same = table("url = \"http://127.0.0.1:11000\"\nsale_id = \"KASSA1\"\npoi_id = \"DESK-1\"");
        assert_eq!(with_terminal(TEXT, desk(&same)).unwrap(), TEXT, "the same again, quotes and all");
        let moved = table("url = \"http://127.0.0.1:11009\"\nsale_id = \"KASSA1\"\npoi_id = \"DESK-1\"");
        let expected =
            TEXT.replace("'http://127.0.0.1:11000'   # fixed", "\"http://127.0.0.1:11009\"   # fixed");
        assert_eq!(with_terminal(TEXT, desk(&moved)).unwrap(), expected);
        let renamed = Written { name: "Front", ..desk(&same) };
        assert_eq!(with_terminal(TEXT, renamed).unwrap(), TEXT.replace("\"Counter\"", "\"Front\""));
    }

    #[test]
    fn keys_come_and_go() {
        let fewer = table("url = \"http://127.0.0.1:11000\"\npoi_id = \"DESK-1\"\nconnect_ms = 900");
        let text = with_terminal(TEXT, desk(&fewer)).unwrap();
        assert!(!text.contains("sale_id") && text.contains("connect_ms = 900\n"), "{text}");
        assert!(text.contains("# fixed") && text.contains("# At the counter."), "{text}");
    }

    #[test]
    fn a_new_one_comes_after_the_others() {
        let settings = table("delay_ms = 0");
        let new = Written { id: "aisle", driver: "training", name: "Aisle \"3\"", settings: &settings };
        let text = with_terminal(TEXT, new).unwrap();
        let read: toml::Table = text.parse().unwrap();
        let ids: Vec<_> =
            read["terminal"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["desk", "spare", "aisle"]);
        assert_eq!(read["terminal"][2]["settings"]["delay_ms"].as_integer(), Some(0));
        assert_eq!(without_terminal(&text, "aisle").unwrap(), TEXT);
        let first = with_terminal("[till]\nid = \"T1\"\n", new).unwrap();
        assert!(first.starts_with("[till]\nid = \"T1\"\n\n[[terminal]]\nid = \"aisle\"\n"), "{first}");
        assert_eq!(without_terminal(&first, "aisle").unwrap(), "[till]\nid = \"T1\"\n");
    }

    #[test]
    fn the_printer_changes_and_nothing_else_does() {
        const PRINTER: &str = "[printer] # by the door\n# ESC/POS.\ntarget = '192.0.2.7:9100' # fixed\n\
            driver = \"tcp\"\ncolumns = 42\n\n";
        let with = TEXT.replace("[shop]", &format!("{PRINTER}[shop]"));
        let same = table("driver = \"tcp\"\ntarget = \"192.0.2.7:9100\"\ncolumns = 42");
        assert_eq!(with_printer(&with, &same).unwrap(), with, "the same again, quotes and all");
        let moved = table("driver = \"tcp\"\ntarget = \"192.0.2.8:9100\"\nlanguage = \"sv\"");
        let expected = with
            .replace("'192.0.2.7:9100' # fixed", "\"192.0.2.8:9100\" # fixed")
            .replace("columns = 42\n", "language = \"sv\"\n");
        assert_eq!(with_printer(&with, &moved).unwrap(), expected);
        for inline in ["printer = { driver = \"none\" } # none yet\n", "printer.driver = \"none\"\n"] {
            let text = with_printer(&format!("{inline}{TEXT}"), &same).unwrap();
            assert!(text.ends_with(TEXT), "{text}");
            assert_eq!(text.parse::<toml::Table>().unwrap()["printer"].as_table().unwrap(), &same);
        }
    }

    #[test]
    fn a_first_printer_gets_a_section_of_its_own() {
        let wanted = table("columns = 32\ntarget = \"slips.bin\"\ndriver = \"file\"");
        let section = "\n[printer]\ndriver = \"file\"\ntarget = \"slips.bin\"\ncolumns = 32\n";
        assert_eq!(with_printer(TEXT, &wanted).unwrap(), format!("{TEXT}{section}"));
        let (shop, list) =
            ("[shop]\nname = \"A\"\n", "\n[[terminal]]\nid = \"desk\"\n[terminal.settings]\n");
        let text = with_printer(&format!("{shop}{list}"), &wanted).unwrap();
        assert_eq!(text, format!("{shop}{list}{section}"));
        assert_eq!(with_printer(TEXT, &toml::Table::new()).unwrap(), TEXT);
        assert_eq!(with_printer("[till\n", &wanted), None);
        assert_eq!(with_printer("printer = 1\n", &wanted), None);
    }

    #[test]
    fn one_goes_with_the_words_above_it() {
        let text = without_terminal(TEXT, "desk").unwrap();
        assert!(!text.contains("DESK-1") && !text.contains("At the counter"), "{text}");
        assert!(text.contains("id = \"spare\"") && text.starts_with("# The shop's own words.\n[till]"));
        assert_eq!(without_terminal(TEXT, "nobody"), None);
        assert_eq!(with_terminal("[till\n", desk(&toml::Table::new())), None);
    }
}
