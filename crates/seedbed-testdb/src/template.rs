//! The migrated database that is cloned: built once for each set of scripts, under a lock.

use std::time::{Duration, Instant};

use seedbed_engine::{
    Action, Interrupt, Kind, Options, Project, Request, Runner, Session, Target, Url,
};
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use crate::records;

/// What a test wants to find in its database.
#[derive(Debug, Clone)]
pub(crate) struct Contents {
    pub(crate) project: Project,
    /// The environment whose seeds are applied too.
    pub(crate) seeds_of: Option<String>,
}

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
        part(&server_version.to_string());
        for script in self.project.migrations {
            part(script.file());
            part(script.checksum());
        }
        part(self.seeds_of.as_deref().unwrap_or(""));
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

/// A template that has to be there.
pub(crate) struct Template<'t> {
    pub(crate) name: &'t str,
    pub(crate) contents: &'t Contents,
    /// Any URL of the server.
    pub(crate) server: &'t Url,
    /// Whose it is until it is finished.
    pub(crate) owner: i64,
}

impl Template<'_> {
    /// Makes sure that it is there and finished.
    pub(crate) async fn ensure(&self, admin: &mut PgConnection) -> Result<(), String> {
        if records::is_ready(admin, self.name).await.map_err(said)? {
            return Ok(());
        }
        let key = records::lock_key(self.name);
        wait_for_turn(admin, key).await?;
        let built = self.build(admin).await;
        let unlock = sqlx::query("SELECT pg_advisory_unlock($1)").bind(key);
        unlock.execute(admin).await.map_err(said)?;
        built
    }

    async fn build(&self, admin: &mut PgConnection) -> Result<(), String> {
        // Another process may have built it meanwhile.
        if records::is_ready(admin, self.name).await.map_err(said)? {
            return Ok(());
        }
        // What a killed builder has left.
        records::remove(admin, self.name).await.map_err(said)?;
        records::add(admin, self.name, self.owner).await.map_err(said)?;
        let create = format!("CREATE DATABASE \"{}\"", self.name);
        admin.execute(sqlx::raw_sql(AssertSqlSafe(create))).await.map_err(said)?;
        let contents = self.contents;
        let mut options = Options::new(self.server.with_database(self.name));
        options.application = "seedbed-testdb".to_owned();
        if let Some(environment) = &contents.seeds_of {
            options.environment.clone_from(environment);
        }
        let session =
            Session::connect(options, &|_| {}).await.map_err(|error| error.to_string())?;
        let mut migrated = apply(&session, contents, Kind::Migration).await;
        if migrated.is_ok() && contents.seeds_of.is_some() {
            migrated = apply(&session, contents, Kind::Seed).await;
        }
        // A session in it would refuse every clone.
        session.close().await;
        match migrated {
            Ok(()) => records::set_ready(admin, self.name).await.map_err(said),
            Err(error) => {
                records::remove(admin, self.name).await.map_err(said)?;
                Err(error)
            }
        }
    }
}

/// Tried and polled, so that who waits can say for what.
async fn wait_for_turn(admin: &mut PgConnection, key: i64) -> Result<(), String> {
    let begun = Instant::now();
    let mut next_word = Duration::from_secs(10);
    loop {
        let locked = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(key);
        if locked.fetch_one(&mut *admin).await.map_err(said)? {
            return Ok(());
        }
        if begun.elapsed() >= next_word {
            next_word += Duration::from_secs(10);
            eprintln!(
                "waiting for the process that migrates the template, for {} s",
                begun.elapsed().as_secs()
            );
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

async fn apply(session: &Session, contents: &Contents, kind: Kind) -> Result<(), String> {
    let runner = Runner::new(session, &contents.project, &|_| {}, Interrupt::never());
    let runner = runner.map_err(|error| error.to_string())?;
    let mut request = Request::new(Action::Up, Target::All);
    if let Some(environment) = &contents.seeds_of {
        request.environment.clone_from(environment);
    }
    match runner.run(kind, &request).await {
        Ok(_) => Ok(()),
        Err(failure) => {
            let hint = failure.error.hint().map(|hint| format!("\nhint: {hint}"));
            Err(format!("{}{}", failure.error, hint.unwrap_or_default()))
        }
    }
}

pub(crate) fn said(error: sqlx::Error) -> String {
    error.to_string()
}
