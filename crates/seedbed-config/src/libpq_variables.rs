//! The environment variables of libpq, which complete a URL.
//!
//! The driver reads the variables for the server, role, database, options, password, certificates and application name.
//! The others that select a server, a database or a schema in libpq are applied or refused here.

use crate::database_url::DatabaseUrl;
use crate::parameters::parse_target_session;
use crate::url_error::UrlError;

/// The libpq variables that redirect even a complete URL to another server.
pub const REDIRECTING_VARIABLES: [&str; 3] = ["PGSERVICE", "PGHOSTADDR", "PGTARGETSESSIONATTRS"];

const SSL_MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

impl DatabaseUrl {
    /// Applies the libpq variables that the driver does not read. `lookup` returns the value of a variable; an empty value
    /// counts as not set.
    ///
    /// # Errors
    /// Fails if a variable would select another server, database or schema, and is not supported.
    pub fn with_variables(
        mut self,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, UrlError> {
        let lookup = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let refuse = |name, reason: &str, hint: &str| {
            let (reason, hint) = (reason.to_owned(), format!("unset `{name}`{hint}"));
            Err(UrlError::RefusedVariable { name, reason, hint })
        };
        if lookup("PGSERVICE").is_some() {
            let reason = "names a connection service, but Seedbed does not read service files";
            return refuse("PGSERVICE", reason, ", and name the server in the database URL");
        }
        if self.has_host() {
            if lookup("PGHOSTADDR").is_some() && !self.has_parameter("hostaddr") {
                let reason = "names an address other than the host in the database URL";
                return refuse("PGHOSTADDR", reason, ", or write `?hostaddr=…` in the URL");
            }
        } else {
            for name in ["PGHOSTADDR", "PGHOST"] {
                if lookup(name).is_some_and(|value| value.contains(',')) {
                    let reason = "names several servers, but a command connects to only one";
                    return refuse(name, reason, ", or set it to the primary server");
                }
            }
        }
        if !self.has_port() && lookup("PGPORT").is_some_and(|port| port.parse::<u16>().is_err()) {
            return refuse(
                "PGPORT",
                "is not a single port number",
                ", or write the port in the URL",
            );
        }
        let has_options = !self.parameters.options.is_empty();
        if has_options && lookup("PGOPTIONS").is_some() {
            let reason = "sets options, but the database URL sets options too";
            return refuse("PGOPTIONS", reason, ", or set all options in the URL");
        }
        let is_supported = |mode: String| SSL_MODES.contains(&mode.to_ascii_lowercase().as_str());
        if !self.has_parameter("sslmode")
            && lookup("PGSSLMODE").is_some_and(|mode| !is_supported(mode))
        {
            let hint = format!(
                ", or set it to one of {}",
                SSL_MODES.map(|mode| format!("`{mode}`")).join(", ")
            );
            return refuse("PGSSLMODE", "is not an SSL mode", &hint);
        }
        if let (None, Some(value)) =
            (self.parameters.target_session, lookup("PGTARGETSESSIONATTRS"))
        {
            let Some(target) = parse_target_session(&value) else {
                let reason =
                    "requires a server other than the primary, but migrations run on the primary";
                return refuse("PGTARGETSESSIONATTRS", reason, ", or set it to `primary`");
            };
            self.parameters.target_session = Some(target);
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use test_support::assert_snapshot;

    use super::*;
    use crate::TargetSession;

    fn with(url: &str, name: &str, value: &str) -> Result<DatabaseUrl, UrlError> {
        let url = DatabaseUrl::parse(url).expect(url);
        url.with_variables(|asked| (asked == name).then(|| value.to_owned()))
    }

    #[test]
    fn a_redirecting_variable_is_refused() {
        let cases = [
            ("postgres://u@h:5432/shop", "PGSERVICE", "main"),
            ("postgres://u@h/shop", "PGHOSTADDR", "10.0.0.1"),
            ("postgres:///shop?host=/run/pg", "PGHOSTADDR", "10.0.0.1"),
            ("postgres:///shop", "PGHOSTADDR", "10.0.0.1,10.0.0.2"),
            ("postgres:///shop", "PGHOST", "one,two"),
            ("postgres://h/shop", "PGPORT", "5432,5433"),
            ("postgres://[::1]/shop", "PGPORT", "postgres"),
            ("postgres://h/shop?schema=a", "PGOPTIONS", "-csearch_path=b"),
            ("postgres://h/shop", "PGSSLMODE", "verify_full"),
            ("postgres://h/shop", "PGTARGETSESSIONATTRS", "standby"),
        ];
        let report = cases.map(|(url, name, value)| {
            assert!(with(url, name, "").is_ok(), "an empty variable counts as unset");
            let error = with(url, name, value).expect_err(name);
            format!("{name}={value} {url}\n  {error}\n  hint: {}", error.hint())
        });
        assert_snapshot!("redirecting_variables", report.join("\n"));
    }

    #[rstest]
    #[case("postgres://u@h:5432/shop?hostaddr=10.0.0.2", "PGHOSTADDR", "10.0.0.1")]
    #[case("postgres://h:5432/shop", "PGPORT", "5432,5433")]
    #[case("postgres://[::1]:5432/shop", "PGPORT", "5432,5433")]
    #[case("postgres:///shop?host=/run/pg", "PGHOST", "one,two")]
    #[case("postgres://h/shop?sslmode=disable", "PGSSLMODE", "verify_full")]
    #[case("postgres://h/shop?target_session_attrs=any", "PGTARGETSESSIONATTRS", "standby")]
    #[case("postgres://h/shop", "PGSERVICEFILE", "/etc/pg_service.conf")]
    #[case("postgres:///shop", "PGHOST", "one")]
    #[case("postgres://h/shop", "PGOPTIONS", "-csearch_path=b")]
    #[case("postgres://h/shop", "PGSSLMODE", "Verify-Full")]
    fn the_url_wins_over_a_variable_and_the_driver_reads_the_others(
        #[case] url: &str,
        #[case] name: &str,
        #[case] value: &str,
    ) {
        assert_eq!(with(url, name, value), Ok(DatabaseUrl::parse(url).expect(url)));
    }

    #[test]
    fn pgtargetsessionattrs_selects_the_state_of_the_server_unless_the_url_does() {
        let target = |url: &str| {
            with(url, "PGTARGETSESSIONATTRS", "read-write")
                .expect("a supported value")
                .target_session()
        };
        assert_eq!(target("postgres://h/shop"), TargetSession::ReadWrite);
        let primary = "postgres://h/shop?target_session_attrs=primary";
        assert_eq!(target(primary), TargetSession::Primary);
    }
}
