//! Objects of kinds that are neither compared nor written.

use super::{OF_USERS, Reader, get, not_of_extension};
use crate::error::Error;

const WHAT: &str = "what is not compared";

/// The table of the kind, the word for it, and its columns with the name and the schema.
const KINDS: [(&str, &str, &str, &str); 14] = [
    ("pg_operator", "operator", "oprname", "oprnamespace"),
    ("pg_opclass", "operator class", "opcname", "opcnamespace"),
    ("pg_opfamily", "operator family", "opfname", "opfnamespace"),
    ("pg_collation", "collation", "collname", "collnamespace"),
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
    pub(super) async fn not_seen(&mut self) -> Result<(), Error> {
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
                     WHERE o.oid >= 16384 AND {OF_USERS} AND {outside}"
                )
            })
            .collect();
        parts.push(format!(
            "SELECT 'cast from ' || format_type(castsource, NULL) || ' to ' || \
             format_type(casttarget, NULL) FROM pg_cast o WHERE o.oid >= 16384 AND {}",
            not_of_extension("pg_cast", "o.oid")
        ));
        parts.push(format!(
            "SELECT 'type ' || format_type(o.oid, NULL) FROM pg_type o JOIN pg_namespace n \
             ON n.oid = o.typnamespace WHERE o.typtype = 'b' AND o.typelem = 0 AND o.oid >= 16384 \
             AND {OF_USERS} AND {}",
            not_of_extension("pg_type", "o.oid")
        ));
        parts.push(format!(
            "SELECT 'foreign table ' || quote_ident(n.nspname) || '.' || quote_ident(o.relname) \
             FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace WHERE o.relkind = 'f' \
             AND {OF_USERS} AND {}",
            not_of_extension("pg_class", "o.oid")
        ));
        for row in self.rows(WHAT, &parts.join(" UNION ALL ")).await? {
            self.catalog.not_seen.insert(get!(row, "object", WHAT));
        }
        Ok(())
    }
}
