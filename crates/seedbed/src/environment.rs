//! Environment variables, and the `.env` file that counts as some.

use std::collections::HashMap;
use std::env;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;
use local_postgres::Settings;

use crate::output::Advice;
use crate::workspace::Workspace;

/// What is set: a variable of the process wins over a line of the file, also when it is empty.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    file: HashMap<String, String>,
}

impl Environment {
    /// Reads the `.env` file at the root of the checkout, if there is one; never in production.
    pub(crate) fn load(workspace: &Workspace) -> anyhow::Result<Self> {
        let process = Self::default();
        if process.is_production() {
            return Ok(process);
        }
        let file = read(&workspace.root().join(".env"))?;
        Ok(Self { file })
    }

    /// The database that somebody names. An empty one counts as none.
    pub(crate) fn database_url(&self) -> Option<String> {
        self.get("DATABASE_URL").filter(|url| !url.is_empty())
    }

    /// Whether this is where a mistake is expensive.
    pub(crate) fn is_production(&self) -> bool {
        self.get("APP_ENV").as_deref() == Some("production")
    }

    /// What decides about the private server.
    pub(crate) fn settings(&self) -> Settings {
        Settings::from_lookup(|name| self.get(name))
    }

    fn get(&self, name: &str) -> Option<String> {
        match env::var_os(name) {
            Some(value) => value.into_string().ok(),
            None => self.file.get(name).cloned(),
        }
    }
}

fn read(path: &Path) -> anyhow::Result<HashMap<String, String>> {
    let lines = match dotenvy::from_path_iter(path) {
        Ok(lines) => lines,
        Err(dotenvy::Error::Io(error)) if error.kind() == ErrorKind::NotFound => {
            return Ok(HashMap::new());
        }
        Err(error) => {
            return Err(error).with_context(|| format!("could not read {}", path.display()));
        }
    };
    let mut read = HashMap::new();
    let mut last = "the start of the file".to_owned();
    for line in lines {
        // The library's own message quotes the line, which may hold a password.
        let (name, value) = line.map_err(|_| {
            Advice::failure(
                format!("could not read {}: a line after {last} is not NAME=value", path.display()),
                "put a value that has spaces or $ into single quotes",
            )
        })?;
        last.clone_from(&name);
        read.insert(name, value);
    }
    Ok(read)
}
