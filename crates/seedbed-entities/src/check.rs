//! The entities against the schema that the migrations make.

use sea_orm::{DatabaseConnection, DbBackend, DbErr, Schema, SchemaBuilder};
use seedbed_catalog::{Aspect, Catalog, Kind, Options, load};

use crate::difference::differences;
use crate::error::Error;
use crate::shape::Shape;

/// Compares the entities with the migrated schema, both ways. Their tables are created in that empty
/// database; what an entity can refer to and not create (schemas, extensions, domains) is copied first.
///
/// # Errors
/// [`Error::Differ`] with everything that differs; the others when it cannot be told.
pub async fn check(
    migrated: &Catalog,
    empty: &DatabaseConnection,
    register: impl FnOnce(SchemaBuilder) -> SchemaBuilder,
) -> Result<(), Error> {
    let pool = empty.get_postgres_connection_pool();
    let connect = async || pool.acquire().await.map_err(no_connection);
    load(&mut *connect().await?, &surroundings(migrated)).await?;
    let entities = register(Schema::new(DbBackend::Postgres).builder());
    entities.apply(empty).await.map_err(Error::Create)?;
    let created = Catalog::read(&mut *connect().await?, &Options::default()).await?;
    let found = differences(&Shape::of(migrated), &Shape::of(&created));
    if found.is_empty() { Ok(()) } else { Err(Error::Differ(found)) }
}

fn no_connection(error: impl std::fmt::Display) -> Error {
    Error::Connect(DbErr::Custom(error.to_string()))
}

/// As SQL, in the order of kinds: a schema before the extension in it.
fn surroundings(migrated: &Catalog) -> String {
    let objects = migrated.objects();
    let kinds = [Kind::Schema, Kind::Extension, Kind::Collation, Kind::Type, Kind::Domain];
    let statements = kinds.iter().flat_map(|kind| {
        objects
            .iter()
            .filter(move |(object, sql)| {
                // Every new database has the schema public.
                object.kind == *kind
                    && (object.kind, object.name.as_str()) != (Kind::Schema, "public")
                    && object.part.is_none()
                    && object.aspect == Aspect::Definition
                    && !sql.contains(" AS ENUM (")
            })
            .map(|(_, sql)| format!("{sql}\n"))
    });
    statements.collect()
}
