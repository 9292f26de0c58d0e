//! Renders `mod.rs`, which lists the entities and asks SeaORM about all of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{HAND_WRITTEN_FOLDER, HEADER};

const HEADING: &str = "
#![allow(
    nonstandard_style, rustdoc::all, clippy::doc_lazy_continuation, clippy::enum_variant_names,
    reason = \"names and comments in the database are not Rust's, and need not be Markdown\"
)]

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{ArrayType, IndexCreateStatement, TableCreateStatement, TableRef};
use sea_orm::{Schema, sea_query};

";

/// The type of a field's description. SeaORM only exposes which values a field accepts.
const FIELD_TYPE: &str = "
/// A column: its table and name, the SQL that reads it, what its field is, and whether that takes a value.
pub type Field = (TableRef, String, String, ArrayType, Box<dyn Fn(Value) -> bool>);
";
const FIELDS_FUNCTION: &str = "
/// The columns of that entity.
pub fn fields<E: EntityTrait>(entity: E) -> Vec<Field> {
    let field = |column: E::Column| -> Field {
        let read = column.select_as(Expr::col(column));
        let read = sea_query::Query::select().expr(read).to_string(sea_query::PostgresQueryBuilder);
        let takes = move |value| {
            let mut row = <E::ActiveModel as ActiveModelTrait>::default();
            row.try_set(column, value).is_ok()
        };
        let kind = E::Model::get_value_type(column);
        (entity.table_ref(), column.to_string(), read, kind, Box::new(takes))
    };
    <E::Column as sea_orm::Iterable>::iter().map(field).collect()
}
";

/// Renders the list of modules, each with whether it is hand-written, and of enums.
pub(super) fn render(modules: &BTreeMap<&String, bool>, enums: &BTreeSet<&String>) -> String {
    let mut text = format!("//! The tables, one file each.\n{HEADER}{HEADING}");
    if modules.is_empty() {
        text = text.replace("{Schema, sea_query}", "Schema");
    }
    if !enums.is_empty() {
        text += "pub mod enums;\n";
    }
    for (module, by_hand) in modules {
        if *by_hand {
            text += &format!("#[path = \"../{HAND_WRITTEN_FOLDER}/{module}.rs\"]\n");
        } else if !module.is_ascii() {
            // rustc does not find a module with such a name by itself.
            text += &format!("#[path = \"{module}.rs\"]\n");
        }
        text += &format!("pub mod {module};\n");
    }
    let each = |call: &str| -> String {
        modules.keys().map(|module| format!("{call}({module}::Entity),\n")).collect()
    };
    let underscore = if modules.is_empty() { "_" } else { "" };
    text += &format!(
        "\n/// The tables of all entities, as SeaORM would create them.\n#[must_use]\n\
         pub fn all_tables({underscore}schema: &Schema) -> Vec<TableCreateStatement> {{\n\
         vec![\n{}]\n}}\n\n\
         /// Their indexes: unique keys of several columns.\n#[must_use]\n\
         pub fn all_indexes({underscore}schema: &Schema) -> Vec<IndexCreateStatement> {{\n\
         let each: Vec<Vec<IndexCreateStatement>> = vec![\n{}];\neach.concat()\n}}\n",
        each("schema.create_table_from_entity"),
        each("schema.create_index_from_entity"),
    );
    let enums: String = enums.iter().map(|name| format!("enums::{name}::db_type(),\n")).collect();
    text += &format!(
        "\n/// The enum types, whichever entities have them.\n#[must_use]\n\
         pub fn all_enums() -> Vec<ColumnDef> {{\nvec![\n{enums}]\n}}\n"
    );
    text += FIELD_TYPE;
    text += &format!(
        "\n/// The columns of all entities.\n#[must_use]\npub fn all_fields() -> Vec<Field> {{\n\
         let each: Vec<Vec<Field>> = vec![\n{}];\neach.into_iter().flatten().collect()\n}}\n",
        each("fields")
    );
    if modules.is_empty() { text } else { text + FIELDS_FUNCTION }
}
