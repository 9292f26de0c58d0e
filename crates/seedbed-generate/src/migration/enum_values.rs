//! Operations on the values of an enum type.

use heck::ToSnakeCase as _;

use seedbed_schema::model::{EnumType, QualifiedName};

use super::{GeneratedFile, MigrationRequest, WriteError};
use crate::dependents::{describe, enum_dependents};
use crate::field;
use crate::names::join_quoted;
use crate::operation::{Columns, MatchedName, NameList, matching_names};
use crate::rust_source::{FunctionBody, ScriptSource, strings};
use seedbed_sql::quote_literal;

/// The paragraph that explains the cost of removing a value.
const TABLE_REWRITE: &str = "PostgreSQL cannot remove a value, so the type is recreated without it, \
    and each table that uses the type is rewritten under a lock. This fails if a row or a default \
    has the value.";

/// Adds values at the end of the type.
pub(super) fn add(
    request: &MigrationRequest<'_>,
    name: &str,
    names: &Columns,
    fields: Option<&str>,
) -> Result<GeneratedFile, WriteError> {
    let existing = request.visible_schema().map(|schema| schema.enumeration(name)).transpose()?;
    let values = resolve_values(request.slug, names, fields)?;
    if let Some(value) =
        values.iter().find(|value| existing.is_some_and(|(_, one)| has_value(one, value)))
    {
        return Err(WriteError::EnumValueExists { name: name.to_owned(), value: value.clone() });
    }
    let calls = |verb: &str, values: &mut dyn Iterator<Item = &String>| {
        FunctionBody::Calls(
            values.map(|value| format!("{verb}({})", strings(&[name, value]))).collect(),
        )
    };
    let script = ScriptSource {
        doc: vec![
            format!("Adds {} to the enum type `{name}`.", join_quoted(&values)),
            "A new value cannot be used before it is committed. A new default, for example, belongs \
                in the next script."
                .to_owned(),
        ],
        up: calls("add_enum_value", &mut values.iter()),
        down_doc: Some(TABLE_REWRITE.to_owned()),
        down: calls("remove_enum_value", &mut values.iter().rev()),
        ..ScriptSource::default()
    };
    Ok(script.file(request.slug))
}

/// Removes values. `down` adds them at their former positions.
pub(super) fn remove(
    request: &MigrationRequest<'_>,
    (name, one): (&QualifiedName, &EnumType),
    Columns(values): &Columns,
) -> Result<GeneratedFile, WriteError> {
    for value in values {
        ensure_value_exists(&name.name, one, value)?;
    }
    let dependents = enum_dependents(request.required_schema()?, name);
    if !dependents.is_empty() {
        let (name, by) = (name.name.clone(), describe(&dependents));
        return Err(WriteError::ValuesHaveDependents { name, by });
    }
    let name = name.name.as_str();
    let (mut left, mut up, mut down) = (one.labels.clone(), Vec::new(), Vec::new());
    for value in values {
        let at = left.iter().position(|other| other == value);
        let next = at.and_then(|at| left.get(at + 1));
        down.push(match next {
            Some(next) => {
                format!("add_enum_value_before({})", strings(&[name, value, next]))
            }
            None => format!("add_enum_value({})", strings(&[name, value])),
        });
        left.retain(|other| other != value);
        up.push(format!("remove_enum_value({})", strings(&[name, value])));
    }
    down.reverse();
    let rows = values.iter().map(|value| quote_literal(value)).collect::<Vec<_>>().join(", ");
    let script = ScriptSource {
        doc: vec![
            format!("Removes {} from the enum type `{name}`.", join_quoted(values)),
            TABLE_REWRITE.to_owned(),
            format!("Update rows with {rows} in an earlier script."),
        ],
        up: FunctionBody::Calls(up),
        down: FunctionBody::Calls(down),
        ..ScriptSource::default()
    };
    Ok(script.file(request.slug))
}

/// Renames a value, which also changes it in all rows.
pub(super) fn rename(
    request: &MigrationRequest<'_>,
    name: &str,
    from: &str,
    to: &str,
) -> Result<GeneratedFile, WriteError> {
    if from == to {
        return Err(WriteError::SameName {
            slug: request.slug.to_owned(),
            input: from.to_owned(),
            name: from.to_owned(),
        });
    }
    let existing = request.visible_schema().map(|schema| schema.enumeration(name)).transpose()?;
    if let Some((_, existing)) = existing {
        ensure_value_exists(name, existing, from)?;
        if has_value(existing, to) {
            return Err(WriteError::EnumValueExists {
                name: name.to_owned(),
                value: to.to_owned(),
            });
        }
    }
    let call =
        |from, to| FunctionBody::call(format!("rename_enum_value({})", strings(&[name, from, to])));
    let script = ScriptSource {
        doc: vec![
            format!(
                "Renames the value `{from}` of the enum type `{name}` to `{to}`, which also \
                changes existing rows."
            ),
            "The running version of the application still writes the old value. Deploy both \
                together, or stop it in between."
                .to_owned(),
        ],
        up: call(from, to),
        down: call(to, from),
        ..ScriptSource::default()
    };
    Ok(script.file(request.slug))
}

/// Returns the lists of existing values that the words may mean. `fields` may give the exact spelling of the values,
/// and then decides between the lists.
pub(super) fn existing_values(
    one: &EnumType,
    list: &NameList<'_>,
    fields: Option<&str>,
) -> Result<Vec<Vec<String>>, WriteError> {
    let Some(fields) = fields else {
        let lists = list.existing(&|words| matching_names(words, one.labels.iter()), &|_| None);
        let names = |list: Vec<MatchedName>| list.into_iter().map(|matched| matched.name).collect();
        return Ok(lists.into_iter().map(names).collect());
    };
    let values = field::values(fields)?;
    let words: Vec<String> = values.iter().map(|value| value.to_snake_case()).collect();
    let words = words.join("_and_");
    let agree = list.phrases().any(|phrase| phrase == words || phrase == "values");
    let is_known = agree && values.iter().all(|value| has_value(one, value));
    Ok(if is_known { vec![values] } else { Vec::new() })
}

/// Returns the values with their exact spelling. `fields=` may give the spelling if the name cannot, as in
/// `in-progress`.
pub(super) fn resolve_values(
    slug: &str,
    Columns(names): &Columns,
    fields: Option<&str>,
) -> Result<Vec<String>, WriteError> {
    let Some(fields) = fields else { return Ok(names.clone()) };
    let values = field::values(fields)?;
    let is_same = |(value, name): (&String, &String)| value.to_snake_case() == *name;
    let agree = values.len() == names.len() && values.iter().zip(names).all(is_same);
    // `addValuesToMoodEnum` names no value.
    if agree || matches!(names.as_slice(), [one] if one == "values") {
        return Ok(values);
    }
    Err(WriteError::WrongFields {
        slug: slug.to_owned(),
        names: names.clone(),
        fields: values,
        hint: "leave out the fields, or give the exact spelling of the same values".into(),
    })
}

fn has_value(one: &EnumType, value: &str) -> bool {
    one.labels.iter().any(|other| other == value)
}

fn ensure_value_exists(name: &str, one: &EnumType, value: &str) -> Result<(), WriteError> {
    if has_value(one, value) {
        return Ok(());
    }
    Err(WriteError::EnumValueNotFound {
        name: name.to_owned(),
        value: value.to_owned(),
        values: one.labels.clone(),
    })
}
