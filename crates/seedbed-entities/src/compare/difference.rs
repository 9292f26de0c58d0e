//! A difference between entities and migrations.

use std::fmt;

/// A column, key, table or enum that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The object that differs, such as `users.email` or `primary key of organizations`.
    pub what: String,
    /// The definition in the migrations, such as `Option<String>`, or `None` if they do not create
    /// the object.
    pub migrations: Option<String>,
    /// The definition in the entity.
    pub entity: Option<String>,
}

impl Difference {
    pub(super) fn missing_entity(what: String, migrations: &str) -> Self {
        Self { what, migrations: Some(migrations.to_owned()), entity: None }
    }

    pub(super) fn missing_migration(what: String, entity: &str) -> Self {
        Self { what, migrations: None, entity: Some(entity.to_owned()) }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = &self.what;
        match (&self.migrations, &self.entity) {
            (Some(migrations), Some(entity)) => {
                write!(f, "{what}: {migrations} in the migrations, {entity} in the entity")
            }
            (Some(migrations), None) => {
                write!(f, "{what}: {migrations} in the migrations, missing in the entities")
            }
            (None, entity) => {
                let entity = entity.as_deref().unwrap_or("something");
                write!(f, "{what}: {entity} in the entity, missing in the migrations")
            }
        }
    }
}
