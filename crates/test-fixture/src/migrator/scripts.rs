//! The functions `up` and `down` of the scripts. Several scripts can share one function, which uses the name of the running
//! script.

pub(crate) mod runs;
pub(crate) mod states;

use seedbed::prelude::*;

/// Turns an async function into the `up` or the `down` of a script.
macro_rules! up {
    ($function:path) => {
        |schema| Box::pin($function(schema))
    };
}
pub(crate) use up;
pub(crate) use up as down;

pub(crate) async fn create_own_table(schema: &Schema<'_>) -> Result {
    let table = Table::create()
        .table(schema.name().to_string())
        .col(pk_auto("id"))
        .col(text("name"))
        .take();
    schema.create_table(&table).await?;
    schema.add_index(index(schema.name().as_str(), ["name"])).await?;
    Ok(())
}

pub(crate) async fn drop_own_table(schema: &Schema<'_>) -> Result {
    schema.drop_table(schema.name().as_str()).await
}

pub(crate) async fn insert_own_row(schema: &Schema<'_>) -> Result {
    let rows = vec![[schema.name().as_str().into()]];
    schema.bulk_insert("m20250101_000001_rows", ["name"], rows).await?;
    Ok(())
}

pub(crate) async fn delete_own_row(schema: &Schema<'_>) -> Result {
    let own = Expr::col("name").eq(schema.name().as_str());
    schema.bulk_delete("m20250101_000001_rows", own).await?;
    Ok(())
}
