//! Builds the templates. There is one migrated database for each set of scripts, and instances are cloned from it.

use seedbed_engine::{
    Action, Cancellation, DatabaseLifetime, Environment, Project, RunRequest, Runner, ScriptKind,
    Session, SessionOptions, Target,
};
use sha2::{Digest as _, Sha256};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use crate::admin;
use crate::error::{Error, Result};
use crate::registry;
use crate::reset::{TableData, TemplateSnapshot};
use crate::server::DatabaseServer;
use crate::wait::Wait;

/// The content of a template: the schema of a project, and optionally its seeds.
#[derive(Debug, Clone)]
pub(crate) struct TemplateSpec {
    pub(crate) project: Project,
    /// The environment whose seeds are applied, or `None` for no seeds.
    pub(crate) seed_environment: Option<Environment>,
}

/// The version of the format of [`TemplateSnapshot`]. A template with another format has another name.
const SNAPSHOT_FORMAT: &str = "7";

impl TemplateSpec {
    /// Returns the name of the template, which depends on the scripts, the version of this crate, and the version of the
    /// server.
    pub(crate) fn template_name(&self, server_version: u32) -> String {
        let mut hasher = Sha256::new();
        let mut add = |text: &str| {
            hasher.update(text.len().to_le_bytes());
            hasher.update(text);
        };
        add(env!("CARGO_PKG_VERSION"));
        add(SNAPSHOT_FORMAT);
        add(&server_version.to_string());
        for script in self.project.migrations {
            add(script.file());
            add(script.checksum());
        }
        add(self.seed_environment.as_ref().map_or("", Environment::as_str));
        if self.seed_environment.is_some() {
            for script in self.project.seeds {
                add(script.file());
                add(script.checksum());
            }
        }
        let hash = hasher.finalize();
        registry::template_name(
            &hash[..16].iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
        )
    }
}

/// A finished template.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) name: String,
    /// The snapshot that a reset compares an instance with.
    pub(crate) snapshot: TemplateSnapshot,
    /// The rows with which a reset fills the tables of an instance.
    pub(crate) table_data: Vec<TableData>,
}

impl Template {
    /// Loads the template with the given name from the registry. Returns `None` if the template is not finished or does
    /// not exist.
    pub(crate) async fn load(admin: &mut PgConnection, name: &str) -> Result<Option<Self>> {
        let Some(snapshot) = registry::snapshot_for_use(admin, name).await? else {
            return Ok(None);
        };
        let snapshot = serde_json::from_str(&snapshot)
            .map_err(|source| Error::TemplateSnapshot { template: name.to_owned(), source })?;
        let table_data = registry::load_table_data(admin, name).await?;
        Ok(Some(Self { name: name.to_owned(), snapshot, table_data }))
    }

    /// Loads the template, or builds it first. If several processes need it, one builds it and the others wait.
    pub(crate) async fn load_or_build(
        admin: &mut PgConnection,
        owner: i64,
        server: &DatabaseServer,
        spec: &TemplateSpec,
        name: &str,
    ) -> Result<Self> {
        if let Some(template) = Self::load(admin, name).await? {
            return Ok(template);
        }
        let key = registry::lock_key(name);
        wait_for_build_lock(admin, key).await?;
        let built = build(admin, owner, server, spec, name).await;
        admin::unlock(admin, key).await?;
        built?;
        let template = Self::load(admin, name).await?;
        template.ok_or_else(|| Error::TemplateDropped { template: name.to_owned() })
    }
}

/// Builds the template, unless another process has finished it while this one waited for the lock.
async fn build(
    admin: &mut PgConnection,
    owner: i64,
    server: &DatabaseServer,
    spec: &TemplateSpec,
    name: &str,
) -> Result<()> {
    if registry::snapshot_for_use(admin, name).await?.is_some() {
        return Ok(());
    }
    // A process that was killed may have left an unfinished template.
    registry::drop_database(admin, name).await?;
    registry::insert(admin, name, owner, None).await?;
    let created = admin::execute(admin, format!("CREATE DATABASE \"{name}\"")).await;
    created.map_err(|source| Error::CreateDatabase { name: name.to_owned(), source })?;
    match Box::pin(populate(server, spec, name)).await {
        Ok((snapshot, table_data)) => {
            // If no connections are allowed, no session can block a clone, and autovacuum cannot analyze the template.
            // An analyzed template would give later instances other query plans.
            let close = format!("ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false");
            admin::execute(admin, close).await?;
            Ok(registry::finish_template(admin, name, &snapshot, &table_data).await?)
        }
        Err(error) => {
            registry::drop_database(admin, name).await?;
            Err(error)
        }
    }
}

/// Applies the scripts to a new template, and returns its snapshot as JSON and its rows.
async fn populate(
    server: &DatabaseServer,
    spec: &TemplateSpec,
    name: &str,
) -> Result<(String, Vec<TableData>)> {
    let mut options = SessionOptions::new(server.any_url().with_database(name));
    options.application = "seedbed-testdb".to_owned();
    options.lifetime = DatabaseLifetime::Tests;
    if let Some(environment) = &spec.seed_environment {
        options.environment.clone_from(environment);
    }
    let session = Session::connect(options, &|_| {}).await?;
    let mut applied = apply(&session, spec, ScriptKind::Migration).await;
    if applied.is_ok() && spec.seed_environment.is_some() {
        applied = apply(&session, spec, ScriptKind::Seed).await;
    }
    // A session in the template would make every clone fail.
    session.close().await;
    applied?;
    let mut connection = server.options(name).connect().await?;
    let read = read_normalized(&mut connection).await;
    connection.close().await?;
    let (snapshot, table_data) = read?;
    let snapshot = serde_json::to_string(&snapshot)
        .map_err(|source| Error::TemplateSnapshot { template: name.to_owned(), source })?;
    Ok((snapshot, table_data))
}

/// Refills the tables of a new template as a reset does, so that an instance after a reset equals a new clone. Then
/// reads the snapshot and the rows again, because refilling changes the files of the tables.
async fn read_normalized(
    template: &mut PgConnection,
) -> Result<(TemplateSnapshot, Vec<TableData>), sqlx::Error> {
    let (snapshot, table_data) = TemplateSnapshot::read(template).await?;
    snapshot.normalize(template, &table_data).await?;
    TemplateSnapshot::read(template).await
}

/// Waits for the lock under which the template is built. The lock is polled, so that the wait can print messages.
async fn wait_for_build_lock(admin: &mut PgConnection, key: i64) -> Result<()> {
    let mut wait = Wait::new("the process that migrates the template");
    loop {
        if admin::try_lock(admin, key).await? {
            return Ok(());
        }
        wait.pause().await;
    }
}

/// Applies all migrations, or all seeds of the environment.
async fn apply(session: &Session, spec: &TemplateSpec, kind: ScriptKind) -> Result<()> {
    let runner = Runner::new(session, &spec.project, &|_| {}, Cancellation::never())?;
    runner
        .run(kind, &RunRequest::new(Action::Up, Target::All))
        .await
        .map_err(|failure| failure.error)?;
    Ok(())
}
