//! Faults to order: what the next requests meet instead of a proper answer, or any request by chance.

use fastrand::Rng;

/// What happens to a response on its way; whoever serves it carries it out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// It arrives.
    #[default]
    None,
    /// The connection ends without an answer.
    Reset,
    /// The body breaks off half way, and the connection with it.
    Truncate,
    /// The body stops half way, and the connection stays open.
    Stall,
}

/// A fault for the next requests.
#[derive(Clone, Debug)]
pub struct FailNext {
    /// How many requests it is for.
    pub times: u32,
    /// The only operation it is for, by name.
    pub operation: Option<String>,
    /// The only user it is for, by the identifier in the path.
    pub user_id: Option<String>,
    /// Whether the operation is carried out before the answer is spoilt.
    pub after_commit: bool,
    /// The status to answer with; without one the operation is carried out and its own answer spoilt.
    pub status: Option<u16>,
    /// The body to answer with, instead of an error in the shape of the API.
    pub body: Option<String>,
    /// The content type to answer with.
    pub content_type: Option<String>,
    /// Headers to add to the answer.
    pub headers: Vec<(String, String)>,
    /// What happens to the answer on its way.
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
    /// What the journal calls it.
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

    /// Whether the operation must be carried out, either for its effect or for its answer.
    pub(crate) fn commits(&self) -> bool {
        self.after_commit || (self.status.is_none() && self.fault != Fault::Reset)
    }
}

/// A kind of fault that strikes by chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// 429 with the headers of the rate limit; such a request is never carried out.
    TooManyRequests,
    /// 500, 502, 503 or 504.
    ServerError,
    /// The connection ends without an answer.
    Reset,
    /// The body breaks off half way, and the connection with it.
    Truncate,
    /// The body stops half way, and the connection stays open.
    Stall,
    /// A page of HTML comes instead of JSON.
    ContentType,
}

impl FaultKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::TooManyRequests,
        Self::ServerError,
        Self::Reset,
        Self::Truncate,
        Self::Stall,
        Self::ContentType,
    ];

    /// The name it has in `POST /__tenant/faults`.
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

/// Faults that strike by chance, for tests that go on for long.
#[derive(Clone, Debug)]
pub struct RandomFaults {
    /// The share of requests that meet one, from 0 to 1.
    pub rate: f64,
    /// The kinds to choose from, each as likely as the others.
    pub kinds: Vec<FaultKind>,
    /// The share of the faults, from 0 to 1, that strike after the request was carried out.
    pub after_commit: f64,
    /// Decides which requests meet what.
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
    fn draw(&self, rng: &mut Rng, now: u64) -> Option<FailNext> {
        if rng.f64() >= self.rate {
            return None;
        }
        let kind = *rng.choice(&self.kinds)?;
        let after_commit = rng.f64() < self.after_commit;
        // What strikes before the request is carried out spoils an answer that is not its own.
        let instead = |status| (!after_commit).then_some(status);
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
                status: instead(503),
                fault: Fault::Truncate,
                ..drawn
            },
            FaultKind::Stall => FailNext {
                status: instead(503),
                fault: Fault::Stall,
                ..drawn
            },
            FaultKind::ContentType => FailNext {
                status: instead(502),
                content_type: Some("text/html".to_owned()),
                ..drawn
            },
        })
    }
}

/// The faults that were ordered and not yet met.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    waiting: Vec<FailNext>,
    random: Option<(RandomFaults, Rng)>,
}

impl Faults {
    pub(crate) fn new(random: Option<RandomFaults>) -> Self {
        let mut faults = Self::default();
        faults.set_random(random);
        faults
    }

    pub(crate) fn order(&mut self, fault: FailNext) {
        if fault.times > 0 {
            self.waiting.push(fault);
        }
    }

    /// Replaces what strikes by chance.
    pub(crate) fn set_random(&mut self, faults: Option<RandomFaults>) {
        self.random = faults.map(|faults| {
            let rng = Rng::with_seed(faults.seed);
            (faults, rng)
        });
    }

    /// The fault for a request of this operation, with the first identifier of its path: one that was ordered for it,
    /// or one by chance.
    pub(crate) fn meet(
        &mut self,
        operation: Option<&str>,
        id: Option<&str>,
        now: u64,
    ) -> Option<FailNext> {
        self.meet_ordered(operation, id).or_else(|| {
            let (faults, rng) = self.random.as_mut()?;
            faults.draw(rng, now)
        })
    }

    fn meet_ordered(&mut self, operation: Option<&str>, id: Option<&str>) -> Option<FailNext> {
        let fits = |ordered: &Option<String>, met| ordered.is_none() || ordered.as_deref() == met;
        let place = self
            .waiting
            .iter()
            .position(|fault| fits(&fault.operation, operation) && fits(&fault.user_id, id))?;
        let fault = self.waiting.get_mut(place)?;
        fault.times = fault.times.saturating_sub(1);
        let met = fault.clone();
        if met.times == 0 {
            self.waiting.remove(place);
        }
        Some(met)
    }
}
