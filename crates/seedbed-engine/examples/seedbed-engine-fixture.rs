//! The migrator that the tests in `tests/it` start as a process.
//!
//! The migrator is an example because cargo builds the examples of a package, with its dev-dependencies, whenever it
//! tests the package.

use std::process::ExitCode;

fn main() -> ExitCode {
    test_fixture::migrator::main()
}
