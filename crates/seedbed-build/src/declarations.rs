//! The items that a script declares at the top level of its file.

use crate::lexer::{RustToken, RustTokenKind};

/// The file format of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The two-function format: public async functions `up` and `down`.
    Functions,
    /// SeaORM's format: a struct `Migration` that implements `MigrationTrait`.
    SeaOrm,
}

/// The items at the top level of a file in the two-function format. A file in SeaORM's format has none of these items.
///
/// The fields say only whether an item exists. rustc evaluates the value of the item, so that a constant may be
/// computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Declarations {
    /// Whether the file has `pub async fn up`.
    pub up: bool,
    /// Whether the file has `pub async fn down`.
    pub down: bool,
    /// Whether the file has `pub const TRANSACTION: bool`.
    pub transaction: bool,
    /// Whether the file has `pub const IRREVERSIBLE: &str`.
    pub irreversible: bool,
    /// Whether the file calls `not_written`, as a new script does until somebody writes it.
    pub unwritten: bool,
}

impl Declarations {
    /// The declarations that a file that does not lex is assumed to have, so that rustc compiles it and reports the
    /// error.
    pub(crate) const UNREADABLE: Self =
        Self { up: true, down: false, transaction: false, irreversible: false, unwritten: false };
}

/// An item with a reserved name and a declaration that the registry cannot use. Such an item is an error. If a private
/// `TRANSACTION` were ignored, for example, a script that must not run in a transaction would run in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Misdeclared {
    /// The name of the item.
    pub(crate) item: &'static str,
    /// The usable declaration of the item.
    pub(crate) write: &'static str,
}

/// Reads the format and the declarations of a file.
pub(crate) fn read(tokens: &[RustToken<'_>]) -> Result<(Format, Declarations), Misdeclared> {
    let items = top_level(tokens);
    if implements_migration_trait(&items) {
        return Ok((Format::SeaOrm, Declarations::default()));
    }
    Ok((
        Format::Functions,
        Declarations {
            up: is_declared(&items, &UP)?,
            down: is_declared(&items, &DOWN)?,
            transaction: is_declared(&items, &TRANSACTION)?,
            irreversible: is_declared(&items, &IRREVERSIBLE)?,
            unwritten: calls_not_written(tokens),
        },
    ))
}

/// Returns whether the file calls `Schema::not_written`, which only the templates of new scripts do.
fn calls_not_written(tokens: &[RustToken<'_>]) -> bool {
    tokens
        .windows(3)
        .any(|call| [".", "not_written", "("] == [call[0].text, call[1].text, call[2].text])
}

/// Returns the tokens outside of all delimiters, and the outermost delimiters themselves.
fn top_level<'a>(tokens: &[RustToken<'a>]) -> Vec<&'a str> {
    let mut items = Vec::with_capacity(128);
    let mut depth = 0;
    for token in tokens {
        if matches!(token.kind, RustTokenKind::Close(_)) {
            depth -= 1;
        }
        if depth == 0 {
            items.push(token.text);
        }
        if matches!(token.kind, RustTokenKind::Open(_)) {
            depth += 1;
        }
    }
    items
}

fn implements_migration_trait(items: &[&str]) -> bool {
    items.windows(3).any(|words| words == ["MigrationTrait", "for", "Migration"])
}

