//! The files of the entities.

mod columns;
mod enums;
mod list;
mod relations;

use std::collections::{BTreeMap, BTreeSet};

use seedbed_catalog::Catalog;

use crate::error::Error;
use crate::names::{module, plain, schema, type_of};
use crate::shape::{Shape, TableShape};

/// The folder of what is written by hand, beside the one that is written here. `user.rs` in it belongs
/// to the entity `user`: it implements `ActiveModelBehavior`, and may add methods to `Model`. Or it is
/// the entity, if it has a `DeriveEntityModel` of its own.
pub const HAND_WRITTEN: &str = "by_hand";

/// What a file in [`HAND_WRITTEN`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByHand {
    /// A part of an entity that is written here.
    Part,
    /// All of an entity, for what cannot be written here or shall be another one.
    Whole,
}

impl ByHand {
    /// By the text of the file.
    #[must_use]
    pub fn of(text: &str) -> Self {
        if text.contains("DeriveEntityModel") { Self::Whole } else { Self::Part }
    }
}

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
/// When the schema has what no entity can be: a table without a primary key, or two names that are one
/// in Rust; or when a file written by hand belongs to no table.
pub fn write(migrated: &Catalog, by_hand: &BTreeMap<String, ByHand>) -> Result<Vec<File>, Error> {
    let shape = Shape::of(migrated);
    let enums = unique(shape.enums.keys(), type_of)?;
    let names: BTreeMap<String, String> =
        enums.iter().map(|(rust, sql)| (sql.clone(), rust.clone())).collect();
    let modules = unique(shape.tables.keys(), module)?;
    let mut files = Vec::new();
    for (module, name) in &modules {
        let is_here = by_hand.get(module) != Some(&ByHand::Whole);
        if let Some(table) = shape.tables.get(name).filter(|_| is_here) {
            let entity = Entity { name, module, table, shape: &shape, enums: &names, by_hand };
            let text = entity.text()?;
            files.push(File { name: format!("{module}.rs"), text });
        }
    }
    let whole = |name: &&String| by_hand.get(*name) == Some(&ByHand::Whole);
    if let Some(part) = by_hand.keys().find(|name| !modules.contains_key(*name) && !whole(name)) {
        return Err(Error::NoTable(part.clone()));
    }
    if !names.is_empty() {
        files.push(File { name: "enums.rs".to_owned(), text: enums::text(&shape, &names)? });
    }
    let all: BTreeMap<&String, bool> = (modules.keys().map(|name| (name, false)))
        .chain(by_hand.keys().map(|name| (name, true)).filter(|(name, _)| whole(name)))
        .collect();
    files.push(File { name: "mod.rs".to_owned(), text: list::text(&all, enums.keys()) });
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

/// An entity, and what is around it.
struct Entity<'e> {
    name: &'e str,
    module: &'e str,
    table: &'e TableShape,
    shape: &'e Shape,
    /// The enums: from their names in SQL to those in Rust.
    enums: &'e BTreeMap<String, String>,
    by_hand: &'e BTreeMap<String, ByHand>,
}

impl Entity<'_> {
    fn text(&self) -> Result<String, Error> {
        let by_hand = self.by_hand.contains_key(self.module);
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
        let types = self.table.columns.iter().map(|column| self.shape.innermost(&column.data_type));
        types.filter_map(|data_type| self.enums.get(data_type)).collect()
    }
}

/// A text as documentation, line by line.
fn docs(sign: &str, text: &str) -> String {
    // What has no place in a comment in Rust, a bare carriage return for example.
    let text = text.replace("\r\n", "\n").replace(|c: char| c.is_control() && c != '\n', " ");
    let lines = text.lines().map(|line| format!("{}\n", format!("{sign} {line}").trim_end()));
    lines.collect()
}
