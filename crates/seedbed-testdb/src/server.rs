//! The server that holds the databases of tests.

use std::env;
use std::path::{Path, PathBuf};

use local_postgres::{Purpose, ServerStatus, Settings};
use seedbed_config::EnvFile;
use seedbed_engine::Url;
use sqlx::postgres::PgConnectOptions;

use crate::error::{Error, Result};

/// The variable that names the server for tests.
pub(crate) const URL_VARIABLE: &str = "TEST_DATABASE_URL";

/// The variable that names the development database, which no test may change.
pub(crate) const DEVELOPMENT_URL_VARIABLE: &str = "DATABASE_URL";

/// The database that holds the registry. Every server has it, and applications do not use it.
pub(crate) const ADMIN_DATABASE: &str = "postgres";

/// A server for tests.
#[derive(Debug, Clone)]
pub(crate) struct DatabaseServer {
    url: Url,
}

impl DatabaseServer {
    /// Returns the server that [`URL_VARIABLE`] names, in the environment or in `.env`. Without the variable, returns the
    /// local server of this checkout for tests, and starts it if it is not running.
    ///
    /// # Errors
    /// Fails if the variable names the development database or the local server for development.
    pub(crate) fn find_or_start() -> Result<Self> {
        let root = workspace_dir();
        let env_file = read_env_file(&root)?;
        let setting = |name: &str| {
            let value = env::var(name).ok().or_else(|| env_file.get(name).map(str::to_owned));
            value.filter(|value| !value.is_empty())
        };
        let local_dir = root.join(".postgres");
        let local_server = |purpose| {
            local_postgres::LocalServer::new(&local_dir, purpose, Settings::from_lookup(setting))
        };
        let Some(text) = setting(URL_VARIABLE) else {
            let server = local_server(Purpose::Tests).start(&mut |line: &str| eprintln!("{line}"));
            let url = Url::parse(&server?.url(ADMIN_DATABASE)).map_err(|source| Error::Url {
                name: "the URL of the local server".to_owned(),
                source,
            })?;
            return Ok(Self { url });
        };
        let url = Url::parse(&text)
            .map_err(|source| Error::Url { name: format!("`{URL_VARIABLE}`"), source })?;
        let development = setting(DEVELOPMENT_URL_VARIABLE).and_then(|text| Url::parse(&text).ok());
        let registry = url.with_database(ADMIN_DATABASE);
        if development.as_ref().is_some_and(|development| is_same_database(&registry, development))
        {
            return Err(Error::RegistryInDevelopmentDatabase);
        }
        if development.is_some_and(|development| is_same_database(&url, &development)) {
            return Err(Error::DevelopmentDatabase { url: url.to_string() });
        }
        if let Ok(ServerStatus::Running(development)) = local_server(Purpose::Development).status()
            && url.server() == development.socket_dir().display().to_string()
        {
            return Err(Error::DevelopmentServer);
        }
        Ok(Self { url })
    }

    /// Returns the URL of some database on this server.
    pub(crate) fn any_url(&self) -> &Url {
        &self.url
    }

    /// Returns the URL of a database on this server. It can contain a password.
    pub(crate) fn url(&self, database: &str) -> String {
        self.url.with_database(database).to_text()
    }

    /// Returns the options with which the driver connects to a database on this server.
    pub(crate) fn options(&self, database: &str) -> PgConnectOptions {
        let options = self.url.with_database(database).driver_options().clone();
        // The driver caches prepared statements. They stay valid, because no other session changes the tables while one
        // of these connections is open.
        options.statement_cache_capacity(100)
    }

    /// Returns the command that opens psql on a database of this server. It contains no password.
    pub(crate) fn psql_command(&self, database: &str) -> String {
        let options = self.url.driver_options();
        let host = match options.get_socket() {
            Some(socket_dir) => socket_dir.display().to_string(),
            None => options.get_host().to_owned(),
        };
        let (port, user) = (options.get_port(), options.get_username());
        format!("psql -h '{host}' -p {port} -U '{user}' {database}")
    }
}

/// Returns whether both URLs name the same database, as far as their texts show.
fn is_same_database(one: &Url, other: &Url) -> bool {
    let server = |url: &Url| {
        let server = url.server();
        let loopback = ["localhost:", "127.0.0.1:", "::1:"];
        let port = loopback.iter().find_map(|host| server.strip_prefix(host));
        port.map_or(server.clone(), |port| format!("localhost:{port}"))
    };
    server(one) == server(other) && one.database() == other.database()
}

/// Returns the directory of the workspace, which is the nearest directory above the tested package with a `Cargo.lock`.
///
/// Cargo sets `CARGO_MANIFEST_DIR` for the tests that it runs.
fn workspace_dir() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let package = package.or_else(|| env::current_dir().ok()).unwrap_or_default();
    let workspace = package.ancestors().find(|dir| dir.join("Cargo.lock").is_file());
    workspace.unwrap_or(&package).to_owned()
}

/// Reads `.env`, which counts as the environment except in production.
fn read_env_file(root: &Path) -> Result<EnvFile> {
    if env::var("APP_ENV").is_ok_and(|name| name == "production") {
        return Ok(EnvFile::default());
    }
    Ok(EnvFile::read(&root.join(".env"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_with_different_texts_can_name_the_same_database() {
        let url = |text: &str| Url::parse(text).expect("a URL");
        let development = url("postgres://ada:x@localhost:5432/shop");
        for (text, same) in [
            ("postgres://postgres@127.0.0.1/shop", true),
            ("postgresql://[::1]:5432/shop?application_name=tests", true),
            ("postgres://localhost:5433/shop", false),
            ("postgres://localhost/postgres", false),
            ("postgres://db.example/shop", false),
        ] {
            assert_eq!(is_same_database(&url(text), &development), same, "{text}");
        }
    }

    #[test]
    fn the_psql_command_contains_no_password() {
        let url = Url::parse("postgres://ada:secret@db.example:6543/postgres").expect("a URL");
        let psql = DatabaseServer { url }.psql_command("seedbed_test_1");
        assert_eq!(psql, "psql -h 'db.example' -p 6543 -U 'ada' seedbed_test_1");
    }
}
