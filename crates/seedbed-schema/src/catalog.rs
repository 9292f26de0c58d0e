//! The objects of a database as values.

use std::collections::{BTreeMap, BTreeSet};

use crate::object::{Object, PartKind};
use crate::table::{Column, Table};

/// Options for reading a catalog.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The names of tables that are excluded, in every schema, with everything that belongs to
    /// them. The default is the tables in which Seedbed keeps its history and its log. A view over
    /// an excluded table is included.
    pub excluded_tables: BTreeSet<String>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        let ours = ["seaql_migrations", "seaql_seeds", "seedbed_log"];
        Self { excluded_tables: ours.map(str::to_owned).into() }
    }
}

impl ReadOptions {
    /// Returns options that exclude no table.
    #[must_use]
    pub fn include_all() -> Self {
        Self { excluded_tables: BTreeSet::new() }
    }
}

/// The objects of a database by their identity. Two catalogs are equal if they have the same
/// objects with the same definitions; names of databases and owners are not compared.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// The tables by their qualified names.
    pub tables: BTreeMap<String, Table>,
    /// The statements that create everything except tables and their columns.
    pub objects: BTreeMap<Object, String>,
    /// The objects that tables, columns and other objects depend on.
    pub dependencies: BTreeMap<Object, BTreeSet<Object>>,
    pub(crate) unsupported: BTreeSet<String>,
    pub(crate) runtime_state: BTreeSet<String>,
    /// The columns of views. They follow from the query of the view, so they are shown and not
    /// compared.
    pub view_columns: BTreeMap<Object, Vec<Column>>,
}

impl Catalog {
    /// Returns the tables by their qualified names.
    #[must_use]
    pub fn tables(&self) -> &BTreeMap<String, Table> {
        &self.tables
    }

    /// Returns every object and every part of one, with the text that is compared. The text of a
    /// column is under the column, and not under its table.
    #[must_use]
    pub fn objects(&self) -> BTreeMap<Object, String> {
        let mut objects = self.objects.clone();
        for table in self.tables.values() {
            let object = table.object();
            for column in &table.columns {
                objects
                    .insert(object.part(PartKind::Column, &column.name), column.definition_sql());
            }
            objects.insert(object, table.definition_sql());
        }
        objects
    }

    /// Returns the names of objects that this crate cannot write, such as `operator public.===`.
    /// They are compared by name only. The documentation of this crate lists them.
    #[must_use]
    pub fn unsupported(&self) -> &BTreeSet<String> {
        &self.unsupported
    }

    /// Returns the catalog without the state that an SQL file does not preserve: whether a
    /// materialized view is populated, and whether the sequence of a logged table's column is
    /// unlogged.
    #[must_use]
    pub fn without_runtime_state(mut self) -> Self {
        self.runtime_state.clear();
        self
    }
}

impl PartialEq for Catalog {
    fn eq(&self, other: &Self) -> bool {
        crate::diff(self, other).is_empty()
    }
}
