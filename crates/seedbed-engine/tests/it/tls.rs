//! Tests TLS connections to a server with its own certificate authority.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use sea_orm::Database;
use test_support::{TestServer, assert_snapshot, give_to_server_user, require_program};

use test_fixture::{Fixture, execute, wait_until};

/// Creates a certificate for `localhost`, the authority that signed it, and another authority.
fn certificate(folder: &Path) {
    let openssl = require_program("openssl", "apt-get install openssl");
    let extensions = "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n";
    std::fs::write(folder.join("extensions"), extensions).expect("a file");
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    for args in [
        format!("req -x509 {key} -keyout ca.key -out ca.crt -subj /CN=authority -days 2"),
        format!("req -x509 {key} -keyout other.key -out other.crt -subj /CN=other -days 2"),
        format!("req -new {key} -keyout server.key -out server.csr -subj /CN=localhost"),
        "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \
         -extfile extensions -out server.crt"
            .to_owned(),
    ] {
        let output = Command::new(&openssl)
            .args(args.split_whitespace())
            .current_dir(folder)
            .output()
            .expect("openssl(1) starts");
        assert!(output.status.success(), "{output:?}");
    }
}

/// Starts a server with TLS, which the role `careful` must use.
async fn server(folder: &Path) -> TestServer {
    certificate(folder);
    let server = TestServer::start("");
    for name in ["server.crt", "server.key"] {
        let file = server.data_dir().join(name);
        std::fs::copy(folder.join(name), &file).expect("a file in the cluster");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600))
            .expect("a file of this user");
        give_to_server_user(&file);
    }
    let hba = "hostssl all careful 127.0.0.1/32 trust\nhost all postgres 127.0.0.1/32 trust\n";
    std::fs::write(server.data_dir().join("pg_hba.conf"), hba).expect("a file in the cluster");
    let superuser = Database::connect(server.url("postgres")).await.expect("our own server");
    execute(&superuser, "CREATE ROLE careful LOGIN SUPERUSER").await;
    execute(&superuser, "ALTER SYSTEM SET ssl = on").await;
    execute(&superuser, "SELECT pg_reload_conf()").await;
    wait_until(&superuser, "current_setting('ssl') = 'on'").await;
    server
}

#[tokio::test]
async fn a_server_with_its_own_authority_is_reached_refused_and_verified() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = server(folder.path()).await;
    let port = server.port();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (ours, other, missing) = (file("ca.crt"), file("other.crt"), file("nothing.crt"));
    let fixture = |user: &str, host: &str, query: &str| {
        let url = format!("postgres://{user}@{host}:{port}/postgres?{query}");
        Fixture::new("plain", &url).variable("RUST_BACKTRACE", "1")
    };

    // All connections use TLS, including the second one that observes.
    let require = fixture("careful", "127.0.0.1", "sslmode=require");
    require.run(["fresh-start"]).await.succeeded();
    for (host, query) in [
        ("127.0.0.1", "sslmode=prefer".to_owned()),
        ("127.0.0.1", String::new()),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={ours}")),
        ("localhost", format!("sslmode=verify-full&sslrootcert={ours}")),
    ] {
        let finished = fixture("careful", host, &query).run(["migrate-redo"]).await.succeeded();
        assert!(
            finished.stdout.contains("1 migration reverted, 1 migration applied"),
            "{finished}"
        );
    }
    // The certificates of the system are in the file that OpenSSL's variable names.
    let system = fixture("careful", "localhost", "sslrootcert=system");
    system.clone().variable("SSL_CERT_FILE", &ours).run(["migrate-redo"]).await.succeeded();
    system.run(["migrate-redo"]).await.exited_with(1).stderr_contains(["UnknownIssuer"]);
    fixture("postgres", "127.0.0.1", "sslmode=disable").run(["migrate-status"]).await.succeeded();

    for (host, query, reason) in [
        ("localhost", "sslmode=verify-full".to_owned(), "UnknownIssuer"),
        ("localhost", format!("sslmode=verify-full&sslrootcert={other}"), "UnknownIssuer"),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={other}"), "UnknownIssuer"),
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={ours}"), "not valid for name"),
    ] {
        let finished = fixture("careful", host, &query).run(["migrate-up"]).await.exited_with(1);
        let begins = format!("error: failed to open a TLS connection to `{host}:{port}`: ");
        assert!(finished.stderr.starts_with(&begins), "{finished}");
        assert!(finished.stderr.contains(reason), "{finished}");
        assert!(finished.stderr.contains("\nhint: write `sslrootcert=FILE`"), "{finished}");
    }
    for (file, reason) in [
        (missing.as_str(), "`sslrootcert`, `sslcert` or `sslkey`: No such file or directory"),
        // This file exists and has no certificate.
        (file("extensions").as_str(), ""),
    ] {
        let query = format!("sslmode=verify-full&sslrootcert={file}");
        let finished =
            fixture("careful", "localhost", &query).run(["migrate-up"]).await.exited_with(1);
        let begins = format!("error: failed to open a TLS connection to `localhost:{port}`: ");
        assert!(finished.stderr.starts_with(&begins), "{finished}");
        finished.stderr_contains([reason, "hint: "]);
    }

    let without_tls = fixture("careful", "127.0.0.1", "sslmode=disable");
    for command in ["migrate-up", "migrate-status", "fresh-start"] {
        let refused = without_tls.run([command]).await.exited_with(1);
        assert_snapshot!(
            "a_server_with_its_own_authority_is_reached_refused_and_verified",
            refused.stderr
        );
    }
}

#[tokio::test]
async fn a_server_without_tls_is_refused_if_the_url_requires_tls() {
    let server = TestServer::start("");
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = format!("{}?sslmode={mode}", server.url("postgres"));
        let refused = Fixture::new("plain", &url).run(["migrate-up"]).await.exited_with(1);
        assert_snapshot!("a_server_without_tls_is_refused_if_the_url_requires_tls", refused.stderr);
    }
}
