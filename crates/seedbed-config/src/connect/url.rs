//! The URL of a database. `Display`, `Debug` and the error messages never show its password.

use std::fmt;
use std::str::FromStr;

use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::{ConnectError, certificates, reason};
use crate::{DatabaseUrl, TargetSession, UrlError};

/// A parsed `postgres://…` URL. Its `Display` and `Debug` output never contain the password.
#[derive(Clone)]
pub struct Url {
    parsed: DatabaseUrl,
    options: PgConnectOptions,
}

impl Url {
    /// Parses a URL in the format of libpq; see the
    /// [documentation of connection URIs](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS).
    ///
    /// # Errors
    /// Fails if the text is not such a URL, if it names several servers, if it has an unknown parameter, or if an
    /// environment variable of libpq selects another server. The message does not repeat the URL, which may contain a
    /// password.
    pub fn parse(text: &str) -> Result<Self, ConnectError> {
        let lookup = |name: &str| std::env::var(name).ok();
        Self::from_parsed(DatabaseUrl::parse(text)?.with_variables(lookup)?)
    }

    /// Parses a URL like [`parse`](Self::parse), for a server that the caller started. Ignores the environment
    /// variables of libpq that select a server.
    ///
    /// # Errors
    /// Fails if the text is not such a URL.
    pub fn parse_of_own_server(text: &str) -> Result<Self, ConnectError> {
        Self::from_parsed(DatabaseUrl::parse(text)?)
    }

    fn from_parsed(parsed: DatabaseUrl) -> Result<Self, ConnectError> {
        let options = PgConnectOptions::from_str(&parsed.to_driver_url()).map_err(|error| {
            parsed.encoding_error().unwrap_or_else(|| UrlError::Malformed(reason(&error)))
        })?;
        let by_variable = std::env::var_os("PGSSLROOTCERT").is_some_and(|name| name == "system");
        let is_system = parsed.has_system_certificates()
            || (by_variable && !parsed.has_parameter("sslrootcert"));
        let options = match is_system && !parsed.has_parameter("sslmode") {
            // As in libpq, the name of the host is verified too, because the authorities of the operating system sign
            // certificates for every host.
            true if std::env::var_os("PGSSLMODE").is_none() => {
                options.ssl_mode(PgSslMode::VerifyFull)
            }
            _ => options,
        };
        let bundle = if is_system { certificates::bundle() } else { None };
        let options = match bundle {
            Some(bundle) => options.ssl_root_cert(bundle),
            // The driver includes the certificates of Mozilla.
            None => options,
        };
        // PgBouncer by default refuses extra_float_digits among the startup options. The cache of prepared statements
        // is off, because a statement that a migration file in SeaORM's format prepares would fail in a later file that
        // has changed the table.
        let options = options.extra_float_digits(None).statement_cache_capacity(0);
        let options = options.disable_statement_logging();
        // The driver treats a host that begins with a slash as a folder. Such a host comes from PGHOST, or from the
        // folder in which the driver finds a socket.
        let host = options.get_host().to_owned();
        let options = match options.get_socket() {
            None if host.starts_with('/') => options.socket(&host),
            _ => options,
        };
        // As in libpq, a socket has no TLS, and a request for it would take a round trip.
        let options = match (options.get_socket(), host.strip_prefix('[')) {
            (Some(_), _) => options.ssl_mode(PgSslMode::Disable),
            // The driver would look up the address together with its brackets.
            (None, Some(address)) => options.host(address.trim_end_matches(']')),
            (None, None) => options,
        };
        Ok(Self { parsed, options })
    }

    /// Returns the name of the database. If the URL names no database, this is the name of the user, as on the server.
    #[must_use]
    pub fn database(&self) -> &str {
        self.options.get_database().unwrap_or_else(|| self.options.get_username())
    }

    /// Returns the role that connects.
    #[must_use]
    pub fn user(&self) -> &str {
        self.options.get_username()
    }

    /// Returns the URL of another database on the same server, with the same user.
    #[must_use]
    pub fn with_database(&self, database: &str) -> Self {
        let options = self.options.clone().database(database);
        Self { parsed: self.parsed.with_database(database), options }
    }

