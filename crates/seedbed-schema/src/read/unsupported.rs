//! Reads the names of objects that this crate cannot write.

use std::collections::BTreeSet;

use sqlx::PgConnection;

use super::{QueryRow, Reader, USER_SCHEMAS, fetch};
use crate::error::Error;
use crate::model::{Object, ObjectKind, Unsupported, UnsupportedKind};

const OBJECTS: &str = "the unsupported objects";

/// The SQL condition that an object `o` is not part of an extension.
const NOT_OF_EXTENSION: &str = "\
    NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = o.class AND e.objid = o.oid AND e.deptype = 'e')";

/// The kinds whose objects have a name. Each entry has the kind, the catalog (`o` in the query), the column with the
/// name, the column with the oid of the schema (empty if there is none), and an SQL expression for the definition
/// (`NULL` if it is not compared).
const NAMED: [(UnsupportedKind, &str, &str, &str, &str); 11] = [
    (
        UnsupportedKind::Operator,
        "pg_operator",
        "oprname",
        "oprnamespace",
        "format('%s: FUNCTION %s, COMMUTATOR %s, NEGATOR %s, RESTRICT %s, JOIN %s, HASHES %s, MERGES %s', \
         o.oid::regoperator, oprcode::regproc, oprcom::regoperator, oprnegate::regoperator, \
         oprrest::regproc, oprjoin::regproc, oprcanhash, oprcanmerge)",
    ),
    (UnsupportedKind::OperatorClass, "pg_opclass", "opcname", "opcnamespace", "NULL"),
    (UnsupportedKind::OperatorFamily, "pg_opfamily", "opfname", "opfnamespace", "NULL"),
    (UnsupportedKind::Conversion, "pg_conversion", "conname", "connamespace", "NULL"),
    (UnsupportedKind::TextSearchParser, "pg_ts_parser", "prsname", "prsnamespace", "NULL"),
    (UnsupportedKind::TextSearchTemplate, "pg_ts_template", "tmplname", "tmplnamespace", "NULL"),
    (UnsupportedKind::Language, "pg_language", "lanname", "", "NULL"),
    (UnsupportedKind::AccessMethod, "pg_am", "amname", "", "NULL"),
    (
        UnsupportedKind::ForeignDataWrapper,
        "pg_foreign_data_wrapper",
        "fdwname",
        "",
        "format('HANDLER %s VALIDATOR %s OPTIONS (%s)', fdwhandler::regproc, fdwvalidator::regproc, \
         array_to_string(fdwoptions, ', '))",
    ),
    (
        UnsupportedKind::ForeignServer,
        "pg_foreign_server",
        "srvname",
        "",
        "format('TYPE %L VERSION %L FOREIGN DATA WRAPPER %I OPTIONS (%s)', srvtype, srvversion, \
         (SELECT fdwname FROM pg_foreign_data_wrapper w WHERE w.oid = srvfdw), \
         array_to_string(srvoptions, ', '))",
    ),
    (
        UnsupportedKind::Publication,
        "pg_publication",
        "pubname",
        "",
        "concat_ws(', ', CASE WHEN pubinsert THEN 'insert' END, CASE WHEN pubupdate THEN 'update' END, \
         CASE WHEN pubdelete THEN 'delete' END, CASE WHEN pubtruncate THEN 'truncate' END) || ' OF ' || \
         CASE WHEN puballtables THEN 'ALL TABLES' ELSE coalesce((SELECT string_agg(\
         concat_ws(' ', format('%I.%I', t.schemaname, t.tablename), \
         CASE WHEN to_jsonb(r) ->> 'prattrs' IS NOT NULL THEN to_jsonb(t) ->> 'attnames' END, \
         'WHERE ' || (to_jsonb(t) ->> 'rowfilter')), ', ' ORDER BY t.schemaname, t.tablename) \
         FROM pg_publication_tables t LEFT JOIN pg_publication_rel r ON r.prpubid = o.oid \
         AND r.prrelid = format('%I.%I', t.schemaname, t.tablename)::regclass \
         WHERE t.pubname = o.pubname), 'no tables') END || CASE WHEN pubviaroot THEN ' via root' ELSE '' END",
    ),
];

