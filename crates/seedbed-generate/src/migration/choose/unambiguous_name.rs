//! Names of migrations that have only one meaning.

use heck::ToSnakeCase as _;

use super::candidates::Candidate;
use super::matching_candidates;
use crate::names::camel_case_name;
use crate::operation::{Columns, Interpretations, Operation, Uniqueness};
use crate::visible_schema::VisibleSchema;

/// The maximum length of a script's name.
const MAX_SLUG_LENGTH: usize = 100;

/// Returns a name that has only the meaning of this candidate and can be typed instead of `slug`. Returns `None` if
/// there is no such name.
pub(super) fn unambiguous_name(
    slug: &str,
    candidate: &Candidate,
    fields: Option<&str>,
    schema: VisibleSchema<'_>,
) -> Option<String> {
    // A user adds the suffix `_again` because another script has the name without the suffix.
    let taken = slug.strip_suffix("_again");
    let has_only_this_meaning = |slug: &String| {
        let interpretations = Interpretations::parse(slug);
        let found = matching_candidates(&interpretations, fields, schema).unwrap_or_default();
        let mut exact = found.iter().filter(|one| !one.is_reworded);
        slug.len() <= MAX_SLUG_LENGTH
            && taken != Some(slug.as_str())
            && exact.next().is_some_and(|one| one.operation == candidate.operation)
            && exact.next().is_none()
    };
    let mut slugs = slugs(&candidate.operation).into_iter().map(|slug| slug.to_snake_case());
    slugs.find(has_only_this_meaning).map(|slug| camel_case_name(&slug))
}

/// Returns the names that may mean the operation, the most common one first.
fn slugs(operation: &Operation) -> Vec<String> {
    let mut slugs = match operation {
        Operation::DropTable(table) => {
            let table = &table.input;
            vec![
                format!("drop_{table}"),
                format!("drop_{table}_table"),
                format!("drop_table_{table}"),
            ]
        }
        Operation::RenameTable { from, to } => {
            let (from, to) = (&from.input, &to.input);
            vec![
                format!("rename_{from}_to_{to}"),
                format!("rename_{from}_table_to_{to}_table"),
                format!("rename_table_{from}_to_table_{to}"),
            ]
        }
        Operation::RemoveColumns(table, Columns(names)) => list_spellings(names, "column")
            .map(|list| format!("remove_{list}_from_{}", table.input))
            .collect(),
        Operation::RenameColumn { table, from, to } => {
            column_slugs("rename", from, &format!("_to_{to}"), &table.input)
        }
        Operation::ChangeColumn(table, column) => column_slugs("change", column, "", &table.input),
        Operation::RemoveIndex(table, Columns(names), uniqueness) => {
            let unique = if *uniqueness == Uniqueness::Unique { "unique_" } else { "" };
            list_spellings(names, "column")
                .map(|list| format!("remove_{unique}index_from_{}_on_{list}", table.input))
                .collect()
        }
        Operation::RemoveCheck(table, column) => {
            let on = column.as_ref().map_or_else(String::new, |column| format!("_on_{column}"));
            ["check", "check_constraint"]
                .map(|check| format!("remove_{check}_from_{}{on}", table.input))
                .to_vec()
        }
        Operation::DropEnum(name) => vec![format!("drop_{name}_enum"), format!("drop_enum_{name}")],
        Operation::AddEnumValues(name, values) => enum_slugs("add", "to", &values.0, name),
        Operation::RemoveEnumValues(name, values) => enum_slugs("remove", "from", &values.0, name),
        Operation::RenameEnumValue { name, from, to } => {
            let values = list_spellings(std::slice::from_ref(from), "value");
            let types = [format!("{name}_enum"), format!("enum_{name}")];
            values
                .flat_map(|from| {
                    types.clone().map(|name| format!("rename_{from}_to_{to}_on_{name}"))
                })
                .collect()
        }
        _ => Vec::new(),
    };
    // The parser removes one suffix `_again`, so a name about the table `orders_again` needs a second one.
    let again: Vec<String> = slugs.iter().map(|slug| format!("{slug}_again")).collect();
    slugs.extend(again);
    slugs
}

fn column_slugs(verb: &str, column: &str, to: &str, table: &str) -> Vec<String> {
    let with = |on| {
        list_spellings(&[column.to_owned()], "column")
            .map(move |column| format!("{verb}_{column}{to}_{on}_{table}"))
    };
    ["on", "in", "of", "for"].into_iter().flat_map(with).collect()
}

fn enum_slugs(verb: &str, preposition: &str, values: &[String], name: &str) -> Vec<String> {
    let types = [format!("{name}_enum"), format!("enum_{name}")];
    list_spellings(values, "value")
        .flat_map(|list| types.clone().map(|name| format!("{verb}_{list}_{preposition}_{name}")))
        .collect()
}

/// Returns the spellings of a list of names: alone, after its noun, and before its noun.
fn list_spellings(names: &[String], noun: &str) -> impl Iterator<Item = String> + use<> {
    let words = names.join("_and_");
    let s = if names.len() == 1 { "" } else { "s" };
    [words.clone(), format!("{noun}{s}_{words}"), format!("{words}_{noun}{s}")].into_iter()
}
