//! Renders the Rust source of a script.

use std::fmt::Write as _;

use seedbed_sql::{Token, TokenKind, tokens};

/// The parts of a script's source.
#[derive(Debug, Clone, Default)]
pub(crate) struct ScriptSource {
    /// The paragraphs of the module's documentation. The first one says what the script does.
    pub(crate) doc: Vec<String>,
    /// The items between the imports and `up`.
    pub(crate) items: Vec<String>,
    /// Imports besides the prelude.
    pub(crate) imports: Vec<String>,
    /// The comment above `up`.
    pub(crate) up_doc: Option<String>,
    pub(crate) up: FunctionBody,
    /// The comment above `down`.
    pub(crate) down_doc: Option<String>,
    pub(crate) down: FunctionBody,
}

/// The body of a function.
#[derive(Debug, Clone)]
pub(crate) enum FunctionBody {
    /// Consecutive calls of the schema, such as `drop_table("widgets")`.
    Calls(Vec<String>),
    /// Any other source.
    Source(String),
}

impl Default for FunctionBody {
    fn default() -> Self {
        Self::Calls(Vec::new())
    }
}

impl FunctionBody {
    pub(crate) fn call(call: impl Into<String>) -> Self {
        Self::Calls(vec![call.into()])
    }
}

/// Returns the constant that opts out of the transaction, with the reason in its comment.
pub(crate) fn without_transaction(why: &str) -> String {
    format!("{}pub const TRANSACTION: bool = false;", comment("///", why))
}

