//! The files of the entities.

mod columns;
mod enums;
mod relations;

use std::collections::{BTreeMap, BTreeSet};

use seedbed_catalog::Catalog;

use crate::error::Error;
use crate::names::{camel, module, plain, schema};
use crate::shape::{Shape, TableShape};

/// The folder of what is written by hand, beside the one that is written here. `user.rs` in it belongs
/// to the entity `user`: it implements `ActiveModelBehavior`, and may add methods to `Model`.
pub const HAND_WRITTEN: &str = "by_hand";

const WRITTEN: &str = "// Written by `make entities` from the migrated schema: edit the migrations, and not this file.";

/// One file, not formatted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name in the folder.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// Writes the entities of all tables. `by_hand` names the entities that have a file in
/// [`HAND_WRITTEN`].
///
/// # Errors
/// When the schema has what no entity can be: a type that SeaORM does not know, no primary key, or two
/// names that are one in Rust.
pub fn write(migrated: &Catalog, by_hand: &BTreeSet<String>) -> Result<Vec<File>, Error> {
    let shape = Shape::of(migrated);
    let enums = unique(shape.enums.keys(), |name| camel(&plain(name)))?;
    let names: BTreeMap<String, String> =
        enums.iter().map(|(rust, sql)| (sql.clone(), rust.clone())).collect();
    let modules = unique(shape.tables.keys(), module)?;
    let mut files = Vec::new();
    for (module, name) in &modules {
        if let Some(table) = shape.tables.get(name) {
            let entity = Entity { name, module, table, shape: &shape, enums: &names };
            let text = entity.text(by_hand.contains(module))?;
            files.push(File { name: format!("{module}.rs"), text });
        }
    }
    if !names.is_empty() {
        files.push(File { name: "enums.rs".to_owned(), text: enums::text(&shape, &names)? });
    }
    files.push(File { name: "mod.rs".to_owned(), text: list(&modules, !names.is_empty()) });
    Ok(files)
}

/// Names in Rust, each with the one thing that it means.
fn unique<'n>(
    names: impl Iterator<Item = &'n String>,
    rust: impl Fn(&str) -> String,
) -> Result<BTreeMap<String, String>, Error> {
    let mut taken = BTreeMap::new();
    for name in names {
        let in_rust = rust(name);
        if let Some(one) = taken.insert(in_rust.clone(), name.clone()) {
            return Err(Error::SameName { one, other: name.clone(), name: in_rust });
        }
    }
    Ok(taken)
}

fn list(modules: &BTreeMap<String, String>, has_enums: bool) -> String {
    let mut text = format!(
        "//! The tables, one file each.\n{WRITTEN}\n\
         #![allow(rustdoc::all, clippy::doc_lazy_continuation, \
         reason = \"a comment in the database is text, and need not be Markdown\")]\n\n"
    );
    if has_enums {
        text += "pub mod enums;\n";
    }
    for module in modules.keys() {
        text += &format!("pub mod {module};\n");
    }
    text += "\n/// Every entity, for what asks SeaORM about all of them.\n#[must_use]\n\
             pub fn register(schema: sea_orm::SchemaBuilder) -> sea_orm::SchemaBuilder {\n    schema";
    for module in modules.keys() {
        text += &format!(".register({module}::Entity)");
    }
    text + "\n}\n"
}

/// An entity, and what is around it.
struct Entity<'e> {
    name: &'e str,
    module: &'e str,
    table: &'e TableShape,
    shape: &'e Shape,
    /// The enums: from their names in SQL to those in Rust.
    enums: &'e BTreeMap<String, String>,
}

impl Entity<'_> {
    fn text(&self, by_hand: bool) -> Result<String, Error> {
        let table = plain(self.name);
        let comment = self.shape.comments.get(self.name);
        let heading = match comment {
            Some(comment) => format!("`{table}`: {comment}"),
            None => format!("`{table}`."),
        };
        let mut text = docs("//!", &heading);
        text += &format!("{WRITTEN}\nuse sea_orm::entity::prelude::*;\n\n");
        let (columns, is_eq) = self.columns()?;
        for name in self.enums_used() {
            text += &format!("pub use super::enums::{name};\n");
        }
        if by_hand {
            text += &format!(
                "\n#[path = \"../{HAND_WRITTEN}/{}.rs\"]\nmod {HAND_WRITTEN};\n",
                self.module
            );
        }
        text += &format!("\n/// A row of `{table}`.\n#[sea_orm::model]\n");
        let eq = if is_eq { "Eq, " } else { "" };
        text += &format!("#[derive(Clone, Debug, PartialEq, {eq}DeriveEntityModel)]\n");
        let schema = schema(self.name).map(|schema| format!("schema_name = {schema:?}, "));
        text += &format!("#[sea_orm({}table_name = {table:?})]\n", schema.unwrap_or_default());
        text += &format!("pub struct Model {{\n{columns}{}}}\n", self.relations());
        if !by_hand {
            text += "\nimpl ActiveModelBehavior for ActiveModel {}\n";
        }
        Ok(text)
    }

    fn enums_used(&self) -> BTreeSet<&String> {
        let types = self.table.columns.iter().map(|column| &column.data_type);
        types.filter_map(|data_type| self.enums.get(data_type)).collect()
    }
}

/// A text as documentation, line by line.
fn docs(sign: &str, text: &str) -> String {
    let lines = text.lines().map(|line| format!("{}\n", format!("{sign} {line}").trim_end()));
    lines.collect()
}
