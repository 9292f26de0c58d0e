//! What the caller decides.

use std::path::PathBuf;

/// What a server is for. Each purpose has a cluster of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The database that a developer works with. It survives a power cut.
    Development,
    /// Databases that live as long as a test. Nothing is synced to the disk, and where there is room
    /// all is in memory. When it starts, it removes those whose checkouts have been gone for a day.
    Tests,
}

impl Purpose {
    /// The name of its folder.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Development => "dev",
            Self::Tests => "test",
        }
    }
}

/// What the caller decides, and otherwise is found out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Settings {
    /// The folder of `initdb`, `postgres`, `pg_ctl` and `psql` (`SEEDBED_PG_BIN`).
    pub bin: Option<PathBuf>,
    /// As whom the server runs when root starts it (`SEEDBED_PG_USER`). Without meaning otherwise.
    pub user: Option<String>,
    /// Below which folder clusters are made (`SEEDBED_PG_DIR`): for a checkout on a file system
    /// that has no sockets or permissions. Without it, a server for tests uses `/dev/shm` where there
    /// is room, root `/var/lib/seedbed`, and everybody else the folder that the server was created with.
    pub dir: Option<PathBuf>,
}

impl Settings {
    /// Reads `SEEDBED_PG_BIN`, `SEEDBED_PG_USER` and `SEEDBED_PG_DIR` from the environment.
    #[must_use]
    pub fn from_env() -> Self {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// The same from any source of variables. An empty one counts as not set.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name| lookup(name).filter(|value| !value.is_empty());
        Self {
            bin: set("SEEDBED_PG_BIN").map(PathBuf::from),
            user: set("SEEDBED_PG_USER"),
            dir: set("SEEDBED_PG_DIR").map(PathBuf::from),
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

        let expected = Settings { bin: Some(PathBuf::from("/opt/pg/bin")), ..Settings::default() };
        assert_eq!(settings, expected);
    }
}
