//! The settings of the server: three texts that are written at each start.

use std::path::Path;

use crate::Purpose;
use crate::socket::{PORT, ROLE};

/// The files in the area. The server is started from there, so these are names and not paths: no
/// character of the path has a meaning to a shell or a parser.
pub(crate) const SERVER_CONF: &str = "server.conf";
pub(crate) const HBA_CONF: &str = "pg_hba.conf";
pub(crate) const IDENT_CONF: &str = "pg_ident.conf";

/// The settings file. What a developer sets with ALTER SYSTEM is read after it and wins.
pub(crate) fn server(purpose: Purpose, socket: &Path) -> String {
    let socket = socket.display();
    format!(
        "\
# Written at each start of the server. Change a setting with ALTER SYSTEM, which is read later.
include 'data/postgresql.conf'

# No network: a socket in a folder that only the owner may enter.
listen_addresses = ''
port = {PORT}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
hba_file = '{HBA_CONF}'
ident_file = '{IDENT_CONF}'

timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
log_checkpoints = off
logging_collector = off

# Many tests run at once, each with connections of its own.
max_connections = 300

# A laptop's server: no replication, little on the disk, asleep when nobody asks for anything.
wal_level = minimal
max_wal_senders = 0
max_logical_replication_workers = 0
min_wal_size = '32MB'
max_wal_size = '256MB'
autovacuum_naptime = '5min'
bgwriter_lru_maxpages = 0
jit = off
{}",
        durability(purpose)
    )
}

const fn durability(purpose: Purpose) -> &'static str {
    match purpose {
        // A power cut may cost the last moment, never the cluster.
        Purpose::Development => "synchronous_commit = off\n",
        // Nothing here outlives a test. Each database that is made or dropped, and each table that is
        // emptied, has the server look through all its buffers; and a table that is analyzed at some
        // moment has other plans from then on.
        Purpose::Tests => {
            "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n\
             shared_buffers = '32MB'\nautovacuum = off\n"
        }
    }
}

/// Who may connect. The kernel tells who is calling, and [`ident`] who that is in the database. Roles
/// that somebody creates log in with their password.
pub(crate) fn hba() -> String {
    format!(
        "\
local all {ROLE} peer map=owner
local all all scram-sha-256
"
    )
}

/// The user of the server and root are the role that owns the cluster.
pub(crate) fn ident(user: &str) -> String {
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
    fn only_the_owner_and_root_are_the_owning_role() {
        assert_eq!(ident("ada"), "owner \"ada\" postgres\nowner root postgres\n");
        let (owner, others) = ("local all postgres peer map=owner", "local all all scram-sha-256");
        assert_eq!(hba(), format!("{owner}\n{others}\n"));
    }

    #[test]
    fn only_the_server_of_tests_gives_up_durability() {
        let socket = Path::new("/s");
        assert!(server(Purpose::Tests, socket).contains("\nfsync = off\n"));
        assert!(!server(Purpose::Development, socket).contains("fsync"));
    }

    #[test]
    fn no_network_port_is_opened() {
        let text = server(Purpose::Development, Path::new("/private/socket"));
        assert!(text.contains("\nlisten_addresses = ''\n"));
        assert!(text.contains("\nunix_socket_directories = '/private/socket'\n"));
    }
}
