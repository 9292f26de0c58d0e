//! The parameters of a URL. Each parameter is applied, known to be irrelevant, or refused.
//!
//! Ignoring a parameter that selects a server, a database or a schema would create tables in the wrong place.

use std::net::IpAddr;

use crate::percent::{decode, encode_value};
use crate::url_error::UrlError;
use seedbed_sql::quote_ident_if_needed;

/// The state of the server that a URL requires, which is libpq's `target_session_attrs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TargetSession {
    /// Any server.
    #[default]
    Any,
    /// A server that is not a standby and whose sessions can write.
    ReadWrite,
    /// A server that is not a standby.
    Primary,
}

/// The parsed parameters of a URL.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Parameters {
    /// The parameters that both the driver and libpq support, except `options`, with their canonical names.
    pub(crate) connection: Vec<(&'static str, String)>,
    /// The parameters that only the driver supports.
    pub(crate) driver: Vec<(&'static str, String)>,
    /// The startup options, such as `-csearch_path=billing`.
    pub(crate) options: String,
    /// The required state of the server, or `None` if the URL does not name one.
    pub(crate) target_session: Option<TargetSession>,
}

/// The parameters of the connection. Each entry has all accepted spellings, and the canonical name that libpq and the
/// driver use.
const CONNECTION: [(&[&str], &str); 11] = [
    (&["host"], "host"),
    (&["port"], "port"),
    (&["dbname"], "dbname"),
    (&["user"], "user"),
    (&["password"], "password"),
    (&["application_name", "ApplicationName"], "application_name"),
    (&["sslmode", "ssl-mode"], "sslmode"),
    (&["sslrootcert", "ssl-root-cert", "ssl-ca"], "sslrootcert"),
    (&["sslcert", "ssl-cert"], "sslcert"),
    (&["sslkey", "ssl-key"], "sslkey"),
    // The driver treats `hostaddr` as a host, so it comes last, because an address takes precedence over a name.
    (&["hostaddr"], "hostaddr"),
];

/// The spellings of the search path: the spellings of PostgreSQL, Prisma and JDBC.
const SEARCH_PATH: [&str; 3] = ["search_path", "schema", "currentSchema"];

/// The parameters that do not select a server, a database or a schema, and that only matter to libpq, to another driver or
/// to the connection pool of an application.
const IGNORED: [&str; 46] = [
    "acquire_timeout",
    "channel_binding",
    "connect_timeout",
    "connectTimeout",
    "connection_limit",
    "fallback_application_name",
    "gssdelegation",
    "gsslib",
    "idle_timeout",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "loginTimeout",
    "max_connection_lifetime",
    "max_connections",
    "max_idle_connection_lifetime",
    "max_lifetime",
    "min_connections",
    "pgbouncer",
    "pool",
    "pool_max_conn_idle_time",
    "pool_max_conn_lifetime",
    "pool_max_conns",
    "pool_min_conns",
    "pool_mode",
    "pool_size",
    "pool_timeout",
    "prepareThreshold",
    "prepared_statement_cache_size",
    "prepared_statements",
    "preparedStatementCacheQueries",
    "reWriteBatchedInserts",
    "single_use_connections",
    "socketTimeout",
    "socket_timeout",
    "sslcompression",
    "sslsni",
    "statement_cache_size",
    "supa",
    "tcpKeepAlive",
    "tcp_user_timeout",
    "uselibpqcompat",
    "workaround",
];

/// The parameters that are ignored only with certain values.
const IGNORED_VALUES: [(&str, &[&str]); 7] = [
    ("client_encoding", &["utf8", "UTF8", "utf-8", "UTF-8", "unicode", "auto"]),
    ("encoding", &["utf8", "UTF8", "utf-8", "UTF-8", "unicode"]),
    ("gssencmode", &["disable", "prefer"]),
    ("replication", &["false", "off", "no", "0"]),
    ("ssl", &["false"]),
    ("sslnegotiation", &["postgres"]),
    ("ssl_min_protocol_version", &["TLSv1", "TLSv1.1", "TLSv1.2"]),
];

/// Returns the names of the supported parameters, for a hint.
pub(crate) fn supported_names() -> String {
    let mut names: Vec<&str> = CONNECTION.iter().map(|(_, name)| *name).collect();
    names.extend(["options", "target_session_attrs"]);
    names.extend(SEARCH_PATH);
    names.join(", ")
}

/// The values of `sslmode`.
const SSL_MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

impl Parameters {
    /// Parses the query of a URL, the part after the question mark.
    pub(crate) fn parse(query: &str) -> Result<Self, UrlError> {
        let mut parameters = Self::default();
        let mut search_path = None;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode_text(name)?;
            // Form encoders write a space as a plus sign. Startup options contain many spaces and hardly ever a plus sign.
            let value = match name.starts_with("options") {
                true => decode_text(&value.replace('+', " "))?,
                false => decode_text(value)?,
            };
            if SEARCH_PATH.contains(&name.as_str()) {
                if search_path.is_some() {
                    return Err(duplicate_search_path(&name));
                }
                search_path = Some((name, value));
            } else {
                parameters.apply(&name, value, query)?;
            }
        }
        if let Some((name, value)) = search_path {
            parameters.set_search_path(&name, &value)?;
        }
        parameters.use_system_certificates()?;
        parameters.connection.sort_by_key(|(name, _)| *name == "hostaddr");
        Ok(parameters)
    }

    /// Returns the value of a parameter. If the parameter occurs several times, the last value counts, as in libpq.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut all = self.connection.iter().rev();
        all.find(|(parameter, _)| *parameter == name).map(|(_, value)| value.as_str())
    }

    /// Returns whether the certificates of the operating system are used.
    pub(crate) fn has_system_certificates(&self) -> bool {
        self.get("sslrootcert") == Some("system")
    }

    /// Applies one parameter. `query` is the whole query: the name of an unknown parameter may be a part of the
    /// password, and then the error does not repeat it.
    fn apply(&mut self, name: &str, value: String, query: &str) -> Result<(), UrlError> {
        if let Some((_, name)) = CONNECTION.iter().find(|(spellings, _)| spellings.contains(&name))
        {
            let is_server = matches!(*name, "host" | "hostaddr" | "port");
            if is_server && value.contains(',') {
                return Err(UrlError::MultipleServers);
            }
            if *name == "sslmode" && !SSL_MODES.contains(&value.to_lowercase().as_str()) {
                return Err(UrlError::RefusedParameter {
                    name: (*name).to_owned(),
                    reason: "has an unknown value".to_owned(),
                    hint: format!("write one of: {}", SSL_MODES.join(", ")),
                });
            }
            // An empty parameter counts as not set, as in libpq.
            if !value.is_empty() {
                ensure_valid(name, &value)?;
                self.connection.push((name, value));
            }
            return Ok(());
        }
        match (name, value.as_str()) {
            ("options", _) => self.add_option(&value),
            ("statement-cache-capacity", _) => {
                ensure_valid(name, &value)?;
                self.driver.push(("statement-cache-capacity", value));
            }
            ("ssl", "true") => self.connection.push(("sslmode", "require".to_owned())),
            ("target_session_attrs" | "targetServerType", _) => {
                let target =
                    parse_target_session(&value).ok_or_else(|| unsupported_target_session(name))?;
                self.target_session = Some(target);
            }
            _ if IGNORED.contains(&name) => {}
            _ => match IGNORED_VALUES.iter().find(|(known, _)| *known == name) {
                Some((_, values)) if values.contains(&value.as_str()) => {}
                Some((_, values)) => {
                    let supported: Vec<String> =
                        values.iter().map(|value| format!("`{name}={value}`")).collect();
                    return Err(UrlError::RefusedParameter {
                        name: name.to_owned(),
                        reason: format!("is supported only as {}", supported.join(" or ")),
                        hint: format!("remove `{name}` from the URL"),
                    });
                }
                None => match name.strip_prefix("options[").and_then(|name| name.strip_suffix(']'))
                {
                    Some(setting) => self.add_setting(setting, &value),
                    None => return Err(unknown_parameter(name, query)),
                },
            },
        }
        Ok(())
    }

    fn add_option(&mut self, option: &str) {
        if !self.options.is_empty() {
            self.options.push(' ');
        }
        self.options.push_str(option.trim());
    }

    /// Adds the option `-cname=value`, with a backslash before each space and backslash of the value.
    fn add_setting(&mut self, name: &str, value: &str) {
        let value = value.replace('\\', "\\\\").replace(' ', "\\ ");
        self.add_option(&format!("-c{name}={value}"));
    }

    fn set_search_path(&mut self, name: &str, value: &str) -> Result<(), UrlError> {
        if self.options.contains("search_path") {
            return Err(duplicate_search_path(name));
        }
        if value.trim().is_empty() {
            return Err(UrlError::RefusedParameter {
                name: name.to_owned(),
                reason: "is empty".to_owned(),
                hint: format!(
                    "name a schema, such as `{name}=billing`, or remove `{name}` to use the search path of the role"
                ),
            });
        }
        // Prisma's `schema` is the exact name of one schema. The others are lists of names, as in SET search_path.
        let path = match name {
            "schema" => format!("\"{}\"", value.replace('"', "\"\"")),
            _ => value.to_owned(),
        };
        self.add_setting("search_path", &path);
        Ok(())
    }

    /// Sets `sslmode=verify-full` for `sslrootcert=system`, as libpq does, because the authorities that the operating
    /// system trusts sign certificates for every host.
    fn use_system_certificates(&mut self) -> Result<(), UrlError> {
        if !self.has_system_certificates() {
            return Ok(());
        }
        match self.get("sslmode") {
            None => self.connection.push(("sslmode", "verify-full".to_owned())),
            Some("verify-full") => {}
            Some(_) => {
                return Err(UrlError::RefusedParameter {
                    name: "sslrootcert".to_owned(),
                    reason: "is `system`, which requires `sslmode=verify-full`".to_owned(),
                    hint: "write `sslrootcert=system&sslmode=verify-full` in the URL".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// Renders the parameters as a query for libpq and the driver, except those named in `without`.
    pub(crate) fn to_query(&self, without: &[&str]) -> String {
        let options = Some(("options", &self.options)).filter(|(_, value)| !value.is_empty());
        let all = self.connection.iter().map(|(name, value)| (*name, value)).chain(options);
        let pairs: Vec<String> = all
            .filter(|(name, _)| !without.contains(name))
            .map(|(name, value)| format!("{name}={}", encode_value(value)))
            .collect();
        pairs.join("&")
    }
}

/// Returns the parameter of a URL that makes one schema the search path.
///
/// ```
/// assert_eq!(seedbed_config::search_path_parameter("billing"), "options=-csearch_path%3Dbilling");
/// ```
#[must_use]
pub fn search_path_parameter(schema: &str) -> String {
    let mut parameters = Parameters::default();
    parameters.add_setting("search_path", &quote_ident_if_needed(schema));
    parameters.to_query(&[])
}

fn decode_text(encoded: &str) -> Result<String, UrlError> {
    String::from_utf8(decode(encoded))
        .map_err(|_| UrlError::malformed("the value of a parameter is not UTF-8"))
}

/// Parses the value of `target_session_attrs`. Returns `None` for a value that no primary server satisfies.
pub(crate) fn parse_target_session(value: &str) -> Option<TargetSession> {
    match value {
        "any" => Some(TargetSession::Any),
        "read-write" => Some(TargetSession::ReadWrite),
        "primary" | "master" => Some(TargetSession::Primary),
        _ => None,
    }
}

fn unsupported_target_session(name: &str) -> UrlError {
    UrlError::RefusedParameter {
        name: name.to_owned(),
        reason: "requires a server other than the primary, but migrations run on the primary"
            .to_owned(),
        hint: format!("write `{name}=primary` or `{name}=any` in the URL"),
    }
}

/// Fails if the driver does not accept the value of the parameter. The driver's own error would not name the parameter.
fn ensure_valid(name: &str, value: &str) -> Result<(), UrlError> {
    let (is_valid, expected, example) = match name {
        "port" => (value.parse::<u16>().is_ok(), "a port number", "5432"),
        "hostaddr" => (value.parse::<IpAddr>().is_ok(), "an IP address", "127.0.0.1"),
        "statement-cache-capacity" => (value.parse::<usize>().is_ok(), "a number", "100"),
        _ => return Ok(()),
    };
    if is_valid {
        return Ok(());
    }
    Err(UrlError::RefusedParameter {
        name: name.to_owned(),
        reason: format!("is not {expected}"),
        hint: format!("write {expected}, such as `{name}={example}`"),
    })
}

fn duplicate_search_path(name: &str) -> UrlError {
    UrlError::RefusedParameter {
        name: name.to_owned(),
        reason: "sets the search path, which another parameter sets too".to_owned(),
        hint: "set the search path once, such as `?options=-csearch_path%3Dbilling`".to_owned(),
    }
}

/// Returns the error for an unknown parameter. The error does not repeat the name if it may be a part of a password that
/// contains a `?`.
fn unknown_parameter(name: &str, query: &str) -> UrlError {
    let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.[]".contains(c));
    if query.contains('@') || !is_word || name.is_empty() {
        return UrlError::malformed(
            "it has an unencoded `/`, `?` or `#` before the `@`, or a parameter whose name is not a word",
        );
    }
    UrlError::UnknownParameter { name: name.to_owned() }
}
