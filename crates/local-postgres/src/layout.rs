//! The places where a server keeps its files: in the checkout, or in a data directory that the checkout points to.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::account::{Account, is_root};
use crate::files::{self, READABLE, TRAVERSABLE};
use crate::{Error, Purpose, Settings, shm};

/// The base directory of root's servers. Only root can create anything in it, so no other user can have prepared a
/// folder there.
const ROOT_BASE_DIR: &str = "/var/lib/seedbed";

/// The file in the checkout that holds the path of a data directory outside of the checkout.
const LOCATION: &str = "location";

/// The file in a data directory outside of the checkout that holds the path of its [`CheckoutDir`].
const OWNER: &str = "owner";

/// The mode bits that let users other than the owner write to a folder.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// The time for which the checkout of a server for tests must be gone before its data directory is stale. A checkout
/// that seems to be gone may have been moved, and its server is found again when it is next used.
const STALE_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// The folder that holds one server's cluster, socket, settings and log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DataDir {
    path: PathBuf,
}

impl DataDir {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the path of the cluster, which PostgreSQL calls `PGDATA`.
    pub(crate) fn cluster_dir(&self) -> PathBuf {
        self.path.join("data")
    }

    /// Returns the path of the server's log file.
    pub(crate) fn log(&self) -> PathBuf {
        self.path.join("log")
    }

    /// Returns the path of another file or folder in the data directory.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Reads the name of the user that the server runs as. Returns `None` if it is not recorded.
    pub(crate) fn recorded_user(&self) -> Result<Option<String>, Error> {
        let user = files::read(&self.join("user"))?;
        Ok(user.map(|name| String::from_utf8_lossy(&name).trim().to_owned()))
    }
}

/// The folder of a server in the checkout, such as `.postgres/dev`. This folder is the server's data directory, or
/// points to it.
///
/// ```text
///   no location file                  location names a data directory
///  .postgres/dev = data dir          .postgres/dev/location ──► <base>/dev-x1y2z3/
///                                                         ◄── owner
/// ```
#[derive(Debug)]
pub(crate) struct CheckoutDir {
    path: PathBuf,
    purpose: Purpose,
    /// The folder in which the data directory is created, if it is not this folder itself.
    base_dir: Option<PathBuf>,
}

/// The checkout that owns a data directory, as seen from a checkout that points to it.
enum OwningCheckout {
    /// The data directory belongs to this checkout.
    This,
    /// The data directory belongs to a checkout that no longer exists, because it was moved here.
    Missing,
    /// The data directory belongs to another checkout that still uses it, because this checkout is a copy of the other
    /// one.
    Other,
}

impl CheckoutDir {
    /// Opens the folder for `purpose` below `root`. Returns `None` if it does not exist.
    pub(crate) fn open(
        root: &Path,
        purpose: Purpose,
        settings: &Settings,
    ) -> Result<Option<Self>, Error> {
        let path = root.join(purpose.dir_name());
        if !path.is_dir() {
            return Ok(None);
        }
        let path = fs::canonicalize(&path).map_err(Error::io("resolve", path))?;
        let on_disk = is_root().then(|| PathBuf::from(ROOT_BASE_DIR));
        let base_dir = match (&settings.base_dir, purpose) {
            (Some(base_dir), _) => Some(base_dir.clone()),
            (None, Purpose::Development) => on_disk,
            (None, Purpose::Tests) => {
                // A data directory stays where it was created, regardless of the memory that is free now.
                let location = files::read_path(&path.join(LOCATION))?;
                let is_in_memory = location.as_deref().and_then(Path::parent).map(shm::is_base_dir);
                let fits = || !path.join("data").exists() && shm::has_enough_space();
                if is_in_memory.unwrap_or_else(fits) { Some(shm::base_dir()) } else { on_disk }
            }
        };
        Ok(Some(Self { path, purpose, base_dir }))
    }

