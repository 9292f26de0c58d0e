//! Generates the files of the entities.

mod columns;
mod enums;
mod module_list;
mod relations;

use std::collections::{BTreeMap, BTreeSet};

use seedbed_catalog::Catalog;

use crate::entity_schema::{EntitySchema, EntityTable};
use crate::error::{Error, NameCollision};
use crate::names::{camel, enum_type_name, field, generated_type_names, module, plain, schema};
use crate::skipped_table::SkippedTable;

/// The folder of hand-written files beside the generated ones. Its file `user.rs` belongs to the
/// entity `user`: it implements `ActiveModelBehavior` and may add methods to `Model`. With a
/// `DeriveEntityModel` it replaces the generated entity.
pub const HAND_WRITTEN_FOLDER: &str = "by_hand";

/// The content of a file in [`HAND_WRITTEN_FOLDER`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandWritten {
    /// An extension of a generated entity.
    Extension,
    /// A complete entity, which replaces a generated one or exists without one.
    Entity,
}

impl HandWritten {
    /// Detects the content from the source of the file.
    #[must_use]
    pub fn from_source(text: &str) -> Self {
        if text.contains("DeriveEntityModel") { Self::Entity } else { Self::Extension }
    }
}

const HEADER: &str = "// GeneratedEntities by `make entities` from the migrated schema: edit the migrations, and not this file.";

/// A file that is not formatted yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityFile {
    /// The name of the file in the folder.
    pub name: String,
    /// The source of the file.
    pub text: String,
}

/// The generated entities of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedEntities {
    /// All files of the folder.
    pub files: Vec<EntityFile>,
    /// The tables that have neither a generated nor a hand-written entity.
    pub skipped: Vec<SkippedTable>,
}

/// Generates the entities of all tables. `by_hand` has the entities with a file in
/// [`HAND_WRITTEN_FOLDER`].
///
/// # Errors
/// Fails if several objects of the schema have the same name in Rust, or if a hand-written file
/// does not belong to a table.
pub fn write_entities(
    migrated: &Catalog,
    by_hand: &BTreeMap<String, HandWritten>,
) -> Result<GeneratedEntities, Error> {
    let mut entity_schema = EntitySchema::new(migrated);
    let is_hand_written = |name: &String| by_hand.get(name) == Some(&HandWritten::Entity);
    let mut skipped = entity_schema.without_entity();
    skipped.retain(|name, _| !is_hand_written(&module(name)));
    entity_schema.without(skipped.keys());
    let (names, modules) = rust_names(&entity_schema, &is_hand_written)?;
    let mut files = Vec::new();
    for (name, module) in &modules {
        if let Some(table) = entity_schema.tables.get(name).filter(|_| !is_hand_written(module)) {
            let entity = Entity {
                name,
                module,
                table,
                entity_schema: &entity_schema,
                enums: &names,
                by_hand,
            };
            files.push(EntityFile { name: format!("{module}.rs"), text: entity.render() });
        }
    }
    let is_known =
        |name: &String| modules.values().any(|module| module == name) || is_hand_written(name);
    if let Some(part) = by_hand.keys().find(|name| !is_known(name)) {
        return Err(Error::UnknownTable(part.clone()));
    }
    if !names.is_empty() {
        files.push(EntityFile {
            name: "enums.rs".to_owned(),
            text: enums::render(&entity_schema, &names),
        });
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    let all: BTreeMap<&String, bool> = (modules.values().map(|name| (name, false)))
        .chain(by_hand.keys().filter(|name| is_hand_written(name)).map(|name| (name, true)))
        .collect();
    let enums: BTreeSet<&String> = names.values().collect();
    files.push(EntityFile { name: "mod.rs".to_owned(), text: module_list::render(&all, &enums) });
    Ok(GeneratedEntities { files, skipped: skipped.into_values().collect() })
}

type Names = BTreeMap<String, String>;

/// Returns the Rust names of the enums and the tables, or all collisions at once.
fn rust_names(
    entity_schema: &EntitySchema,
    is_hand_written: &impl Fn(&String) -> bool,
) -> Result<(Names, Names), Error> {
    let enums: Names =
        entity_schema.enums.keys().map(|name| (name.clone(), enum_type_name(name))).collect();
    let modules: Names =
        entity_schema.tables.keys().map(|name| (name.clone(), module(name))).collect();
    let mut same = Vec::new();
    let beside = enums.iter().flat_map(|(name, rust)| {
        let beside = generated_type_names(rust).map(|rust| (rust, name));
        beside.into_iter().chain([(rust.clone(), name)])
    });
    same.extend(name_collisions("enums", beside));
    let in_rust = modules.iter().map(|(name, module)| (module.clone(), name));
    // A relation's variant has the name of the table, and `line_2` and `line2` are the same
    // variant.
    same.extend(name_collisions("tables", in_rust.map(|(module, name)| (camel(&module), name))));
    for (name, table) in &entity_schema.tables {
        let module = &modules[name];
        if is_hand_written(module) {
            continue;
        }
        let columns = table.columns.iter().map(|column| {
            // SeaORM's `Column` has a variant for each field.
            (camel(&field(&column.name, module)), &column.name)
        });
        same.extend(name_collisions(&format!("columns of {name}"), columns));
    }
    if same.is_empty() { Ok((enums, modules)) } else { Err(Error::NameCollisions(same)) }
}

/// Returns the SQL names that are the same name in Rust.
fn name_collisions<'n>(
    scope: &str,
    names: impl Iterator<Item = (String, &'n String)>,
) -> impl Iterator<Item = NameCollision> {
    let mut known: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    for (rust, name) in names {
        known.entry(rust).or_default().insert(name);
    }
    let same = known.into_iter().filter(|(_, names)| names.len() > 1);
    same.map(move |(rust_name, names)| NameCollision {
        scope: scope.to_owned(),
        names: names.into_iter().cloned().collect(),
        rust_name,
    })
}

/// An entity and the schema around it.
struct Entity<'e> {
    name: &'e str,
    module: &'e str,
    table: &'e EntityTable,
    entity_schema: &'e EntitySchema,
    /// The Rust names of the enums by their SQL names.
    enums: &'e BTreeMap<String, String>,
    by_hand: &'e BTreeMap<String, HandWritten>,
}

