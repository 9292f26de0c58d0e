//! The errors of parsing a name.

use crate::Slug;
use crate::name::MAX_SLUG_LENGTH;

/// The reason why a text is not a slug, a name or a timestamp.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// The text is empty.
    #[error("a name is required")]
    Empty,

    /// The text has no letter and no digit.
    #[error("the name `{input}` has neither letters nor digits")]
    OnlySymbols {
        /// The text as it was typed.
        input: String,
    },

    /// The text has non-ASCII characters, which are not portable in the names of Rust modules and files.
    #[error("the name `{input}` has non-ASCII characters: `{characters}`")]
    NotAscii {
        /// The text as it was typed.
        input: String,
        /// The non-ASCII characters, in their order.
        characters: String,
    },

    /// The slug is too long for a file name.
    #[error(
        "the name is too long: it has {length} characters, but the maximum is {MAX_SLUG_LENGTH}"
    )]
    TooLong {
        /// The length of the slug in bytes.
        length: usize,
    },

    /// The text starts with a timestamp, like a pasted file name.
    #[error("the name `{input}` already has a timestamp")]
    HasTimestamp {
        /// The text as it was typed.
        input: String,
        /// The slug without the timestamp.
        slug: Slug,
    },

    /// The stem of a file is not the name of a script.
    #[error("`{text}` is not a valid script name: {reason}")]
    InvalidName {
        /// The stem.
        text: String,
        /// The reason why the stem is not a name.
        reason: &'static str,
    },

    /// The text does not have the form of a timestamp, or the calendar has no such date and time.
    #[error("`{text}` is not a timestamp of a date and a time")]
    InvalidTimestamp {
        /// The text.
        text: String,
    },
}

impl NameError {
    /// Returns the hint that says what to type instead.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Empty | Self::OnlySymbols { .. } => {
                "describe the script in a few words, such as `createWidgets`".to_owned()
            }
            Self::NotAscii { .. } => "use only ASCII letters, digits and spaces".to_owned(),
            Self::TooLong { .. } => {
                "use fewer words, and describe the script in the first line of the file".to_owned()
            }
            Self::HasTimestamp { slug, .. } => {
                format!("write `{slug}`, because the command adds the timestamp")
            }
            Self::InvalidName { .. } => {
                "choose a name of this form: `m20250303_045013_create_users`".to_owned()
            }
            Self::InvalidTimestamp { .. } => {
                "write a timestamp of this form: `20250303_045013`".to_owned()
            }
        }
    }
}
