//! Searches for rows that the server accepts.

use std::ops::ControlFlow;

use seedbed_schema::model::{Column, ColumnValue, ConstraintKind, DatabaseSchema, Table};
use seedbed_sql::quote_ident;
use sqlx::postgres::PgDatabaseError;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use super::choices::{RowShape, TableRules, ValueChoice, columns_in, key_columns};
use super::literals::TypeLiterals;

/// The number of rows that are tried for each shape.
const ATTEMPTS: usize = 500;

/// The result of trying to insert rows.
pub(super) enum InsertOutcome {
    /// The server accepted a row.
    Inserted,
    /// The server accepted no row, for this reason.
    Refused(String),
}

/// Fills one table with rows.
pub(super) struct TableFiller<'t> {
    table: &'t Table,
    /// The columns that a row gives values for, with the values of their types.
    columns: Vec<(&'t Column, Vec<String>)>,
    rules: TableRules,
}

/// The state of the search for a row: the values to try for each column, and the index of the current value.
struct CandidateRow {
    choices: Vec<Vec<ValueChoice>>,
    chosen: Vec<usize>,
}

impl<'t> TableFiller<'t> {
    pub(super) async fn new(
        schema: &DatabaseSchema,
        table: &'t Table,
        literals: &mut TypeLiterals,
        connection: &mut PgConnection,
    ) -> Result<Self, sqlx::Error> {
        let mut columns = Vec::new();
        for column in &table.columns {
            if matches!(column.value, ColumnValue::Generated { .. } | ColumnValue::Identity(_)) {
                continue;
            }
            columns.push((
                column,
                literals.values_of_type(schema, &column.data_type, connection).await?,
            ));
        }
        Ok(Self { table, columns, rules: TableRules::new(schema, table) })
    }

    /// Inserts a row of each shape. If the server accepts none of them, returns the reason for the first one.
    pub(super) async fn fill(
        mut self,
        connection: &mut PgConnection,
    ) -> Result<InsertOutcome, sqlx::Error> {
        let (mut is_filled, mut first_reason) = (false, None);
        for shape in RowShape::ALL {
            match self.insert(shape, connection).await? {
                InsertOutcome::Inserted => is_filled = true,
                InsertOutcome::Refused(reason) => first_reason = first_reason.or(Some(reason)),
            }
        }
        Ok(match first_reason {
            Some(reason) if !is_filled => InsertOutcome::Refused(reason),
            _ => InsertOutcome::Inserted,
        })
    }

    /// Searches for a row of the given shape that the server accepts, and inserts it.
    async fn insert(
        &mut self,
        shape: RowShape,
        connection: &mut PgConnection,
    ) -> Result<InsertOutcome, sqlx::Error> {
        let mut candidate = self.candidate(shape);
        let mut reason = String::new();
        for _ in 0..ATTEMPTS {
            let sql = self.sql(&candidate);
            let error = match connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await {
                Ok(done) if done.rows_affected() == 0 => {
                    let reason = "a trigger or a rule suppresses the row".to_owned();
                    return Ok(InsertOutcome::Refused(reason));
                }
                Ok(_) => return Ok(InsertOutcome::Inserted),
                Err(error) => error,
            };
            let Some(refusal) = error
                .as_database_error()
                .and_then(|error| error.try_downcast_ref::<PgDatabaseError>())
            else {
                return Err(error);
            };
            refusal.message().clone_into(&mut reason);
            match self.advance(&mut candidate, refusal, shape) {
                ControlFlow::Continue(()) => {}
                ControlFlow::Break(explained) => {
                    return Ok(InsertOutcome::Refused(explained.unwrap_or(reason)));
                }
            }
        }
        Ok(InsertOutcome::Refused(reason))
    }

    /// Returns the start of the search for a row: the preferred value of each column.
    fn candidate(&self, shape: RowShape) -> CandidateRow {
        let choices: Vec<Vec<ValueChoice>> = self
            .columns
            .iter()
            .map(|(column, literals)| self.rules.choices(self.table, column, shape, literals))
            .collect();
        CandidateRow { chosen: vec![0; choices.len()], choices }
    }

