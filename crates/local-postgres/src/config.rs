//! The contents of the server's three configuration files, which are written at each start.

use std::path::Path;

use crate::Purpose;
use crate::socket::{PORT, ROLE};

// These are the names of the files in the data directory. The server is started with the data directory as its working
// directory, so names are enough, and no character of the path can have a meaning to a shell or to PostgreSQL's parser.
pub(crate) const SERVER_CONF: &str = "server.conf";
pub(crate) const HBA_CONF: &str = "pg_hba.conf";
pub(crate) const IDENT_CONF: &str = "pg_ident.conf";

/// Returns the content of `server.conf`. A setting of `ALTER SYSTEM` is read after this file and takes precedence.
pub(crate) fn server_conf(purpose: Purpose, socket_dir: &Path) -> String {
    let socket_dir = socket_dir.display();
    format!(
        "\
# This file is overwritten at each start of the server. Change settings with ALTER SYSTEM, which takes precedence.
include 'data/postgresql.conf'

# No network port: a socket in a folder that only the owner may enter.
listen_addresses = ''
port = {PORT}
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0700
hba_file = '{HBA_CONF}'
ident_file = '{IDENT_CONF}'

timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
log_checkpoints = off
logging_collector = off

# Many tests run at the same time, each with its own connections.
max_connections = 300

# A server for one developer: no replication, little disk space, no activity while it is idle.
wal_level = minimal
max_wal_senders = 0
max_logical_replication_workers = 0
min_wal_size = '32MB'
max_wal_size = '256MB'
autovacuum_naptime = '5min'
bgwriter_lru_maxpages = 0
jit = off
{}",
        settings_for(purpose)
    )
}

/// Returns the settings that differ between the purposes.
const fn settings_for(purpose: Purpose) -> &'static str {
    match purpose {
        // After a power cut the last commits may be lost, but the cluster is consistent.
        Purpose::Development => "synchronous_commit = off\n",
        // No data outlives its test, so nothing is synced. The buffers are few because the server scans all of them
        // whenever a database is created or dropped or a table is truncated. Autovacuum is off because a table that
        // is analyzed at an arbitrary moment changes the plans of the tests after it.
        Purpose::Tests => {
            "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n\
             shared_buffers = '32MB'\nautovacuum = off\n"
        }
    }
}

/// Returns the content of `pg_hba.conf`, which determines which users may connect.
///
/// For the role `postgres`, the server asks the kernel which user is connecting and looks that user up in
/// [`ident_conf`]. All other roles log in with a password.
pub(crate) fn hba_conf() -> String {
    format!(
        "\
local all {ROLE} peer map=owner
local all all scram-sha-256
"
    )
}

/// Returns the content of `pg_ident.conf`, which lets the server's user and root log in as the role `postgres`.
pub(crate) fn ident_conf(user: &str) -> String {
    let user = user.replace('"', "\"\"");
    format!(
        "\
owner \"{user}\" {ROLE}
owner root {ROLE}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_servers_user_and_root_log_in_without_a_password() {
        assert_eq!(ident_conf("ada"), "owner \"ada\" postgres\nowner root postgres\n");
        let (owner, others) = ("local all postgres peer map=owner", "local all all scram-sha-256");
        assert_eq!(hba_conf(), format!("{owner}\n{others}\n"));
    }

    #[test]
    fn only_a_server_for_tests_disables_fsync() {
        let socket_dir = Path::new("/s");
        assert!(server_conf(Purpose::Tests, socket_dir).contains("\nfsync = off\n"));
        assert!(!server_conf(Purpose::Development, socket_dir).contains("fsync"));
    }

    #[test]
    fn the_server_listens_only_on_its_socket() {
        let text = server_conf(Purpose::Development, Path::new("/private/socket"));
        assert!(text.contains("\nlisten_addresses = ''\n"));
        assert!(text.contains("\nunix_socket_directories = '/private/socket'\n"));
    }
}
