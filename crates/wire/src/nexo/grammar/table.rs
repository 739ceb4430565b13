//! Reads the table of Appendix A from its own notation.
//!
//! The text stays as the dossier has it, so that anybody can compare the two line by line. Invariant:
//! every line is understood; a test counts them and names what is let through unchecked.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::simple::Simple;

const TEXT: &str = include_str!("appendix_a.txt");

/// The grammar: rules by element name.
#[derive(Debug, Default)]
pub struct Table {
    rules: BTreeMap<&'static str, Rule>,
    /// Lines that make no sense; always empty.
    pub misread: Vec<String>,
}

/// What one element may hold.
#[derive(Debug)]
pub struct Rule {
    /// Attributes in any order.
    pub attributes: Vec<AttributeRule>,
    /// What stands between the tags.
    pub content: Content,
}

/// One attribute.
#[derive(Debug)]
pub struct AttributeRule {
    /// Its name.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// Its type.
    pub simple: Simple,
}

/// What stands between the tags.
#[derive(Debug)]
pub enum Content {
    /// Elements in this order.
    Children(Vec<Part>),
    /// Text.
    Text(Simple),
}

/// One place in the order: an element or a choice of elements, with its occurrence.
#[derive(Debug)]
pub struct Part {
    choices: Vec<(&'static str, Kind)>,
    /// Occurrences at least.
    pub least: usize,
    /// Occurrences at most; `None` is any number.
    pub most: Option<usize>,
}

/// What an element is.
#[derive(Debug)]
pub enum Kind {
    /// Described by the rule of that name, if there is one.
    Element(&'static str),
    /// Text only.
    Text(Simple),
    /// Not looked into.
    Any,
}

impl Part {
    /// What the element of that name is here; `None` when it does not belong here.
    pub fn kind_of(&self, name: &str) -> Option<&Kind> {
        self.choices.iter().find(|(choice, _)| *choice == name).map(|(_, kind)| kind)
    }

    /// Name for faults.
    pub fn label(&self) -> &'static str {
        match self.choices.as_slice() {
            [(name, _)] => name,
            _ => "(body)",
        }
    }
}

/// The table, read once.
pub fn appendix_a() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::read(TEXT))
}

impl Table {
    /// The rule of an element.
    pub fn rule(&self, name: &str) -> Option<&Rule> {
        self.rules.get(name)
    }

    /// Reads lines; an indented line continues the one before.
    fn read(text: &'static str) -> Self {
        let mut table = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            let end = end_of_entry(rest);
            let (entry, tail) = rest.split_at(end);
            rest = tail;
            if entry.starts_with('#') || entry.trim().is_empty() {
                continue;
            }
            match rule(entry) {
                Some((name, rule)) => {
                    table.rules.insert(name, rule);
                }
                None => table.misread.push(entry.to_owned()),
            }
        }
        table
    }
}

fn end_of_entry(text: &str) -> usize {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if end > 0 && !line.starts_with(' ') {
            break;
        }
        end += line.len();
    }
    end
}

fn rule(entry: &'static str) -> Option<(&'static str, Rule)> {
    let (name, body) = entry.split_once(':')?;
    let (attributes, children) = body.split_once('→').unwrap_or((body, ""));
    let attributes = attributes.split_whitespace().map(attribute).collect::<Option<Vec<_>>>()?;
    let content = match children.trim().strip_prefix("text:") {
        Some(simple) => Content::Text(Simple::read(simple)?),
        None => Content::Children(
            children
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(part)
                .collect::<Option<_>>()?,
        ),
    };
    Some((name, Rule { attributes, content }))
}

/// `@Name?:type=default`
fn attribute(token: &'static str) -> Option<AttributeRule> {
    let (name, simple) = token.strip_prefix('@')?.split_once(':')?;
    let simple = simple.split_once('=').map_or(simple, |(simple, _)| simple);
    let optional = name.strip_suffix('?');
    Some(AttributeRule {
        name: optional.unwrap_or(name),
        required: optional.is_none(),
        simple: Simple::read(simple)?,
    })
}

/// `Name?:type`, `Name{0..2}`, `(A | B)`
fn part(text: &'static str) -> Option<Part> {
    if let Some(choices) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        let choices = choices.split('|').map(str::trim).map(|name| (name, Kind::Element(name))).collect();
        return Some(Part { choices, least: 1, most: Some(1) });
    }
    let (name, kind) = match text.split_once(':') {
        Some((name, "CMS")) => (name, Some(Kind::Any)),
        Some((name, described)) => match Simple::read(described) {
            Some(simple) => (name, Some(Kind::Text(simple))),
            None => (name, Some(Kind::Element(described))),
        },
        None => (text, None),
    };
    let (name, least, most) = occurrence(name)?;
    Some(Part { choices: vec![(name, kind.unwrap_or(Kind::Element(name)))], least, most })
}

fn occurrence(name: &'static str) -> Option<(&'static str, usize, Option<usize>)> {
    if let Some((name, range)) = name.split_once('{') {
        let (least, most) = range.strip_suffix('}')?.split_once("..")?;
        return Some((name, least.parse().ok()?, Some(most.parse().ok()?)));
    }
    Some(match name.char_indices().next_back()? {
        (end, '?') => (name.get(..end)?, 0, Some(1)),
        (end, '*') => (name.get(..end)?, 0, None),
        (end, '+') => (name.get(..end)?, 1, None),
        _ => (name, 1, Some(1)),
    })
}

#[cfg(test)]
impl Table {
    /// Names of all rules.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.rules.keys().copied()
    }

    /// Elements that are mentioned but not described, hence let through.
    pub fn opaque(&self) -> std::collections::BTreeSet<&'static str> {
        let parts = self.rules.values().filter_map(|rule| match &rule.content {
            Content::Children(parts) => Some(parts),
            Content::Text(_) => None,
        });
        let kinds = parts.flatten().flat_map(|part| &part.choices);
        kinds
            .filter_map(|(_, kind)| match kind {
                Kind::Element(name) if self.rule(name).is_none() => Some(*name),
                Kind::Element(_) | Kind::Text(_) | Kind::Any => None,
            })
            .collect()
    }
}
