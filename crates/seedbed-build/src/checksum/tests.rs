use proptest::prelude::*;
use rstest::rstest;
use test_support::assert_snapshot;

use super::*;

const SCRIPT: &str = r#"
use crate::prelude::*;
pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("SELECT 'it''s'", ["a", "b"]).await
}
"#;

fn same(one: &str, other: &str) -> bool {
    Checksum::from_source(one) == Checksum::from_source(other)
}

/// Tests the values that databases store. If they changed, every applied script would show as modified.
#[rstest]
#[case("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
#[case(SCRIPT, "4c398ab628dbb611d83645b9ce46da694c2281f72e6a85ba40764fae6f2064d1")]
#[case("no \" source", "a56e8490d4901e99e3078696587d27e371d3a9e8dc5961ffafcef1bcd89e76a6")]
fn the_checksum_never_changes_between_releases(#[case] source: &str, #[case] expected: &str) {
    assert_eq!(Checksum::from_source(source).to_string(), expected);
}

#[rstest]
#[case::line_comment("fn a() {}", "fn a() {} // and so on")]
#[case::block_comment("fn a() {}", "fn /* a /* nested */ \" ' { */ a() {}")]
#[case::outer_doc("fn a() {}", "/// It's a function.\nfn a() {}")]
#[case::inner_doc("fn a() {}", "//! A file.\nfn a() {}")]
#[case::block_doc("fn a() {}", "/*! A file. *//** A function. */ fn a() {}")]
#[case::doc_attribute("fn a() {}", "#![doc = \"]\"]\n#[doc(alias = \"b\")] fn a() {}")]
#[case::doc_in_a_list("enum A { B, C }", "enum A { B, /// Last.\n C, #[doc = \"x\"] }")]
#[case::white_space("fn a(){}", "\n\tfn  a ( )\u{c}{\u{2028} }\n")]
#[case::line_ends("const A: &str = \"b\nc\";\n", "const A: &str = \"b\r\nc\";\r\n")]
#[case::byte_order_mark("fn a() {}", "\u{feff}fn a() {}")]
#[case::shebang("fn a() {}", "#!/usr/bin/env cargo\nfn a() {}")]
#[case::comma_in_call("a(b, c)", "a(\n    b,\n    c,\n)")]
#[case::comma_in_braces("A { b: 1 }", "A { b: 1, }")]
#[case::comma_in_brackets("[1]", "[1,]")]
#[case::comma_in_generics("a::<b>()", "a::<b,>()")]
#[case::comma_before_a_comment("[1]", "[1, // one\n]")]
#[case::split_operator("a::<B<C>>()", "a::<B<C> >()")]
fn comments_and_layout_do_not_change_the_checksum(#[case] one: &str, #[case] other: &str) {
    assert!(same(one, other));
}

#[rstest]
#[case::word("fn a() {}", "fn b() {}")]
#[case::split_word("fn ab() {}", "fn a b() {}")]
#[case::number("a(1)", "a(10)")]
#[case::string("a(\"b\")", "a(\"c\")")]
#[case::space_in_a_string("a(\"b c\")", "a(\"b  c\")")]
#[case::comment_in_a_string("a(\"b\")", "a(\"b // c\")")]
#[case::line_in_a_string("a(\"b\nc\")", "a(\"b\n\nc\")")]
#[case::raw_string("a(\"b\")", "a(r\"b\")")]
#[case::byte_string("a(\"b\")", "a(b\"b\")")]
#[case::char("a('b')", "a('c')")]
#[case::escape("a('\\'')", "a('\"')")]
#[case::lifetime("A<'a>", "A<'b>")]
#[case::delimiter("a()", "a[]")]
#[case::sign("a + b", "a - b")]
#[case::missing_sign("a; b", "a b")]
#[case::comma_between("a(b, c)", "a(b c)")]
#[case::attribute("fn a() {}", "#[expect(dead_code)] fn a() {}")]
#[case::almost_doc("#[docs = \"\"] fn a() {}", "fn a() {}")]
#[case::order("a(b, c)", "a(c, b)")]
#[case::added("fn a() {}", "fn a() {} fn a() {}")]
fn a_change_of_the_program_changes_the_checksum(#[case] one: &str, #[case] other: &str) {
    assert!(!same(one, other));
}

#[rstest]
#[case("fn a() {")]
#[case("fn a() }")]
#[case("fn a(] {}")]
#[case("const A: &str = \"b;")]
#[case("/* /* */")]
#[case("r#\"\"")]
#[case("'")]
#[case("'\\")]
#[case("'\\u{1")]
#[case("`")]
#[case("\\")]
fn a_source_that_cannot_be_tokenized_is_hashed_byte_by_byte(#[case] source: &str) {
    let expected = Checksum(Sha256::digest(source).into());
    assert_eq!(Checksum::from_source(source), expected);
    assert!(!same(source, &format!("{source} // c")));
}

#[test]
fn parse_accepts_what_display_writes() {
    let checksum = Checksum::from_source(SCRIPT);
    assert_eq!(Checksum::parse(&checksum.to_string()), Ok(checksum));
}

