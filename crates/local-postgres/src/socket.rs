//! The folder of the Unix socket, and the URL that leads there.

use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::account::Account;
use crate::area::Area;
use crate::files::{self, PRIVATE, READABLE};

/// Part of the name of the socket; no network port is opened.
pub(crate) const PORT: u16 = 5432;

/// The role that owns every cluster.
pub(crate) const ROLE: &str = "postgres";

/// What fits into `sockaddr_un`, without the byte that ends it.
const LONGEST: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The socket in its folder. <https://www.postgresql.org/docs/current/runtime-config-connection.html>
pub(crate) fn file(folder: &Path) -> PathBuf {
    folder.join(format!(".s.PGSQL.{PORT}"))
}

/// The file by which a server reserves the socket.
pub(crate) fn lock_file(folder: &Path) -> PathBuf {
    folder.join(format!(".s.PGSQL.{PORT}.lock"))
}

/// The folder of an area's socket, if there is one. Creates nothing.
pub(crate) fn find(area: &Area) -> Result<Option<PathBuf>, Error> {
    let inside = area.file("socket");
    if fits(&inside) {
        return Ok(inside.is_dir().then_some(inside));
    }
    let Some(elsewhere) = files::read_path(&area.file("socket-location"))? else {
        return Ok(None);
    };
    // In /tmp, after a reboot, the name is free for anybody; and the pointer of a copied or moved area
    // names the folder of the original.
    let private = files::check_owner(&elsewhere, owner_of(area)?, 0o077).is_ok();
    let ours = private && files::read_path(&elsewhere.join("area"))?.as_deref() == Some(area.dir());
    Ok(ours.then_some(elsewhere))
}

/// The folder of an area's socket, made if it is not there.
pub(crate) fn make(area: &Area, account: &Account) -> Result<PathBuf, Error> {
    if let Some(folder) = find(area)? {
        return Ok(folder);
    }
    let inside = area.file("socket");
    if fits(&inside) {
        fs::create_dir(&inside).map_err(Error::io("create", &inside))?;
        files::set_mode(&inside, PRIVATE)?;
        account.own_path(&inside)?;
        return Ok(inside);
    }
    let elsewhere = make_elsewhere()?;
    let marker = elsewhere.join("area");
    files::write(&marker, files::path_line(area.dir()), READABLE)?;
    account.own_path(&elsewhere)?;
    files::replace(&area.file("socket-location"), files::path_line(&elsewhere))?;
    Ok(elsewhere)
}

/// A name that nobody can guess, in a folder where others cannot rename what is not theirs.
fn make_elsewhere() -> Result<PathBuf, Error> {
    let candidates = [PathBuf::from("/tmp"), std::env::temp_dir()];
    for base in candidates.iter().filter(|base| base.is_dir()) {
        let folder = tempfile::Builder::new()
            .prefix("seedbed-")
            .permissions(Permissions::from_mode(PRIVATE))
            .tempdir_in(base)
            .map_err(Error::io("create a folder in", base))?;
        if fits(folder.path()) {
            return Ok(folder.keep());
        }
    }
    Err(Error::NoSocketFolder { longest: LONGEST })
}

fn owner_of(area: &Area) -> Result<u32, Error> {
    use std::os::unix::fs::MetadataExt;
    let data = area.data();
    let meta = fs::metadata(&data).map_err(Error::io("look at", data))?;
    Ok(meta.uid())
}

/// Short enough; and of characters that mean nothing to the settings file, where a comma separates
/// folders, nor to a connection string.
fn fits(folder: &Path) -> bool {
    let path = file(folder);
    let bytes = path.as_os_str().as_bytes();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+@~".contains(byte);
    bytes.len() <= LONGEST && bytes.iter().all(plain)
}

/// The URL of `database`, in a form that libpq, sqlx and the `url` crate read alike: the folder
/// of the socket is a parameter that overrides the host, and the host is there because a URL needs one.
///
/// The port and `sslmode` are spelled out since both clients would otherwise take `PGPORT` and
/// `PGSSLMODE` from the environment.
pub(crate) fn url(folder: &Path, database: &str) -> String {
    format!(
        "postgres://{ROLE}@localhost:{PORT}/{}?host={}&sslmode=disable",
        encode(database.as_bytes(), b""),
        encode(folder.as_os_str().as_bytes(), b"/"),
    )
}

fn encode(bytes: &[u8], also_plain: &[u8]) -> String {
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
    fn only_plain_paths_hold_a_socket(#[case] folder: &str, #[case] expected: bool) {
        assert_eq!(fits(Path::new(folder)), expected);
    }

    #[test]
    fn the_longest_path_is_that_of_the_kernel() {
        let rest = "/.s.PGSQL.5432".len();
        let folder = |length: usize| PathBuf::from(format!("/{}", "x".repeat(length - rest - 1)));

        assert!(fits(&folder(LONGEST)));
        assert!(!fits(&folder(LONGEST + 1)));
    }

    #[rstest]
    #[case("shop", "shop")]
    #[case("my shop/1?", "my%20shop%2F1%3F")]
    fn a_database_is_one_part_of_the_url(#[case] database: &str, #[case] encoded: &str) {
        assert_eq!(
            url(Path::new("/run/a+b"), database),
            format!("postgres://postgres@localhost:5432/{encoded}?host=/run/a%2Bb&sslmode=disable")
        );
    }
}
