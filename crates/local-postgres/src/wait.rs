//! Polls a condition with a time limit and progress messages.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{Error, Progress};

/// The time for which a wait prints nothing. Most waits end before that time.
const FIRST_REPORT_AFTER: Duration = Duration::from_secs(3);
const REPORT_INTERVAL: Duration = Duration::from_secs(10);
const FIRST_POLL_INTERVAL: Duration = Duration::from_millis(2);
const MAX_POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Calls `poll` until it returns a value. `event` completes the message "waiting for …".
///
/// # Errors
/// Fails with [`Error::Timeout`] if there is no value within `limit`, and with the error of `poll` as soon as it fails.
pub(crate) fn until<T>(
    event: &str,
    limit: Duration,
    progress: &mut Progress<'_>,
    mut poll: impl FnMut() -> Result<Option<T>, Error>,
) -> Result<T, Error> {
    let started_at = Instant::now();
    let mut interval = FIRST_POLL_INTERVAL;
    let mut next_report = FIRST_REPORT_AFTER;
    loop {
        if let Some(value) = poll()? {
            return Ok(value);
        }
        let elapsed = started_at.elapsed();
        if elapsed >= limit {
            return Err(Error::Timeout { event: event.to_owned(), seconds: limit.as_secs() });
        }
        if elapsed >= next_report {
            progress(&format!("waiting for {event} ({} s)", elapsed.as_secs()));
            next_report = elapsed + REPORT_INTERVAL;
        }
        sleep(interval.min(limit - elapsed));
        interval = (interval * 2).min(MAX_POLL_INTERVAL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_names_the_awaited_event() {
        let error =
            until::<()>("the moon", Duration::from_millis(5), &mut |_: &str| {}, || Ok(None))
                .unwrap_err();

        assert!(matches!(&error, Error::Timeout { event, .. } if event == "the moon"), "{error}");
    }

    #[test]
    fn a_value_that_is_available_at_once_is_returned_without_waiting() {
        let mut polls = 0;
        let value = until("it", Duration::ZERO, &mut |_: &str| {}, || {
            polls += 1;
            Ok(Some(polls))
        });

        assert_eq!(value.unwrap(), 1);
    }
}
