//! Faults to order: what the next requests meet instead of a proper answer.

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
    /// Whether the operation must be carried out, either for its effect or for its answer.
    pub(crate) fn commits(&self) -> bool {
        self.after_commit || (self.status.is_none() && self.fault != Fault::Reset)
    }
}

/// The faults that were ordered and not yet met.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    waiting: Vec<FailNext>,
}

impl Faults {
    pub(crate) fn order(&mut self, fault: FailNext) {
        if fault.times > 0 {
            self.waiting.push(fault);
        }
    }

    /// The fault for a request of this operation, which then waits for one request less.
    pub(crate) fn meet(&mut self, operation: Option<&str>) -> Option<FailNext> {
        let place = self.waiting.iter().position(|fault| {
            fault.operation.is_none() || fault.operation.as_deref() == operation
        })?;
        let fault = self.waiting.get_mut(place)?;
        fault.times = fault.times.saturating_sub(1);
        let met = fault.clone();
        if met.times == 0 {
            self.waiting.remove(place);
        }
        Some(met)
    }
}
