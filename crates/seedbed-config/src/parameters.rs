//! The parameters of a URL: each is understood, known to change nothing here, or refused.
//!
//! A parameter that decides about server, database or schema and is ignored sends tables somewhere else.

use crate::percent::{decode, encode_value};
use crate::url_error::UrlError;

/// Which state of a server the URL asks for: libpq's `target_session_attrs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TargetSession {
    /// Any server.
    #[default]
    Any,
    /// A server that is no standby and whose sessions may write.
    ReadWrite,
    /// A server that is no standby.
    Primary,
}

/// What the parameters of a URL mean.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Parameters {
    /// What the driver and libpq understand, except `options`: the canonical name and the value.
    pub(crate) connection: Vec<(&'static str, String)>,
    /// What only the driver understands.
    pub(crate) driver: Vec<(&'static str, String)>,
    /// The start-up options: `-csearch_path=billing`.
    pub(crate) options: String,
    /// None if the URL says nothing about it.
    pub(crate) target_session: Option<TargetSession>,
}

/// What decides how and where to connect: the spellings, and the name that libpq and the driver have for it.
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
    // The driver takes it for a host, so it comes last: an address goes before a name.
    (&["hostaddr"], "hostaddr"),
];

/// Three spellings of the search path: PostgreSQL's own, Prisma's and JDBC's.
const SEARCH_PATH: [&str; 3] = ["search_path", "schema", "currentSchema"];

