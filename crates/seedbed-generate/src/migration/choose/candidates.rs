//! The objects of the database that an interpretation may be about.

use seedbed_schema::model::{EnumType, Table};

use super::target::NameTarget;
use crate::field::Field;
use crate::migration::{WriteError, enum_values, remove};
use crate::operation::{
    Columns, MatchedName, NameList, Noun, Operation, TableName, Uniqueness, matching_names,
    strip_reference_suffix,
};
use crate::visible_schema::VisibleSchema;
use seedbed_entities::singular;

/// An interpretation for which the database has an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The operation, with the names that the database has.
    pub(super) operation: Operation,
    /// The object that the operation drops, renames or changes.
    pub(super) target: NameTarget,
    /// Whether the name paraphrases the object, as `owner_ref` paraphrases `owner_id`.
    pub(super) is_reworded: bool,
}

impl Candidate {
    fn new(operation: Operation, target: NameTarget) -> Self {
        Self { operation, target, is_reworded: false }
    }
}

/// Returns the candidates of an interpretation. Returns none for an operation that does not drop, rename or change
/// anything.
pub(super) fn candidates(
    operation: &Operation,
    fields: Option<&str>,
    schema: VisibleSchema<'_>,
) -> Result<Vec<Candidate>, WriteError> {
    match operation {
        Operation::DropTable(table)
        | Operation::RenameTable { from: table, .. }
        | Operation::RemoveColumns(table, _)
        | Operation::RenameColumn { table, .. }
        | Operation::ChangeColumn(table, _)
        | Operation::RemoveIndex(table, ..)
        | Operation::RemoveCheck(table, _) => {
            let table = schema.table(table).ok();
            Ok(table
                .map(|table| table_candidates(schema, operation, table, fields))
                .unwrap_or_default())
        }
        Operation::DropEnum(name)
        | Operation::AddEnumValues(name, _)
        | Operation::RemoveEnumValues(name, _)
        | Operation::RenameEnumValue { name, .. } => match schema.enumeration(name) {
            Ok((name, one)) => enum_candidates(operation, &name.name, one, fields),
            Err(_) => Ok(Vec::new()),
        },
        _ => Ok(Vec::new()),
    }
}

fn table_candidates(
    schema: VisibleSchema<'_>,
    operation: &Operation,
    table: &Table,
    fields: Option<&str>,
) -> Vec<Candidate> {
    let (exact, name) = (TableName::exact(&table.name.name), table.name.name.clone());
    let column_target = |column: &String| NameTarget::Columns {
        table: name.clone(),
        columns: vec![column.clone()],
    };
    match operation {
        Operation::DropTable(_) => {
            vec![Candidate::new(Operation::DropTable(exact), NameTarget::Table(name))]
        }
        Operation::RenameTable { to, .. } => {
            let operation = Operation::RenameTable { from: exact, to: to.clone() };
            vec![Candidate::new(operation, NameTarget::Table(name))]
        }
        Operation::RemoveColumns(_, words) => columns_to_remove(table, words),
        Operation::RenameColumn { from, to, .. } => {
            let rename = |from: String| {
                let (target, table, to) = (column_target(&from), exact.clone(), to.clone());
                Candidate::new(Operation::RenameColumn { table, from, to }, target)
            };
            columns(table, from).into_iter().map(rename).collect()
        }
        Operation::ChangeColumn(_, words) => {
            let change = |column: String| {
                let target = column_target(&column);
                Candidate::new(Operation::ChangeColumn(exact.clone(), column), target)
            };
            let is_of_field =
                |column: &String| fields.is_some_and(|fields| is_field_of(fields, column));
            columns(table, words).into_iter().filter(is_of_field).map(change).collect()
        }
        Operation::RemoveIndex(_, words, uniqueness) => {
            indexes_to_remove(schema, table, words, *uniqueness)
        }
        Operation::RemoveCheck(_, column)
            if remove::checks(table, column.as_deref()).next().is_some() =>
        {
            let target = NameTarget::Check { table: name, column: column.clone() };
            vec![Candidate::new(Operation::RemoveCheck(exact, column.clone()), target)]
        }
        _ => Vec::new(),
    }
}

