//! The text of a script.

use std::fmt::Write as _;

/// A script before it is text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    /// What it does, in its first line; each further one is a paragraph.
    pub(crate) doc: Vec<String>,
    /// What it declares between the imports and `up`.
    pub(crate) items: Vec<String>,
    /// Further imports.
    pub(crate) imports: Vec<String>,
    /// What is said above `up`.
    pub(crate) up_doc: Option<String>,
    pub(crate) up: Body,
    /// What is said above `down`.
    pub(crate) down_doc: Option<String>,
    pub(crate) down: Body,
}

/// What a function does.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// One call of the schema after the other: `drop_table("widgets")`.
    Calls(Vec<String>),
    /// Something else.
    Text(String),
}

impl Default for Body {
    fn default() -> Self {
        Self::Calls(Vec::new())
    }
}

impl Body {
    pub(crate) fn call(call: impl Into<String>) -> Self {
        Self::Calls(vec![call.into()])
    }
}

/// Says that the script runs without a transaction, and why.
pub(crate) fn without_transaction(why: &str) -> String {
    format!("{}pub const TRANSACTION: bool = false;", comment("///", why))
}

impl Script {
    pub(crate) fn text(&self) -> String {
        let mut text = self
            .doc
            .iter()
            .map(|paragraph| comment("//!", paragraph))
            .collect::<Vec<_>>()
            .join("//!\n");
        for import in &self.imports {
            _ = writeln!(text, "use {import};\n");
        }
        text.push_str("use crate::prelude::*;\n\n");
        for item in &self.items {
            _ = writeln!(text, "{item}\n");
        }
        function(&mut text, "up", self.up_doc.as_deref(), &self.up);
        text.push('\n');
        function(&mut text, "down", self.down_doc.as_deref(), &self.down);
        text
    }
}

fn function(text: &mut String, name: &str, doc: Option<&str>, body: &Body) {
    if let Some(doc) = doc {
        text.push_str(&comment("///", doc));
    }
    let (schema, lines) = match body {
        Body::Calls(calls) => match calls.split_last() {
            None => ("_", "Ok(())".to_owned()),
            Some((last, before)) => {
                let before: String =
                    before.iter().map(|call| format!("schema.{call}.await?;\n")).collect();
                ("schema", format!("{before}schema.{last}.await"))
            }
        },
        Body::Text(lines) => ("schema", lines.clone()),
    };
    _ = writeln!(text, "pub async fn {name}({schema}: &Schema<'_>) -> Result {{\n{lines}\n}}");
}

/// The text as comment lines of at most 100 characters.
pub(crate) fn comment(mark: &str, text: &str) -> String {
    let mut lines = String::new();
    let mut line = mark.to_owned();
    for word in text.split_whitespace() {
        if line.len() + word.len() >= 100 && line.len() > mark.len() {
            _ = writeln!(lines, "{line}");
            mark.clone_into(&mut line);
        }
        _ = write!(line, " {word}");
    }
    lines + &line + "\n"
}

/// The longest string that still has room in its line. rustfmt leaves a call alone that has a longer one,
/// whatever else is in it.
const LONGEST: usize = 76;

/// A Rust string. A long one goes on in the next line; what it says stays the same.
pub(crate) fn string(text: &str) -> String {
    let is_plain = !text.contains(|c: char| (c.is_control() && c != '\n') || is_invisible(c));
    if text.len() > LONGEST && !text.contains('\n') {
        let has_places = text.split(' ').all(|word| word.len() < LONGEST);
        return if is_plain && has_places { by_clause(text) } else { long(text) };
    }
    if !is_plain {
        return format!("{text:?}");
    }
    if !text.contains(['"', '\\']) {
        return format!("\"{text}\"");
    }
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}

/// What rustc and clippy want to see written out: spaces without width, and what turns the direction of
/// writing.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Broken after spaces: Rust leaves out what stands between the backslash and the next character that
/// is no space. Where a clause of SQL begins, if there is one in reach; never inside of a literal, if there
/// is another place.
fn by_clause(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    let (mut lines, mut rest) = (Vec::new(), escaped.as_str());
    while let Some(end) = line_end(rest) {
        lines.push(&rest[..end]);
        rest = &rest[end..];
    }
    lines.push(rest);
    format!("\"{}\"", lines.join("\\\n            "))
}

/// A Rust string of something that is no SQL: a line end in it is `\n`.
pub(crate) fn data(text: &str) -> String {
    if text.contains('\n') { long(text) } else { string(text) }
}

