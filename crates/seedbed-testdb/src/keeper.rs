//! The one connection of this process to the server, which makes and drops the databases of its tests.

use std::collections::HashSet;
use std::str::FromStr as _;
use std::sync::{OnceLock, mpsc as blocking};
use std::time::{Duration, Instant};

use seedbed_engine::Url;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _, PgConnection};
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{mpsc, oneshot};

use crate::records::{self, Leftover};
use crate::template::{Contents, Template, said};

/// The variable that names the server.
const VARIABLE: &str = "TEST_DATABASE_URL";

/// The database in which the table of ours is, and the locks are: every server has it, and no
/// application uses it.
const ADMIN: &str = "postgres";

/// For how long a clone is tried again while somebody looks at the template.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the keeper is asked for.
enum Wish {
    Instance(Option<Contents>, oneshot::Sender<Result<String, String>>),
    End(String, End, blocking::Sender<Result<(), String>>),
}

/// What becomes of an instance at the end of its test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Drop,
    Keep,
}

/// The thread that has the connection. It is one for all tests of the process, because a runtime ends
/// with its test.
pub(crate) struct Keeper {
    server: String,
    wishes: mpsc::UnboundedSender<Wish>,
}

impl Keeper {
    /// The one of this process.
    pub(crate) fn get() -> Result<&'static Self, String> {
        static KEEPER: OnceLock<Result<Keeper, String>> = OnceLock::new();
        KEEPER.get_or_init(Self::start).as_ref().map_err(Clone::clone)
    }

    fn start() -> Result<Self, String> {
        let server = std::env::var(VARIABLE).map_err(|_| {
            format!(
                "{VARIABLE} is not set: `make test` sets it, or set it to any database of a server \
                 for tests"
            )
        })?;
        let url = Url::parse(&server).map_err(|error| format!("{VARIABLE}: {error}"))?;
        let options = PgConnectOptions::from_str(&server).map_err(said)?;
        let options = options.database(ADMIN).application_name("seedbed-testdb");
        let (wishes, listening) = mpsc::unbounded_channel();
        let work = Work { url, options, admin: None, ready: HashSet::new() };
        std::thread::Builder::new()
            .name("seedbed-testdb".to_owned())
            .spawn(move || run(work, listening))
            .map_err(|error| error.to_string())?;
        Ok(Self { server, wishes })
    }

    /// The URL of a database on this server.
    pub(crate) fn url(&self, database: &str) -> String {
        with_database(&self.server, database)
    }

    /// A new instance, and its name.
    pub(crate) async fn instance(&self, contents: Option<Contents>) -> Result<String, String> {
        let (sender, name) = oneshot::channel();
        let wish = Wish::Instance(contents, sender);
        self.wishes.send(wish).map_err(|_| "its thread has ended".to_owned())?;
        name.await.map_err(|_| "its thread has ended".to_owned())?
    }

    /// Drops or keeps an instance, and waits until that is done.
    pub(crate) fn end(&self, name: &str, end: End) -> Result<(), String> {
        let (sender, done) = blocking::channel();
        let wish = Wish::End(name.to_owned(), end, sender);
        self.wishes.send(wish).map_err(|_| "its thread has ended".to_owned())?;
        done.recv().map_err(|_| "its thread has ended".to_owned())?
    }
}

fn run(mut work: Work, mut wishes: mpsc::UnboundedReceiver<Wish>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else {
        // Who waits for it is told that the thread has ended.
        return;
    };
    runtime.block_on(async {
        let mut leftovers = Vec::new();
        loop {
            let wish = match wishes.try_recv() {
                Ok(wish) => wish,
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {
                    // Nobody waits: time to sweep what others have left behind.
                    if let (Some(leftover), Some(admin)) = (leftovers.pop(), &mut work.admin) {
                        // Best effort; the next run looks again.
                        let _ = records::sweep(&mut admin.connection, &leftover).await;
                        continue;
                    }
                    match wishes.recv().await {
                        Some(wish) => wish,
                        None => return,
                    }
                }
            };
            match wish {
                Wish::Instance(contents, name) => {
                    let made = work.instance(contents.as_ref(), &mut leftovers).await;
                    // The test may have ended meanwhile, by a time limit of its own.
                    if let Err(Ok(unwanted)) = name.send(made) {
                        let _ = work.end(&unwanted, End::Drop).await;
                    }
                }
                Wish::End(name, end, done) => {
                    let _ = done.send(work.end(&name, end).await);
                }
            }
        }
    });
}

/// The connection, and the lock that tells others that this process lives.
struct Admin {
    connection: PgConnection,
    owner: i64,
    version: u32,
}

