//! The whole of a tenant as JSON, and back: everything that requests can change, and nothing that steers a test.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::auth::Tokens;
use crate::ids::Ids;
use crate::kept::Kept;
use crate::model::User;
use crate::record;
use crate::state::State;
use crate::store::Users;

/// What this version writes, and the only thing it reads.
const VERSION: u32 = 1;

/// The name under which a user keeps the number it was made up from.
const MADE_UP: &str = "made_up";

/// What is written.
#[derive(Serialize)]
pub(crate) struct Written<'a> {
    version: u32,
    ids: Value,
    clock_ms: u64,
    tokens: Value,
    state: Map<String, Value>,
    users: &'a Users,
}

impl<'a> Written<'a> {
    pub(crate) fn new(ids: &Ids, clock_ms: u64, tokens: &Tokens, state: &'a State) -> Self {
        Self {
            version: VERSION,
            ids: ids.write(),
            clock_ms,
            tokens: tokens.write(),
            state: state.write_rest(),
            users: &state.users,
        }
    }
}

/// What is read back.
#[derive(Deserialize)]
pub(crate) struct Read {
    version: u32,
    ids: Value,
    clock_ms: u64,
    tokens: Value,
    state: Map<String, Value>,
    users: Users,
}

/// The parts of a tenant that a snapshot holds.
pub(crate) struct Snapshot {
    pub ids: Ids,
    pub clock_ms: u64,
    pub tokens: Tokens,
    pub state: State,
}

impl Read {
    pub(crate) fn snapshot(self) -> Result<Snapshot, String> {
        if self.version != VERSION {
            let version = self.version;
            return Err(format!(
                "it has the version {version}, and this tenant reads {VERSION}"
            ));
        }
        Ok(Snapshot {
            ids: Ids::read(self.ids)?,
            clock_ms: self.clock_ms,
            tokens: Tokens::read(self.tokens)?,
            state: State::read(self.state, self.users)?,
        })
    }
}

impl Serialize for User {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut object = self.to_json(true);
        if let Some(number) = self.made_up {
            object.insert(MADE_UP.into(), number.into());
        }
        object.serialize(to)
    }
}

impl<'de> Deserialize<'de> for User {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut given = Value::deserialize(from)?;
        let number = given.as_object_mut().and_then(|own| own.remove(MADE_UP));
        let mut user = record::read(&given, 0)
            .map_err(|broken| D::Error::custom(format!("a user is not valid: {broken}")))?;
        let number = number.as_ref().and_then(Value::as_u64);
        user.made_up = number.and_then(|number| u32::try_from(number).ok());
        Ok(user)
    }
}

impl Serialize for Users {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Users {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Vec::deserialize(from).map(Self::of)
    }
}
