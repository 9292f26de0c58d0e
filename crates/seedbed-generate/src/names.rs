//! Names in messages and in commands.

use heck::{ToLowerCamelCase as _, ToSnakeCase as _};

/// Returns a name in snake_case as camelCase, as in `removeNameFromWidgets`, unless it would be
/// read back as a different name.
pub(crate) fn camel_case_name(slug: &str) -> String {
    let camel = slug.to_lower_camel_case();
    if camel.to_snake_case() == slug { camel } else { slug.to_owned() }
}

/// Joins names for a message: `` `a`, `b` and `c` ``.
pub(crate) fn join_quoted<T: AsRef<str>>(names: &[T]) -> String {
    join_with("and", quoted(names))
}

/// Joins alternatives for a message: `` `a`, `b` or `c` ``.
pub(crate) fn join_quoted_with_or<T: AsRef<str>>(names: &[T]) -> String {
    join_with("or", quoted(names))
}

fn quoted<T: AsRef<str>>(names: &[T]) -> Vec<String> {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect()
}

/// Joins texts, with the conjunction before the last one: `a, b and c`.
pub(crate) fn join_with(conjunction: &str, texts: Vec<String>) -> String {
    match texts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} {conjunction} {last}", before.join(", ")),
        None => String::new(),
    }
}
