//! Upserts rows of `plans` by `kind` and `name`.
use crate::prelude::*;

struct Row {
    id: &'static str,
    name: &'static str,
    kind: &'static str,
    price: &'static str,
    sold: bool,
}

/// The ids are the same in every database. `down` deletes the rows by them.
const ROWS: &[Row] = &[
    Row {
        id: "fb498bf6-4a7a-5aef-9cdf-24e258adb421",
        name: "Free",
        kind: "plan",
        price: "5",
        sold: true,
    },
    Row {
        id: "fa7c872a-0fca-59cc-8a6a-bd19a89c5c8b",
        name: "Trial",
        kind: "plan",
        price: "1",
        sold: false,
    },
];

/// An existing row with the same key keeps its id and gets these values.
pub async fn up(schema: &Schema<'_>) -> Result {
    let same_key =
        OnConflict::columns(["kind", "name"]).update_columns(["price", "sold"]).to_owned();
    for rows in ROWS.chunks(500) {
        let mut insert = Query::insert();
        insert.into_table("plans").columns(["id", "name", "kind", "price", "sold"]);
        for row in rows {
            insert.values([
                Expr::val(row.id).cast_as("uuid"),
                Expr::val(row.name),
                Expr::val(row.kind).cast_as("plan_kind"),
                Expr::val(row.price).cast_as("numeric(10,2)"),
                Expr::val(row.sold),
            ])?;
        }
        insert.on_conflict(same_key.clone());
        ConnectionTrait::execute(schema, &insert).await?;
    }
    Ok(())
}

/// Deletes the rows by their ids. A row that existed before has another id, and stays.
pub async fn down(schema: &Schema<'_>) -> Result {
    let ids = ROWS.iter().map(|row| Expr::val(row.id).cast_as("uuid"));
    schema.bulk_delete("plans", Expr::col("id").is_in(ids)).await?;
    Ok(())
}
