//! The native server: what it prints, how it ends, and the faults it carries out on real connections.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

struct Server {
    child: Child,
    stdin: Option<ChildStdin>,
    address: String,
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_auth0-users-tenant"))
            .args(["--exit-with-stdin", "--users", "10"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.next().unwrap().unwrap();
        let address = address
            .strip_prefix("listening on http://")
            .and_then(|rest| rest.strip_suffix("/api/v2"))
            .unwrap_or_else(|| panic!("unexpected first line: {address}"))
            .to_owned();
        assert_eq!(lines.next().unwrap().unwrap(), "token secret");
        Self {
            stdin: child.stdin.take(),
            child,
            address,
        }
    }

    /// What comes back before the connection ends or goes quiet.
    fn send(&self, request: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_millis(500)))
            .unwrap();
        let length = body.len();
        write!(
            stream,
            "{request} HTTP/1.1\r\nhost: tenant\r\nauthorization: Bearer secret\r\nconnection: close\r\n\
             content-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = Vec::new();
        // A reset or a timeout ends the answer as well.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stdin.take();
        self.child.wait().unwrap();
    }
}

#[test]
fn faults_are_carried_out() {
    let server = Server::start(&["--token", "secret"]);
    let list = || server.send("GET /api/v2/users?per_page=1", "");
    let whole = list();
    assert!(whole.starts_with("HTTP/1.1 200"));
    let body = |answer: &str| answer.split_once("\r\n\r\n").unwrap().1.len();
    for fault in ["reset", "truncate", "stall"] {
        let order = format!("{{\"{fault}\":true}}");
        let answer = server.send("POST /__tenant/fail-next", &order);
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
        let answer = list();
        if fault == "reset" {
            assert_eq!(answer, "");
        } else {
            assert!(body(&answer) < body(&whole), "{fault}");
            assert!(answer.contains(&format!("content-length: {}", body(&whole))));
        }
    }
    assert!(list().starts_with("HTTP/1.1 200"));
}

#[test]
fn the_rate_of_the_command_line_limits() {
    let server = Server::start(&["--token", "secret", "--rate", "1/0.001", "--retry-after"]);
    let list = || server.send("GET /api/v2/users?per_page=1", "");
    assert!(list().contains("x-ratelimit-remaining: 0"));
    let refused = list();
    assert!(refused.starts_with("HTTP/1.1 429") && refused.contains("retry-after: "));
}

#[test]
fn the_faults_of_the_command_line_strike_every_request_at_1() {
    let server = Server::start(&["--token", "secret", "--faults", "1", "--journal", "3"]);
    for _ in 0..4 {
        server.send("DELETE /api/v2/users/auth0%7Cx", "");
    }
    let journal = server.send("GET /__tenant/journal", "");
    assert_eq!(journal.matches("\"fault\":\"").count(), 3, "{journal}");
}

#[test]
fn it_ends_with_its_standard_input() {
    let mut server = Server::start(&["--token", "secret"]);
    assert!(server.child.try_wait().unwrap().is_none());
    server.stdin.take();
    assert!(server.child.wait().unwrap().success());
}
