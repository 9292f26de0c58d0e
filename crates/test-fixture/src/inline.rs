//! Scripts that a test defines itself.

use serde_json::{Value, json};

use crate::Fixture;

/// A script that a test defines. The fixture project `inline` reads it as JSON.
#[derive(Debug, Clone)]
pub struct InlineScript(Value);

/// Creates a script with the given name. Its `up` executes the statements one by one, and its `down` executes nothing.
pub fn sql<'s>(name: &str, up: impl AsRef<[&'s str]>) -> InlineScript {
    InlineScript(json!({
        "name": name, "up": up.as_ref(), "down": [], "transaction": true, "sea_orm": false,
        "seed": false, "environment": null, "irreversible": null, "checksum": "0".repeat(64),
    }))
}

impl InlineScript {
    /// Sets the statements of the script's `down`.
    #[must_use]
    pub fn down<'s>(mut self, down: impl AsRef<[&'s str]>) -> Self {
        self.0["down"] = json!(down.as_ref());
        self
    }

    /// Lets the script run without a transaction.
    #[must_use]
    pub fn no_transaction(mut self) -> Self {
        self.0["transaction"] = json!(false);
        self
    }

    /// Turns the script into one in SeaORM's format.
    #[must_use]
    pub fn sea_orm(mut self) -> Self {
        self.0["sea_orm"] = json!(true);
        self
    }

    /// Turns the script into a seed.
    #[must_use]
    pub fn seed(mut self) -> Self {
        self.0["seed"] = json!(true);
        self
    }

    /// Makes the script run only in the given environment.
    #[must_use]
    pub fn only_in(mut self, environment: &str) -> Self {
        self.0["environment"] = json!(environment);
        self
    }

    /// Declares the script irreversible.
    #[must_use]
    pub fn irreversible(mut self, reason: &str) -> Self {
        self.0["irreversible"] = json!(reason);
        self
    }

    /// Changes the script's checksum, as an edit of its file would.
    #[must_use]
    pub fn changed(mut self) -> Self {
        self.0["checksum"] = json!("1".repeat(64));
        self
    }
}

impl Fixture {
    /// Returns the migrator of a project that consists of the given scripts, for the given database.
    pub fn with_scripts(url: &str, scripts: impl IntoIterator<Item = InlineScript>) -> Self {
        let scripts: Vec<Value> = scripts.into_iter().map(|script| script.0).collect();
        Self::new("inline", url).variable("FIXTURE_SCRIPTS", &json!(scripts).to_string())
    }
}
