//! Renders comments of the database as documentation.

/// Returns a text as a doc comment, with a sign such as `///` before each line. The text is changed where it would
/// start a code block, which would be compiled and run as a test.
#[must_use]
pub fn doc_comment(sign: &str, text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace("```", "\\`\\`\\`").replace("~~~", "\\~\\~\\~");
    let text = text.replace(|c: char| is_forbidden(c) && c != '\n', " ");
    // Four spaces would start a code block too.
    let line = |line: &str| {
        line.split_whitespace().fold(sign.to_owned(), |line, word| line + " " + word) + "\n"
    };
    text.lines().map(line).collect()
}

/// Returns whether a character is not allowed in a Rust comment, such as a control character or a character that
/// changes the direction of writing.
fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::doc_comment;

    #[test]
    fn a_database_comment_never_becomes_code() {
        for (text, expected) in [
            ("a\r\n\n b  c", "/// a\n///\n/// b c\n"),
            ("\tlet x;\n>     let y;\n-      let z;", "/// let x;\n/// > let y;\n/// - let z;\n"),
            ("```rust\n~~~~", "/// \\`\\`\\`rust\n/// \\~\\~\\~~\n"),
            ("a\rb\u{202e}c\u{2066}", "/// a b c\n"),
            ("*/ /* \\ \"", "/// */ /* \\ \"\n"),
        ] {
            assert_eq!(doc_comment("///", text), expected);
        }
    }
}
