//! The name of an environment: `development`, `production`, or any other word.

use std::borrow::Cow;
use std::fmt;

/// The environment that a program runs in. A seed can be limited to one environment.
///
/// Any text that is not empty can name an environment. For the name of a folder of seeds,
/// [fewer characters are allowed](Self::is_valid_folder_name).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Environment(Cow<'static, str>);

impl Environment {
    /// The default environment.
    pub const DEVELOPMENT: Self = Self::from_static("development");
    /// The environment in which destructive commands are refused.
    pub const PRODUCTION: Self = Self::from_static("production");
    /// The environment in which production is rehearsed.
    pub const STAGING: Self = Self::from_static("staging");
    /// The environment of tests.
    pub const TEST: Self = Self::from_static("test");

    /// Returns an environment whose name is a constant.
    ///
    /// # Panics
    ///
    /// Panics if the name is empty; in a constant, this makes the build fail.
    #[must_use]
    pub const fn from_static(name: &'static str) -> Self {
        assert!(!name.is_empty(), "an environment has a name");
        Self(Cow::Borrowed(name))
    }

    /// Parses the value of `--env` or `APP_ENV`. Returns `None` for an empty value.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        (!name.is_empty()).then(|| Self(Cow::Owned(name.to_owned())))
    }

    /// Returns the name of the environment.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether this is development, where the developer can redo a failed step.
    #[must_use]
    pub fn is_development(&self) -> bool {
        *self == Self::DEVELOPMENT
    }

    /// Returns whether this is production, where destructive commands are refused.
    #[must_use]
    pub fn is_production(&self) -> bool {
        *self == Self::PRODUCTION
    }

    /// Returns whether this is the environment of tests.
    #[must_use]
    pub fn is_test(&self) -> bool {
        *self == Self::TEST
    }

    /// Returns whether a folder of seeds can be named after the environment: whether its name has only the characters
    /// a-z, 0-9, `_` and `-`.
    #[must_use]
    pub fn is_valid_folder_name(&self) -> bool {
        self.0.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
    }
}

impl Default for Environment {
    fn default() -> Self {
        Self::DEVELOPMENT
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_names_no_environment() {
        assert_eq!(Environment::parse(""), None);
        assert!(Environment::default().is_development());
    }

    #[test]
    fn only_the_exact_name_production_is_the_production_environment() {
        let parsed = Environment::parse("production").unwrap();
        assert_eq!(parsed, Environment::PRODUCTION);
        assert!(parsed.is_production() && !parsed.is_development());
        for other in ["Production", "production ", "preview"] {
            assert!(!Environment::parse(other).unwrap().is_production(), "{other}");
        }
    }
}
