//! `seedbed create-seed NAME`

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;
use seedbed_files::Template;

use super::new_script;
use crate::output::Advice;
use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What it does, such as createAdminUser; any case and spaces will do.
    #[arg(default_value = "", hide_default_value = true)]
    name: String,

    /// Only for this environment; otherwise it runs in all of them.
    #[arg(long, value_name = "ENVIRONMENT")]
    env: Option<String>,
}

pub(crate) fn run(root: Option<&Path>, args: &Args) -> anyhow::Result<()> {
    let slug = new_script::slug(&args.name, "make create-seed name=createAdminUser")?;
    let environment = args.env.as_deref().map(environment).transpose()?;
    let seeds = Workspace::find(root)?.seeds();
    let Some(environment) = environment else {
        return new_script::create(&seeds, &slug, Template::Seed);
    };
    let folder = seeds.join(environment);
    match fs::create_dir(&folder) {
        // The error that follows says that the folder of all seeds is missing.
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return new_script::create(&seeds, &slug, Template::Seed);
        }
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(error).with_context(|| format!("could not create {}", folder.display()));
        }
        _ => {}
    }
    new_script::create(&folder, &slug, Template::Seed)
}

/// It becomes the name of a folder, and of a Rust module.
fn environment(name: &str) -> anyhow::Result<&str> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain) {
        return Ok(name);
    }
    Err(Advice::wrong_use(
        format!("`{name}` is not the name of an environment"),
        "use the letters a-z, digits and _, such as --env development",
    ))
}
