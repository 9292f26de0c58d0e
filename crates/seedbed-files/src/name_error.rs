//! What can be wrong with a name.

use crate::Slug;
use crate::name::LONGEST_SLUG;

/// Why a text is no slug, no name or no timestamp.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// Nothing was typed.
    #[error("the name is empty")]
    Empty,

    /// There is neither a letter nor a digit in it.
    #[error("`{input}` has neither letters nor digits")]
    OnlySymbols {
        /// What was typed.
        input: String,
    },

    /// The name becomes a Rust module and a file that travels between file systems.
    #[error("`{input}` has characters other than ASCII: {characters}")]
    NotAscii {
        /// What was typed.
        input: String,
        /// Those characters, in their order.
        characters: String,
    },

    /// Longer than a file name should be.
    #[error("the name has {length} characters, and {LONGEST_SLUG} is the most")]
    TooLong {
        /// Of the slug, in bytes.
        length: usize,
    },

    /// Somebody pasted a whole file name.
    #[error("`{input}` already has a timestamp")]
    AlreadyStamped {
        /// What was typed.
        input: String,
        /// What remains without the timestamp.
        slug: Slug,
    },

    /// The stem of a file is not that of a script.
    #[error("`{text}` is not the name of a script: {reason}")]
    NotAName {
        /// The stem.
        text: String,
        /// What is wrong with it.
        reason: &'static str,
    },

    /// Not of the form, or not in the calendar.
    #[error("`{text}` is not a date and time")]
    NotATimestamp {
        /// The text.
        text: String,
    },
}

impl NameError {
    /// What to type instead.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Empty | Self::OnlySymbols { .. } => {
                "say what it does in a few words, such as createWidgets".to_owned()
            }
            Self::NotAscii { .. } => "use the letters a-z, digits and spaces".to_owned(),
            Self::TooLong { .. } => {
                "say it in fewer words; the first line of the file has room for more".to_owned()
            }
            Self::AlreadyStamped { slug, .. } => {
                format!("give only the words, `{slug}`: the timestamp is added")
            }
            Self::NotAName { .. } => "a name looks like m20250303_045013_create_users".to_owned(),
            Self::NotATimestamp { .. } => "a timestamp looks like 20250303_045013".to_owned(),
        }
    }
}
