//! The statements of a change, and their dry run in both directions.

use seedbed_schema::model::{Column, Table};
use seedbed_sql::{quote_ident_if_needed as quote_if_needed, quote_literal};

use super::super::backfill;
use crate::dry_run::{DryRun, copy_name, copy_table_sql};
use crate::field::Field;
use crate::rust_source::string;

/// A call of a method of `Schema`, and the statement that has its effect on the copy of the table in the dry run.
pub(super) struct SchemaCall {
    pub(super) rust: String,
    pub(super) sql: String,
}

impl SchemaCall {
    /// Returns a call with the effect of a subcommand of `ALTER TABLE`. If `rust` is `None`, the call executes the
    /// statement.
    pub(super) fn alter(table: &str, rust: Option<String>, subcommand: &str) -> Self {
        let execute = || {
            let sql = format!("ALTER TABLE {} {subcommand}", quote_if_needed(table));
            format!("execute({})", string(&sql))
        };
        Self {
            rust: rust.unwrap_or_else(execute),
            sql: format!("ALTER TABLE {} {subcommand}", copy_name(table)),
        }
    }
}

/// The columns of `pg_attribute` that `down` has to restore. The other columns describe the physical storage, are
/// maintained by the server (`pg_attver` in `attoptions` counts the versions of the type), or were added by a later
/// version of PostgreSQL.
const RESTORED_ATTRIBUTES: &str = "attrelid,attname,atttypid,attstattarget,attlen,attnum,atttypmod,attbyval,attstorage,attalign,\
    attcompression,attnotnull,atthasdef,attidentity,attgenerated,attisdropped,attislocal,attinhcount,\
    attcollation,attacl";

/// Returns the dry run that runs `up` and `down` on an empty copy of the table, and fails if the copy has changed after
/// both.
pub(super) fn round_trip_dry_run(
    table: &Table,
    current: &Column,
    field: &Field,
    up: &[SchemaCall],
    down: &[SchemaCall],
) -> DryRun {
    let name = &table.name.name;
    let mut statements = vec![copy_table_sql(name, "INCLUDING ALL")];
    let target = copy_name(name);
    let is_in_target = |column: &str| format!("{column} = {}::regclass", quote_literal(&target));
    let facts = format!(
        "SELECT key, value FROM pg_attribute, jsonb_each_text(to_jsonb(pg_attribute)) \
         WHERE {} AND attname = {} AND key = ANY ('{{{RESTORED_ATTRIBUTES}}}')
         UNION ALL SELECT 'default', pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE {}
         UNION ALL SELECT 'index', pg_get_indexdef(indexrelid) FROM pg_index WHERE {}
         UNION ALL SELECT 'constraint', pg_get_constraintdef(oid) FROM pg_constraint WHERE {}",
        is_in_target("attrelid"),
        quote_literal(&current.name),
        is_in_target("adrelid"),
        is_in_target("indrelid"),
        is_in_target("conrelid"),
    );
    statements.push(format!("CREATE TEMP TABLE \"state before\" AS {facts}"));
    statements.extend(up.iter().map(|call| call.sql.clone()));
    statements.extend(backfill::dry_run_sql(field, name));
    statements.extend(down.iter().map(|call| call.sql.clone()));
    let lost = format!(
        "(SELECT * FROM \"state before\" EXCEPT ALL ({facts})) \
         UNION ALL (({facts}) EXCEPT ALL SELECT * FROM \"state before\")"
    );
    let raise = "RAISE EXCEPTION '`down` does not restore: % %', line.key, line.value;";
    let block = format!("DECLARE line record; BEGIN FOR line IN {lost} LOOP {raise} END LOOP; END");
    statements.push(format!("DO {}", quote_literal(&block)));
    DryRun::new(format!("the field `{}`", field.input), statements)
}