    /// Returns the statement that inserts the row.
    fn sql(&self, candidate: &CandidateRow) -> String {
        if self.columns.is_empty() {
            return format!("INSERT INTO {} DEFAULT VALUES", self.table.name);
        }
        let names: Vec<String> =
            self.columns.iter().map(|(column, _)| quote_ident(&column.name)).collect();
        let values = candidate.choices.iter().zip(&candidate.chosen);
        let values: Vec<String> = values
            .map(|(choices, at)| choices.get(*at).map_or("DEFAULT".to_owned(), ValueChoice::to_sql))
            .collect();
        format!(
            "INSERT INTO {} ({}) VALUES ({})",
            self.table.name,
            names.join(", "),
            values.join(", ")
        )
    }

    /// Chooses other values for the columns that the server has refused. Breaks if there are no other values, with a
    /// better reason than the server's if possible.
    fn advance(
        &mut self,
        candidate: &mut CandidateRow,
        refusal: &PgDatabaseError,
        shape: RowShape,
    ) -> ControlFlow<Option<String>> {
        const NOT_NULL: &str = "23502";
        const FOREIGN_KEY: &str = "23503";
        const UNIQUE: &str = "23505";
        let columns = self.refused_columns(refusal);
        match refusal.code() {
            UNIQUE if self.rules.make_distinct(&columns) => {
                *candidate = self.candidate(shape);
                return ControlFlow::Continue(());
            }
            _ if columns.is_empty() => return ControlFlow::Break(None),
            _ => {}
        }
        // A reference to a table without rows is NULL.
        let explained = match refusal.code() {
            NOT_NULL | FOREIGN_KEY => self
                .referenced_table(candidate, &columns)
                .map(|table| format!("`{table}`, which it refers to, has no row")),
            _ => None,
        };
        match candidate.advance(&self.positions(&columns)) {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(explained),
        }
    }

    /// Returns the columns that the server has refused, or none if the server does not name them.
    fn refused_columns(&self, refusal: &PgDatabaseError) -> Vec<String> {
        if let Some(column) = refusal.column() {
            return vec![column.to_owned()];
        }
        let Some(name) = refusal.constraint() else {
            // Without a constraint, a CHECK_VIOLATION says that no partition accepts the row, or that this one does
            // not.
            const CHECK_VIOLATION: &str = "23514";
            return match (&self.table.partition_key, &self.table.partition_of) {
                (Some(key), _) => columns_in(self.table, key),
                (None, Some(_)) if refusal.code() == CHECK_VIOLATION => {
                    self.columns.iter().map(|(column, _)| column.name.clone()).collect()
                }
                _ => Vec::new(),
            };
        };
        if let Some(constraint) = self.table.constraints.get(name) {
            return match constraint.kind {
                ConstraintKind::Check | ConstraintKind::Exclusion => {
                    columns_in(self.table, &constraint.definition)
                }
                _ => constraint.columns.clone(),
            };
        }
        let index = self.table.indexes.get(name);
        index.map_or(Vec::new(), |index| {
            key_columns(self.table, index.keys.iter().map(|key| &key.part))
        })
    }

    /// Returns the table that one of the given columns refers to in the row that was tried.
    fn referenced_table(&self, candidate: &CandidateRow, columns: &[String]) -> Option<String> {
        self.positions(columns).into_iter().find_map(|at| {
            match candidate.choices[at].get(candidate.chosen[at]) {
                Some(ValueChoice::Referenced { table, .. }) => Some(table.to_string()),
                _ => None,
            }
        })
    }

    /// Returns the positions of the given columns in a row.
    fn positions(&self, columns: &[String]) -> Vec<usize> {
        let position =
            |name: &String| self.columns.iter().position(|(column, _)| column.name == *name);
        columns.iter().filter_map(position).collect()
    }
}

impl CandidateRow {
    /// Chooses the next combination of values for the given columns. Returns false if all combinations were tried.
    fn advance(&mut self, positions: &[usize]) -> bool {
        for at in positions {
            self.chosen[*at] += 1;
            if self.chosen[*at] < self.choices[*at].len() {
                return true;
            }
            self.chosen[*at] = 0;
        }
        false
    }
}
