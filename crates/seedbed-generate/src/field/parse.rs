//! The parser of fields.

mod scan;

use heck::ToSnakeCase as _;

use super::default::unquoted;
use super::types::{self, TypeClass};
use super::{DefaultValue, Field, FieldError, FieldKind, Nullability, OnDelete};
use crate::operation::Uniqueness;
use seedbed_entities::plural;

use scan::top_level;
pub(crate) use scan::{ensure_single_expression, split, values};

const EXAMPLE: &str = "write a field like `name:string!`, `price:decimal(10,2)=0` or `organization:references:cascade`";

/// The columns that every generated table has.
const DEFAULT_COLUMNS: &[&str] = &["id", "created_at", "updated_at"];

/// The columns that PostgreSQL adds to every table.
const SYSTEM_COLUMNS: &[&str] = &["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// Reads one field.
pub(crate) fn field(input: &str) -> Result<Field, FieldError> {
    let fail = |problem: String, hint: &str| Err(FieldError::new(input, problem, hint));
    let Some((name, rest)) = input.split_once(':') else {
        if matches!(input.to_lowercase().as_str(), "not" | "null") {
            return fail(
                "the type is missing".to_owned(),
                "write NOT NULL as `!` after the type: `name:string!`",
            );
        }
        let name = input.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next();
        let name = name.filter(|name| !name.is_empty()).unwrap_or("name");
        return fail(
            "the type is missing".to_owned(),
            &format!("add a type, such as `{name}:string`; {EXAMPLE}"),
        );
    };
    ensure_valid_name(input, name)?;
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let (type_name, rest) = rest.split_at(end);
    let (arguments, rest) = arguments(input, rest)?;
    let (array, rest) = match rest.strip_prefix("[]") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let mut kind = kind(input, name, type_name, &arguments, array)?;
    let (null, rest) = match rest.chars().next() {
        Some('!') => (Nullability::NotNull, &rest[1..]),
        Some('?') => (Nullability::Nullable, &rest[1..]),
        _ => (Nullability::Unspecified, rest),
    };
    let (default, rest) = match rest.strip_prefix('=') {
        Some(rest) => {
            let (default, rest) = rest.split_at(option_starts(rest));
            let default = default.strip_suffix('!').map_or(Ok(default), |_| {
                let hint = "write the `!` before the `=`";
                Err(FieldError::new(input, "the `!` follows the default", hint))
            })?;
            (Some(DefaultValue::read(input, &kind, default)?), rest)
        }
        None => (None, rest),
    };
    let (mut index, mut fill) = (None, None);
    for option in options(input, rest)? {
        read_option(input, &option, &mut kind, &mut index, &mut fill)?;
    }
    let field =
        Field { input: input.to_owned(), name: name.to_owned(), kind, null, default, index, fill };
    ensure_valid_combination(&field)?;
    Ok(field)
}

fn ensure_valid_name(input: &str, name: &str) -> Result<(), FieldError> {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let starts_with_letter = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !starts_with_letter || !name.chars().all(is_allowed) || name.len() > 60 {
        let problem = format!("`{name}` is not a valid column name");
        let snake_case = name.to_snake_case();
        let hint = if snake_case != name && ensure_valid_name(input, &snake_case).is_ok() {
            format!("write `{snake_case}`")
        } else {
            "use at most 60 characters: the letters a-z, digits and `_`".to_owned()
        };
        return Err(FieldError::new(input, problem, hint));
    }
    if SYSTEM_COLUMNS.contains(&name) {
        let problem = format!("`{name}` is a system column of PostgreSQL");
        return Err(FieldError::new(input, problem, "choose another name"));
    }
    if DEFAULT_COLUMNS.contains(&name) {
        let problem = format!("every generated table has a column `{name}`");
        return Err(FieldError::new(
            input,
            problem,
            "leave out the field, because the column is added automatically",
        ));
    }
    Ok(())
}

/// Reads the arguments in parentheses, separated by commas, and returns the rest of the text.
fn arguments<'t>(input: &str, rest: &'t str) -> Result<(Vec<String>, &'t str), FieldError> {
    let Some(mut inner) = rest.strip_prefix('(') else {
        return Ok((Vec::new(), rest));
    };
    let mut list = Vec::new();
    loop {
        let end = match top_level(inner, |c| c == ',' || c == ')') {
            Ok(Some(end)) => end,
            Err(problem) => return Err(FieldError::new(input, problem, EXAMPLE)),
            Ok(None) => {
                let problem = "unbalanced opening parenthesis";
                return Err(FieldError::new(input, problem, EXAMPLE));
            }
        };
        let one = inner[..end].trim();
        list.push(unquoted(one).unwrap_or_else(|| one.to_owned()));
        match inner[end..].strip_prefix(',') {
            Some(rest) => inner = rest,
            None => return Ok((list, &inner[end + 1..])),
        }
    }
}

