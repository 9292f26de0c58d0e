//! A script that a test writes itself.

use serde_json::{Value, json};

use crate::Fixture;

/// A script that the test describes, as JSON for the fixture project `inline`.
#[derive(Debug, Clone)]
pub struct Inline(Value);

/// Returns a script of that name. Its `up` executes the statements one by one, and its `down` executes nothing.
pub fn sql<'s>(name: &str, up: impl AsRef<[&'s str]>) -> Inline {
    Inline(json!({
        "name": name, "up": up.as_ref(), "down": [], "transaction": true, "sea_orm": false,
        "seed": false, "irreversible": null, "checksum": "0".repeat(64),
    }))
}

impl Inline {
    /// Returns the script with these statements in its `down`.
    #[must_use]
    pub fn down<'s>(mut self, down: impl AsRef<[&'s str]>) -> Self {
        self.0["down"] = json!(down.as_ref());
        self
    }

    /// Returns the script without a transaction.
    #[must_use]
    pub fn no_transaction(mut self) -> Self {
        self.0["transaction"] = json!(false);
        self
    }

    /// Returns the script in SeaORM's format.
    #[must_use]
    pub fn sea_orm(mut self) -> Self {
        self.0["sea_orm"] = json!(true);
        self
    }

    /// Returns the script as a seed.
    #[must_use]
    pub fn seed(mut self) -> Self {
        self.0["seed"] = json!(true);
        self
    }

    /// Returns the script with a declaration that it has no way back.
    #[must_use]
    pub fn irreversible(mut self, why: &str) -> Self {
        self.0["irreversible"] = json!(why);
        self
    }

    /// Returns the script as if its file had changed.
    #[must_use]
    pub fn changed(mut self) -> Self {
        self.0["checksum"] = json!("1".repeat(64));
        self
    }
}

impl Fixture {
    /// Returns the migrator of a project of these scripts, on that database.
    pub fn of(url: &str, scripts: impl IntoIterator<Item = Inline>) -> Self {
        let scripts: Vec<Value> = scripts.into_iter().map(|script| script.0).collect();
        Self::new("inline", url).variable("FIXTURE_SCRIPTS", &json!(scripts).to_string())
    }
}
