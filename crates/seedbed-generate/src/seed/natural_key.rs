//! The natural key of a table, by which a seed recognizes existing rows.

use heck::ToUpperCamelCase as _;
use seedbed_config::SuggestedCommand;
use seedbed_schema::model::{Column, ConstraintKind, Table};

use super::SeedError;
use super::values::is_text;
use crate::field::types;
use crate::visible_schema::VisibleSchema;

/// Returns the columns of a unique constraint or index that the rows have values for and that are
/// NOT NULL, because two nulls are never equal.
pub(super) fn natural_key(
    schema: VisibleSchema<'_>,
    table: &Table,
    given: &[&Column],
) -> Result<Vec<String>, SeedError> {
    let given_column = |name: &String| given.iter().find(|column| column.name == *name);
    let keys = unique_keys(table);
    let is_required = |column: &Column| column.not_null.is_some();
    let fits = |key: &&Vec<String>| {
        key.iter().all(|name| given_column(name).is_some_and(|one| is_required(one)))
    };
    if let Some(key) = keys.iter().find(fits) {
        return Ok(key.clone());
    }
    // This key would be suitable if the rows had its columns.
    let is_required_name = |name: &String| table.column(name).is_some_and(is_required);
    let is_suitable =
        |key: &&Vec<String>| key.iter().all(|name| name != "id" && is_required_name(name));
    if let Some(key) = keys.iter().find(is_suitable) {
        return Err(SeedError::MissingKey { table: table.name.name.clone(), key: key.clone() });
    }
    // A unique column of the rows that allows nulls only needs NOT NULL.
    let single = keys.iter().filter(|key| key.len() == 1);
    let nullable = single.into_iter().find_map(|key| given_column(key.first()?).copied());
    let command = nullable.map_or_else(
        || add_unique_command(schema, table, given),
        |column| Some(change_command(schema, table, column, "!")),
    );
    Err(SeedError::NoUniqueKey { table: table.name.name.clone(), command })
}

/// Returns the keys that an upsert can name: those on plain columns and on all rows.
fn unique_keys(table: &Table) -> Vec<Vec<String>> {
    let constraints = table.constraints.values();
    let constraints = constraints
        .filter(|one| one.kind == ConstraintKind::Unique && !one.deferrable)
        .map(|one| one.columns.clone());
    let indexes = table.indexes.values().filter(|index| index.unique && index.is_plain());
    let indexes = indexes.filter_map(|index| {
        Some(index.columns()?.into_iter().map(str::to_owned).collect::<Vec<String>>())
    });
    constraints.chain(indexes).filter(|key| !key.is_empty()).collect()
}

/// Returns the command of a migration that creates a unique index on a column of the rows, preferably on a text column.
fn add_unique_command(
    schema: VisibleSchema<'_>,
    table: &Table,
    given: &[&Column],
) -> Option<SuggestedCommand> {
    let is_citext = |column: &Column| schema.type_sql(&column.data_type) == "citext";
    let text = |column: &Column| is_text(&column.data_type) || is_citext(column);
    let rank = |column: &&&Column| (column.not_null.is_none(), !text(column));
    let column = given.iter().min_by_key(rank)?;
    Some(if column.not_null.is_some() {
        let (table, column) =
            (table.name.name.to_upper_camel_case(), column.name.to_upper_camel_case());
        let name = format!("addUniqueIndexTo{table}On{column}");
        SuggestedCommand::CreateMigration { name, fields: None }
    } else {
        change_command(schema, table, column, "!:unique")
    })
}

/// Returns a command such as `seedbed create-migration changeCodeOnPlans --fields 'code:string(20)!'`.
fn change_command(
    schema: VisibleSchema<'_>,
    table: &Table,
    column: &Column,
    options: &str,
) -> SuggestedCommand {
    let (table, camel) = (table.name.name.to_upper_camel_case(), column.name.to_upper_camel_case());
    let field_type = types::from_data_type(schema, &column.data_type).input();
    SuggestedCommand::CreateMigration {
        name: format!("change{camel}On{table}"),
        fields: Some(format!("{}:{field_type}{options}", column.name)),
    }
}
