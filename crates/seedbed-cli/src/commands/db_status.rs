//! The command `seedbed db-status`.

use std::path::Path;

use local_postgres::{Purpose, ServerStatus};
use seedbed_config::{CommandSpelling, SuggestedCommand};

use crate::database;
use crate::output::print_data;
use crate::variables::Variables;
use crate::workspace::Workspace;

pub(crate) fn run(root: Option<&Path>, spelling: CommandSpelling) -> anyhow::Result<()> {
    let workspace = Workspace::find(root)?;
    let variables = Variables::load(&workspace)?;
    let status = |purpose| database::local_server(&workspace, &variables, purpose).status();
    match status(Purpose::Development)? {
        ServerStatus::Running(running) => {
            print_data(&format!("running  process {}", running.pid()))?;
            print_data(&format!("socket   {}", running.socket_dir().display()))?;
            print_data(&format!("log      {}", running.log().display()))?;
        }
        ServerStatus::Stopped { cluster_dir } => {
            print_data(&format!("stopped  {}", cluster_dir.display()))?
        }
        ServerStatus::Absent => {
            let start = SuggestedCommand::DbStart.spelled(spelling);
            print_data(&format!("absent   `{start}` creates it"))?;
        }
    }
    match status(Purpose::Tests)? {
        ServerStatus::Running(running) => print_data(&format!(
            "tests    process {}, socket {}",
            running.pid(),
            running.socket_dir().display()
        )),
        ServerStatus::Stopped { .. } | ServerStatus::Absent => Ok(()),
    }
}