impl Entity<'_> {
    fn render(&self) -> String {
        let by_hand = self.by_hand.contains_key(self.module);
        let table = plain(self.name);
        let comment = self.entity_schema.comments.get(self.name);
        let heading = match comment {
            Some(comment) => format!("`{table}`: {comment}"),
            None => format!("`{table}`."),
        };
        let mut text = doc_comment("//!", &heading);
        text += &format!("{HEADER}\nuse sea_orm::entity::prelude::*;\n\n");
        let (columns, is_eq) = self.columns();
        for name in self.enums_used() {
            text += &format!("pub use super::enums::{name};\n");
        }
        if by_hand {
            text += &format!(
                "\n#[path = \"../{HAND_WRITTEN_FOLDER}/{}.rs\"]\nmod {HAND_WRITTEN_FOLDER};\n",
                self.module
            );
        }
        text += &format!(
            "\n{}#[sea_orm::model]\n",
            doc_comment("///", &format!("A row of `{table}`."))
        );
        let eq = if is_eq { "Eq, " } else { "" };
        text += &format!("#[derive(Clone, Debug, PartialEq, {eq}DeriveEntityModel)]\n");
        let schema = schema(self.name).map(|schema| format!("schema_name = {schema:?}, "));
        text += &format!("#[sea_orm({}table_name = {table:?})]\n", schema.unwrap_or_default());
        text += &format!("pub struct Model {{\n{columns}{}}}\n", self.relations());
        if !by_hand {
            text += "\nimpl ActiveModelBehavior for ActiveModel {}\n";
        }
        text
    }

    fn enums_used(&self) -> BTreeSet<&String> {
        let types =
            self.table.columns.iter().map(|column| self.entity_schema.innermost(&column.data_type));
        types.filter_map(|data_type| self.enums.get(data_type)).collect()
    }
}

/// Returns a text as a doc comment, line by line. A database comment must not start a code block,
/// which would be compiled and run as a test.
fn doc_comment(sign: &str, text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace("```", "\\`\\`\\`").replace("~~~", "\\~\\~\\~");
    let text = text.replace(|c: char| is_forbidden(c) && c != '\n', " ");
    // Four spaces would start a code block too.
    let line = |line: &str| {
        line.split_whitespace().fold(sign.to_owned(), |line, word| line + " " + word) + "\n"
    };
    text.lines().map(line).collect()
}

/// Returns whether a character is not allowed in a Rust comment: control characters, and those that
/// change the direction of writing.
fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::doc_comment;

    #[test]
    fn a_database_comment_never_becomes_code() {
        for (text, expected) in [
            ("a\r\n\n b  c", "/// a\n///\n/// b c\n"),
            ("\tlet x;\n>     let y;\n-      let z;", "/// let x;\n/// > let y;\n/// - let z;\n"),
            ("```rust\n~~~~", "/// \\`\\`\\`rust\n/// \\~\\~\\~~\n"),
            ("a\rb\u{202e}c\u{2066}", "/// a b c\n"),
            ("*/ /* \\ \"", "/// */ /* \\ \"\n"),
        ] {
            assert_eq!(doc_comment("///", text), expected);
        }
    }
}