    /// Opens the folder for `purpose` below `root`, and creates it if it does not exist.
    pub(crate) fn create(
        root: &Path,
        purpose: Purpose,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let path = root.join(purpose.dir_name());
        fs::create_dir_all(&path).map_err(Error::io("create", &path))?;
        Self::open(root, purpose, settings)?
            .ok_or_else(|| Error::UnusableDir { path, reason: "it is not a folder".to_owned() })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the files that root has written to the owner of the checkout, so that the owner can work with them without
    /// root.
    pub(crate) fn give_to_checkout_owner(&self) {
        let Some(root) = self.path.parent() else {
            return;
        };
        let owner = root.parent().map(fs::metadata);
        let (true, Some(Ok(owner))) = (is_root(), owner) else {
            return;
        };
        let files = ["lock", LOCATION].map(|name| self.path.join(name));
        for path in [root, &self.path].into_iter().chain(files.iter().map(PathBuf::as_path)) {
            // A network file system may refuse this call, even to root. The server works without it.
            std::os::unix::fs::lchown(path, Some(owner.uid()), Some(owner.gid())).ok();
        }
    }

    /// Returns the data directory of this checkout, if it has one. Creates nothing.
    pub(crate) fn find_data_dir(&self) -> Result<Option<DataDir>, Error> {
        let Some(base_dir) = &self.base_dir else {
            return Ok(Some(DataDir { path: self.path.clone() }));
        };
        let Some(path) = files::read_path(&self.location_file())? else {
            return Ok(None);
        };
        // The location file comes with the checkout, which anyone may have written. The path in it is trusted only if
        // no other user can have put a folder there.
        let is_in_base = fs::canonicalize(base_dir).is_ok_and(|base| path.parent() == Some(&base));
        if !is_in_base || ensure_writable_by_caller_only(&path).is_err() {
            return Ok(None);
        }
        let data_dir = DataDir { path };
        Ok(match self.owning_checkout(&data_dir)? {
            OwningCheckout::This | OwningCheckout::Missing => Some(data_dir),
            OwningCheckout::Other => None,
        })
    }

    /// Creates the data directory, or claims the existing data directory of a checkout that was moved here.
    pub(crate) fn claim_data_dir(&self, account: &Account) -> Result<DataDir, Error> {
        let data_dir = match self.find_data_dir()? {
            Some(data_dir) => data_dir,
            None => self.create_data_dir()?,
        };
        if !account.can_enter(&data_dir.path) {
            return Err(Error::UnusableDir {
                reason: format!("user `{}` cannot enter it", account.name),
                path: data_dir.path,
            });
        }
        if self.base_dir.is_some() {
            files::write_atomically(&data_dir.join(OWNER), files::encode_path(&self.path))?;
            files::write_atomically(&data_dir.join("user"), format!("{}\n", account.name))?;
            files::write_atomically(&self.location_file(), files::encode_path(&data_dir.path))?;
        }
        Ok(data_dir)
    }

    fn create_data_dir(&self) -> Result<DataDir, Error> {
        let Some(base_dir) = &self.base_dir else {
            return Ok(DataDir { path: self.path.clone() });
        };
        if !base_dir.is_dir() {
            fs::create_dir_all(base_dir).map_err(Error::io("create", base_dir))?;
            files::set_mode(base_dir, TRAVERSABLE)?;
        }
        let base_dir = fs::canonicalize(base_dir).map_err(Error::io("resolve", base_dir))?;
        ensure_writable_by_caller_only(&base_dir)?;
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let dir = tempfile::Builder::new()
            .prefix(&format!("{name}-"))
            .permissions(Permissions::from_mode(TRAVERSABLE))
            .tempdir_in(&base_dir)
            .map_err(Error::io("create a folder in", &base_dir))?;
        // The umask has removed bits from the mode that the folder was created with.
        files::set_mode(dir.path(), TRAVERSABLE)?;
        // The owner is written before the location: if the process is killed in between, the next start finds the
        // folder as an orphan.
        files::write(&dir.path().join(OWNER), files::encode_path(&self.path), READABLE)?;
        Ok(DataDir { path: dir.keep() })
    }

    /// Returns the data directories that were created for this checkout and that it no longer points to.
    ///
    /// Their `.postgres` folder or their whole checkout was removed. If the data were in the checkout, this would have
    /// removed the server. So a server outside of the checkout must be removed too.
    pub(crate) fn orphans(&self) -> Result<Vec<DataDir>, Error> {
        let current = self.find_data_dir()?;
        let mut orphans = self.data_dirs_with_owners();
        orphans
            .retain(|(data_dir, owner)| current.as_ref() != Some(data_dir) && *owner == self.path);
        Ok(orphans.into_iter().map(|(data_dir, _)| data_dir).collect())
    }

    /// Returns the data directories of servers for tests whose checkouts are gone and that were last used more than a
    /// day before `now`. Otherwise, the memory that they take would never be freed.
    pub(crate) fn stale_data_dirs(&self, now: SystemTime) -> Vec<DataDir> {
        if self.purpose != Purpose::Tests {
            return Vec::new();
        }
        let is_stale = |data_dir: &DataDir, owner: &Path| {
            let used_at = fs::metadata(data_dir.join(OWNER)).and_then(|file| file.modified());
            let is_old = used_at.is_ok_and(|used_at| {
                now.duration_since(used_at).is_ok_and(|age| age > STALE_AFTER)
            });
            // A checkout on a file system that does not answer may still exist.
            let is_gone = owner.try_exists().is_ok_and(|exists| !exists);
            is_gone && is_old && owner.file_name() == Some(OsStr::new(Purpose::Tests.dir_name()))
        };
        let mut stale = self.data_dirs_with_owners();
        stale.retain(|(data_dir, owner)| is_stale(data_dir, owner));
        stale.into_iter().map(|(data_dir, _)| data_dir).collect()
    }

    /// Returns the data directories in the base directory that only the caller can have created, each with the path of
    /// the [`CheckoutDir`] that it belongs to.
    fn data_dirs_with_owners(&self) -> Vec<(DataDir, PathBuf)> {
        let Some(entries) = self.base_dir.as_ref().and_then(|base| fs::read_dir(base).ok()) else {
            return Vec::new();
        };
        let with_owner = |entry: fs::DirEntry| {
            let path = entry.path();
            let data_dir = DataDir { path: fs::canonicalize(&path).unwrap_or(path) };
            ensure_writable_by_caller_only(&data_dir.path).ok()?;
            // A data directory that is being created or removed right now has no owner file.
            let owner = files::read_path(&data_dir.join(OWNER)).ok()??;
            Some((data_dir, owner))
        };
        entries.flatten().filter_map(with_owner).collect()
    }

    /// Returns the path of the file that holds the path of a data directory outside of the checkout.
    pub(crate) fn location_file(&self) -> PathBuf {
        self.path.join(LOCATION)
    }

    fn owning_checkout(&self, data_dir: &DataDir) -> Result<OwningCheckout, Error> {
        let Some(owner) = files::read_path(&data_dir.join(OWNER))? else {
            return Ok(OwningCheckout::Other);
        };
        if owner == self.path {
            return Ok(OwningCheckout::This);
        }
        let location = files::read_path(&owner.join(LOCATION))?;
        let is_used = location.as_deref() == Some(&data_dir.path);
        Ok(if is_used { OwningCheckout::Other } else { OwningCheckout::Missing })
    }
}

/// Fails if any user but the caller can write to the folder.
fn ensure_writable_by_caller_only(dir: &Path) -> Result<(), Error> {
    let uid = rustix::process::geteuid().as_raw();
    files::ensure_owned_by(dir, uid, WRITABLE_BY_OTHERS)
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
