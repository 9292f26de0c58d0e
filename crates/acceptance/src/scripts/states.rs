//! Bodies for the tests of the same name.
