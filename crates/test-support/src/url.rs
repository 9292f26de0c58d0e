//! URLs of databases for tests.

/// Returns the URL with a parameter, such as `schema=shop`, whether or not the URL has parameters already.
#[must_use]
pub fn url_with(url: &str, parameter: &str) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}{parameter}")
}
