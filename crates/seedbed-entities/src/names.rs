//! Names of SQL in Rust.

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

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

/// The module of a table's entity: what one row is.
pub(crate) fn module(table: &str) -> String {
    let one = seedbed_generate::singular(&snake(&plain(table)));
    let name = match schema(table) {
        Some(schema) => format!("{}_{one}", snake(&schema)),
        None => one,
    };
    // `mod.rs` and `enums.rs` are there already.
    if is_keyword(&name) || name == "enums" { format!("{name}_row") } else { name }
}

/// The field of a column. What is a keyword gets the table's name: SeaORM's typed columns stumble over
/// `r#type`.
pub(crate) fn field(column: &str, module: &str) -> String {
    let name = snake(&plain(column));
    if is_keyword(&name) { format!("{module}_{name}") } else { name }
}

/// Whether SeaORM derives that name of a column from that field by itself.
pub(crate) fn derives(field: &str, column: &str) -> bool {
    field == column && field.to_upper_camel_case().to_snake_case() == column
}

/// The Rust type of an enum.
pub(crate) fn type_of(name: &str) -> String {
    camel(&format!("{} {}", schema(name).unwrap_or_default(), plain(name)))
}

/// A type or a variant.
pub(crate) fn camel(name: &str) -> String {
    starting_with_a_letter(&name.to_upper_camel_case(), "V")
}

fn snake(name: &str) -> String {
    starting_with_a_letter(&name.to_snake_case(), "n")
}

/// `Self` is the one keyword with a capital letter.
fn starting_with_a_letter(name: &str, letter: &str) -> String {
    if name.starts_with(char::is_alphabetic) && name != "Self" {
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
    }
}
