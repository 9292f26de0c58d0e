//! Reads a catalog from a server, with one module for each group of object kinds.

mod collations;
mod columns;
mod constraints;
mod dependencies;
mod functions;
mod indexes;
mod privileges;
mod relations;
mod standalone;
mod triggers;
mod types;
mod unsupported;

use std::collections::{BTreeSet, HashMap};

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use crate::catalog::{Catalog, ReadOptions};
use crate::error::Error;
use crate::name::unqualified;
use crate::normalize::array_casts;
use crate::object::{Aspect, Object, ObjectKind, PartKind};

/// The settings, local to the transaction, that influence the expressions that the server writes.
const SETTINGS: &str = "\
    SELECT set_config('search_path', '', true), set_config('quote_all_identifiers', 'off', true), \
    set_config('DateStyle', 'ISO, YMD', true), set_config('IntervalStyle', 'postgres', true), \
    set_config('TimeZone', 'UTC', true), set_config('bytea_output', 'hex', true), \
    set_config('extra_float_digits', '1', true), \
    set_config('standard_conforming_strings', 'on', true), \
    current_setting('server_version_num')::int4 AS version";

impl Catalog {
    /// Reads the objects of the connection's database.
    ///
    /// It uses one read-only transaction, which sees a single state of the database. It takes no
    /// lock that blocks other sessions, and needs no privilege except CONNECT.
    ///
    /// # Errors
    /// Fails if the connection is already in a transaction or lost, or if the schema changes at
    /// that moment.
    pub async fn read(connection: &mut PgConnection, options: &ReadOptions) -> Result<Self, Error> {
        let failed = |source| Error::Read { what: "objects", source };
        // The driver would also refuse, but roll the open transaction back.
        if connection.is_in_transaction() {
            return Err(Error::InTransaction);
        }
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let mut transaction = connection.begin_with(begin).await.map_err(failed)?;
        let catalog = Self::read_inside(&mut transaction, options).await?;
        transaction.rollback().await.map_err(failed)?;
        Ok(catalog)
    }

    async fn read_inside(
        connection: &mut PgConnection,
        options: &ReadOptions,
    ) -> Result<Self, Error> {
        let mut reader = Reader {
            connection,
            version: 0,
            ids: HashMap::new(),
            identity_tables: HashMap::new(),
            unknown: Vec::new(),
            catalog: Self::default(),
        };
        let row = reader.rows("the settings", SETTINGS).await?.pop();
        let row = row.ok_or(sqlx::Error::RowNotFound);
        let version = row.and_then(|row| row.try_get("version"));
        reader.version = version.map_err(|source| Error::Read { what: "the version", source })?;
        // Objects come first, so that later queries find them by their ids.
        reader.schemas().await?;
        reader.extensions().await?;
        reader.collations().await?;
        reader.types().await?;
        reader.functions().await?;
        reader.relations().await?;
        reader.columns().await?;
        reader.constraints().await?;
        reader.indexes().await?;
        reader.parents().await?;
        reader.triggers().await?;
        reader.triggers_of_partitions().await?;
        reader.rules().await?;
        reader.policies().await?;
        reader.statistics().await?;
        reader.event_triggers().await?;
        reader.default_privileges().await?;
        reader.comments().await?;
        reader.privileges().await?;
        reader.dependencies().await?;
        reader.unsupported().await?;
        let (mut catalog, unknown) = (reader.catalog, reader.unknown);
        catalog.exclude_tables(&options.excluded_tables);
        let is_in = |object: &Object| {
            object.kind != ObjectKind::Table || catalog.tables.contains_key(&object.name)
        };
        let names = unknown.into_iter().filter(|(object, _)| is_in(object)).map(|(_, name)| name);
        catalog.unsupported.extend(names);
        Ok(catalog)
    }

    /// Removes tables with their parts and the sequences that they own.
    fn exclude_tables(&mut self, names: &BTreeSet<String>) {
        if names.is_empty() {
            return;
        }
        let is_out = |table: &str| names.contains(&unqualified(table));
        let owned: BTreeSet<Object> = self
            .dependencies
            .iter()
            .filter(|(object, dependencies)| {
                let is_said =
                    object.kind == ObjectKind::Sequence && object.aspect != Aspect::Definition;
                (object.part_kind() == Some(PartKind::OwnedBy) || is_said)
                    && dependencies.iter().any(|dependency| {
                        dependency.kind == ObjectKind::Table && is_out(&dependency.name)
                    })
            })
            .map(|(object, _)| object.root())
            .collect();
        self.tables.retain(|name, _| !is_out(name));
        self.objects.retain(|object, _| {
            !(object.kind == ObjectKind::Table && is_out(&object.name)
                || owned.contains(&object.root()))
        });
    }
}

/// The location of an object in the system catalog: the table, the oid, and the number of a column.
type Id = (String, i64, i32);

/// The state of reading a catalog.
struct Reader<'c> {
    connection: &'c mut PgConnection,
    version: i32,
    ids: HashMap<Id, Object>,
    /// The table of each sequence that belongs to an identity column.
    identity_tables: HashMap<Object, Object>,
    /// Names of options that this version does not know, each with the table or view that has it.
    unknown: Vec<(Object, String)>,
    catalog: Catalog,
}

/// Returns the value of a column of a row; the error says what was read.
macro_rules! get {
    ($row:expr, $column:literal, $what:expr) => {
        sqlx::Row::try_get(&$row, $column)
            .map_err(|source| crate::error::Error::Read { what: $what, source })?
    };
}
use get;

impl Reader<'_> {
    /// Runs a query in one round trip without preparing it, because there may be a pooler.
    async fn rows(&mut self, what: &'static str, sql: &str) -> Result<Vec<PgRow>, Error> {
        let query = sqlx::raw_sql(AssertSqlSafe(sql));
        self.connection.fetch_all(query).await.map_err(|source| Error::Read { what, source })
    }

    /// Registers the id of an object; an oid of 0 means that there is none.
    fn register(&mut self, class: &str, oid: i64, sub: i32, object: &Object) {
        if oid != 0 {
            self.ids.insert((class.to_owned(), oid, sub), object.clone());
        }
    }

    fn find(&self, class: &str, oid: i64, sub: i32) -> Option<Object> {
        self.ids.get(&(class.to_owned(), oid, sub)).cloned()
    }

    /// Adds an object with a definition that the server has written.
    fn add(&mut self, object: Object, sql: String) {
        self.add_verbatim(object, array_casts::distribute_casts(sql));
    }

    /// Adds an object with a definition that a user has written, such as the body of a function.
    fn add_verbatim(&mut self, object: Object, sql: String) {
        self.catalog.objects.insert(object, sql);
    }

    fn add_dependency(&mut self, object: &Object, needed: &Object) {
        self.catalog.dependencies.entry(object.clone()).or_default().insert(needed.clone());
    }
}

/// The condition on `n` for schemas of users.
const USER_SCHEMAS: &str = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/// Returns the condition that an object is not part of an extension.
fn not_of_extension(class: &str, oid: &str) -> String {
    format!(
        "NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{class}'::regclass \
         AND e.objid = {oid} AND e.deptype = 'e')"
    )
}
