//! The hint for a column that is made NOT NULL on a table with rows.

use seedbed_config::{Hint, SuggestedCommand};
use seedbed_sql::{StatementTokens, quote_ident_if_needed, statements};

/// The change of the column that the statement makes.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ColumnChange {
    /// Adds the column to the table, with this type.
    Add { table: String, sql_type: String },
    /// Sets the column of the table NOT NULL.
    SetNotNull { table: String },
    /// The statement is not known, as in a SeaORM file, or is of another form.
    Unknown,
}

/// Returns the hint that has the safe steps, and the command that writes them.
pub(super) fn not_null_steps_hint(file: &str, table: &str, column: &str, sql: &str) -> Hint {
    let change = column_change(sql, column);
    let unknown = "TYPE".to_owned();
    // The error names a partition, but the column is one of the partitioned table.
    let (name, table, sql_type) = match &change {
        ColumnChange::Add { table, sql_type } => {
            let sql_type = if sql_type.contains(' ') { unknown } else { sql_type.clone() };
            (format!("add_{column}_to_{table}"), table.as_str(), sql_type)
        }
        ColumnChange::SetNotNull { table } => {
            (format!("change_{column}_on_{table}"), table.as_str(), unknown)
        }
        ColumnChange::Unknown => (format!("change_{column}_on_{table}"), table, unknown),
    };
    let fields = Some(format!("{column}:{sql_type}!"));
    let (sql_table, sql_column) = (ident_in_rust_string(table), ident_in_rust_string(column));
    let add =
        format!("add it nullable:   schema.add_column({table:?}, string_null({column:?})).await?;");
    let fill = format!(
        "fill in the rows:  schema.execute(\"UPDATE {sql_table} SET {sql_column} = … WHERE {sql_column} IS NULL\").await?;"
    );
    let set = format!(
        "set it NOT NULL:   schema.set_not_null({table:?}, {column:?}).await?;\n                        \
         with `pub const TRANSACTION: bool = false;`"
    );
    let steps = match change {
        ColumnChange::SetNotNull { .. } => vec![fill, set],
        ColumnChange::Add { .. } | ColumnChange::Unknown => vec![add, fill, set],
    };
    let steps: String =
        steps.iter().zip(1..).map(|(step, number)| format!("\n  {number}. {step}")).collect();
    Hint::text(format!("the existing rows have no value for the column. Delete `{file}`; then\n  "))
        .then_bare_command(SuggestedCommand::CreateMigration { name, fields })
        .then(format!("\n  writes these scripts, which need no long lock:{steps}"))
}

/// Finds the ALTER TABLE that makes the column NOT NULL.
fn column_change(sql: &str, column: &str) -> ColumnChange {
    let statements = statements(sql);
    statements
        .iter()
        .find_map(|statement| column_change_in(sql, statement, column))
        .unwrap_or(ColumnChange::Unknown)
}

fn column_change_in(
    sql: &str,
    statement: &StatementTokens<'_>,
    column: &str,
) -> Option<ColumnChange> {
    if !statement.begins_with(&["alter", "table"]) {
        return None;
    }
    let mut at = if statement.is_word(2, "if") { 4 } else { 2 };
    at += usize::from(statement.is_word(at, "only"));
    let (table, start) = statement.qualified_name(at)?;
    let table = table.name;
    (start..statement.tokens().len()).find_map(|action| {
        let mut at = action + 1;
        at += usize::from(statement.is_word(at, "column"));
        if statement.is_word(action, "alter") {
            let is_column = statement.tokens().get(at)?.name()? == column;
            let sets = ["set", "not", "null"];
            let is_set = (1..).zip(sets).all(|(offset, word)| statement.is_word(at + offset, word));
            return (is_column && is_set)
                .then(|| ColumnChange::SetNotNull { table: table.clone() });
        }
        if !statement.is_word(action, "add") {
            return None;
        }
        at += if statement.is_word(at, "if") { 3 } else { 0 };
        if statement.tokens().get(at)?.name()? != column {
            return None;
        }
        const ENDS: [&str; 8] =
            ["not", "null", "default", "constraint", "check", "unique", "primary", "collate"];
        let is_end = |end: &usize| ENDS.iter().any(|word| statement.is_word(*end, word));
        let end = (at + 1..statement.tokens().len()).find(is_end)?;
        let sql_type = sql[statement.start_of(at + 1)..statement.start_of(end)].trim();
        let sql_type = sql_type.replace("timestamp with time zone", "timestamptz");
        Some(ColumnChange::Add { table: table.clone(), sql_type })
    })
}

/// Quotes an identifier where SQL requires it, and escapes the quotes for a Rust string.
pub(super) fn ident_in_rust_string(name: &str) -> String {
    quote_ident_if_needed(name).replace('\\', r"\\").replace('"', r#"\""#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_change_of_a_column_is_found_in_raw_sql() {
        let add = |table: &str, sql_type: &str| ColumnChange::Add {
            table: table.to_owned(),
            sql_type: sql_type.to_owned(),
        };
        let set = ColumnChange::SetNotNull { table: "t".to_owned() };
        for (sql, expected) in [
            ("ALTER TABLE \"t\" ADD COLUMN \"x\" text NOT NULL", add("t", "text")),
            ("alter table only s.t add x int not null", add("t", "int")),
            (
                "ALTER TABLE t ADD COLUMN IF NOT EXISTS x numeric(5,2) NOT NULL",
                add("t", "numeric(5,2)"),
            ),
            (
                "ALTER TABLE t ADD y int, ADD x timestamp with time zone NOT NULL",
                add("t", "timestamptz"),
            ),
            ("ALTER TABLE t ALTER x SET NOT NULL", set.clone()),
            (
                "SELECT 1; ALTER TABLE t ALTER COLUMN y DROP DEFAULT, ALTER COLUMN x SET NOT NULL",
                set,
            ),
            ("ALTER TABLE t ADD y int NOT NULL", ColumnChange::Unknown),
            ("", ColumnChange::Unknown),
        ] {
            assert_eq!(column_change(sql, "x"), expected, "{sql}");
        }
    }
}
