//! Names that SQL writes with a schema.

use std::fmt;

use seedbed_sql::quote_ident_if_needed as ident;
use serde::{Serialize, Serializer};

/// The schema-qualified name of an object. The schema and the name are unquoted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QualifiedName {
    /// The name of the schema.
    pub schema: String,
    /// The name within the schema.
    pub name: String,
}

impl QualifiedName {
    /// Returns the name of an object in a schema.
    #[must_use]
    pub fn new(schema: impl Into<String>, name: impl Into<String>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }

    /// Returns another name in the same schema.
    #[must_use]
    pub fn sibling(&self, name: impl Into<String>) -> Self {
        Self::new(self.schema.clone(), name)
    }
}

/// Writes the name as SQL: qualified, and quoted where needed.
impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", ident(&self.schema), ident(&self.name))
    }
}

impl Serialize for QualifiedName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
