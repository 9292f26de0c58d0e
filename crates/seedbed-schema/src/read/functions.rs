//! Reads functions, procedures and aggregates.

use sqlx::postgres::PgRow;

use super::{Reader, USER_SCHEMAS, get, not_of_extension};
use crate::error::Error;
use crate::name::{literal, qualified};
use crate::normalize::aliases;
use crate::object::{Object, ObjectKind};

const WHAT: &str = "the functions";

impl Reader<'_> {
    pub(super) async fn functions(&mut self) -> Result<(), Error> {
        let sql = format!(
            "SELECT p.oid::int8, n.nspname AS schema, p.proname AS name, p.prokind::text AS kind, \
             oidvectortypes(p.proargtypes) AS types, \
             CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END AS definition, \
             p.prosqlbody IS NOT NULL AS in_sql FROM pg_proc p \
             JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {USER_SCHEMAS} AND {} \
             AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass \
             AND i.objid = p.oid AND i.deptype = 'i')",
            not_of_extension("pg_proc", "p.oid")
        );
        for row in self.rows(WHAT, &sql).await? {
            let (schema, name): (String, String) =
                (get!(row, "schema", WHAT), get!(row, "name", WHAT));
            let (kind, types): (String, String) =
                (get!(row, "kind", WHAT), get!(row, "types", WHAT));
            let kind = match kind.as_str() {
                "p" => ObjectKind::Procedure,
                "a" => ObjectKind::Aggregate,
                _ => ObjectKind::Function,
            };
            let object = Object::new(kind, format!("{}({types})", qualified(&schema, &name)));
            self.register("pg_proc", get!(row, "oid", WHAT), 0, &object);
            let definition: Option<String> = get!(row, "definition", WHAT);
            if let Some(definition) = definition {
                let sql = format!("{};", definition.trim_end());
                if get!(row, "in_sql", WHAT) {
                    self.add(object, aliases::add_as_keyword(&sql));
                } else {
                    self.add_verbatim(object, sql);
                }
            }
        }
        self.aggregates().await
    }

    async fn aggregates(&mut self) -> Result<(), Error> {
        let function = |column: &str| {
            format!(
                "(SELECT quote_ident(x.nspname) || '.' || quote_ident(f.proname) FROM pg_proc f \
                 JOIN pg_namespace x ON x.oid = f.pronamespace WHERE f.oid = a.{column}) AS {column}"
            )
        };
        let functions: Vec<String> = FUNCTIONS.iter().map(|(column, _)| function(column)).collect();
        let sql = format!(
            "SELECT p.oid::int8, n.nspname AS schema, p.proname AS name, \
             p.proparallel::text AS parallel, \
             pg_get_function_arguments(p.oid) AS arguments, a.aggkind::text AS kind, {}, \
             format_type(a.aggtranstype, NULL) AS state, nullif(a.aggtransspace, 0) AS space, \
             a.agginitval AS initial, a.aggfinalextra AS final_extra, \
             a.aggfinalmodify::text AS final_modify, \
             CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END \
             AS moving_state, \
             a.aggminitval AS moving_initial, \
             (SELECT 'OPERATOR(' || quote_ident(x.nspname) || '.' || o.oprname || ')' \
             FROM pg_operator o \
             JOIN pg_namespace x ON x.oid = o.oprnamespace WHERE o.oid = a.aggsortop) AS sort \
             FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid \
             JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {USER_SCHEMAS}",
            functions.join(", ")
        );
        for row in self.rows(WHAT, &sql).await? {
            if let Some(object) = self.find("pg_proc", get!(row, "oid", WHAT), 0) {
                let sql = aggregate(&row)?;
                self.add(object, sql);
            }
        }
        Ok(())
    }
}

/// The support functions of an aggregate: the column of `pg_aggregate`, and the option of `CREATE
/// AGGREGATE`.
const FUNCTIONS: [(&str, &str); 8] = [
    ("aggtransfn", "SFUNC"),
    ("aggfinalfn", "FINALFUNC"),
    ("aggcombinefn", "COMBINEFUNC"),
    ("aggserialfn", "SERIALFUNC"),
    ("aggdeserialfn", "DESERIALFUNC"),
    ("aggmtransfn", "MSFUNC"),
    ("aggminvtransfn", "MINVFUNC"),
    ("aggmfinalfn", "MFINALFUNC"),
];

fn aggregate(row: &PgRow) -> Result<String, Error> {
    let (schema, name): (String, String) = (get!(*row, "schema", WHAT), get!(*row, "name", WHAT));
    let arguments: String = get!(*row, "arguments", WHAT);
    let arguments = if arguments.is_empty() { "*".to_owned() } else { arguments };
    let mut options: Vec<String> = Vec::new();
    for (column, word) in FUNCTIONS {
        let function: Option<String> =
            sqlx::Row::try_get(row, column).map_err(|source| Error::Read { what: WHAT, source })?;
        options.extend(function.map(|function| format!("{word} = {function}")));
    }
    let state: String = get!(*row, "state", WHAT);
    options.push(format!("STYPE = {state}"));
    let space: Option<i32> = get!(*row, "space", WHAT);
    options.extend(space.map(|space| format!("SSPACE = {space}")));
    let initial: Option<String> = get!(*row, "initial", WHAT);
    options.extend(initial.map(|initial| format!("INITCOND = {}", literal(&initial))));
    let moving_state: Option<String> = get!(*row, "moving_state", WHAT);
    options.extend(moving_state.map(|state| format!("MSTYPE = {state}")));
    let moving_initial: Option<String> = get!(*row, "moving_initial", WHAT);
    options.extend(moving_initial.map(|initial| format!("MINITCOND = {}", literal(&initial))));
    if get!(*row, "final_extra", WHAT) {
        options.push("FINALFUNC_EXTRA".to_owned());
    }
    let (kind, modify): (String, String) =
        (get!(*row, "kind", WHAT), get!(*row, "final_modify", WHAT));
    // Ordered-set aggregates have a different default.
    match modify.as_str() {
        "r" if kind != "n" => options.push("FINALFUNC_MODIFY = READ_ONLY".to_owned()),
        "s" => options.push("FINALFUNC_MODIFY = SHAREABLE".to_owned()),
        "w" if kind == "n" => options.push("FINALFUNC_MODIFY = READ_WRITE".to_owned()),
        _ => {}
    }
    let sort: Option<String> = get!(*row, "sort", WHAT);
    options.extend(sort.map(|sort| format!("SORTOP = {sort}")));
    let parallel: String = get!(*row, "parallel", WHAT);
    match parallel.as_str() {
        "s" => options.push("PARALLEL = SAFE".to_owned()),
        "r" => options.push("PARALLEL = RESTRICTED".to_owned()),
        _ => {}
    }
    if kind == "h" {
        options.push("HYPOTHETICAL".to_owned());
    }
    let name = qualified(&schema, &name);
    Ok(format!("CREATE AGGREGATE {name}({arguments}) (\n    {}\n);", options.join(",\n    ")))
}
