//! The values of an enum type.

use heck::ToSnakeCase as _;

use super::parts::quoted;
use super::{GeneratedFile, Request, WriteError};
use crate::field;
use crate::intent::{Columns, NameList, named};
use crate::present::Enum;
use crate::rust::{Body, Script};
use crate::words::listed;
use seedbed_sql::quote_literal;

/// Whoever reverts it, or removes one.
const WRITTEN_ANEW: &str = "PostgreSQL cannot take a value back, so the type is made anew without it, and each table \
    that has it is written anew while it is locked. That fails if a row or a default has the value.";

/// New values at the end.
pub(super) fn add(
    request: &Request<'_>,
    name: &str,
    columns: &Columns,
    fields: Option<&str>,
) -> Result<GeneratedFile, WriteError> {
    let present = request.present.map(|present| present.enumeration(name)).transpose()?;
    let values = spelt(request.slug, columns, fields)?;
    if let Some(value) = values.iter().find(|value| present.is_some_and(|one| has(one, value))) {
        return Err(WriteError::HasValue { name: name.to_owned(), value: value.clone() });
    }
    let calls = |verb: &str, values: &mut dyn Iterator<Item = &String>| {
        Body::Calls(values.map(|value| format!("{verb}({})", quoted(&[name, value]))).collect())
    };
    let script = Script {
        doc: vec![
            format!("The enum type `{name}` gets {}.", listed(&values)),
            "Nothing can use a new value before it is committed: what does, such as a new default, belongs into \
             the next script."
                .to_owned(),
        ],
        up: calls("add_enum_value", &mut values.iter()),
        down_doc: Some(WRITTEN_ANEW.to_owned()),
        down: calls("remove_enum_value", &mut values.iter().rev()),
        ..Script::default()
    };
    Ok(script.file(request.slug))
}

/// Values go, and come back where they were.
pub(super) fn remove(
    request: &Request<'_>,
    one: &Enum,
    Columns(values): &Columns,
) -> Result<GeneratedFile, WriteError> {
    for value in values {
        known(one, value)?;
    }
    let name = one.name.as_str();
    let (mut left, mut up, mut down) = (one.values.clone(), Vec::new(), Vec::new());
    for value in values {
        let at = left.iter().position(|other| other == value);
        let next = at.and_then(|at| left.get(at + 1));
        down.push(match next {
            Some(next) => format!("add_enum_value_before({})", quoted(&[name, value, next])),
            None => format!("add_enum_value({})", quoted(&[name, value])),
        });
        left.retain(|other| other != value);
        up.push(format!("remove_enum_value({})", quoted(&[name, value])));
    }
    down.reverse();
    let rows = values.iter().map(|value| quote_literal(value)).collect::<Vec<_>>().join(", ");
    let script = Script {
        doc: vec![
            format!("The enum type `{name}` loses {}.", listed(values)),
            WRITTEN_ANEW.to_owned(),
            format!("So rows with {rows} get another value before, in a script of their own."),
        ],
        up: Body::Calls(up),
        down: Body::Calls(down),
        ..Script::default()
    };
    Ok(script.file(request.slug))
}

/// A value gets another name, in the rows too.
pub(super) fn rename(
    request: &Request<'_>,
    name: &str,
    from: &str,
    to: &str,
) -> Result<GeneratedFile, WriteError> {
    if from == to {
        return Err(WriteError::SameName { slug: request.slug.to_owned(), name: from.to_owned() });
    }
    let present = request.present.map(|present| present.enumeration(name)).transpose()?;
    if let Some(present) = present {
        known(present, from)?;
        if has(present, to) {
            return Err(WriteError::HasValue { name: name.to_owned(), value: to.to_owned() });
        }
    }
    let call = |from, to| Body::call(format!("rename_enum_value({})", quoted(&[name, from, to])));
    let script = Script {
        doc: vec![
            format!("`{from}` of the enum type `{name}` becomes `{to}`, in the rows too."),
            "What runs in the old version of the application writes the old value: deploy both together, or stop it \
             meanwhile."
                .to_owned(),
        ],
        up: call(from, to),
        down: call(to, from),
        ..Script::default()
    };
    Ok(script.file(request.slug))
}

/// The lists of values that the type has and the words may stand for.
pub(super) fn existing(
    one: &Enum,
    list: &NameList<'_>,
    fields: Option<&str>,
) -> Result<Vec<Vec<String>>, WriteError> {
    let Some(fields) = fields else {
        let lists = list.existing(&|words| named(words, one.values.iter()), &|_| None);
        let names = |list: Vec<_>| list.into_iter().map(|(name, _)| name).collect();
        return Ok(lists.into_iter().map(names).collect());
    };
    let values = field::values(fields)?;
    let words: Vec<String> = values.iter().map(|value| value.to_snake_case()).collect();
    let words = words.join("_and_");
    let agree = list.phrases().any(|phrase| phrase == words || phrase == "values");
    let is_known = agree && values.iter().all(|value| has(one, value));
    Ok(if is_known { vec![values] } else { Vec::new() })
}

/// The values as they are spelt: `fields=` may say so where the name cannot, as in `in-progress`.
pub(super) fn spelt(
    slug: &str,
    Columns(names): &Columns,
    fields: Option<&str>,
) -> Result<Vec<String>, WriteError> {
    let Some(fields) = fields else { return Ok(names.clone()) };
    let values = field::values(fields)?;
    let same = |value: &String, name: &String| value.to_snake_case() == *name;
    let agree = values.len() == names.len() && values.iter().zip(names).all(|(v, n)| same(v, n));
    if agree || matches!(names.as_slice(), [one] if one == "values") {
        return Ok(values);
    }
    Err(WriteError::OtherFields {
        slug: slug.to_owned(),
        names: names.clone(),
        fields: values,
        hint: "leave fields= out, or say there how the values of the name are spelt".to_owned(),
    })
}

fn has(one: &Enum, value: &str) -> bool {
    one.values.iter().any(|other| other == value)
}

fn known(one: &Enum, value: &str) -> Result<(), WriteError> {
    if has(one, value) {
        return Ok(());
    }
    Err(WriteError::NoValue {
        name: one.name.clone(),
        value: value.to_owned(),
        values: one.values.clone(),
    })
}
