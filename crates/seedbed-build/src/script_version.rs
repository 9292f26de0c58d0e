//! The timestamp in the name of a script.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};

use crate::NameError;

/// A moment in UTC, to the second, written as `20250303_045013`.
///
/// Only a complete date and time is a `ScriptVersion`. The shorter version of an older name, such as `20230403` or
/// `0000010`, is the result of [`Name::version`](crate::Name::version).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScriptVersion(NaiveDateTime);

impl ScriptVersion {
    /// Returns the current time.
    #[must_use]
    pub fn now() -> Self {
        Self::from_utc(Utc::now())
    }

    /// Returns the time truncated to the second. A time before the year 0 becomes the first second of that year, and a
    /// time after the year 9999 becomes the last second of that year.
    #[must_use]
    pub fn from_utc(at: DateTime<Utc>) -> Self {
        let at = at.naive_utc();
        match at.year() {
            ..0 => Self(NaiveDateTime::default().with_year(0).unwrap_or_default()),
            0..=9999 => Self(at.with_nanosecond(0).unwrap_or(at)),
            10_000.. => Self(last_second()),
        }
    }

    /// Parses a timestamp such as `20250303_045013`, which consists of eight digits, an underscore and six digits.
    ///
    /// # Errors
    ///
    /// Returns [`NameError::InvalidTimestamp`] if the text has another form, or if the calendar has no such date and
    /// time.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        Self::read(text).ok_or_else(|| NameError::InvalidTimestamp { text: text.to_owned() })
    }

    /// Returns the time one second later. Returns `None` after the last second of the year 9999.
    #[must_use]
    pub fn next_second(self) -> Option<Self> {
        let next = self.0.checked_add_signed(TimeDelta::seconds(1))?;
        (next <= last_second()).then_some(Self(next))
    }

    /// Returns the time, for comparisons with a clock.
    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        self.0.and_utc()
    }

    /// Parses a timestamp as [`ScriptVersion::parse`] does, for callers that need no error.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('_')?;
        Self::from_parts(date, time)
    }

    /// Returns the last second of a date that is written with eight digits. Returns `None` for any other text.
    pub(crate) fn end_of_day(date: &str) -> Option<Self> {
        Self::from_parts(date, "235959")
    }

    fn from_parts(date: &str, time: &str) -> Option<Self> {
        let digits = |text: &str, length| {
            text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !digits(date, 8) || !digits(time, 6) {
            return None;
        }
        let (date, time): (u32, u32) = (date.parse().ok()?, time.parse().ok()?);
        let year = i32::try_from(date / 10_000).ok()?;
        NaiveDate::from_ymd_opt(year, date / 100 % 100, date % 100)?
            .and_hms_opt(time / 10_000, time / 100 % 100, time % 100)
            .map(Self)
    }
}

fn last_second() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(9999, 12, 31)
        .and_then(|day| day.and_hms_opt(23, 59, 59))
        .unwrap_or(NaiveDateTime::MAX)
}

impl fmt::Display for ScriptVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.0;
        write!(
            f,
            "{:04}{:02}{:02}_{:02}{:02}{:02}",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            at.second()
        )
    }
}

impl FromStr for ScriptVersion {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("20250303_045013")]
    #[case("20240229_000000")]
    #[case("99991231_235959")]
    fn a_full_date_and_time_is_printed_as_it_was_parsed(#[case] text: &str) {
        assert_eq!(ScriptVersion::parse(text).unwrap().to_string(), text);
    }

    #[rstest]
    #[case::empty("")]
    #[case::date_only("20250303")]
    #[case::counter("0000010")]
    #[case::no_such_day("20250230_000000")]
    #[case::no_leap_year("20250229_000000")]
    #[case::month_13("20251301_000000")]
    #[case::hour_24("20250303_240000")]
    #[case::leap_second("20161231_235960")]
    #[case::sign("2025030a_000000")]
    #[case::plus("+0250303_000000")]
    #[case::too_long("20250303_0450130")]
    #[case::two_underscores("20250303__045013")]
    #[case::other_digits("٢٠٢٥٠٣٠٣_045013")]
    fn a_text_other_than_a_date_and_time_is_not_a_version(#[case] text: &str) {
        assert_eq!(
            ScriptVersion::parse(text),
            Err(NameError::InvalidTimestamp { text: text.to_owned() })
        );
    }

    #[test]
    fn versions_sort_by_time() {
        let [early, late] =
            ["20250303_045013", "20250303_045014"].map(|text| ScriptVersion::parse(text).unwrap());
        assert!(early < late);
        assert_eq!(early.next_second(), Some(late));
    }

    #[test]
    fn the_next_second_crosses_midnight_and_the_year() {
        let last = ScriptVersion::parse("20251231_235959").unwrap();
        assert_eq!(last.next_second().unwrap().to_string(), "20260101_000000");
    }

    #[test]
    fn there_is_no_version_after_the_last_second_of_9999() {
        let last = ScriptVersion::parse("99991231_235959").unwrap();
        assert_eq!(last.next_second(), None);
    }

    #[test]
    fn a_time_outside_of_the_years_0_to_9999_becomes_the_nearest_second_inside() {
        assert_eq!(
            ScriptVersion::from_utc(DateTime::<Utc>::MAX_UTC).to_string(),
            "99991231_235959"
        );
        assert_eq!(
            ScriptVersion::from_utc(DateTime::<Utc>::MIN_UTC).to_string(),
            "00000101_000000"
        );
    }

    #[test]
    fn fractions_of_a_second_are_dropped() {
        let at =
            Utc.with_ymd_and_hms(2025, 3, 3, 4, 50, 13).unwrap() + TimeDelta::milliseconds(999);
        let version = ScriptVersion::from_utc(at);
        assert_eq!(version.to_string(), "20250303_045013");
        assert_eq!(version, ScriptVersion::parse("20250303_045013").unwrap());
        assert_eq!(version.to_utc(), Utc.with_ymd_and_hms(2025, 3, 3, 4, 50, 13).unwrap());
    }
}
