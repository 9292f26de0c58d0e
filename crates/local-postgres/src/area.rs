//! Where a server keeps what it has: in the checkout, or in a folder that the checkout points to.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::account::{Account, is_root};
use crate::files::{self, PASSABLE, READABLE};
use crate::{Error, Purpose, Settings, memory};

/// Only root can create anything here, so nobody can have prepared a folder.
const BASE_OF_ROOT: &str = "/var/lib/seedbed";

/// The file in the checkout that names an area elsewhere.
const POINTER: &str = "location";

/// Others may not write: for a folder in which more than sockets live.
const WRITABLE_BY_OTHERS: u32 = 0o022;

/// For how long the checkout of a server for tests has to be gone: it may be on its way to another place.
const FORSAKEN: Duration = Duration::from_secs(24 * 60 * 60);

/// The folder that holds a cluster, its socket, its settings and its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Area {
    dir: PathBuf,
}

impl Area {
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.dir.join("log")
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// As whom the server of this area runs, where that was written down.
    pub(crate) fn user(&self) -> Result<Option<String>, Error> {
        let user = files::read(&self.file("user"))?;
        Ok(user.map(|name| String::from_utf8_lossy(&name).trim().to_owned()))
    }
}

/// The folder in the checkout: `.postgres/dev`.
#[derive(Debug)]
pub(crate) struct Home {
    dir: PathBuf,
    purpose: Purpose,
    /// Below which folder the area is made, where that is not the home itself.
    base: Option<PathBuf>,
}

/// Whose an area is that a home points to.
enum Owner {
    /// This home's.
    This,
    /// That of a home which is gone: the checkout was moved here.
    Gone,
    /// That of another home which still uses it: this checkout is a copy.
    Another,
}

impl Home {
    /// The home below `root`, if it is there.
    pub(crate) fn open(
        root: &Path,
        purpose: Purpose,
        settings: &Settings,
    ) -> Result<Option<Self>, Error> {
        let dir = root.join(purpose.name());
        if !dir.is_dir() {
            return Ok(None);
        }
        let dir = fs::canonicalize(&dir).map_err(Error::io("find", dir))?;
        let on_disk = is_root().then(|| PathBuf::from(BASE_OF_ROOT));
        let base = match (&settings.dir, purpose) {
            (Some(base), _) => Some(base.clone()),
            (None, Purpose::Development) => on_disk,
            (None, Purpose::Tests) => {
                // Where it has once been made it stays, however much memory is left now.
                let pointer = files::read_path(&dir.join(POINTER))?;
                let is_in_memory = pointer.as_deref().and_then(Path::parent).map(memory::is_base);
                let fits = || !dir.join("data").exists() && memory::has_room();
                let in_memory = is_in_memory.unwrap_or_else(fits);
                if in_memory { Some(memory::base()) } else { on_disk }
            }
        };
        Ok(Some(Self { dir, purpose, base }))
    }

