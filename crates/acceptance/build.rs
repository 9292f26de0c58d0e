//! Registers the scripts in `generated/src`, one of each kind that the generator writes, so that the example
//! `acceptance-fixture` compiles them.

use std::error::Error;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    seedbed_build::emit_registry(&Path::new(env!("CARGO_MANIFEST_DIR")).join("generated"), &out)?;
    Ok(())
}
