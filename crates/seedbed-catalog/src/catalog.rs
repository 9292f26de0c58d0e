//! What is in a database.

use std::collections::{BTreeMap, BTreeSet};

use crate::object::{Object, PartKind};
use crate::table::{Column, Table};

/// How a catalogue is read.
#[derive(Debug, Clone)]
pub struct Options {
    /// Names of tables that are left out, in whichever schema, with all that belongs to them. By
    /// default those in which Seedbed keeps its history and its log. A view of one stays.
    pub left_out: BTreeSet<String>,
}

impl Default for Options {
    fn default() -> Self {
        let ours = ["seaql_migrations", "seaql_seeds", "seedbed_log"];
        Self { left_out: ours.map(str::to_owned).into() }
    }
}

impl Options {
    /// Leaves no table out.
    #[must_use]
    pub fn everything() -> Self {
        Self { left_out: BTreeSet::new() }
    }
}

/// The objects of one database, each under its identity. Two are equal if they have the same objects
/// with the same definitions; where they are and who owns them does not count.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    pub(crate) tables: BTreeMap<String, Table>,
    /// All that is not a table or a column of one, as the statements that make it.
    pub(crate) objects: BTreeMap<Object, String>,
    /// What has to be there before, for tables, columns and objects.
    pub(crate) needs: BTreeMap<Object, BTreeSet<Object>>,
    pub(crate) not_seen: BTreeSet<String>,
    pub(crate) not_from_files: BTreeSet<String>,
    /// The columns of views, which follow from their queries: to be shown, and not to be compared.
    pub(crate) view_columns: BTreeMap<Object, Vec<Column>>,
}

impl Catalog {
    /// The tables, by their qualified names.
    #[must_use]
    pub fn tables(&self) -> &BTreeMap<String, Table> {
        &self.tables
    }

    /// Every object and part of one, with the text that is compared. The text of a column stands under
    /// the column, and not under its table.
    #[must_use]
    pub fn objects(&self) -> BTreeMap<Object, String> {
        let mut objects = self.objects.clone();
        for table in self.tables.values() {
            let object = table.object();
            for column in &table.columns {
                objects.insert(object.part(PartKind::Column, &column.name), column.summary());
            }
            objects.insert(object, table.summary());
        }
        objects
    }

    /// What is not written, and compared by its name only, such as `operator public.===`; the documentation of
    /// this crate has the list.
    #[must_use]
    pub fn not_seen(&self) -> &BTreeSet<String> {
        &self.not_seen
    }

    /// The same without what a file of it would make otherwise: its materialized views are not populated, as it holds
    /// no data, and the sequence that a column of an unlogged table owns is logged.
    #[must_use]
    pub fn as_from_file(mut self) -> Self {
        self.not_from_files.clear();
        self
    }
}

impl PartialEq for Catalog {
    fn eq(&self, other: &Self) -> bool {
        crate::diff(self, other).is_empty()
    }
}
