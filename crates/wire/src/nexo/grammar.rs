//! The strict grammar: Appendix A of the dossier as a table, and the check against it.
//!
//! The simulator answers `MessageFormat` by it, and tests prove with it that every message we send is
//! valid: a terminal enforces the order of elements (gotcha 1). Invariant: what is valid here is valid
//! by the official schema as far as the dossier quotes it; parts the dossier leaves out are let through
//! unchecked.

mod simple;
mod table;

use super::header::Header;
use super::read::{self, Node, is_blank};
use super::values::{MessageCategory, MessageClass, MessageType};
use super::{Limits, element};
use simple::Simple;
use table::{Content, Kind, Part, Rule, Table};

/// The first breach of the grammar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} {what}")]
pub struct GrammarFault {
    /// Where: `PaymentRequest/PaymentTransaction/AmountsReq/@RequestedAmount`.
    pub field: String,
    /// What is wrong, without the value.
    pub what: String,
}

/// POIID has no limit in the schema, but Swedbank Pay sets one, in bytes (dossier chapter 3.1).
const LONGEST_POI_ID: usize = 32;

/// Checks a whole message: XML, envelope, header, and every element and attribute down to its simple type.
pub fn check(bytes: &[u8]) -> Result<(), GrammarFault> {
    let root = read::parse(bytes, &Limits::REPLY).map_err(|error| fault("document", &error.to_string()))?;
    let table = table::appendix_a();
    let Some(rule) = table.rule(&root.name).filter(|_| root.name.starts_with("SaleToPOI")) else {
        return Err(fault(&root.name, "is not an envelope"));
    };
    Check { table, types: true }
        .children(&root, rule)
        .map_err(|fault| strip_envelope(fault, &root.name))?;
    header(&root)
}

/// Faults are named from the body on; the envelope around it says nothing.
fn strip_envelope(fault: GrammarFault, envelope: &str) -> GrammarFault {
    let field = fault.field.strip_prefix(envelope).and_then(|rest| rest.strip_prefix('/'));
    GrammarFault { field: field.unwrap_or(&fault.field).to_owned(), what: fault.what }
}

fn fault(field: &str, what: &str) -> GrammarFault {
    GrammarFault { field: field.to_owned(), what: what.to_owned() }
}

/// Rules of the header that depend on each other (dossier chapter 3.1). The announcement of an address
/// is of class Device and needs neither ServiceID nor DeviceID.
fn header(root: &Node) -> Result<(), GrammarFault> {
    let header: Header = element::child::read(root, "MessageHeader")
        .map_err(|misfit: element::Misfit| fault(&misfit.path, &misfit.what))?;
    let at = |name: &str, what: &str| Err(fault(&format!("MessageHeader/@{name}"), what));
    if (header.kind == MessageType::Response) != (root.name == "SaleToPOIResponse") {
        return at("MessageType", "does not belong in this envelope");
    }
    if !root.children.iter().any(|child| child.name == header.body_element()) {
        return at("MessageCategory", "does not name the body element");
    }
    if header.class == MessageClass::Service && header.service_id.is_none() {
        return at("ServiceID", "is missing");
    }
    let versioned = [MessageCategory::Login, MessageCategory::Diagnosis].contains(&header.category);
    if versioned && header.kind == MessageType::Request && header.protocol_version.is_none() {
        return at("ProtocolVersion", "is missing");
    }
    if header.poi_id.len() > LONGEST_POI_ID {
        return at("POIID", "is longer than 32 bytes");
    }
    Ok(())
}

/// `types` off leaves order, occurrence and names; tests use it on generated values.
struct Check<'t> {
    table: &'t Table,
    types: bool,
}

impl Check<'_> {
    fn element(&self, node: &Node, kind: &Kind) -> Result<(), GrammarFault> {
        match kind {
            Kind::Any => Ok(()),
            Kind::Text(simple) => {
                only(node, &[])?;
                childless(node)?;
                self.value(simple, &node.text, &node.name)
            }
            Kind::Element(name) => match self.table.rule(name) {
                Some(rule) => {
                    self.attributes(node, rule)?;
                    match &rule.content {
                        Content::Children(_) => self.children(node, rule),
                        Content::Text(simple) => {
                            childless(node)?;
                            self.value(simple, &node.text, &node.name)
                        }
                    }
                }
                None => Ok(()),
            },
        }
    }

    fn attributes(&self, node: &Node, rule: &Rule) -> Result<(), GrammarFault> {
        let names: Vec<&str> = rule.attributes.iter().map(|attribute| attribute.name).collect();
        only(node, &names)?;
        for attribute in &rule.attributes {
            let field = format!("{}/@{}", node.name, attribute.name);
            match node.attribute(attribute.name) {
                Some(value) => self.value(&attribute.simple, value, &field)?,
                None if attribute.required => return Err(fault(&field, "is missing")),
                None => {}
            }
        }
        Ok(())
    }

    fn children(&self, node: &Node, rule: &Rule) -> Result<(), GrammarFault> {
        let parts: &[Part] = match &rule.content {
            Content::Children(parts) => parts,
            Content::Text(_) => &[],
        };
        if !node.text.chars().all(is_blank) {
            return Err(fault(&node.name, "has text between its elements"));
        }
        let mut rest = node.children.iter().peekable();
        for part in parts {
            let mut count = 0;
            while let Some(child) = rest.next_if(|child| part.kind_of(&child.name).is_some()) {
                count += 1;
                if part.most.is_some_and(|most| count > most) {
                    return Err(fault(&format!("{}/{}", node.name, child.name), "occurs too often"));
                }
                let kind = part.kind_of(&child.name).unwrap_or(&Kind::Any);
                self.element(child, kind).map_err(|inner| GrammarFault {
                    field: format!("{}/{}", node.name, inner.field),
                    what: inner.what,
                })?;
            }
            if count < part.least {
                let later = node.children.iter().any(|child| part.kind_of(&child.name).is_some());
                let what = if later { "is out of order" } else { "is missing" };
                return Err(fault(&format!("{}/{}", node.name, part.label()), what));
            }
        }
        match rest.next() {
            None => Ok(()),
            Some(child) => {
                let known = parts.iter().any(|part| part.kind_of(&child.name).is_some());
                let what = if known { "is out of order" } else { "is not part of the grammar" };
                Err(fault(&format!("{}/{}", node.name, child.name), what))
            }
        }
    }

    fn value(&self, simple: &Simple, value: &str, field: &str) -> Result<(), GrammarFault> {
        if !self.types {
            return Ok(());
        }
        simple.check(value).map_err(|what| fault(field, &what))
    }
}

fn only(node: &Node, names: &[&str]) -> Result<(), GrammarFault> {
    match node.attributes.iter().find(|(name, _)| !names.contains(&name.as_ref())) {
        Some((name, _)) => Err(fault(&format!("{}/@{name}", node.name), "is not part of the grammar")),
        None => Ok(()),
    }
}

fn childless(node: &Node) -> Result<(), GrammarFault> {
    match node.children.first() {
        Some(child) => Err(fault(&format!("{}/{}", node.name, child.name), "is not part of the grammar")),
        None => Ok(()),
    }
}

/// Names, order and occurrence only: generated values need not be of the right type.
#[cfg(test)]
pub(super) fn check_structure(root: &Node) -> Result<(), GrammarFault> {
    let table = table::appendix_a();
    let rule = table.rule(&root.name).ok_or_else(|| fault(&root.name, "is not an envelope"))?;
    Check { table, types: false }.children(root, rule)
}

#[cfg(test)]
pub(super) use {simple::listed, table::appendix_a};