/// Returns the `…` of `impl MigrationName for Migration { fn name(&self) -> &str { "…" } }`. Returns `None` if the
/// source has no such `impl`, or if its function returns anything but a string literal.
pub(crate) fn history_name(tokens: &[RustToken<'_>]) -> Option<String> {
    const TRAIT: [&str; 4] = ["MigrationName", "for", "Migration", "{"];
    let texts: Vec<&str> = tokens.iter().map(|token| token.text).collect();
    let begins = texts.windows(TRAIT.len()).position(|words| words == TRAIT)? + TRAIT.len();
    let named = texts[begins..].windows(2).position(|words| words == ["fn", "name"])?;
    let body = texts[begins + named..].iter().position(|text| *text == "{")?;
    let body = &texts[begins + named + body + 1..];
    let body = body.strip_prefix(&["return"]).unwrap_or(body);
    let (literal, [next, ..]) = body.split_first()? else {
        return None;
    };
    // The string must be the whole expression: `"…".trim()` may be another name.
    if !matches!(*next, "}" | ";") {
        return None;
    }
    if let Some(raw) = literal.strip_prefix('r') {
        return Some(raw.trim_matches('#').strip_prefix('"')?.strip_suffix('"')?.to_owned());
    }
    let name = literal.strip_prefix('"')?.strip_suffix('"')?;
    (!name.contains('\\')).then(|| name.to_owned())
}

/// An item that the registry uses.
struct ExpectedItem {
    /// The tokens before the name that identify a declaration of the item, even one that the registry cannot use. One
    /// of them is enough.
    introduced_by: &'static [&'static str],
    name: &'static str,
    /// The tokens before the name in a usable declaration, without the visibility.
    before: &'static [&'static str],
    /// The alternatives for the tokens after the name in a usable declaration.
    after: &'static [&'static [&'static str]],
    /// The usable declaration, for the hint.
    write: &'static str,
}

const UP: ExpectedItem = ExpectedItem {
    introduced_by: &["fn"],
    name: "up",
    before: &["async", "fn"],
    after: &[&[]],
    write: "pub async fn up(schema: &Schema<'_>) -> Result",
};

const DOWN: ExpectedItem =
    ExpectedItem { name: "down", write: "pub async fn down(schema: &Schema<'_>) -> Result", ..UP };

const TRANSACTION: ExpectedItem = ExpectedItem {
    introduced_by: &["const", "static", "mut"],
    name: "TRANSACTION",
    before: &["const"],
    after: &[&[":", "bool"]],
    write: "pub const TRANSACTION: bool = false;",
};

const IRREVERSIBLE: ExpectedItem = ExpectedItem {
    name: "IRREVERSIBLE",
    after: &[&[":", "&", "str"], &[":", "&", "'static", "str"]],
    write: "pub const IRREVERSIBLE: &str = \"why there is no way back\";",
    ..TRANSACTION
};

