//! The verbs that change rows.

use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, DeleteStatement, InsertStatement, IntoCondition, Query, Value};

use super::{Schema, SchemaFuture};

/// Verbs for rows.
///
/// # Errors
/// Each verb fails with the error of the database, or if a row does not have one value for each column.
impl Schema<'_> {
    /// Inserts rows, in batches as large as the protocol allows, and returns the number of inserted rows.
    pub fn bulk_insert<const N: usize>(
        &self,
        table: &str,
        columns: [&str; N],
        rows: Vec<[Value; N]>,
    ) -> SchemaFuture<'_, u64> {
        // The protocol counts bound values in 16 bits.
        let rows_at_once = (usize::from(u16::MAX) / N.max(1)).max(1);
        let mut inserts = Vec::new();
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut insert = Query::insert();
            insert.into_table(table.to_owned()).columns(columns.map(Alias::new));
            for row in rows.by_ref().take(rows_at_once) {
                insert.values_panic(row.map(Into::into));
            }
            inserts.push(insert);
        }
        self.insert(inserts)
    }

    fn insert(&self, inserts: Vec<InsertStatement>) -> SchemaFuture<'_, u64> {
        Box::pin(async move {
            let mut inserted = 0;
            for insert in &inserts {
                inserted += ConnectionTrait::execute(self, insert).await?.rows_affected();
            }
            Ok(inserted)
        })
    }

    /// Deletes the rows that satisfy the condition, and returns their number.
    pub fn bulk_delete(&self, table: &str, condition: impl IntoCondition) -> SchemaFuture<'_, u64> {
        self.delete(Query::delete().from_table(table.to_owned()).cond_where(condition).take())
    }

    fn delete(&self, delete: DeleteStatement) -> SchemaFuture<'_, u64> {
        Box::pin(async move { Ok(ConnectionTrait::execute(self, &delete).await?.rows_affected()) })
    }
}
