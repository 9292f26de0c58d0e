//! `seedbed db-url`

use std::path::Path;

use local_postgres::Started;

use crate::environment::Environment;
use crate::output::{print, say};
use crate::private;
use crate::workspace::Workspace;

/// Only the URL goes to standard output: `make` hands it on. Does not create the database.
pub(crate) fn run(root: Option<&Path>) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let environment = Environment::load(&workspace)?;
    if let Some(url) = environment.database_url() {
        return print(&url);
    }
    let server = private::server(&workspace, &environment);
    let running = private::instead_of_url(&server, &environment)?;
    if running.started() == Started::Now {
        say(&format!("private server started (process {})", running.pid()));
    }
    print(&running.url(private::DATABASE))
}
