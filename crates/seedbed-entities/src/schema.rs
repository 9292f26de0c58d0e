//! The part of a schema that entities express, with its names in Rust.

mod enums;
mod names;
mod origin;
mod settings;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use seedbed_config::{EntityOptions, ViewOptions};
use seedbed_schema::model::{BaseType, DatabaseSchema, QualifiedName, View};

pub(crate) use self::enums::EntityEnum;
pub(crate) use self::origin::EntityOrigin;
pub(crate) use self::table::{EntityColumn, EntityTable, ForeignKey, SourceKind, ValueSource};

use crate::declared::{self, DeclaredEntity, HandWrittenContent};
use crate::error::Error;
use crate::types::TypeMap;
use crate::warning::EntityWarning;

/// The tables, views and enums that have an entity or a type in Rust.
#[derive(Debug)]
pub(crate) struct EntitySchema<'s> {
    pub(crate) tables: BTreeMap<&'s QualifiedName, EntityTable<'s>>,
    pub(crate) enums: BTreeMap<&'s QualifiedName, EntityEnum<'s>>,
    /// The modules of tables that have no entity.
    pub(crate) skipped_modules: BTreeSet<String>,
    pub(crate) warnings: Vec<EntityWarning>,
}

/// A hand-written file.
#[derive(Debug, Clone)]
pub(crate) struct HandWrittenFile {
    pub(crate) content: HandWrittenContent,
    /// The entity, if the file has one that can be read.
    pub(crate) entity: Option<DeclaredEntity>,
}

/// The hand-written files by the names of their modules.
pub(crate) type HandWrittenFiles = BTreeMap<String, HandWrittenFile>;

/// Reads the hand-written files from their sources.
pub(crate) fn hand_written_files(sources: &BTreeMap<String, String>) -> HandWrittenFiles {
    let files = sources.iter().map(|(module, source)| {
        let content = HandWrittenContent::from_source(source);
        let entity = declared::entity(source).filter(|_| content == HandWrittenContent::Entity);
        (module.clone(), HandWrittenFile { content, entity })
    });
    files.collect()
}

impl<'s> EntitySchema<'s> {
    pub(crate) fn new(
        schema: &'s DatabaseSchema,
        options: &'s EntityOptions,
        hand_written_files: &HandWrittenFiles,
    ) -> Result<Self, Error> {
        settings::ensure_known(schema, options)?;
        let mut warnings = Vec::new();
        let enums = enums::new(schema, options, &mut warnings);
        let types = TypeMap { enums: &enums, domains: &schema.domains, chosen: &options.types };
        let mut tables = BTreeMap::new();
        for table in schema.tables.values().filter(|table| table.partition_of.is_none()) {
            let settings = settings::find(&options.tables, &table.name);
            tables.insert(&table.name, EntityTable::new(table, settings, types));
        }
        for view in schema.views.values() {
            if let Some(settings) = settings::find(&options.views, &view.name) {
                tables.insert(&view.name, EntityTable::from_view(view, settings, types));
            }
        }
        let mut schema = Self { tables, enums, skipped_modules: BTreeSet::new(), warnings };
        schema.take_over_hand_written(hand_written_files);
        schema.skip_tables_without_key();
        schema.skip_same_names();
        schema.skip_foreign_keys_without_entity();
        schema.warn_about_infinity();
        Ok(schema)
    }

    /// Returns the enum type of a column, or of its elements if the column is an array.
    pub(crate) fn enum_of(&self, column: &EntityColumn<'_>) -> Option<&EntityEnum<'s>> {
        let BaseType::Enum(name) = &column.innermost.base else { return None };
        self.enums.get(name).filter(|entity_enum| column.rust.mentions(&entity_enum.type_name))
    }

    /// Assigns to each table with a hand-written entity the module of its file.
    fn take_over_hand_written(&mut self, hand_written_files: &HandWrittenFiles) {
        let entities = hand_written_files
            .iter()
            .filter(|(_, file)| file.content == HandWrittenContent::Entity);
        for (module, file) in entities {
            let table = match &file.entity {
                Some(entity) => self.tables.get_mut(&entity.table),
                None => self.tables.values_mut().find(|table| table.module == *module),
            };
            if let Some(table) = table {
                table.module.clone_from(module);
                table.origin = match &file.entity {
                    Some(entity) => EntityOrigin::HandWritten(entity.clone()),
                    None => EntityOrigin::Unreadable,
                };
            }
        }
    }

    fn skip_tables_without_key(&mut self) {
        let skipped: Vec<EntityWarning> =
            self.tables.values().filter_map(EntityTable::reason_to_skip).collect();
        for warning in skipped {
            let (EntityWarning::NoPrimaryKey(table)
            | EntityWarning::TooManyKeyColumns { table, .. }
            | EntityWarning::UnsupportedKeyType { table, .. }) = &warning
            else {
                continue;
            };
            self.skip(table);
            self.warnings.push(warning);
        }
    }

    /// Removes a table, which gets no entity.
    fn skip(&mut self, name: &QualifiedName) {
        if let Some(table) = self.tables.remove(name) {
            self.skipped_modules.insert(table.module);
        }
    }

    fn skip_same_names(&mut self) {
        for warning in names::same_modules(&self.tables) {
            if let EntityWarning::SameModule { tables, .. } = &warning {
                tables.iter().for_each(|table| self.skip(table));
            }
            self.warnings.push(warning);
        }
        for warning in names::same_fields(&self.tables) {
            if let EntityWarning::SameField { table, .. } = &warning {
                self.skip(table);
            }
            self.warnings.push(warning);
        }
    }

    /// Removes the foreign keys to tables that have no entity, or whose hand-written entity lacks a referenced column
    /// or cannot be read.
    fn skip_foreign_keys_without_entity(&mut self) {
        let columns_of_entities: BTreeMap<&QualifiedName, BTreeSet<String>> = self
            .tables
            .iter()
            .map(|(name, table)| {
                let columns = match &table.origin {
                    EntityOrigin::Generated => {
                        table.columns.iter().map(|column| column.name.to_owned()).collect()
                    }
                    EntityOrigin::HandWritten(entity) => {
                        entity.fields.iter().map(|field| field.column.clone()).collect()
                    }
                    EntityOrigin::Unreadable => BTreeSet::new(),
                };
                (*name, columns)
            })
            .collect();
        for table in self.tables.values_mut() {
            table.foreign_keys.retain(|key| {
                columns_of_entities
                    .get(key.table)
                    .is_some_and(|columns| key.to.iter().all(|column| columns.contains(*column)))
            });
        }
    }

    fn warn_about_infinity(&mut self) {
        let generated = self.tables.values().filter(|table| table.origin.is_generated());
        let warnings: Vec<EntityWarning> =
            generated.flat_map(EntityTable::warnings_about_infinity).collect();
        self.warnings.extend(warnings);
    }
}

/// Returns the columns of a view without settings.
pub(crate) fn columns_of_view<'s>(view: &'s View, types: TypeMap<'_>) -> Vec<EntityColumn<'s>> {
    EntityTable::from_view(view, &ViewOptions::default(), types).columns
}