/// Broken after spaces, and elsewhere only if there is none: Rust leaves out what stands between the
/// backslash and the next character that is no space.
fn long(text: &str) -> String {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split_inclusive([' ', '\n']) {
        let escaped: Vec<String> = word.chars().map(escaped).collect();
        let width = escaped.iter().map(String::len).sum::<usize>();
        if line.len() + width > LONGEST
            && (line.ends_with(' ') || line.ends_with("\\n"))
            && word != " "
        {
            lines.push(std::mem::take(&mut line));
        }
        for character in escaped {
            if line.len() + character.len() > LONGEST && character != " " {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(&character);
        }
    }
    lines.push(line);
    format!("\"{}\"", lines.join("\\\n            "))
}

/// What begins a part of a statement, so that nobody minds a line that begins with it.
const CLAUSES: &[&str] = &[
    "CONSTRAINT",
    "REFERENCES",
    "CHECK",
    "FOREIGN",
    "UNIQUE",
    "PRIMARY",
    "EXCLUDE",
    "WHERE",
    "USING",
    "FROM",
    "SET",
    "ADD",
    "ALTER",
    "OWNED",
    "WITH",
    "INCLUDE",
    "BEFORE",
    "AFTER",
    "EXECUTE",
    "FOR",
    "WHEN",
    "GENERATED",
    "COLLATE",
    "DEFERRABLE",
    "TYPE",
    "AND",
    "OR",
    "IS",
    "INCREMENT",
    "MINVALUE",
    "MAXVALUE",
    "START",
    "CACHE",
];

/// Where the first line of a text that is too long for one ends.
fn line_end(text: &str) -> Option<usize> {
    if text.len() <= LONGEST {
        return None;
    }
    let (mut literal, mut best) = (false, None);
    for (at, c) in text.char_indices() {
        literal ^= c == '\'';
        let end = at + 1;
        let next = text[end..].split(' ').next().unwrap_or_default();
        if c != ' ' || next.is_empty() {
            continue;
        }
        if end > LONGEST && best.is_some() {
            break;
        }
        let before = text[..at].rsplit(' ').next().unwrap_or_default();
        // `COMMENT ON`, `ON DELETE SET NULL` and `START WITH` are one.
        let begins = match before {
            "COMMENT" | "DELETE" | "UPDATE" | "START" | "IS" => false,
            _ => next == "ON" || CLAUSES.contains(&next),
        };
        // A line that is all but empty is no gain.
        let rank = match (literal, begins && end > LONGEST / 3) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => 2,
        };
        if best.is_none_or(|(other, _)| rank >= other) {
            best = Some((rank, end));
        }
    }
    best.map(|(_, end)| end)
}

fn escaped(c: char) -> String {
    match c {
        '"' | '\\' => format!("\\{c}"),
        ' ' => c.to_string(),
        c if is_invisible(c) => c.escape_unicode().to_string(),
        c if c.is_control() || c.is_whitespace() => c.escape_debug().to_string(),
        c => c.to_string(),
    }
}

/// Strings as an array, without its brackets.
pub(crate) fn strings<T: AsRef<str>>(texts: &[T]) -> String {
    texts.iter().map(|text| string(text.as_ref())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_stays_readable() {
        assert_eq!(string("a"), r#""a""#);
        assert_eq!(string(r#"a "b""#), r##"r#"a "b""#"##);
        assert_eq!(string(r##"a"#b"##), r###"r##"a"#b"##"###);
    }

    #[test]
    fn what_nobody_sees_is_written_out() {
        assert_eq!(string("a\u{200b}b\u{ad}c\u{202e}\td"), r#""a\u{200b}b\u{ad}c\u{202e}\td""#);
        assert_eq!(string("ü é 語"), "\"ü é 語\"");
    }

    #[test]
    fn a_long_string_goes_on_in_the_next_line() {
        let text = string(&format!("{} b \"c\\", "a".repeat(75)));
        assert_eq!(text, format!("\"{} \\\n            b \\\"c\\\\\"", "a".repeat(75)));
    }

    #[test]
    fn a_long_statement_is_broken_where_a_clause_begins() {
        for (text, lines) in [
            (
                "CONSTRAINT products_owner_id_fkey REFERENCES organizations (id) ON DELETE CASCADE",
                &[
                    "CONSTRAINT products_owner_id_fkey REFERENCES organizations (id) ",
                    "ON DELETE CASCADE",
                ][..],
            ),
            (
                "COMMENT ON COLUMN organizations.stripe_customer_id IS 'what the other side calls them, if it does'",
                &[
                    "COMMENT ON COLUMN organizations.stripe_customer_id ",
                    "IS 'what the other side calls them, if it does'",
                ],
            ),
        ] {
            assert_eq!(string(text), format!("\"{}\"", lines.join("\\\n            ")));
        }
    }

    #[test]
    fn one_without_spaces_is_broken_where_its_line_ends() {
        let text = string(&"\"".repeat(80));
        let expected = format!("\"{}\\\n            {}\"", "\\\"".repeat(38), "\\\"".repeat(38));
        assert!(text.starts_with(&expected[..expected.len() - 1]), "{text}");
        let text = string(&format!("{}\u{a0}\t b", "a".repeat(76)));
        assert_eq!(text, format!("\"{}\\\n            \\u{{a0}}\\t b\"", "a".repeat(76)));
    }

    #[test]
    fn a_line_end_of_data_is_written_out_and_ends_a_line_that_is_full() {
        assert_eq!(data("a\n b"), r#""a\n b""#);
        let text = data(&format!("{}\n  b \"c", "a".repeat(60)));
        assert_eq!(text, format!("\"{}\\n  b \\\"c\"", "a".repeat(60)));
        let text = data(&format!("{}\nbbbbbbbbbbbbbbbbbbbb", "a".repeat(60)));
        let expected = format!("\"{}\\n\\\n            bbbbbbbbbbbbbbbbbbbb\"", "a".repeat(60));
        assert_eq!(text, expected);
    }

    #[test]
    fn a_comment_is_broken_between_words() {
        let text = comment("//!", &"word ".repeat(30));
        assert!(
            text.lines().all(|line| line.starts_with("//! word") && line.len() <= 100),
            "{text}"
        );
        assert_eq!(text.lines().count(), 2);
    }

    #[test]
    fn a_function_that_does_nothing_says_so() {
        let text = Script { doc: vec!["Nothing.".to_owned()], ..Script::default() }.text();
        let down = "pub async fn down(_: &Schema<'_>) -> Result {\nOk(())\n}\n";
        assert!(text.starts_with("//! Nothing.\nuse crate::prelude::*;\n"), "{text}");
        assert!(text.ends_with(down), "{text}");
    }
}
