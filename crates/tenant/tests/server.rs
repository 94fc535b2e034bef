//! The server: what it prints, when it exits, its file, and faults of real connections.
#![cfg(feature = "server")]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// After how long without data a connection counts as stalled; long, because the machine can be busy.
const STALLED: Duration = Duration::from_secs(5);

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

    /// Returns what the connection sends until it ends or stalls.
    fn send(&self, request: &str, body: &str) -> String {
        let Ok(mut stream) = TcpStream::connect(&self.address) else {
            return String::new();
        };
        stream.set_read_timeout(Some(STALLED)).unwrap();
        let length = body.len();
        let sent = write!(
            stream,
            "{request} HTTP/1.1\r\nhost: tenant\r\nauthorization: Bearer secret\r\nconnection: close\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        if sent.is_err() {
            return String::new();
        }
        let mut answer = Vec::new();
        // A reset or a timeout ends the response too.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Server {
    /// Kills the server as `kill -9` does.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.wait();
    }

    /// Kills the server while other threads use it.
    fn kill_shared(&self) {
        let id = self.child.id().to_string();
        let killed = Command::new("kill").args(["-9", &id]).status().unwrap();
        assert!(killed.success());
    }

    fn wait(&mut self) {
        self.stdin.take();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.wait();
    }
}

#[test]
fn faults_apply_to_connections() {
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
fn the_rate_option_limits_requests() {
    let server = Server::start(&["--token", "secret", "--rate", "1/0.001", "--retry-after"]);
    let list = || server.send("GET /api/v2/users?per_page=1", "");
    assert!(list().contains("x-ratelimit-remaining: 0"));
    let refused = list();
    assert!(refused.starts_with("HTTP/1.1 429") && refused.contains("retry-after: "));
}

#[test]
fn the_faults_option_fails_all_requests_at_1() {
    let server = Server::start(&["--token", "secret", "--faults", "1", "--journal", "3"]);
    for _ in 0..4 {
        server.send("DELETE /api/v2/users/auth0%7Cx", "");
    }
    let journal = server.send("GET /__tenant/journal", "");
    assert_eq!(journal.matches("\"fault\":\"").count(), 3, "{journal}");
}

/// A temporary file, which is removed when the value is dropped.
struct DataFile(PathBuf);

impl DataFile {
    fn new(name: &str) -> Self {
        let name = format!("auth0-users-tenant-{}-{name}.json", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for DataFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn create(server: &Server, n: usize) -> bool {
    let body = format!(
        r#"{{"connection":"Username-Password-Authentication","email":"{n}@example.com","password":"Secret-123"}}"#
    );
    let answer = server.send("POST /api/v2/users", &body);
    answer.starts_with("HTTP/1.1 201")
}

/// Returns the snapshot without the generator, which changes with each response.
fn state(server: &Server) -> String {
    let answer = server.send("GET /__tenant/snapshot", "");
    answer.split_once("\"clock_ms\"").unwrap().1.to_owned()
}

#[test]
fn confirmed_changes_survive_a_kill() {
    let data = DataFile::new("kill");
    let arguments = ["--token", "secret", "--job-ms", "0", "--data", data.path()];
    let mut server = Server::start(&arguments);
    for n in 0..20 {
        assert!(create(&server, n));
    }
    let user = server.send("GET /api/v2/users-by-email?email=3%40example.com", "");
    let id = user.split_once("\"user_id\":\"auth0|").unwrap().1;
    let id = format!("auth0%7C{}", id.split('"').next().unwrap());
    let code = server.send(
        &format!("POST /api/v2/users/{id}/recovery-code-regeneration"),
        "",
    );
    assert!(code.starts_with("HTTP/1.1 200"));
    assert!(
        server
            .send(&format!("DELETE /api/v2/users/{id}"), "")
            .starts_with("HTTP/1.1 204")
    );
    let added = server.send("POST /__tenant/roles", r#"{"name":"auditor"}"#);
    assert!(added.starts_with("HTTP/1.1 201"), "{added}");
    assert!(
        server
            .send("POST /__tenant/clock", r#"{"advance_ms":60000}"#)
            .starts_with("HTTP/1.1 204")
    );
    // A fault after the commit does not undo the operation.
    server.send(
        "POST /__tenant/fail-next",
        r#"{"after_commit":true,"status":500}"#,
    );
    assert!(!create(&server, 100));
    let token = server.send(
        "POST /oauth/token",
        r#"{"grant_type":"client_credentials","client_id":"tenant-demo-client","client_secret":"tenant-demo-secret","audience":"https://x/api/v2/"}"#,
    );
    assert!(token.starts_with("HTTP/1.1 200"), "{token}");
    let before = state(&server);
    for _ in 0..2 {
        server.kill();
        assert!(
            !std::fs::read_to_string(&data.0)
                .unwrap()
                .contains("tenant-demo-secret")
        );
        server = Server::start(&arguments);
        assert_eq!(state(&server), before);
    }
    assert!(
        before.contains("100@example.com")
            && before.contains("auditor")
            && !before.contains(r#""email":"3@example.com""#)
    );
    server.send("POST /__tenant/reset", "");
    let reset = state(&server);
    server.kill();
    assert_eq!(state(&Server::start(&arguments)), reset);
}

#[test]
fn a_kill_during_writes_loses_no_confirmed_change() {
    let data = DataFile::new("torn");
    let arguments = ["--token", "secret", "--data", data.path()];
    let mut server = Server::start(&arguments);
    // The server is killed while it handles requests.
    let created = AtomicUsize::new(0);
    let mut confirmed = Vec::new();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|worker| {
                let (server, created) = (&server, &created);
                scope.spawn(move || {
                    let numbers = (worker..100_000).step_by(4);
                    numbers
                        .take_while(|n| {
                            let answered = create(server, *n);
                            created.fetch_add(answered.into(), Ordering::Relaxed);
                            answered
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        let ended = || workers.iter().all(|worker| worker.is_finished());
        while created.load(Ordering::Relaxed) < 20 && !ended() {
            std::thread::sleep(Duration::from_millis(1));
        }
        server.kill_shared();
        for worker in workers {
            confirmed.extend(worker.join().unwrap());
        }
    });
    server.wait();
    let mut torn = std::fs::OpenOptions::new()
        .append(true)
        .open(&data.0)
        .unwrap();
    torn.write_all(br#"{"request":{"now":1,"ids":"1","meth"#)
        .unwrap();
    let server = Server::start(&arguments);
    let after = state(&server);
    for n in confirmed {
        assert!(after.contains(&format!("\"{n}@example.com\"")), "{n}");
    }
}

#[test]
fn an_invalid_or_locked_file_does_not_change() {
    let data = DataFile::new("other");
    std::fs::write(&data.0, "a diary\n").unwrap();
    let refused = || {
        let output = Command::new(env!("CARGO_BIN_EXE_auth0-users-tenant"))
            .args(["--exit-with-stdin", "--data", data.path()])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let message = refused();
    assert!(
        message.contains(data.path()) && message.contains("not the state of a tenant"),
        "{message}"
    );
    assert_eq!(std::fs::read_to_string(&data.0).unwrap(), "a diary\n");
    std::fs::remove_file(&data.0).unwrap();
    let _server = Server::start(&["--token", "secret", "--data", data.path()]);
    assert!(refused().contains("in use"));
}

#[test]
fn the_server_exits_with_standard_input() {
    let mut server = Server::start(&["--token", "secret"]);
    assert!(server.child.try_wait().unwrap().is_none());
    server.stdin.take();
    assert!(server.child.wait().unwrap().success());
}
