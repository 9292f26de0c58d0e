//! What a script is called: `m20250303_045013_create_users`.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::str::FromStr;

use heck::ToSnakeCase;

use crate::{NameError, Version, acronyms};

/// The longest slug. With timestamp and extension it makes a file name of 120 bytes; file systems
/// end at 255, and a listing becomes unreadable long before.
pub(crate) const LONGEST_SLUG: usize = 100;

/// The words of a name, in snake_case: `create_users`. Only the characters `a-z`, `0-9` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// Makes a slug of what somebody typed: camelCase, PascalCase, kebab-case, snake_case, words
    /// with spaces. Any other ASCII sign separates words.
    ///
    /// # Errors
    ///
    /// A [`NameError`] if nothing is left, if there are letters outside of ASCII, if it is longer
    /// than a file name should be, or if it already starts with a timestamp.
    pub fn parse(input: &str) -> Result<Self, NameError> {
        let foreign: String = input.chars().filter(|char| !char.is_ascii()).collect();
        if !foreign.is_empty() {
            return Err(NameError::NotAscii { input: input.to_owned(), characters: foreign });
        }
        if input.trim().is_empty() {
            return Err(NameError::Empty);
        }
        let slug = acronyms::normalize(input).to_snake_case();
        if slug.is_empty() {
            return Err(NameError::OnlySymbols { input: input.to_owned() });
        }
        if slug.len() > LONGEST_SLUG {
            return Err(NameError::TooLong { length: slug.len() });
        }
        if let Ok(name) = Name::parse(slug.strip_suffix("_rs").unwrap_or(&slug))
            && name.timestamp().is_some()
        {
            let slug = Self(name.slug().to_owned());
            return Err(NameError::AlreadyStamped { input: input.to_owned(), slug });
        }
        Ok(Self(slug))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of a script, which is its row in the history.
///
/// The name of a file of the folder is `m20250303_045013_create_users`, or one of the older forms that SeaORM projects
/// have: a date (`m20230403_create_user`) or a counter (`m0000010_init`, `m001_init`). [`Name::parse`] accepts nothing
/// else. A row of the history and the `MigrationName` of one of SeaORM's files may be any text, also without a version.
/// Names sort by bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Cow<'static, str>);

impl Name {
    /// Returns the name of a new script.
    #[must_use]
    pub fn new(version: Version, slug: &Slug) -> Self {
        Self::from(format!("m{version}_{slug}"))
    }

    /// Returns a name that is known when the program is built.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// Reads the stem of a file name.
    ///
    /// # Errors
    ///
    /// [`NameError::NotAName`], which says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        match why_not_a_stem(text) {
            None => Ok(Self::from(text.to_owned())),
            Some(reason) => Err(NameError::NotAName { text: text.to_owned(), reason }),
        }
    }

    /// Returns the whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the digits: `20250303_045013`, or `20230403` or `0000010` of an older name.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        version_end(&self.0).map(|end| &self.0[1..end])
    }

    /// Returns the words, `create_users`: the whole name if it has no version.
    #[must_use]
    pub fn slug(&self) -> &str {
        let rest = &self.0[version_end(&self.0).unwrap_or(0)..];
        rest.strip_prefix('_').unwrap_or(rest)
    }

    /// Returns the moment that the version names; none for an older form, or one that the calendar
    /// does not know.
    #[must_use]
    pub fn timestamp(&self) -> Option<Version> {
        Version::read(self.version()?)
    }
}

/// The name of a row in the history, which may be any text.
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

fn digits(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Returns where the version in `text` ends, if it starts with one.
fn version_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_end = |at: usize| matches!(bytes.get(at), None | Some(b'_'));
    let date = digits(text, 1);
    let end = 1 + date;
    if bytes.first() != Some(&b'm') || date == 0 || !is_end(end) {
        return None;
    }
    // Six digits are a time of day, also where no words follow: that is then a name without words.
    let has_time = date == 8 && digits(text, end + 1) == 6 && is_end(end + 7);
    Some(if has_time { end + 7 } else { end })
}

/// Returns why `text` is not the stem of a script.
fn why_not_a_stem(text: &str) -> Option<&'static str> {
    let date = digits(text, 1);
    if !text.starts_with('m') || date == 0 {
        return Some("it does not start with `m` and a timestamp");
    }
    if let Some(reason) = wrong_character(text) {
        return Some(reason);
    }
    // Fewer digits do not sort: m10 comes before m2.
    if date < 3 {
        return Some("its number is too short to sort by");
    }
    if date == 4 && matches!(&text[1..3], "19" | "20") {
        return Some("a year alone is not a timestamp");
    }
    if text.as_bytes().get(1 + date) != Some(&b'_') {
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
        _ => "it has characters other than a-z, 0-9 and _",
    })
}

macro_rules! text_of {
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

text_of!(Slug);
text_of!(Name);

#[cfg(test)]
mod tests;
