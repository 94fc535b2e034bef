//! The whole of a tenant as JSON, and back: everything that requests can change, and nothing that steers a test.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::auth::Tokens;
use crate::ids::Ids;
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
    ids: &'a Ids,
    clock_ms: u64,
    tokens: &'a Tokens,
    state: &'a State,
}

impl<'a> Written<'a> {
    pub(crate) fn new(ids: &'a Ids, clock_ms: u64, tokens: &'a Tokens, state: &'a State) -> Self {
        Self {
            version: VERSION,
            ids,
            clock_ms,
            tokens,
            state,
        }
    }
}

/// What is read back.
#[derive(Deserialize)]
pub(crate) struct Snapshot {
    #[serde(deserialize_with = "version")]
    #[allow(dead_code)]
    version: u32,
    pub ids: Ids,
    pub clock_ms: u64,
    pub tokens: Tokens,
    pub state: State,
}

fn version<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    match u32::deserialize(from)? {
        VERSION => Ok(VERSION),
        other => Err(D::Error::custom(format!(
            "it has the version {other}, and this tenant reads {VERSION}"
        ))),
    }
}

/// Numbers of 64 bits as text: in JavaScript they would lose their last digits.
pub(crate) mod as_text {
    use super::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(number: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(number)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
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
