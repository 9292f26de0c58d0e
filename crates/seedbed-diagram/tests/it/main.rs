//! Tests against the server that `TEST_DATABASE_URL` names.

mod real_server;
mod support;
