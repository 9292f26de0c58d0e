//! A difference between entities and migrations.

use std::collections::BTreeSet;
use std::fmt;

/// A column, key, table or enum that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The object that differs, such as `users.email` or `primary key of organizations`.
    pub object: String,
    /// The definition in the migrations, such as `Option<String>`, or `None` if they do not create
    /// the object.
    pub migrations: Option<String>,
    /// The definition in the entity.
    pub entity: Option<String>,
    /// The modules that `make entities` changes because of the difference. These are the module of the table, and the
    /// modules that list all entities if the table is new or gone.
    pub modules: BTreeSet<String>,
}

impl Difference {
    pub(super) fn new(object: String, migrations: Option<String>, entity: Option<String>) -> Self {
        Self { object, migrations, entity, modules: BTreeSet::new() }
    }

    pub(super) fn missing_entity(object: String, migrations: &str) -> Self {
        Self::new(object, Some(migrations.to_owned()), None)
    }

    pub(super) fn missing_migration(object: String, entity: &str) -> Self {
        Self::new(object, None, Some(entity.to_owned()))
    }

    pub(super) fn in_modules<'m>(mut self, modules: impl IntoIterator<Item = &'m str>) -> Self {
        self.modules = modules.into_iter().map(str::to_owned).collect();
        self
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let object = &self.object;
        match (&self.migrations, &self.entity) {
            (Some(migrations), Some(entity)) => {
                write!(f, "{object}: {migrations} in the migrations, {entity} in the entity")
            }
            (Some(migrations), None) => {
                write!(f, "{object}: {migrations} in the migrations, missing from the entities")
            }
            (None, entity) => {
                let entity = entity.as_deref().unwrap_or("something");
                write!(f, "{object}: {entity} in the entity, missing from the migrations")
            }
        }
    }
}
