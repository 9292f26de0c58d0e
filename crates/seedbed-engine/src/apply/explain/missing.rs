//! Explains why an object is missing. Names the script that is not applied and has the object in its name.

use std::collections::HashSet;

use seedbed_build::Name;
use seedbed_config::{Hint, SuggestedCommand};
use seedbed_sql::{SqlName, StatementTokens, quote_literal, statements};
use sqlx::Row as _;

use super::Apply;
use super::object_name::name_in_message;
use crate::direction::Direction;
use crate::driver_error::database_error;
use crate::error::position;
use crate::plan::Step;
use crate::sqlstate;

impl Apply<'_> {
    /// Returns a hint that names the likely source of a missing relation, type or function. Returns `None` if no source
    /// is found, and for any other error. The queries run in the session, so the transaction of the script must have
    /// been rolled back.
    pub(super) async fn explain_missing(
        &self,
        step: &Step,
        error: &anyhow::Error,
        statement: Option<&str>,
    ) -> Option<Hint> {
        const MISSING: [&str; 3] =
            [sqlstate::UNDEFINED_TABLE, sqlstate::UNDEFINED_OBJECT, sqlstate::UNDEFINED_FUNCTION];
        let database = database_error(error).filter(|error| MISSING.contains(&error.code()))?;
        let referenced = match statement {
            Some(sql) => referenced_names(sql, position(database)),
            None => name_in_message(database.message()).into_iter().collect(),
        };
        let found = self.hint_about_creating_script(step, &referenced).await.ok().flatten();
        match found {
            Some(hint) => Some(hint),
            None => self.hint_about_other_schema(&referenced).await.ok().flatten(),
        }
    }

    /// Returns a hint about an object that exists in a schema outside of the search path.
    async fn hint_about_other_schema(
        &self,
        referenced: &[SqlName],
    ) -> Result<Option<Hint>, sqlx::Error> {
        for SqlName { name, .. } in referenced.iter().filter(|name| name.schema.is_none()) {
            let sql = format!(
                "WITH object AS ( \
                   SELECT relnamespace AS schema, pg_table_is_visible(oid) AS is_visible FROM pg_catalog.pg_class \
                   WHERE relname = {name} \
                   UNION ALL SELECT typnamespace, pg_type_is_visible(oid) FROM pg_catalog.pg_type WHERE typname = {name} \
                   UNION ALL SELECT pronamespace, pg_function_is_visible(oid) FROM pg_catalog.pg_proc \
                   WHERE proname = {name}) \
                 SELECT min(n.nspname::text) AS schema FROM object o JOIN pg_catalog.pg_namespace n ON n.oid = o.schema \
                 HAVING NOT bool_or(o.is_visible)",
                name = quote_literal(name)
            );
            let rows = self.session.rows(sql).await?;
            let schema: Option<String> =
                rows.first().map(|row| row.try_get("schema")).transpose()?;
            if let Some(schema) = schema {
                let qualified = SqlName { schema: Some(schema.clone()), name: name.clone() };
                return Ok(Some(
                    format!(
                        "`{name}` is in the schema `{schema}`, which is not in the search path: write `{qualified}`, or add \
                         the schema to the search path in `DATABASE_URL`"
                    )
                    .into(),
                ));
            }
        }
        Ok(None)
    }

    /// Returns a hint about a script that is not applied and has the name of a missing object in its own name.
    async fn hint_about_creating_script(
        &self,
        step: &Step,
        referenced: &[SqlName],
    ) -> Result<Option<Hint>, sqlx::Error> {
        let missing = self.find_missing(referenced).await?;
        if missing.is_empty() {
            return Ok(None);
        }
        let applied =
            format!("SELECT version::text AS version FROM {}", self.tables.history(step.kind));
        let rows = self.session.rows(applied).await?;
        let applied: Result<HashSet<Name>, sqlx::Error> =
            rows.iter().map(|row| row.try_get("version").map(|name: String| name.into())).collect();
        let applied = applied?;
        let mut found = Vec::new();
        for (name, script) in self.scripts.iter() {
            let is_other = *name != step.name && !applied.contains(name);
            let object = missing.iter().find(|object| is_other && has_words(name.slug(), object));
            found.extend(object.map(|object| (name, script, object)));
        }
        // If several scripts match, the one whose name says that it creates the object comes first.
        found.sort_by_key(|(name, ..)| !name.slug().starts_with("create_"));
        Ok(found.first().map(|(name, script, object)| {
            let (file, this) = (script.file, step.script.file);
            let creates = format!("`{file}` probably creates `{object}`, but it");
            let environment = script.only_environment();
            match environment.filter(|_| self.scripts.belongs_to_other_environment(name)) {
                Some(environment) => Hint::text(format!(
                    "{creates} runs only in the environment `{environment}`: move `{this}` to the same folder, or create \
                     `{object}` in a migration"
                )),
                None if **name > step.name && step.direction == Direction::Up => {
                    Hint::text(format!(
                        "{creates} runs later than `{this}`: give `{this}` a later time in its name"
                    ))
                }
                None => {
                    let (kind, name) = (step.kind, Some((*name).clone()));
                    Hint::text(format!("{creates} is not applied: apply it with "))
                        .then_command(SuggestedCommand::Up { kind, name })
                }
            }
        }))
    }

    /// Returns the names for which neither a relation nor a type nor a function exists.
    async fn find_missing(&self, referenced: &[SqlName]) -> Result<Vec<String>, sqlx::Error> {
        if referenced.is_empty() {
            return Ok(Vec::new());
        }
        let row = |name: &SqlName| {
            format!("({}, {})", quote_literal(&name.to_string()), quote_literal(&name.name))
        };
        let rows: Vec<String> = referenced.iter().map(row).collect();
        let sql = format!(
            "SELECT name FROM (VALUES {}) needed (qualified, name) \
             WHERE to_regclass(qualified) IS NULL AND to_regtype(qualified) IS NULL \
             AND NOT EXISTS (SELECT FROM pg_catalog.pg_proc WHERE proname = name)",
            rows.join(", ")
        );
        self.session.rows(sql).await?.iter().map(|row| row.try_get("name")).collect()
    }
}

