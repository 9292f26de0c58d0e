//! Reads functions, procedures and aggregates.

use std::collections::HashSet;

use seedbed_sql::TokenKind;

use sqlx::PgConnection;

use super::{QueryRow, Reader, USER_SCHEMAS, class, fetch, not_of_extension};
use crate::error::Error;
use crate::model::{
    Aggregate, Function, FunctionDefinition, FunctionText, Object, ObjectKind, ObjectName,
    Signature,
};
use crate::sql::text::literal;

const OBJECTS: &str = "the functions";

/// The support functions of an aggregate. Each entry has the column of `pg_aggregate` and the option of
/// `CREATE AGGREGATE`.
const SUPPORT_FUNCTIONS: [(&str, &str); 8] = [
    ("aggtransfn", "SFUNC"),
    ("aggfinalfn", "FINALFUNC"),
    ("aggcombinefn", "COMBINEFUNC"),
    ("aggserialfn", "SERIALFUNC"),
    ("aggdeserialfn", "DESERIALFUNC"),
    ("aggmtransfn", "MSFUNC"),
    ("aggminvtransfn", "MINVFUNC"),
    ("aggmfinalfn", "MFINALFUNC"),
];

impl Reader {
    pub(super) async fn read_functions(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let sql = format!(
            "SELECT p.oid::int8, n.nspname AS schema, p.proname AS name, p.prokind::text AS kind, \
             oidvectortypes(p.proargtypes) AS arguments, pg_get_functiondef(p.oid) AS definition, \
             CASE WHEN p.prosqlbody IS NOT NULL THEN pg_get_function_sqlbody(p.oid) END AS body, \
             CASE WHEN l.lanname NOT IN ('internal', 'c') AND p.prosqlbody IS NULL AND NOT EXISTS (\
             SELECT FROM unnest(p.proconfig) x WHERE x LIKE 'search_path=%') THEN p.prosrc END AS text \
             FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace \
             JOIN pg_language l ON l.oid = p.prolang \
             WHERE p.prokind <> 'a' AND {USER_SCHEMAS} AND {} \
             AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass \
             AND i.objid = p.oid AND i.deptype = 'i')",
            not_of_extension("pg_proc", "p.oid")
        );
        let rows = fetch(connection, OBJECTS, &sql).all().await?;
        let names = if rows.is_empty() {
            HashSet::new()
        } else {
            self.read_searched_names(connection).await?
        };
        for row in rows {
            let text: Option<String> = row.get("text")?;
            let uses_search_path = text.is_some_and(|text| mentions(&text, &names));
            let definition: String = row.get("definition")?;
            let definition = definition.trim_end();
            let body: Option<String> = row.get("body")?;
            // The definition ends with the body if this is standard SQL. A body that is a string stays in the header.
            let header = body.as_deref().and_then(|body| definition.strip_suffix(body.trim_end()));
            let text = FunctionText {
                header: self.normalizer.signature(header.unwrap_or(definition).trim_end()),
                sql_body: body
                    .map(|body| self.normalizer.statements(body.trim_end()))
                    .filter(|_| header.is_some()),
            };
            let kind: String = row.get("kind")?;
            let (kind, definition) = match kind.as_str() {
                "p" => (ObjectKind::Procedure, FunctionDefinition::Procedure(text)),
                _ => (ObjectKind::Function, FunctionDefinition::Function(text)),
            };
            self.add_function(&row, kind, definition, uses_search_path)?;
        }
        Ok(())
    }

