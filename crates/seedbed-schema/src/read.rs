//! Reads the schema of a database, with one module for each group of object kinds.

mod columns;
mod constraints;
mod dependencies;
mod functions;
mod indexes;
mod privileges;
mod relations;
mod sequences;
mod standalone;
mod text_search;
mod triggers;
mod types;
mod unsupported;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures_util::TryStreamExt as _;
use futures_util::stream::BoxStream;
use sqlx::postgres::{PgRow, Postgres};
use sqlx::{AssertSqlSafe, Connection as _, Decode, Executor as _, PgConnection, Row as _, Type};

use crate::error::Error;
use crate::model::{
    BaseType, DatabaseSchema, Grant, Object, ObjectKind, QualifiedName, Unsupported,
};
use crate::normalize::Normalizer;
use crate::options::{DefinitionStyle, ReadOptions};

/// Reads the user, the search path, the encoding and the version of the server.
const SETTINGS: &str = "\
    SELECT current_user::text AS user, current_schemas(false)::text[] AS search_path, \
    (SELECT pg_encoding_to_char(encoding)::text FROM pg_database WHERE datname = current_database()) \
    AS encoding, current_setting('server_version_num')::int4 AS version";
/// Sets, for this transaction only, the settings that influence how the server prints expressions. JIT is off, because
/// compiling a query takes longer than executing it.
const NEUTRAL_SETTINGS: &str = "\
    SELECT set_config('quote_all_identifiers', 'off', true), \
    set_config('DateStyle', 'ISO, YMD', true), set_config('IntervalStyle', 'postgres', true), \
    set_config('TimeZone', 'UTC', true), set_config('bytea_output', 'hex', true), \
    set_config('extra_float_digits', '1', true), \
    set_config('standard_conforming_strings', 'on', true), \
    set_config('jit', 'off', true)";
/// Reads the names of columns and functions of users whose type is an array or a domain over an array, and whether
/// everything with the name has such a type.
const ARRAY_NAMES: &str = "\
    SELECT name, bool_and(is_array) AS is_always FROM ( \
      SELECT a.attname::text AS name, t.typcategory = 'A' AS is_array FROM pg_attribute a \
      JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid >= 16384 AND a.attnum > 0 \
      UNION ALL SELECT p.proname::text, t.typcategory = 'A' OR t.typname IN ('anyarray', 'anycompatiblearray') \
      FROM pg_proc p JOIN pg_type t ON t.oid = p.prorettype WHERE p.oid >= 16384) x \
    GROUP BY name HAVING bool_or(is_array)";
const EMPTY_SEARCH_PATH: &str = "SELECT set_config('search_path', '', true)";

impl DatabaseSchema {
    /// Reads the schema of the connection's database.
    ///
    /// Reads in one read-only transaction, which sees a single state of the database. Takes no lock that blocks other
    /// sessions, and needs no privilege except CONNECT.
    ///
    /// # Errors
    /// Fails if the connection is already in a transaction or lost, or if the schema changes while it is read.
    pub async fn read(connection: &mut PgConnection, options: &ReadOptions) -> Result<Self, Error> {
        let failed = |source| Error::Read { objects: "objects", source };
        // The driver would also fail, but would roll the open transaction back.
        if connection.is_in_transaction() {
            return Err(Error::InTransaction);
        }
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let mut transaction = connection.begin_with(begin).await.map_err(failed)?;
        let schema = Reader::new(options.style).read(&mut transaction).await?;
        transaction.rollback().await.map_err(failed)?;
        Ok(schema.without_tables(&options.excluded_tables))
    }

    /// Removes the named tables, the sequences that they own, and the dependencies of both.
    fn without_tables(mut self, names: &BTreeSet<String>) -> Self {
        if names.is_empty() {
            return self;
        }
        let is_excluded = |name: &QualifiedName| names.contains(&name.name);
        self.tables.retain(|name, _| !is_excluded(name));
        let is_owned = |owner: &Option<(QualifiedName, String)>| {
            owner.as_ref().is_some_and(|(table, _)| is_excluded(table))
        };
        let sequences: BTreeSet<QualifiedName> = self
            .sequences
            .extract_if(.., |_, sequence| is_owned(&sequence.owned_by))
            .map(|(name, _)| name)
            .collect();
        let is_removed = |object: &Object| match (object.kind, object.qualified_name()) {
            (ObjectKind::Table, Some(name)) => is_excluded(&name),
            (ObjectKind::Sequence, Some(name)) => sequences.contains(&name),
            _ => false,
        };
        self.dependencies.retain(|object, _| !is_removed(object));
        for dependencies in self.dependencies.values_mut() {
            dependencies.retain(|object, _| !is_removed(object));
        }
        self.unsupported.retain(|one, _| match one {
            Unsupported::Option { relation, .. }
            | Unsupported::Tablespace(relation)
            | Unsupported::RowTypeComment(relation) => !is_excluded(relation),
            Unsupported::DisabledCheck { table, .. } => !is_excluded(table),
            Unsupported::SequencePersistence(name) => !sequences.contains(name),
            Unsupported::SecurityLabel { object, .. } => !is_removed(object),
            _ => true,
        });
        self
    }
}

