//! The URL of a PostgreSQL database.

use std::fmt;

use crate::parameters::{Parameters, TargetSession};
use crate::percent::{decode, encode, encode_value};
use crate::url_error::UrlError;

/// A `postgres://…` URL, all of whose parameters are supported. `Display` and `Debug` never print the password.
///
/// Does not validate the host, the port and the user. Only the driver knows which values it accepts.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    /// The user as it is written, percent-encoded.
    user: Option<String>,
    /// The password as it is written, percent-encoded.
    password: Option<String>,
    /// The host and the port as they are written.
    server: String,
    /// The database as it is written, without the slash before it.
    database: Option<String>,
    pub(crate) parameters: Parameters,
}

impl DatabaseUrl {
    /// Parses a URL as libpq does; see the
    /// [documentation of connection URIs](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS).
    ///
    /// # Errors
    /// Fails if the text is not such a URL, if it names several servers, or if one of its parameters is not supported.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let rest = after_scheme(text.trim())?;
        ensure_password_is_encoded(rest)?;
        let (location, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = match location.split_once('/') {
            Some((authority, database)) => (authority, Some(database.to_owned())),
            None => (location, None),
        };
        // The last `@` ends the password, as it does for the driver.
        let (login, server) = match authority.rsplit_once('@') {
            Some((login, server)) => (Some(login), server),
            None => (None, authority),
        };
        let (user, password) = match login.map(|login| login.split_once(':').unwrap_or((login, "")))
        {
            Some((user, password)) => (Some(user.to_owned()), Some(password.to_owned())),
            None => (None, None),
        };
        if server.contains(',') {
            return Err(UrlError::MultipleServers);
        }
        Ok(Self {
            user,
            password: password.filter(|password| !password.is_empty()),
            server: server.to_owned(),
            database,
            parameters: Parameters::parse(query)?,
        })
    }

    /// Returns the URL of another database on the same server.
    #[must_use]
    pub fn with_database(&self, database: &str) -> Self {
        let mut url = Self { database: Some(encode(database)), ..self.clone() };
        url.parameters.connection.retain(|(name, _)| *name != "dbname");
        url
    }

    /// Returns the URL for the driver, with the password and only the parameters that the driver supports. Leaves out
    /// `sslrootcert=system`, which the driver does not support.
    #[must_use]
    pub fn to_driver_url(&self) -> String {
        let without: &[&str] =
            if self.parameters.has_system_certificates() { &["sslrootcert"] } else { &[] };
        let mut query = self.parameters.to_query(without);
        for (name, value) in &self.parameters.driver {
            query += &format!("&{name}={}", encode_value(value));
        }
        self.write(self.password.as_deref(), &query)
    }

    /// Returns the URL for psql and libpq, without the password, because all users of a machine can see the arguments of a
    /// program.
    #[must_use]
    pub fn to_libpq_url(&self) -> String {
        let mut query = self.parameters.to_query(&["password"]);
        let attributes = match self.target_session() {
            TargetSession::Any => "",
            TargetSession::ReadWrite => "target_session_attrs=read-write",
            TargetSession::Primary => "target_session_attrs=primary",
        };
        if !query.is_empty() && !attributes.is_empty() {
            query.push('&');
        }
        query += attributes;
        self.write(None, &query)
    }

