//! The description of an entity as values, for the code that is generated from it.

use std::collections::{BTreeMap, BTreeSet};

use seedbed_config::EntityOptions;
use seedbed_schema::model::{BaseType, DatabaseSchema};

use crate::error::Error;
use crate::inflection::singular;
use crate::schema::{
    EntityColumn, EntitySchema, EntityTable, SourceKind, ValueSource, hand_written_files,
};

/// The entity of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EntityDescription {
    /// The name of the entity's module.
    pub module: String,
    /// The comment on the table.
    pub comment: Option<String>,
    /// The fields in the order of the columns.
    pub fields: Vec<FieldDescription>,
    /// Whether a hand-written entity replaces the generated one.
    pub is_hand_written: bool,
}

/// A field of an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldDescription {
    /// The name of the field.
    pub name: String,
    /// The type of the field, without `Option`.
    pub rust_type: String,
    /// Whether the type of the field is an `Option`.
    pub is_optional: bool,
    /// Whether the field is a part of the primary key.
    pub is_key: bool,
    /// Whether a unique key that is not the primary key consists of this field alone.
    pub is_unique: bool,
    /// Whether the database sets a value if an `INSERT` gives none.
    pub has_default: bool,
    /// Whether the type is a `String`, and the column is of a type that accepts any text.
    pub is_text: bool,
    /// The enum, if the type is an enum or a list of one.
    pub enum_type: Option<FieldEnum>,
}

/// The enum of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldEnum {
    /// The name of the type.
    pub name: String,
    /// Whether the type has a variant for labels that are added later. Such a type is not `Copy` and has no `iter()`.
    pub has_other: bool,
}

/// Describes the entity of a table. `name` is the name of its module, in the singular or plural, or the name of the
/// table. Returns `None` if no table has such an entity. Does not check whether the file of the entity exists.
///
/// `by_hand` has the sources in [`HAND_WRITTEN_FOLDER`](crate::HAND_WRITTEN_FOLDER) by the names of their modules. The
/// fields of a hand-written entity are described as if it were generated.
///
/// # Errors
/// Fails if the settings do not match the schema.
pub fn describe(
    schema: &DatabaseSchema,
    options: &EntityOptions,
    by_hand: &BTreeMap<String, String>,
    name: &str,
) -> Result<Option<EntityDescription>, Error> {
    let by_hand = hand_written_files(by_hand);
    let schema = EntitySchema::new(schema, options, &by_hand)?;
    let find = |has_name: &dyn Fn(&EntityTable<'_>) -> bool| {
        let mut tables = schema.tables.values().filter(|table| table.kind == SourceKind::Table);
        tables.find(|table| has_name(table))
    };
    let table = find(&|table| table.module == name)
        .or_else(|| find(&|table| table.module == singular(name)))
        .or_else(|| find(&|table| table.name.name == name));
    Ok(table.map(|table| EntityDescription::new(table, &schema)))
}

impl EntityDescription {
    fn new(table: &EntityTable<'_>, schema: &EntitySchema<'_>) -> Self {
        // Only the author of the entity knows which columns identify a row of a table without a primary key.
        let declared = table.origin.declared().into_iter().flat_map(|entity| &entity.fields);
        let declared_key: BTreeSet<&str> =
            declared.filter(|field| field.is_key).map(|field| field.column.as_str()).collect();
        let key = if table.primary_key.is_empty() { &declared_key } else { &table.primary_key };
        let field = |column: &EntityColumn<'_>| FieldDescription {
            name: column.field.clone(),
            rust_type: column.rust.name.clone(),
            is_optional: column.nullable,
            is_key: key.contains(column.name),
            is_unique: table.unique.contains(&BTreeSet::from([column.name])),
            has_default: column.value_source != ValueSource::None,
            is_text: is_text(column),
            enum_type: schema.enum_of(column).map(|entity_enum| FieldEnum {
                name: entity_enum.type_name.clone(),
                has_other: entity_enum.has_other,
            }),
        };
        Self {
            module: table.module.clone(),
            comment: table.comment.map(str::to_owned),
            fields: table.columns.iter().map(field).collect(),
            is_hand_written: !table.origin.is_generated(),
        }
    }
}

/// Returns whether every text is a value of the column. A type that is only read and written as text may refuse some
/// texts.
fn is_text(column: &EntityColumn<'_>) -> bool {
    let is_citext = !column.data_type.is_array
        && matches!(&column.data_type.base, BaseType::Extension { extension, .. } if extension == "citext");
    column.rust.name == "String" && (column.rust.casts.is_none() || is_citext)
}