    /// Returns the URL as text, with the password.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.parsed.to_text()
    }

    /// Returns the state of the server that the URL requires.
    #[must_use]
    pub fn target_session(&self) -> TargetSession {
        self.parsed.target_session()
    }

    /// Returns whether the URL or `PGOPTIONS` sets the search path. A search path of the role or of the database does not
    /// count.
    #[must_use]
    pub fn has_search_path(&self) -> bool {
        let options = self.options.get_options().unwrap_or_default();
        options.to_ascii_lowercase().contains("search_path")
    }

    /// Returns the options with which the driver connects.
    #[must_use]
    pub const fn driver_options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// Returns the address of the server: `host:port`, or the folder of its socket.
    #[must_use]
    pub fn server(&self) -> String {
        match self.socket() {
            Some(socket) => socket.to_string(),
            None => format!("{}:{}", self.options.get_host(), self.options.get_port()),
        }
    }

    /// Returns whether the server is on this machine: on a socket, or at a loopback address.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.socket().is_some()
            || matches!(self.options.get_host(), "localhost" | "127.0.0.1" | "::1" | "[::1]")
    }

    /// Returns the folder of the socket, or `None` for a host and port.
    #[must_use]
    pub fn socket(&self) -> Option<impl fmt::Display + '_> {
        self.options.get_socket().map(|path| path.display())
    }

    /// Returns the host and the port. The driver ignores them if there is a socket.
    #[must_use]
    pub fn host_and_port(&self) -> (&str, u16) {
        (self.options.get_host(), self.options.get_port())
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.database(), self.server())
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use test_support::assert_snapshot;

    use super::*;

    #[test]
    fn a_malformed_url_is_an_error_that_does_not_repeat_it() {
        let texts = [
            "",
            "postgres",
            "mysql://root:secret@localhost/app",
            "postgres://user:secret@host:notaport/app",
            "postgres://user:secret@[::1/app",
            "postgres://user:secret@host:99999/app",
            "postgres://user:sec%ffret@host/app",
            "postgres://user:sec%00ret@host/app",
            "postgres://user:1/secret@host/app",
            "postgres://user:1#secret@host/app",
            "postgres://user:1?secret@host/app",
            "password=secret url=postgres://host/app",
        ];
        let report = texts.map(|text| {
            let error = Url::parse(text).expect_err(text).to_string();
            assert!(!error.contains("secret"), "{error}");
            format!("{text:?}\n  {error}")
        });
        assert_snapshot!("malformed_urls", report.join("\n"));
    }

    #[test]
    fn a_url_is_printed_without_user_and_password() {
        let url = Url::parse("postgres://user:secret@db.example:6543/app").expect("a URL");
        assert_eq!(url.to_string(), "app at db.example:6543");
        assert_eq!(format!("{url:?}"), "app at db.example:6543");
        assert!(!url.is_local());
    }

    #[test]
    fn an_ipv6_address_is_understood() {
        let url = Url::parse("postgres://user@[::1]:6543/app").expect("a URL");
        assert_eq!(url.host_and_port(), ("::1", 6543));
        assert!(url.is_local());
    }

    #[test]
    fn an_at_sign_outside_of_the_password_is_harmless() {
        for text in [
            "POSTGRES://user:secret@host/app",
            "postgres://user:secret@host/app?application_name=me@here",
            "postgres://host/app?user=me@here&password=secret",
        ] {
            assert!(Url::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn every_spelling_of_the_search_path_counts_as_set() {
        let has_search_path = |query: &str| {
            let url = Url::parse(&format!("postgres://user@host/app?{query}"));
            url.expect("a URL").has_search_path()
        };
        let billing = crate::search_path_parameter("Bill \\ing");
        for query in ["schema=a", "search_path=a", "currentSchema=a", "options=-cSearch_Path%3Da"] {
            assert!(has_search_path(query), "{query}");
        }
        assert_eq!(billing, "options=-csearch_path%3D%22Bill%5C%20%5C%5Cing%22");
        assert!(has_search_path(&billing));
        assert!(!has_search_path("options=-cwork_mem%3D1MB"));
    }

    #[test]
    fn a_url_with_a_socket_is_local() {
        let url = Url::parse("postgres:///app?host=/tmp/x&user=postgres").expect("a URL");
        assert_eq!(url.to_string(), "app at /tmp/x");
        assert!(url.is_local());
    }
}
