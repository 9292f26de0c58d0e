//! Creates the function `keep_updated_at`. `SELECT keep_updated_at('widgets')` makes the database maintain `updated_at`
//! of a table.
//!
//! This is a trigger instead of a hook in the models, because bulk updates, upserts and psql bypass the models.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    // The operator `*<>` compares rows whatever the types of their columns, including json, which has no `<>`. An
    // update with the same values does not change `updated_at`.
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
