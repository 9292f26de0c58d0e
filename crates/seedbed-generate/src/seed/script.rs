//! The text of a seed.

use super::plan::Plan;
use super::values::{rust_type, value_expression};
use crate::rust::{Body, Script, comment, string, strings};

/// A text like all others: 5,000 of them compile in 3 s, and as `uuid!(…)` in 7.
const ID: &str = "Expr::val(row.id).cast_as(\"uuid\")";

/// Whether there are rows, or one to be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    Given,
    /// Some of them with an id of their own.
    GivenWithIds,
    ToBeWritten,
}

/// The script with these rows, each as Rust.
pub(super) fn script(plan: &Plan<'_>, rows: &[String], are: Rows) -> Script {
    let table = &plan.table.name;
    let types = plan.columns.iter().zip(&plan.fields);
    let fields: Vec<String> =
        types.map(|(column, field)| format!("{field}: {}", rust_type(column))).collect();
    let item = format!("struct Row {{ id: &'static str, {} }}", fields.join(", "));
    let ids = comment(
        "///",
        "The ids are the same in every database; they are how `down` knows its own.",
    );
    let constant = format!("{ids}const ROWS: &[Row] = &[{}];", rows.join(", "));
    let key = plan.key.join("` and `");
    let what = match are {
        Rows::Given | Rows::GivenWithIds => format!("Rows of `{table}`, known by their `{key}`."),
        Rows::ToBeWritten => {
            format!("Not written yet: rows of `{table}`, known by their `{key}`.")
        }
    };
    Script {
        doc: vec![what],
        imports: Vec::new(),
        items: vec![item, constant],
        up_doc: Some(up_doc(plan).to_owned()),
        up: Body::Text(up(plan, are)),
        down: Body::Text(format!(
            "let ids = ROWS.iter().map(|row| {ID});
            schema.bulk_delete({}, Expr::col(\"id\").is_in(ids)).await?;
            Ok(())",
            string(table)
        )),
        down_doc: Some(down_doc(are).to_owned()),
    }
}

fn down_doc(are: Rows) -> &'static str {
    match are {
        Rows::GivenWithIds => "Goes by the ids, also where a row had that of the file before.",
        _ => "Goes by the ids: a row that was there before has another one, and stays.",
    }
}

fn up_doc(plan: &Plan<'_>) -> &'static str {
    if plan.updated().is_empty() {
        "A row of that key that is there already stays as it is."
    } else {
        "A row of that key that is there already keeps its id and gets these values."
    }
}

fn up(plan: &Plan<'_>, are: Rows) -> String {
    let table = string(&plan.table.name);
    let names: Vec<&str> = std::iter::once("id").chain(plan.names()).collect();
    let columns = plan.columns.iter().zip(&plan.fields);
    let values: Vec<String> = std::iter::once(ID.to_owned())
        .chain(columns.map(|(column, field)| value_expression(column, field)))
        .collect();
    let action = match plan.updated().as_slice() {
        [] => "do_nothing()".to_owned(),
        columns => format!("update_columns([{}])", strings(columns)),
    };
    let open = match are {
        Rows::Given | Rows::GivenWithIds => "",
        Rows::ToBeWritten => {
            "// Fill in the rows, and take this line away.\nschema.not_written(file!())?;\n"
        }
    };
    format!(
        "{open}let same_key = OnConflict::columns([{}]).{action}.to_owned();
        for rows in ROWS.chunks({}) {{
            let mut insert = Query::insert();
            insert.into_table({table}).columns([{}]);
            for row in rows {{
                insert.values([{}])?;
            }}
            insert.on_conflict(same_key.clone());
            ConnectionTrait::execute(schema, &insert).await?;
        }}
        Ok(())",
        strings(&plan.key),
        plan.rows_at_once(),
        strings(&names),
        values.join(", ")
    )
}
