//! Splits the text of a Mermaid diagram into parts that are small enough for viewers.
//!
//! Tables that refer to each other stay together where they fit in one part. Where they do not fit, a
//! reference names a table of another part, which viewers draw without columns.

use std::collections::BTreeMap;
use std::mem;

use crate::model::Diagram;

/// The maximum length of a diagram in UTF-16 units, which is the default of Mermaid's `maxTextSize`. GitHub, GitLab and
/// editors print an error instead of a larger diagram.
pub(crate) const MAX_LENGTH: usize = 50_000;

/// The maximum number of relationships of a diagram, which is the default of Mermaid's `maxEdges`. GitHub, GitLab and
/// editors print an error instead of a larger diagram.
const MAX_RELATIONSHIPS: usize = 500;

const HEADER: &str = "erDiagram\n";

/// A part of the diagram.
#[derive(Default)]
pub(crate) struct MermaidPart {
    /// The numbers of the tables whose columns are in this part.
    pub(crate) tables: Vec<usize>,
    table_text: String,
    relationship_text: String,
    size: MermaidSize,
}

impl MermaidPart {
    pub(crate) fn text(&self) -> String {
        format!("{HEADER}{}{}", self.table_text, self.relationship_text)
    }

    fn add(&mut self, element: MermaidElement) {
        self.size = self.size.plus(element.size());
        match element {
            MermaidElement::Table { table, text } => {
                self.tables.push(table);
                self.table_text += &text;
            }
            MermaidElement::Relationship(text) => self.relationship_text += &text,
        }
    }
}

/// A table with its columns, or a reference between two tables.
pub(crate) enum MermaidElement {
    Table { table: usize, text: String },
    Relationship(String),
}

impl MermaidElement {
    fn size(&self) -> MermaidSize {
        let (text, relationships) = match self {
            Self::Table { text, .. } => (text, 0),
            Self::Relationship(text) => (text, 1),
        };
        MermaidSize { length: text.encode_utf16().count(), relationships }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct MermaidSize {
    length: usize,
    relationships: usize,
}

impl MermaidSize {
    fn plus(self, other: Self) -> Self {
        Self {
            length: self.length + other.length,
            relationships: self.relationships + other.relationships,
        }
    }

    fn fits(self) -> bool {
        HEADER.len() + self.length <= MAX_LENGTH && self.relationships <= MAX_RELATIONSHIPS
    }
}

/// The elements of a diagram by the number of the table: the table itself, and the references of its foreign keys.
pub(crate) type MermaidElements = BTreeMap<usize, Vec<MermaidElement>>;

/// Splits the elements of a diagram into parts. Returns one part if it is not too large.
pub(crate) fn split(diagram: &Diagram, mut elements: MermaidElements) -> Vec<MermaidPart> {
    let mut parts = PartBuilder::default();
    let total = elements
        .values()
        .flatten()
        .map(MermaidElement::size)
        .fold(MermaidSize::default(), MermaidSize::plus);
    let groups = if total.fits() {
        vec![(0..diagram.tables.len()).collect()]
    } else {
        connected_groups(diagram)
    };
    for group in groups {
        parts.add(group.iter().filter_map(|table| elements.remove(table)).collect());
    }
    parts.finished.push(parts.current);
    parts.finished
}

#[derive(Default)]
struct PartBuilder {
    finished: Vec<MermaidPart>,
    current: MermaidPart,
}

impl PartBuilder {
    /// Adds the elements of a group of tables, to one part if they fit. Otherwise, it adds the elements of each table
    /// to one part if they fit, and splits those of a table that is too large.
    fn add(&mut self, group: Vec<Vec<MermaidElement>>) {
        let size = group
            .iter()
            .flatten()
            .map(MermaidElement::size)
            .fold(MermaidSize::default(), MermaidSize::plus);
        if self.make_room(size) {
            group.into_iter().flatten().for_each(|element| self.current.add(element));
            return;
        }
        for table in group {
            let size = table
                .iter()
                .map(MermaidElement::size)
                .fold(MermaidSize::default(), MermaidSize::plus);
            self.make_room(size);
            for element in table {
                self.make_room(element.size());
                self.current.add(element);
            }
        }
    }

    /// Starts a new part if the current one has no room for `size` and an empty one has. Returns whether there is room
    /// in the current part now.
    fn make_room(&mut self, size: MermaidSize) -> bool {
        if self.current.size.plus(size).fits() {
            return true;
        }
        let fits = size.fits();
        if fits {
            self.finished.push(mem::take(&mut self.current));
        }
        fits
    }
}

/// Returns the groups of tables that foreign keys connect. The tables of a group are in the order of their numbers, and
/// the groups in the order of their first tables.
fn connected_groups(diagram: &Diagram) -> Vec<Vec<usize>> {
    let mut neighbors = vec![Vec::new(); diagram.tables.len()];
    for relationship in &diagram.relationships {
        neighbors[relationship.child.table].push(relationship.parent.table);
        neighbors[relationship.parent.table].push(relationship.child.table);
    }
    let mut seen = vec![false; diagram.tables.len()];
    let mut groups = Vec::new();
    for first in 0..diagram.tables.len() {
        let (mut group, mut next) = (Vec::new(), vec![first]);
        while let Some(table) = next.pop() {
            if !mem::replace(&mut seen[table], true) {
                group.push(table);
                next.extend(&neighbors[table]);
            }
        }
        group.sort_unstable();
        if !group.is_empty() {
            groups.push(group);
        }
    }
    groups
}
