//! The supported versions of PostgreSQL.

use std::ops::RangeInclusive;

/// The major versions on which every promise is tested.
pub const SUPPORTED_VERSIONS: RangeInclusive<u32> = 14..=18;

/// The support of a version of PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum VersionSupport {
    /// The tests run on this version.
    Supported,
    /// The version is newer than the tested ones, and used with a warning.
    Untested,
    /// The version is older than the tested ones, and refused.
    TooOld,
}

impl VersionSupport {
    /// Returns the support for a `server_version_num`, such as `150020` of PostgreSQL 15.20.
    #[must_use]
    pub fn from_server_version_num(server_version_num: u32) -> Self {
        let major = server_version_num / 10_000;
        if major < *SUPPORTED_VERSIONS.start() {
            Self::TooOld
        } else if major > *SUPPORTED_VERSIONS.end() {
            Self::Untested
        } else {
            Self::Supported
        }
    }
}

/// Returns the message about a server with the given major version, which is [untested](VersionSupport::Untested).
#[must_use]
pub fn untested_message(major: u32) -> String {
    let (oldest, newest) = (SUPPORTED_VERSIONS.start(), SUPPORTED_VERSIONS.end());
    format!("PostgreSQL {major} is untested: {oldest} to {newest} are supported")
}

/// Returns the version as PostgreSQL writes it: `15.20`, or `9.6.24` in the old numbering.
#[must_use]
pub fn version_text(server_version_num: u32) -> String {
    let (major, minor) = (server_version_num / 10_000, server_version_num % 10_000);
    if major >= 10 {
        format!("{major}.{minor}")
    } else {
        format!("{major}.{}.{}", minor / 100, minor % 100)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(90_624, "9.6.24", VersionSupport::TooOld)]
    #[case(130_020, "13.20", VersionSupport::TooOld)]
    #[case(139_999, "13.9999", VersionSupport::TooOld)]
    #[case(140_000, "14.0", VersionSupport::Supported)]
    #[case(150_020, "15.20", VersionSupport::Supported)]
    #[case(180_004, "18.4", VersionSupport::Supported)]
    #[case(189_999, "18.9999", VersionSupport::Supported)]
    #[case(190_000, "19.0", VersionSupport::Untested)]
    #[case(270_001, "27.1", VersionSupport::Untested)]
    fn a_version_is_supported_untested_or_too_old(
        #[case] number: u32,
        #[case] text: &str,
        #[case] support: VersionSupport,
    ) {
        assert_eq!(VersionSupport::from_server_version_num(number), support);
        assert_eq!(version_text(number), text);
    }
}
