//! Tests that `migrate-verify` finds each `down` that restores less than `up` changed, and each `up` that fails on
//! rows, and leaves no database behind.

mod downs;
mod rows;
mod seeds;
mod usage;

use serde_json::Value;

use test_fixture::ProcessOutput;

/// The results of a run with `--json`. Each method takes the last words of the name of a script.
struct Results(Value);

impl Results {
    fn new(finished: &ProcessOutput) -> Self {
        Self(finished.json()["scripts"].clone())
    }

    /// Returns the result of a script.
    fn script(&self, words: &str) -> &Value {
        let scripts = self.0.as_array().expect("a list");
        let is_meant =
            |script: &&Value| script["name"].as_str().is_some_and(|name| name.ends_with(words));
        scripts.iter().find(is_meant).unwrap_or_else(|| panic!("no {words} in {scripts:#?}"))
    }

    #[track_caller]
    fn assert_verified(&self, words: &str) {
        let script = self.script(words);
        assert_eq!(script["result"], "verified", "{script:#}");
    }

    /// Returns the kinds of a script's findings.
    fn findings(&self, words: &str) -> Vec<&str> {
        let findings = self.script(words)["findings"].as_array().expect("a list");
        findings.iter().filter_map(|finding| finding["finding"].as_str()).collect()
    }
}
