//! The files of the entities.

mod columns;
mod enums;
mod list;
mod relations;

use std::collections::{BTreeMap, BTreeSet};

use seedbed_catalog::Catalog;

use crate::error::{Error, SameName};
use crate::left_out::LeftOut;
use crate::names::{camel, field, module, plain, schema, type_of, types_beside};
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
    /// Returns which of the two a source file is. A comment or a string that mentions `DeriveEntityModel` does not count.
    #[must_use]
    pub fn of(source: &str) -> Self {
        const DERIVE: &str = "DeriveEntityModel";
        // rustc reports a source that does not lex. Until it is fixed, any mention of the derive macro counts.
        let is_entity = seedbed_files::contains_identifier(source, DERIVE)
            .unwrap_or_else(|| source.contains(DERIVE));
        if is_entity { Self::Whole } else { Self::Part }
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

/// The entities of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// All files of the folder.
    pub files: Vec<File>,
    /// The tables that have no entity, neither here nor by hand.
    pub left_out: Vec<LeftOut>,
}

/// Writes the entities of all tables. `by_hand` names the entities that have a file in
/// [`HAND_WRITTEN`].
///
/// # Errors
/// When two names of the schema are one in Rust, or a file written by hand belongs to no table.
pub fn write(migrated: &Catalog, by_hand: &BTreeMap<String, ByHand>) -> Result<Written, Error> {
    let mut shape = Shape::of(migrated);
    let whole = |name: &String| by_hand.get(name) == Some(&ByHand::Whole);
    let mut left_out = shape.without_entity();
    left_out.retain(|name, _| !whole(&module(name)));
    shape.without(left_out.keys());
    let (names, modules) = named(&shape, &whole)?;
    let mut files = Vec::new();
    for (name, module) in &modules {
        if let Some(table) = shape.tables.get(name).filter(|_| !whole(module)) {
            let entity = Entity { name, module, table, shape: &shape, enums: &names, by_hand };
            files.push(File { name: format!("{module}.rs"), text: entity.text() });
        }
    }
    let is_known = |name: &String| modules.values().any(|module| module == name) || whole(name);
    if let Some(part) = by_hand.keys().find(|name| !is_known(name)) {
        return Err(Error::NoTable(part.clone()));
    }
    if !names.is_empty() {
        files.push(File { name: "enums.rs".to_owned(), text: enums::text(&shape, &names) });
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    let all: BTreeMap<&String, bool> = (modules.values().map(|name| (name, false)))
        .chain(by_hand.keys().filter(|name| whole(name)).map(|name| (name, true)))
        .collect();
    let enums: BTreeSet<&String> = names.values().collect();
    files.push(File { name: "mod.rs".to_owned(), text: list::text(&all, &enums) });
    Ok(Written { files, left_out: left_out.into_values().collect() })
}

type Names = BTreeMap<String, String>;

/// The enums and the tables with their names in Rust; all that would have one name are told at once.
fn named(shape: &Shape, whole: &impl Fn(&String) -> bool) -> Result<(Names, Names), Error> {
    let enums: Names = shape.enums.keys().map(|name| (name.clone(), type_of(name))).collect();
    let modules: Names = shape.tables.keys().map(|name| (name.clone(), module(name))).collect();
    let mut same = Vec::new();
    let beside = enums.iter().flat_map(|(name, rust)| {
        let beside = types_beside(rust).map(|rust| (rust, name));
        beside.into_iter().chain([(rust.clone(), name)])
    });
    same.extend(same_names("enums", beside));
    let in_rust = modules.iter().map(|(name, module)| (module.clone(), name));
    // A relation has the name of a table as a variant, in which `line_2` and `line2` are one.
    same.extend(same_names("tables", in_rust.map(|(module, name)| (camel(&module), name))));
    for (name, table) in &shape.tables {
        let module = &modules[name];
        if whole(module) {
            continue;
        }
        let columns = table.columns.iter().map(|column| {
            // SeaORM's `Column` has them as variants, too.
            (camel(&field(&column.name, module)), &column.name)
        });
        same.extend(same_names(&format!("columns of {name}"), columns));
    }
    if same.is_empty() { Ok((enums, modules)) } else { Err(Error::SameNames(same)) }
}

/// Those of the names that are one in Rust.
fn same_names<'n>(
    of: &str,
    names: impl Iterator<Item = (String, &'n String)>,
) -> impl Iterator<Item = SameName> {
    let mut known: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    for (rust, name) in names {
        known.entry(rust).or_default().insert(name);
    }
    let same = known.into_iter().filter(|(_, names)| names.len() > 1);
    same.map(move |(name, names)| SameName {
        of: of.to_owned(),
        names: names.into_iter().cloned().collect(),
        name,
    })
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
    fn text(&self) -> String {
        let by_hand = self.by_hand.contains_key(self.module);
        let table = plain(self.name);
        let comment = self.shape.comments.get(self.name);
        let heading = match comment {
            Some(comment) => format!("`{table}`: {comment}"),
            None => format!("`{table}`."),
        };
        let mut text = docs("//!", &heading);
        text += &format!("{WRITTEN}\nuse sea_orm::entity::prelude::*;\n\n");
        let (columns, is_eq) = self.columns();
        for name in self.enums_used() {
            text += &format!("pub use super::enums::{name};\n");
        }
        if by_hand {
            text += &format!(
                "\n#[path = \"../{HAND_WRITTEN}/{}.rs\"]\nmod {HAND_WRITTEN};\n",
                self.module
            );
        }
        text += &format!("\n{}#[sea_orm::model]\n", docs("///", &format!("A row of `{table}`.")));
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
        let types = self.table.columns.iter().map(|column| self.shape.innermost(&column.data_type));
        types.filter_map(|data_type| self.enums.get(data_type)).collect()
    }
}

/// A text as documentation, line by line. In a comment of the database nothing is Rust: no line of it begins a
/// block of code, which would be compiled and run as a test.
fn docs(sign: &str, text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace("```", "\\`\\`\\`").replace("~~~", "\\~\\~\\~");
    let text = text.replace(|c: char| has_no_place(c) && c != '\n', " ");
    // Four spaces would be such a block, too.
    let line = |line: &str| {
        line.split_whitespace().fold(sign.to_owned(), |line, word| line + " " + word) + "\n"
    };
    text.lines().map(line).collect()
}

/// What has no place in a comment of Rust: a bare carriage return for example, and what turns the direction of
/// writing, which rustc refuses.
fn has_no_place(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{ByHand, docs};

    #[test]
    fn a_comment_about_the_derive_macro_does_not_make_a_file_an_entity() {
        let entity = "#[derive(Clone, DeriveEntityModel)]\npub struct Model {}";
        assert_eq!(ByHand::of(entity), ByHand::Whole);
        let part = "// The generated file has DeriveEntityModel.\nimpl Model {\n    /* DeriveEntityModel */ }";
        assert_eq!(ByHand::of(part), ByHand::Part);
        assert_eq!(ByHand::of("impl Model { /* DeriveEntityModel"), ByHand::Whole);
    }

    #[test]
    fn a_comment_of_the_database_is_text_and_never_code() {
        for (text, expected) in [
            ("a\r\n\n b  c", "/// a\n///\n/// b c\n"),
            ("\tlet x;\n>     let y;\n-      let z;", "/// let x;\n/// > let y;\n/// - let z;\n"),
            ("```rust\n~~~~", "/// \\`\\`\\`rust\n/// \\~\\~\\~~\n"),
            ("a\rb\u{202e}c\u{2066}", "/// a b c\n"),
            ("*/ /* \\ \"", "/// */ /* \\ \"\n"),
        ] {
            assert_eq!(docs("///", text), expected);
        }
    }
}
