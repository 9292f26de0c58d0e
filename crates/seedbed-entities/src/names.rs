//! Names of SQL in Rust.

use std::collections::BTreeSet;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use unicode_ident::{is_xid_continue, is_xid_start};

/// Words that are no names in Rust 2024, not even of a field, without `r#` before them.
const KEYWORDS: &str = "abstract as async await become box break const continue crate do dyn else enum \
    extern false final fn for gen if impl in let loop macro match mod move mut override priv pub ref \
    return self static struct super trait true try type typeof unsafe unsized use virtual where while \
    yield";

pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.split_ascii_whitespace().any(|word| word == name)
}

/// A qualified name as SQL has it, in its parts, without quotes.
pub(crate) fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                push(&mut parts, '"');
            }
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            c => push(&mut parts, c),
        }
    }
    parts
}

fn push(parts: &mut [String], c: char) {
    if let Some(last) = parts.last_mut() {
        last.push(c);
    }
}

/// The last part: the name itself.
pub(crate) fn plain(name: &str) -> String {
    parts(name).pop().unwrap_or_default()
}

/// The schema, if it is not the one that is there anyway.
pub(crate) fn schema(name: &str) -> Option<String> {
    let mut parts = parts(name);
    parts.pop();
    parts.pop().filter(|schema| schema != "public")
}

/// Modules that are there already: beside an entity, above it, and what every path may begin with.
const MODULES: [&str; 6] = ["alloc", "core", "enums", "sea_orm", "std", "tables"];

/// The module of a table's entity: what one row is.
pub(crate) fn module(table: &str) -> String {
    let one = seedbed_generate::singular(&snake(&plain(table)));
    let name = match schema(table) {
        Some(schema) => format!("{}_{one}", snake(&schema)),
        None => one,
    };
    if is_keyword(&name) || MODULES.contains(&&*name) { format!("{name}_row") } else { name }
}

/// The field of a column. What is a keyword gets the table's name: SeaORM's typed columns stumble over
/// `r#type`.
pub(crate) fn field(column: &str, module: &str) -> String {
    let name = snake(&plain(column));
    if is_keyword(&name) { format!("{module}_{name}") } else { name }
}

/// Whether SeaORM derives that name of a column from that field by itself. Beyond ASCII rustc may write
/// the same name otherwise.
pub(crate) fn derives(field: &str, column: &str) -> bool {
    column.is_ascii() && field == column && field.to_upper_camel_case().to_snake_case() == column
}

/// What the file of an entity calls so, imported, generated or by the macros of SeaORM; a few are those of a model
/// that is begun.
const TYPES: &str = "ActiveBelongsTo ActiveEnum ActiveHasMany ActiveHasOne ActiveModel \
    ActiveModelBehavior ActiveModelEx ActiveModelTrait AsMut AsRef BelongsTo Box Clone Column ColumnDef \
    ColumnTrait ColumnType ColumnTypeTrait ConnectionTrait Context Copy CursorTrait DatabaseConnection Date \
    DateTime DateTimeLocal DateTimeUtc DateTimeWithTimeZone DbConn DbErr Debug Decimal Default Drop DynIden \
    Entity EntityLoader EntityLoaderWith EntityName EntityTrait EnumIter Eq Err Error Expr Extend Fn FnMut \
    FnOnce ForeignKeyAction From FromIterator Future HasMany HasOne Hash Iden IdenStatic Into IntoFuture \
    IntoIterator IpNetwork Iterator Json Linked LoaderTrait Model ModelEx ModelTrait None Ok Option Ord \
    PaginatorTrait PartialEq PartialOrd PrimaryKey PrimaryKeyArity PrimaryKeyToColumn PrimaryKeyTrait \
    QueryFilter QueryResult RcOrArc Related RelatedEntity RelatedSelfVia Relation RelationDef RelationTrait \
    Result RuntimeErr SeaRc Select SelectExt Send Set Sized Some SqlErr String StringLen Sync TestDatabase \
    TextUuid Time ToOwned ToString TryFrom TryInto TypedColumn Unpin Uuid Value Vec";

/// The Rust type of an enum.
pub(crate) fn type_of(name: &str) -> String {
    let name = camel(&format!("{} {}", schema(name).unwrap_or_default(), plain(name)));
    // All but the two families of names that SeaORM's macros may add to.
    let is_taken = TYPES.split_ascii_whitespace().any(|word| word == name)
        || name.starts_with("Derive")
        || name.starts_with("Chrono");
    if is_taken { format!("{name}Type") } else { name }
}

/// The types that SeaORM makes beside that of an enum.
pub(crate) fn types_beside(name: &str) -> [String; 2] {
    [format!("{name}Enum"), format!("{name}Variant")]
}

