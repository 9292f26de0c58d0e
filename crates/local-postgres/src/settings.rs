//! The purpose and the settings of a server, which the caller chooses.

use std::path::PathBuf;

/// The purpose of a server. Each purpose has its own cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The server for the development database. Its cluster survives a power cut.
    Development,
    /// The server for databases that exist for the duration of a test. It syncs nothing to disk, and its data is in
    /// memory if `/dev/shm` has enough space. Starting it removes the servers for tests whose checkouts have been gone
    /// for a day.
    Tests,
}

impl Purpose {
    /// Returns the name of the folder for this purpose.
    #[must_use]
    pub const fn dir_name(self) -> &'static str {
        match self {
            Self::Development => "dev",
            Self::Tests => "test",
        }
    }
}

/// The settings of a server. A setting without a value is determined automatically.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Settings {
    /// The folder of `initdb`, `postgres`, `pg_ctl` and `psql` (`SEEDBED_PG_BIN`).
    pub bin_dir: Option<PathBuf>,
    /// The user that the server runs as if root starts it (`SEEDBED_PG_USER`). The setting is ignored for every other
    /// user.
    pub user: Option<String>,
    /// The folder in which data directories are created (`SEEDBED_PG_DIR`), for example because the file system of the
    /// checkout supports no sockets or permissions.
    ///
    /// The default for a server for tests is `/dev/shm` if it has enough space. Otherwise the default is
    /// `/var/lib/seedbed` for root, and for every other user the folder that is passed to
    /// [`LocalServer::new`](crate::LocalServer::new).
    pub base_dir: Option<PathBuf>,
}

impl Settings {
    /// Reads `SEEDBED_PG_BIN`, `SEEDBED_PG_USER` and `SEEDBED_PG_DIR` from the environment.
    #[must_use]
    pub fn from_env() -> Self {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Reads `SEEDBED_PG_BIN`, `SEEDBED_PG_USER` and `SEEDBED_PG_DIR` from any source. An empty value counts as not
    /// set.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let non_empty = |name| lookup(name).filter(|value| !value.is_empty());
        Self {
            bin_dir: non_empty("SEEDBED_PG_BIN").map(PathBuf::from),
            user: non_empty("SEEDBED_PG_USER"),
            base_dir: non_empty("SEEDBED_PG_DIR").map(PathBuf::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_counts_as_not_set() {
        let settings = Settings::from_lookup(|name| match name {
            "SEEDBED_PG_BIN" => Some("/opt/pg/bin".to_owned()),
            _ => Some(String::new()),
        });

        let expected =
            Settings { bin_dir: Some(PathBuf::from("/opt/pg/bin")), ..Settings::default() };
        assert_eq!(settings, expected);
    }
}
