//! The columns of an entity.

use std::collections::BTreeSet;

use super::{Entity, docs};
use crate::names::{derives, field, plain};
use crate::shape::{ColumnShape, Origin};
use crate::types::{RustType, Types, readable};

/// A model goes by the last line of a column's documentation: it takes no value for what the database always
/// makes, and none for what it has a default for.
const MADE: &str = "Made by the database.";
const HAS_DEFAULT: &str = "The database has a default for it.";
/// SeaORM reads a `Vec<T>` and no `Vec<Option<T>>`, for which nobody but SeaORM can implement its `TryGetable`.
const LIST: &str = "A list with a NULL in it, or of lists, cannot be read.";

impl Entity<'_> {
    /// The fields, and whether all of them can be compared without a doubt.
    pub(super) fn columns(&self) -> (String, bool) {
        let (mut text, mut is_eq) = (String::new(), true);
        for column in &self.table.columns {
            let types = Types { enums: self.enums, domains: &self.shape.domains };
            let rust = RustType::of(&column.data_type, types);
            is_eq &= rust.is_eq();
            let attributes = self.attributes(column, &rust);
            text += &docs("///", &self.column_docs(column, rust.is_list()));
            if !attributes.is_empty() {
                text += &format!("#[sea_orm({})]\n", attributes.join(", "));
            }
            let field = self.field(&column.name);
            text += &match column.nullable {
                true => format!("pub {field}: Option<{}>,\n", rust.name),
                false => format!("pub {field}: {},\n", rust.name),
            };
        }
        (text, is_eq)
    }

    pub(super) fn field(&self, column: &str) -> String {
        field(column, self.module)
    }

    fn attributes(&self, column: &ColumnShape, rust: &RustType) -> Vec<String> {
        let mut attributes = Vec::new();
        if self.table.primary_key.contains(&column.name) {
            attributes.push("primary_key".to_owned());
            if column.origin != Origin::Sequence || self.table.primary_key.len() > 1 {
                attributes.push("auto_increment = false".to_owned());
            }
        }
        let name = plain(&column.name);
        if !derives(&self.field(&column.name), &name) {
            attributes.push(format!("column_name = {name:?}"));
        }
        if let Some(column_type) = &rust.column_type {
            attributes.push(format!("column_type = {column_type:?}"));
            if let Some((read, written)) = &rust.casts {
                attributes.push(format!("select_as = {read:?}, save_as = {written:?}"));
            }
        }
        for key in self.table.unique.iter().filter(|key| key.contains(&column.name)) {
            attributes.push(match key.len() {
                1 => "unique".to_owned(),
                _ => format!("unique_key = {:?}", self.joined(key)),
            });
        }
        attributes
    }

    fn column_docs(&self, column: &ColumnShape, is_list: bool) -> String {
        let is_key = self.table.primary_key.contains(&column.name);
        let is_made = match column.origin {
            Origin::Generated => true,
            Origin::Default | Origin::Sequence => is_key,
            Origin::Nowhere => false,
        };
        let name = plain(&column.name);
        let is_moment = matches!(&*name, "created_at" | "updated_at");
        let docs =
            match (self.shape.comments.get(&format!("{}.{}", self.name, column.name)), &*name) {
                (Some(comment), _) => comment.clone(),
                (None, _) if is_made && is_key => MADE.to_owned(),
                (None, "created_at") if column.origin == Origin::Default => {
                    "When the row was inserted.".to_owned()
                }
                (None, "updated_at") if column.origin == Origin::Default => {
                    "When the row was last changed.".to_owned()
                }
                (None, _) => format!("The column `{name}`: {}.", readable(&column.data_type)),
            };
        let docs = if is_list { format!("{docs}\n{LIST}") } else { docs };
        let last = if is_made {
            MADE
        } else if column.origin != Origin::Nowhere && !column.nullable && !is_moment {
            HAS_DEFAULT
        } else {
            return docs;
        };
        if docs.lines().last() == Some(last) { docs } else { format!("{docs}\n{last}") }
    }

    /// SeaORM makes functions of it, `find_by_…` and others, as it does of a column that is unique by itself.
    fn joined(&self, key: &BTreeSet<String>) -> String {
        let names = |key: &BTreeSet<String>| -> String {
            key.iter().map(|column| self.field(column)).collect::<Vec<_>>().join("_")
        };
        let name = names(key);
        let is_column = self.table.columns.iter().any(|column| self.field(&column.name) == name);
        // Keys come in an order, and of those with one name the first has it as it is.
        let before = self.table.unique.iter().take_while(|known| *known != key);
        match before.filter(|known| known.len() > 1 && names(known) == name).count() {
            0 if !is_column => name,
            number => format!(
                "{name}_key{}",
                if number == 0 { String::new() } else { number.to_string() }
            ),
        }
    }
}