/// A query for objects, and a function that builds an object from a row with the columns `schema`, `name`, `detail` and
/// `definition`.
///
/// The query returns the catalog of the object and its oid, the oid of its schema (NULL if it is in none), and the last
/// three of these columns. The objects of extensions and of system schemas are removed from all queries together, because
/// the server plans one join much faster than one for each kind.
type Source = (String, Box<dyn Fn(&QueryRow) -> Result<Unsupported, Error>>);

impl Reader {
    pub(super) async fn read_unsupported(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let sources: Vec<Source> = objects().chain(properties()).chain(unknown_kinds()).collect();
        let parts = sources.iter().enumerate();
        let parts =
            parts.map(|(source, (sql, _))| format!("SELECT {source}::int4, x.* FROM ({sql}) x"));
        let sql = format!(
            "SELECT o.source, n.nspname::text AS schema, o.name, o.detail, o.definition FROM ({}) \
             AS o (source, class, oid, namespace, name, detail, definition) \
             LEFT JOIN pg_namespace n ON n.oid = o.namespace \
             WHERE (o.namespace IS NULL OR {USER_SCHEMAS}) AND {NOT_OF_EXTENSION}",
            parts.collect::<Vec<_>>().join(" UNION ALL ")
        );
        for row in fetch(connection, OBJECTS, &sql).all().await? {
            let source: i32 = row.get("source")?;
            let Some((_, value)) = sources.get(source.unsigned_abs() as usize) else { continue };
            // Operators for different types may have the same name. Their definitions are joined.
            let definition: Option<String> = row.get("definition")?;
            let known = self.schema.unsupported.entry(value(&row)?).or_default();
            let definitions: BTreeSet<String> =
                known.take().into_iter().chain(definition).collect();
            let definitions: Vec<String> = definitions.into_iter().collect();
            *known = (!definitions.is_empty()).then(|| definitions.join("\n"));
        }
        for row in fetch(connection, OBJECTS, &owners()).all().await? {
            self.schema.unsupported.insert(Unsupported::Owners(row.get("owners")?), None);
        }
        self.read_security_labels(connection).await
    }

    async fn read_security_labels(&mut self, connection: &mut PgConnection) -> Result<(), Error> {
        let mut rows = fetch(connection, OBJECTS, SECURITY_LABELS);
        while let Some(row) = rows.next().await? {
            let object = self.find(row.get("class")?, row.get("oid")?, row.get("sub")?).cloned();
            let object = match object {
                Some(object) => object,
                None => Object::global(ObjectKind::Other, row.get::<String>("description")?),
            };
            let label = Unsupported::SecurityLabel { provider: row.get("provider")?, object };
            self.schema.unsupported.insert(label, Some(row.get("label")?));
        }
        Ok(())
    }
}

const SECURITY_LABELS: &str = "\
    SELECT provider, label, classoid::int8 AS class, objoid::int8 AS oid, objsubid AS sub, \
    pg_describe_object(classoid, objoid, objsubid) AS description FROM pg_seclabel";

fn source(
    sql: impl Into<String>,
    value: impl Fn(&QueryRow) -> Result<Unsupported, Error> + 'static,
) -> Source {
    (sql.into(), Box::new(value))
}

/// Returns a source of the objects of one kind.
fn source_of_kind(kind: UnsupportedKind, sql: impl Into<String>) -> Source {
    source(sql, move |row| {
        Ok(Unsupported::Object { kind, schema: row.get("schema")?, name: row.get("name")? })
    })
}

/// Returns sources of the objects of all unsupported kinds.
fn objects() -> impl Iterator<Item = Source> {
    named_objects().chain(other_objects())
}

/// Returns sources of the objects that have a catalog with their names.
fn named_objects() -> impl Iterator<Item = Source> {
    NAMED.into_iter().map(|(kind, class, name, schema, definition)| {
        let schema = if schema.is_empty() { "NULL::oid" } else { schema };
        let sql = format!(
            "SELECT '{class}'::regclass, o.oid, {schema}, {name}::text, NULL::text, ({definition})::text \
             FROM {class} o WHERE o.oid >= 16384"
        );
        source_of_kind(kind, sql)
    })
}

