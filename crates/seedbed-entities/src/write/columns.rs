//! Renders the columns of an entity.

use std::collections::BTreeSet;

use super::{Entity, doc_comment};
use crate::entity_schema::{EntityColumn, ValueSource};
use crate::names::{derives, field, plain};
use crate::types::{RustType, UserTypes, readable};

/// The last line of a column's documentation if the database generates its value. The generator of
/// models relies on this line and on the next one to leave the column out of the arguments.
const GENERATED: &str = "Made by the database.";
const HAS_DEFAULT: &str = "The database has a default for it.";
/// The limitation of arrays: SeaORM implements `TryGetable` for `Vec<T>`, but not for
/// `Vec<Option<T>>`.
const LIST_LIMITATION: &str = "A list with a NULL in it, or of lists, cannot be read.";

impl Entity<'_> {
    /// Returns the fields, and whether all of them implement `Eq`.
    pub(super) fn columns(&self) -> (String, bool) {
        let (mut text, mut is_eq) = (String::new(), true);
        for column in &self.table.columns {
            let types = UserTypes { enums: self.enums, domains: &self.entity_schema.domains };
            let rust = RustType::from_sql(&column.data_type, types);
            is_eq &= rust.is_eq();
            let attributes = self.attributes(column, &rust);
            text += &doc_comment("///", &self.column_docs(column, rust.is_list()));
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

    fn attributes(&self, column: &EntityColumn, rust: &RustType) -> Vec<String> {
        let mut attributes = Vec::new();
        if self.table.primary_key.contains(&column.name) {
            attributes.push("primary_key".to_owned());
            if column.value_source != ValueSource::Sequence || self.table.primary_key.len() > 1 {
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
                _ => format!("unique_key = {:?}", self.unique_key_name(key)),
            });
        }
        attributes
    }

    fn column_docs(&self, column: &EntityColumn, is_list: bool) -> String {
        let is_key = self.table.primary_key.contains(&column.name);
        let is_generated = match column.value_source {
            ValueSource::Generated => true,
            ValueSource::Default | ValueSource::Sequence => is_key,
            ValueSource::None => false,
        };
        let name = plain(&column.name);
        let is_moment = matches!(&*name, "created_at" | "updated_at");
        let docs = match (
            self.entity_schema.comments.get(&format!("{}.{}", self.name, column.name)),
            &*name,
        ) {
            (Some(comment), _) => comment.clone(),
            (None, _) if is_generated && is_key => GENERATED.to_owned(),
            (None, "created_at") if column.value_source == ValueSource::Default => {
                "When the row was inserted.".to_owned()
            }
            (None, "updated_at") if column.value_source == ValueSource::Default => {
                "When the row was last changed.".to_owned()
            }
            (None, _) => format!("The column `{name}`: {}.", readable(&column.data_type)),
        };
        let docs = if is_list { format!("{docs}\n{LIST_LIMITATION}") } else { docs };
        let last = if is_generated {
            GENERATED
        } else if column.value_source != ValueSource::None && !column.nullable && !is_moment {
            HAS_DEFAULT
        } else {
            return docs;
        };
        if docs.lines().last() == Some(last) { docs } else { format!("{docs}\n{last}") }
    }

    /// Returns the name of a composite unique key, from which SeaORM derives names such as
    /// `find_by_…`.
    fn unique_key_name(&self, key: &BTreeSet<String>) -> String {
        let names = |key: &BTreeSet<String>| -> String {
            key.iter().map(|column| self.field(column)).collect::<Vec<_>>().join("_")
        };
        let name = names(key);
        let is_column = self.table.columns.iter().any(|column| self.field(&column.name) == name);
        // Of several keys with the same name, the first one keeps it.
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
