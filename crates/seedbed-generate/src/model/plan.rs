//! The columns that a model's functions take, and the key with which its test looks up a missing row.

use seedbed_entities::{EntityDescription, FieldDescription};

use super::ModelError;

/// The Rust types that the key of a model may have, each with the source of a value that no row of a test has.
const MISSING_VALUES: &[(&str, &str)] = &[
    ("Uuid", "Uuid::nil()"),
    ("String", "\"nowhere\""),
    ("i16", "-1"),
    ("i32", "-1"),
    ("i64", "-1"),
    ("bool", "false"),
    ("Decimal", "Decimal::NEGATIVE_ONE"),
    ("Date", "Date::default()"),
    ("Time", "Time::default()"),
    ("DateTime", "DateTime::default()"),
    ("DateTimeWithTimeZone", "DateTimeWithTimeZone::default()"),
];

/// A model of an entity.
#[derive(Debug)]
pub(super) struct ModelPlan<'e> {
    pub(super) entity: &'e EntityDescription,
    /// The fields of the primary key.
    pub(super) keys: Vec<&'e FieldDescription>,
    /// The fields that a new row needs and for which the database has no default.
    pub(super) required: Vec<&'e FieldDescription>,
}

/// A value of a new row that no other row may have.
#[derive(Debug, Clone, Copy)]
pub(super) enum Unique<'e> {
    /// The text of a column with a unique constraint.
    Text(&'e FieldDescription),
    /// The primary key.
    Key,
}

impl<'e> ModelPlan<'e> {
    /// Plans the model of an entity.
    ///
    /// # Errors
    /// Fails if the entity has no key, or a key of a type that is not supported.
    pub(super) fn new(entity: &'e EntityDescription) -> Result<Self, ModelError> {
        let keys: Vec<_> = entity.fields.iter().filter(|field| field.is_key).collect();
        if keys.is_empty() {
            return Err(ModelError::NoKey(entity.module.clone()));
        }
        if let Some(key) = keys.iter().find(|key| !is_supported_key(key)) {
            return Err(ModelError::Key {
                entity: entity.module.clone(),
                field: key.name.clone(),
                rust: key.rust_type.clone(),
            });
        }
        let required =
            entity.fields.iter().filter(|field| !field.has_default && !field.is_optional);
        Ok(Self { entity, keys, required: required.collect() })
    }

    /// Returns the value that no other row may have, if the caller of `create` gives exactly one such value. If the
    /// database then reports a duplicate, the error can name this value.
    pub(super) fn unique(&self) -> Option<Unique<'e>> {
        let texts =
            self.required.iter().filter(|field| field.is_unique && field.rust_type == "String");
        let is_given = self.required.iter().any(|field| field.is_key);
        let mut unique =
            texts.map(|field| Unique::Text(field)).chain(is_given.then_some(Unique::Key));
        unique.next().filter(|_| unique.next().is_none())
    }

    /// Returns whether SeaORM generates another `find_by_id`, because a unique column that is not the key is named
    /// `id`.
    pub(super) fn has_another_id(&self) -> bool {
        self.entity
            .fields
            .iter()
            .any(|field| field.name == "id" && field.is_unique && !field.is_key)
    }
}

/// Returns the enums of the fields, sorted.
pub(super) fn enums<'e>(fields: &[&'e FieldDescription]) -> Vec<&'e str> {
    let mut enums: Vec<&str> = fields
        .iter()
        .filter_map(|field| field.enum_type.as_ref())
        .map(|field_enum| field_enum.name.as_str())
        .collect();
    enums.sort_unstable();
    enums.dedup();
    enums
}

/// Returns the name of the argument for a field. The argument for the connection is already named `db`.
pub(super) fn argument(field: &FieldDescription) -> &str {
    if field.name == "db" { "db_value" } else { &field.name }
}

/// Returns the source of a key that no row of a test has. Returns `None` for a type without such a value, and for an
/// enum, of which the test takes the first value.
pub(super) fn missing_value(key: &FieldDescription) -> Option<&'static str> {
    let known = MISSING_VALUES.iter().find(|(rust, _)| *rust == key.rust_type);
    known.filter(|_| key.rust_type != "String" || key.is_text).map(|(_, value)| *value)
}

/// Returns whether a test can name a value of the key. An enum that accepts unknown labels has no `iter()`.
fn is_supported_key(key: &FieldDescription) -> bool {
    let is_enum = |field: &FieldDescription| {
        field.enum_type.as_ref().is_some_and(|field_enum| !field_enum.has_other)
    };
    missing_value(key).is_some() || is_enum(key)
}
