//! Inserts rows with stable ids, in a transaction.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "INSERT INTO roles VALUES (1, 'owner'), (2, 'admin'), (3, 'member')
               ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name;
             INSERT INTO notes VALUES (1, 'of the roles')",
        )
        .await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.execute("DELETE FROM notes WHERE id = 1; DELETE FROM roles WHERE id <= 3").await
}
