//! What tells one row of a table from another.

use heck::ToUpperCamelCase as _;

use super::SeedError;
use super::values::is_text;
use crate::present::{Column, Table};
use crate::sql::word;

/// The columns of a unique constraint or index that the rows have a value for, and that are never null:
/// two nulls are not the same.
pub(super) fn natural_key(table: &Table, given: &[&Column]) -> Result<Vec<String>, SeedError> {
    let of_given = |name: &String| given.iter().find(|column| column.name == *name);
    let keys = || unique(table).filter(|key| !key.is_empty());
    let fits =
        |key: &&Vec<String>| key.iter().all(|name| of_given(name).is_some_and(|c| c.not_null));
    if let Some(key) = keys().find(fits) {
        return Ok(key.clone());
    }
    // One that would do if the rows had its columns.
    let has = |name: &String| table.column(name).is_ok_and(|column| column.not_null);
    let without_id = |key: &&Vec<String>| key.iter().all(|name| name != "id" && has(name));
    if let Some(key) = keys().find(without_id) {
        return Err(SeedError::KeyNotGiven { table: table.name.clone(), key: key.clone() });
    }
    let nullable =
        keys().filter(|key| key.len() == 1).find_map(|key| of_given(key.first()?).copied());
    let command = nullable
        .map_or_else(|| unique_of_its_own(table, given), |column| Some(change(table, column, "!")));
    Err(SeedError::NoKey { table: table.name.clone(), command })
}

/// The keys that an upsert can name: of whole columns and of all rows.
fn unique(table: &Table) -> impl Iterator<Item = &Vec<String>> {
    let constraints = table.constraints.iter().filter(|constraint| {
        constraint.kind == 'u' && !constraint.definition.contains("DEFERRABLE")
    });
    let indexes = table.indexes.iter().filter(|index| {
        let columns: Vec<String> = index.columns.iter().map(|column| word(column)).collect();
        let whole = format!(
            "CREATE UNIQUE INDEX {} ON {} USING btree ({})",
            word(&index.name),
            word(&table.name),
            columns.join(", ")
        );
        index.definition == whole
    });
    constraints.map(|one| &one.columns).chain(indexes.map(|index| &index.columns))
}

/// The migration that makes a key of a column that the rows have, of a text rather than of a number.
fn unique_of_its_own(table: &Table, given: &[&Column]) -> Option<String> {
    let text = |column: &Column| is_text(&column.sql_type) || column.sql_type == "citext";
    let rank = |column: &&&Column| (!column.not_null, !text(column));
    let column = given.iter().min_by_key(rank)?;
    Some(if column.not_null {
        let (table, column) = (table.name.to_upper_camel_case(), column.name.to_upper_camel_case());
        format!("make create-migration name=addUniqueIndexTo{table}On{column}")
    } else {
        change(table, column, "!:unique")
    })
}

/// `make create-migration name=changeCodeOnPlans fields='code:string(20)!'`
fn change(table: &Table, column: &Column, wish: &str) -> String {
    let (table, camel) = (table.name.to_upper_camel_case(), column.name.to_upper_camel_case());
    let name = &column.name;
    let sql_type = column.sql_type.replace("character varying", "string").replace(' ', "_");
    format!("make create-migration name=change{camel}On{table} fields='{name}:{sql_type}{wish}'")
}
