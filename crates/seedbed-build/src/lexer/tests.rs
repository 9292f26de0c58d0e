use proc_macro2::{Delimiter, TokenStream, TokenTree};
use rstest::rstest;

use super::*;

fn texts(source: &str) -> Vec<&str> {
    let tokens = lex(source).unwrap();
    tokens.iter().map(|token| token.text).collect()
}

#[rstest]
#[case::words("pub r#type x1", &["pub", "r#type", "x1"])]
#[case::raw_word_alone("r # type", &["r", "#", "type"])]
#[case::foreign_words("größe\u{200e}été", &["größe", "été"])]
#[case::strings(r##"a"b\"c" b"d" r#"e"f"# cr"g""##, &["a", r#""b\"c""#, r#"b"d""#, r##"r#"e"f"#"##, r#"cr"g""#])]
#[case::comment_signs_in_strings(r#""// /*" '/'"#, &[r#""// /*""#, "'/'"])]
#[case::chars(r"'a' '\'' '\\' '\u{1F600}' 'é' b'\''", &["'a'", r"'\''", r"'\\'", r"'\u{1F600}'", "'é'", r"b'\''"])]
#[case::lifetimes("&'a T<'_>", &["&", "'a", "T", "<", "'_", ">"])]
#[case::quote_as_char("'\"' \"'\"", &["'\"'", "\"'\""])]
#[case::numbers("1.5e-3 0xff_u8", &["1", ".", "5e", "-", "3", "0xff_u8"])]
#[case::inner_attribute("#![allow(x)]", &["#", "!", "[", "allow", "(", "x", ")", "]"])]
#[case::comments("a // b\n/* /* */ */ c", &["a", "c"])]
fn a_source_is_split_into_tokens(#[case] source: &str, #[case] expected: &[&str]) {
    assert_eq!(texts(source), expected);
}

/// Appends the tokens that proc-macro2 finds, as the reference. Leaves out doc attributes, because proc-macro2 turns
/// each doc comment into one.
fn reference(stream: TokenStream, into: &mut String) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Punct(sign) if sign.as_char() == '#' => {
                let inner =
                    matches!(trees.peek(), Some(TokenTree::Punct(sign)) if sign.as_char() == '!');
                if inner {
                    trees.next();
                }
                let doc = matches!(trees.peek(), Some(TokenTree::Group(group))
                    if group.to_string().trim_start_matches(['[', ' ']).starts_with("doc "));
                if doc {
                    trees.next();
                } else {
                    into.push_str(if inner { "#!" } else { "#" });
                }
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ('(', ')'),
                    Delimiter::Bracket => ('[', ']'),
                    Delimiter::Brace => ('{', '}'),
                    Delimiter::None => panic!("no source has such a group"),
                };
                into.push(open);
                reference(group.stream(), into);
                into.push(close);
            }
            other => into.push_str(&other.to_string()),
        }
    }
}

#[test]
fn proc_macro2_finds_the_same_tokens_in_the_sources_of_this_crate() {
    let sources = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap();
    let mut compared = 0;
    for source in sources {
        let path = source.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let mut expected = String::new();
        reference(text.parse().unwrap(), &mut expected);
        assert_eq!(texts(&text).concat(), expected, "{}", path.display());
        compared += 1;
    }
    assert!(compared > 10);
}
