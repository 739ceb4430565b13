//! How an element of the grammar becomes a Rust struct: three traits and the macro `elements!`.
//!
//! Each element is declared once, in the schema's order, and the declaration yields the struct, its
//! reader and its writer. So the order on the wire cannot drift from the order in the source.
//! Invariant: reading takes children in any order and ignores what it does not know; writing uses the
//! declared order only.

use std::borrow::Cow;

use super::read::Node;
use super::write::Writer;

/// A value that does not fit: where (`Element/Child/@Attribute`) and why. Becomes `DecodeError::Field`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Path below the message body, outermost element first.
    pub path: String,
    /// What is wrong, without the value itself: values may be card data.
    pub what: String,
}

impl Misfit {
    /// A misfit at one place, not yet told which element holds it.
    pub fn new(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { path: path.into(), what: what.into() }
    }

    /// The same misfit seen from the element around it.
    pub fn within(self, outer: &str) -> Self {
        Self { path: format!("{outer}/{}", self.path), what: self.what }
    }
}

/// A simple type: the text of an attribute or of an element without children.
pub trait Text: Sized {
    /// Reads the text as it stands after XML unescaping; the error says what was expected.
    fn parse(raw: &str) -> Result<Self, String>;
    /// The text to write, before XML escaping.
    fn text(&self) -> Cow<'_, str>;
}

/// Something with a start tag: reads and writes itself under the name its parent gives it.
pub trait Element: Sized {
    /// Reads from the parsed element.
    fn read(node: &Node) -> Result<Self, Misfit>;
    /// Writes start tag, content and end tag.
    fn write(&self, name: &str, out: &mut Writer);
}

impl<T: Text> Element for T {
    fn read(node: &Node) -> Result<Self, Misfit> {
        T::parse(&node.text).map_err(|what| Misfit::new("text()", what))
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.open(name);
        out.text(&self.text());
        out.close(name);
    }
}

/// An attribute with its occurrence: `T` is required, `Option<T>` may be absent.
pub trait Attribute: Sized {
    /// Finds and reads the attribute.
    fn read(node: &Node, name: &str) -> Result<Self, Misfit>;
    /// Writes it, if it is there.
    fn write(&self, name: &str, out: &mut Writer);
}

fn attribute<T: Text>(node: &Node, name: &str) -> Result<Option<T>, Misfit> {
    let Some(raw) = node.attribute(name) else { return Ok(None) };
    T::parse(raw).map(Some).map_err(|what| Misfit::new(format!("@{name}"), what))
}

impl<T: Text> Attribute for T {
    fn read(node: &Node, name: &str) -> Result<Self, Misfit> {
        attribute(node, name)?.ok_or_else(|| Misfit::new(format!("@{name}"), "is missing"))
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.attribute(name, &self.text());
    }
}

impl<T: Text> Attribute for Option<T> {
    fn read(node: &Node, name: &str) -> Result<Self, Misfit> {
        attribute(node, name)
    }

    fn write(&self, name: &str, out: &mut Writer) {
        if let Some(value) = self {
            out.attribute(name, &value.text());
        }
    }
}

/// A child with its occurrence: `T` exactly once, `Option<T>` at most once, `Vec<T>` any number of times.
pub trait Child: Sized {
    /// Finds and reads the children of that name. A second one where one is expected is an error: which
    /// of two results counts must never be a matter of chance.
    fn read(node: &Node, name: &str) -> Result<Self, Misfit>;
    /// Writes them.
    fn write(&self, name: &str, out: &mut Writer);
}

fn all<T: Element>(node: &Node, name: &str) -> Result<Vec<T>, Misfit> {
    let found = node.children.iter().filter(|child| child.name == name);
    found.map(|child| T::read(child).map_err(|misfit| misfit.within(name))).collect()
}

fn at_most_one<T: Element>(node: &Node, name: &str) -> Result<Option<T>, Misfit> {
    let mut found = node.children.iter().filter(|child| child.name == name);
    let first = found.next();
    if found.next().is_some() {
        return Err(Misfit::new(name, "occurs more than once"));
    }
    first.map(|child| T::read(child).map_err(|misfit| misfit.within(name))).transpose()
}

impl<T: Element> Child for T {
    fn read(node: &Node, name: &str) -> Result<Self, Misfit> {
        at_most_one(node, name)?.ok_or_else(|| Misfit::new(name, "is missing"))
    }

    fn write(&self, name: &str, out: &mut Writer) {
        Element::write(self, name, out);
    }
}

impl<T: Element> Child for Option<T> {
    fn read(node: &Node, name: &str) -> Result<Self, Misfit> {
        at_most_one(node, name)
    }

    fn write(&self, name: &str, out: &mut Writer) {
        if let Some(value) = self {
            Element::write(value, name, out);
        }
    }
}

impl<T: Element> Child for Vec<T> {
    fn read(node: &Node, name: &str) -> Result<Self, Misfit> {
        all(node, name)
    }

    fn write(&self, name: &str, out: &mut Writer) {
        for value in self {
            Element::write(value, name, out);
        }
    }
}

/// Declares elements. A field is `field: Type = attribute("Name")`, `field: Type = child("Name")`, or
/// for the text of an element that also has attributes `field: Type = content()`. Attributes stand
/// first, children in the schema's order.
macro_rules! elements {
    ($(
        $(#[$meta:meta])*
        $name:ident {
            $( $(#[$doc:meta])* $field:ident: $ty:ty = $kind:ident($($wire:literal)?), )*
        }
    )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            $( $(#[$doc])* pub $field: $ty, )*
        }

        impl $crate::nexo::element::Element for $name {
            fn read(node: &$crate::nexo::read::Node) -> Result<Self, $crate::nexo::element::Misfit> {
                Ok(Self {
                    $( $field: $crate::nexo::element::$kind::read::<$ty>(node, $($wire)?)?, )*
                })
            }

            fn write(&self, name: &str, out: &mut $crate::nexo::write::Writer) {
                out.open(name);
                $( $crate::nexo::element::$kind::write(&self.$field, $($wire,)? out); )*
                out.close(name);
            }
        }

        #[cfg(test)]
        impl $crate::nexo::tests::sample::Sample for $name {
            fn sample(draw: &mut $crate::nexo::tests::sample::Draw) -> Self {
                Self { $( $field: $crate::nexo::tests::sample::Sample::sample(draw), )* }
            }
        }
    )* };
}
pub(super) use elements;

/// What `attribute("Name")` of [`elements!`] expands to.
pub mod attribute {
    use super::{Attribute, Misfit, Node, Writer};

    pub fn read<T: Attribute>(node: &Node, name: &str) -> Result<T, Misfit> {
        T::read(node, name)
    }

    pub fn write<T: Attribute>(value: &T, name: &str, out: &mut Writer) {
        value.write(name, out);
    }
}

/// What `child("Name")` of [`elements!`] expands to.
pub mod child {
    use super::{Child, Misfit, Node, Writer};

    pub fn read<T: Child>(node: &Node, name: &str) -> Result<T, Misfit> {
        T::read(node, name)
    }

    pub fn write<T: Child>(value: &T, name: &str, out: &mut Writer) {
        value.write(name, out);
    }
}

/// What `content()` of [`elements!`] expands to.
pub mod content {
    use super::{Element, Misfit, Node, Text, Writer};

    pub fn read<T: Text>(node: &Node) -> Result<T, Misfit> {
        <T as Element>::read(node)
    }

    pub fn write<T: Text>(value: &T, out: &mut Writer) {
        out.text(&value.text());
    }
}
