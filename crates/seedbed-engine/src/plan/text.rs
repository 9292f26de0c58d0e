//! Texts that several messages share.

/// Joins the texts of a list with a separator.
pub(crate) fn join(list: &[impl ToString], between: &str) -> String {
    let texts: Vec<String> = list.iter().map(ToString::to_string).collect();
    texts.join(between)
}

/// Joins the texts of a list, each in backquotes.
pub(crate) fn quoted(list: &[impl std::fmt::Display]) -> String {
    let texts: Vec<String> = list.iter().map(|text| format!("`{text}`")).collect();
    texts.join(", ")
}