/// The variants of an enum with those labels; nothing if two would be one, or SeaORM's own variants of
/// them are no names or not all different.
pub(crate) fn variants(labels: &[String]) -> Option<Vec<String>> {
    let variants: Vec<String> = labels.iter().map(|label| camel(label)).collect();
    let distinct = |names: &[String]| names.iter().collect::<BTreeSet<_>>().len() == names.len();
    let of_the_macro: Vec<String> =
        labels.iter().map(|label| variant_of_the_macro(label)).collect();
    let is_name = |name: &String| name != "Self";
    (distinct(&variants) && distinct(&of_the_macro) && of_the_macro.iter().all(is_name))
        .then_some(variants)
}

/// As `DeriveActiveEnum` makes it, in its `camel_case_with_escaped_non_uax31`.
fn variant_of_the_macro(label: &str) -> String {
    let escaped = label.char_indices().map(|(at, c)| {
        let is_known = if at == 0 { is_xid_start(c) } else { is_xid_continue(c) };
        if is_known && c != '_' { c.to_string() } else { format!("{:#X}", u32::from(c)) }
    });
    escaped.collect::<String>().to_upper_camel_case()
}

/// A type or a variant.
pub(crate) fn camel(name: &str) -> String {
    starting_with_a_letter(&words(name).to_upper_camel_case(), "V")
}

fn snake(name: &str) -> String {
    starting_with_a_letter(&words(name).to_snake_case(), "n")
}

/// What a name in Rust may be made of. If nothing would be left, the numbers of its characters are.
fn words(name: &str) -> String {
    let known = |c: char| if is_xid_continue(c) { c } else { ' ' };
    let words: String = name.chars().map(known).collect();
    if words.chars().any(|c| c != ' ' && c != '_') || name.is_empty() {
        return words;
    }
    name.chars().map(|c| format!("{:x}", u32::from(c))).collect::<Vec<_>>().join(" ")
}

/// `Self` is the one keyword with a capital letter.
fn starting_with_a_letter(name: &str, letter: &str) -> String {
    if name.starts_with(is_xid_start) && name != "Self" {
        name.to_owned()
    } else {
        format!("{letter}{name}")
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("public.users", "user")]
    #[case("public.organization_members", "organization_member")]
    #[case("public.\"Odd.Things\"", "odd_thing")]
    #[case("extra.covers", "extra_cover")]
    #[case("public.types", "type_row")]
    #[case("public.\"2fa\"", "n2fa")]
    #[case("public.\"🎉\"", "n1f389")]
    #[case("public.sea_orm", "sea_orm_row")]
    fn a_module_is_named_after_one_row(#[case] table: &str, #[case] expected: &str) {
        assert_eq!(module(table), expected);
    }

    #[rstest]
    #[case("email", "email", true)]
    #[case("type", "product_type", false)]
    #[case("\"user\"", "user", true)]
    #[case("line_2", "line_2", false)]
    #[case("\"Name\"", "name", false)]
    fn a_field_is_named_after_its_column(
        #[case] column: &str,
        #[case] expected: &str,
        #[case] derived: bool,
    ) {
        let field = field(column, "product");
        assert_eq!(field, expected);
        assert_eq!(derives(&field, &plain(column)), derived);
    }

    #[test]
    fn a_variant_begins_with_a_letter() {
        assert_eq!(camel("in progress"), "InProgress");
        assert_eq!(camel("2nd"), "V2nd");
        assert_eq!(camel("self"), "VSelf");
        assert_eq!(camel(""), "V");
        assert_eq!(camel("²"), "B2");
        assert_eq!(camel("<="), "V3c3d");
        assert_eq!(camel("a🎉b"), "AB");
    }

    #[rstest]
    #[case(&["a", "b"], Some("A B"))]
    #[case(&["", "<", "<=", "🎉"], Some("V V3c V3c3d V1f389"))]
    #[case(&["1st", "2nd"], Some("V1st V2nd"))]
    #[case(&["a-b", "a_b"], None)]
    #[case(&["XL", "xl"], None)]
    #[case(&["me", "self"], None)]
    #[case(&["me", "Self"], None)]
    fn the_variants_are_names_and_all_different(
        #[case] labels: &[&str],
        #[case] expected: Option<&str>,
    ) {
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        assert_eq!(variants(&labels).map(|names| names.join(" ")).as_deref(), expected);
    }

    #[rstest]
    #[case("public.mood", "Mood")]
    #[case("extra.mood", "ExtraMood")]
    #[case("public.option", "OptionType")]
    #[case("public.error", "ErrorType")]
    #[case("public.\"Model\"", "ModelType")]
    fn a_type_has_no_name_that_an_entity_needs(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(type_of(name), expected);
    }
}
