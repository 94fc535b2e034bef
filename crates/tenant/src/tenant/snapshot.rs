//! Snapshots: everything that requests can change, as one JSON document. Limits, faults and the journal are not part of
//! it.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::Tenant;
use crate::auth::tokens::Tokens;
use crate::seed;
use crate::state::State;
use crate::state::ids::Ids;
use crate::state::snapshot::Snapshot;
use crate::state::store::Users;
use crate::state::user::User;

/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;

/// The property with `User::generated`.
const GENERATED: &str = "made_up";

/// A snapshot to write.
#[derive(Serialize)]
struct SnapshotRef<'a> {
    version: u32,
    ids: Value,
    clock_ms: u64,
    tokens: Value,
    state: Map<String, Value>,
    users: &'a Users,
}

/// A snapshot that was read.
#[derive(Deserialize)]
struct SnapshotOwned {
    version: u32,
    ids: Value,
    clock_ms: u64,
    tokens: Value,
    state: Map<String, Value>,
    users: Users,
}

impl Tenant {
    /// Returns the state as JSON.
    pub fn snapshot(&self) -> serde_json::Result<Vec<u8>> {
        let mut text = Vec::new();
        self.write_snapshot(&mut text)?;
        Ok(text)
    }

    /// Like [`Tenant::snapshot`], but writes the text as it is generated.
    pub fn write_snapshot(&self, to: impl std::io::Write) -> serde_json::Result<()> {
        let snapshot = SnapshotRef {
            version: VERSION,
            ids: self.ids.to_snapshot(),
            clock_ms: self.clock_ms,
            tokens: self.tokens.to_snapshot(),
            state: self.state.snapshot_without_users(),
            users: &self.state.users,
        };
        serde_json::to_writer(to, &snapshot)
    }

    /// Restores the state of a snapshot. If the snapshot cannot be read, the state does not change.
    pub fn restore(&mut self, snapshot: &[u8]) -> Result<(), String> {
        self.restore_read(serde_json::from_slice(snapshot))
    }

    /// Like [`Tenant::restore`], but reads the text as needed, and not beyond the end of the snapshot.
    pub fn read_snapshot(&mut self, from: impl std::io::Read) -> Result<(), String> {
        let mut from = serde_json::Deserializer::from_reader(from);
        self.restore_read(SnapshotOwned::deserialize(&mut from))
    }

    fn restore_read(&mut self, read: serde_json::Result<SnapshotOwned>) -> Result<(), String> {
        let snapshot = read.map_err(|error| error.to_string())?;
        if snapshot.version != VERSION {
            let version = snapshot.version;
            return Err(format!(
                "it has the version {version}, and this tenant reads {VERSION}"
            ));
        }
        let ids = Ids::from_snapshot(snapshot.ids)?;
        let tokens = Tokens::from_snapshot(snapshot.tokens)?;
        self.state = State::from_snapshot(snapshot.state, snapshot.users)?;
        self.tokens = tokens;
        self.ids = ids;
        self.clock_ms = snapshot.clock_ms;
        Ok(())
    }
}

impl Serialize for User {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut object = self.to_json(true);
        if let Some(number) = self.generated {
            object.insert(GENERATED.into(), number.into());
        }
        object.serialize(to)
    }
}

impl<'de> Deserialize<'de> for User {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut given = Value::deserialize(from)?;
        let number = given.as_object_mut().and_then(|own| own.remove(GENERATED));
        let mut user = seed::user::read(&given, 0)
            .map_err(|violation| D::Error::custom(format!("a user is not valid: {violation}")))?;
        let number = number.as_ref().and_then(Value::as_u64);
        user.generated = number.and_then(|number| u32::try_from(number).ok());
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
        Vec::deserialize(from).map(Self::from_list)
    }
}
