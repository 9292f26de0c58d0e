//! Reads the names of objects that this crate cannot write.

use super::{Reader, USER_SCHEMAS, get, not_of_extension};
use crate::error::Error;

const WHAT: &str = "the unsupported objects";

/// The catalog of each kind, the word for the kind, and the columns with the name and the schema.
const KINDS: [(&str, &str, &str, &str); 13] = [
    ("pg_operator", "operator", "oprname", "oprnamespace"),
    ("pg_opclass", "operator class", "opcname", "opcnamespace"),
    ("pg_opfamily", "operator family", "opfname", "opfnamespace"),
    ("pg_conversion", "conversion", "conname", "connamespace"),
    ("pg_ts_config", "text search configuration", "cfgname", "cfgnamespace"),
    ("pg_ts_dict", "text search dictionary", "dictname", "dictnamespace"),
    ("pg_ts_parser", "text search parser", "prsname", "prsnamespace"),
    ("pg_ts_template", "text search template", "tmplname", "tmplnamespace"),
    ("pg_language", "language", "lanname", ""),
    ("pg_am", "access method", "amname", ""),
    ("pg_foreign_data_wrapper", "foreign data wrapper", "fdwname", ""),
    ("pg_foreign_server", "foreign server", "srvname", ""),
    ("pg_publication", "publication", "pubname", ""),
];

impl Reader<'_> {
    pub(super) async fn unsupported(&mut self) -> Result<(), Error> {
        let mut parts: Vec<String> = KINDS
            .iter()
            .map(|(class, word, name, schema)| {
                let outside = not_of_extension(class, "o.oid");
                if schema.is_empty() {
                    return format!(
                        "SELECT '{word} ' || quote_ident({name}) AS object FROM {class} o \
                         WHERE o.oid >= 16384 AND {outside}"
                    );
                }
                format!(
                    "SELECT '{word} ' || quote_ident(n.nspname) || '.' || {name} AS object \
                     FROM {class} o JOIN pg_namespace n ON n.oid = o.{schema} \
                     WHERE o.oid >= 16384 AND {USER_SCHEMAS} AND {outside}"
                )
            })
            .collect();
        parts.extend(others());
        parts.extend(of_unknown_kinds());
        for row in self.rows(WHAT, &parts.join(" UNION ALL ")).await? {
            self.catalog.unsupported.insert(get!(row, "object", WHAT));
        }
        for row in self.rows(WHAT, &runtime_state().join(" UNION ALL ")).await? {
            self.catalog.runtime_state.insert(get!(row, "object", WHAT));
        }
        Ok(())
    }
}

/// The catalogs whose rows have several kinds: the column with the kind, the kinds of PostgreSQL 14
/// to 18, and the column with the schema (<https://www.postgresql.org/docs/18/catalogs.html>).
const KIND_COLUMNS: [(&str, &str, &str, &str); 4] = [
    ("pg_class", "relkind", "riStvmcfpI", "relnamespace"),
    ("pg_constraint", "contype", "cfputxn", "connamespace"),
    ("pg_type", "typtype", "bcdeprm", "typnamespace"),
    ("pg_proc", "prokind", "fpaw", "pronamespace"),
];

/// Returns queries for objects of kinds that only a later server has.
fn of_unknown_kinds() -> impl Iterator<Item = String> {
    KIND_COLUMNS.into_iter().map(|(class, column, known, schema)| {
        format!(
            "SELECT pg_describe_object('{class}'::regclass, o.oid, 0) || ' ({class}.{column} ' || o.{column}::text || ')' \
             FROM {class} o JOIN pg_namespace n ON n.oid = o.{schema} \
             WHERE strpos('{known}', o.{column}::text) = 0 AND {USER_SCHEMAS} AND {}",
            not_of_extension(class, "o.oid")
        )
    })
}

