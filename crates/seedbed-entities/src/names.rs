//! Derives the Rust names of SQL objects.

use std::collections::BTreeSet;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use seedbed_schema::model::QualifiedName;
use unicode_ident::{is_xid_continue, is_xid_start};

/// The words that are not identifiers in Rust 2024 without `r#`.
const KEYWORDS: &str = "abstract as async await become box break const continue crate do dyn else enum \
    extern false final fn for gen if impl in let loop macro match mod move mut override priv pub ref \
    return self static struct super trait true try type typeof unsafe unsized use virtual where while \
    yield";

/// Returns whether the word is a keyword of Rust 2024, which is an identifier only with `r#`, or not at all.
#[must_use]
pub fn is_keyword(name: &str) -> bool {
    KEYWORDS.split_ascii_whitespace().any(|word| word == name)
}

/// Returns the name of an object in messages and in `seedbed.toml`: without the schema `public`, and without quotes.
pub(crate) fn readable(name: &QualifiedName) -> String {
    match schema_unless_public(name) {
        Some(schema) => format!("{schema}.{}", name.name),
        None => name.name.clone(),
    }
}

/// Returns the schema of a name, unless it is `public`.
pub(crate) fn schema_unless_public(name: &QualifiedName) -> Option<&str> {
    Some(name.schema.as_str()).filter(|schema| *schema != "public")
}

/// The names that an entity's module must not have, because they are names of other modules in the crate or of crates.
const MODULES: [&str; 7] = ["alloc", "core", "enums", "prelude", "sea_orm", "std", "tables"];

/// Returns the module of a table's entity, which is the singular of the table's name.
pub(crate) fn module(table: &QualifiedName) -> String {
    let one = crate::inflection::singular(&snake(&table.name));
    let name = match schema_unless_public(table) {
        Some(schema) => format!("{}_{one}", snake(schema)),
        None => one,
    };
    if is_module(&name) { name } else { format!("{name}_row") }
}

/// Returns whether the name can be that of an entity's module.
pub(crate) fn is_module(name: &str) -> bool {
    is_identifier(name) && !MODULES.contains(&name)
}

/// Returns whether the name is an identifier in Rust without `r#`.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|first| is_xid_start(first) || first == '_')
        && chars.all(is_xid_continue)
        && name != "_"
        && name != "Self"
        && !is_keyword(name)
}

/// Returns the variant of SeaORM's `Column` for a field.
pub(crate) fn column_variant(field: &str) -> String {
    field.to_upper_camel_case()
}

/// Returns the field of a column. A keyword is prefixed with the module's name, because SeaORM's
/// typed columns do not support `r#type`.
pub(crate) fn field(column: &str, module: &str) -> String {
    let name = snake(column);
    if is_keyword(&name) { format!("{module}_{name}") } else { name }
}

/// Returns whether SeaORM derives the given column name from the given field. Beyond ASCII, rustc may normalize the
/// field differently.
pub(crate) fn derives_column_name(field: &str, column: &str) -> bool {
    column.is_ascii() && field == column && field.to_upper_camel_case().to_snake_case() == column
}

/// The names that are in scope in the file of an entity, because they are imported, generated or defined by SeaORM's
/// macros. A few of them are used in generated models.
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

/// Returns the Rust type of an enum.
pub(crate) fn enum_type_name(name: &QualifiedName) -> String {
    let name = camel(&format!("{} {}", schema_unless_public(name).unwrap_or_default(), name.name));
    if is_type(&name) { format!("{name}Type") } else { name }
}

/// Returns the name of an entity in `prelude.rs`, where it must not hide a name of Rust.
pub(crate) fn prelude_name(module: &str) -> String {
    let name = camel(module);
    if is_type(&name) { format!("{name}Entity") } else { name }
}

/// Returns whether a type has the given name in the file of an entity.
pub(crate) fn is_type(name: &str) -> bool {
    TYPES.split_ascii_whitespace().any(|word| word == name)
        // The macros may add names with these two prefixes.
        || name.starts_with("Derive")
        || name.starts_with("Chrono")
}

