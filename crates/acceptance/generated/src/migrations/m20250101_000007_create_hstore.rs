//! Creates the extension of the type `hstore`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.create_extension("hstore").await
}

/// The extension stays if another application of this database uses it. So there is no CASCADE,
/// which would drop the columns of that application.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            "
            DO $$ BEGIN
                DROP EXTENSION IF EXISTS hstore;
            EXCEPTION WHEN insufficient_privilege OR dependent_objects_still_exist THEN
                RAISE NOTICE 'the extension hstore stays: %', SQLERRM;
            END $$
            ",
        )
        .await
}
