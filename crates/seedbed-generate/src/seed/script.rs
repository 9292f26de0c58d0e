//! Renders the source of a seed.

use super::plan::SeedPlan;
use super::values::{rust_type, value_expression};
use crate::rust_source::{FunctionBody, ScriptSource, comment, string, strings};

/// The expression of a row's id. The ids are string literals, because 5,000 string literals compile in 3 s, and 5,000
/// calls of `uuid!(…)` in 7 s.
const ID: &str = "Expr::val(row.id).cast_as(\"uuid\")";

/// The source of a seed's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowSource {
    /// A file without ids.
    Given,
    /// A file that has ids for some of the rows.
    GivenWithIds,
    /// No file: the user replaces a placeholder.
    Placeholder,
}

/// Returns the script for rows that are given as Rust source.
pub(super) fn seed_script(plan: &SeedPlan<'_>, rows: &[String], source: RowSource) -> ScriptSource {
    let table = &plan.table.name.name;
    let types = plan.columns.iter().zip(&plan.fields);
    let fields: Vec<String> =
        types.map(|(column, field)| format!("{field}: {}", rust_type(column))).collect();
    let item = format!("struct Row {{ id: &'static str, {} }}", fields.join(", "));
    let ids =
        comment("///", "The ids are the same in every database. `down` deletes the rows by them.");
    let constant = format!("{ids}const ROWS: &[Row] = &[{}];", rows.join(", "));
    let key = plan.key.join("` and `");
    let summary = match source {
        RowSource::Given | RowSource::GivenWithIds => {
            format!("Upserts rows of `{table}` by `{key}`.")
        }
        RowSource::Placeholder => {
            format!("Not written yet: upserts rows of `{table}` by `{key}`.")
        }
    };
    ScriptSource {
        doc: vec![summary],
        imports: Vec::new(),
        items: vec![item, constant],
        up_doc: Some(up_doc(plan).to_owned()),
        up: FunctionBody::Source(up(plan, source)),
        down: FunctionBody::Source(format!(
            "let ids = ROWS.iter().map(|row| {ID});
            schema.bulk_delete({}, Expr::col(\"id\").is_in(ids)).await?;
            Ok(())",
            string(table)
        )),
        down_doc: Some(down_doc(source).to_owned()),
    }
}

fn down_doc(source: RowSource) -> &'static str {
    match source {
        RowSource::GivenWithIds => {
            "Deletes the rows by their ids, including an existing row with \
            an id of the file."
        }
        _ => "Deletes the rows by their ids. A row that existed before has another id, and stays.",
    }
}

fn up_doc(plan: &SeedPlan<'_>) -> &'static str {
    if plan.updated().is_empty() {
        "An existing row with the same key stays as it is."
    } else {
        "An existing row with the same key keeps its id and gets these values."
    }
}

fn up(plan: &SeedPlan<'_>, source: RowSource) -> String {
    let table = string(&plan.table.name.name);
    let names: Vec<&str> = std::iter::once("id").chain(plan.names()).collect();
    let columns = plan.columns.iter().zip(&plan.fields);
    let values: Vec<String> = std::iter::once(ID.to_owned())
        .chain(columns.map(|(column, field)| value_expression(plan, column, field)))
        .collect();
    let action = match plan.updated().as_slice() {
        [] => "do_nothing()".to_owned(),
        columns => format!("update_columns([{}])", strings(columns)),
    };
    let open = match source {
        RowSource::Given | RowSource::GivenWithIds => "",
        RowSource::Placeholder => {
            "// Fill in the rows, and remove this line.\nschema.not_written(file!())?;\n"
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
