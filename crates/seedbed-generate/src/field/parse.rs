//! From text to a field.

use heck::ToSnakeCase as _;

use super::default::unquoted;
use super::types::{self, Class};
use super::{DefaultValue, Field, FieldError, Kind, Null, OnDelete};
use crate::intent::Uniqueness;
use crate::words::plural;

const EXAMPLE: &str =
    "a field looks like name:string!, price:decimal(10,2)=0 or organization:references:cascade";

/// The columns that every table has.
const OURS: &[&str] = &["id", "created_at", "updated_at"];

/// The columns that PostgreSQL has in every table.
const SYSTEM: &[&str] = &["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// Splits at spaces that are neither in parentheses nor in quotes.
pub(crate) fn split(text: &str) -> Result<Vec<String>, FieldError> {
    let mut fields = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = top_level(rest, char::is_whitespace)
            .map_err(|problem| FieldError::new(rest, problem, EXAMPLE))?;
        let (field, after) = rest.split_at(end.unwrap_or(rest.len()));
        fields.push(field.to_owned());
        rest = after.trim_start();
    }
    Ok(fields)
}

/// The values of an enum type, between spaces or commas; in quotation marks one may have both.
pub(crate) fn values(text: &str) -> Result<Vec<String>, FieldError> {
    const QUOTED: &str = "a value with a space or a comma stands in single ones: 'on hold'";
    let between = |c: char| c.is_whitespace() || c == ',';
    let (mut values, mut rest) = (Vec::new(), text.trim_matches(between));
    while !rest.is_empty() {
        let end =
            top_level(rest, between).map_err(|problem| FieldError::new(rest, problem, QUOTED))?;
        let (one, after) = rest.split_at(end.unwrap_or(rest.len()));
        if one.contains('"') {
            return Err(FieldError::new(one, "a double quotation mark", QUOTED));
        }
        values.push(unquoted(one).unwrap_or_else(|| one.to_owned()));
        rest = after.trim_start_matches(between);
    }
    Ok(values)
}

/// Where the first such character is, outside of parentheses, brackets and quotes.
fn top_level(text: &str, is: impl Fn(char) -> bool) -> Result<Option<usize>, &'static str> {
    let mut closers = Vec::new();
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            _ if closers.is_empty() && is(c) => return Ok(Some(at)),
            '(' => closers.push(')'),
            '[' => closers.push(']'),
            '{' => closers.push('}'),
            ')' | ']' | '}' if closers.pop() != Some(c) => {
                return Err("a closing parenthesis has no partner");
            }
            _ => {}
        }
    }
    match (quoted, closers.is_empty()) {
        (true, _) => Err("a quotation mark has no partner"),
        (_, false) => Err("an opening parenthesis has no partner"),
        _ => Ok(None),
    }
}

/// Refuses what would not stay one expression between the parentheses of a statement.
pub(crate) fn one_expression(text: &str) -> Result<(), &'static str> {
    top_level(text, |_| false)?;
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        quoted ^= c == '\'';
        let rest = &text[at..];
        if !quoted && (rest.starts_with("--") || rest.starts_with("/*")) {
            return Err("a comment would hide what comes after it");
        }
        if !quoted && c == ';' {
            return Err("a semicolon ends the statement that it is a part of");
        }
    }
    Ok(())
}

/// Reads one field.
pub(crate) fn field(typed: &str) -> Result<Field, FieldError> {
    let fail = |problem: String, hint: &str| Err(FieldError::new(typed, problem, hint));
    let Some((name, rest)) = typed.split_once(':') else {
        if matches!(typed.to_lowercase().as_str(), "not" | "null") {
            return fail(
                "it has no type".to_owned(),
                "NOT NULL is a ! behind the type: name:string!",
            );
        }
        let name = typed.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next();
        let name = name.filter(|name| !name.is_empty()).unwrap_or("name");
        return fail("it has no type".to_owned(), &format!("write {name}:string, or {EXAMPLE}"));
    };
    check_name(typed, name)?;
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let (type_name, rest) = rest.split_at(end);
    let (arguments, rest) = arguments(typed, rest)?;
    let (array, rest) = match rest.strip_prefix("[]") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let mut kind = kind(typed, name, type_name, &arguments, array)?;
    let (null, rest) = match rest.chars().next() {
        Some('!') => (Null::Never, &rest[1..]),
        Some('?') => (Null::Allowed, &rest[1..]),
        _ => (Null::Unsaid, rest),
    };
    let (default, rest) = match rest.strip_prefix('=') {
        Some(rest) => {
            let (default, rest) = rest.split_at(option_starts(rest));
            let default = default.strip_suffix('!').map_or(Ok(default), |_| {
                let hint = "write the ! before the =";
                Err(FieldError::new(typed, "its `!` stands behind the default", hint))
            })?;
            (Some(DefaultValue::read(typed, &kind, default)?), rest)
        }
        None => (None, rest),
    };
    let (mut index, mut fill) = (None, None);
    for option in options(typed, rest)? {
        read_option(typed, &option, &mut kind, &mut index, &mut fill)?;
    }
    let field =
        Field { typed: typed.to_owned(), name: name.to_owned(), kind, null, default, index, fill };
    check(&field)?;
    Ok(field)
}