/// What changes neither the server, the database nor the schema, and has its meaning elsewhere: in libpq, in another
/// driver, or in the pool of an application.
const HARMLESS: [&str; 46] = [
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

/// What is harmless with these values alone.
const HARMLESS_VALUES: [(&str, &[&str]); 7] = [
    ("client_encoding", &["utf8", "UTF8", "utf-8", "UTF-8", "unicode", "auto"]),
    ("encoding", &["utf8", "UTF8", "utf-8", "UTF-8", "unicode"]),
    ("gssencmode", &["disable", "prefer"]),
    ("replication", &["false", "off", "no", "0"]),
    ("ssl", &["false"]),
    ("sslnegotiation", &["postgres"]),
    ("ssl_min_protocol_version", &["TLSv1", "TLSv1.1", "TLSv1.2"]),
];

/// Returns the names of the parameters that are understood, for a hint.
pub(crate) fn understood() -> String {
    let mut names: Vec<&str> = CONNECTION.iter().map(|(_, name)| *name).collect();
    names.extend(["options", "target_session_attrs"]);
    names.extend(SEARCH_PATH);
    names.join(", ")
}

impl Parameters {
    /// Reads the part of a URL after its question mark.
    pub(crate) fn parse(query: &str) -> Result<Self, UrlError> {
        let mut parameters = Self::default();
        let mut search_path = None;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = text(name)?;
            // Form encoders write a space as a plus sign; in start-up options there are many spaces and hardly a plus.
            let value = match name.starts_with("options") {
                true => text(&value.replace('+', " "))?,
                false => text(value)?,
            };
            if SEARCH_PATH.contains(&name.as_str()) {
                if search_path.is_some() {
                    return Err(twice(&name));
                }
                search_path = Some((name, value));
            } else {
                parameters.take(&name, value, query)?;
            }
        }
        if let Some((name, value)) = search_path {
            parameters.set_search_path(&name, &value)?;
        }
        parameters.use_system_certificates()?;
        parameters.connection.sort_by_key(|(name, _)| *name == "hostaddr");
        Ok(parameters)
    }

    /// Returns the value of a parameter; the last one counts, as it does for libpq.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut all = self.connection.iter().rev();
        all.find(|(has, _)| *has == name).map(|(_, value)| value.as_str())
    }

    /// Whether the certificates of the operating system decide.
    pub(crate) fn has_system_certificates(&self) -> bool {
        self.get("sslrootcert") == Some("system")
    }

    fn take(&mut self, name: &str, value: String, query: &str) -> Result<(), UrlError> {
        if let Some((_, name)) = CONNECTION.iter().find(|(spellings, _)| spellings.contains(&name))
        {
            let is_server = matches!(*name, "host" | "hostaddr" | "port");
            if is_server && value.contains(',') {
                return Err(UrlError::SeveralServers);
            }
            // Like libpq: an empty one is as none. An empty `sslmode` is a mistake, and the driver says so.
            if !value.is_empty() || *name == "sslmode" {
                self.connection.push((name, value));
            }
            return Ok(());
        }
        match (name, value.as_str()) {
            ("options", _) => self.add_option(&value),
            ("statement-cache-capacity", _) => {
                self.driver.push(("statement-cache-capacity", value))
            }
            ("ssl", "true") => self.connection.push(("sslmode", "require".to_owned())),
            ("target_session_attrs" | "targetServerType", _) => {
                let target = target_session(&value).ok_or_else(|| other_server(name))?;
                self.target_session = Some(target);
            }
            _ if HARMLESS.contains(&name) => {}
            _ => match HARMLESS_VALUES.iter().find(|(known, _)| *known == name) {
                Some((_, values)) if values.contains(&value.as_str()) => {}
                Some((_, values)) => {
                    return Err(UrlError::RefusedParameter {
                        name: name.to_owned(),
                        reason: format!("has a value other than {}", values.join(", ")),
                        hint: format!("remove `{name}` from the URL"),
                    });
                }
                None => match name.strip_prefix("options[").and_then(|name| name.strip_suffix(']'))
                {
                    Some(setting) => self.add_setting(setting, &value),
                    None => return Err(unknown(name, query)),
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

    /// Adds `-cname=value`, in which a backslash goes before a space and before a backslash.
    fn add_setting(&mut self, name: &str, value: &str) {
        let value = value.replace('\\', "\\\\").replace(' ', "\\ ");
        self.add_option(&format!("-c{name}={value}"));
    }

    fn set_search_path(&mut self, name: &str, value: &str) -> Result<(), UrlError> {
        if self.options.contains("search_path") {
            return Err(twice(name));
        }
        if value.trim().is_empty() {
            return Err(UrlError::RefusedParameter {
                name: name.to_owned(),
                reason: "names no schema".to_owned(),
                hint: format!(
                    "`{name}=billing` names one; without it the role's own search_path counts"
                ),
            });
        }
        // Prisma's is the name of one schema, as it is; the others are lists of names, as in SET search_path.
        let path = match name {
            "schema" => format!("\"{}\"", value.replace('"', "\"\"")),
            _ => value.to_owned(),
        };
        self.add_setting("search_path", &path);
        Ok(())
    }

    /// Like libpq: the certificates of the operating system vouch for everybody, so the name of the host is verified too.
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
                    reason:
                        "is `system`, which a weaker `sslmode` than `verify-full` makes worthless"
                            .to_owned(),
                    hint: "`sslrootcert=system&sslmode=verify-full` in the URL".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// Writes them as libpq and the driver read them. Leaves out those of these names.
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

fn text(encoded: &str) -> Result<String, UrlError> {
    String::from_utf8(decode(encoded))
        .map_err(|_| UrlError::malformed("one of its parameters is not UTF-8"))
}

/// Reads the value of `target_session_attrs`; none for one that no primary server satisfies.
pub(crate) fn target_session(value: &str) -> Option<TargetSession> {
    match value {
        "any" => Some(TargetSession::Any),
        "read-write" => Some(TargetSession::ReadWrite),
        "primary" | "master" => Some(TargetSession::Primary),
        _ => None,
    }
}

fn other_server(name: &str) -> UrlError {
    UrlError::RefusedParameter {
        name: name.to_owned(),
        reason: "asks for another server than the primary one, on which migrations run".to_owned(),
        hint: format!("`{name}=primary` or `{name}=any` in the URL"),
    }
}

fn twice(name: &str) -> UrlError {
    UrlError::RefusedParameter {
        name: name.to_owned(),
        reason: "names a search path, and the URL names another one".to_owned(),
        hint: "name the search path once, such as `?options=-csearch_path%3Dbilling`".to_owned(),
    }
}

/// The name is not repeated where it may be a piece of a password with a `?` in it.
fn unknown(name: &str, query: &str) -> UrlError {
    let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.[]".contains(c));
    if query.contains('@') || !is_word || name.is_empty() {
        return UrlError::malformed(
            "there is a / ? or # before the @, or a parameter that is no word",
        );
    }
    UrlError::UnknownParameter { name: name.to_owned() }
}
