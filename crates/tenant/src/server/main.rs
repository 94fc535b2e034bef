//! The local tenant as an HTTP server on loopback.

mod file;

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use auth0_users_tenant::{Client, Config, Fault, Outcome, RandomFaults, Rate, Tenant, Token};
use clap::Parser;
use futures_util::{StreamExt, stream};
use http::{Request, Response};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

use crate::file::StateFile;

/// Greater than all limits of the API, so that the tenant itself refuses bodies that are too large.
const MAX_BODY: usize = 8 << 20;

/// How long the first half of a body has to be sent before the connection is reset.
const FLUSH_TIME: Duration = Duration::from_millis(20);

/// How long to wait after a connection could not be accepted.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(10);

/// A local Auth0 tenant: the server side of the users operations, in memory.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The port to listen on; 0 selects a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// How many users to generate.
    #[arg(long, default_value_t = 300)]
    users: usize,
    /// The seed of generated data.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A bearer token with all scopes.
    #[arg(long, default_value = "tenant-demo-token")]
    token: String,
    /// Limits requests with a token bucket, as BURST/PER_SECOND.
    #[arg(long, value_parser = rate)]
    rate: Option<Rate>,
    /// Sends retry-after with a 429.
    #[arg(long, requires = "rate")]
    retry_after: bool,
    /// The fraction of requests, from 0 to 1, that fail at random.
    #[arg(long, value_parser = fraction)]
    faults: Option<f64>,
    /// The limit of the number of requests in the journal.
    #[arg(long, default_value_t = 100_000)]
    journal: usize,
    /// A file with the RSA public key (PEM) of the demo client, for assertions instead of its secret.
    #[arg(long)]
    client_public_key: Option<PathBuf>,
    /// Refuses a recovery code to users without an enrollment.
    #[arg(long)]
    recovery_code_needs_enrollment: bool,
    /// How long a job takes, in milliseconds.
    #[arg(long, default_value_t = 1000)]
    job_ms: u64,
    /// How long deleted sessions and refresh tokens remain visible, in milliseconds.
    #[arg(long, default_value_t = 0)]
    deletion_delay_ms: u64,
    /// How long it takes until searches see a change, in milliseconds.
    #[arg(long, default_value_t = 0)]
    search_lag_ms: u64,
    /// A file to store the tenant in. If the file exists, it determines the users instead of --users and --seed.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Exits when standard input is closed.
    #[arg(long)]
    exit_with_stdin: bool,
}

fn rate(text: &str) -> Result<Rate, String> {
    let parsed = text.split_once('/').and_then(|(burst, per_second)| {
        Some(Rate {
            burst: burst.parse().ok()?,
            per_second: per_second.parse().ok().filter(|rate| *rate >= 0.0)?,
            retry_after: false,
        })
    });
    parsed.ok_or_else(|| "expected BURST/PER_SECOND, such as 10/2".to_owned())
}

