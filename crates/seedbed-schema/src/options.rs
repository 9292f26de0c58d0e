//! What is read.

use std::collections::BTreeSet;

/// Options for reading a schema.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The names of tables that are excluded, in every schema, with everything that belongs to
    /// them. The default is the tables in which Seedbed keeps its history and its log. A view over
    /// an excluded table is included.
    pub excluded_tables: BTreeSet<String>,
    /// How the server writes definitions and expressions.
    pub style: DefinitionStyle,
}

/// How the server writes definitions and expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DefinitionStyle {
    /// The same text on every server: every name has its schema.
    #[default]
    Canonical,
    /// Text for people, such as in a generated script: a name has a schema only if the search path of
    /// the session requires it, and there are fewer parentheses. Schemas that are read so cannot be
    /// compared.
    Readable,
}

impl Default for ReadOptions {
    fn default() -> Self {
        let ours = ["seaql_migrations", "seaql_seeds", "seedbed_log"];
        Self { excluded_tables: ours.map(str::to_owned).into(), style: DefinitionStyle::Canonical }
    }
}

impl ReadOptions {
    /// Returns options that exclude no table.
    #[must_use]
    pub fn include_all() -> Self {
        Self { excluded_tables: BTreeSet::new(), ..Self::default() }
    }
}
