//! The catalogue on a real server, the one that `TEST_DATABASE_URL` names.

mod drawn;
mod internal;
mod kinds;
mod promises;
mod random;
mod same_twice;
mod support;
mod written;