fn fraction(text: &str) -> Result<f64, String> {
    let fraction = text
        .parse()
        .ok()
        .filter(|fraction| (0.0..=1.0).contains(fraction));
    fraction.ok_or_else(|| "expected a number from 0 to 1, such as 0.2".to_owned())
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("auth0-users-tenant: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> std::io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::new(arguments.host, arguments.port)).await?;
    let address = listener.local_addr()?;
    let origin = format!("http://{address}");
    let public_key_pem = arguments
        .client_public_key
        .map(std::fs::read_to_string)
        .transpose()?;
    let has_data = arguments.data.as_ref().is_some_and(|path| path.exists());
    let mut tenant = Tenant::new(Config {
        users: if has_data { 0 } else { arguments.users },
        seed: arguments.seed,
        origin: origin.clone(),
        tokens: vec![Token::with_all_scopes(arguments.token.clone())],
        clients: vec![Client {
            public_key_pem,
            ..Client::demo()
        }],
        rate: arguments.rate.map(|rate| Rate {
            retry_after: arguments.retry_after,
            ..rate
        }),
        job_ms: arguments.job_ms,
        deletion_delay_ms: arguments.deletion_delay_ms,
        faults: arguments.faults.map(|rate| RandomFaults {
            rate,
            seed: arguments.seed,
            ..RandomFaults::default()
        }),
        journal: arguments.journal,
        search_lag_ms: arguments.search_lag_ms,
        recovery_code_without_enrollment: !arguments.recovery_code_needs_enrollment,
        ..Config::default()
    });
    let file = arguments
        .data
        .map(|path| StateFile::open(&path, &mut tenant))
        .transpose()?;
    // The token of the command line is accepted even if the file does not contain it.
    tenant.add_token(Token::with_all_scopes(arguments.token.clone()));
    let server = Arc::new(Mutex::new(Server { tenant, file }));
    if arguments.exit_with_stdin {
        std::thread::spawn(exit_with_stdin);
    }
    {
        let mut out = std::io::stdout().lock();
        writeln!(out, "listening on {origin}/api/v2")?;
        writeln!(out, "token {}", arguments.token)?;
        out.flush()?;
    }
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // There are too many connections, some of which will end.
            tokio::time::sleep(ACCEPT_RETRY_DELAY).await;
            continue;
        };
        // Responses are small, so delaying them costs latency. An error shows at the next write.
        let _ = stream.set_nodelay(true);
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            let service = service_fn(|request| respond(&server, request));
            // The client sees an error of its connection, and the server continues.
            let _ = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// Exits when standard input ends, because the parent process has exited.
fn exit_with_stdin() {
    let mut buffer = [0; 256];
    while matches!(std::io::stdin().read(&mut buffer), Ok(read) if read > 0) {}
    std::process::exit(0);
}

/// The tenant, and the file that stores it.
struct Server {
    tenant: Tenant,
    file: Option<StateFile>,
}

impl Server {
    /// Responds to a request, after writing its change to the file.
    fn serve(&mut self, request: &Request<Vec<u8>>, now: u64) -> Outcome {
        let mut outcome = self.tenant.serve(request, now);
        if let (Some(file), Some(changed)) = (&mut self.file, outcome.changed.take())
            && let Err(error) = file.append(changed, &self.tenant)
        {
            // A response would confirm a change that is not stored.
            eprintln!("auth0-users-tenant: cannot write the file of --data: {error}");
            std::process::exit(1);
        }
        outcome
    }
}

async fn respond(
    server: &Mutex<Server>,
    request: Request<Incoming>,
) -> std::io::Result<Response<BoxBody<Bytes, std::io::Error>>> {
    let (parts, body) = request.into_parts();
    let limit = if parts.uri.path() == "/__tenant/restore" {
        usize::MAX
    } else {
        MAX_BODY
    };
    let body = Limited::new(body, limit)
        .collect()
        .await
        .map_err(std::io::Error::other)?
        .to_bytes()
        .to_vec();
    let request = Request::from_parts(parts, body);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| {
            u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
        });
    let outcome = server
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .serve(&request, now);
    if outcome.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(outcome.delay_ms)).await;
    }
    deliver(outcome)
}

/// Turns an outcome into a response, and applies its fault.
fn deliver(outcome: Outcome) -> std::io::Result<Response<BoxBody<Bytes, std::io::Error>>> {
    let reset = || std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let (mut parts, body) = outcome.response.into_parts();
    let whole = body.len();
    let mut half = body.clone();
    half.truncate(whole / 2);
    let half = stream::iter([Ok(Frame::data(Bytes::from(half)))]);
    // The length is that of the whole body, of which a fault sends only half.
    parts.headers.insert("content-length", whole.into());
    let body = match outcome.fault {
        Fault::None => {
            parts.headers.remove("content-length");
            Full::from(body).map_err(|never| match never {}).boxed()
        }
        Fault::Reset => return Err(reset()),
        Fault::Truncate => {
            // Hyper sends the first half only when the next part is not ready.
            let end = stream::once(async move {
                tokio::time::sleep(FLUSH_TIME).await;
                Err(reset())
            });
            BodyExt::boxed(StreamBody::new(half.chain(end)))
        }
        Fault::Stall => BodyExt::boxed(StreamBody::new(half.chain(stream::pending()))),
    };
    Ok(Response::from_parts(parts, body))
}
