//! The schema of a source: of a database, of an SQL file, or of the migrations.

use seedbed_engine::{Event, SessionOptions, TemporaryDatabase, connection};
use seedbed_schema::{DatabaseSchema, ReadOptions, execute_script};

use super::command_context::CommandContext;
use crate::args::SchemaSource;
use crate::command_error::CommandError;

/// Reads the schema of a source. Loads a file, or applies the migrations, into a temporary database, and drops that
/// database also if the command fails or is interrupted.
pub(super) async fn read_schema(
    context: &CommandContext<'_>,
    source: &SchemaSource,
) -> Result<DatabaseSchema, CommandError> {
    let options = &context.config.options;
    let file = match source {
        SchemaSource::Database(url) => {
            return read_database(
                context,
                &SessionOptions { url: *url.clone(), ..options.clone() },
                None,
            )
            .await;
        }
        SchemaSource::File(file) => {
            let sql = std::fs::read_to_string(file).map_err(|error| {
                let hint = "a schema is a URL, the path of an SQL file, or the word `migrations`";
                CommandError::failure(format!("failed to read `{}`: {error}", file.display()), hint)
            })?;
            Some(sql)
        }
        SchemaSource::Migrations => None,
    };
    let events = |event: &Event<'_>| print_unless_script(context, event);
    // Before the thread listens, a signal would end the process and leave the temporary database behind.
    context.signals_ready.wait();
    let scratch = TemporaryDatabase::create(options, &events).await?;
    let schema = match file {
        Some(sql) => read_database(context, scratch.options(), Some((source, &sql))).await,
        None => match scratch.migrate(context.project, &events, &context.cancellation).await {
            Ok(()) => read_database(context, scratch.options(), None).await,
            Err(error) => Err(error.into()),
        },
    };
    scratch.drop(&events).await?;
    schema
}

/// Reads the schema of a database, after loading the file into it if one is given.
async fn read_database(
    context: &CommandContext<'_>,
    options: &SessionOptions,
    file: Option<(&SchemaSource, &str)>,
) -> Result<DatabaseSchema, CommandError> {
    let events = |event: &Event<'_>| print_unless_script(context, event);
    let reading = async {
        let mut connection = connection(options, &events).await?;
        if let Some((file, sql)) = file {
            execute_script(&mut connection, sql)
                .await
                .map_err(|error| CommandError::from(error).with_subject(file))?;
        }
        let options = ReadOptions::default();
        DatabaseSchema::read(&mut connection, &options).await.map_err(CommandError::from)
    };
    context.cancellation.run_until_cancelled(reading).await?
}

/// Prints an event of a temporary database, except the scripts that run in it.
fn print_unless_script(context: &CommandContext<'_>, event: &Event<'_>) {
    match event {
        Event::Started { .. } | Event::Finished { .. } => {}
        event => context.print_event(event),
    }
}