fn check_name(typed: &str, name: &str) -> Result<(), FieldError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !starts || !name.chars().all(plain) || name.len() > 60 {
        let problem = format!("`{name}` is not the name of a column");
        let near = name.to_snake_case();
        let hint = if near != name && check_name(typed, &near).is_ok() {
            format!("write {near}")
        } else {
            "use the letters a-z, digits and _, at most 60".to_owned()
        };
        return Err(FieldError::new(typed, problem, hint));
    }
    if SYSTEM.contains(&name) {
        let problem = format!("PostgreSQL has a `{name}` of its own in every table");
        return Err(FieldError::new(typed, problem, "take another name"));
    }
    if OURS.contains(&name) {
        let problem = format!("every table has `{name}`");
        return Err(FieldError::new(
            typed,
            problem,
            "leave it out: it is written without being asked for",
        ));
    }
    Ok(())
}

/// What stands in parentheses, separated by commas.
fn arguments<'t>(typed: &str, rest: &'t str) -> Result<(Vec<String>, &'t str), FieldError> {
    let Some(mut inner) = rest.strip_prefix('(') else {
        return Ok((Vec::new(), rest));
    };
    let mut list = Vec::new();
    loop {
        let end = match top_level(inner, |c| c == ',' || c == ')') {
            Ok(Some(end)) => end,
            Err(problem) => return Err(FieldError::new(typed, problem, EXAMPLE)),
            Ok(None) => {
                let problem = "an opening parenthesis has no partner";
                return Err(FieldError::new(typed, problem, EXAMPLE));
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

fn kind(
    typed: &str,
    name: &str,
    type_name: &str,
    arguments: &[String],
    array: bool,
) -> Result<Kind, FieldError> {
    let fail = |problem: String, hint: String| Err(FieldError::new(typed, problem, hint));
    let plain = |one| Kind::Plain(if array { types::array(&one) } else { one });
    match (type_name.to_lowercase().as_str(), arguments) {
        ("enum" | "enumeration", values) => {
            let mut unique = values.to_vec();
            unique.sort_unstable();
            unique.dedup();
            if values.is_empty()
                || values.iter().any(String::is_empty)
                || unique.len() < values.len()
            {
                let problem = "an enum needs its values, each once and none empty".to_owned();
                return fail(problem, format!("{name}:enum(active,inactive)"));
            }
            if let [one] = values
                && one.contains(' ')
            {
                let hint = format!(
                    "{name}:enum({})",
                    one.split_whitespace().collect::<Vec<_>>().join(",")
                );
                return fail("the values of an enum are separated by commas".to_owned(), hint);
            }
            Ok(Kind::Enum { values: values.to_vec(), array })
        }
        ("references" | "belongs_to" | "custom", arguments)
            if arguments.iter().any(String::is_empty) =>
        {
            fail("there is nothing in its parentheses".to_owned(), EXAMPLE.to_owned())
        }
        ("references" | "belongs_to", [] | [_]) if !array => {
            let typed = arguments.first().map_or(name, String::as_str);
            let (table, typed) = (plural(typed), typed.to_owned());
            Ok(Kind::References { table, typed, on_delete: OnDelete::Restrict })
        }
        ("array", [element]) => {
            let inner = kind(typed, name, element, &[], true)?;
            Ok(inner)
        }
        ("custom", [_, ..]) => Ok(plain(types::custom(&arguments.join(","), Class::Other))),
        ("references" | "array" | "custom", _) => fail(
            format!("`{type_name}` is not written like that"),
            "owner:references(users), tags:array(text) or shape:custom(geometry)".to_owned(),
        ),
        ("", _) => fail("it has no type".to_owned(), format!("write {name}:string")),
        _ => match types::named(type_name, arguments) {
            Some(Ok(built)) if array && built.class == Class::Counter => {
                fail("what the database counts is no array".to_owned(), "bigint[]".to_owned())
            }
            Some(Ok(built)) => Ok(plain(built)),
            Some(Err(problem)) => fail(problem, EXAMPLE.to_owned()),
            None => {
                let near = types::nearest(type_name);
                let hint = match near.as_slice() {
                    [] => format!(
                        "a type of PostgreSQL or SeaORM, such as string or timestamptz; one of your own, such as an \
                         enum type: custom({type_name})"
                    ),
                    near => format!(
                        "did you mean {}? A type of your own is written custom({type_name})",
                        near.join(" or ")
                    ),
                };
                fail(format!("there is no type `{type_name}`"), hint)
            }
        },
    }
}

/// The default ends where an option begins: at a colon that is not half of a cast.
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

fn options(typed: &str, rest: &str) -> Result<Vec<String>, FieldError> {
    let Some(mut rest) = rest.strip_prefix(':') else {
        if rest.is_empty() {
            return Ok(Vec::new());
        }
        let problem = format!("`{rest}` does not belong there");
        let hint = if rest == "," { "fields are separated by spaces" } else { EXAMPLE };
        return Err(FieldError::new(typed, problem, hint));
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

fn read_option(
    typed: &str,
    option: &str,
    kind: &mut Kind,
    index: &mut Option<Uniqueness>,
    fill: &mut Option<String>,
) -> Result<(), FieldError> {
    if let Some(sql) = option.strip_prefix("fill(").and_then(|rest| rest.strip_suffix(')'))
        && !sql.trim().is_empty()
    {
        one_expression(sql)
            .map_err(|problem| FieldError::new(typed, problem, "leave it out of fill(…)"))?;
        *fill = Some(sql.to_owned());
        return Ok(());
    }
    let action = OnDelete::ALL.into_iter().find(|action| action.word() == option);
    match (option, action, kind) {
        ("index", ..) => *index = index.or(Some(Uniqueness::Any)),
        ("unique", ..) => *index = Some(Uniqueness::Unique),
        (_, Some(action), Kind::References { on_delete, .. }) => *on_delete = action,
        _ => {
            let actions = OnDelete::ALL.map(OnDelete::word).join(", ");
            let hint = match option.chars().next() {
                Some('0'..='9') => "a default with a colon stands in '', as in ='12:30'".to_owned(),
                _ if matches!(option, "!" | "required" | "not_null" | "notnull" | "null") => {
                    "NOT NULL is a ! behind the type: name:string!".to_owned()
                }
                _ if matches!(option, "uniq" | "unique_index" | "unq") => {
                    "write :unique".to_owned()
                }
                _ if matches!(option, "default") => {
                    "a default is =VALUE: size:integer=0".to_owned()
                }
                _ => format!("index, unique, fill(SQL); of references also {actions}"),
            };
            return Err(FieldError::new(typed, format!("it has no option `{option}`"), hint));
        }
    }
    Ok(())
}

/// What each part allows and the whole does not.
fn check(field: &Field) -> Result<(), FieldError> {
    let fail = |problem: &str, hint: &str| Err(FieldError::new(&field.typed, problem, hint));
    let no_default = matches!(field.default, None | Some(DefaultValue::None));
    match &field.kind {
        Kind::References { .. } if field.name.ends_with("_id") => {
            let without = field.name.trim_end_matches("_id");
            let hint = format!("write {without}:references, whose column is `{without}_id`");
            fail(&format!("its column would be `{}`", field.column()), &hint)
        }
        Kind::References { on_delete: OnDelete::SetNull, .. } if field.null == Null::Never => {
            fail("set_null puts a null where `!` allows none", "leave the ! out, or take restrict")
        }
        Kind::References { on_delete: OnDelete::SetDefault, .. } if no_default => {
            fail("set_default needs a default", "take set_null or restrict")
        }
        Kind::Plain(plain)
            if field.index.is_some()
                && (plain.class == Class::Unordered || plain.sql == "json") =>
        {
            fail(
                "PostgreSQL has no ordinary index for this type",
                "jsonb can be indexed; for the rest write the index by hand",
            )
        }
        Kind::Plain(plain)
            if plain.class == Class::Array && field.index == Some(Uniqueness::Unique) =>
        {
            fail(
                "its values are looked into, and a unique index compares them whole",
                "take :index",
            )
        }
        _ if field.null == Null::Never && field.default == Some(DefaultValue::None) => {
            fail("`!` allows no null, and that is its default", "leave one of them out")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