/// Returns the types that SeaORM's macros generate in addition to the type of an enum.
pub(crate) fn generated_type_names(name: &str) -> [String; 2] {
    [format!("{name}Enum"), format!("{name}Variant")]
}

/// Returns the variants of an enum, or `None` if two labels have the same variant, or if SeaORM's
/// own variants are not distinct identifiers.
pub(crate) fn variants(labels: &[String]) -> Option<Vec<String>> {
    let variants: Vec<String> = labels.iter().map(|label| camel(label)).collect();
    let distinct = |names: &[String]| names.iter().collect::<BTreeSet<_>>().len() == names.len();
    let macro_variants: Vec<String> = labels.iter().map(|label| macro_variant(label)).collect();
    let is_name = |name: &String| name != "Self";
    (distinct(&variants) && distinct(&macro_variants) && macro_variants.iter().all(is_name))
        .then_some(variants)
}

/// Returns the variant that `DeriveActiveEnum` generates for a label, as `camel_case_with_escaped_non_uax31` in
/// `sea-orm-macros` does.
fn macro_variant(label: &str) -> String {
    let escaped = label.char_indices().map(|(index, c)| {
        let is_allowed = if index == 0 { is_xid_start(c) } else { is_xid_continue(c) };
        if is_allowed && c != '_' { c.to_string() } else { format!("{:#X}", u32::from(c)) }
    });
    escaped.collect::<String>().to_upper_camel_case()
}

/// Returns the name of a type or a variant.
pub(crate) fn camel(name: &str) -> String {
    starting_with_a_letter(&words(name).to_upper_camel_case(), "V")
}

fn snake(name: &str) -> String {
    starting_with_a_letter(&words(name).to_snake_case(), "n")
}

/// Replaces the characters that Rust does not allow in a name with spaces. If no other character is left, returns the
/// code points of the name.
fn words(name: &str) -> String {
    let replace = |c: char| if is_xid_continue(c) { c } else { ' ' };
    let words: String = name.chars().map(replace).collect();
    if words.chars().any(|c| c != ' ' && c != '_') || name.is_empty() {
        return words;
    }
    name.chars().map(|c| format!("{:x}", u32::from(c))).collect::<Vec<_>>().join(" ")
}

/// Adds a letter before a name that does not start with a letter, and before `Self`, which is the only keyword in upper
/// camel case.
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
    #[case("public", "users", "user")]
    #[case("public", "organization_members", "organization_member")]
    #[case("public", "Odd.Things", "odd_thing")]
    #[case("extra", "covers", "extra_cover")]
    #[case("public", "types", "type_row")]
    #[case("public", "2fa", "n2fa")]
    #[case("public", "🎉", "n1f389")]
    #[case("public", "sea_orm", "sea_orm_row")]
    #[case("public", "prelude", "prelude_row")]
    fn a_module_has_the_singular_of_its_table(
        #[case] schema: &str,
        #[case] table: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(module(&QualifiedName::new(schema, table)), expected);
    }

    #[rstest]
    #[case("email", "email", true)]
    #[case("type", "product_type", false)]
    #[case("user", "user", true)]
    #[case("line_2", "line_2", false)]
    #[case("Name", "name", false)]
    fn a_field_has_the_name_of_its_column_unless_it_is_a_keyword(
        #[case] column: &str,
        #[case] expected: &str,
        #[case] derived: bool,
    ) {
        let field = field(column, "product");
        assert_eq!(field, expected);
        assert_eq!(derives_column_name(&field, column), derived);
    }

    #[test]
    fn a_variant_starts_with_a_letter() {
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
    fn variants_are_distinct_identifiers(#[case] labels: &[&str], #[case] expected: Option<&str>) {
        let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
        assert_eq!(variants(&labels).map(|names| names.join(" ")).as_deref(), expected);
    }

    #[rstest]
    #[case("public", "mood", "Mood")]
    #[case("extra", "mood", "ExtraMood")]
    #[case("public", "option", "OptionType")]
    #[case("public", "error", "ErrorType")]
    #[case("public", "Model", "ModelType")]
    fn an_enum_type_does_not_hide_a_name_of_the_entity(
        #[case] schema: &str,
        #[case] name: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(enum_type_name(&QualifiedName::new(schema, name)), expected);
    }
}
