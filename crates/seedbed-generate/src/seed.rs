//! Seeds: rows that are put in by a natural key, and taken out by their ids.

mod error;
mod rows;
mod values;

pub use error::SeedError;
pub use rows::Rows;

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::intent::TableName;
use crate::present::{Column, Present, Table};
use crate::rust::{Body, Script, comment, string, strings};
use crate::sql::word;
use crate::write::GeneratedFile;
use values::{field_name, is_plain_name, rust_type, rust_value, value_expression};

/// All that a seed is made of.
#[derive(Debug, Clone, Copy)]
pub struct SeedRequest<'r> {
    /// The name of the file, in snake_case.
    pub slug: &'r str,
    /// The table, as it was typed.
    pub table: &'r TableName,
    /// The rows; without them the script is there but for its rows.
    pub rows: Option<&'r Rows>,
    /// What the database has under the name of the table.
    pub present: &'r Present,
}

/// Namespace of the ids: the same row of the same table has the same id in every database.
const IDS: Uuid = Uuid::from_u128(0x5eed_bed0_0000_4000_8000_0000_0000_0001);

/// Writes a seed for a table.
///
/// # Errors
/// A [`SeedError`] when the database has no such table, when nothing in it tells one row from another,
/// or when the rows do not fit.
pub fn write_seed(request: &SeedRequest<'_>) -> Result<GeneratedFile, SeedError> {
    let table = request.present.table(request.table)?;
    let plan = Plan::of(table, request.rows)?;
    let rows = match request.rows {
        Some(rows) => plan.rows(rows)?,
        None => vec![plan.example()?],
    };
    Ok(GeneratedFile {
        slug: request.slug.to_owned(),
        text: plan.script(&rows, request.rows.is_some()).text(),
    })
}

/// What goes where.
#[derive(Debug)]
struct Plan<'t> {
    table: &'t Table,
    /// Besides the id.
    columns: Vec<&'t Column>,
    /// What tells one row from another.
    key: Vec<String>,
}

impl<'t> Plan<'t> {
    fn of(table: &'t Table, rows: Option<&Rows>) -> Result<Self, SeedError> {
        let name = || table.name.clone();
        if !table.column("id").is_ok_and(|id| id.sql_type == "uuid") {
            return Err(SeedError::NoId { table: name() });
        }
        let given = |column: &Column| match rows {
            Some(rows) => rows.columns.contains(&column.name),
            None => column.default.is_none() && !made_by_the_database(column),
        };
        let columns: Vec<&Column> =
            table.columns.iter().filter(|column| column.name != "id" && given(column)).collect();
        if let Some(rows) = rows {
            for column in &rows.columns {
                if made_by_the_database(table.column(column)?) {
                    return Err(SeedError::Made { table: name(), column: column.clone() });
                }
            }
            let missing = table.columns.iter().find(|column| {
                column.not_null
                    && column.default.is_none()
                    && !made_by_the_database(column)
                    && !rows.columns.contains(&column.name)
                    && column.name != "id"
            });
            if let Some(column) = missing {
                return Err(SeedError::Missing { table: name(), column: column.name.clone() });
            }
        }
        if let Some(odd) = columns.iter().find(|column| !is_plain_name(&column.name)) {
            return Err(SeedError::OddName { table: name(), column: odd.name.clone() });
        }
        let Some(key) = natural_key(table, &columns) else {
            return Err(SeedError::NoKey { table: name() });
        };
        Ok(Self { table, columns, key })
    }

    /// The rows as Rust, each with its id.
    fn rows(&self, rows: &Rows) -> Result<Vec<String>, SeedError> {
        let mut keys = BTreeSet::new();
        let mut lines = Vec::new();
        for (number, row) in rows.rows.iter().enumerate() {
            let cell = |column: &str| {
                let place = rows.columns.iter().position(|name| name == column)?;
                row.get(place).and_then(Option::as_deref)
            };
            let key: Vec<&str> =
                self.key.iter().map(|column| cell(column).unwrap_or_default()).collect();
            if !keys.insert(key.clone()) {
                let columns = self.key.join(", ");
                return Err(SeedError::Twice { row: number + 1, columns, key: key.join(", ") });
            }
            let id = match cell("id") {
                Some(id) => Uuid::parse_str(id).map_err(|_| SeedError::Value {
                    row: number + 1,
                    column: "id".to_owned(),
                    value: id.to_owned(),
                    wanted: "uuid".to_owned(),
                })?,
                None => self.id(&key),
            };
            lines.push(self.row(id, |column| {
                let value = cell(&column.name);
                rust_value(column, value).ok_or_else(|| SeedError::Value {
                    row: number + 1,
                    column: column.name.clone(),
                    value: value.unwrap_or("null").to_owned(),
                    wanted: column.sql_type.clone(),
                })
            })?);
        }
        if lines.is_empty() {
            return Err(SeedError::NoRows);
        }
        Ok(lines)
    }