/// Returns whether the item is declared. Fails if it is declared in a way that the registry cannot use.
fn is_declared(items: &[&str], expected: &ExpectedItem) -> Result<bool, Misdeclared> {
    let place = items
        .windows(2)
        .position(|pair| pair[1] == expected.name && expected.introduced_by.contains(&pair[0]));
    let Some(place) = place else {
        return Ok(false);
    };
    let (before, after) = (&items[..=place], &items[place + 2..]);
    // `pub(crate)` is `pub ( )` here, because the top level does not have the tokens inside delimiters.
    let public = before
        .strip_suffix(expected.before)
        .is_some_and(|rest| rest.ends_with(&["pub"]) || rest.ends_with(&["pub", "(", ")"]));
    if public && expected.after.iter().any(|tokens| after.starts_with(tokens)) {
        Ok(true)
    } else {
        Err(Misdeclared { item: expected.name, write: expected.write })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::lexer::lex;

    fn declared(source: &str) -> Result<(Format, Vec<&'static str>), &'static str> {
        let (format, found) = read(&lex(source).unwrap()).map_err(|wrong| wrong.write)?;
        let names = [
            (found.up, "up"),
            (found.down, "down"),
            (found.transaction, "transaction"),
            (found.irreversible, "irreversible"),
            (found.unwritten, "unwritten"),
        ];
        let names = names.into_iter().filter_map(|(is_found, name)| is_found.then_some(name));
        Ok((format, names.collect()))
    }

    #[rstest]
    #[case::both("pub async fn up(s: &S<'_>) -> R { f() } pub async fn down(s: &S<'_>) -> R { f() }", &["up", "down"])]
    #[case::only_up("use x::*; pub async fn up(s: &S<'_>) -> R { f() }", &["up"])]
    #[case::in_the_crate("pub(crate) async fn up() {}", &["up"])]
    #[case::with_attributes("#[allow(x)] pub async fn up() {} #[cfg(a)] pub async fn down() {}", &["up", "down"])]
    #[case::transaction("pub const TRANSACTION: bool = false; pub async fn up() {}", &["up", "transaction"])]
    #[case::computed("pub const TRANSACTION: bool = !cfg!(windows);", &["transaction"])]
    #[case::irreversible("pub const IRREVERSIBLE: &str = \"no\";", &["irreversible"])]
    #[case::static_lifetime("pub const IRREVERSIBLE: &'static str = \"no\";", &["irreversible"])]
    #[case::in_a_comment("// pub async fn up() {}\n/* pub const TRANSACTION: bool = true; */", &[])]
    #[case::in_a_string("const A: &str = \"pub async fn up() {}\";", &[])]
    #[case::in_a_module("mod a { pub async fn up() {} fn down() {} const TRANSACTION: u8 = 1; }", &[])]
    #[case::in_an_impl("impl A { async fn up(&self) {} }", &[])]
    #[case::in_a_macro("m! { fn up() {} }", &[])]
    #[case::longer_names("async fn up_all() {} const TRANSACTIONS: u8 = 1;", &[])]
    #[case::a_use("const A: bool = TRANSACTION; pub use b::up;", &[])]
    #[case::unwritten("pub async fn up(s: &S<'_>) -> R { s.not_written(file!()) }", &["up", "unwritten"])]
    #[case::not_written_in_a_comment("pub async fn up() {} // schema.not_written(file!())", &["up"])]
    #[case::empty("", &[])]
    fn the_items_at_top_level_are_found(#[case] source: &str, #[case] expected: &[&str]) {
        assert_eq!(declared(source), Ok((Format::Functions, expected.to_vec())));
    }

    #[rstest]
    #[case("async fn up() {}", UP.write)]
    #[case("pub fn up() {}", UP.write)]
    #[case("pub async unsafe fn up() {}", UP.write)]
    #[case("pub async fn up() {} fn down() {}", DOWN.write)]
    #[case("const TRANSACTION: bool = false;", TRANSACTION.write)]
    #[case("pub static TRANSACTION: bool = false;", TRANSACTION.write)]
    #[case("pub const TRANSACTION: Option<bool> = None;", TRANSACTION.write)]
    #[case("pub const TRANSACTION: &str = \"off\";", TRANSACTION.write)]
    #[case("pub const IRREVERSIBLE: bool = true;", IRREVERSIBLE.write)]
    fn an_item_that_the_registry_cannot_use_is_refused(
        #[case] source: &str,
        #[case] expected: &'static str,
    ) {
        assert_eq!(declared(source), Err(expected));
    }

    #[rstest]
    #[case(
        r#"impl MigrationName for Migration { fn name(&self) -> &str { "m1_a" } }"#,
        Some("m1_a")
    )]
    #[case(
        r#"impl x::MigrationName for Migration { fn name(&self) -> &str { // Why.
        "m1_a" } }"#,
        Some("m1_a")
    )]
    #[case(r#"impl MigrationName for Migration { #[inline] fn name(&self) -> &'static str { return "m1_a"; } }"#, Some("m1_a"))]
    #[case(
        r#"impl MigrationName for Migration { fn name(&self) -> &str { r"m1_a" } }"#,
        Some("m1_a")
    )]
    #[case(r#"impl MigrationName for Migration { fn name(&self) -> &str { "m1_a.rs".trim_end_matches(".rs") } }"#, None)]
    #[case("impl MigrationName for Migration { fn name(&self) -> &str { NAME } }", None)]
    #[case(r#"#[derive(DeriveMigrationName)] struct Migration; fn name() -> u8 { "m1_a" }"#, None)]
    fn a_literal_migration_name_of_a_sea_orm_file_is_read(
        #[case] source: &str,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(history_name(&lex(source).unwrap()).as_deref(), expected);
    }

    #[rstest]
    #[case("pub struct Migration; impl MigrationTrait for Migration { async fn up(&self) {} }")]
    #[case("impl sea_orm_migration::MigrationTrait for Migration {} fn up() {}")]
    #[case(
        "#[async_trait::async_trait] impl MigrationTrait for Migration {} const TRANSACTION: u8 = 1;"
    )]
    fn sea_orm_files_are_recognized_by_their_trait(#[case] source: &str) {
        assert_eq!(declared(source), Ok((Format::SeaOrm, vec![])));
    }
}
