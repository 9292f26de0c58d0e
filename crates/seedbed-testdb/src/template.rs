//! The migrated database that is cloned: built once for each set of scripts, under a lock.

use seedbed_engine::{
    Action, Cancellation, Environment, Kind, Options, Project, Request, Runner, Session, Target,
};
use sha2::{Digest as _, Sha256};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use crate::admin::{self, Waiting, has_code};
use crate::pristine::Pristine;
use crate::records;
use crate::server::Server;

/// What a test wants to find in its database.
#[derive(Debug, Clone)]
pub(crate) struct Contents {
    pub(crate) project: Project,
    /// The environment whose seeds are applied too.
    pub(crate) seeds_of: Option<Environment>,
}

/// Counts the forms that the record of a template has had: one of another form is not this one's.
const FORMAT: &str = "6";

impl Contents {
    /// The name of the template: another one for other scripts, another version of this crate, and
    /// another version of the server.
    pub(crate) fn template_name(&self, server_version: u32) -> String {
        let mut hasher = Sha256::new();
        let mut part = |text: &str| {
            hasher.update(text.len().to_le_bytes());
            hasher.update(text);
        };
        part(env!("CARGO_PKG_VERSION"));
        part(FORMAT);
        part(&server_version.to_string());
        for script in self.project.migrations {
            part(script.file());
            part(script.checksum());
        }
        part(self.seeds_of.as_ref().map_or("", Environment::as_str));
        for script in self.project.seeds.iter().filter(|_| self.seeds_of.is_some()) {
            part(script.file());
            part(script.checksum());
        }
        let hash = hasher.finalize();
        records::template_name(
            &hash[..16].iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
        )
    }
}

/// A template that is finished.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) name: String,
    pub(crate) pristine: Pristine,
    /// The rows that its tables have, for filling those of an instance again.
    pub(crate) contents: Vec<(i64, Vec<u8>)>,
}

impl Template {
    /// The one of that name, if it is finished.
    pub(crate) async fn find(admin: &mut PgConnection, name: &str) -> Result<Option<Self>, String> {
        let Some(pristine) = records::template(admin, name).await.map_err(said)? else {
            return Ok(None);
        };
        // Another version of this crate has templates of other names.
        let pristine = serde_json::from_str(&pristine)
            .map_err(|error| format!("the record of the template {name} is broken: {error}"))?;
        let contents = records::contents(admin, name).await.map_err(said)?;
        Ok(Some(Self { name: name.to_owned(), pristine, contents }))
    }

    /// Makes sure that it is there and finished.
    pub(crate) async fn ensure(
        admin: &mut PgConnection,
        owner: i64,
        server: &Server,
        contents: &Contents,
        name: &str,
    ) -> Result<Self, String> {
        if let Some(template) = Self::find(admin, name).await? {
            return Ok(template);
        }
        let key = records::lock_key(name);
        wait_for_turn(admin, key).await?;
        let built = build(admin, owner, server, contents, name).await;
        admin::unlock(admin, key).await.map_err(said)?;
        built?;
        let template = Self::find(admin, name).await?;
        template.ok_or_else(|| format!("the template {name} was dropped as soon as it was built"))
    }
}

async fn build(
    admin: &mut PgConnection,
    owner: i64,
    server: &Server,
    contents: &Contents,
    name: &str,
) -> Result<(), String> {
    // Another process may have built it meanwhile.
    if records::template(admin, name).await.map_err(said)?.is_some() {
        return Ok(());
    }
    // What a killed builder has left.
    records::remove(admin, name).await.map_err(said)?;
    records::add(admin, name, owner, None).await.map_err(said)?;
    admin::execute(admin, format!("CREATE DATABASE \"{name}\"")).await.map_err(said)?;
    match fill(server, contents, name).await {
        Ok((pristine, rows)) => {
            // Nobody looks at it any more, nor does autovacuum analyze it, which would give the next
            // instances other plans than those before them.
            let close = format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false");
            admin::execute(admin, close).await.map_err(said)?;
            records::finish_template(admin, name, &pristine, &rows).await.map_err(said)
        }
        Err(error) => {
            records::remove(admin, name).await.map_err(said)?;
            Err(error)
        }
    }
}

/// Applies what the template is for, and reads what it is then.
async fn fill(
    server: &Server,
    contents: &Contents,
    name: &str,
) -> Result<(String, Vec<(i64, Vec<u8>)>), String> {
    let mut options = Options::new(server.any_url().with_database(name));
    options.application = "seedbed-testdb".to_owned();
    if let Some(environment) = &contents.seeds_of {
        options.environment.clone_from(environment);
    }
    let session = Session::connect(options, &|_| {}).await.map_err(|error| error.to_string())?;
    let mut migrated = apply(&session, contents, Kind::Migration).await;
    if migrated.is_ok() && contents.seeds_of.is_some() {
        migrated = apply(&session, contents, Kind::Seed).await;
    }
    // A session in it would refuse every clone.
    session.close().await;
    migrated?;
    let mut connection = server.options(name).connect().await.map_err(said)?;
    let pristine = read(&mut connection).await.map_err(said);
    connection.close().await.map_err(said)?;
    let (pristine, rows) = pristine?;
    let pristine = serde_json::to_string(&pristine).map_err(|error| error.to_string())?;
    Ok((pristine, rows))
}

/// Reads it when it is what its instances are again each time that they are put back.
async fn read(template: &mut PgConnection) -> Result<(Pristine, Vec<(i64, Vec<u8>)>), sqlx::Error> {
    let (pristine, rows) = Pristine::read(template).await?;
    pristine.settle(template, &rows).await?;
    Pristine::read(template).await
}

/// Tried and polled, so that who waits can say for what.
async fn wait_for_turn(admin: &mut PgConnection, key: i64) -> Result<(), String> {
    let mut waiting = Waiting::new("the process that migrates the template");
    loop {
        if admin::try_lock(admin, key).await.map_err(said)? {
            return Ok(());
        }
        waiting.pause().await;
    }
}

async fn apply(session: &Session, contents: &Contents, kind: Kind) -> Result<(), String> {
    let runner = Runner::new(session, &contents.project, &|_| {}, Cancellation::never());
    let runner = runner.map_err(|error| error.to_string())?;
    match runner.run(kind, &Request::new(Action::Up, Target::All)).await {
        Ok(_) => Ok(()),
        Err(failure) => {
            let hint = failure.error.hint().map(|hint| format!("\nhint: {hint}"));
            Err(format!("{}{}", failure.error, hint.unwrap_or_default()))
        }
    }
}

/// What an error says, and what to do where that is known.
pub(crate) fn said(error: sqlx::Error) -> String {
    let denied = has_code(&error, "42501");
    let hint = "\nhint: the role of TEST_DATABASE_URL makes databases, and a schema for its records: \
        ALTER ROLE … CREATEDB; GRANT CREATE ON DATABASE postgres TO …";
    format!("{error}{}", if denied { hint } else { "" })
}
