//! URLs that are none.

use crate::support::Fixture;

use super::{SECRET, refused};

/// With `SECRET` where a password may stand.
const MALFORMED: [&str; 50] = [
    "SECRET",
    " ",
    "postgres",
    "postgres:",
    "postgres:/",
    "postgres:SECRET@host/app",
    "postgres:/u:SECRET@host/app",
    "postgres//u:SECRET@host/app",
    "postgres:\\\\u:SECRET@host\\app",
    "host=127.0.0.1 user=u password=SECRET dbname=app",
    "password=SECRET url=postgres://host/app",
    "u:SECRET@host/app",
    "//u:SECRET@host/app",
    "://u:SECRET@host/app",
    "mysql://u:SECRET@host/app",
    "https://u:SECRET@host/app",
    "sqlite::memory:",
    "jdbc:postgresql://host/app?user=u&password=SECRET",
    "postgres+ssl://u:SECRET@host/app",
    "postgress://u:SECRET@host/app",
    "\"postgres://u:SECRET@host/app\"",
    "'postgres://u:SECRET@host/app'",
    "DATABASE_URL=postgres://u:SECRET@host/app",
    "$DATABASE_URL",
    "postgres://:SECRET@",
    "postgres://u:SECRET@",
    "postgres://u:SECRET@/app",
    "postgres://u:SECRET@:5432/app",
    "postgres://@/",
    "postgres://u:SECRET@host:port/app",
    "postgres://u:SECRET@host:99999/app",
    "postgres://u:SECRET@host:-1/app",
    "postgres://u:SECRET@host:54 32/app",
    "postgres://u:SECRET@host:5432:5433/app",
    "postgres://u:SECRET@one:5432,two:5432/app",
    "postgres://u:SECRET@ho st/app",
    "postgres://u:SECRET@[::1/app",
    "postgres://u:SECRET@[here]/app",
    "postgres://u:SECRET@host/app?port=0x1538",
    "postgres://u:SECRET@host/app?hostaddr=host",
    "postgres://u:SECRET@host/app?sslmode=sometimes",
    "postgres://u:SECRET@host/app?sslmode=",
    "postgres://u:SECRET@host/app?statement-cache-capacity=many",
    "postgres://u:12/SECRET@host/app",
    "postgres://u:12#SECRET@host/app",
    "postgres://u:12?SECRET@host/app",
    "postgres://u:SECRET/x@host/app",
    "postgres://u:%ffSECRET@host/app",
    "postgres://u:%00SECRET@host/app",
    "postgres://u:SECRET@host/app%00",
];

#[tokio::test]
async fn a_malformed_url_is_one_line_and_a_hint_and_never_a_panic() {
    let running: Vec<_> = MALFORMED
        .iter()
        .map(|url| {
            let url = url.replace("SECRET", SECRET);
            let fixture = Fixture::without_database("plain").variable("RUST_BACKTRACE", "1");
            // In the environment and on the command line in turn.
            if url.len() % 2 == 0 {
                fixture.variable("DATABASE_URL", &url).start(["migrate-up", "--wait", "0s"])
            } else {
                fixture.start(["fresh-start", "--wait", "0s", "--database-url", &url])
            }
        })
        .collect();
    for (url, running) in MALFORMED.iter().zip(running) {
        let finished = refused(running.finished().await, 2);
        let lines: Vec<&str> = finished.stderr.lines().collect();
        assert_eq!(lines.len(), 2, "{url}: {finished}");
        let malformed = "error: the database URL is malformed: ";
        assert!(
            lines[0].starts_with(malformed) && lines[0].len() > malformed.len(),
            "{url}: {finished}"
        );
        assert_eq!(
            lines[1],
            "hint: it looks like postgres://user:password@host:5432/database; characters such as \
             @ : / ? # in a password are written as %40 %3A %2F %3F %23"
        );
        assert_eq!(finished.stdout, "", "{url}");
    }
}

#[tokio::test]
async fn a_variable_that_is_not_even_text_is_refused() {
    use std::os::unix::ffi::OsStrExt as _;
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_fixture"))
        .arg("migrate-up")
        .env("DATABASE_URL", std::ffi::OsStr::from_bytes(b"postgres://u:\xff\xfe@h/app"))
        .output()
        .await
        .expect("it starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.starts_with("error: invalid UTF-8"), "{stderr}");
}