/// Returns whether the name of a script contains the words of the object.
fn has_words(slug: &str, object: &str) -> bool {
    format!("_{slug}_").contains(&format!("_{object}_"))
}

/// Returns the names that the SQL text refers to. With a position, which counts characters as the server does, this is
/// the name at the position of the error. Without a position, these are the names that follow certain keywords.
fn referenced_names(sql: &str, position: Option<usize>) -> Vec<SqlName> {
    let statements = statements(sql);
    let Some(position) = position else {
        return statements.iter().flat_map(names_after_keywords).collect();
    };
    let offset = sql.char_indices().nth(position.saturating_sub(1)).map(|(offset, _)| offset);
    let name_at_offset = |statement: &StatementTokens<'_>| {
        let index = statement.tokens().iter().position(|token| Some(token.start) == offset)?;
        Some(statement.qualified_name(index)?.0)
    };
    statements.iter().find_map(name_at_offset).into_iter().collect()
}

fn names_after_keywords(statement: &StatementTokens<'_>) -> Vec<SqlName> {
    const NEEDED: [&str; 3] = ["references", "on", "of"];
    const CHANGED: [&str; 7] = ["table", "view", "type", "domain", "sequence", "index", "function"];
    // A statement does not need the object that it creates.
    let changes = !statement.begins_with(&["create"]);
    let is_before = |at: usize| {
        let is = |word: &&str| statement.is_word(at, word);
        NEEDED.iter().any(is) || (changes && CHANGED.iter().any(is))
    };
    let name = |at: usize| {
        let mut at = at + 1;
        at += if statement.is_word(at, "if") { 2 } else { 0 };
        at += usize::from(statement.is_word(at, "only"));
        Some(statement.qualified_name(at)?.0)
    };
    (0..statement.tokens().len()).filter(|at| is_before(*at)).filter_map(name).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("INSERT INTO invoices VALUES (1)", Some(13), r#""invoices""#)]
    #[case("SELECT 'ü' FROM shop.\"Old\" o", Some(17), r#""shop"."Old""#)]
    #[case(
        "ALTER TABLE IF EXISTS ONLY shop.invoices ADD COLUMN n int",
        None,
        r#""shop"."invoices""#
    )]
    #[case("CREATE TABLE lines (invoice int REFERENCES invoices (id))", None, r#""invoices""#)]
    #[case("CREATE TABLE part PARTITION OF events DEFAULT", None, r#""events""#)]
    #[case("CREATE INDEX ON invoices (n)", None, r#""invoices""#)]
    #[case("SELECT 1", None, "")]
    fn the_names_that_a_statement_refers_to_are_found(
        #[case] sql: &str,
        #[case] position: Option<usize>,
        #[case] expected: &str,
    ) {
        let names: Vec<String> =
            referenced_names(sql, position).iter().map(ToString::to_string).collect();
        assert_eq!(names.join(" "), expected);
    }

    #[test]
    fn only_whole_words_of_a_name_match() {
        assert!(has_words("create_invoices", "invoices"));
        assert!(has_words("create_invoice_lines", "invoice_lines"));
        assert!(!has_words("create_preinvoices", "invoices"));
    }
}