impl ScriptSource {
    pub(crate) fn render(&self) -> String {
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

fn function(text: &mut String, name: &str, doc: Option<&str>, body: &FunctionBody) {
    if let Some(doc) = doc {
        text.push_str(&comment("///", doc));
    }
    let (schema, lines) = match body {
        FunctionBody::Calls(calls) => match calls.split_last() {
            None => ("_", "Ok(())".to_owned()),
            Some((last, before)) => {
                let before: String =
                    before.iter().map(|call| format!("schema.{call}.await?;\n")).collect();
                ("schema", format!("{before}schema.{last}.await"))
            }
        },
        FunctionBody::Source(lines) => ("schema", lines.clone()),
    };
    _ = writeln!(text, "pub async fn {name}({schema}: &Schema<'_>) -> Result {{\n{lines}\n}}");
}

/// Returns the text as comment lines of at most 100 characters.
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

/// The maximum length of a string on one line. rustfmt does not format a call that contains a longer string.
const MAX_STRING_WIDTH: usize = 76;

/// Returns a Rust string literal. A text that is too long for one line, and contains no line break, is wrapped with `\` at
/// the ends of the lines, which does not change its value.
pub(crate) fn string(text: &str) -> String {
    let is_plain = !text.contains(|c: char| (c.is_control() && c != '\n') || is_invisible(c));
    if text.len() > MAX_STRING_WIDTH && !text.contains('\n') {
        let has_short_words = text.split(' ').all(|word| word.len() < MAX_STRING_WIDTH);
        return if is_plain && has_short_words { wrapped_at_clauses(text) } else { wrapped(text) };
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

/// Returns whether rustc or clippy requires an escape for a character, for example a zero-width space, or a character that
/// changes the direction of the text.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Returns SQL as a string literal that is wrapped at spaces. A line ends before a clause if possible, and inside of an
/// SQL literal only if there is no other place. Rust ignores the line end and the indentation after a backslash.
fn wrapped_at_clauses(sql: &str) -> String {
    let escape = |part: &str| part.replace('\\', "\\\\").replace('"', "\\\"");
    let breaks = line_breaks(sql);
    let (mut lines, mut start) = (Vec::new(), 0);
    while escape(&sql[start..]).len() > MAX_STRING_WIDTH {
        let mut best = None;
        for (at, kind) in breaks.iter().filter(|(at, _)| *at > start) {
            let width = escape(&sql[start..*at]).len();
            if width > MAX_STRING_WIDTH && best.is_some() {
                break;
            }
            // A break near the start of the line would waste it.
            let kind = match kind {
                LineBreak::BeforeClause if width <= MAX_STRING_WIDTH / 3 => {
                    LineBreak::BetweenTokens
                }
                kind => *kind,
            };
            if best.is_none_or(|(other, _)| kind >= other) {
                best = Some((kind, *at));
            }
        }
        let Some((_, end)) = best else { break };
        lines.push(escape(&sql[start..end]));
        start = end;
    }
    lines.push(escape(&sql[start..]));
    format!("\"{}\"", lines.join("\\\n            "))
}

/// Returns a Rust string literal for text that is not SQL, with line ends written as `\n`.
pub(crate) fn data_string(text: &str) -> String {
    if text.contains('\n') { wrapped(text) } else { string(text) }
}

/// Returns text as a string literal that is wrapped at spaces, or anywhere if there is no space. Rust ignores the line
/// end and the indentation after a backslash.
fn wrapped(text: &str) -> String {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split_inclusive([' ', '\n']) {
        let escaped: Vec<String> = word.chars().map(escaped).collect();
        let width = escaped.iter().map(String::len).sum::<usize>();
        if line.len() + width > MAX_STRING_WIDTH
            && (line.ends_with(' ') || line.ends_with("\\n"))
            && word != " "
        {
            lines.push(std::mem::take(&mut line));
        }
        for character in escaped {
            if line.len() + character.len() > MAX_STRING_WIDTH && character != " " {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(&character);
        }
    }
    lines.push(line);
    format!("\"{}\"", lines.join("\\\n            "))
}

/// The keywords that start a clause, before which a line may be broken.
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

/// The kind of a place after a space at which a line may end. The later variants are better places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum LineBreak {
    InLiteral,
    BetweenTokens,
    BeforeClause,
}

/// Returns the places at which a line of SQL may end.
fn line_breaks(sql: &str) -> Vec<(usize, LineBreak)> {
    let tokens = tokens(sql);
    let spaces = sql.match_indices(' ').map(|(at, _)| at + 1);
    let places = spaces.filter(|at| !matches!(sql[*at..].chars().next(), None | Some(' ')));
    let kind = |at: usize| {
        let (before, after) = tokens.split_at(tokens.partition_point(|token| token.start < at));
        match (before.last(), after.first()) {
            (Some(token), _) if token.kind == TokenKind::StringLiteral && token.end() > at => {
                LineBreak::InLiteral
            }
            (before, Some(next)) if begins_clause(before, next) => LineBreak::BeforeClause,
            _ => LineBreak::BetweenTokens,
        }
    };
    places.map(|at| (at, kind(at))).collect()
}

/// Returns whether a token begins a clause. `COMMENT ON`, `ON DELETE SET NULL` and `START WITH` stay together.
fn begins_clause(before: Option<&Token<'_>>, next: &Token<'_>) -> bool {
    !matches!(
        before.map(|token| token.text),
        Some("COMMENT" | "DELETE" | "UPDATE" | "START" | "IS")
    ) && (next.text == "ON" || CLAUSES.contains(&next.text))
}

/// Returns a character as it is written in a string literal.
fn escaped(c: char) -> String {
    match c {
        '"' | '\\' => format!("\\{c}"),
        ' ' => c.to_string(),
        c if is_invisible(c) => c.escape_unicode().to_string(),
        c if c.is_control() || c.is_whitespace() => c.escape_debug().to_string(),
        c => c.to_string(),
    }
}

/// Returns the texts as string literals, for the elements of an array or the arguments of a call.
pub(crate) fn strings<T: AsRef<str>>(texts: &[T]) -> String {
    texts.iter().map(|text| string(text.as_ref())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_with_quotes_becomes_a_raw_string_literal() {
        assert_eq!(string("a"), r#""a""#);
        assert_eq!(string(r#"a "b""#), r##"r#"a "b""#"##);
        assert_eq!(string(r##"a"#b"##), r###"r##"a"#b"##"###);
    }

    #[test]
    fn invisible_characters_are_escaped() {
        assert_eq!(string("a\u{200b}b\u{ad}c\u{202e}\td"), r#""a\u{200b}b\u{ad}c\u{202e}\td""#);
        assert_eq!(string("ü é 語"), "\"ü é 語\"");
    }

    #[test]
    fn a_long_string_is_wrapped() {
        let text = string(&format!("{} b \"c\\", "a".repeat(75)));
        assert_eq!(text, format!("\"{} \\\n            b \\\"c\\\\\"", "a".repeat(75)));
    }

    #[test]
    fn a_long_statement_is_wrapped_before_a_clause() {
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
    fn a_literal_is_not_wrapped_before_what_only_looks_like_a_clause() {
        let text = format!("SELECT 1 AS {} WHERE name = 'a AND b OR c'", "a".repeat(60));
        let lines =
            [format!("SELECT 1 AS {} ", "a".repeat(60)), "WHERE name = 'a AND b OR c'".to_owned()];
        assert_eq!(string(&text), format!("\"{}\"", lines.join("\\\n            ")));
    }

    #[test]
    fn a_long_string_without_spaces_is_wrapped_anywhere() {
        let text = string(&"\"".repeat(80));
        let expected = format!("\"{}\\\n            {}\"", "\\\"".repeat(38), "\\\"".repeat(38));
        assert!(text.starts_with(&expected[..expected.len() - 1]), "{text}");
        let text = string(&format!("{}\u{a0}\t b", "a".repeat(76)));
        assert_eq!(text, format!("\"{}\\\n            \\u{{a0}}\\t b\"", "a".repeat(76)));
    }

    #[test]
    fn a_line_break_in_data_is_escaped() {
        assert_eq!(data_string("a\n b"), r#""a\n b""#);
        let text = data_string(&format!("{}\n  b \"c", "a".repeat(60)));
        assert_eq!(text, format!("\"{}\\n  b \\\"c\"", "a".repeat(60)));
        let text = data_string(&format!("{}\nbbbbbbbbbbbbbbbbbbbb", "a".repeat(60)));
        let expected = format!("\"{}\\n\\\n            bbbbbbbbbbbbbbbbbbbb\"", "a".repeat(60));
        assert_eq!(text, expected);
    }

    #[test]
    fn a_comment_is_wrapped_between_words() {
        let text = comment("//!", &"word ".repeat(30));
        assert!(
            text.lines().all(|line| line.starts_with("//! word") && line.len() <= 100),
            "{text}"
        );
        assert_eq!(text.lines().count(), 2);
    }

    #[test]
    fn an_empty_function_ignores_its_schema() {
        let text =
            ScriptSource { doc: vec!["Nothing.".to_owned()], ..ScriptSource::default() }.render();
        let down = "pub async fn down(_: &Schema<'_>) -> Result {\nOk(())\n}\n";
        assert!(text.starts_with("//! Nothing.\nuse crate::prelude::*;\n"), "{text}");
        assert!(text.ends_with(down), "{text}");
    }
}