/// Reads the type of a field. A reference without arguments is named after the field, whose name is `name`. `array`
/// says whether the brackets `[]` follow the type.
fn kind(
    input: &str,
    name: &str,
    type_name: &str,
    arguments: &[String],
    array: bool,
) -> Result<FieldKind, FieldError> {
    let fail = |problem: String, hint: String| Err(FieldError::new(input, problem, hint));
    let plain = |one| FieldKind::Plain(if array { types::array(&one) } else { one });
    match (type_name.to_lowercase().as_str(), arguments) {
        ("enum" | "enumeration", values) => {
            ensure_enum_values(input, name, values)?;
            Ok(FieldKind::Enum { values: values.to_vec(), array })
        }
        ("references" | "belongs_to" | "custom", arguments)
            if arguments.iter().any(String::is_empty) =>
        {
            fail("the parentheses are empty".to_owned(), EXAMPLE.to_owned())
        }
        ("references" | "belongs_to", [] | [_]) if !array => {
            let referenced = arguments.first().map_or(name, String::as_str);
            let (table, input) = (plural(referenced), referenced.to_owned());
            Ok(FieldKind::References { table, input, on_delete: OnDelete::Restrict })
        }
        ("array", [element]) => kind(input, name, element, &[], true),
        ("custom", [_, ..]) => Ok(plain(types::from_input(&arguments.join(",")))),
        ("references" | "belongs_to" | "array" | "custom", _) => fail(
            format!("`{type_name}` has the wrong arguments"),
            "write it like `owner:references(users)`, `tags:array(text)` or `shape:custom(geometry)`".to_owned(),
        ),
        ("", _) => fail("the type is missing".to_owned(), format!("add a type, such as `{name}:string`")),
        _ => match types::from_name(type_name, arguments) {
            Some(Ok(field_type)) if array && field_type.class == TypeClass::Serial => {
                fail("a serial type cannot be an array".to_owned(), "write `bigint[]`".to_owned())
            }
            Some(Ok(field_type)) => Ok(plain(field_type)),
            Some(Err(problem)) => fail(problem, EXAMPLE.to_owned()),
            None => {
                let near = types::nearest(type_name);
                let hint = match near.as_slice() {
                    [] => format!(
                        "use a type of PostgreSQL or SeaORM, such as `string` or `timestamptz`; write a type \
                            of your own, such as an enum type, as `custom({type_name})`"
                    ),
                    near => format!(
                        "did you mean {}? Write a type of your own as `custom({type_name})`",
                        near.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
                    ),
                };
                fail(format!("unknown type `{type_name}`"), hint)
            }
        },
    }
}

fn ensure_enum_values(input: &str, name: &str, values: &[String]) -> Result<(), FieldError> {
    let mut unique = values.to_vec();
    unique.sort_unstable();
    unique.dedup();
    if values.is_empty() || values.iter().any(String::is_empty) || unique.len() < values.len() {
        let hint = format!("list the values, such as `{name}:enum(active,inactive)`");
        let problem = "an enum requires distinct values that are not empty";
        return Err(FieldError::new(input, problem, hint));
    }
    match values {
        [one] if one.contains(' ') => {
            let separated = one.split_whitespace().collect::<Vec<_>>().join(",");
            let problem = "the values of an enum are separated by commas";
            Err(FieldError::new(input, problem, format!("write `{name}:enum({separated})`")))
        }
        _ => Ok(()),
    }
}

/// Returns the position of the first colon that starts an option and is not part of a cast (`::`), or the length of the
/// text if there is none.
fn option_starts(text: &str) -> usize {
    let mut from = 0;
    while let Ok(Some(at)) = top_level(&text[from..], |c| c == ':') {
        let at = from + at;
        if !text[at..].starts_with("::") {
            return at;
        }
        from = at + 2;
    }
    text.len()
}

