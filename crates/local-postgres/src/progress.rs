//! The callback that receives progress messages.

/// Receives each progress message: one line of text, without its line break.
///
/// The crate itself prints nothing. It reports when it creates a cluster, when it removes a data directory, and when it
/// has waited for more than three seconds.
pub type Progress<'a> = dyn FnMut(&str) + 'a;
