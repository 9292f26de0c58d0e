//! Reads the catalogue: one file for each group of kinds.

mod collations;
mod columns;
mod constraints;
mod functions;
mod indexes;
mod needs;
mod not_seen;
mod others;
mod privileges;
mod relations;
mod tables;
mod types;

use std::collections::{BTreeSet, HashMap};

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

use crate::array_text;
use crate::catalog::{Catalog, Options};
use crate::error::Error;
use crate::name::unqualified;
use crate::object::{Aspect, Kind, Object, PartKind};

/// What every expression that the server writes out depends on. Local to the transaction.
const SETTINGS: &str = "\
    SELECT set_config('search_path', '', true), set_config('quote_all_identifiers', 'off', true), \
    set_config('DateStyle', 'ISO, YMD', true), set_config('IntervalStyle', 'postgres', true), \
    set_config('TimeZone', 'UTC', true), set_config('bytea_output', 'hex', true), \
    set_config('extra_float_digits', '1', true), \
    set_config('standard_conforming_strings', 'on', true), \
    current_setting('server_version_num')::int4 AS version";

impl Catalog {
    /// Reads what is in the database of that connection.
    ///
    /// In one read-only transaction of its own, which sees one state of the database; takes no lock
    /// that anybody would wait for, and needs no right but to connect.
    ///
    /// # Errors
    /// When the connection is in a transaction already, or lost, or the schema changes at that moment.
    pub async fn read(connection: &mut PgConnection, options: &Options) -> Result<Self, Error> {
        let failed = |source| Error::Read { what: "anything", source };
        // The driver would refuse as well, and roll the open one back.
        if connection.is_in_transaction() {
            return Err(Error::InTransaction);
        }
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let mut transaction = connection.begin_with(begin).await.map_err(failed)?;
        let catalog = Self::read_inside(&mut transaction, options).await?;
        transaction.rollback().await.map_err(failed)?;
        Ok(catalog)
    }

    async fn read_inside(connection: &mut PgConnection, options: &Options) -> Result<Self, Error> {
        let mut reader = Reader {
            connection,
            version: 0,
            ids: HashMap::new(),
            made_with: HashMap::new(),
            unknown: Vec::new(),
            catalog: Self::default(),
        };
        let row = reader.rows("the settings", SETTINGS).await?.pop();
        let row = row.ok_or(sqlx::Error::RowNotFound);
        let version = row.and_then(|row| row.try_get("version"));
        reader.version = version.map_err(|source| Error::Read { what: "the version", source })?;
        // Things first, so that what comes after finds them by their ids.
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
        reader.needs().await?;
        reader.not_seen().await?;
        let (mut catalog, unknown) = (reader.catalog, reader.unknown);
        catalog.leave_out(&options.left_out);
        let is_in = |object: &Object| {
            object.kind != Kind::Table || catalog.tables.contains_key(&object.name)
        };
        let names = unknown.into_iter().filter(|(object, _)| is_in(object)).map(|(_, name)| name);
        catalog.not_seen.extend(names);
        Ok(catalog)
    }

    /// Takes tables out, with their parts and the sequences that they own.
    fn leave_out(&mut self, names: &BTreeSet<String>) {
        if names.is_empty() {
            return;
        }
        let is_out = |table: &str| names.contains(&unqualified(table));
        let owned: BTreeSet<Object> = self
            .needs
            .iter()
            .filter(|(object, needs)| {
                let is_said = object.kind == Kind::Sequence && object.aspect != Aspect::Definition;
                (object.part_kind() == Some(PartKind::OwnedBy) || is_said)
                    && needs.iter().any(|need| need.kind == Kind::Table && is_out(&need.name))
            })
            .map(|(object, _)| object.whole())
            .collect();
        self.tables.retain(|name, _| !is_out(name));
        self.objects.retain(|object, _| {
            !(object.kind == Kind::Table && is_out(&object.name) || owned.contains(&object.whole()))
        });
    }
}

/// Where an object is in the system catalogue: the table of it, its oid, and the number of a column.
type Id = (String, i64, i32);

/// What was read so far.
struct Reader<'c> {
    connection: &'c mut PgConnection,
    version: i32,
    ids: HashMap<Id, Object>,
    /// The table of each sequence that an identity column has.
    made_with: HashMap<Object, Object>,
    /// The names of what only a newer server knows, each with the table or view that has it.
    unknown: Vec<(Object, String)>,
    catalog: Catalog,
}

/// The value of a column of a row; the error says what was read.
macro_rules! get {
    ($row:expr, $column:literal, $what:expr) => {
        sqlx::Row::try_get(&$row, $column)
            .map_err(|source| crate::error::Error::Read { what: $what, source })?
    };
}
use get;

impl Reader<'_> {
    /// One round trip, and nothing prepared: a pooler may be in between.
    async fn rows(&mut self, what: &'static str, sql: &str) -> Result<Vec<PgRow>, Error> {
        let query = sqlx::raw_sql(AssertSqlSafe(sql));
        self.connection.fetch_all(query).await.map_err(|source| Error::Read { what, source })
    }

    /// An oid of 0 is none.
    fn known(&mut self, class: &str, oid: i64, sub: i32, object: &Object) {
        if oid != 0 {
            self.ids.insert((class.to_owned(), oid, sub), object.clone());
        }
    }

    fn find(&self, class: &str, oid: i64, sub: i32) -> Option<Object> {
        self.ids.get(&(class.to_owned(), oid, sub)).cloned()
    }

    /// Adds an object as the server has written it out.
    fn add(&mut self, object: Object, sql: String) {
        self.add_as_it_is(object, array_text::casts_inside(sql));
    }

    /// Adds an object whose text is a person's, such as the body of a function.
    fn add_as_it_is(&mut self, object: Object, sql: String) {
        self.catalog.objects.insert(object, sql);
    }

    fn need(&mut self, object: &Object, needed: &Object) {
        self.catalog.needs.entry(object.clone()).or_default().insert(needed.clone());
    }
}

/// The schemas of users, as a condition on `n`.
const OF_USERS: &str = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/// That something is not a part of an extension, as a condition.
fn not_of_extension(class: &str, oid: &str) -> String {
    format!(
        "NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{class}'::regclass \
         AND e.objid = {oid} AND e.deptype = 'e')"
    )
}
