//! Finds the certificates of the operating system.

use std::path::{Path, PathBuf};

/// The files in which distributions store all certificates: Debian and Arch, Fedora and RHEL, SUSE, newer RHEL, Alpine and
/// macOS, FreeBSD.
const BUNDLES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/etc/ssl/cert.pem",
];

/// Returns the file of the certificates that the operating system trusts: the file in `SSL_CERT_FILE`, as for OpenSSL,
/// else the first file of the list that exists.
pub(super) fn bundle() -> Option<PathBuf> {
    let named = std::env::var_os("SSL_CERT_FILE").filter(|file| !file.is_empty());
    named
        .map(PathBuf::from)
        .or_else(|| BUNDLES.iter().map(PathBuf::from).find(|file| Path::is_file(file)))
}