/// Returns queries for objects without a name, and for unsupported properties of supported objects.
fn others() -> Vec<String> {
    let own = |class: &str| not_of_extension(class, "o.oid");
    let of_table = "quote_ident(n.nspname) || '.' || quote_ident(c.relname)";
    vec![
        // The cast from a range to its multirange is created with the range.
        format!(
            "SELECT 'cast from ' || format_type(castsource, NULL) || ' to ' || \
             format_type(casttarget, NULL) FROM pg_cast o WHERE o.oid >= 16384 AND {} \
             AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_cast'::regclass \
             AND i.objid = o.oid AND i.deptype = 'i')",
            own("pg_cast")
        ),
        format!(
            "SELECT 'transform for ' || format_type(o.trftype, NULL) FROM pg_transform o \
             WHERE o.oid >= 16384 AND {}",
            own("pg_transform")
        ),
        // Base types, and shell types.
        format!(
            "SELECT 'type ' || format_type(o.oid, NULL) FROM pg_type o JOIN pg_namespace n \
             ON n.oid = o.typnamespace WHERE (o.typtype = 'b' AND o.typelem = 0 OR NOT o.typisdefined) \
             AND o.oid >= 16384 AND {USER_SCHEMAS} AND {}",
            own("pg_type")
        ),
        format!(
            "SELECT 'canonical function of type ' || format_type(o.oid, NULL) FROM pg_type o \
             JOIN pg_namespace n ON n.oid = o.typnamespace JOIN pg_range r ON r.rngtypid = o.oid \
             WHERE r.rngcanonical <> 0 AND {USER_SCHEMAS} AND {}",
            own("pg_type")
        ),
        format!(
            "SELECT 'foreign table ' || {of_table} FROM pg_class c JOIN pg_namespace n \
             ON n.oid = c.relnamespace WHERE c.relkind = 'f' AND {USER_SCHEMAS} AND {}",
            not_of_extension("pg_class", "c.oid")
        ),
        format!(
            "SELECT 'tablespace of ' || {of_table} FROM pg_class c JOIN pg_namespace n \
             ON n.oid = c.relnamespace WHERE c.reltablespace <> 0 AND c.oid >= 16384 AND {USER_SCHEMAS}"
        ),
        // ALTER TABLE … DISABLE TRIGGER ALL disables such checks.
        format!(
            "SELECT 'disabled check of constraint ' || quote_ident(k.conname) || ' of table ' || {of_table} \
             FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint \
             JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE t.tgisinternal AND t.tgenabled <> 'O' AND {USER_SCHEMAS}"
        ),
        "SELECT 'privileges on ' || pg_describe_object(o.class, o.oid, 0) FROM (\
         SELECT 'pg_proc'::regclass AS class, oid, proacl AS list FROM pg_proc \
         UNION ALL SELECT 'pg_class'::regclass, oid, relacl FROM pg_class \
         UNION ALL SELECT 'pg_type'::regclass, oid, typacl FROM pg_type) o \
         LEFT JOIN pg_init_privs i ON i.classoid = o.class AND i.objoid = o.oid AND i.objsubid = 0 \
         WHERE o.list IS DISTINCT FROM i.initprivs AND o.list IS NOT NULL AND EXISTS (\
         SELECT FROM pg_depend e WHERE e.classid = o.class AND e.objid = o.oid AND e.deptype = 'e')"
            .to_owned(),
        "SELECT 'subscription ' || quote_ident(subname) FROM pg_subscription \
         JOIN pg_database d ON d.oid = subdbid WHERE d.datname = current_database()"
            .to_owned(),
        "SELECT DISTINCT 'security labels of ' || provider FROM pg_seclabel".to_owned(),
        "SELECT 'setting ' || split_part(x, '=', 1) || ' of this database' FROM pg_db_role_setting s \
         JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) x \
         WHERE d.datname = current_database()"
            .to_owned(),
        "SELECT 'comment on this database' FROM pg_shdescription s JOIN pg_database d \
         ON d.oid = s.objoid WHERE s.classoid = 'pg_database'::regclass \
         AND d.datname = current_database() AND s.description <> 'created by seedbed fresh-start for development'"
            .to_owned(),
        owners(),
    ]
}

/// Returns queries for the state that a database created from an SQL file does not have.
fn runtime_state() -> Vec<String> {
    let of_table = "quote_ident(n.nspname) || '.' || quote_ident(c.relname)";
    vec![
        format!(
            "SELECT 'populated state of materialized view ' || {of_table} \
             AS object FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind = 'm' AND NOT c.relispopulated AND {USER_SCHEMAS} AND {}",
            not_of_extension("pg_class", "c.oid")
        ),
        // The sequence of a column has the persistence of its table by default.
        format!(
            "SELECT 'persistence of sequence ' || {of_table} FROM pg_class c \
             JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_depend d ON d.objid = c.oid \
             AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass \
             AND d.deptype IN ('a', 'i') JOIN pg_class o ON o.oid = d.refobjid \
             WHERE c.relkind = 'S' AND c.relpersistence <> o.relpersistence \
             AND current_setting('server_version_num')::int >= 150000 AND {USER_SCHEMAS}"
        ),
    ]
}

/// Returns a query for the owners in one line, because it may affect most objects.
fn owners() -> String {
    format!(
        "SELECT 'several owners of objects: ' || string_agg(DISTINCT \
         quote_ident(pg_get_userbyid(o.owner)), ', ') FROM (\
         SELECT relowner AS owner, relnamespace AS schema FROM pg_class WHERE oid >= 16384 \
         AND relkind IN ('r', 'p', 'v', 'm', 'S') AND {} \
         UNION ALL SELECT proowner, pronamespace FROM pg_proc WHERE oid >= 16384 AND {} \
         UNION ALL SELECT typowner, typnamespace FROM pg_type WHERE oid >= 16384 AND {} \
         UNION ALL SELECT nspowner, oid FROM pg_namespace WHERE oid >= 16384 AND {}) o \
         JOIN pg_namespace n ON n.oid = o.schema WHERE {USER_SCHEMAS} \
         HAVING count(DISTINCT o.owner) > 1",
        not_of_extension("pg_class", "pg_class.oid"),
        not_of_extension("pg_proc", "pg_proc.oid"),
        not_of_extension("pg_type", "pg_type.oid"),
        not_of_extension("pg_namespace", "pg_namespace.oid"),
    )
}
