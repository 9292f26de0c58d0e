//! Discovers the scripts. Add a file to `src/migrations` or `src/seeds`; nothing else needs an edit.

fn main() {
    seedbed_build::discover();
}