    /// The home below `root`, made if it is not there.
    pub(crate) fn create(
        root: &Path,
        purpose: Purpose,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let dir = root.join(purpose.name());
        fs::create_dir_all(&dir).map_err(Error::io("create", &dir))?;
        Self::open(root, purpose, settings)?
            .ok_or_else(|| Error::NotPrivate { path: dir, reason: "it is no folder".to_owned() })
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where root writes in a checkout of somebody else, that person goes on without it.
    pub(crate) fn hand_over(&self) {
        let Some(root) = self.dir.parent() else {
            return;
        };
        let owner = root.parent().map(fs::metadata);
        let (true, Some(Ok(owner))) = (is_root(), owner) else {
            return;
        };
        let files = ["lock", POINTER].map(|name| self.dir.join(name));
        for path in [root, &self.dir].into_iter().chain(files.iter().map(PathBuf::as_path)) {
            // A network file system may not let root do that; it is a courtesy.
            std::os::unix::fs::lchown(path, Some(owner.uid()), Some(owner.gid())).ok();
        }
    }

    /// The area that was made for this home. Creates nothing.
    pub(crate) fn find_area(&self) -> Result<Option<Area>, Error> {
        let Some(base) = &self.base else {
            return Ok(Some(Area { dir: self.dir.clone() }));
        };
        let Some(dir) = files::read_path(&self.pointer())? else {
            return Ok(None);
        };
        // A pointer comes with the checkout, which may be anybody's. It is only believed when it names a
        // folder that nobody else can have put there.
        let in_base = fs::canonicalize(base).is_ok_and(|base| dir.parent() == Some(&base));
        if !in_base || check_writer(&dir).is_err() {
            return Ok(None);
        }
        let area = Area { dir };
        Ok(match self.owner(&area)? {
            Owner::This | Owner::Gone => Some(area),
            Owner::Another => None,
        })
    }

    /// Makes the area, or takes over the one of a checkout that was moved here.
    pub(crate) fn take_area(&self, account: &Account) -> Result<Area, Error> {
        let area = match self.find_area()? {
            Some(area) => area,
            None => self.make_area()?,
        };
        if !account.can_enter(&area.dir) {
            return Err(Error::NotPrivate {
                reason: format!("user {} cannot enter it", account.name),
                path: area.dir,
            });
        }
        if self.base.is_some() {
            files::replace(&area.file("owner"), files::path_line(&self.dir))?;
            files::replace(&area.file("user"), format!("{}\n", account.name))?;
            files::replace(&self.pointer(), files::path_line(&area.dir))?;
        }
        Ok(area)
    }

    fn make_area(&self) -> Result<Area, Error> {
        let Some(base) = &self.base else {
            return Ok(Area { dir: self.dir.clone() });
        };
        if !base.is_dir() {
            fs::create_dir_all(base).map_err(Error::io("create", base))?;
            files::set_mode(base, PASSABLE)?;
        }
        let base = fs::canonicalize(base).map_err(Error::io("find", base))?;
        check_writer(&base)?;
        let name = self.dir.file_name().unwrap_or_default().to_string_lossy();
        let dir = tempfile::Builder::new()
            .prefix(&format!("{name}-"))
            .permissions(Permissions::from_mode(PASSABLE))
            .tempdir_in(&base)
            .map_err(Error::io("create a folder in", &base))?;
        // The umask has its say at creation.
        files::set_mode(dir.path(), PASSABLE)?;
        // Written before the pointer: killed in between, the folder is found again as an orphan.
        let line = files::path_line(&self.dir);
        files::write(&dir.path().join("owner"), line, READABLE)?;
        Ok(Area { dir: dir.keep() })
    }

    /// Areas that were made for this very home and that it does not point to: somebody has removed
    /// `.postgres/` or the whole checkout, which for a server elsewhere means to remove the server.
    pub(crate) fn orphans(&self) -> Result<Vec<Area>, Error> {
        let current = self.find_area()?;
        let areas = self.areas().into_iter().filter(|(area, _)| current.as_ref() != Some(area));
        Ok(areas.filter(|(_, owner)| *owner == self.dir).map(|(area, _)| area).collect())
    }

    /// Areas of servers for tests whose checkouts are gone, and were last in use more than a day before
    /// `now`: they take memory that nobody else would ever give back.
    pub(crate) fn forsaken(&self, now: SystemTime) -> Vec<Area> {
        let is_gone = |area: &Area, owner: &Path| {
            let used = fs::metadata(area.file("owner")).and_then(|owner| owner.modified());
            let is_old =
                used.is_ok_and(|used| now.duration_since(used).is_ok_and(|age| age > FORSAKEN));
            // One that cannot be looked at is not known to be gone.
            let is_gone = owner.try_exists().is_ok_and(|exists| !exists);
            is_gone && is_old && owner.file_name() == Some(OsStr::new(Purpose::Tests.name()))
        };
        if self.purpose != Purpose::Tests {
            return Vec::new();
        }
        let areas = self.areas().into_iter();
        areas.filter(|(area, owner)| is_gone(area, owner)).map(|(area, _)| area).collect()
    }

    /// The areas below the base that only the caller can have made, each with the home that it is for.
    fn areas(&self) -> Vec<(Area, PathBuf)> {
        let Some(entries) = self.base.as_ref().and_then(|base| fs::read_dir(base).ok()) else {
            return Vec::new();
        };
        let with_owner = |entry: fs::DirEntry| {
            let path = entry.path();
            let area = Area { dir: fs::canonicalize(&path).unwrap_or(path) };
            check_writer(&area.dir).ok()?;
            // One that is just being made or removed has none.
            let owner = files::read_path(&area.file("owner")).ok()??;
            Some((area, owner))
        };
        entries.flatten().filter_map(with_owner).collect()
    }

    /// The file that names an area elsewhere.
    pub(crate) fn pointer(&self) -> PathBuf {
        self.dir.join(POINTER)
    }

    fn owner(&self, area: &Area) -> Result<Owner, Error> {
        let Some(owner) = files::read_path(&area.file("owner"))? else {
            return Ok(Owner::Another);
        };
        if owner == self.dir {
            return Ok(Owner::This);
        }
        let theirs = files::read_path(&owner.join(POINTER))?;
        Ok(if theirs.as_deref() == Some(&area.dir) { Owner::Another } else { Owner::Gone })
    }
}

/// Only the caller may be able to write to it.
fn check_writer(dir: &Path) -> Result<(), Error> {
    let uid = rustix::process::geteuid().as_raw();
    files::check_owner(dir, uid, WRITABLE_BY_OTHERS)
}

#[cfg(test)]
#[path = "area_tests.rs"]
mod tests;