struct Work {
    url: Url,
    options: PgConnectOptions,
    admin: Option<Admin>,
    /// The templates that were found or built.
    ready: HashSet<String>,
}

impl Work {
    async fn connect(&mut self, leftovers: &mut Vec<Leftover>) -> Result<&mut Admin, String> {
        if let Some(admin) = &mut self.admin
            && admin.connection.execute("").await.is_err()
        {
            // The server was started again.
            self.admin = None;
        }
        if self.admin.is_none() {
            let mut connection = self.options.connect().await.map_err(|error| {
                format!("{error}: is the server of {VARIABLE} ({}) running?", self.url.server())
            })?;
            records::make_table(&mut connection).await.map_err(said)?;
            let (owner, _) = uuid::Uuid::new_v4().as_u64_pair();
            let owner = owner.cast_signed();
            let lock = sqlx::query("SELECT pg_advisory_lock($1)").bind(owner);
            lock.execute(&mut connection).await.map_err(said)?;
            let version = connection.server_version_num().unwrap_or_default();
            *leftovers = records::leftovers(&mut connection).await.map_err(said)?;
            self.admin = Some(Admin { connection, owner, version });
        }
        self.admin.as_mut().ok_or_else(|| "there is no connection".to_owned())
    }

    /// Makes an instance: written down first, so that it is found if this process is killed.
    async fn instance(
        &mut self,
        contents: Option<&Contents>,
        leftovers: &mut Vec<Leftover>,
    ) -> Result<String, String> {
        self.connect(leftovers).await?;
        let Self { url, admin: Some(admin), ready, .. } = self else {
            return Err("there is no connection".to_owned());
        };
        let name = records::instance_name();
        records::add(&mut admin.connection, &name, admin.owner).await.map_err(said)?;
        let Some(contents) = contents else {
            clone(admin, &name, None).await.map_err(said)?;
            return Ok(name);
        };
        let template = contents.template_name(admin.version);
        for last in [false, true] {
            if !ready.contains(&template) {
                let owner = admin.owner;
                let wanted = Template { name: &template, contents, server: url, owner };
                wanted.ensure(&mut admin.connection).await?;
                ready.insert(template.clone());
            }
            match clone(admin, &name, Some(&template)).await {
                Ok(()) => break,
                // Somebody has dropped the template since.
                Err(error) if !last && has_code(&error, "3D000") => ready.remove(&template),
                Err(error) => return Err(said(error)),
            };
        }
        Ok(name)
    }

    async fn end(&mut self, name: &str, end: End) -> Result<(), String> {
        let admin = self.connect(&mut Vec::new()).await?;
        match end {
            End::Drop => records::remove(&mut admin.connection, name).await,
            End::Keep => records::keep(&mut admin.connection, name).await,
        }
        .map_err(said)
    }
}

/// Clones the template, or makes an empty database.
async fn clone(admin: &mut Admin, name: &str, template: Option<&str>) -> Result<(), sqlx::Error> {
    // Before 15 there is one strategy, and it copies files. Where nothing is flushed it is the faster
    // one; where all is, the checkpoints that it asks for are not.
    let strategy = if admin.version >= 150_000 { " STRATEGY FILE_COPY" } else { "" };
    let sql = match template {
        Some(template) => format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"{strategy}"),
        None => format!("CREATE DATABASE \"{name}\""),
    };
    let begun = Instant::now();
    loop {
        let error = match admin.connection.execute(AssertSqlSafe(sql.clone())).await {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        // Somebody looks at the template just now: autovacuum, say.
        if !has_code(&error, "55006") || begun.elapsed() >= PATIENCE {
            return Err(error);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn has_code(error: &sqlx::Error, code: &str) -> bool {
    let has = error.as_database_error().and_then(|error| error.code());
    has.is_some_and(|has| has == code)
}

/// The URL with another database in its path.
fn with_database(url: &str, database: &str) -> String {
    let (before, query) = match url.split_once('?') {
        Some((before, query)) => (before, format!("?{query}")),
        None => (url, String::new()),
    };
    let authority = before.find("://").map_or(0, |at| at + 3);
    let path = before[authority..].find('/').map_or(before.len(), |at| authority + at);
    format!("{}/{database}{query}", &before[..path])
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn only_the_path_of_the_url_changes() {
        for (url, expected) in [
            ("postgres://u:p@h:1/a?x=/y", "postgres://u:p@h:1/b?x=/y"),
            ("postgres:///a?host=/tmp/s", "postgres:///b?host=/tmp/s"),
            ("postgres://h", "postgres://h/b"),
        ] {
            assert_eq!(with_database(url, "b"), expected);
        }
    }
}