/// The oids of the system catalogs, which are the same in every version.
mod class {
    pub(super) const TYPE: i64 = 1247;
    pub(super) const RELATION: i64 = 1259;
    pub(super) const FUNCTION: i64 = 1255;
    pub(super) const DEFAULT: i64 = 2604;
    pub(super) const CONSTRAINT: i64 = 2606;
    pub(super) const NAMESPACE: i64 = 2615;
    pub(super) const REWRITE: i64 = 2618;
    pub(super) const TRIGGER: i64 = 2620;
    pub(super) const EXTENSION: i64 = 3079;
    pub(super) const POLICY: i64 = 3256;
    pub(super) const PUBLICATION_TABLE: i64 = 6106;
    pub(super) const STATISTICS: i64 = 3381;
    pub(super) const COLLATION: i64 = 3456;
    pub(super) const EVENT_TRIGGER: i64 = 3466;
    pub(super) const TEXT_SEARCH_DICTIONARY: i64 = 3600;
    pub(super) const TEXT_SEARCH_CONFIGURATION: i64 = 3602;
}

/// The address of an object in the system catalogs, as in `pg_depend`: the oid of the catalog, the oid of the row, and
/// the number of a column, or 0 for the whole object.
type CatalogAddress = (i64, i64, i32);

/// The state of reading a schema.
struct Reader {
    style: DefinitionStyle,
    version: i32,
    normalizer: Normalizer,
    /// The objects that were read so far.
    ids: HashMap<CatalogAddress, Object>,
    /// The comments on all objects. A comment is removed from the map when its object is read.
    comments: HashMap<CatalogAddress, String>,
    /// The privileges on all objects. An entry is removed from the map when its object is read.
    privileges: HashMap<CatalogAddress, Vec<Grant>>,
    /// The types of columns, domains and attributes by oid, and whether each is an array.
    types: HashMap<i64, (BaseType, bool)>,
    schema: DatabaseSchema,
}

/// A row of a query, and the objects that the query reads.
struct QueryRow {
    row: PgRow,
    objects: &'static str,
}

/// The rows of a query, which are handled while the server sends the next ones.
struct Rows<'c> {
    stream: BoxStream<'c, Result<PgRow, sqlx::Error>>,
    objects: &'static str,
}

/// Runs a query in one round trip. The query is not a prepared statement, because a connection pooler such as PgBouncer
/// may not support prepared statements.
fn fetch<'c>(connection: &'c mut PgConnection, objects: &'static str, sql: &str) -> Rows<'c> {
    let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    Rows { stream: connection.fetch(query), objects }
}

impl Rows<'_> {
    async fn next(&mut self) -> Result<Option<QueryRow>, Error> {
        let objects = self.objects;
        let row = self.stream.try_next().await;
        let row = row.map_err(|source| Error::Read { objects, source })?;
        Ok(row.map(|row| QueryRow { row, objects }))
    }

    async fn all(mut self) -> Result<Vec<QueryRow>, Error> {
        let mut rows = Vec::new();
        while let Some(row) = self.next().await? {
            rows.push(row);
        }
        Ok(rows)
    }
}

impl QueryRow {
    fn get<'r, T: Decode<'r, Postgres> + Type<Postgres>>(
        &'r self,
        column: &str,
    ) -> Result<T, Error> {
        self.row.try_get(column).map_err(|source| Error::Read { objects: self.objects, source })
    }

    /// Returns the name in the columns `schema` and `name`.
    fn name(&self) -> Result<QualifiedName, Error> {
        let (schema, name): (String, String) = (self.get("schema")?, self.get("name")?);
        Ok(QualifiedName { schema, name })
    }

    /// Returns the name in a column that contains an array of the schema and the name.
    fn optional_name(&self, column: &str) -> Result<Option<QualifiedName>, Error> {
        let pair: Option<Vec<String>> = self.get(column)?;
        Ok(pair.and_then(|pair| {
            let [schema, name] = <[String; 2]>::try_from(pair).ok()?;
            Some(QualifiedName { schema, name })
        }))
    }

