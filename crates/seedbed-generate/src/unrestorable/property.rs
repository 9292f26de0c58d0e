//! The properties that a script does not restore, and their names in messages.

use std::fmt;

use seedbed_schema::model::Object;
use seedbed_sql::quote_ident_if_needed as quote_if_needed;

/// A property that a script does not restore.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Property {
    AccessMethod,
    ClusterOrder,
    Comment(Object),
    Compression,
    DisabledCheck,
    /// Another object that is dropped too.
    DroppedObject(Object),
    ExtensionDependency {
        object: Object,
        extension: String,
    },
    Firing,
    Grants,
    Inheritance,
    InvalidIndex,
    /// A NOT NULL with a name that a user chose, since PostgreSQL 18.
    NamedNotNull,
    NotNullNotValid,
    NotNullNoInherit,
    Options,
    /// An owner other than the given role, which would own the recreated object.
    Owner(String),
    Partitions,
    PartitionsOrInheritance,
    ReplicaIdentity,
    RowSecurity,
    RowType,
    Schema {
        /// The schema of the object.
        schema: String,
        /// The first schema of the search path, in which the object would be recreated.
        new_objects_in: String,
    },
    SecurityLabel,
    StatisticsTarget,
    Storage,
    StorageParameters,
    Tablespace,
    Unlogged,
}

/// A property, and the part of the object that has it, if it is not the object itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unrestorable {
    pub(crate) property: Property,
    pub(crate) part: Option<String>,
}

impl From<Property> for Unrestorable {
    fn from(property: Property) -> Self {
        Self { property, part: None }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessMethod => "an access method",
            Self::ClusterOrder => "the order of CLUSTER",
            Self::Comment(object) => return write!(f, "a comment on the {object}"),
            Self::Compression => "compression",
            Self::DisabledCheck => "a disabled check",
            Self::DroppedObject(object) => return write!(f, "{object}"),
            Self::ExtensionDependency { object, extension } => {
                let extension = quote_if_needed(extension);
                return write!(f, "the dependency of the {object} on the extension {extension}");
            }
            Self::Firing => "the firing state",
            Self::Grants => "grants",
            Self::Inheritance => "inheritance",
            Self::InvalidIndex => "the invalid state",
            Self::NamedNotNull => "a named NOT NULL",
            Self::NotNullNotValid => "an unvalidated NOT NULL",
            Self::NotNullNoInherit => "a NOT NULL with NO INHERIT",
            Self::Options => "options",
            Self::Owner(role) => {
                return write!(f, "an owner that is not {}", quote_if_needed(role));
            }
            Self::Partitions => "partitions",
            Self::PartitionsOrInheritance => "partitions or inheritance",
            Self::ReplicaIdentity => "a replica identity",
            Self::RowSecurity => "row security",
            Self::RowType => "the type of a typed table",
            Self::Schema { schema, new_objects_in } => {
                let (schema, first) = (quote_if_needed(schema), quote_if_needed(new_objects_in));
                return write!(f, "the schema {schema}, while new objects are created in {first}");
            }
            Self::SecurityLabel => "a security label",
            Self::StatisticsTarget => "a statistics target",
            Self::Storage => "storage",
            Self::StorageParameters => "storage parameters",
            Self::Tablespace => "a tablespace",
            Self::Unlogged => "no write-ahead log",
        })
    }
}

impl fmt::Display for Unrestorable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.property)?;
        match &self.part {
            Some(part) => write!(f, " of {part}"),
            None => Ok(()),
        }
    }
}
