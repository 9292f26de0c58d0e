//! Upserts rows of `plans` by `kind` and `name`.
use crate::prelude::*;

struct Row {
    id: &'static str,
    name: &'static str,
    kind: &'static str,
    stock: Option<i32>,
    price: &'static str,
    sold: bool,
    since: Option<&'static str>,
    tags: Option<&'static str>,
    data: Option<&'static str>,
    r#ref: Option<&'static str>,
    r#type: Option<&'static str>,
}

/// The ids are the same in every database. `down` deletes the rows by them.
const ROWS: &[Row] = &[
    Row {
        id: "96aa2f79-c788-5733-92a8-939c142d7685",
        name: "Starter",
        kind: "plan",
        stock: Some(3),
        price: "9.90",
        sold: true,
        since: Some("2025-03-03"),
        tags: Some("{small,cheap}"),
        data: Some(r#"{"seats": 5}"#),
        r#ref: None,
        r#type: Some("a"),
    },
    Row {
        id: "3b9ae09a-0cf5-56bf-9cb6-28aac78dd397",
        name: r#"Pro, the "big" one"#,
        kind: "plan",
        stock: None,
        price: "49",
        sold: false,
        since: None,
        tags: None,
        data: None,
        r#ref: Some("ca70efb3-c892-4429-964c-e017a9a7c24a"),
        r#type: None,
    },
    Row {
        id: "44b614c0-fb58-59b3-9a55-9198c586ca35",
        name: r#"Ümlaut \ 'quoted'"#,
        kind: "addon",
        stock: Some(-1),
        price: "0.01",
        sold: false,
        since: None,
        tags: Some("{}"),
        data: Some("[]"),
        r#ref: None,
        r#type: Some("two\nlines"),
    },
];

/// An existing row with the same key keeps its id and gets these values.
pub async fn up(schema: &Schema<'_>) -> Result {
    let same_key = OnConflict::columns(["kind", "name"])
        .update_columns(["stock", "price", "sold", "since", "tags", "data", "ref", "type"])
        .to_owned();
    for rows in ROWS.chunks(500) {
        let mut insert = Query::insert();
        insert.into_table("plans").columns([
            "id", "name", "kind", "stock", "price", "sold", "since", "tags", "data", "ref", "type",
        ]);
        for row in rows {
            insert.values([
                Expr::val(row.id).cast_as("uuid"),
                Expr::val(row.name),
                Expr::val(row.kind).cast_as("plan_kind"),
                Expr::val(row.stock),
                Expr::val(row.price).cast_as("numeric(10,2)"),
                Expr::val(row.sold),
                Expr::val(row.since).cast_as("date"),
                Expr::val(row.tags).cast_as("text[]"),
                Expr::val(row.data).cast_as("jsonb"),
                Expr::val(row.r#ref).cast_as("uuid"),
                Expr::val(row.r#type),
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
