//! Fault injection: faults for the next requests, and random faults.

use fastrand::Rng;

/// A fault of the connection, which the server applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// The response arrives.
    #[default]
    None,
    /// The connection is reset without a response.
    Reset,
    /// The connection is reset after half of the body.
    Truncate,
    /// The connection stays open after half of the body, but sends no more.
    Stall,
}

/// A fault for the next requests.
#[derive(Clone, Debug)]
pub struct FailNext {
    /// How many requests fail.
    pub times: u32,
    /// The name of the operation that fails; any operation if missing.
    pub operation: Option<String>,
    /// The identifier in the path of requests that fail; any if missing.
    pub user_id: Option<String>,
    /// Whether the operation is performed before the request fails.
    pub after_commit: bool,
    /// The status of the response. Without it the operation is performed, and the fault applies to its response.
    pub status: Option<u16>,
    /// The body of the response, instead of an error in the format of the API.
    pub body: Option<String>,
    /// The content type of the response.
    pub content_type: Option<String>,
    /// Additional headers of the response.
    pub headers: Vec<(String, String)>,
    /// The fault of the connection.
    pub fault: Fault,
}

impl Default for FailNext {
    fn default() -> Self {
        Self {
            times: 1,
            operation: None,
            user_id: None,
            after_commit: false,
            status: None,
            body: None,
            content_type: None,
            headers: Vec::new(),
            fault: Fault::None,
        }
    }
}

impl FailNext {
    /// Returns the name in the journal.
    pub(crate) fn name(&self) -> &'static str {
        match self.fault {
            Fault::Reset => "reset",
            Fault::Truncate => "truncate",
            Fault::Stall => "stall",
            Fault::None if self.content_type.is_some() => "content_type",
            Fault::None if self.status.is_some() => "status",
            Fault::None if self.body.is_some() => "body",
            Fault::None => "headers",
        }
    }

    /// Returns whether the operation is performed, for its effect or for its response.
    pub(crate) fn commits(&self) -> bool {
        self.after_commit || (self.status.is_none() && self.fault != Fault::Reset)
    }
}

/// A kind of random fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// 429 with the headers of the rate limit. The operation is never performed.
    TooManyRequests,
    /// 500, 502, 503 or 504.
    ServerError,
    /// The connection is reset without a response.
    Reset,
    /// The connection is reset after half of the body.
    Truncate,
    /// The connection stays open after half of the body, but sends no more.
    Stall,
    /// The body is HTML instead of JSON.
    ContentType,
}

impl FaultKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::TooManyRequests,
        Self::ServerError,
        Self::Reset,
        Self::Truncate,
        Self::Stall,
        Self::ContentType,
    ];

    /// Returns the name in `POST /__tenant/faults`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TooManyRequests => "too_many_requests",
            Self::ServerError => "server_error",
            Self::Reset => "reset",
            Self::Truncate => "truncate",
            Self::Stall => "stall",
            Self::ContentType => "content_type",
        }
    }
}

/// Random faults, for long tests.
#[derive(Clone, Debug)]
pub struct RandomFaults {
    /// The fraction of requests that fail, from 0 to 1.
    pub rate: f64,
    /// The kinds of faults, which are equally likely.
    pub kinds: Vec<FaultKind>,
    /// The fraction of faults, from 0 to 1, that occur after the operation was performed.
    pub after_commit: f64,
    /// The seed of the random choices.
    pub seed: u64,
}

impl Default for RandomFaults {
    fn default() -> Self {
        Self {
            rate: 0.1,
            kinds: FaultKind::ALL.to_vec(),
            after_commit: 0.5,
            seed: 1,
        }
    }
}

impl RandomFaults {
    /// Draws the fault of a request, if it fails.
    fn draw(&self, rng: &mut Rng, now: u64) -> Option<FailNext> {
        if rng.f64() >= self.rate {
            return None;
        }
        let kind = *rng.choice(&self.kinds)?;
        let after_commit = rng.f64() < self.after_commit;
        // Without a status the operation would be performed.
        let status_before = |status| (!after_commit).then_some(status);
        let drawn = FailNext {
            after_commit,
            ..FailNext::default()
        };
        Some(match kind {
            FaultKind::TooManyRequests => FailNext {
                after_commit: false,
                status: Some(429),
                headers: [
                    ("x-ratelimit-limit", 50),
                    ("x-ratelimit-remaining", 0),
                    ("x-ratelimit-reset", (now / 1000).saturating_add(1)),
                ]
                .map(|(name, value)| (name.to_owned(), value.to_string()))
                .to_vec(),
                ..drawn
            },
            FaultKind::ServerError => FailNext {
                status: rng.choice([500, 502, 503, 504]),
                ..drawn
            },
            FaultKind::Reset => FailNext {
                fault: Fault::Reset,
                ..drawn
            },
            FaultKind::Truncate => FailNext {
                status: status_before(503),
                fault: Fault::Truncate,
                ..drawn
            },
            FaultKind::Stall => FailNext {
                status: status_before(503),
                fault: Fault::Stall,
                ..drawn
            },
            FaultKind::ContentType => FailNext {
                status: status_before(502),
                content_type: Some("text/html".to_owned()),
                ..drawn
            },
        })
    }
}

/// The scheduled faults and the random ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    scheduled: Vec<FailNext>,
    random: Option<(RandomFaults, Rng)>,
}

impl Faults {
    pub(crate) fn new(random: Option<RandomFaults>) -> Self {
        let mut faults = Self::default();
        faults.set_random(random);
        faults
    }

    /// Schedules a fault for the next requests.
    pub(crate) fn schedule(&mut self, fault: FailNext) {
        if fault.times > 0 {
            self.scheduled.push(fault);
        }
    }

    /// Replaces the random faults.
    pub(crate) fn set_random(&mut self, faults: Option<RandomFaults>) {
        self.random = faults.map(|faults| {
            let rng = Rng::with_seed(faults.seed);
            (faults, rng)
        });
    }

    /// Returns the fault for a request with this operation and identifier: a scheduled one, or else a random one.
    pub(crate) fn next_for(
        &mut self,
        operation: Option<&str>,
        id: Option<&str>,
        now: u64,
    ) -> Option<FailNext> {
        self.next_scheduled(operation, id).or_else(|| {
            let (faults, rng) = self.random.as_mut()?;
            faults.draw(rng, now)
        })
    }

    fn next_scheduled(&mut self, operation: Option<&str>, id: Option<&str>) -> Option<FailNext> {
        let matches =
            |wanted: &Option<String>, given| wanted.is_none() || wanted.as_deref() == given;
        let index = self.scheduled.iter().position(|fault| {
            matches(&fault.operation, operation) && matches(&fault.user_id, id)
        })?;
        let fault = self.scheduled.get_mut(index)?;
        fault.times = fault.times.saturating_sub(1);
        let next = fault.clone();
        if next.times == 0 {
            self.scheduled.remove(index);
        }
        Some(next)
    }
}
