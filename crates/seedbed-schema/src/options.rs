//! The options for reading a schema.

use std::collections::BTreeSet;

/// Options for reading a schema.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The names of tables that are excluded, in every schema, with everything that belongs to
    /// them. The default is the tables in which Seedbed keeps its history and its log. A view over
    /// an excluded table is included.
    pub excluded_tables: BTreeSet<String>,
    /// The style in which the server writes definitions and expressions.
    pub style: DefinitionStyle,
}

/// The style in which the server writes definitions and expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DefinitionStyle {
    /// The text is the same on every server, and every name has its schema.
    #[default]
    Canonical,
    /// The text is for people, as in a generated script. A name has a schema only if the search path of the session
    /// requires it, and there are fewer parentheses. Schemas that were read in this style cannot be compared.
    Readable,
}

impl Default for ReadOptions {
    fn default() -> Self {
        let excluded_tables = seedbed_sql::OWN_TABLES.map(str::to_owned).into();
        Self { excluded_tables, style: DefinitionStyle::Canonical }
    }
}

impl ReadOptions {
    /// Returns options that exclude no table.
    #[must_use]
    pub fn include_all() -> Self {
        Self { excluded_tables: BTreeSet::new(), ..Self::default() }
    }
}
