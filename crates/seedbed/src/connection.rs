//! A connection URL without its password.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

/// What can be shown, and what cannot.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Connection {
    /// The URL without the password.
    pub(crate) url: String,
    /// As it is to be sent.
    pub(crate) password: Option<OsString>,
}

impl Connection {
    /// Returns host, port and database of a URL: neither user nor password nor parameters.
    pub(crate) fn address(url: &str) -> String {
        const UNKNOWN: &str = "a URL";
        let Some((_, rest)) = url.split_once("://") else {
            return UNKNOWN.to_owned();
        };
        let (location, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        // With an @ behind the question mark, that mark may be a part of the password.
        if parameters.contains('@') {
            return UNKNOWN.to_owned();
        }
        location.rsplit_once('@').map_or(location, |(_, address)| address).to_owned()
    }

    /// Takes the password out of a `postgres://` URL, wherever it stands; nothing if it is no such URL.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        if !matches!(scheme, "postgres" | "postgresql") {
            return None;
        }
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let (authority, password) = split_authority(authority);
        let (rest, parameter) = split_query(rest);
        Some(Self {
            url: format!("{scheme}://{authority}{rest}"),
            password: parameter.or(password).map(|text| decode(&text)),
        })
    }
}

/// The last `@` ends the password, as the driver reads it.
fn split_authority(authority: &str) -> (String, Option<String>) {
    match authority.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((user, password)) => (format!("{user}@{host}"), Some(password.to_owned())),
            None => (authority.to_owned(), None),
        },
        None => (authority.to_owned(), None),
    }
}

/// A parameter wins over the part before the `@`.
fn split_query(rest: &str) -> (String, Option<String>) {
    let Some((path, query)) = rest.split_once('?') else {
        return (rest.to_owned(), None);
    };
    let (secret, shown): (Vec<&str>, Vec<&str>) =
        query.split('&').partition(|parameter| parameter.starts_with("password="));
    let password = secret.last().and_then(|parameter| parameter.strip_prefix("password="));
    let query = match shown.as_slice() {
        [] => String::new(),
        shown => format!("?{}", shown.join("&")),
    };
    (format!("{path}{query}"), password.map(str::to_owned))
}

/// Undoes %41; what is not such a sign stays.
fn decode(text: &str) -> OsString {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| first == b'%');
        let byte = code
            .and_then(|code| std::str::from_utf8(code).ok())
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    OsString::from_vec(bytes)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("postgres://ada@db/shop", "postgres://ada@db/shop", None)]
    #[case("postgres://ada:s3cret@db:5433/shop", "postgres://ada@db:5433/shop", Some("s3cret"))]
    #[case(
        "postgresql://ada:a%40b%2@db/shop?sslmode=require",
        "postgresql://ada@db/shop?sslmode=require",
        Some("a@b%2")
    )]
    #[case("postgres://ada:a@b:c@db/shop", "postgres://ada@db/shop", Some("a@b:c"))]
    #[case("postgres://db/shop?password=x&user=ada", "postgres://db/shop?user=ada", Some("x"))]
    #[case("postgres://ada:y@db/shop?password=x", "postgres://ada@db/shop", Some("x"))]
    #[case("postgres://ada:x@db", "postgres://ada@db", Some("x"))]
    #[case("postgres:///shop?host=/run/pg", "postgres:///shop?host=/run/pg", None)]
    fn the_password_is_taken_out(
        #[case] url: &str,
        #[case] shown: &str,
        #[case] password: Option<&str>,
    ) {
        let expected = Connection { url: shown.to_owned(), password: password.map(OsString::from) };
        assert_eq!(Connection::parse(url), Some(expected));
    }

    #[rstest]
    #[case("postgres://ada:s3cret@db:5433/shop?sslmode=require", "db:5433/shop")]
    #[case("postgres://ada:a@b@db/shop", "db/shop")]
    #[case("postgres://db/shop", "db/shop")]
    #[case("postgres://ada:what?is@this/shop", "a URL")]
    #[case("s3cret@db", "a URL")]
    fn an_address_has_neither_user_nor_password(#[case] url: &str, #[case] expected: &str) {
        assert_eq!(Connection::address(url), expected);
    }

    #[rstest]
    #[case("mysql://ada:x@db/shop")]
    #[case("host=db password=x")]
    #[case("")]
    fn what_is_no_url_of_a_postgresql_database_is_refused(#[case] url: &str) {
        assert_eq!(Connection::parse(url), None);
    }
}
