//! Inserts rows with `bulk_insert`, in a transaction.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.bulk_insert("roles", ["id", "name"], vec![[10.into(), "guest".into()]]).await?;
    let notes = (11..=30).map(|id| [id.into(), format!("guest {id}").into()]).collect();
    schema.bulk_insert("notes", ["id", "name"], notes).await?;
    Ok(())
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.bulk_delete("notes", Expr::col("id").between(11, 30)).await?;
    schema.bulk_delete("roles", Expr::col("id").eq(10)).await?;
    Ok(())
}
