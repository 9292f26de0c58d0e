//! What a script is called: `m20250303_045013_create_users`.

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
            return Err(NameError::AlreadyStamped {
                input: input.to_owned(),
                slug: name.slug().to_owned(),
            });
        }
        Ok(Self(slug))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of a script, which is the stem of its file, the row in the history and a Rust module.
///
/// `m20250303_045013_create_users`, or one of the older forms that SeaORM projects have: a date
/// (`m20230403_create_user`) or a counter (`m0000010_init`, `m001_init`). Names sort by bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    text: String,
    /// Where the version ends.
    end: usize,
}

impl Name {
    /// The name of a new script.
    #[must_use]
    pub fn new(version: Version, slug: &Slug) -> Self {
        let version = version.to_string();
        Self { end: version.len() + 1, text: format!("m{version}_{}", slug.as_str()) }
    }

    /// Reads the stem of a file name.
    ///
    /// # Errors
    ///
    /// [`NameError::NotAName`], which says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        match version_end(text) {
            Ok(end) => Ok(Self { text: text.to_owned(), end }),
            Err(reason) => Err(NameError::NotAName { text: text.to_owned(), reason }),
        }
    }

    /// The whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The digits: `20250303_045013`, or `20230403` or `0000010` of an older name.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.text[1..self.end]
    }

    /// The words: `create_users`.
    #[must_use]
    pub fn slug(&self) -> &str {
        &self.text[self.end + 1..]
    }

    /// The moment that the version names; none for an older form, or one that the calendar does
    /// not know.
    #[must_use]
    pub fn timestamp(&self) -> Option<Version> {
        Version::read(self.version())
    }
}

/// Where the version in `text` ends, or why `text` is not a name.
fn version_end(text: &str) -> Result<usize, &'static str> {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let date = digits(1);
    if bytes.first() != Some(&b'm') || date == 0 {
        return Err("it does not start with `m` and a timestamp");
    }
    if let Some(reason) = wrong_character(text) {
        return Err(reason);
    }
    // Fewer digits do not sort: m10 comes before m2.
    if date < 3 {
        return Err("its number is too short to sort by");
    }
    if date == 4 && matches!(&bytes[1..3], b"19" | b"20") {
        return Err("a year alone is not a timestamp");
    }
    let mut end = 1 + date;
    if bytes.get(end) != Some(&b'_') {
        return Err("there is no `_` after its timestamp");
    }
    // Six digits are a time of day, also where no words follow: that is then a name without words.
    if date == 8 && digits(end + 1) == 6 && matches!(bytes.get(end + 7), None | Some(b'_')) {
        end += 7;
    }
    let slug = bytes.get(end + 1..).unwrap_or_default();
    if !slug.iter().any(u8::is_ascii_alphanumeric) {
        return Err("no words follow its timestamp");
    }
    Ok(end)
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
