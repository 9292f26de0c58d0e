//! `SELECT keep_updated_at('widgets')` makes the database maintain `updated_at` of a table.
//!
//! A trigger, and not a hook of the models: bulk updates, upserts and psql pass no model.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    // `*<>` compares rows of any type, json included: an update that changes nothing is no change.
    schema
        .execute(
            "
            CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF OLD *<> NEW THEN
                    NEW.updated_at := now();
                END IF;
                RETURN NEW;
            END $$;

            CREATE FUNCTION keep_updated_at(target regclass) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
                EXECUTE format(
                    'CREATE TRIGGER keep_updated_at BEFORE UPDATE ON %s
                     FOR EACH ROW EXECUTE FUNCTION set_updated_at()', target);
            END $$
            ",
        )
        .await
}

pub async fn down(schema: &Schema<'_>) -> Result {
    schema.execute("DROP FUNCTION keep_updated_at(regclass); DROP FUNCTION set_updated_at()").await
}
