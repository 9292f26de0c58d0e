//! A catalogue as an SQL file, and such a file into a database.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use crate::catalog::Catalog;
use crate::error::Error;
use crate::object::{Kind, Object, PartKind};
use crate::order::Order;
use crate::table::Column;

/// Function bodies may mention what comes later; every name is qualified, so no search path is needed,
/// and none shall decide.
const PREAMBLE: &str = "\
    -- Written from PostgreSQL's catalogue, by `make schema`: edit the migrations, and not this file.\n\n\
    SET client_encoding = 'UTF8';\n\
    SET standard_conforming_strings = on;\n\
    SET check_function_bodies = off;\n\
    SET client_min_messages = warning;\n\
    SET search_path = '';\n";

impl Catalog {
    /// The statements that make this catalogue in an empty database, as one text that is the same for
    /// equal catalogues.
    ///
    /// Roles that it grants to have to exist. Contains no data and no owner.
    #[must_use]
    pub fn to_sql(&self) -> String {
        let order = Order::new(self);
        let mut sql = PREAMBLE.to_owned();
        let public = Object::new(Kind::Schema, "public");
        if !self.objects.contains_key(&public) {
            sql += "\nDROP SCHEMA public;\n";
        }
        // A new database has it.
        for object in order.sorted().into_iter().filter(|object| *object != public) {
            sql += &format!("\n{}\n", self.statement(&order, &object));
        }
        sql
    }

    fn statement(&self, order: &Order<'_>, object: &Object) -> String {
        if let Some(sql) = self.objects.get(object) {
            return order.statement(object, sql);
        }
        if object.part_kind() == Some(PartKind::Stub) {
            return stub(self, &object.whole());
        }
        let Some(table) = self.tables.get(&object.name) else {
            return String::new();
        };
        let default = |column: &Column| object.part(PartKind::Default, &column.name);
        match &object.part {
            None => {
                let early: Vec<&String> =
                    order.early(object).filter_map(|trigger| self.objects.get(trigger)).collect();
                table.create(|column| order.is_later(&default(column)), &early)
            }
            Some(part) => {
                let column = table.columns.iter().find(|column| column.name == part.name);
                let expression = column.and_then(|column| column.default.as_deref());
                set_default(&table.name, &part.name, expression.unwrap_or("NULL"))
            }
        }
    }
}

/// A view with its columns and no rows, or a function with an empty body, as long as nobody calls it.
fn stub(catalog: &Catalog, whole: &Object) -> String {
    if let Some(columns) = catalog.view_columns.get(whole) {
        let column = |column: &Column| {
            let collation = column.collation.as_ref();
            let collation = collation.map(|name| format!(" COLLATE {name}")).unwrap_or_default();
            format!("\n    NULL::{}{collation} AS {}", column.data_type, column.name)
        };
        let columns: Vec<String> = columns.iter().map(column).collect();
        return format!("CREATE VIEW {} AS\n  SELECT{};", whole.name, columns.join(","));
    }
    let header = catalog.objects.get(whole).and_then(|sql| before_body(sql));
    header.map(|header| format!("{header}\nAS '';")).unwrap_or_default()
}

/// What stands before the body of a function in SQL; nothing if the body is a text.
pub(crate) fn before_body(sql: &str) -> Option<&str> {
    let ends = ["\nBEGIN ATOMIC\n", "\nRETURN ", "\nAS "].map(|end| sql.find(end));
    let end = ends.iter().flatten().min()?;
    (ends[2] != Some(*end)).then(|| &sql[..*end])
}

/// A default by a statement of its own.
pub(crate) fn set_default(relation: &str, column: &str, expression: &str) -> String {
    format!("ALTER TABLE ONLY {relation} ALTER COLUMN {column} SET DEFAULT {expression};")
}

/// Runs such a file, or any other SQL, in one transaction: all of it or nothing. Afterwards the settings
/// of the session are those of its start.
///
/// # Errors
/// When a statement fails, with the line of it if the server tells where.
pub async fn load(connection: &mut PgConnection, sql: &str) -> Result<(), Error> {
    let failed = |source: sqlx::Error| Error::Load { line: line(&source, sql), source };
    let mut transaction = connection.begin().await.map_err(failed)?;
    transaction.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)?;
    connection.execute("RESET ALL").await.map(drop).map_err(failed)
}

/// The line of the position that the server told, which counts characters.
fn line(error: &sqlx::Error, sql: &str) -> Option<usize> {
    use sqlx::postgres::{PgDatabaseError, PgErrorPosition};
    let error = error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?;
    let Some(PgErrorPosition::Original(position)) = error.position() else {
        return None;
    };
    Some(sql.chars().take(position.saturating_sub(1)).filter(|c| *c == '\n').count() + 1)
}
