//! The page of a diagram.

use super::mermaid;
use super::model::{Diagram, Entity, Kind, Relation};

pub(super) fn write(diagram: &Diagram, image: &str) -> String {
    let mut page = "\
        <!-- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file. -->\n\n\
        # The schema\n\n"
        .to_owned();
    if diagram.tables.is_empty() {
        return page + "There is no table.\n";
    }
    page += &format!("![The tables, and what refers to what](<{}>)\n", text(image));
    for (heading, is_view) in [("Tables", false), ("Views", true)] {
        let shown = diagram.tables.iter().enumerate();
        let mut shown =
            shown.filter(|(_, table)| (table.kind != Kind::Table) == is_view).peekable();
        if shown.peek().is_some() {
            page += &format!("\n## {heading}\n");
        }
        for (number, table) in shown {
            page += &describe(diagram, number, table);
        }
    }
    if !diagram.enums.is_empty() {
        page += "\n## Enums\n\n| enum | values | columns | comment |\n| --- | --- | --- | --- |\n";
    }
    for one in &diagram.enums {
        let list = |texts: &[String]| -> String {
            texts.iter().map(|text| code(text)).collect::<Vec<_>>().join(", ")
        };
        let comment = one.comment.as_deref().map(text).unwrap_or_default();
        page += &line([code(&one.name), list(&one.labels), list(&one.columns), comment]);
    }
    page += &format!("\n## As Mermaid\n\n```mermaid\n{}```\n", mermaid::write(diagram));
    page
}

fn describe(diagram: &Diagram, number: usize, table: &Entity) -> String {
    let mut page = format!("\n### {}\n", text(&table.name));
    if let Some(comment) = &table.comment {
        page += &format!("\n{}\n", text(comment));
    }
    if !table.rows.is_empty() {
        page += "\n| column | type | key | null | default | comment |\n| --- | --- | --- | --- | --- | --- |\n";
    }
    for row in &table.rows {
        let marks = [(row.primary, "PK"), (row.foreign, "FK"), (row.unique, "UK")];
        let marks: Vec<&str> = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
        let cells = [
            code(&row.name),
            code(&row.data_type),
            marks.join(", "),
            if row.nullable == Some(true) { "yes".to_owned() } else { String::new() },
            row.default.as_deref().map(code).unwrap_or_default(),
            row.comment.as_deref().map(text).unwrap_or_default(),
        ];
        page += &line(cells);
    }
    let mut notes: Vec<String> = Vec::new();
    if table.kind == Kind::MaterializedView {
        notes.push("materialized".to_owned());
    }
    if !table.reads.is_empty() {
        let reads: Vec<String> = table.reads.iter().map(|name| code(name)).collect();
        notes.push(format!("reads {}", reads.join(", ")));
    }
    page += &list("", notes);
    let unique = table.unique_together.iter().map(|columns| {
        let columns: Vec<String> = columns.iter().map(|column| code(column)).collect();
        columns.join(", ")
    });
    page += &list("Unique together:", unique.collect());
    let indexes = table.indexes.iter().map(|(name, sql)| format!("{}: {}", code(name), code(sql)));
    page += &list("Indexes:", indexes.collect());
    let related = |is_meant: fn(&Relation, usize) -> bool| -> Vec<String> {
        let relations = diagram.relations.iter().filter(|relation| is_meant(relation, number));
        relations.map(|relation| code(&diagram.describe(relation))).collect()
    };
    page += &list("Refers to:", related(|relation, number| relation.child.table == number));
    page + &list(
        "Is referred to by:",
        related(|relation, number| {
            relation.parent.table == number && relation.child.table != number
        }),
    )
}

/// A line of a table.
fn line<const N: usize>(cells: [String; N]) -> String {
    let cells =
        cells.map(|cell| if cell.is_empty() { " ".to_owned() } else { format!(" {cell} ") });
    format!("|{}|\n", cells.join("|"))
}

/// Nothing if there is nothing in it.
fn list(heading: &str, items: Vec<String>) -> String {
    if items.is_empty() {
        return String::new();
    }
    let heading = if heading.is_empty() { String::new() } else { format!("\n{heading}\n") };
    let items: String = items.iter().map(|item| format!("- {item}\n")).collect();
    format!("{heading}\n{items}")
}

/// As code in a cell of a table, which a vertical bar would end even there.
fn code(text: &str) -> String {
    if text.contains(['`', '|', '\n', '\r']) || text.trim() != text {
        format!("<code>{}</code>", self::text(text))
    } else {
        format!("`{text}`")
    }
}

/// One line of text in which nothing is Markdown or HTML.
fn text(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' => escaped.push(' '),
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '|' => escaped += "&#124;",
            '\\' | '`' | '*' | '[' | ']' | '~' | '#' | '$' => escaped.extend(['\\', c]),
            // Within a word it is just that.
            '_' if !escaped.ends_with(char::is_alphanumeric) => escaped += "\\_",
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_cell_is_markdown() {
        assert_eq!(code("now()"), "`now()`");
        assert_eq!(code("a | b"), "<code>a &#124; b</code>");
        assert_eq!(text("_a_b_c_"), "\\_a_b_c_");
        assert_eq!(text("*a*\n<b> `c` [d](e)"), "\\*a\\* &lt;b&gt; \\`c\\` \\[d\\](e)");
    }
}