fn enum_candidates(
    operation: &Operation,
    name: &str,
    one: &EnumType,
    fields: Option<&str>,
) -> Result<Vec<Candidate>, WriteError> {
    let values = |values: Vec<String>| NameTarget::EnumValues { name: name.to_owned(), values };
    Ok(match operation {
        Operation::RemoveEnumValues(_, words) => {
            let words = words.as_words();
            let lists =
                enum_values::existing_values(one, &NameList::new(&words, Noun::Value), fields)?;
            let candidate = |list: Vec<String>| {
                let operation = Operation::RemoveEnumValues(name.to_owned(), Columns(list.clone()));
                Candidate::new(operation, values(list))
            };
            lists.into_iter().map(candidate).collect()
        }
        Operation::RenameEnumValue { from, to, .. } => {
            let rename = |from: String| {
                let (target, name, to) = (values(vec![from.clone()]), name.to_owned(), to.clone());
                Candidate::new(Operation::RenameEnumValue { name, from, to }, target)
            };
            matching_names(from, one.labels.iter()).into_iter().map(rename).collect()
        }
        _ => vec![Candidate::new(operation.clone(), NameTarget::EnumType(name.to_owned()))],
    })
}

/// Returns whether the fields are one field for the given column.
fn is_field_of(fields: &str, column: &str) -> bool {
    let fields = Field::parse_all(fields).unwrap_or_default();
    matches!(fields.as_slice(), [field] if field.name == column)
}

/// Returns the columns that the words may mean.
fn columns(table: &Table, words: &str) -> Vec<String> {
    matching_names(words, table.columns.iter().map(|column| &column.name))
}

/// Returns the lists of existing columns that the words may mean.
pub(super) fn existing_columns(table: &Table, words: &Columns) -> Vec<Vec<String>> {
    let words = words.as_words();
    let list = NameList::new(&words, Noun::Column);
    let lists = list.existing(&|words| columns(table, words), &|_| None);
    let names = |list: Vec<MatchedName>| list.into_iter().map(|matched| matched.name).collect();
    lists.into_iter().map(names).collect()
}

/// Returns the candidates for removed columns. The name may describe a column by the row that it refers to, as
/// `removeOwnerRefFromWidgets` does for the column `owner_id`.
fn columns_to_remove(table: &Table, words: &Columns) -> Vec<Candidate> {
    let words = words.as_words();
    let reference_column =
        |words: &str| strip_reference_suffix(words).map(|to| format!("{}_id", singular(to)));
    let list = NameList::new(&words, Noun::Column);
    let lists = list.existing(&|words| columns(table, words), &reference_column);
    let candidate = |list: Vec<MatchedName>| {
        let is_reworded = list.iter().any(|matched| matched.is_reworded);
        let columns: Vec<String> = list.into_iter().map(|matched| matched.name).collect();
        let name = &table.name.name;
        let target = NameTarget::Columns { table: name.clone(), columns: columns.clone() };
        let operation = Operation::RemoveColumns(TableName::exact(name), Columns(columns));
        Candidate { operation, target, is_reworded }
    };
    lists.into_iter().map(candidate).collect()
}

fn indexes_to_remove(
    schema: VisibleSchema<'_>,
    table: &Table,
    words: &Columns,
    uniqueness: Uniqueness,
) -> Vec<Candidate> {
    let has_index = |columns: &Vec<String>| {
        remove::indexes(schema, table, columns, uniqueness).next().is_some()
    };
    let candidate = |columns: Vec<String>| {
        let name = &table.name.name;
        let target =
            NameTarget::Index { table: name.clone(), columns: columns.clone(), uniqueness };
        let table = TableName::exact(name);
        Candidate::new(Operation::RemoveIndex(table, Columns(columns), uniqueness), target)
    };
    existing_columns(table, words).into_iter().filter(has_index).map(candidate).collect()
}
