//! Starts the sample backend if the schema is current, and does nothing else.

use anyhow::{Context, Result};

#[tokio::main]
async fn main() -> Result<()> {
    let url = std::env::var("DATABASE_URL").ok().context("`DATABASE_URL` is not set")?;
    backend::start(&url).await.context("failed to start the backend")?;
    println!("the schema is current");
    Ok(())
}
