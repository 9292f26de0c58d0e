//! Upserts rows of `NastyThings` by `kind` and `at`.
use crate::prelude::*;

struct Row {
    id: &'static str,
    kind: &'static str,
    at: &'static str,
    r#type: &'static str,
    order: i32,
    tags: Option<&'static str>,
    data: Option<&'static str>,
    n: Option<&'static str>,
}

/// The ids are the same in every database. `down` deletes the rows by them.
const ROWS: &[Row] = &[
    Row {
        id: "58026e9d-b99d-5a12-84df-ae5ac6e7860f",
        kind: r#"one, "two""#,
        at: "2025-02-01 00:00:00Z",
        r#type: "a\r\nb",
        order: -1,
        tags: Some(r#"{a,"b, c",""}"#),
        data: Some(r#""text""#),
        n: Some("0.10"),
    },
    Row {
        id: "1820a641-ead5-58c8-b453-4e94d3c464a8",
        kind: "other",
        at: "2025-02-01 00:00:00Z",
        r#type: "",
        order: 1073741823,
        tags: Some("{}"),
        data: Some(r#"{"a": 1}"#),
        n: Some("1e-20"),
    },
];

/// An existing row with the same key keeps its id and gets these values.
pub async fn up(schema: &Schema<'_>) -> Result {
    let same_key = OnConflict::columns(["kind", "at"])
        .update_columns(["type", "Order", "tags", "data", "n"])
        .to_owned();
    for rows in ROWS.chunks(500) {
        let mut insert = Query::insert();
        insert
            .into_table("NastyThings")
            .columns(["id", "kind", "at", "type", "Order", "tags", "data", "n"]);
        for row in rows {
            insert.values([
                Expr::val(row.id).cast_as("uuid"),
                Expr::val(row.kind).cast_as("citext"),
                Expr::val(row.at).cast_as("timestamp with time zone"),
                Expr::val(row.r#type),
                Expr::val(row.order),
                Expr::val(row.tags).cast_as("text[]"),
                Expr::val(row.data).cast_as("jsonb"),
                Expr::val(row.n).cast_as("numeric"),
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
    schema.bulk_delete("NastyThings", Expr::col("id").is_in(ids)).await?;
    Ok(())
}
