//! Discovers the scripts in `src/migrations` and `src/seeds`.

fn main() {
    seedbed_build::discover();
}
