//! The Mermaid text of a diagram.

use std::collections::BTreeSet;

use super::model::{Diagram, Relation, Row};

/// Every name of a table is quoted: the words that Mermaid reserves are more with each version.
pub(super) fn write(diagram: &Diagram) -> String {
    let mut text = "erDiagram\n".to_owned();
    let names = names(diagram);
    for (table, name) in diagram.tables.iter().zip(&names) {
        if table.rows.is_empty() {
            text += &format!("    \"{name}\"\n");
            continue;
        }
        text += &format!("    \"{name}\" {{\n");
        for row in &table.rows {
            text += &format!("        {}\n", attribute(row));
        }
        text += "    }\n";
    }
    for relation in &diagram.relations {
        let label = quotable(&diagram.columns(&relation.child).join(", "));
        let (parent, child) = (&names[relation.parent.table], &names[relation.child.table]);
        text += &format!("    \"{parent}\" {} \"{child}\" : \"{label}\"\n", line(relation));
    }
    text
}

fn line(relation: &Relation) -> &'static str {
    match (relation.optional, relation.single) {
        (false, false) => "||--o{",
        (true, false) => "|o--o{",
        (false, true) => "||--o|",
        (true, true) => "|o--o|",
    }
}

/// Two tables may differ in just what Mermaid cannot show, and shall not become one.
fn names(diagram: &Diagram) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for table in &diagram.tables {
        let note = table.kind.note().map(|note| format!(" ({note})")).unwrap_or_default();
        let name = quotable(&table.name) + &note;
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name));
        let name = free.unwrap_or(name);
        taken.insert(name.clone());
        names.push(name);
    }
    names
}

fn attribute(row: &Row) -> String {
    let mut keys = Vec::new();
    for (is, mark) in [(row.primary, "PK"), (row.foreign, "FK"), (row.unique, "UK")] {
        if is {
            keys.push(mark);
        }
    }
    let name = word(&row.name);
    let mut notes = Vec::new();
    if name != row.name {
        notes.push(quotable(&row.name));
    }
    let data_type = word(&without_digits(&row.data_type));
    if data_type != row.data_type.replace(' ', "_") {
        notes.push(quotable(&row.data_type));
    }
    if row.nullable == Some(true) {
        notes.push("nullable".to_owned());
    }
    notes.extend(labels(&row.labels));
    let mut text = format!("{data_type} {name}");
    if !keys.is_empty() {
        text += &format!(" {}", keys.join(", "));
    }
    if !notes.is_empty() {
        text += &format!(" \"{}\"", notes.join(", "));
    }
    text
}

/// More of them would make the table wider than everything else.
const LABELS: usize = 8;

/// What an enum can be.
fn labels(labels: &[String]) -> Option<String> {
    let shown: Vec<String> = labels.iter().take(LABELS).map(|label| quotable(label)).collect();
    let more = if labels.len() > LABELS { " | …" } else { "" };
    (!shown.is_empty()).then(|| shown.join(" | ") + more)
}

/// Without what is in brackets if there is a comma, which no version before 12 takes: `numeric`, for
/// `numeric(10,2)`.
fn without_digits(data_type: &str) -> String {
    match (data_type.split_once('('), data_type.rsplit_once(')')) {
        (Some((name, rest)), Some((_, end))) if rest.contains(',') => format!("{name}{end}"),
        _ => data_type.to_owned(),
    }
}

/// A type or the name of a column: one word of the characters that version 11.4 takes, and not that of a key.
fn word(name: &str) -> String {
    let taken = |c: char| c.is_ascii_alphanumeric() || "-_[]()".contains(c);
    let mut word: String = name.chars().map(|c| if taken(c) { c } else { '_' }).collect();
    if !word.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        word.insert(0, '_');
    }
    if ["pk", "fk", "uk"].contains(&word.to_ascii_lowercase().as_str()) {
        word.push('_');
    }
    word
}

/// What may stand between quotes.
fn quotable(text: &str) -> String {
    let adapt = |c: char| match c {
        '"' => '\'',
        // It would be HTML.
        '<' => '‹',
        '>' => '›',
        '%' | '\\' => '_',
        // Two of them would be a generic type of Mermaid's.
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
    fn a_word_is_one_that_mermaid_takes() {
        for (name, taken) in [
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
            assert_eq!(word(name), taken);
        }
        assert_eq!(without_digits("numeric(10,2)[]"), "numeric[]");
        assert_eq!(without_digits("varchar(10)[]"), "varchar(10)[]");
        assert_eq!(quotable("a \"b\"\n\\%<c>~"), "a 'b' __‹c›∼");
    }
}
