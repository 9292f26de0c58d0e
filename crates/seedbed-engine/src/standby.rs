//! Refuses a standby, which accepts no changes.

use crate::connect::SessionOptions;
use crate::error::Error;
use crate::session::Session;

/// Fails if the server of the session is a standby.
pub(crate) fn ensure_primary(session: &Session) -> Result<(), Error> {
    ensure_not_standby(session.is_standby, &session.options)
}

/// Fails if `is_standby` says that the server is a standby.
pub(crate) fn ensure_not_standby(is_standby: bool, options: &SessionOptions) -> Result<(), Error> {
    match is_standby {
        true => Err(Error::Standby { server: options.url.server() }),
        false => Ok(()),
    }
}
