//! Writes a table into a section of a page.

use std::path::Path;

use anyhow::{Context as _, bail};

/// Replaces the text between the two markers of a section.
pub(crate) fn replace_section(page: &Path, section: &str, content: &str) -> anyhow::Result<()> {
    let begin_marker = format!("<!-- {section}: begin -->\n");
    let end_marker = format!("<!-- {section}: end -->\n");
    let text = std::fs::read_to_string(page)
        .with_context(|| format!("failed to read `{}`", page.display()))?;
    let (Some(begin), Some(end)) = (text.find(&begin_marker), text.find(&end_marker)) else {
        bail!("`{}` has no lines {begin_marker:?} and {end_marker:?}", page.display());
    };
    let begin = begin + begin_marker.len();
    let text = format!("{}{content}{}", &text[..begin], &text[end..]);
    std::fs::write(page, text).with_context(|| format!("failed to write `{}`", page.display()))
}
