//! Executes statements whose effects other scripts need.
use crate::prelude::*;

pub const IRREVERSIBLE: &str = "other scripts need its effects";

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("CREATE TABLE collated_things (id integer PRIMARY KEY, name varchar(20) COLLATE \"C\" NOT NULL DEFAULT 'x', tags varchar(20)[] DEFAULT '{a}', at timestamp(3) with time zone DEFAULT '2025-01-01 00:00:00+00'); CREATE INDEX collated_names ON collated_things (lower(name)) WHERE name <> 'b'; INSERT INTO collated_things (id) SELECT n FROM generate_series(-1500, 1500) n").await
}