    /// Returns the URL for another program, with the password.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.write(self.password.as_deref(), &self.parameters.to_query(&[]))
    }

    /// Returns the password, which may not be UTF-8. The parameter `password` takes precedence over the password before
    /// the `@`.
    #[must_use]
    pub fn password(&self) -> Option<Vec<u8>> {
        match self.parameters.get("password") {
            Some(password) => Some(password.as_bytes().to_vec()),
            None => self.password.as_deref().map(decode),
        }
    }

    /// Returns the host, the port and the database as they are written, without user, password and other parameters.
    #[must_use]
    pub fn address(&self) -> String {
        let parameter = |name| self.parameters.get(name);
        let server = match (parameter("hostaddr").or(parameter("host")), parameter("port")) {
            (None, None) => self.server.clone(),
            (host, port) => {
                let (own_host, own_port) =
                    self.server.rsplit_once(':').unwrap_or((&self.server, ""));
                let (host, port) = (host.unwrap_or(own_host), port.unwrap_or(own_port));
                if port.is_empty() { host.to_owned() } else { format!("{host}:{port}") }
            }
        };
        match parameter("dbname").or(self.database.as_deref()) {
            Some(database) => format!("{server}/{database}"),
            None => server,
        }
    }

    /// Returns the error for the first part of the URL that is not UTF-8, if there is one. The driver's own error does not
    /// name the part.
    pub(crate) fn encoding_error(&self) -> Option<UrlError> {
        let texts =
            [("user", &self.user), ("password", &self.password), ("database", &self.database)];
        texts.into_iter().find_map(|(name, text)| {
            let is_utf8 = String::from_utf8(decode(text.as_deref()?)).is_ok();
            (!is_utf8).then(|| UrlError::Malformed(format!("the {name} is not UTF-8")))
        })
    }

    /// Returns the state of the server that the URL requires.
    #[must_use]
    pub fn target_session(&self) -> TargetSession {
        self.parameters.target_session.unwrap_or_default()
    }

    /// Returns whether the URL has a parameter, by its libpq name.
    #[must_use]
    pub fn has_parameter(&self, name: &str) -> bool {
        self.parameters.get(name).is_some()
    }

    /// Returns whether the certificates of the operating system are used: `sslrootcert=system`.
    #[must_use]
    pub fn has_system_certificates(&self) -> bool {
        self.parameters.has_system_certificates()
    }

    /// Returns whether the URL names a host or an address.
    pub(crate) fn has_host(&self) -> bool {
        let has_name = !self.server.is_empty() && !self.server.starts_with(':');
        has_name || self.has_parameter("host") || self.has_parameter("hostaddr")
    }

    /// Returns whether the URL names a port.
    pub(crate) fn has_port(&self) -> bool {
        let port = self.server.rsplit_once(':').map_or("", |(_, port)| port);
        // A colon in brackets is part of an IPv6 address.
        (!port.is_empty() && !port.ends_with(']')) || self.has_parameter("port")
    }

    fn write(&self, password: Option<&str>, query: &str) -> String {
        let mut url = "postgres://".to_owned();
        if let Some(user) = &self.user {
            url += user;
            if let Some(password) = password {
                url += &format!(":{password}");
            }
            url.push('@');
        }
        url += &self.server;
        if let Some(database) = &self.database {
            url += &format!("/{database}");
        }
        let query = query.trim_start_matches('&');
        if !query.is_empty() {
            url += &format!("?{query}");
        }
        url
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn after_scheme(text: &str) -> Result<&str, UrlError> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err(UrlError::malformed("it does not begin with `postgres://`"));
    };
    let scheme = scheme.to_ascii_lowercase();
    if matches!(scheme.as_str(), "postgres" | "postgresql") {
        return Ok(rest);
    }
    Err(match scheme.chars().all(|c| c.is_ascii_alphanumeric()) {
        true => UrlError::Malformed(format!(
            "it begins with `{scheme}://`, and only PostgreSQL is supported"
        )),
        false => UrlError::malformed("it does not begin with `postgres://`"),
    })
}

