//! Upserts rows of `plans` by `kind` and `name`.
use crate::prelude::*;

struct Row {
    id: &'static str,
    name: &'static str,
    kind: &'static str,
    stock: Option<i32>,
    price: &'static str,
    sold: bool,
    data: Option<&'static str>,
}

/// The ids are the same in every database. `down` deletes the rows by them.
const ROWS: &[Row] = &[
    Row {
        id: "b2cba2a9-c7f9-5929-92b9-56d6650d8709",
        name: "Free",
        kind: "plan",
        stock: None,
        price: "0",
        sold: false,
        data: Some(r#"{"seats":1}"#),
    },
    Row {
        id: "6b838b78-f6b9-57be-ba4f-7ddfc54bae76",
        name: "Team",
        kind: "plan",
        stock: Some(7),
        price: "19.5",
        sold: true,
        data: None,
    },
];

/// An existing row with the same key keeps its id and gets these values.
pub async fn up(schema: &Schema<'_>) -> Result {
    let same_key = OnConflict::columns(["kind", "name"])
        .update_columns(["stock", "price", "sold", "data"])
        .to_owned();
    for rows in ROWS.chunks(500) {
        let mut insert = Query::insert();
        insert
            .into_table("plans")
            .columns(["id", "name", "kind", "stock", "price", "sold", "data"]);
        for row in rows {
            insert.values([
                Expr::val(row.id).cast_as("uuid"),
                Expr::val(row.name),
                Expr::val(row.kind).cast_as("plan_kind"),
                Expr::val(row.stock),
                Expr::val(row.price).cast_as("numeric(10,2)"),
                Expr::val(row.sold),
                Expr::val(row.data).cast_as("jsonb"),
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
