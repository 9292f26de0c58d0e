//! Renders the columns of an entity.

use std::collections::BTreeSet;

use super::comments::doc_comment;
use super::entity::Entity;
use crate::names::derives;
use crate::schema::{EntityColumn, ValueSource};
use crate::types::sql;

/// The last line of a column's documentation if the database generates its value, or has a default for it.
const GENERATED: &str = "Made by the database.";
const HAS_DEFAULT: &str = "The database has a default for it.";
/// The limitation of arrays: SeaORM implements `TryGetable` for `Vec<T>`, but not for
/// `Vec<Option<T>>`.
const LIST_LIMITATION: &str = "A list with a NULL in it, or of lists, cannot be read.";

impl Entity<'_> {
    /// Returns the source of the fields, and whether all of them implement `Eq`.
    pub(super) fn columns(&self) -> (String, bool) {
        let (mut text, mut is_eq) = (String::new(), true);
        for column in &self.table.columns {
            is_eq &= column.rust.is_eq;
            let attributes = self.attributes(column);
            text += &doc_comment("///", &self.column_docs(column));
            if !attributes.is_empty() {
                text += &format!("#[sea_orm({})]\n", attributes.join(", "));
            }
            let (field, rust) = (&column.field, &column.rust.name);
            text += &match column.nullable {
                true => format!("pub {field}: Option<{rust}>,\n"),
                false => format!("pub {field}: {rust},\n"),
            };
        }
        (text, is_eq)
    }

    fn attributes(&self, column: &EntityColumn<'_>) -> Vec<String> {
        let mut attributes = Vec::new();
        if self.table.primary_key.contains(column.name) {
            attributes.push("primary_key".to_owned());
            if column.value_source != ValueSource::Sequence || self.table.primary_key.len() > 1 {
                attributes.push("auto_increment = false".to_owned());
            }
        }
        if !derives(&column.field, column.name) {
            attributes.push(format!("column_name = {:?}", column.name));
        }
        if let Some(column_type) = &column.rust.column_type {
            attributes.push(format!("column_type = {column_type:?}"));
            if let Some((read, written)) = &column.rust.casts {
                attributes.push(format!("select_as = {read:?}, save_as = {written:?}"));
            }
        }
        for key in self.table.unique.iter().filter(|key| key.contains(column.name)) {
            attributes.push(match key.len() {
                1 => "unique".to_owned(),
                _ => format!("unique_key = {:?}", self.unique_key_name(key)),
            });
        }
        attributes
    }

    fn column_docs(&self, column: &EntityColumn<'_>) -> String {
        let is_key = self.table.primary_key.contains(column.name);
        let is_generated = match column.value_source {
            ValueSource::Generated => true,
            ValueSource::Default | ValueSource::Sequence => is_key,
            ValueSource::None => false,
        };
        let name = column.name;
        let is_moment = matches!(name, "created_at" | "updated_at");
        let docs = match (column.comment, name) {
            (Some(comment), _) => comment.to_owned(),
            (None, _) if is_generated && is_key => GENERATED.to_owned(),
            (None, "created_at") if column.value_source == ValueSource::Default => {
                "When the row was inserted.".to_owned()
            }
            (None, "updated_at") if column.value_source == ValueSource::Default => {
                "When the row was last changed.".to_owned()
            }
            (None, _) => format!("The column `{name}`: {}.", sql(column.data_type)),
        };
        let is_list = column.rust.is_list;
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

    /// Returns the name of a composite unique key, which consists of the names of its fields.
    fn unique_key_name(&self, key: &BTreeSet<&str>) -> String {
        let field = |name: &str| {
            self.table
                .column(name)
                .map(|column| column.field.as_str())
                .unwrap_or_default()
                .to_owned()
        };
        let names = |key: &BTreeSet<&str>| -> String {
            key.iter().map(|column| field(column)).collect::<Vec<_>>().join("_")
        };
        let name = names(key);
        let is_column = self.table.columns.iter().any(|column| column.field == name);
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
