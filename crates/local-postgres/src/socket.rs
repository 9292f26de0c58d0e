//! The folder of the server's Unix socket, and the URL of a database on that socket.

use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::account::Account;
use crate::files::{self, PRIVATE, READABLE};
use crate::layout::DataDir;

/// The port number in the name of the socket. The server opens no network port.
pub(crate) const PORT: u16 = 5432;

/// The superuser role of every cluster.
pub(crate) const ROLE: &str = "postgres";

/// The file in a data directory that holds the path of a socket folder outside of the directory.
const LOCATION: &str = "socket-location";

/// The file in a socket folder outside of a data directory that holds the path of the data directory.
const OWNER: &str = "owner";

/// The maximum length of a socket's path, which `sockaddr_un` limits. The terminating zero byte is not counted.
const MAX_PATH_LEN: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// Returns the path of the socket in its folder.
/// <https://www.postgresql.org/docs/current/runtime-config-connection.html>
pub(crate) fn file(socket_dir: &Path) -> PathBuf {
    socket_dir.join(format!(".s.PGSQL.{PORT}"))
}

/// Returns the path of the lock file by which a server reserves the socket.
pub(crate) fn lock_file(socket_dir: &Path) -> PathBuf {
    socket_dir.join(format!(".s.PGSQL.{PORT}.lock"))
}

/// Returns the folder of a server's socket, if there is one. Creates nothing.
pub(crate) fn find_dir(data_dir: &DataDir) -> Result<Option<PathBuf>, Error> {
    let inside = data_dir.join("socket");
    if is_usable_path(&inside) {
        return Ok(inside.is_dir().then_some(inside));
    }
    let Some(outside) = files::read_path(&data_dir.join(LOCATION))? else {
        return Ok(None);
    };
    // After a reboot /tmp is empty, and any user can create a folder with the name of the socket folder. In a copied or
    // moved data directory, the path is the path of the original's socket folder.
    let is_private = files::ensure_owned_by(&outside, cluster_owner(data_dir)?, 0o077).is_ok();
    let is_ours =
        is_private && files::read_path(&outside.join(OWNER))?.as_deref() == Some(data_dir.path());
    Ok(is_ours.then_some(outside))
}

/// Returns the folder of a server's socket, and creates it if it does not exist.
pub(crate) fn ensure_dir(data_dir: &DataDir, account: &Account) -> Result<PathBuf, Error> {
    if let Some(socket_dir) = find_dir(data_dir)? {
        return Ok(socket_dir);
    }
    let inside = data_dir.join("socket");
    if is_usable_path(&inside) {
        fs::create_dir(&inside).map_err(Error::io("create", &inside))?;
        files::set_mode(&inside, PRIVATE)?;
        account.chown(&inside)?;
        return Ok(inside);
    }
    let outside = create_in_temp_dir()?;
    files::write(&outside.join(OWNER), files::encode_path(data_dir.path()), READABLE)?;
    account.chown(&outside)?;
    files::write_atomically(&data_dir.join(LOCATION), files::encode_path(&outside))?;
    Ok(outside)
}

/// Creates a folder for the socket in a folder for temporary files, where the path is short.
///
/// No other user can guess the name of the folder in advance. The sticky bit of `/tmp` prevents other users from
/// renaming it.
fn create_in_temp_dir() -> Result<PathBuf, Error> {
    let candidates = [PathBuf::from("/tmp"), std::env::temp_dir()];
    for temp_dir in candidates.iter().filter(|dir| dir.is_dir()) {
        let socket_dir = tempfile::Builder::new()
            .prefix("seedbed-")
            .permissions(Permissions::from_mode(PRIVATE))
            .tempdir_in(temp_dir)
            .map_err(Error::io("create a folder in", temp_dir))?;
        if is_usable_path(socket_dir.path()) {
            return Ok(socket_dir.keep());
        }
    }
    Err(Error::NoSocketDir { max_len: MAX_PATH_LEN })
}

/// Returns the user id of the owner of the cluster.
fn cluster_owner(data_dir: &DataDir) -> Result<u32, Error> {
    use std::os::unix::fs::MetadataExt;
    let cluster_dir = data_dir.cluster_dir();
    let metadata = fs::metadata(&cluster_dir);
    Ok(metadata.map_err(Error::io("read the metadata of", cluster_dir))?.uid())
}

/// Returns whether a socket in this folder has a usable path. The path must be short enough, and free of characters
/// that have a meaning in the settings file, where a comma separates folders, or in a connection string.
fn is_usable_path(socket_dir: &Path) -> bool {
    let path = file(socket_dir);
    let bytes = path.as_os_str().as_bytes();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+@~".contains(byte);
    bytes.len() <= MAX_PATH_LEN && bytes.iter().all(is_plain)
}

/// Returns the URL of a database, in a form that libpq, sqlx and the `url` crate understand in the same way.
///
/// The folder of the socket is in the parameter `host`, which overrides the host before the path; that host is only
/// there because a URL requires one. The port and `sslmode` are explicit, because libpq and sqlx would otherwise read
/// `PGPORT` and `PGSSLMODE` from the environment.
pub(crate) fn url(socket_dir: &Path, database: &str) -> String {
    format!(
        "postgres://{ROLE}@localhost:{PORT}/{}?host={}&sslmode=disable",
        percent_encode(database.as_bytes(), b""),
        percent_encode(socket_dir.as_os_str().as_bytes(), b"/"),
    )
}

/// Percent-encodes all bytes except letters, digits, `._-~` and those in `also_plain`.
fn percent_encode(bytes: &[u8], also_plain: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"._-~".contains(&byte) || also_plain.contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/home/ada/shop/.postgres/dev/socket", true)]
    #[case("/home/ada/My Shop/.postgres/dev/socket", false)]
    #[case("/home/ada/a,b/.postgres/dev/socket", false)]
    #[case("/home/ada/it's/.postgres/dev/socket", false)]
    #[case("/home/zoë/.postgres/dev/socket", false)]
    fn only_a_plain_path_is_usable_for_a_socket(#[case] dir: &str, #[case] expected: bool) {
        assert_eq!(is_usable_path(Path::new(dir)), expected);
    }

    #[test]
    fn a_path_longer_than_the_kernels_limit_is_not_usable() {
        let file_len = "/.s.PGSQL.5432".len();
        let dir = |len: usize| PathBuf::from(format!("/{}", "x".repeat(len - file_len - 1)));

        assert!(is_usable_path(&dir(MAX_PATH_LEN)));
        assert!(!is_usable_path(&dir(MAX_PATH_LEN + 1)));
    }

    #[rstest]
    #[case("shop", "shop")]
    #[case("my shop/1?", "my%20shop%2F1%3F")]
    fn the_database_and_the_folder_are_percent_encoded(
        #[case] database: &str,
        #[case] encoded: &str,
    ) {
        assert_eq!(
            url(Path::new("/run/a+b"), database),
            format!("postgres://postgres@localhost:5432/{encoded}?host=/run/a%2Bb&sslmode=disable")
        );
    }
}
