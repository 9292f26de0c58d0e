//! Renders an entity.

use std::collections::BTreeSet;

use seedbed_config::EntityOptions;

use super::comments::doc_comment;
use super::derives::derives;
use super::{HAND_WRITTEN_FOLDER, HEADER};
use crate::names::schema_unless_public;
use crate::schema::{EntitySchema, EntityTable, SourceKind};

/// An entity and the schema around it.
pub(super) struct EntitySource<'e> {
    pub(super) table: &'e EntityTable<'e>,
    pub(super) schema: &'e EntitySchema<'e>,
    pub(super) options: &'e EntityOptions,
    /// Whether a hand-written file extends the entity.
    pub(super) is_extended: bool,
}

impl EntitySource<'_> {
    pub(super) fn render(&self) -> String {
        let table = &self.table.name.name;
        let heading = match self.table.comment {
            Some(comment) => format!("`{table}`: {comment}"),
            None => format!("`{table}`."),
        };
        let mut text = doc_comment("//!", &heading);
        text += &format!("{HEADER}\nuse sea_orm::entity::prelude::*;\n\n");
        for name in self.enums_used() {
            text += &format!("pub use super::enums::{name};\n");
        }
        if self.is_extended {
            text += &format!(
                "\n#[path = \"../{HAND_WRITTEN_FOLDER}/{}.rs\"]\nmod {HAND_WRITTEN_FOLDER};\n",
                self.table.module
            );
        }
        text += &self.model();
        text += &self.relations();
        if self.table.kind == SourceKind::View {
            text += &self.read_only();
        } else if !self.is_extended {
            text += "\nimpl ActiveModelBehavior for ActiveModel {}\n";
        }
        text
    }

    fn model(&self) -> String {
        let table = &self.table.name.name;
        let (columns, is_eq) = self.columns();
        let own: &[&str] = match is_eq {
            true => &["Clone", "Debug", "PartialEq", "Eq"],
            false => &["Clone", "Debug", "PartialEq"],
        };
        let docs = doc_comment("///", &format!("A row of `{table}`."));
        let derives = derives(own, self.options, &self.options.model_derives, "DeriveEntityModel");
        let schema = schema_unless_public(self.table.name)
            .map(|schema| format!("schema_name = {schema:?}, "));
        format!(
            "\n{docs}{derives}#[sea_orm({}table_name = {table:?})]\npub struct Model {{\n{columns}}}\n",
            schema.unwrap_or_default()
        )
    }

    /// Returns the implementation of `ActiveModelBehavior` for a view, which refuses to write. Returns nothing if a
    /// hand-written file implements the trait.
    fn read_only(&self) -> String {
        let message = format!("`{}` is a view, and its entity is read-only", self.table.name.name);
        let error = format!("Err(DbErr::Custom({message:?}.to_owned()))");
        if self.is_extended { String::new() } else { read_only_behavior(&error) }
    }

    fn enums_used(&self) -> BTreeSet<&str> {
        let used = self.table.columns.iter().filter_map(|column| self.schema.enum_of(column));
        used.map(|entity_enum| entity_enum.type_name.as_str()).collect()
    }
}

fn read_only_behavior(error: &str) -> String {
    format!(
        "
#[async_trait::async_trait]
impl ActiveModelBehavior for ActiveModel {{
    async fn before_save<C: ConnectionTrait>(self, _db: &C, _insert: bool) -> Result<Self, DbErr> {{
        {error}
    }}

    async fn before_delete<C: ConnectionTrait>(self, _db: &C) -> Result<Self, DbErr> {{
        {error}
    }}
}}
"
    )
}
