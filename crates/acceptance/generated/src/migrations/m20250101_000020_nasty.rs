//! Executes statements whose effects other scripts need.
use crate::prelude::*;

pub const IRREVERSIBLE: &str = "other scripts need its effects";

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("CREATE TYPE \"Mood\" AS ENUM ('ok', 'it''s \"so\"', 'a,b'); CREATE DOMAIN short AS varchar(8); CREATE TABLE \"NastyThings\" (id uuid PRIMARY KEY, kind citext NOT NULL, at timestamptz NOT NULL, \"type\" text NOT NULL, \"Order\" integer NOT NULL DEFAULT 1, \"fn\" boolean, \"select\" \"Mood\", moods \"Mood\"[], tags text[], data jsonb, json json, n numeric, two char(2), short short, bytes bytea, span interval, ref uuid, real real, double double precision, place point, \"camelCase\" bigint, match text[], twice integer NOT NULL GENERATED ALWAYS AS (\"Order\" * 2) STORED, CONSTRAINT nasty_key UNIQUE (kind, at))").await
}
