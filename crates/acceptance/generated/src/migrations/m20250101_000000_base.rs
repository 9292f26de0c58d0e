//! Executes statements whose effects other scripts need.
use crate::prelude::*;

pub const IRREVERSIBLE: &str = "other scripts need its effects";

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.execute("CREATE EXTENSION \"uuid-ossp\"; CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$; CREATE FUNCTION keep_updated_at(target regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('CREATE TRIGGER keep_updated_at BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION set_updated_at()', target); END $$").await
}