/// Fails if the password has a reserved character that is not percent-encoded. Otherwise a part of the password would be
/// taken for a host, a port or a parameter.
fn ensure_password_is_encoded(rest: &str) -> Result<(), UrlError> {
    if rest.contains("%00") || rest.contains('\0') {
        return Err(UrlError::malformed("it contains a NUL character, encoded as `%00`"));
    }
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let at = rest.rfind('@').filter(|at| *at > authority);
    // The value of a parameter may contain an @.
    if at.is_some_and(|at| !rest[..at].contains(['@', '='])) {
        return Err(UrlError::malformed("it has an unencoded `/`, `?` or `#` before the `@`"));
    }
    if rest.contains('#') {
        return Err(UrlError::malformed("it contains a `#`, which must be encoded as `%23`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use test_support::assert_snapshot;

    use super::*;

    fn parse(text: &str) -> DatabaseUrl {
        DatabaseUrl::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[rstest]
    #[case("postgres://ada@db/shop", "postgres://ada@db/shop", None)]
    #[case("postgres://ada:s3cret@db:5433/shop", "postgres://ada@db:5433/shop", Some("s3cret"))]
    #[case(
        "postgresql://ada:a%40b%2@db/shop?sslmode=require",
        "postgres://ada@db/shop?sslmode=require",
        Some("a@b%2")
    )]
    #[case("postgres://ada:a@b:c@db/shop", "postgres://ada@db/shop", Some("a@b:c"))]
    #[case("postgres://db/shop?password=x+y&user=ada", "postgres://db/shop?user=ada", Some("x+y"))]
    #[case("postgres://ada:y@db/shop?password=x", "postgres://ada@db/shop", Some("x"))]
    #[case("postgres://ada:x@db", "postgres://ada@db", Some("x"))]
    #[case("postgres:///shop?host=/run/pg", "postgres:///shop?host=/run/pg", None)]
    #[case("postgres://db/shop?pgbouncer=true&connection_limit=1", "postgres://db/shop", None)]
    #[case(
        "postgres://db/shop?target_session_attrs=read-write",
        "postgres://db/shop?target_session_attrs=read-write",
        None
    )]
    fn the_libpq_url_has_only_supported_parameters_and_no_password(
        #[case] url: &str,
        #[case] shown: &str,
        #[case] password: Option<&str>,
    ) {
        let url = parse(url);
        assert_eq!(url.to_libpq_url(), shown);
        assert_eq!(url.password().as_deref(), password.map(str::as_bytes));
    }

    #[rstest]
    #[case("postgres://ada:s3cret@db:5433/shop?sslmode=require", "db:5433/shop")]
    #[case("postgres://ada:a@b@db/shop", "db/shop")]
    #[case("postgres://db/shop", "db/shop")]
    #[case("postgres://db:1/a?dbname=b&port=2", "db:2/b")]
    #[case("postgres:///a?host=/run/pg&port=2", "/run/pg:2/a")]
    fn the_address_of_a_url_has_neither_user_nor_password(
        #[case] url: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(parse(url).address(), expected);
        assert_eq!(format!("{:?}", parse(url)), expected);
    }

    #[rstest]
    #[case("schema=billing", "-csearch_path=\"billing\"")]
    #[case("schema=we\"ird%20one", "-csearch_path=\"we\"\"ird\\ one\"")]
    #[case("search_path=billing,%20public", "-csearch_path=billing,\\ public")]
    #[case("currentSchema=billing", "-csearch_path=billing")]
    #[case("options=-c+search_path=billing", "-c search_path=billing")]
    #[case("options[search_path]=billing", "-csearch_path=billing")]
    #[case("options=-cwork_mem=1MB&schema=a", "-cwork_mem=1MB -csearch_path=\"a\"")]
    fn every_spelling_of_the_search_path_becomes_a_startup_option(
        #[case] query: &str,
        #[case] options: &str,
    ) {
        let url = parse(&format!("postgres://db/shop?{query}"));
        let expected = format!("postgres://db/shop?options={}", encode_value(options));
        assert_eq!(url.to_driver_url(), expected);
        assert_eq!(url.to_libpq_url(), expected);
    }

    #[test]
    fn an_unsupported_url_is_refused_and_not_repeated() {
        let urls = [
            "postgres://one,two/shop",
            "postgres://one:1,two:2/shop",
            "postgres:///shop?host=one,two",
            "postgres://one/shop?port=1,2",
            "postgres://one/shop?hostaddr=127.0.0.1,127.0.0.2",
            "postgres://db/shop?service=main",
            "postgres://db/shop?database=other",
            "postgres://db/shop?searchpath=a",
            "postgres://db/shop?Schema=a",
            "postgres://db/shop?ssl_crl=x",
            "postgres://db/shop?target_session_attrs=standby",
            "postgres://db/shop?target_session_attrs=prefer-standby",
            "postgres://db/shop?target_session_attrs=",
            "postgres://db/shop?targetServerType=secondary",
            "postgres://db/shop?schema=a&search_path=b",
            "postgres://db/shop?options=-csearch_path=a&schema=b",
            "postgres://db/shop?schema=",
            "postgres://db/shop?gssencmode=require",
            "postgres://db/shop?sslrootcert=system&sslmode=require",
            "postgres://u:1?a=s3cret@db/shop",
            "postgres://u:1?s3cret=x@db/shop",
            "postgres://db/shop#s3cret",
            "mysql://u:s3cret@db/shop",
        ];
        let report = urls.map(|url| {
            let error = DatabaseUrl::parse(url).expect_err(url);
            let message = format!("{error}\n  hint: {}", error.hint());
            assert!(!message.contains("s3cret"), "{message}");
            format!("{url}\n  {message}")
        });
        assert_snapshot!("unsupported_urls", report.join("\n"));
    }

    #[rstest]
    #[case("sslmode=require&channel_binding=require&connect_timeout=10&keepalives_idle=30")]
    #[case("sslcompression=0&gssencmode=prefer&application_name=me@here&&")]
    #[case("pgbouncer=true&connection_limit=1&pool_timeout=0&statement_cache_size=0")]
    #[case("target_session_attrs=any&sslrootcert=system")]
    fn a_harmless_url_parameter_is_accepted(#[case] query: &str) {
        parse(&format!("postgres://db/shop?{query}"));
    }

    #[test]
    fn hostaddr_takes_precedence_over_host() {
        let url = parse("postgres://a/shop?hostaddr=127.0.0.1&host=b");
        assert_eq!(url.to_driver_url(), "postgres://a/shop?host=b&hostaddr=127.0.0.1");
    }

    #[test]
    fn with_database_replaces_the_path_and_the_parameter_dbname() {
        let url = parse("postgres://u:p@h:1/a?dbname=b&sslmode=disable").with_database("c d");
        assert_eq!(url.to_text(), "postgres://u:p@h:1/c%20d?sslmode=disable");
        assert_eq!(parse("postgres://h").with_database("b").to_text(), "postgres://h/b");
    }
}
