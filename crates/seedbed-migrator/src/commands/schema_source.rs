//! Reads the schema of a source, which is a database, an SQL file, or the migrations.

use seedbed_engine::{Event, SessionOptions, TemporaryDatabase, connection};
use seedbed_schema::{DatabaseSchema, ReadOptions, execute_sql_file};

use super::command_context::CommandContext;
use crate::args::SchemaSource;
use crate::command_error::CommandError;

/// The contents of a temporary database.
pub(super) enum Contents<'a> {
    /// The migrations of the project.
    Migrations,
    /// An SQL file.
    File { source: &'a SchemaSource, sql: String },
}

impl<'a> Contents<'a> {
    /// Reads the file of a source. Any other source stands for the migrations, because a database needs no contents.
    pub(super) fn read(source: &'a SchemaSource) -> Result<Self, CommandError> {
        let SchemaSource::File(file) = source else {
            return Ok(Self::Migrations);
        };
        let sql = std::fs::read_to_string(file).map_err(|error| {
            let hint = "name a schema by a URL, the path of an SQL file, or the word `migrations`";
            CommandError::failure(format!("failed to read `{}`: {error}", file.display()), hint)
        })?;
        Ok(Self::File { source, sql })
    }

    /// Loads the file, or applies the migrations.
    pub(super) async fn load_into(
        &self,
        context: &CommandContext<'_>,
        database: &TemporaryDatabase,
    ) -> Result<(), CommandError> {
        let events = |event: &Event<'_>| print_unless_script(context, event);
        let Self::File { source, sql } = self else {
            database.migrate(context.project, &events, &context.cancellation).await?;
            return Ok(());
        };
        let loading = async {
            let mut connection = connection(database.options(), &events).await?;
            let loaded = execute_sql_file(&mut connection, sql).await;
            loaded.map_err(|error| CommandError::from(error).with_subject(source))
        };
        context.cancellation.run_until_canceled(loading).await?
    }
}

/// Reads the schema of a source. Loads a file, or applies the migrations, into a temporary database, and drops this
/// database even if the command fails or is interrupted.
pub(super) async fn read_schema(
    context: &CommandContext<'_>,
    source: &SchemaSource,
) -> Result<DatabaseSchema, CommandError> {
    let options = &context.config.options;
    if let SchemaSource::Database(url) = source {
        let options = SessionOptions { url: *url.clone(), ..options.clone() };
        return read_database(context, &options).await;
    }
    let contents = Contents::read(source)?;
    let events = |event: &Event<'_>| print_unless_script(context, event);
    // Before the signal thread listens, a signal would end the process and leave the temporary database behind.
    context.signals_ready.wait();
    let database = TemporaryDatabase::create(options, &events).await?;
    let schema = match contents.load_into(context, &database).await {
        Ok(()) => read_database(context, database.options()).await,
        Err(error) => Err(error),
    };
    database.drop(&events).await?;
    schema
}

/// Reads the schema of a database.
async fn read_database(
    context: &CommandContext<'_>,
    options: &SessionOptions,
) -> Result<DatabaseSchema, CommandError> {
    let events = |event: &Event<'_>| print_unless_script(context, event);
    let reading = async {
        let mut connection = connection(options, &events).await?;
        let options = ReadOptions::default();
        DatabaseSchema::read(&mut connection, &options).await.map_err(CommandError::from)
    };
    context.cancellation.run_until_canceled(reading).await?
}

/// Prints an event of a temporary database, except the scripts that run in it.
pub(super) fn print_unless_script(context: &CommandContext<'_>, event: &Event<'_>) {
    match event {
        Event::Started { .. } | Event::Finished { .. } => {}
        event => context.print_event(event),
    }
}