    /// Reads the names of all objects that the session finds on its search path. This path does not include the
    /// implicit schema `pg_catalog`.
    async fn read_searched_names(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<HashSet<String>, Error> {
        let schemas = self.schema.read_context.search_path.iter().map(|schema| literal(schema));
        let schemas = schemas.collect::<Vec<_>>().join(", ");
        let sql = format!(
            "SELECT o.name::text FROM (SELECT proname AS name, pronamespace AS schema FROM pg_proc \
             UNION SELECT relname, relnamespace FROM pg_class WHERE relkind NOT IN ('i', 'I', 't') \
             UNION SELECT typname, typnamespace FROM pg_type WHERE typrelid = 0 \
             UNION SELECT oprname, oprnamespace FROM pg_operator \
             UNION SELECT cfgname, cfgnamespace FROM pg_ts_config \
             UNION SELECT dictname, dictnamespace FROM pg_ts_dict) o \
             JOIN pg_namespace n ON n.oid = o.schema WHERE n.nspname = ANY (ARRAY[{schemas}]::text[])"
        );
        let rows = fetch(connection, OBJECTS, &sql).all().await?;
        rows.iter().map(|row| row.get("name")).collect()
    }

    fn add_function(
        &mut self,
        row: &QueryRow,
        kind: ObjectKind,
        definition: FunctionDefinition,
        uses_search_path: bool,
    ) -> Result<(), Error> {
        let (oid, name): (i64, _) = (row.get("oid")?, row.name()?);
        let signature = Signature { name, arguments: row.get("arguments")? };
        let object = ObjectName {
            schema: Some(signature.name.schema.clone()),
            name: signature.name.name.clone(),
            arguments: Some(signature.arguments.clone()),
        };
        self.register(class::FUNCTION, oid, 0, &Object::new(kind, object));
        let function = Function {
            definition,
            uses_search_path,
            comment: self.take_comment(class::FUNCTION, oid, 0),
            privileges: self.take_grants(class::FUNCTION, oid, 0),
        };
        self.schema.functions.insert(signature, function);
        Ok(())
    }

    pub(super) async fn read_aggregates(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), Error> {
        let function = |column: &str| {
            format!(
                "(SELECT quote_ident(x.nspname) || '.' || quote_ident(f.proname) FROM pg_proc f \
                 JOIN pg_namespace x ON x.oid = f.pronamespace WHERE f.oid = a.{column}) AS {column}"
            )
        };
        let functions: Vec<String> =
            SUPPORT_FUNCTIONS.iter().map(|(column, _)| function(column)).collect();
        let sql = format!(
            "SELECT p.oid::int8, n.nspname AS schema, p.proname AS name, \
             oidvectortypes(p.proargtypes) AS arguments, p.proparallel::text AS parallel, \
             pg_get_function_arguments(p.oid) AS signature, a.aggkind::text AS kind, {}, \
             format_type(a.aggtranstype, NULL) AS state, nullif(a.aggtransspace, 0) AS space, \
             a.agginitval AS initial, a.aggfinalextra AS final_extra, \
             a.aggfinalmodify::text AS final_modify, nullif(a.aggmtransspace, 0) AS moving_space, \
             a.aggmfinalextra AS moving_extra, a.aggmfinalmodify::text AS moving_modify, \
             CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END \
             AS moving_state, \
             a.aggminitval AS moving_initial, \
             (SELECT 'OPERATOR(' || quote_ident(x.nspname) || '.' || o.oprname || ')' \
             FROM pg_operator o \
             JOIN pg_namespace x ON x.oid = o.oprnamespace WHERE o.oid = a.aggsortop) AS sort \
             FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid \
             JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {USER_SCHEMAS} AND {}",
            functions.join(", "),
            not_of_extension("pg_proc", "p.oid")
        );
        let mut rows = fetch(connection, OBJECTS, &sql);
        while let Some(row) = rows.next().await? {
            let definition = FunctionDefinition::Aggregate(aggregate(&row)?);
            self.add_function(&row, ObjectKind::Aggregate, definition, false)?;
        }
        Ok(())
    }
}

/// Returns whether the body of a function contains one of the names without a schema before it. Names in strings count
/// too, because a body may execute them.
fn mentions(body: &str, names: &HashSet<String>) -> bool {
    let tokens = seedbed_sql::tokens(body);
    // An operator may consist of several tokens, so operators are searched in the text.
    let mut operators =
        names.iter().filter(|name| name.chars().all(|c| c.is_ascii_punctuation() && c != '_'));
    let is_qualified = |index: usize| index > 0 && tokens[index - 1].is_symbol('.');
    tokens.iter().enumerate().any(|(index, token)| match token.kind {
        TokenKind::StringLiteral => {
            let inner = token.text.trim_matches(['\'', '$']);
            inner.len() < token.text.len() && mentions(inner, names)
        }
        _ => !is_qualified(index) && token.name().is_some_and(|name| names.contains(&name)),
    }) || operators.any(|operator| body.contains(operator.as_str()))
}

/// Builds an aggregate with the options that differ from their default.
fn aggregate(row: &QueryRow) -> Result<Aggregate, Error> {
    let arguments: String = row.get("signature")?;
    let arguments = if arguments.is_empty() { "*".to_owned() } else { arguments };
    let mut options: Vec<(&'static str, Option<String>)> = Vec::new();
    let option = |word: &'static str, value: Option<String>| Some((word, Some(value?)));
    for (column, word) in SUPPORT_FUNCTIONS {
        options.extend(option(word, row.get(column)?));
    }
    let quoted = |text: Option<String>| text.map(|text| literal(&text));
    options.extend(option("STYPE", Some(row.get("state")?)));
    let space: Option<i32> = row.get("space")?;
    options.extend(option("SSPACE", space.map(|space| space.to_string())));
    options.extend(option("INITCOND", quoted(row.get("initial")?)));
    options.extend(option("MSTYPE", row.get("moving_state")?));
    options.extend(option("MINITCOND", quoted(row.get("moving_initial")?)));
    let moving_space: Option<i32> = row.get("moving_space")?;
    options.extend(option("MSSPACE", moving_space.map(|space| space.to_string())));
    let kind: String = row.get("kind")?;
    // The default is READ_ONLY for a normal aggregate (`n`), and READ_WRITE for an ordered-set aggregate.
    let modify = |column: &str| -> Result<Option<String>, Error> {
        let modify: String = row.get(column)?;
        let word = match modify.as_str() {
            "r" if kind != "n" => Some("READ_ONLY"),
            "s" => Some("SHAREABLE"),
            "w" if kind == "n" => Some("READ_WRITE"),
            _ => None,
        };
        Ok(word.map(str::to_owned))
    };
    if row.get("final_extra")? {
        options.push(("FINALFUNC_EXTRA", None));
    }
    options.extend(option("FINALFUNC_MODIFY", modify("final_modify")?));
    // Without a moving-aggregate mode, these columns say nothing.
    if row.get::<Option<String>>("moving_state")?.is_some() {
        if row.get("moving_extra")? {
            options.push(("MFINALFUNC_EXTRA", None));
        }
        options.extend(option("MFINALFUNC_MODIFY", modify("moving_modify")?));
    }
    options.extend(option("SORTOP", row.get("sort")?));
    let parallel: String = row.get("parallel")?;
    let parallel = match parallel.as_str() {
        "s" => Some("SAFE"),
        "r" => Some("RESTRICTED"),
        _ => None,
    };
    options.extend(option("PARALLEL", parallel.map(str::to_owned)));
    if kind == "h" {
        options.push(("HYPOTHETICAL", None));
    }
    Ok(Aggregate { arguments, options })
}
