//! A proxy between a migrator and the server. It cuts the connection at a COMMIT, or changes the version that the server
//! reports.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// On which side of the COMMIT the connection is cut, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The server never sees it.
    Before,
    /// The server never sees it, and the proxy accepts no connection until it comes back.
    BeforeAndGone,
    /// The server has answered it, and the answer is lost.
    After,
    /// The answer is lost, and the proxy accepts no connection until it comes back.
    AfterAndGone,
}

/// The proxy, which ends when dropped.
#[derive(Debug)]
pub struct Proxy {
    url: String,
    port: u16,
    target: Target,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What the proxy does to the connections.
#[derive(Debug, Clone, Default)]
struct Scissors {
    cut: Option<(Cut, &'static str)>,
    used: Arc<AtomicBool>,
    major: Option<&'static str>,
    /// The message that ends every other connection.
    ends_others: Option<&'static str>,
    ending: Arc<watch::Sender<bool>>,
}

impl Proxy {
    /// Starts a proxy that cuts the connection at the first message that contains `which`.
    pub async fn cutting(cut: Cut, which: &'static str, url: &str) -> Self {
        Self::between(Scissors { cut: Some((cut, which)), ..Scissors::default() }, url).await
    }

    /// Starts a proxy behind which the server reports that major version, of two digits.
    pub async fn pretending(major: &'static str, url: &str) -> Self {
        Self::between(Scissors { major: Some(major), ..Scissors::default() }, url).await
    }

    /// Starts a proxy that cuts every other connection as soon as a message contains `which`.
    pub async fn cutting_others(which: &'static str, url: &str) -> Self {
        Self::between(Scissors { ends_others: Some(which), ..Scissors::default() }, url).await
    }

    async fn between(scissors: Scissors, url: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a loopback port");
        let port = listener.local_addr().expect("it is bound").port();
        let target = Target::of(url);
        let url = target.through(port);
        let task = tokio::spawn(listen(listener, target.clone(), scissors));
        Self { url, port, target, task }
    }

    /// Accepts connections again, and cuts nothing any more.
    ///
    /// # Panics
    /// Panics if another program has taken the port.
    pub async fn come_back(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.expect("the port again");
        self.task = tokio::spawn(listen(listener, self.target.clone(), Scissors::default()));
    }

    /// Returns the URL of the database through the proxy.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

async fn listen(listener: TcpListener, target: Target, scissors: Scissors) {
    while let Ok((client, _)) = listener.accept().await {
        let (target, scissors) = (target.clone(), scissors.clone());
        let is_last = matches!(scissors.cut, Some((Cut::AfterAndGone | Cut::BeforeAndGone, _)));
        if is_last && scissors.used.load(Ordering::SeqCst) {
            break;
        }
        tokio::spawn(async move { target.serve(client, scissors).await });
    }
}

/// Where the server is.
#[derive(Debug, Clone)]
struct Target {
    user: String,
    database: String,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    Socket(String),
    Port(String),
}

impl Target {
    /// Reads the URLs that tests are given: a host and port, or the folder of a socket.
    fn of(url: &str) -> Self {
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
        let place = if host.starts_with('/') {
            Place::Socket(format!("{host}/.s.PGSQL.{port}"))
        } else {
            Place::Port(format!("{host}:{port}"))
        };
        Self { user, database: database.to_owned(), place }
    }

    fn through(&self, port: u16) -> String {
        format!("postgres://{}@127.0.0.1:{port}/{}?sslmode=disable", self.user, self.database)
    }

    async fn serve(self, client: TcpStream, scissors: Scissors) {
        match &self.place {
            Place::Socket(path) => {
                let server = UnixStream::connect(path).await.expect("the server's socket");
                between(client, server, scissors).await;
            }
            Place::Port(address) => {
                let server = TcpStream::connect(address).await.expect("the server's port");
                between(client, server, scissors).await;
            }
        }
    }
}

/// Passes everything on in both directions, until one side ends or the connection is cut.
async fn between(
    mut client: TcpStream,
    mut server: impl AsyncRead + AsyncWrite + Unpin,
    scissors: Scissors,
) {
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    let mut ending = scissors.ending.subscribe();
    let mut ends_others = false;
    loop {
        tokio::select! {
            () = ended(&mut ending), if !ends_others => return,
            read = client.read(&mut asked) => {
                let Ok(count @ 1..) = read else { return };
                let has = |which: &str| find(&asked[..count], which.as_bytes()).is_some();
                if scissors.ends_others.is_some_and(has) {
                    ends_others = true;
                    scissors.ending.send_replace(true);
                }
                let which = scissors.cut.filter(|(_, which)| find(&asked[..count], which.as_bytes()).is_some());
                let here = which.is_some() && !scissors.used.swap(true, Ordering::SeqCst);
                if here && matches!(which, Some((Cut::Before | Cut::BeforeAndGone, _))) {
                    return;
                }
                if server.write_all(&asked[..count]).await.is_err() {
                    return;
                }
                if here {
                    // The answer says that it is done; it stays with us.
                    let _ = server.read(&mut answered).await;
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(count @ 1..) = read else { return };
                if let Some(major) = scissors.major
                    && let Some(at) = find(&answered[..count], VERSION)
                {
                    answered[at + VERSION.len()..][..2].copy_from_slice(major.as_bytes());
                }
                if client.write_all(&answered[..count]).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Waits until every other connection is to end.
async fn ended(ending: &mut watch::Receiver<bool>) {
    // The sender lives as long as the proxy.
    let _ = ending.wait_for(|ending| *ending).await;
}

/// What stands before the version in the server's greeting.
const VERSION: &[u8] = b"server_version\0";

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
