//! What a reading is about, as the database has it.

use super::target::Target;
use crate::field::Field;
use crate::intent::{Columns, Intent, NameList, Noun, TableName, Uniqueness, named, reference};
use crate::present::{Enum, Present, Table};
use crate::words::singular;
use crate::write::{WriteError, remove, values};

/// A reading for which there is something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// With the names that the database has.
    pub(super) intent: Intent,
    pub(super) target: Target,
    /// Whether the name has it in other words, such as `owner_ref` for `owner_id`.
    pub(super) is_reworded: bool,
}

impl Candidate {
    fn new(intent: Intent, target: Target) -> Self {
        Self { intent, target, is_reworded: false }
    }
}

/// What the database has for that reading. Nothing for one that drops, renames and changes nothing.
pub(super) fn candidates(
    intent: &Intent,
    fields: Option<&str>,
    present: &Present,
) -> Result<Vec<Candidate>, WriteError> {
    match intent {
        Intent::DropTable(table)
        | Intent::RenameTable { from: table, .. }
        | Intent::RemoveColumns(table, _)
        | Intent::RenameColumn { table, .. }
        | Intent::ChangeColumn(table, _)
        | Intent::RemoveIndex(table, ..)
        | Intent::RemoveCheck(table, _) => {
            let table = present.table(table).ok();
            Ok(table.map(|table| of_table(intent, table, fields)).unwrap_or_default())
        }
        Intent::DropEnum(name)
        | Intent::AddEnumValues(name, _)
        | Intent::RemoveEnumValues(name, _)
        | Intent::RenameEnumValue { name, .. } => match present.enumeration(name) {
            Ok(one) => of_enum(intent, one, fields),
            Err(_) => Ok(Vec::new()),
        },
        _ => Ok(Vec::new()),
    }
}

fn of_table(intent: &Intent, table: &Table, fields: Option<&str>) -> Vec<Candidate> {
    let (exact, name) = (TableName::exact(&table.name), table.name.clone());
    let of_column =
        |column: &String| Target::Columns { table: name.clone(), columns: vec![column.clone()] };
    match intent {
        Intent::DropTable(_) => vec![Candidate::new(Intent::DropTable(exact), Target::Table(name))],
        Intent::RenameTable { to, .. } => {
            let intent = Intent::RenameTable { from: exact, to: to.clone() };
            vec![Candidate::new(intent, Target::Table(name))]
        }
        Intent::RemoveColumns(_, words) => columns_to_remove(table, words),
        Intent::RenameColumn { from, to, .. } => {
            let rename = |from: String| {
                let (target, table, to) = (of_column(&from), exact.clone(), to.clone());
                Candidate::new(Intent::RenameColumn { table, from, to }, target)
            };
            columns(table, from).into_iter().map(rename).collect()
        }
        Intent::ChangeColumn(_, words) => {
            let change = |column: String| {
                let target = of_column(&column);
                Candidate::new(Intent::ChangeColumn(exact.clone(), column), target)
            };
            let is_of_field = |column: &String| fields.is_some_and(|fields| is_of(fields, column));
            columns(table, words).into_iter().filter(is_of_field).map(change).collect()
        }
        Intent::RemoveIndex(_, words, uniqueness) => indexes_to_remove(table, words, *uniqueness),
        Intent::RemoveCheck(_, column)
            if remove::checks(table, column.as_deref()).next().is_some() =>
        {
            let target = Target::Check { table: name, column: column.clone() };
            vec![Candidate::new(Intent::RemoveCheck(exact, column.clone()), target)]
        }
        _ => Vec::new(),
    }
}

fn of_enum(
    intent: &Intent,
    one: &Enum,
    fields: Option<&str>,
) -> Result<Vec<Candidate>, WriteError> {
    let name = &one.name;
    let values = |values: Vec<String>| Target::EnumValues { name: name.clone(), values };
    Ok(match intent {
        Intent::RemoveEnumValues(_, words) => {
            let words = words.words();
            let lists = values::existing(one, &NameList::new(&words, Noun::Value), fields)?;
            let candidate = |list: Vec<String>| {
                let intent = Intent::RemoveEnumValues(name.clone(), Columns(list.clone()));
                Candidate::new(intent, values(list))
            };
            lists.into_iter().map(candidate).collect()
        }
        Intent::RenameEnumValue { from, to, .. } => {
            let rename = |from: String| {
                let (target, name, to) = (values(vec![from.clone()]), name.clone(), to.clone());
                Candidate::new(Intent::RenameEnumValue { name, from, to }, target)
            };
            named(from, one.values.iter()).into_iter().map(rename).collect()
        }
        _ => vec![Candidate::new(intent.clone(), Target::EnumType(name.clone()))],
    })
}

/// Whether the one field is of that column.
fn is_of(fields: &str, column: &str) -> bool {
    let fields = Field::parse_all(fields).unwrap_or_default();
    matches!(fields.as_slice(), [field] if field.name == column)
}

fn columns(table: &Table, words: &str) -> Vec<String> {
    named(words, table.columns.iter().map(|column| &column.name))
}

/// The lists of columns that there are.
pub(super) fn existing(table: &Table, words: &Columns) -> Vec<Vec<String>> {
    let words = words.words();
    let list = NameList::new(&words, Noun::Column);
    let lists = list.existing(&|words| columns(table, words), &|_| None);
    let names = |list: Vec<_>| list.into_iter().map(|(name, _)| name).collect();
    lists.into_iter().map(names).collect()
}

/// The columns may be called by what they refer to, as in `removeOwnerRefFromWidgets`.
fn columns_to_remove(table: &Table, words: &Columns) -> Vec<Candidate> {
    let words = words.words();
    let refers = |name: &str| reference(name).map(|to| format!("{}_id", singular(to)));
    let list = NameList::new(&words, Noun::Column);
    let lists = list.existing(&|words| columns(table, words), &refers);
    let candidate = |list: Vec<(String, bool)>| {
        let is_reworded = list.iter().any(|(_, is_reworded)| *is_reworded);
        let columns: Vec<String> = list.into_iter().map(|(name, _)| name).collect();
        let target = Target::Columns { table: table.name.clone(), columns: columns.clone() };
        let intent = Intent::RemoveColumns(TableName::exact(&table.name), Columns(columns));
        Candidate { intent, target, is_reworded }
    };
    lists.into_iter().map(candidate).collect()
}

fn indexes_to_remove(table: &Table, words: &Columns, uniqueness: Uniqueness) -> Vec<Candidate> {
    let has_index =
        |columns: &Vec<String>| remove::indexes(table, columns, uniqueness).next().is_some();
    let candidate = |columns: Vec<String>| {
        let (name, of) = (table.name.clone(), columns.clone());
        let target = Target::Index { table: name, columns: of, uniqueness };
        let table = TableName::exact(&table.name);
        Candidate::new(Intent::RemoveIndex(table, Columns(columns), uniqueness), target)
    };
    existing(table, words).into_iter().filter(has_index).map(candidate).collect()
}