/// Returns sources of the objects that have no name of their own, or share their catalog with other objects.
fn other_objects() -> impl Iterator<Item = Source> {
    [
        source_of_kind(
            UnsupportedKind::Cast,
            // The cast from a range to its multirange is created with the range.
            "SELECT 'pg_cast'::regclass, o.oid, NULL::oid, format_type(castsource, NULL) || ' to ' || \
             format_type(casttarget, NULL), NULL::text, format('%s, %s, %s', \
             CASE castmethod WHEN 'i' THEN 'WITH INOUT' WHEN 'b' THEN 'WITHOUT FUNCTION' \
             ELSE 'WITH FUNCTION' END, castfunc::regprocedure, CASE castcontext WHEN 'e' \
             THEN 'explicit' WHEN 'a' THEN 'AS ASSIGNMENT' ELSE 'AS IMPLICIT' END) FROM pg_cast o \
             WHERE o.oid >= 16384 \
             AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_cast'::regclass \
             AND i.objid = o.oid AND i.deptype = 'i')",
        ),
        source_of_kind(
            UnsupportedKind::Transform,
            "SELECT 'pg_transform'::regclass, o.oid, NULL::oid, format_type(o.trftype, NULL), NULL::text, \
             NULL::text FROM pg_transform o WHERE o.oid >= 16384",
        ),
        source_of_kind(
            UnsupportedKind::BaseType,
            "SELECT 'pg_type'::regclass, o.oid, o.typnamespace, o.typname::text, NULL::text, \
             NULL::text FROM pg_type o WHERE (o.typtype = 'b' AND o.typelem = 0 OR NOT o.typisdefined) \
             AND o.oid >= 16384",
        ),
        source_of_kind(
            UnsupportedKind::ForeignTable,
            "SELECT 'pg_class'::regclass, o.oid, o.relnamespace, o.relname::text, NULL::text, \
             (SELECT format('SERVER %I OPTIONS (%s)', \
             s.srvname, array_to_string(f.ftoptions, ', ')) FROM pg_foreign_table f \
             JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = o.oid) || \
             (SELECT string_agg(format(E'\\n%I %s%s%s%s OPTIONS (%s)', a.attname, \
             format_type(a.atttypid, a.atttypmod), CASE WHEN a.attcollation <> t.typcollation \
             THEN ' COLLATE ' || a.attcollation::regcollation END, \
             ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), CASE WHEN a.attnotnull THEN ' NOT NULL' END, \
             array_to_string(a.attfdwoptions, ', ')), ',' ORDER BY a.attnum) FROM pg_attribute a \
             JOIN pg_type t ON t.oid = a.atttypid \
             LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
             WHERE a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped) || coalesce((SELECT \
             string_agg(format(E'\\nCONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), ',' ORDER BY k.conname) \
             FROM pg_constraint k WHERE k.conrelid = o.oid AND k.contype = 'c'), '') \
             FROM pg_class o WHERE o.relkind = 'f'",
        ),
        source_of_kind(
            UnsupportedKind::Subscription,
            "SELECT 'pg_subscription'::regclass, o.oid, NULL::oid, subname::text, NULL::text, NULL::text \
             FROM pg_subscription o JOIN pg_database d ON d.oid = subdbid \
             WHERE d.datname = current_database()",
        ),
    ]
    .into_iter()
}

/// The beginning of a query for relations `c`.
const RELATION: &str = "\
    SELECT 'pg_class'::regclass, c.oid, c.relnamespace, c.relname::text, NULL::text, NULL::text FROM pg_class c";

/// The beginning of a query for properties that neither an extension nor a schema contains. It is followed by the column
/// `name`.
const GLOBAL: &str = "SELECT 0::regclass, 0::oid, NULL::oid";

/// Returns sources of unsupported properties of objects that this crate can write.
fn properties() -> impl Iterator<Item = Source> {
    definitions().into_iter().chain(database_properties()).chain(runtime_state())
}

/// Returns sources of properties in the definition of an object.
fn definitions() -> [Source; 4] {
    [
        source(
            "SELECT 'pg_type'::regclass, o.oid, o.typnamespace, format_type(o.oid, NULL), NULL::text, NULL::text \
             FROM pg_type o JOIN pg_range r ON r.rngtypid = o.oid WHERE r.rngcanonical <> 0",
            |row| Ok(Unsupported::CanonicalFunction(row.get("name")?)),
        ),
        source(format!("{RELATION} WHERE c.reltablespace <> 0 AND c.oid >= 16384"), |row| {
            Ok(Unsupported::Tablespace(row.name()?))
        }),
        // ALTER TABLE … DISABLE TRIGGER ALL disables the checks of foreign keys.
        source(
            "SELECT 'pg_class'::regclass, c.oid, c.relnamespace, c.relname::text, k.conname::text, NULL::text \
             FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint \
             JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgisinternal AND t.tgenabled <> 'O'",
            |row| {
                let (constraint, table) = (row.get("detail")?, row.name()?);
                Ok(Unsupported::DisabledCheck { constraint, table })
            },
        ),
        source(extension_privileges(), |row| {
            Ok(Unsupported::ExtensionPrivileges(row.get("name")?))
        }),
    ]
}

/// Returns sources of properties of the database itself.
fn database_properties() -> [Source; 2] {
    [
        // Two extensions of PostGIS append their schema to the default search path of the database.
        source(
            format!(
                "{GLOBAL}, split_part(x, '=', 1), NULL::text, NULL::text FROM pg_db_role_setting s \
                 JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) x \
                 WHERE d.datname = current_database() AND NOT EXISTS (SELECT FROM pg_extension \
                 WHERE extname IN ('postgis_tiger_geocoder', 'postgis_topology') \
                 AND regexp_replace(x, ', (tiger|topology)', '', 'g') = 'search_path=\"$user\", public')"
            ),
            |row| Ok(Unsupported::DatabaseSetting(row.get("name")?)),
        ),
        // `fresh-start` marks a database that it creates with a comment, which is not part of the schema.
        source(
            format!(
                "{GLOBAL}, NULL::text, NULL::text, NULL::text FROM pg_shdescription s \
                 JOIN pg_database d ON d.oid = s.objoid WHERE s.classoid = 'pg_database'::regclass \
                 AND d.datname = current_database() \
                 AND s.description <> 'created by seedbed fresh-start for development'"
            ),
            |_| Ok(Unsupported::DatabaseComment),
        ),
    ]
}

/// Returns sources of [state](Unsupported::is_runtime_state) that statements change, and no definition has.
fn runtime_state() -> [Source; 2] {
    [
        source(format!("{RELATION} WHERE c.relkind = 'm' AND NOT c.relispopulated"), |row| {
            Ok(Unsupported::Unpopulated(row.name()?))
        }),
        // The sequence of a column has the persistence of its table by default.
        source(
            format!(
                "{RELATION} JOIN pg_depend d ON d.objid = c.oid \
                 AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass \
                 AND d.deptype IN ('a', 'i') JOIN pg_class o ON o.oid = d.refobjid \
                 WHERE c.relkind = 'S' AND c.relpersistence <> o.relpersistence \
                 AND current_setting('server_version_num')::int >= 150000"
            ),
            |row| Ok(Unsupported::SequencePersistence(row.name()?)),
        ),
    ]
}

/// Returns a query for the objects of extensions whose privileges differ from the initial privileges of the extension,
/// and from the privileges that `ALTER DEFAULT PRIVILEGES` gives to every new object.
fn extension_privileges() -> String {
    let sorted = |list: &str| {
        format!("(SELECT coalesce(array_agg(x::text ORDER BY x::text), '{{}}') FROM ({list}) x)")
    };
    let by_default = |schema: &str, otherwise: &str| {
        format!(
            "SELECT * FROM aclexplode(coalesce((SELECT d.defaclacl FROM pg_default_acl d \
             WHERE d.defaclrole = o.owner AND d.defaclobjtype = o.type AND d.defaclnamespace = {schema}), \
             {otherwise}))"
        )
    };
    let initial = "acldefault(CASE o.type WHEN 'S' THEN 's' ELSE o.type END, o.owner)";
    format!(
        "{GLOBAL}, pg_describe_object(o.class, o.oid, 0), NULL::text, NULL::text FROM (\
         SELECT 'pg_proc'::regclass AS class, oid, proacl AS list, proowner AS owner, \
         pronamespace AS schema, 'f'::\"char\" AS type FROM pg_proc \
         UNION ALL SELECT 'pg_class'::regclass, oid, relacl, relowner, relnamespace, \
         CASE relkind WHEN 'S' THEN 'S' ELSE 'r' END::\"char\" FROM pg_class \
         UNION ALL SELECT 'pg_type'::regclass, oid, typacl, typowner, typnamespace, 'T' FROM pg_type) o \
         LEFT JOIN pg_init_privs i ON i.classoid = o.class AND i.objoid = o.oid AND i.objsubid = 0 \
         WHERE o.list IS DISTINCT FROM i.initprivs AND o.list IS NOT NULL AND EXISTS (\
         SELECT FROM pg_depend e WHERE e.classid = o.class AND e.objid = o.oid AND e.deptype = 'e') \
         AND {} <> {}",
        sorted("SELECT * FROM aclexplode(o.list)"),
        sorted(&format!("{} UNION {}", by_default("0", initial), by_default("o.schema", "NULL"))),
    )
}

/// Returns a query for the owners of all objects in one row, or no row if there is only one owner. Several owners are
/// one entry and not one for each object, because they may affect most objects.
fn owners() -> String {
    format!(
        "SELECT array_agg(DISTINCT pg_get_userbyid(o.owner)::text) AS owners FROM (\
         SELECT 'pg_class'::regclass AS class, oid, relowner AS owner, relnamespace AS schema FROM pg_class \
         WHERE relkind IN ('r', 'p', 'v', 'm', 'S') \
         UNION ALL SELECT 'pg_proc'::regclass, oid, proowner, pronamespace FROM pg_proc \
         UNION ALL SELECT 'pg_type'::regclass, oid, typowner, typnamespace FROM pg_type \
         UNION ALL SELECT 'pg_namespace'::regclass, oid, nspowner, oid FROM pg_namespace) o \
         JOIN pg_namespace n ON n.oid = o.schema \
         WHERE o.oid >= 16384 AND {USER_SCHEMAS} AND {NOT_OF_EXTENSION} \
         HAVING count(DISTINCT o.owner) > 1"
    )
}

/// The catalogs with a column for the kind of object. Each entry has the catalog, this column, the kinds of PostgreSQL
/// 14 to 18 (<https://www.postgresql.org/docs/18/catalogs.html>), and the column with the oid of the schema.
const KIND_COLUMNS: [(&str, &str, &str, &str); 4] = [
    ("pg_class", "relkind", "riStvmcfpI", "relnamespace"),
    ("pg_constraint", "contype", "cfputxn", "connamespace"),
    ("pg_type", "typtype", "bcdeprm", "typnamespace"),
    ("pg_proc", "prokind", "fpaw", "pronamespace"),
];

/// Returns sources of objects of kinds that only a later server has.
fn unknown_kinds() -> impl Iterator<Item = Source> {
    KIND_COLUMNS.into_iter().map(|(class, column, known, schema)| {
        let sql = format!(
            "SELECT '{class}'::regclass, o.oid, o.{schema}, pg_describe_object('{class}'::regclass, o.oid, 0), \
             o.{column}::text, NULL::text FROM {class} o WHERE strpos('{known}', o.{column}::text) = 0"
        );
        source(sql, move |row| {
            let (object, kind) = (row.get("name")?, row.get("detail")?);
            Ok(Unsupported::UnknownKind { object, column: format!("{class}.{column}"), kind })
        })
    })
}
