//! Random schemas as SQL.

use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::extra::{EXTRAS, Extra};

/// Names that need no quotes, and names that do.
pub(super) const NAMES: [&str; 6] = ["plain", "user", "Two Words", "with\"quote", "größe", "a.b"];

/// A type, an expression for its default, and a condition in which `%` stands for the column.
pub(super) const TYPES: [(&str, &str, &str); 14] = [
    ("integer", "-1", "% > 0"),
    ("bigint", "(2 + 3)", "% IN (1, 2)"),
    ("text", "'it''s'", "% ~ '^x\\d'"),
    ("varchar(10)", "'a'", "% IN ('a', 'b')"),
    ("char(3)", "'abc'", "% <> ALL (ARRAY['abc', 'def'])"),
    ("numeric(8,2)", "1.5", "% BETWEEN 1 AND 2.5"),
    ("boolean", "true", "% IS NOT TRUE"),
    ("timestamptz", "now()", "% > '2024-01-01 00:00:00+02'"),
    ("date", "'2024-02-29'", "extract(year FROM %) > 2000"),
    ("interval", "'1 day 2 hours'", "% < '1 year'"),
    ("jsonb", "'{\"a\": [1]}'", "(% ->> 'a') IS NOT NULL"),
    ("text[]", "ARRAY['a', NULL]", "cardinality(%) < 5"),
    ("mood", "'ok'", "% IN ('sad', 'ok')"),
    ("email", "'a@b'", "length(%) < 50"),
];

#[derive(Debug, Clone)]
pub(super) struct Column {
    /// The index of its type in `TYPES`.
    pub(super) kind: usize,
    pub(super) not_null: bool,
    pub(super) default: bool,
    pub(super) check: bool,
    /// The key of an index, with `%` for the name of the column.
    pub(super) index: Option<&'static str>,
    pub(super) comment: bool,
}

#[derive(Debug, Clone)]
pub(super) struct RandomTable {
    pub(super) name: &'static str,
    /// The type and the default of the primary key.
    pub(super) key: &'static str,
    pub(super) columns: Vec<Column>,
    /// The choice of the earlier table that the table refers to.
    pub(super) refers_to: Option<Index>,
    pub(super) extra: Vec<Extra>,
}

pub(super) fn columns() -> impl Strategy<Value = Column> {
    let index = prop::option::weighted(
        0.3,
        select(vec!["(%)", "((% IS NULL))", "(% DESC) WHERE % IS NOT NULL"]),
    );
    (
        0..TYPES.len(),
        any::<bool>(),
        any::<bool>(),
        prop::bool::weighted(0.3),
        index,
        prop::bool::weighted(0.2),
    )
        .prop_map(|(kind, not_null, default, check, index, comment)| Column {
            kind,
            not_null,
            default,
            check,
            index,
            comment,
        })
}

pub(super) fn tables() -> impl Strategy<Value = RandomTable> {
    let key = select(vec![
        "bigint GENERATED ALWAYS AS IDENTITY",
        "serial",
        "uuid DEFAULT gen_random_uuid()",
    ]);
    (
        select(NAMES.to_vec()),
        key,
        prop::collection::vec(columns(), 0..4),
        prop::option::of(any::<Index>()),
        prop::sample::subsequence(EXTRAS.to_vec(), 0..7),
    )
        .prop_map(|(name, key, columns, refers_to, extra)| RandomTable {
            name,
            key,
            columns,
            refers_to,
            extra,
        })
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Returns the name with a number, because a schema may draw a name twice.
pub(super) fn table_name(number: usize, table: &RandomTable) -> String {
    quoted(&format!("{}{number}", table.name))
}

pub(super) fn column_name(number: usize) -> String {
    quoted(&format!("{} {number}", NAMES[number % NAMES.len()]))
}

/// Returns the statements that create the tables and their extras.
pub(super) fn create(tables: &[RandomTable]) -> String {
    let mut sql = "CREATE TYPE mood AS ENUM ('sad', 'ok'); \
        CREATE DOMAIN email AS varchar(80) CHECK (VALUE LIKE '%@%'); \
        CREATE FUNCTION fired() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        .to_owned();
    for (number, table) in tables.iter().enumerate() {
        let name = table_name(number, table);
        write!(sql, "CREATE TABLE {name} (id {} PRIMARY KEY", table.key)
            .expect("a string can always be written to");
        for (number, column) in table.columns.iter().enumerate() {
            let (kind, default, check) = TYPES[column.kind];
            let own = column_name(number);
            write!(sql, ", {own} {kind}").expect("a string can always be written to");
            for (is_set, clause) in [
                (column.not_null, " NOT NULL".to_owned()),
                (column.default, format!(" DEFAULT {default}")),
                (column.check, format!(" CHECK ({})", check.replace('%', &own))),
            ] {
                sql += if is_set { &clause } else { "" };
            }
        }
        sql += ");";
        for (number, column) in table.columns.iter().enumerate() {
            let own = column_name(number);
            if let Some(index) = column.index {
                write!(sql, "CREATE INDEX ON {name} {};", index.replace('%', &own))
                    .expect("a string can always be written to");
            }
            if column.comment {
                write!(sql, "COMMENT ON COLUMN {name}.{own} IS 'it''s \\ here';")
                    .expect("a string can always be written to");
            }
        }
        if let Some(other) = table.refers_to.filter(|_| number > 0) {
            let other = other.index(number);
            let (target, key) = (table_name(other, &tables[other]), tables[other].key);
            let kind = key.split(' ').next().unwrap_or(key).replace("serial", "integer");
            write!(
                sql,
                "ALTER TABLE {name} ADD other {kind} REFERENCES {target} ON DELETE SET NULL;"
            )
            .expect("a string can always be written to");
        }
        for extra in &table.extra {
            sql += &extra.in_table(extra.create, number, &name);
            sql += ";";
        }
    }
    sql
}
