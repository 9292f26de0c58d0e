//! Creates the extension with `uuid_generate_v4()`, the default of every `id`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.create_extension("uuid-ossp").await
}

/// Drops the extension, unless it belongs to the administrator or other objects use it. The statement has no CASCADE,
/// which would drop the columns of another application of this database.
pub async fn down(schema: &Schema<'_>) -> Result {
    schema
        .execute(
            r#"
            DO $$ BEGIN
                DROP EXTENSION IF EXISTS "uuid-ossp";
            EXCEPTION WHEN insufficient_privilege OR dependent_objects_still_exist THEN
                RAISE NOTICE 'the extension uuid-ossp stays: %', SQLERRM;
            END $$
            "#,
        )
        .await
}
