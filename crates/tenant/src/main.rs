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
use file::StateFile;
use futures_util::{StreamExt, stream};
use http::{Request, Response};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

/// Larger than anything the API takes, so that the tenant itself refuses what is too large.
const MOST_BODY: usize = 8 << 20;

/// How long the first half of a body has to leave before the connection ends.
const FLUSH: Duration = Duration::from_millis(20);

/// How long to wait when no connection can be taken.
const BREATH: Duration = Duration::from_millis(10);

/// A local Auth0 tenant: the server side of the users operations, in memory.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// How many users to make up.
    #[arg(long, default_value_t = 300)]
    users: usize,
    /// Decides every made-up value.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A bearer token with every scope.
    #[arg(long, default_value = "tenant-demo-token")]
    token: String,
    /// Limits requests with a token bucket, as BURST/PER_SECOND.
    #[arg(long, value_parser = rate)]
    rate: Option<Rate>,
    /// Sends retry-after with a 429.
    #[arg(long, requires = "rate")]
    retry_after: bool,
    /// The share of requests, from 0 to 1, that meet a fault by chance.
    #[arg(long, value_parser = share)]
    faults: Option<f64>,
    /// How many requests the journal remembers.
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
    /// How long deleted sessions and tokens can still be seen, in milliseconds.
    #[arg(long, default_value_t = 0)]
    deletion_delay_ms: u64,
    /// How long searches do not know of a change, in milliseconds.
    #[arg(long, default_value_t = 0)]
    search_lag_ms: u64,
    /// A file to keep the tenant in. Where it exists it decides who is there, and not --users and --seed.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Ends as soon as standard input is closed.
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

fn share(text: &str) -> Result<f64, String> {
    let share = text
        .parse()
        .ok()
        .filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "expected a number from 0 to 1, such as 0.2".to_owned())
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
    let kept = arguments.data.as_ref().is_some_and(|path| path.exists());
    let mut tenant = Tenant::new(Config {
        users: if kept { 0 } else { arguments.users },
        seed: arguments.seed,
        origin: origin.clone(),
        tokens: vec![Token::with_every_scope(arguments.token.clone())],
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
    // The one of the command line is accepted whatever the file says.
    tenant.add_token(Token::with_every_scope(arguments.token.clone()));
    let served = Arc::new(Mutex::new(Served { tenant, file }));
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
            // Too many connections at once; some will end.
            tokio::time::sleep(BREATH).await;
            continue;
        };
        // Answers are small and waited for; a connection that is gone already shows later.
        let _ = stream.set_nodelay(true);
        let served = Arc::clone(&served);
        tokio::spawn(async move {
            let service = service_fn(|request| answer(&served, request));
            // A connection that ends badly is the business of its client.
            let _ = hyper::server::conn::http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// Waits for the end of standard input: whoever started the server is gone.
fn exit_with_stdin() {
    let mut buffer = [0; 256];
    while matches!(std::io::stdin().read(&mut buffer), Ok(read) if read > 0) {}
    std::process::exit(0);
}

/// The tenant, and the file it is kept in.
struct Served {
    tenant: Tenant,
    file: Option<StateFile>,
}

impl Served {
    /// Answers, after what was changed is written down.
    fn serve(&mut self, request: &Request<Vec<u8>>, now: u64) -> Outcome {
        let mut outcome = self.tenant.serve(request, now);
        if let (Some(file), Some(changed)) = (&mut self.file, outcome.changed.take())
            && let Err(error) = file.keep(changed, &self.tenant)
        {
            // Going on would promise what cannot be kept.
            eprintln!("auth0-users-tenant: cannot write the file of --data: {error}");
            std::process::exit(1);
        }
        outcome
    }
}

async fn answer(
    served: &Mutex<Served>,
    request: Request<Incoming>,
) -> std::io::Result<Response<BoxBody<Bytes, std::io::Error>>> {
    let (parts, body) = request.into_parts();
    let most = if parts.uri.path() == "/__tenant/restore" {
        usize::MAX
    } else {
        MOST_BODY
    };
    let body = Limited::new(body, most)
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
    let outcome = served
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .serve(&request, now);
    if outcome.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(outcome.delay_ms)).await;
    }
    deliver(outcome)
}

/// Sends the answer, or carries out what was ordered to happen to it.
fn deliver(outcome: Outcome) -> std::io::Result<Response<BoxBody<Bytes, std::io::Error>>> {
    let lost = || std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let (mut parts, body) = outcome.response.into_parts();
    let whole = body.len();
    let mut half = body.clone();
    half.truncate(whole / 2);
    let half = stream::iter([Ok(Frame::data(Bytes::from(half)))]);
    // The length promises more than will come.
    parts.headers.insert("content-length", whole.into());
    let body = match outcome.fault {
        Fault::None => {
            parts.headers.remove("content-length");
            Full::from(body).map_err(|never| match never {}).boxed()
        }
        Fault::Reset => return Err(lost()),
        Fault::Truncate => {
            // What came so far is written out only while nothing more is ready.
            let broken = stream::once(async move {
                tokio::time::sleep(FLUSH).await;
                Err(lost())
            });
            BodyExt::boxed(StreamBody::new(half.chain(broken)))
        }
        Fault::Stall => BodyExt::boxed(StreamBody::new(half.chain(stream::pending()))),
    };
    Ok(Response::from_parts(parts, body))
}
