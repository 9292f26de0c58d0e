//! Waiting with a limit, and saying for what.

use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{Error, Notice};

/// After this much silence a person wants to know.
const FIRST_WORD: Duration = Duration::from_secs(3);
const NEXT_WORD: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// Polls `ready` until it has something, at most for `limit`. `what` completes "waiting for …".
pub(crate) fn until<T>(
    what: &str,
    limit: Duration,
    notice: &mut Notice<'_>,
    mut ready: impl FnMut() -> Result<Option<T>, Error>,
) -> Result<T, Error> {
    let start = Instant::now();
    let mut pause = Duration::from_millis(2);
    let mut speak = FIRST_WORD;
    loop {
        if let Some(value) = ready()? {
            return Ok(value);
        }
        let waited = start.elapsed();
        if waited >= limit {
            return Err(Error::TooLong {
                what: format!("waiting for {what}"),
                seconds: limit.as_secs(),
            });
        }
        if waited >= speak {
            notice(&format!("waiting for {what} ({} s)", waited.as_secs()));
            speak = waited + NEXT_WORD;
        }
        sleep(pause.min(limit - waited));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_ends_at_its_limit_and_says_for_what() {
        let error =
            until::<()>("the moon", Duration::from_millis(5), &mut |_: &str| {}, || Ok(None))
                .unwrap_err();

        assert_eq!(error.to_string(), "gave up after 0 s of waiting for the moon");
    }

    #[test]
    fn what_is_ready_is_not_waited_for() {
        let mut asked = 0;
        let value = until("it", Duration::ZERO, &mut |_: &str| {}, || {
            asked += 1;
            Ok(Some(asked))
        });

        assert_eq!(value.unwrap(), 1);
    }
}
