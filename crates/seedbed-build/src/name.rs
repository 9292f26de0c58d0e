//! The names of scripts, such as `m20250303_045013_create_users`.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::str::FromStr;

use heck::ToSnakeCase;

use crate::{NameError, ScriptVersion, acronyms};

/// The maximum length of a slug. With the timestamp and the extension, this is a file name of 120 bytes. File systems
/// allow 255, but a listing becomes unreadable long before that.
pub(crate) const MAX_SLUG_LENGTH: usize = 100;

/// The words of a name in snake_case, such as `create_users`. A slug has only the characters `a-z`, `0-9` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// Parses a name as it was typed: camelCase, PascalCase, kebab-case, snake_case or words with spaces. Any other
    /// ASCII punctuation separates words.
    ///
    /// # Errors
    ///
    /// Fails if the name has no letters and digits, has non-ASCII characters, is longer than 100 characters, or already
    /// starts with a timestamp.
    pub fn parse(input: &str) -> Result<Self, NameError> {
        let non_ascii: String = input.chars().filter(|char| !char.is_ascii()).collect();
        if !non_ascii.is_empty() {
            return Err(NameError::NotAscii { input: input.to_owned(), characters: non_ascii });
        }
        if input.trim().is_empty() {
            return Err(NameError::Empty);
        }
        let slug = acronyms::normalize(input).to_snake_case();
        if slug.is_empty() {
            return Err(NameError::OnlySymbols { input: input.to_owned() });
        }
        if slug.len() > MAX_SLUG_LENGTH {
            return Err(NameError::TooLong { length: slug.len() });
        }
        // In the slug of a pasted file name, the extension `.rs` has become `_rs`.
        if let Ok(name) = Name::parse(slug.strip_suffix("_rs").unwrap_or(&slug))
            && name.timestamp().is_some()
        {
            let slug = Self(name.slug().to_owned());
            return Err(NameError::HasTimestamp { input: input.to_owned(), slug });
        }
        Ok(Self(slug))
    }

    /// Returns the slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of a script, which identifies it in the history.
///
/// The name of a file has the form `m20250303_045013_create_users`, or one of the older forms in SeaORM projects: with
/// a date (`m20230403_create_user`) or with a counter (`m0000010_init`, `m001_init`). [`Name::parse`] accepts only
/// these forms. The name in a row of the history, and the `MigrationName` in a SeaORM file, can be any text, even one
/// without a version. Names sort by their bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Cow<'static, str>);

impl Name {
    /// Returns the name of a new script.
    #[must_use]
    pub fn new(version: ScriptVersion, slug: &Slug) -> Self {
        Self::from(format!("m{version}_{slug}"))
    }

    /// Returns a name that is a constant.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// Parses the stem of a file name.
    ///
    /// # Errors
    ///
    /// Returns [`NameError::InvalidName`] with the reason.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        match invalid_stem_reason(text) {
            None => Ok(Self::from(text.to_owned())),
            Some(reason) => Err(NameError::InvalidName { text: text.to_owned(), reason }),
        }
    }

    /// Returns the whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the digits of the name: `20250303_045013`, or in an older form `20230403` or `0000010`. Returns `None`
    /// for a name of the history that does not start with a version.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        version_end(&self.0).map(|end| &self.0[1..end])
    }

    /// Returns the words of the name, such as `create_users`, or the whole name if the name has no version.
    #[must_use]
    pub fn slug(&self) -> &str {
        let rest = &self.0[version_end(&self.0).unwrap_or(0)..];
        rest.strip_prefix('_').unwrap_or(rest)
    }

    /// Returns the timestamp of the name. Returns `None` for a name in an older form, and for digits that are not a
    /// date and time of the calendar.
    #[must_use]
    pub fn timestamp(&self) -> Option<ScriptVersion> {
        ScriptVersion::read(self.version()?)
    }
}

/// Converts the name of a row in the history, which can be any text.
impl From<String> for Name {
    fn from(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

/// Counts the consecutive digits in `text` from the position `from` on.
fn count_digits(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Returns the index after the version in `text`, if the text starts with `m` and a version.
fn version_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_end = |at: usize| matches!(bytes.get(at), None | Some(b'_'));
    let digits = count_digits(text, 1);
    let end = 1 + digits;
    if bytes.first() != Some(&b'm') || digits == 0 || !is_end(end) {
        return None;
    }
    // Six digits after a date are a time of day, even if no words follow.
    let has_time = digits == 8 && count_digits(text, end + 1) == 6 && is_end(end + 7);
    Some(if has_time { end + 7 } else { end })
}

/// Returns the reason why `text` is not the stem of a script.
fn invalid_stem_reason(text: &str) -> Option<&'static str> {
    let digits = count_digits(text, 1);
    if !text.starts_with('m') || digits == 0 {
        return Some("it does not start with `m` and a timestamp");
    }
    if let Some(reason) = wrong_character(text) {
        return Some(reason);
    }
    // Numbers with one or two digits do not sort by bytes: `m10` comes before `m2`.
    if digits < 3 {
        return Some("its number has too few digits to sort by");
    }
    if digits == 4 && matches!(&text[1..3], "19" | "20") {
        return Some("a year alone is not a timestamp");
    }
    if text.as_bytes().get(1 + digits) != Some(&b'_') {
        return Some("there is no `_` after its timestamp");
    }
    let slug = version_end(text).and_then(|end| text.get(end + 1..)).unwrap_or_default();
    if !slug.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
        return Some("no words follow its timestamp");
    }
    None
}

fn wrong_character(text: &str) -> Option<&'static str> {
    let wrong = text.bytes().find(|byte| !matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))?;
    Some(match wrong {
        b'A'..=b'Z' => "it has uppercase letters",
        128.. => "it has letters other than a-z",
        b' ' => "it has a space",
        b'-' => "it has a hyphen",
        b'.' => "it has a dot",
        _ => "it has characters other than a-z, 0-9 and `_`",
    })
}

/// Implements the conversions between a name and its text.
macro_rules! impl_text_conversions {
    ($type:ty) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl FromStr for $type {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::parse(text)
            }
        }
    };
}

impl_text_conversions!(Slug);
impl_text_conversions!(Name);

#[cfg(test)]
mod tests;
