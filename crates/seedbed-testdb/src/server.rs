//! The server on which the databases of tests live.

use std::env;
use std::path::{Path, PathBuf};

use local_postgres::{Purpose, Settings, Status};
use seedbed_config::EnvFile;
use seedbed_engine::Url;
use sqlx::postgres::PgConnectOptions;

/// The variable that names the server.
pub(crate) const VARIABLE: &str = "TEST_DATABASE_URL";

/// The variable that names the database that no test may touch.
const DEVELOPMENT: &str = "DATABASE_URL";

/// The database in which our records are: every server has it, and no application uses it.
pub(crate) const ADMIN: &str = "postgres";

/// A server for tests.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    url: Url,
}

impl Server {
    /// The one that [`VARIABLE`] names, in the environment or in `.env`; else the local server of this
    /// checkout, which is started if it does not run.
    pub(crate) fn find() -> Result<Self, String> {
        let root = workspace();
        let file = env_file(&root)?;
        let setting = |name: &str| {
            let value = env::var(name).ok().or_else(|| file.get(name).map(str::to_owned));
            value.filter(|value| !value.is_empty())
        };
        let home = root.join(".postgres");
        let local =
            |purpose| local_postgres::Server::new(&home, purpose, Settings::from_lookup(setting));
        let Some(text) = setting(VARIABLE) else {
            let server = local(Purpose::Tests).start(&mut |line: &str| eprintln!("{line}"));
            let server = server.map_err(|error| {
                let hint = error.hint().map(|hint| format!("\nhint: {hint}"));
                format!("{error}{}", hint.unwrap_or_default())
            })?;
            let url = Url::parse(&server.url(ADMIN)).map_err(|error| error.to_string())?;
            return Ok(Self { url });
        };
        let url = Url::parse(&text).map_err(|error| {
            let hint = error.hint().map(|hint| format!("\nhint: {hint}"));
            format!("{VARIABLE}: {error}{}", hint.unwrap_or_default())
        })?;
        let development = setting(DEVELOPMENT).and_then(|text| Url::parse(&text).ok());
        let records = url.with_database(ADMIN);
        if development.as_ref().is_some_and(|development| same_database(&records, development)) {
            return Err(format!(
                "{DEVELOPMENT} names the database {ADMIN} of the server of {VARIABLE}, in which the \
                 records of test databases would be\n\
                 hint: develop in another database, or unset {VARIABLE}"
            ));
        }
        if development.is_some_and(|development| same_database(&url, &development)) {
            return Err(format!(
                "{VARIABLE} names the development database, {url}, as {DEVELOPMENT} does\n\
                 hint: name the database {ADMIN} of a server for tests, or unset {VARIABLE}"
            ));
        }
        if let Ok(Status::Running(development)) = local(Purpose::Development).status()
            && url.server() == development.socket_dir().display().to_string()
        {
            return Err(format!(
                "{VARIABLE} names the local development server\n\
                 hint: unset {VARIABLE}: tests have their own local server"
            ));
        }
        Ok(Self { url })
    }

    /// Any URL of the server.
    pub(crate) fn any_url(&self) -> &Url {
        &self.url
    }

    /// The URL of a database on this server.
    pub(crate) fn url(&self, database: &str) -> String {
        self.url.with_database(database).to_text()
    }

    /// How the driver connects to a database on this server.
    pub(crate) fn options(&self, database: &str) -> PgConnectOptions {
        let options = self.url.with_database(database).driver_options().clone();
        // Each of our sessions is in one database whose tables nobody changes under it.
        options.statement_cache_capacity(100)
    }

    /// The command that opens psql on a database of this server. A password is not in it.
    pub(crate) fn psql(&self, database: &str) -> String {
        let options = self.url.driver_options();
        let host = match options.get_socket() {
            Some(folder) => folder.display().to_string(),
            None => options.get_host().to_owned(),
        };
        let (port, user) = (options.get_port(), options.get_username());
        format!("psql -h '{host}' -p {port} -U '{user}' {database}")
    }
}

/// Whether both name one database, as far as their texts tell.
fn same_database(one: &Url, other: &Url) -> bool {
    let server = |url: &Url| {
        let server = url.server();
        let loopback = ["localhost:", "127.0.0.1:", "::1:"];
        let port = loopback.iter().find_map(|host| server.strip_prefix(host));
        port.map_or(server.clone(), |port| format!("localhost:{port}"))
    };
    server(one) == server(other) && one.database() == other.database()
}

/// The folder of the workspace: that of the nearest `Cargo.lock` above the package that is tested, as
/// cargo names it to the tests it runs.
fn workspace() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = here.or_else(|| env::current_dir().ok()).unwrap_or_default();
    let root = here.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    root.unwrap_or(&here).to_owned()
}

/// What `.env` says, which counts as the environment except in production.
fn env_file(root: &Path) -> Result<EnvFile, String> {
    if env::var("APP_ENV").is_ok_and(|name| name == "production") {
        return Ok(EnvFile::default());
    }
    EnvFile::read(&root.join(".env")).map_err(|error| format!("{error}\nhint: {}", error.hint()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_database_may_be_written_in_several_ways() {
        let url = |text: &str| Url::parse(text).expect("a URL");
        let development = url("postgres://ada:x@localhost:5432/shop");
        for (text, same) in [
            ("postgres://postgres@127.0.0.1/shop", true),
            ("postgresql://[::1]:5432/shop?application_name=tests", true),
            ("postgres://localhost:5433/shop", false),
            ("postgres://localhost/postgres", false),
            ("postgres://db.example/shop", false),
        ] {
            assert_eq!(same_database(&url(text), &development), same, "{text}");
        }
    }

    #[test]
    fn the_command_that_opens_psql_has_no_password() {
        let url = Url::parse("postgres://ada:secret@db.example:6543/postgres").expect("a URL");
        let psql = Server { url }.psql("seedbed_test_1");
        assert_eq!(psql, "psql -h 'db.example' -p 6543 -U 'ada' seedbed_test_1");
    }
}
