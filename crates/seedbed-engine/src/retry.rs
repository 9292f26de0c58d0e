//! The pauses between tries.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

/// Growing, jittered pauses without end: from 100 ms, doubling, to 5 s.
pub(crate) struct Pauses(ExponentialBackoff);

impl Pauses {
    const LONGEST: Duration = Duration::from_secs(5);

    pub(crate) fn new() -> Self {
        Self(
            ExponentialBuilder::new()
                .with_jitter()
                .with_min_delay(Duration::from_millis(100))
                .with_max_delay(Self::LONGEST)
                .without_max_times()
                .build(),
        )
    }

    pub(crate) fn next(&mut self) -> Duration {
        self.0.next().unwrap_or(Self::LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_bounded() {
        let mut pauses = Pauses::new();
        let first = pauses.next();
        assert!((100..=200).contains(&first.as_millis()), "{first:?}");
        let tenth = (0..9).map(|_| pauses.next()).last().expect("ten pauses");
        assert!((5_000..=10_000).contains(&tenth.as_millis()), "{tenth:?}");
    }
}
