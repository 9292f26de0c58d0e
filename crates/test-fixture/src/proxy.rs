//! A proxy between a migrator and the server. It cuts connections at a given message from the migrator, changes the
//! version that the server reports, or passes everything on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The moment at which the proxy cuts the connection. It cuts only one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The connection is cut before the message reaches the server.
    Before,
    /// The connection is cut before the message reaches the server. The proxy then accepts no connection until the
    /// outage ends.
    BeforeWithOutage,
    /// The connection is cut after the server has answered the message. The answer is lost.
    After,
    /// The connection is cut after the server has answered the message. The proxy then accepts no connection until the
    /// outage ends.
    AfterWithOutage,
}

/// A running proxy. It stops when it is dropped.
#[derive(Debug)]
pub struct Proxy {
    url: String,
    port: u16,
    target: ServerAddress,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The way in which the proxy interferes with the connections.
#[derive(Debug, Clone, Default)]
struct Interference {
    /// The cut, and the text in the message at which the connection is cut.
    cut: Option<(Cut, &'static str)>,
    /// Whether the cut has happened.
    used: Arc<AtomicBool>,
    /// The major version that the server seems to have.
    major: Option<&'static str>,
    /// The text in a message that ends all connections except the one that sends the message.
    ends_others: Option<&'static str>,
    /// Becomes true when all other connections must end.
    ending: Arc<watch::Sender<bool>>,
}

impl Proxy {
    /// Starts a proxy that cuts the connection at the first message that contains `text`.
    pub async fn cutting(cut: Cut, text: &'static str, url: &str) -> Self {
        Self::start(Interference { cut: Some((cut, text)), ..Interference::default() }, url).await
    }

    /// Starts a proxy that replaces the major version that the server reports. `major` has two digits.
    pub async fn pretending(major: &'static str, url: &str) -> Self {
        Self::start(Interference { major: Some(major), ..Interference::default() }, url).await
    }

    /// Starts a proxy that passes everything on unchanged, like the port mapping of a container.
    pub async fn transparent(url: &str) -> Self {
        Self::start(Interference::default(), url).await
    }

    /// Starts a proxy that cuts all connections except the one that sends a message with `text`.
    pub async fn cutting_connections_except_that_which_sends(
        text: &'static str,
        url: &str,
    ) -> Self {
        Self::start(Interference { ends_others: Some(text), ..Interference::default() }, url).await
    }

    async fn start(interference: Interference, url: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a loopback port");
        let port = listener.local_addr().expect("a bound port").port();
        let target = ServerAddress::parse(url);
        let url = target.url_through(port);
        let task = tokio::spawn(listen(listener, target.clone(), interference));
        Self { url, port, target, task }
    }

    /// Accepts connections again. The proxy no longer cuts any of them.
    ///
    /// # Panics
    /// Panics if another program has taken the port.
    pub async fn end_outage(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.expect("the port again");
        self.task = tokio::spawn(listen(listener, self.target.clone(), Interference::default()));
    }

    /// Returns the URL of the database through the proxy.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Accepts connections and serves them, until an outage begins.
async fn listen(listener: TcpListener, target: ServerAddress, interference: Interference) {
    while let Ok((client, _)) = listener.accept().await {
        let (target, interference) = (target.clone(), interference.clone());
        let has_outage =
            matches!(interference.cut, Some((Cut::AfterWithOutage | Cut::BeforeWithOutage, _)));
        if has_outage && interference.used.load(Ordering::SeqCst) {
            break;
        }
        tokio::spawn(async move { target.serve(client, interference).await });
    }
}

/// The address of the server, with the user and the database of the URL.
#[derive(Debug, Clone)]
struct ServerAddress {
    user: String,
    database: String,
    socket: SocketAddress,
}

#[derive(Debug, Clone)]
enum SocketAddress {
    Unix(String),
    Tcp(String),
}

impl ServerAddress {
    /// Parses the URL of a test database, which has a host and a port, or the folder of a socket.
    fn parse(url: &str) -> Self {
        let rest = url.split_once("://").expect("a URL").1;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = rest.split_once('/').expect("a database");
        let parameter = |name: &str| {
            query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
        };
        let (login, server) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (host, port) = server.split_once(':').unwrap_or((server, "5432"));
        let port = parameter("port").unwrap_or(port);
        let host = parameter("host").unwrap_or(host).replace("%2F", "/");
        let user = parameter("user").map_or_else(|| login.to_owned(), str::to_owned);
        let socket = if host.starts_with('/') {
            SocketAddress::Unix(format!("{host}/.s.PGSQL.{port}"))
        } else {
            SocketAddress::Tcp(format!("{host}:{port}"))
        };
        Self { user, database: database.to_owned(), socket }
    }

    /// Returns the URL of the database through a proxy on the given port.
    fn url_through(&self, port: u16) -> String {
        format!("postgres://{}@127.0.0.1:{port}/{}?sslmode=disable", self.user, self.database)
    }

    async fn serve(self, client: TcpStream, interference: Interference) {
        match &self.socket {
            SocketAddress::Unix(path) => {
                let server = UnixStream::connect(path).await.expect("the server's socket");
                forward(client, server, interference).await;
            }
            SocketAddress::Tcp(address) => {
                let server = TcpStream::connect(address).await.expect("the server's port");
                forward(client, server, interference).await;
            }
        }
    }
}

/// Forwards all data in both directions, until one side ends or the connection is cut.
async fn forward(
    mut client: TcpStream,
    mut server: impl AsyncRead + AsyncWrite + Unpin,
    interference: Interference,
) {
    let (mut request, mut answer) = (vec![0; 65_536], vec![0; 65_536]);
    let mut ending = interference.ending.subscribe();
    let mut ends_others = false;
    loop {
        tokio::select! {
            () = ended(&mut ending), if !ends_others => return,
            read = client.read(&mut request) => {
                let Ok(count @ 1..) = read else { return };
                let has = |text: &str| find(&request[..count], text.as_bytes()).is_some();
                if interference.ends_others.is_some_and(has) {
                    ends_others = true;
                    interference.ending.send_replace(true);
                }
                let cut = interference.cut.filter(|(_, text)| has(text));
                let cuts_now = cut.is_some() && !interference.used.swap(true, Ordering::SeqCst);
                if cuts_now && matches!(cut, Some((Cut::Before | Cut::BeforeWithOutage, _))) {
                    return;
                }
                if server.write_all(&request[..count]).await.is_err() {
                    return;
                }
                if cuts_now {
                    // The proxy reads the answer, which proves that the server has finished, and does not forward it to
                    // the client.
                    let _ = server.read(&mut answer).await;
                    return;
                }
            }
            read = server.read(&mut answer) => {
                let Ok(count @ 1..) = read else { return };
                if let Some(major) = interference.major
                    && let Some(at) = find(&answer[..count], VERSION)
                {
                    answer[at + VERSION.len()..][..2].copy_from_slice(major.as_bytes());
                }
                if client.write_all(&answer[..count]).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Waits until all other connections must end.
async fn ended(ending: &mut watch::Receiver<bool>) {
    // The sender lives as long as the proxy.
    let _ = ending.wait_for(|ending| *ending).await;
}

/// The bytes before the version in the server's first message.
const VERSION: &[u8] = b"server_version\0";

/// Returns the position of the first occurrence.
fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
