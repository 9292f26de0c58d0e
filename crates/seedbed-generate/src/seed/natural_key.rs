//! The natural key of a table, by which a seed recognizes existing rows.

use heck::ToUpperCamelCase as _;

use super::SeedError;
use super::values::is_text;
use crate::present::{Column, Table};
use seedbed_sql::quote_ident_if_needed as quote_if_needed;

/// Returns the columns of a unique constraint or index that the rows have values for and that are
/// NOT NULL, because two nulls are never equal.
pub(super) fn natural_key(table: &Table, given: &[&Column]) -> Result<Vec<String>, SeedError> {
    let of_given = |name: &String| given.iter().find(|column| column.name == *name);
    let keys = || unique_keys(table).filter(|key| !key.is_empty());
    let fits =
        |key: &&Vec<String>| key.iter().all(|name| of_given(name).is_some_and(|c| c.not_null));
    if let Some(key) = keys().find(fits) {
        return Ok(key.clone());
    }
    // A key that would do if the rows had its columns.
    let has = |name: &String| table.column(name).is_ok_and(|column| column.not_null);
    let without_id = |key: &&Vec<String>| key.iter().all(|name| name != "id" && has(name));
    if let Some(key) = keys().find(without_id) {
        return Err(SeedError::MissingKey { table: table.name.clone(), key: key.clone() });
    }
    let nullable =
        keys().filter(|key| key.len() == 1).find_map(|key| of_given(key.first()?).copied());
    let command = nullable.map_or_else(
        || add_unique_command(table, given),
        |column| Some(change_command(table, column, "!")),
    );
    Err(SeedError::NoUniqueKey { table: table.name.clone(), command })
}

/// Returns the keys that an upsert can name: those on plain columns and on all rows.
fn unique_keys(table: &Table) -> impl Iterator<Item = &Vec<String>> {
    let constraints = table.constraints.iter().filter(|constraint| {
        constraint.kind == 'u' && !constraint.definition.contains("DEFERRABLE")
    });
    let indexes = table.indexes.iter().filter(|index| {
        let columns: Vec<String> =
            index.columns.iter().map(|column| quote_if_needed(column)).collect();
        let plain = format!(
            "CREATE UNIQUE INDEX {} ON {} USING btree ({})",
            quote_if_needed(&index.name),
            quote_if_needed(&table.name),
            columns.join(", ")
        );
        index.definition == plain
    });
    constraints.map(|one| &one.columns).chain(indexes.map(|index| &index.columns))
}

/// Returns the command of a migration that creates a unique index on a column of the rows,
/// preferably on a text.
fn add_unique_command(table: &Table, given: &[&Column]) -> Option<String> {
    let text = |column: &Column| is_text(&column.sql_type) || column.sql_type == "citext";
    let rank = |column: &&&Column| (!column.not_null, !text(column));
    let column = given.iter().min_by_key(rank)?;
    Some(if column.not_null {
        let (table, column) = (table.name.to_upper_camel_case(), column.name.to_upper_camel_case());
        format!("make create-migration name=addUniqueIndexTo{table}On{column}")
    } else {
        change_command(table, column, "!:unique")
    })
}

/// Returns a command such as `make create-migration name=changeCodeOnPlans
/// fields='code:string(20)!'`.
fn change_command(table: &Table, column: &Column, options: &str) -> String {
    let (table, camel) = (table.name.to_upper_camel_case(), column.name.to_upper_camel_case());
    let name = &column.name;
    let sql_type = column.sql_type.replace("character varying", "string").replace(' ', "_");
    format!("make create-migration name=change{camel}On{table} fields='{name}:{sql_type}{options}'")
}
