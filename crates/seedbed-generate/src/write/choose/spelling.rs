//! Names that mean one thing only.

use heck::ToSnakeCase as _;

use super::candidates::Candidate;
use super::fitting;
use crate::intent::{Columns, Intent, Readings, Uniqueness};
use crate::present::Present;
use crate::words::as_typed;

/// The longest name that a script can have.
const LONGEST: usize = 100;

/// A name that means nothing else than that, as somebody types it in place of `slug`; none if there is no
/// such name.
pub(super) fn spelling(
    slug: &str,
    candidate: &Candidate,
    fields: Option<&str>,
    present: &Present,
) -> Option<String> {
    // A script has the name already, hence the `_again`.
    let taken = slug.strip_suffix("_again");
    let means_it = |slug: &String| {
        let readings = Readings::parse(slug);
        let found = fitting(&readings, fields, present).unwrap_or_default();
        let mut typed = found.iter().filter(|one| !one.is_reworded);
        slug.len() <= LONGEST
            && taken != Some(slug.as_str())
            && readings.reads().into_iter().all(|name| present.tells_of(name))
            && typed.next().is_some_and(|one| one.intent == candidate.intent)
            && typed.next().is_none()
    };
    let mut slugs = slugs(&candidate.intent).into_iter().map(|slug| slug.to_snake_case());
    slugs.find(means_it).map(|slug| as_typed(&slug))
}

/// The names that may mean it, the usual one first.
fn slugs(intent: &Intent) -> Vec<String> {
    let mut slugs = match intent {
        Intent::DropTable(table) => {
            let table = &table.typed;
            vec![
                format!("drop_{table}"),
                format!("drop_{table}_table"),
                format!("drop_table_{table}"),
            ]
        }
        Intent::RenameTable { from, to } => {
            let (from, to) = (&from.typed, &to.typed);
            vec![
                format!("rename_{from}_to_{to}"),
                format!("rename_{from}_table_to_{to}_table"),
                format!("rename_table_{from}_to_table_{to}"),
            ]
        }
        Intent::RemoveColumns(table, Columns(names)) => lists(names, "column")
            .map(|list| format!("remove_{list}_from_{}", table.typed))
            .collect(),
        Intent::RenameColumn { table, from, to } => {
            of_column("rename", from, &format!("_to_{to}"), &table.typed)
        }
        Intent::ChangeColumn(table, column) => of_column("change", column, "", &table.typed),
        Intent::RemoveIndex(table, Columns(names), uniqueness) => {
            let unique = if *uniqueness == Uniqueness::Unique { "unique_" } else { "" };
            lists(names, "column")
                .map(|list| format!("remove_{unique}index_from_{}_on_{list}", table.typed))
                .collect()
        }
        Intent::RemoveCheck(table, column) => {
            let on = column.as_ref().map_or_else(String::new, |column| format!("_on_{column}"));
            ["check", "check_constraint"]
                .map(|check| format!("remove_{check}_from_{}{on}", table.typed))
                .to_vec()
        }
        Intent::DropEnum(name) => vec![format!("drop_{name}_enum"), format!("drop_enum_{name}")],
        Intent::AddEnumValues(name, values) => of_enum("add", "to", &values.0, name),
        Intent::RemoveEnumValues(name, values) => of_enum("remove", "from", &values.0, name),
        Intent::RenameEnumValue { name, from, to } => {
            let values = lists(std::slice::from_ref(from), "value");
            let types = [format!("{name}_enum"), format!("enum_{name}")];
            values
                .flat_map(|from| {
                    types.clone().map(|name| format!("rename_{from}_to_{to}_on_{name}"))
                })
                .collect()
        }
        _ => Vec::new(),
    };
    // What is about `orders_again` would be about `orders` otherwise.
    let again: Vec<String> = slugs.iter().map(|slug| format!("{slug}_again")).collect();
    slugs.extend(again);
    slugs
}

fn of_column(verb: &str, column: &str, to: &str, table: &str) -> Vec<String> {
    let with = |on| {
        lists(&[column.to_owned()], "column")
            .map(move |column| format!("{verb}_{column}{to}_{on}_{table}"))
    };
    ["on", "in", "of", "for"].into_iter().flat_map(with).collect()
}

fn of_enum(verb: &str, preposition: &str, values: &[String], name: &str) -> Vec<String> {
    let types = [format!("{name}_enum"), format!("enum_{name}")];
    lists(values, "value")
        .flat_map(|list| types.clone().map(|name| format!("{verb}_{list}_{preposition}_{name}")))
        .collect()
}

/// A list of names: without the noun, with it, and with it behind.
fn lists(names: &[String], noun: &str) -> impl Iterator<Item = String> + use<> {
    let words = names.join("_and_");
    let s = if names.len() == 1 { "" } else { "s" };
    [words.clone(), format!("{noun}{s}_{words}"), format!("{words}_{noun}{s}")].into_iter()
}
