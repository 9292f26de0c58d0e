//! The list of the entities, and what asks SeaORM about all of them.

use std::collections::BTreeMap;

use super::{HAND_WRITTEN, WRITTEN};

/// Of those modules, each with whether it is written by hand, and those enums.
pub(super) fn text<'e>(
    modules: &BTreeMap<&String, bool>,
    enums: impl ExactSizeIterator<Item = &'e String>,
) -> String {
    let mut text = format!(
        "//! The tables, one file each.\n{WRITTEN}\n\
         #![allow(rustdoc::all, clippy::doc_lazy_continuation, \
         reason = \"a comment in the database is text, and need not be Markdown\")]\n\n\
         use sea_orm::sea_query::{{IndexCreateStatement, TableCreateStatement}};\n\
         use sea_orm::{{{}ColumnDef, Schema}};\n\n",
        if enums.len() > 0 { "ActiveEnum as _, " } else { "" }
    );
    if enums.len() > 0 {
        text += "pub mod enums;\n";
    }
    for (module, by_hand) in modules {
        if *by_hand {
            text += &format!("#[path = \"../{HAND_WRITTEN}/{module}.rs\"]\n");
        }
        text += &format!("pub mod {module};\n");
    }
    let each = |call: &str| -> String {
        modules.keys().map(|module| format!("schema.{call}({module}::Entity),\n")).collect()
    };
    let underscore = if modules.is_empty() { "_" } else { "" };
    text += &format!(
        "\n/// The tables of all entities, as SeaORM would create them.\n#[must_use]\n\
         pub fn all_tables({underscore}schema: &Schema) -> Vec<TableCreateStatement> {{\n\
         vec![\n{}]\n}}\n\n\
         /// Their indexes: unique keys of several columns.\n#[must_use]\n\
         pub fn all_indexes({underscore}schema: &Schema) -> Vec<IndexCreateStatement> {{\n\
         let each: Vec<Vec<IndexCreateStatement>> = vec![\n{}];\neach.concat()\n}}\n",
        each("create_table_from_entity"),
        each("create_index_from_entity"),
    );
    let enums: String = enums.map(|name| format!("enums::{name}::db_type(),\n")).collect();
    text + &format!(
        "\n/// The enum types, whichever entities have them.\n#[must_use]\n\
         pub fn all_enums() -> Vec<ColumnDef> {{\nvec![\n{enums}]\n}}\n"
    )
}