#[test]
fn a_text_other_than_64_lowercase_hex_digits_is_not_a_checksum() {
    let texts =
        ["", &"a".repeat(63), &"a".repeat(65), &"A".repeat(64), &"g".repeat(64), &"é".repeat(32)];
    let errors = texts.map(|text| Checksum::parse(text).unwrap_err().to_string());
    assert_snapshot!("invalid_checksums", errors.join("\n"));
}

fn token() -> impl Strategy<Value = String> {
    // The word `doc` is left out, because `#[doc]` does not count for the checksum.
    let text = r#"([ a-z{}()/*',#;]|é|\\"|\\\\|\r?\n){0,8}"#;
    prop_oneof![
        4 => "[a-z_é][a-z0-9_é]{0,5}".prop_filter("no doc", |word| word != "doc"),
        1 => "[0-9]{1,4}(_u8)?",
        3 => prop::sample::select((*b"!$%&*+-./:;<=?@^|~#").to_vec())
            .prop_map(|byte| char::from(byte).to_string()),
        2 => text.prop_map(|text| format!("\"{text}\"")),
        1 => "[a-z \"\\\\/]{0,8}".prop_map(|text| format!("br##\"{text}\"##")),
        1 => prop::sample::select(vec!["'a'", "'\\''", "'\"'", "b'\\n'", "'é'", "'('", "'_", "'static"])
            .prop_map(str::to_owned),
    ]
}

fn separator() -> impl Strategy<Value = String> {
    let separator = prop_oneof![
        "[ \t\n]{0,3}",
        Just("\r\n".to_owned()),
        Just("\u{200e}".to_owned()),
        "// [a-z\"'{(,é]{0,8}\n",
        "/// [a-z\"'{(,]{0,8}\r\n",
        "/\\* [a-z\"'{(,é]{0,8} \\*/",
        Just("/* /* ' */ \" */".to_owned()),
        Just("#[doc = \"a, [)\"]".to_owned()),
    ];
    // Without the spaces, the token `/` and a comment after it would be lexed as another comment.
    separator.prop_map(|separator| format!(" {separator} "))
}

/// Generates the tokens of a program, some of them within delimiters.
fn program() -> impl Strategy<Value = Vec<String>> {
    let leaves = prop::collection::vec(token(), 0..12);
    leaves.prop_recursive(3, 48, 4, |inner| {
        let pair = prop::sample::select(vec![("(", ")"), ("[", "]"), ("{", "}")]);
        (prop::collection::vec(token(), 0..4), pair, inner.clone(), inner).prop_map(
            |(mut tokens, (open, close), inside, after)| {
                tokens.push(open.to_owned());
                tokens.extend(inside);
                tokens.push(close.to_owned());
                tokens.extend(after);
                tokens
            },
        )
    })
}

/// Joins the tokens, with the next of the separators after each of them.
fn join(tokens: &[String], separators: &[String]) -> String {
    tokens
        .iter()
        .zip(separators.iter().cycle())
        .flat_map(|(token, separator)| [token.as_str(), separator.as_str()])
        .collect()
}

proptest! {
    #[test]
    fn comments_and_white_space_between_tokens_never_change_the_checksum(
        tokens in program(),
        one in prop::collection::vec(separator(), 1..20),
        other in prop::collection::vec(separator(), 1..20),
    ) {
        prop_assert!(lex(&join(&tokens, &one)).is_some());
        prop_assert_eq!(Checksum::from_source(&join(&tokens, &one)), Checksum::from_source(&join(&tokens, &other)));
    }

    #[test]
    fn replacing_a_token_always_changes_the_checksum(
        tokens in program(),
        separators in prop::collection::vec(separator(), 1..20),
        place in any::<prop::sample::Index>(),
        token in token(),
    ) {
        let places: Vec<usize> = (0..tokens.len())
            .filter(|&at| !"()[]{}".contains(&tokens[at]))
            .collect();
        prop_assume!(!places.is_empty());
        let at = places[place.index(places.len())];
        // Inside a string, both line ends count as the same.
        let unix = |text: &str| text.replace("\r\n", "\n");
        prop_assume!(unix(&tokens[at]) != unix(&token));
        let mut changed = tokens.clone();
        changed[at] = token;
        prop_assert_ne!(
            Checksum::from_source(&join(&tokens, &separators)),
            Checksum::from_source(&join(&changed, &separators))
        );
    }

    #[test]
    fn no_text_causes_a_panic(source in any::<String>()) {
        let checksum = Checksum::from_source(&source);
        prop_assert_eq!(Checksum::parse(&checksum.to_string()), Ok(checksum));
    }

    #[test]
    fn no_sequence_of_rust_punctuation_causes_a_panic(source in r#"([rbc#"'/*\\({}),a1é\n]){0,40}"#) {
        let checksum = Checksum::from_source(&source);
        prop_assert_eq!(Checksum::parse(&checksum.to_string()), Ok(checksum));
    }
}
