//! The preview's HTTP server: `tiny_http` around the pure `preview::respond`.
//!
//! Input: a [`Stage`], which holds what is shown. Output: answers on a port of this machine.
//!
//! Invariants: only 127.0.0.1 is listened on; a client that is slow, silent or gone holds up no
//! other; after [`Stage::close`] the server ends within a second.
//!
//! What `tiny_http` 0.12 does, and what follows from it:
//!
//! - It has no timeouts and hides its sockets. A client that connects and sends nothing or half a
//!   request holds one of *its* threads, of which it starts as many as it needs, until it
//!   goes. A client that does not read holds one of ours while a body larger than the socket's
//!   buffer is sent; therefore there are as many as needed (`crew`).
//! - It hands a connection to a thread that it believes idle although another connection has just
//!   been given to it; a browser that opens two at once, one of them for later, would wait for
//!   minutes. Any further connection sets the queue moving again, so the server makes one to itself
//!   several times a second.
//! - When accepting fails once (no more file descriptors, a client that has gone), it accepts no
//!   more. A second engine is then bound to the same port while the first one goes on with the
//!   connections it has.
//! - It takes ASCII only: to a request with raw Chinese in its first line it closes the connection.
//!   Browsers encode what they send.
//! - A request of HTTP/2 or later is never answered and costs a thread.
//! - Headers may be of any length. Only programs on this machine could misuse that; a page in
//!   a browser cannot.
//! - The length that a client claims for a body is allocated (see `answer`).

mod answer;
mod crew;
mod darkroom;
mod stage;
mod stream;

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

pub use self::stage::Stage;

use self::crew::Crew;
use self::darkroom::Darkroom;
use self::stream::Streams;
use super::clock::Stopwatch;

/// How long answers under way may take to end when the stage is closed.
const LAST_ANSWERS: Duration = Duration::from_millis(500);

/// How often a connection is made that sets forgotten ones moving.
const NUDGE: Duration = Duration::from_millis(200);

/// How long to wait before accepting again.
const PAUSE: Duration = Duration::from_millis(200);

/// How many times in a row accepting may fail.
const MOST_FAULTS: usize = 50;

/// How long it must work to make up for earlier faults.
const SOUND: Duration = Duration::from_secs(10);

/// A port of this machine on which nobody is answered yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    port: u16,
}

/// What the threads of a server tell it.
enum Told {
    Closed,
    Fault(io::Error),
}

impl Server {
    /// Takes `first_port` or, where that is in use, the next free of `tries` ports; 0 is any port.
    ///
    /// # Errors
    ///
    /// The last port's error when none can be had.
    pub fn bind(first_port: u16, tries: u16) -> io::Result<Server> {
        let mut error = io::Error::from(ErrorKind::AddrInUse);
        for port in first_port..=first_port.saturating_add(tries.saturating_sub(1)) {
            match listen(port) {
                Ok(listener) => {
                    let port = listener.local_addr()?.port();
                    return Ok(Server { listener, port });
                }
                // Windows refuses reserved ports as if they were a matter of permission.
                Err(refused)
                    if [ErrorKind::AddrInUse, ErrorKind::PermissionDenied]
                        .contains(&refused.kind()) =>
                {
                    error = refused;
                }
                Err(refused) => return Err(refused),
            }
        }
        Err(error)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Answers requests with what `stage` shows until it is closed.
    ///
    /// Answers that a client takes too slowly are left to their threads, which end with the
    /// connection or the process.
    ///
    /// # Errors
    ///
    /// The system's, when no connections can be accepted for a long time.
    pub fn run(self, stage: &Stage) -> io::Result<()> {
        let (tell, told) = mpsc::channel();
        let (waiting, closed) = (stage.clone(), tell.clone());
        thread::spawn(move || {
            waiting.wait_until_closed();
            let _ = closed.send(Told::Closed);
        });
        let helpers = (Streams::default(), Darkroom::default());
        let shown = stage.clone();
        let crew = Crew::new(move |request| answer::answer(request, &shown, &helpers));
        let mut engines = Vec::new();
        let mut start = |listener| -> io::Result<()> {
            engines.push(Engine::start(listener, &crew, tell.clone())?);
            Ok(())
        };
        let mut outcome = start(self.listener);
        let (mut faults, mut since) = (0, Stopwatch::start());
        while outcome.is_ok() {
            match told.recv_timeout(NUDGE) {
                Ok(Told::Closed) | Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => nudge(self.port),
                Ok(Told::Fault(error)) => {
                    faults = if since.elapsed() > SOUND {
                        1
                    } else {
                        faults + 1
                    };
                    since = Stopwatch::start();
                    if faults > MOST_FAULTS {
                        outcome = Err(error);
                    } else if let Ok(Told::Closed) = told.recv_timeout(PAUSE) {
                        break;
                    } else if let Err(error) = listen(self.port).and_then(&mut start) {
                        let _ = tell.send(Told::Fault(error));
                    }
                }
            }
        }
        engines.into_iter().for_each(Engine::stop);
        crew.close(LAST_ANSWERS);
        outcome
    }
}

fn listen(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

/// Connects to the server on `port`, and has nothing to say.
fn nudge(port: u16) {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    // Where even this fails, the server soon tells why.
    let _ = TcpStream::connect_timeout(&address, NUDGE);
}

/// A `tiny_http` server and the thread that hands its requests to the crew.
struct Engine {
    server: Arc<tiny_http::Server>,
    receiver: JoinHandle<()>,
}

impl Engine {
    fn start(
        listener: TcpListener,
        crew: &Arc<Crew<tiny_http::Request>>,
        tell: Sender<Told>,
    ) -> io::Result<Self> {
        let server = tiny_http::Server::from_listener(listener, None);
        let server = Arc::new(server.map_err(io::Error::other)?);
        let (receiving, crew) = (Arc::clone(&server), Arc::clone(crew));
        let receiver = thread::spawn(move || {
            // The first error is that of accepting, the second one is `stop`.
            for _ in 0..2 {
                let error = loop {
                    match receiving.recv() {
                        Ok(request) => crew.take(request),
                        Err(error) => break error,
                    }
                };
                let _ = tell.send(Told::Fault(error));
            }
        });
        Ok(Engine { server, receiver })
    }

    fn stop(self) {
        // One for each error that the thread waits for.
        self.server.unblock();
        self.server.unblock();
        let _ = self.receiver.join();
    }
}

#[cfg(all(test, unix))]
mod tests;
