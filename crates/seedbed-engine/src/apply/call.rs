//! Calls the function of a script, and turns a panic into an error.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::task::Poll;

use anyhow::anyhow;
use sea_orm_migration::SchemaManager;

use crate::direction::Direction;
use crate::plan::Step;
use crate::schema::Schema;
use crate::script;
use crate::script_connection::ScriptConnection;
use crate::transaction::Transaction;

/// Calls the function of the script for the direction of the step.
pub(super) async fn call(
    step: &Step,
    connection: &ScriptConnection<'_>,
    transaction: Option<&Transaction>,
) -> anyhow::Result<()> {
    catch_panic(async {
        match step.script.definition {
            script::ScriptDefinition::Functions { up, down } => {
                let schema = Schema::new(connection);
                match (step.direction, down) {
                    (Direction::Up, _) => up(&schema).await,
                    (Direction::Down, Some(down)) => down(&schema).await,
                    (Direction::Down, None) => Err(anyhow!("the script has no `down`")),
                }
            }
            script::ScriptDefinition::SeaOrm(migration) => {
                // The manager borrows the pool, so the pool is declared first.
                let connection_pool;
                let manager = match transaction.and_then(Transaction::as_sea_orm) {
                    Some(transaction) => SchemaManager::new(transaction),
                    None => {
                        connection_pool = connection.session.as_sea_orm().await;
                        SchemaManager::new(&connection_pool)
                    }
                };
                match step.direction {
                    Direction::Up => migration().up(&manager).await?,
                    Direction::Down => migration().down(&manager).await?,
                }
                Ok(())
            }
        }
    })
    .await
}

thread_local! {
    /// Whether the thread runs the function of a script.
    static IS_IN_SCRIPT: Cell<bool> = const { Cell::new(false) };
    /// The location of the last panic of a script.
    static PANIC_LOCATION: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Records the location of a panic of a script, and returns whether a script panicked.
///
/// A panic hook calls this function. The panic of a script becomes the error of that script; the hook prints every
/// other panic.
#[must_use]
pub fn script_panicked(panic: &PanicHookInfo<'_>) -> bool {
    if !IS_IN_SCRIPT.get() {
        return false;
    }
    let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
    PANIC_LOCATION.with_borrow_mut(|last| *last = place);
    true
}

/// Runs the future and turns its panic into an error.
///
/// `AssertUnwindSafe` is correct here: after a panic, the transaction is rolled back as after any other error, and the
/// future, which the panic may have left in an inconsistent state, is not polled again.
async fn catch_panic(script: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let mut script = std::pin::pin!(script);
    std::future::poll_fn(|context| {
        IS_IN_SCRIPT.set(true);
        let polled = catch_unwind(AssertUnwindSafe(|| script.as_mut().poll(context)));
        IS_IN_SCRIPT.set(false);
        polled.unwrap_or_else(|panic| Poll::Ready(Err(panic_error(panic.as_ref()))))
    })
    .await
}

fn panic_error(panic: &(dyn Any + Send)) -> anyhow::Error {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let place = PANIC_LOCATION.take().map(|place| format!(" at {place}")).unwrap_or_default();
    anyhow!("the script panicked{place}: {}", text.unwrap_or("without a message"))
}
