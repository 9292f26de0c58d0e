//! The extension behind `uuid_generate_v4()`, the default of every `id`.
use crate::prelude::*;

pub async fn up(schema: &Schema<'_>) -> Result {
    schema.create_extension("uuid-ossp").await
}

/// It may have been here before us, belong to the administrator, or serve another application of this
/// database: then it stays. Hence no CASCADE, which would drop other people's columns.
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
