//! Discovers the scripts: drop a file into `src/migrations` or `src/seeds`, there is nothing else to edit.

fn main() {
    seedbed_build::discover();
}
