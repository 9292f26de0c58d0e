//! `seedbed db-status`

use std::path::Path;

use local_postgres::{Purpose, Status};

use crate::database;
use crate::output::print;
use crate::variables::Variables;
use crate::workspace::Workspace;

pub(crate) fn run(root: Option<&Path>) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let variables = Variables::load(&workspace)?;
    let status = |purpose| database::server(&workspace, &variables, purpose).status();
    match status(Purpose::Development)? {
        Status::Running(running) => {
            print(&format!("running  process {}", running.pid()))?;
            print(&format!("socket   {}", running.socket_dir().display()))?;
            print(&format!("log      {}", running.log().display()))?;
        }
        Status::Stopped { cluster_dir } => print(&format!("stopped  {}", cluster_dir.display()))?,
        Status::Absent => print("absent   `make db-start` makes it")?,
    }
    match status(Purpose::Tests)? {
        Status::Running(running) => print(&format!(
            "tests    process {}, socket {}",
            running.pid(),
            running.socket_dir().display()
        )),
        Status::Stopped { .. } | Status::Absent => Ok(()),
    }
}