/// Splits the options of a field, each of which follows a colon.
fn options(input: &str, rest: &str) -> Result<Vec<String>, FieldError> {
    let Some(mut rest) = rest.strip_prefix(':') else {
        if rest.is_empty() {
            return Ok(Vec::new());
        }
        let problem = format!("unexpected `{rest}`");
        let hint = if rest == "," { "separate fields by spaces" } else { EXAMPLE };
        return Err(FieldError::new(input, problem, hint));
    };
    let mut options = Vec::new();
    loop {
        let end = option_starts(rest);
        options.push(rest[..end].to_owned());
        match rest[end..].strip_prefix(':') {
            Some(after) => rest = after,
            None => return Ok(options),
        }
    }
}

/// Reads an option into the part of the field that it sets.
fn read_option(
    input: &str,
    option: &str,
    kind: &mut FieldKind,
    index: &mut Option<Uniqueness>,
    fill: &mut Option<String>,
) -> Result<(), FieldError> {
    if let Some(sql) = option.strip_prefix("fill(").and_then(|rest| rest.strip_suffix(')'))
        && !sql.trim().is_empty()
    {
        ensure_single_expression(sql).map_err(|problem| {
            FieldError::new(
                input,
                problem,
                "write one SQL expression in `fill(…)`, without a comment or a semicolon",
            )
        })?;
        *fill = Some(sql.to_owned());
        return Ok(());
    }
    let action = OnDelete::ALL.into_iter().find(|action| action.keyword() == option);
    match (option, action, kind) {
        ("index", ..) => *index = index.or(Some(Uniqueness::Any)),
        ("unique", ..) => *index = Some(Uniqueness::Unique),
        (_, Some(action), FieldKind::References { on_delete, .. }) => *on_delete = action,
        _ => {
            let actions = OnDelete::ALL.map(|action| format!("`{}`", action.keyword())).join(", ");
            let hint = match option.chars().next() {
                Some('0'..='9') => {
                    "put a default with a colon in single quotes: `='12:30'`".to_owned()
                }
                _ if matches!(option, "!" | "required" | "not_null" | "notnull" | "null") => {
                    "write NOT NULL as `!` after the type: `name:string!`".to_owned()
                }
                _ if matches!(option, "uniq" | "unique_index" | "unq") => {
                    "write `:unique`".to_owned()
                }
                _ if matches!(option, "default") => {
                    "write a default as `=VALUE`, such as `size:integer=0`".to_owned()
                }
                _ => format!(
                    "the options are `index`, `unique` and `fill(SQL)`, and for references also {actions}"
                ),
            };
            return Err(FieldError::new(input, format!("unknown option `{option}`"), hint));
        }
    }
    Ok(())
}

/// Fails if the parts of the field, each of which is valid, cannot be combined.
fn ensure_valid_combination(field: &Field) -> Result<(), FieldError> {
    let fail = |problem: &str, hint: &str| Err(FieldError::new(&field.input, problem, hint));
    let no_default = matches!(field.default, None | Some(DefaultValue::None));
    match &field.kind {
        FieldKind::References { .. } if field.name.ends_with("_id") => {
            let without = field.name.trim_end_matches("_id");
            let hint = format!("write `{without}:references`, whose column is `{without}_id`");
            fail(&format!("the column would be named `{}`", field.column()), &hint)
        }
        FieldKind::References { on_delete: OnDelete::SetNull, .. }
            if field.null == Nullability::NotNull =>
        {
            fail(
                "`set_null` conflicts with `!`, which forbids nulls",
                "remove the `!`, or use `restrict`",
            )
        }
        FieldKind::References { on_delete: OnDelete::SetDefault, .. } if no_default => fail(
            "`set_default` requires a default",
            "add a default, or use `set_null` or `restrict`",
        ),
        FieldKind::Plain(plain)
            if field.index.is_some()
                && (plain.class == TypeClass::Unordered || plain.data_type.is_builtin("json")) =>
        {
            fail(
                "PostgreSQL has no ordinary index for this type",
                "use `jsonb`, or write the index by hand",
            )
        }
        FieldKind::Plain(plain)
            if plain.class == TypeClass::Array && field.index == Some(Uniqueness::Unique) =>
        {
            fail(
                "an array is indexed by its elements, but a unique index compares whole values",
                "use `:index`",
            )
        }
        _ if field.null == Nullability::NotNull && field.default == Some(DefaultValue::None) => {
            fail("`!` forbids nulls, but the default is null", "remove the `!` or the default")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
