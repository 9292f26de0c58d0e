//! The section `[entities]`.

use std::collections::BTreeMap;

use super::section::{Section, SectionError};

/// The options for generating entities.
///
/// Tables, views and enums are named as in the database, without quotes. A name outside the schema `public` has its
/// schema in front: `"billing.invoices"`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct EntityOptions {
    /// The traits of serde that the rows and the enums derive.
    pub serde: SerdeDerives,
    /// More derives of each `Model`, by their paths.
    pub model_derives: Vec<String>,
    /// More derives of each enum, by their paths.
    pub enum_derives: Vec<String>,
    /// The types of fields by the type of their column, such as `jsonb`.
    pub types: BTreeMap<String, EntityFieldType>,
    /// The options of tables by name.
    pub tables: BTreeMap<String, TableOptions>,
    /// The views that get an entity, by name.
    pub views: BTreeMap<String, ViewOptions>,
    /// The options of enums by name.
    pub enums: BTreeMap<String, EnumOptions>,
}

/// The traits of serde that are derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the words are serde's own")]
pub enum SerdeDerives {
    #[default]
    None,
    Serialize,
    Deserialize,
    Both,
}

/// The options of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct TableOptions {
    /// The name of the entity's module, instead of the singular of the table's name.
    pub name: Option<String>,
    /// The options of columns by name.
    pub columns: BTreeMap<String, ColumnOptions>,
}

/// The options of a column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ColumnOptions {
    /// The name of the field.
    pub name: Option<String>,
    /// The type of the field.
    pub field_type: Option<EntityFieldType>,
}

/// The type of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntityFieldType {
    /// A `String`. The server converts the value to text and back without loss.
    Text,
    /// A type in Rust, such as `Time` or `crate::Money`. The type is read from the value that the driver returns for
    /// the column, or from text if the driver does not know the type of the column.
    Rust(String),
}

/// A view that gets an entity.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ViewOptions {
    /// The name of the entity's module and the options of its columns.
    pub table: TableOptions,
    /// The columns that identify a row.
    pub key: Vec<String>,
    /// The columns that are never null, besides those of the key. The server does not know this for a view.
    pub required: Vec<String>,
}

/// The options of an enum.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct EnumOptions {
    /// The name of the type.
    pub name: Option<String>,
    /// Whether the type has a variant for labels that are added later.
    pub other: bool,
}

impl EntityOptions {
    pub(super) fn parse(section: &Section<'_>) -> Result<Self, SectionError> {
        section.ensure_only_keys(&[
            "serde",
            "model_derives",
            "enum_derives",
            "types",
            "tables",
            "views",
            "enums",
        ])?;
        let mut options = Self {
            serde: SerdeDerives::parse(section)?,
            model_derives: section.texts("model_derives")?,
            enum_derives: section.texts("enum_derives")?,
            ..Self::default()
        };
        if let Some(types) = section.section("types")? {
            for name in types.keys() {
                if let Some(field_type) = EntityFieldType::parse(&types, &name)? {
                    options.types.insert(name, field_type);
                }
            }
        }
        for (name, table) in section.sections("tables")? {
            table.ensure_only_keys(&["name", "columns"])?;
            options.tables.insert(name, TableOptions::parse(&table)?);
        }
        for (name, view) in section.sections("views")? {
            view.ensure_only_keys(&["name", "columns", "key", "required"])?;
            let view = ViewOptions {
                table: TableOptions::parse(&view)?,
                key: view.texts("key")?,
                required: view.texts("required")?,
            };
            options.views.insert(name, view);
        }
        for (name, enum_section) in section.sections("enums")? {
            enum_section.ensure_only_keys(&["name", "other"])?;
            let enum_options = EnumOptions {
                name: enum_section.text("name")?,
                other: enum_section.flag("other")?.unwrap_or_default(),
            };
            options.enums.insert(name, enum_options);
        }
        Ok(options)
    }
}

impl SerdeDerives {
    fn parse(section: &Section<'_>) -> Result<Self, SectionError> {
        let serde = section.value(
            "serde",
            "\"none\", \"serialize\", \"deserialize\" or \"both\"",
            |item| match item.as_str()? {
                "none" => Some(Self::None),
                "serialize" => Some(Self::Serialize),
                "deserialize" => Some(Self::Deserialize),
                "both" => Some(Self::Both),
                _ => None,
            },
        )?;
        Ok(serde.unwrap_or_default())
    }
}

impl TableOptions {
    fn parse(section: &Section<'_>) -> Result<Self, SectionError> {
        let mut table = Self { name: section.text("name")?, columns: BTreeMap::new() };
        for (name, column) in section.sections("columns")? {
            column.ensure_only_keys(&["name", "type"])?;
            let column = ColumnOptions {
                name: column.text("name")?,
                field_type: EntityFieldType::parse(&column, "type")?,
            };
            table.columns.insert(name, column);
        }
        Ok(table)
    }
}

impl EntityFieldType {
    fn parse(section: &Section<'_>, key: &str) -> Result<Option<Self>, SectionError> {
        section.value(key, "\"text\" or a type in Rust", |item| {
            Some(match item.as_str()? {
                "text" => Self::Text,
                rust => Self::Rust(rust.to_owned()),
            })
        })
    }
}
