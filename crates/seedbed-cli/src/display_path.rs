//! Makes paths relative to the current folder, for printing.

use std::env;
use std::path::{Component, Path, PathBuf};

/// Returns the path relative to the current folder.
pub(crate) fn display_relative(path: &Path) -> PathBuf {
    match (env::current_dir(), std::path::absolute(path)) {
        (Ok(current), Ok(path)) => relative(&current, &path),
        _ => path.to_path_buf(),
    }
}

/// Returns the relative path from one absolute path to another.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    let down = to.components().skip(common);
    up.chain(down).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/shop", "/shop/apps/file.rs", "apps/file.rs")]
    #[case("/shop/apps", "/shop/apps/file.rs", "file.rs")]
    #[case("/shop/crates/entity", "/shop/apps/file.rs", "../../apps/file.rs")]
    #[case("/elsewhere", "/shop/file.rs", "../shop/file.rs")]
    fn a_path_is_relative_to_a_folder(
        #[case] from: &str,
        #[case] to: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(relative(Path::new(from), Path::new(to)), Path::new(expected));
    }
}
