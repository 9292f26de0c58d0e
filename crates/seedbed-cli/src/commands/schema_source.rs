//! The catalog of a database, of a file, or of the migrations.

use seedbed_catalog::{Catalog, execute_script};
use seedbed_engine::{Event, Options, TemporaryDatabase, connection};

use super::Running;
use crate::args::SchemaSource;
use crate::failure::Failure;

/// Reads it. What is not in a database yet is made in one that is dropped again, also when that fails
/// or is interrupted.
pub(super) async fn catalog_of(
    command: &Running<'_>,
    source: &SchemaSource,
) -> Result<Catalog, Failure> {
    let options = &command.context.options;
    let file = match source {
        SchemaSource::Database(url) => {
            return catalog(command, &Options { url: *url.clone(), ..options.clone() }, None).await;
        }
        SchemaSource::File(file) => {
            let sql = std::fs::read_to_string(file).map_err(|error| {
                let hint = "a schema is a URL, the path of an SQL file, or the word migrations";
                Failure::refused(format!("could not read {}: {error}", file.display()), hint)
            })?;
            Some(sql)
        }
        SchemaSource::Migrations => None,
    };
    let events = |event: &Event<'_>| quietly(command, event);
    // Or a signal would end the process before there is anybody to drop it.
    command.listening.wait();
    let temporary = TemporaryDatabase::create(options, &events).await?;
    let made = match file {
        Some(sql) => catalog(command, temporary.options(), Some((source, &sql))).await,
        None => match temporary.migrate(command.project, &events, &command.interrupt).await {
            Ok(()) => catalog(command, temporary.options(), None).await,
            Err(error) => Err(error.into()),
        },
    };
    temporary.drop(&events).await?;
    made
}

/// Of that database, after those statements.
async fn catalog(
    command: &Running<'_>,
    options: &Options,
    file: Option<(&SchemaSource, &str)>,
) -> Result<Catalog, Failure> {
    let events = |event: &Event<'_>| quietly(command, event);
    let reading = async {
        let mut connection = connection(options, &events).await?;
        if let Some((file, sql)) = file {
            execute_script(&mut connection, sql)
                .await
                .map_err(|error| Failure::from(error).of(file))?;
        }
        let options = seedbed_catalog::ReadOptions::default();
        Catalog::read(&mut connection, &options).await.map_err(Failure::from)
    };
    command.interrupt.run_until_cancelled(reading).await?
}

/// What happens in a database that lives for a moment is not told, but for what takes long.
fn quietly(command: &Running<'_>, event: &Event<'_>) {
    match event {
        Event::Started { .. } | Event::Finished { .. } => {}
        event => command.event(event),
    }
}
