//! The command `temporary-database` creates a temporary database with the schema of a source, and keeps it for the
//! process that started the command.
//!
//! `seedbed` links no script, and this program links no generator. For this reason, `seedbed schema` and
//! `seedbed entities` start this command, read the database that it prints, and end it by closing its stdin:
//!
//! ```text
//! seedbed                          migrator temporary-database
//! start, with pipes ─────────────► create the database, apply the migrations
//! read the schema   ◄───────────── print the name
//! close stdin       ─────────────► drop the database
//! ```
//!
//! If `seedbed` is killed, this closes the pipe too. The next temporary database drops the database that a killed
//! `migrator` left behind.

use std::io;

use seedbed_engine::{Event, TemporaryDatabase};
use tokio::sync::oneshot;

use super::command_context::CommandContext;
use super::schema_source::{Contents, print_unless_script};
use crate::args::TemporaryDatabaseArgs;
use crate::command_error::{CommandError, Success};
use crate::print;

pub(crate) async fn run(
    context: &CommandContext<'_>,
    args: &TemporaryDatabaseArgs,
) -> Result<Success, CommandError> {
    let contents = Contents::read(&args.source)?;
    let events = |event: &Event<'_>| print_unless_script(context, event);
    // Before the signal thread listens, a signal would end the process and leave the temporary database behind.
    context.signals_ready.wait();
    let stdin_closed = watch_stdin()?;
    let database = TemporaryDatabase::create(&context.config.options, &events).await?;
    let serve = async {
        contents.load_into(context, &database).await?;
        print::stdout_line(database.options().url.database());
        // The process that reads the database determines how long the database is kept.
        let never = std::future::pending();
        Ok::<Success, CommandError>(context.cancellation.run_until_canceled(never).await?)
    };
    let result = tokio::select! {
        served = serve => served,
        _ = stdin_closed => Ok(Success::Done),
    };
    database.drop(&events).await?;
    result
}

/// Returns a channel that closes when stdin ends. The content of stdin has no meaning.
fn watch_stdin() -> Result<oneshot::Receiver<()>, CommandError> {
    let (sender, receiver) = oneshot::channel();
    // A thread reads stdin, because reading from a pipe blocks. The thread ends with the process.
    let thread = std::thread::Builder::new().name("stdin".to_owned()).spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        drop(sender);
    });
    match thread {
        Ok(_) => Ok(receiver),
        Err(error) => Err(CommandError::failure(
            format!("failed to start the thread that reads stdin: {error}"),
            "try again",
        )),
    }
}