    /// Returns the options in a column with texts such as `fillfactor=70`. An option whose name begins with `pg_` is
    /// skipped: PostgreSQL's documentation reserves such names for the server, which since November 2026 stores the
    /// version of a row type as `pg_attver`. This version differs between databases.
    fn options(&self, column: &str) -> Result<BTreeMap<String, String>, Error> {
        let stored: Vec<String> = self.get(column)?;
        let stored = stored.iter().filter(|option| !option.starts_with("pg_"));
        let pairs = stored.map(|option| option.split_once('=').unwrap_or((option, "")));
        Ok(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

impl Reader {
    fn new(style: DefinitionStyle) -> Self {
        Self {
            style,
            version: 0,
            normalizer: Normalizer::default(),
            ids: HashMap::new(),
            comments: HashMap::new(),
            privileges: HashMap::new(),
            types: HashMap::new(),
            schema: DatabaseSchema::default(),
        }
    }

    async fn read(mut self, connection: &mut PgConnection) -> Result<DatabaseSchema, Error> {
        self.read_context(connection).await?;
        self.read_comments(connection).await?;
        self.read_privileges(connection).await?;
        self.read_default_privileges(connection).await?;
        // Objects are read before the objects that refer to them by id.
        self.read_namespaces(connection).await?;
        self.read_extensions(connection).await?;
        self.read_collations(connection).await?;
        self.read_text_search_dictionaries(connection).await?;
        self.read_text_search_configurations(connection).await?;
        self.read_type_names(connection).await?;
        self.read_user_types(connection).await?;
        self.read_domain_checks(connection).await?;
        self.read_functions(connection).await?;
        self.read_aggregates(connection).await?;
        self.read_relations(connection).await?;
        self.read_columns(connection).await?;
        self.read_sequences(connection).await?;
        self.read_constraints(connection).await?;
        self.read_indexes(connection).await?;
        self.read_partition_parents(connection).await?;
        self.read_triggers(connection).await?;
        self.read_triggers_of_partitions(connection).await?;
        self.read_rules(connection).await?;
        self.read_policies(connection).await?;
        self.read_statistics(connection).await?;
        self.read_event_triggers(connection).await?;
        self.read_publications(connection).await?;
        self.read_dependencies(connection).await?;
        self.read_subscriptions(connection).await?;
        self.read_uses_of_row_types(connection).await?;
        self.read_unsupported(connection).await?;
        Ok(self.schema)
    }

    async fn read_context(&mut self, connection: &mut PgConnection) -> Result<(), Error> {
        let row = fetch(connection, "the settings", SETTINGS).all().await?.pop();
        let missing = Error::Read { objects: "the settings", source: sqlx::Error::RowNotFound };
        let row = row.ok_or(missing)?;
        self.version = row.get("version")?;
        self.normalizer.version = self.version;
        let context = &mut self.schema.read_context;
        context.server_version = self.version;
        context.user = row.get("user")?;
        context.search_path = row.get("search_path")?;
        context.encoding = row.get("encoding")?;
        fetch(connection, "the settings", NEUTRAL_SETTINGS).all().await?;
        for row in fetch(connection, "the names of arrays", ARRAY_NAMES).all().await? {
            self.normalizer.array_names.insert(row.get("name")?, row.get("is_always")?);
        }
        if self.style == DefinitionStyle::Canonical {
            fetch(connection, "the settings", EMPTY_SEARCH_PATH).all().await?;
        }
        Ok(())
    }

    async fn read_comments(&mut self, connection: &mut PgConnection) -> Result<(), Error> {
        // Objects that initdb creates have an OID below 16384, which is FirstNormalObjectId in PostgreSQL's transam.h.
        // The schema `public` is one of them.
        let sql = "SELECT classoid::int8 AS class, objoid::int8 AS oid, objsubid AS sub, \
                   description AS text FROM pg_description \
                   WHERE objoid >= 16384 OR classoid = 'pg_namespace'::regclass";
        let mut rows = fetch(connection, "the comments", sql);
        while let Some(row) = rows.next().await? {
            let id = (row.get("class")?, row.get("oid")?, row.get("sub")?);
            self.comments.insert(id, row.get("text")?);
        }
        Ok(())
    }

    /// Returns the `pretty` argument of functions such as `pg_get_viewdef`.
    fn pretty(&self) -> bool {
        self.style == DefinitionStyle::Readable
    }

    /// Registers the address of an object, unless its oid is 0, which means that there is no object.
    fn register(&mut self, class: i64, oid: i64, sub: i32, object: &Object) {
        if oid != 0 {
            self.ids.insert((class, oid, sub), object.clone());
        }
    }

    fn find(&self, class: i64, oid: i64, sub: i32) -> Option<&Object> {
        self.ids.get(&(class, oid, sub))
    }

    /// Returns the name of a table or a view.
    fn relation(&self, oid: i64) -> Option<(ObjectKind, QualifiedName)> {
        let object = self.find(class::RELATION, oid, 0)?;
        Some((object.kind, object.qualified_name()?))
    }

    /// Returns the name of a column of a table or a view.
    fn column_name(&self, relation: i64, number: i32) -> Option<String> {
        let object = self.find(class::RELATION, relation, number)?;
        object.part.as_ref().map(|part| part.name.clone())
    }

    fn take_comment(&mut self, class: i64, oid: i64, sub: i32) -> Option<String> {
        self.comments.remove(&(class, oid, sub))
    }

    fn take_grants(&mut self, class: i64, oid: i64, sub: i32) -> Vec<Grant> {
        self.privileges.remove(&(class, oid, sub)).unwrap_or_default()
    }
}

/// The SQL condition that `n` is a schema of users.
const USER_SCHEMAS: &str = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/// Returns the SQL condition that an object is not part of an extension.
fn not_of_extension(class: &str, oid: &str) -> String {
    format!(
        "NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{class}'::regclass \
         AND e.objid = {oid} AND e.deptype = 'e')"
    )
}
