//! Renders a diagram as Mermaid text.

use std::collections::BTreeSet;

use seedbed_schema::DatabaseSchema;
use seedbed_schema::model::{DataType, TypeModifier};

use crate::mermaid_parts::{MAX_LENGTH, MermaidElement, MermaidElements, MermaidPart, split};
use crate::model::{ColumnRow, Diagram, DiagramTable, Relationship};
use crate::names::short_type;

/// Returns the tables, their keys, their references and the views as Mermaid `erDiagram`s: one, or
/// several if one would have more than the 50,000 characters or 500 references that viewers draw.
///
/// Tables that refer to each other stay together where they fit. Names and types that Mermaid does
/// not accept are adapted, and their original form is in the comment. Partitions are omitted in all
/// diagrams, because they have the columns of their table.
#[must_use]
pub fn mermaid(schema: &DatabaseSchema) -> Vec<String> {
    parts(&Diagram::new(schema)).iter().map(MermaidPart::text).collect()
}

/// Returns the parts of the text. Every table name is quoted, because each version of Mermaid
/// reserves more words.
pub(crate) fn parts(diagram: &Diagram) -> Vec<MermaidPart> {
    let names = names(diagram);
    let mut elements = MermaidElements::new();
    for (number, (table, name)) in diagram.tables.iter().zip(&names).enumerate() {
        let text = table_text(table, name);
        elements.insert(number, vec![MermaidElement::Table { table: number, text }]);
    }
    for relationship in &diagram.relationships {
        let label = escape_quoted(&diagram.columns(&relationship.child).join(", "));
        let (parent, child) = (&names[relationship.parent.table], &names[relationship.child.table]);
        let text = format!("    \"{parent}\" {} \"{child}\" : \"{label}\"\n", line(relationship));
        elements
            .entry(relationship.child.table)
            .or_default()
            .push(MermaidElement::Relationship(text));
    }
    split(diagram, elements)
}

/// The maximal length of a table, which leaves room for its references in a part.
const MAX_ENTITY: usize = MAX_LENGTH / 2;

fn table_text(table: &DiagramTable, name: &str) -> String {
    if table.rows.is_empty() {
        return format!("    \"{name}\"\n");
    }
    let mut text = format!("    \"{name}\" {{\n");
    for (number, row) in table.rows.iter().enumerate() {
        let line = format!("        {}\n", attribute(row));
        if text.len() + line.len() > MAX_ENTITY {
            let more = table.rows.len() - number;
            text += &format!("        and more \"{more} columns\"\n");
            break;
        }
        text += &line;
    }
    text + "    }\n"
}

/// Returns the line between the parent and the child, whose ends are their cardinalities.
fn line(relationship: &Relationship) -> &'static str {
    match (relationship.optional, relationship.single) {
        (false, false) => "||--o{",
        (true, false) => "|o--o{",
        (false, true) => "||--o|",
        (true, true) => "|o--o|",
    }
}

/// Returns a distinct name for each table. The names of two tables may differ only in characters that Mermaid does not
/// support, so such a name gets a number.
fn names(diagram: &Diagram) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for table in &diagram.tables {
        let note = table.kind.note().map(|note| format!(" ({note})")).unwrap_or_default();
        let name = escape_quoted(&table.name) + &note;
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name));
        let name = free.unwrap_or(name);
        taken.insert(name.clone());
        names.push(name);
    }
    names
}

