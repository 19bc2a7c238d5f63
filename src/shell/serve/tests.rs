//! What happens when the system takes the listening socket away.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::*;
use crate::diag::Lang;
use crate::preview::Shown;

fn waiting() -> Stage {
    Stage::new(Shown {
        build: 1,
        lang: Lang::Zh,
        root: "/".into(),
        base: "/".into(),
        site: None,
        late: None,
        diagnostics: Arc::default(),
        problems: String::new(),
        status: Arc::default(),
    })
}

/// The start of the answer on an open connection.
fn ask(client: &mut TcpStream) -> io::Result<String> {
    client.set_read_timeout(Some(Duration::from_secs(5)))?;
    client.write_all(b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte)?;
        head.extend(byte);
    }
    Ok(String::from_utf8_lossy(&head[..12]).into_owned())
}

#[test]
fn a_server_that_can_accept_no_more_starts_again_on_its_port() {
    let server = Server::bind(0, 1).unwrap();
    let port = server.port();
    let socket = TcpStream::from(OwnedFd::from(server.listener.try_clone().unwrap()));
    let stage = waiting();
    let running = thread::spawn({
        let stage = stage.clone();
        move || server.run(&stage)
    });
    let mut kept = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    assert_eq!(ask(&mut kept).unwrap(), "HTTP/1.1 503");
    socket.shutdown(Shutdown::Both).unwrap();
    drop(socket);
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let again = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).and_then(|mut c| ask(&mut c));
        match again {
            Ok(answer) => break assert_eq!(answer, "HTTP/1.1 503"),
            Err(error) => assert!(Instant::now() < deadline, "{error}"),
        }
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(ask(&mut kept).unwrap(), "HTTP/1.1 503");
    stage.close();
    running.join().unwrap().unwrap();
}

#[test]
fn a_port_in_use_is_passed_over() {
    let first = Server::bind(0, 1).unwrap();
    let port = first.port();
    let Some(last) = port.checked_add(20) else {
        return;
    };
    let second = Server::bind(port, 20).unwrap();
    assert!((port + 1..last).contains(&second.port()));
    assert!(Server::bind(port, 1).is_err());
}