    fn id(&self, key: &[&str]) -> Uuid {
        Uuid::new_v5(&IDS, format!("{}\u{1f}{}", self.table.name, key.join("\u{1f}")).as_bytes())
    }

    /// A row with nothing in it, to be filled in.
    fn example(&self) -> Result<String, SeedError> {
        self.row(self.id(&["example"]), |column| Ok(values::empty(column).to_owned()))
    }

    fn row(
        &self,
        id: Uuid,
        value: impl Fn(&Column) -> Result<String, SeedError>,
    ) -> Result<String, SeedError> {
        let mut fields = vec![format!("id: uuid!(\"{id}\")")];
        for column in &self.columns {
            fields.push(format!("{}: {}", field_name(&column.name), value(column)?));
        }
        Ok(format!("Row {{ {} }}", fields.join(", ")))
    }

    fn script(&self, rows: &[String], complete: bool) -> Script {
        let table = &self.table.name;
        let fields: Vec<String> = self
            .columns
            .iter()
            .map(|column| format!("{}: {}", field_name(&column.name), rust_type(column)))
            .collect();
        let item = format!("struct Row {{ id: Uuid, {} }}", fields.join(", "));
        let ids = comment(
            "///",
            "The ids are the same in every database; they are how `down` knows its own.",
        );
        let constant = format!("{ids}const ROWS: &[Row] = &[{}];", rows.join(", "));
        let key = self.key.join("` and `");
        let what = if complete {
            format!("Rows of `{table}`, known by their `{key}`.")
        } else {
            format!("Not written yet: rows of `{table}`, known by their `{key}`.")
        };
        Script {
            doc: vec![what],
            imports: vec!["uuid::{Uuid, uuid}".to_owned()],
            items: vec![item, constant],
            up_doc: Some(self.up_doc().to_owned()),
            up: Body::Text(self.up(complete)),
            down: Body::Text(format!(
                "let ours = Expr::col(\"id\").is_in(ROWS.iter().map(|row| row.id));
                schema.bulk_delete({}, ours).await?;
                Ok(())",
                string(table)
            )),
            down_doc: Some("A row that was there before has another id, and stays.".to_owned()),
        }
    }

    fn up_doc(&self) -> &'static str {
        if self.updated().is_empty() {
            "A row of that key that is there already stays as it is."
        } else {
            "A row of that key that is there already keeps its id and gets these values."
        }
    }

    /// What an upsert changes in a row that is there.
    fn updated(&self) -> Vec<&str> {
        let names = self.columns.iter().map(|column| column.name.as_str());
        names.filter(|name| !self.key.iter().any(|key| key == name)).collect()
    }

    fn up(&self, complete: bool) -> String {
        let table = string(&self.table.name);
        let names: Vec<&str> = std::iter::once("id")
            .chain(self.columns.iter().map(|column| column.name.as_str()))
            .collect();
        let values: Vec<String> = std::iter::once("Expr::val(row.id)".to_owned())
            .chain(self.columns.iter().map(|column| value_expression(column)))
            .collect();
        let action = match self.updated().as_slice() {
            [] => "do_nothing()".to_owned(),
            columns => format!("update_columns([{}])", strings(columns)),
        };
        let open = if complete {
            ""
        } else {
            "// Fill in the rows, and take this line away.\nschema.not_written(file!())?;\n"
        };
        format!(
            "{open}let same_key = OnConflict::columns([{}]).{action}.to_owned();
            for rows in ROWS.chunks(500) {{
                let mut insert = Query::insert();
                insert.into_table({table}).columns([{}]);
                for row in rows {{
                    insert.values([{}])?;
                }}
                insert.on_conflict(same_key.clone());
                ConnectionTrait::execute(schema, &insert).await?;
            }}
            Ok(())",
            strings(&self.key),
            strings(&names),
            values.join(", ")
        )
    }
}

fn made_by_the_database(column: &Column) -> bool {
    column.generated.is_some()
        || column.identity.is_some()
        || column.serial
        || matches!(column.name.as_str(), "created_at" | "updated_at")
}

/// The columns of a unique constraint or index that the rows have a value for, and that are never null:
/// two nulls are not the same.
fn natural_key(table: &Table, columns: &[&Column]) -> Option<Vec<String>> {
    let fits = |key: &[String]| {
        !key.is_empty()
            && key.iter().all(|name| columns.iter().any(|c| c.name == *name && c.not_null))
    };
    let constraints = table.constraints.iter().filter(|constraint| {
        constraint.kind == 'u' && !constraint.definition.contains("DEFERRABLE")
    });
    let indexes = table.indexes.iter().filter(|index| {
        let columns: Vec<String> = index.columns.iter().map(|column| word(column)).collect();
        let whole = format!(
            "CREATE UNIQUE INDEX {} ON {} USING btree ({})",
            word(&index.name),
            word(&table.name),
            columns.join(", ")
        );
        index.definition == whole
    });
    let keys = constraints.map(|constraint| &constraint.columns);
    keys.chain(indexes.map(|index| &index.columns)).find(|key| fits(key)).cloned()
}

#[cfg(test)]
mod tests;