/// Returns the line of a column: its type, its name, its keys and its notes.
fn attribute(row: &ColumnRow) -> String {
    let mut keys = Vec::new();
    for (is_key, mark) in [(row.primary, "PK"), (row.foreign, "FK"), (row.unique, "UK")] {
        if is_key {
            keys.push(mark);
        }
    }
    let name = mermaid_word(&row.name);
    let mut notes = Vec::new();
    if name != row.name {
        notes.push(escape_quoted(&row.name));
    }
    let whole_type = short_type(&row.data_type);
    let data_type = mermaid_word(&short_type(&without_comma(&row.data_type)));
    if data_type != whole_type.replace(' ', "_") {
        notes.push(escape_quoted(&whole_type));
    }
    if row.nullable == Some(true) {
        notes.push("nullable".to_owned());
    }
    notes.extend(label_note(&row.labels));
    let mut text = format!("{data_type} {name}");
    if !keys.is_empty() {
        text += &format!(" {}", keys.join(", "));
    }
    if !notes.is_empty() {
        text += &format!(" \"{}\"", notes.join(", "));
    }
    text
}

/// The maximal number of labels, because more would make the table too wide.
const MAX_LABELS: usize = 8;

/// Returns the note that lists the labels of an enum.
fn label_note(labels: &[String]) -> Option<String> {
    let shown: Vec<String> =
        labels.iter().take(MAX_LABELS).map(|label| escape_quoted(label)).collect();
    let more = if labels.len() > MAX_LABELS { " | …" } else { "" };
    (!shown.is_empty()).then(|| shown.join(" | ") + more)
}

/// Removes a modifier with a comma, such as that of `numeric(10,2)`, which Mermaid supports since
/// version 12 only.
fn without_comma(data_type: &DataType) -> DataType {
    let modifier = data_type.modifier.clone().filter(|modifier| match modifier {
        TypeModifier::Digits { .. } => false,
        TypeModifier::Text(text) => !text.contains(','),
        _ => true,
    });
    DataType { modifier, ..data_type.clone() }
}

/// Returns a type or column name as one word that Mermaid 11.4 accepts, and that is not the name of
/// a key.
fn mermaid_word(name: &str) -> String {
    let is_accepted = |c: char| c.is_ascii_alphanumeric() || "-_[]()".contains(c);
    let mut word: String = name.chars().map(|c| if is_accepted(c) { c } else { '_' }).collect();
    if !word.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        word.insert(0, '_');
    }
    if ["pk", "fk", "uk"].contains(&word.to_ascii_lowercase().as_str()) {
        word.push('_');
    }
    word
}

/// Replaces the characters that a quoted string must not contain.
fn escape_quoted(text: &str) -> String {
    let adapt = |c: char| match c {
        '"' => '\'',
        // Mermaid would read `<` as HTML.
        '<' => '‹',
        '>' => '›',
        '%' | '\\' => '_',
        // Mermaid reads a pair of `~` as a generic type.
        '~' => '∼',
        c if c.is_control() => ' ',
        c => c,
    };
    text.chars().map(adapt).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_adapted_for_mermaid() {
        for (name, adapted) in [
            ("uuid", "uuid"),
            ("varchar(20)[]", "varchar(20)[]"),
            ("numeric(10,2)", "numeric(10_2)"),
            ("double precision", "double_precision"),
            ("shop.status", "shop_status"),
            ("1a", "_1a"),
            ("(a)", "_(a)"),
            ("größe", "gr__e"),
            ("pk", "pk_"),
            ("FK", "FK_"),
            ("a\"%;b", "a___b"),
        ] {
            assert_eq!(mermaid_word(name), adapted);
        }
        assert_eq!(escape_quoted("a \"b\"\n\\%<c>~"), "a 'b' __‹c›∼");
    }

    #[test]
    fn a_type_modifier_with_a_comma_is_omitted() {
        for (name, modifier, drawn) in [
            ("numeric", TypeModifier::Digits { precision: 10, scale: 2 }, "numeric[]"),
            ("character varying", TypeModifier::Length(10), "varchar(10)[]"),
            ("geometry", TypeModifier::Text("(Point,4326)".to_owned()), "geometry[]"),
        ] {
            let data_type =
                DataType { modifier: Some(modifier), is_array: true, ..DataType::builtin(name) };
            assert_eq!(short_type(&without_comma(&data_type)), drawn);
        }
    }
}
