//! The migrated database that is cloned: built once for each set of scripts, under a lock.

use seedbed_engine::{Action, Interrupt, Kind, Options, Project, Request, Runner, Session, Target};
use sha2::{Digest as _, Sha256};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use crate::admin::{self, Waiting};
use crate::error::{Error, Result};
use crate::registry;
use crate::reset::TemplateSnapshot;
use crate::server::Server;

/// What a test wants to find in its database.
#[derive(Debug, Clone)]
pub(crate) struct TemplateSpec {
    pub(crate) project: Project,
    /// The environment whose seeds are applied too.
    pub(crate) seed_environment: Option<String>,
}

/// Counts the forms that the record of a template has had: one of another form is not this one's.
const FORMAT: &str = "6";

impl TemplateSpec {
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
        part(self.seed_environment.as_deref().unwrap_or(""));
        for script in self.project.seeds.iter().filter(|_| self.seed_environment.is_some()) {
            part(script.file());
            part(script.checksum());
        }
        let hash = hasher.finalize();
        registry::template_name(
            &hash[..16].iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
        )
    }
}

/// A template that is finished.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) name: String,
    pub(crate) pristine: TemplateSnapshot,
    /// The rows that its tables have, for filling those of an instance again.
    pub(crate) contents: Vec<(i64, Vec<u8>)>,
}

impl Template {
    /// The one of that name, if it is finished.
    pub(crate) async fn find(admin: &mut PgConnection, name: &str) -> Result<Option<Self>> {
        let Some(pristine) = registry::template(admin, name).await? else {
            return Ok(None);
        };
        // Another version of this crate has templates of other names.
        let pristine = serde_json::from_str(&pristine)
            .map_err(|source| Error::TemplateSnapshot { template: name.to_owned(), source })?;
        let contents = registry::contents(admin, name).await?;
        Ok(Some(Self { name: name.to_owned(), pristine, contents }))
    }

    /// Makes sure that it is there and finished.
    pub(crate) async fn ensure(
        admin: &mut PgConnection,
        owner: i64,
        server: &Server,
        contents: &TemplateSpec,
        name: &str,
    ) -> Result<Self> {
        if let Some(template) = Self::find(admin, name).await? {
            return Ok(template);
        }
        let key = registry::lock_key(name);
        wait_for_turn(admin, key).await?;
        let built = build(admin, owner, server, contents, name).await;
        admin::unlock(admin, key).await?;
        built?;
        let template = Self::find(admin, name).await?;
        template.ok_or_else(|| Error::TemplateDropped { template: name.to_owned() })
    }
}

async fn build(
    admin: &mut PgConnection,
    owner: i64,
    server: &Server,
    contents: &TemplateSpec,
    name: &str,
) -> Result<()> {
    // Another process may have built it meanwhile.
    if registry::template(admin, name).await?.is_some() {
        return Ok(());
    }
    // What a killed builder has left.
    registry::remove(admin, name).await?;
    registry::add(admin, name, owner, None).await?;
    admin::execute(admin, format!("CREATE DATABASE \"{name}\"")).await?;
    match fill(server, contents, name).await {
        Ok((pristine, rows)) => {
            // Nobody looks at it any more, nor does autovacuum analyze it, which would give the next
            // instances other plans than those before them.
            let close = format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false");
            admin::execute(admin, close).await?;
            registry::finish_template(admin, name, &pristine, &rows).await.map_err(Error::from)
        }
        Err(error) => {
            registry::remove(admin, name).await?;
            Err(error)
        }
    }
}

/// Applies what the template is for, and reads what it is then.
async fn fill(
    server: &Server,
    contents: &TemplateSpec,
    name: &str,
) -> Result<(String, Vec<(i64, Vec<u8>)>)> {
    let mut options = Options::new(server.any_url().with_database(name));
    options.application = "seedbed-testdb".to_owned();
    if let Some(environment) = &contents.seed_environment {
        options.environment.clone_from(environment);
    }
    let session = Session::connect(options, &|_| {}).await?;
    let mut migrated = apply(&session, contents, Kind::Migration).await;
    if migrated.is_ok() && contents.seed_environment.is_some() {
        migrated = apply(&session, contents, Kind::Seed).await;
    }
    // A session in it would refuse every clone.
    session.close().await;
    migrated?;
    let mut connection = server.options(name).connect().await?;
    let pristine = read(&mut connection).await.map_err(Error::from);
    connection.close().await?;
    let (pristine, rows) = pristine?;
    let pristine = serde_json::to_string(&pristine)
        .map_err(|source| Error::TemplateSnapshot { template: name.to_owned(), source })?;
    Ok((pristine, rows))
}

/// Reads it when it is what its instances are again each time that they are put back.
async fn read(
    template: &mut PgConnection,
) -> Result<(TemplateSnapshot, Vec<(i64, Vec<u8>)>), sqlx::Error> {
    let (pristine, rows) = TemplateSnapshot::read(template).await?;
    pristine.settle(template, &rows).await?;
    TemplateSnapshot::read(template).await
}

/// Tried and polled, so that who waits can say for what.
async fn wait_for_turn(admin: &mut PgConnection, key: i64) -> Result<()> {
    let mut waiting = Waiting::new("the process that migrates the template");
    loop {
        if admin::try_lock(admin, key).await? {
            return Ok(());
        }
        waiting.pause().await;
    }
}

async fn apply(session: &Session, contents: &TemplateSpec, kind: Kind) -> Result<()> {
    let runner = Runner::new(session, &contents.project, &|_| {}, Interrupt::never());
    let runner = runner?;
    let mut request = Request::new(Action::Up, Target::All);
    if let Some(environment) = &contents.seed_environment {
        request.environment.clone_from(environment);
    }
    runner.run(kind, &request).await.map_err(|failure| failure.error)?;
    Ok(())
}
