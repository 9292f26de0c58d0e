//! The columns of an entity.

use std::collections::BTreeSet;

use super::{Entity, docs, unique};
use crate::error::Error;
use crate::names::{camel, derives, field, plain};
use crate::shape::{ColumnShape, Origin};
use crate::types::{RustType, Types, readable};

impl Entity<'_> {
    /// The fields, and whether all of them can be compared without a doubt.
    pub(super) fn columns(&self) -> Result<(String, bool), Error> {
        if self.table.primary_key.is_empty() {
            return Err(Error::NoPrimaryKey(self.name.to_owned()));
        }
        let names = self.table.columns.iter().map(|column| &column.name);
        // SeaORM's `Column` has them as variants, in which `line_2` and `line2` are one.
        unique(names, |name| camel(&self.field(name)))?;
        let (mut text, mut is_eq) = (String::new(), true);
        for column in &self.table.columns {
            let types = Types { enums: self.enums, domains: &self.shape.domains };
            let rust = RustType::of(&column.data_type, types);
            let is_key = self.table.primary_key.contains(&column.name);
            if is_key && rust.name.starts_with("Vec<") && rust.name != "Vec<u8>" {
                let data_type = column.data_type.clone();
                return Err(Error::Key { table: self.name.to_owned(), data_type });
            }
            is_eq &= rust.is_eq();
            let attributes = self.attributes(column, &rust);
            text += &docs("///", &self.column_docs(column));
            if !attributes.is_empty() {
                text += &format!("#[sea_orm({})]\n", attributes.join(", "));
            }
            let field = self.field(&column.name);
            text += &match column.nullable {
                true => format!("pub {field}: Option<{}>,\n", rust.name),
                false => format!("pub {field}: {},\n", rust.name),
            };
        }
        Ok((text, is_eq))
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

    /// A model goes by the last line of it.
    fn column_docs(&self, column: &ColumnShape) -> String {
        const MADE: &str = "Made by the database.";
        let is_key = self.table.primary_key.contains(&column.name);
        let is_made = match column.origin {
            Origin::Generated => true,
            Origin::Default | Origin::Sequence => is_key,
            Origin::Nowhere => false,
        };
        let name = plain(&column.name);
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
        match docs.lines().last() {
            Some(MADE) => docs,
            _ if is_made => format!("{docs}\n{MADE}"),
            _ => docs,
        }
    }

    /// SeaORM makes an identifier of it.
    fn joined(&self, key: &BTreeSet<String>) -> String {
        let names: Vec<String> = key.iter().map(|column| self.field(column)).collect();
        names.join("_")
    }
}
