//! A script that a test writes itself.

use serde_json::{Value, json};

use super::Fixture;

/// A script whose `up` executes these statements one by one, and whose `down` executes nothing.
#[derive(Debug, Clone)]
pub(crate) struct Inline(Value);

pub(crate) fn sql<'s>(name: &str, up: impl AsRef<[&'s str]>) -> Inline {
    Inline(json!({
        "name": name, "up": up.as_ref(), "down": [], "transaction": true, "sea_orm": false,
        "seed": false, "checksum": "0".repeat(64),
    }))
}

impl Inline {
    /// With these statements in its `down`.
    pub(crate) fn down<'s>(mut self, down: impl AsRef<[&'s str]>) -> Self {
        self.0["down"] = json!(down.as_ref());
        self
    }

    /// Without a transaction.
    pub(crate) fn no_transaction(mut self) -> Self {
        self.0["transaction"] = json!(false);
        self
    }

    /// In SeaORM's format.
    pub(crate) fn sea_orm(mut self) -> Self {
        self.0["sea_orm"] = json!(true);
        self
    }

    /// As a seed.
    pub(crate) fn seed(mut self) -> Self {
        self.0["seed"] = json!(true);
        self
    }

    /// As if its file had changed.
    pub(crate) fn changed(mut self) -> Self {
        self.0["checksum"] = json!("1".repeat(64));
        self
    }
}

impl Fixture {
    /// A project of these scripts, on that database.
    pub(crate) fn of(url: &str, scripts: impl IntoIterator<Item = Inline>) -> Self {
        let scripts: Vec<Value> = scripts.into_iter().map(|script| script.0).collect();
        Self::new("inline", url).variable("FIXTURE_SCRIPTS", &json!(scripts).to_string())
    }
}
