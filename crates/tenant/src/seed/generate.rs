//! Generates the state of a new tenant.

use super::directory::directory;
use super::person::person;
use crate::state::generated::{factor, ip};
use crate::state::ids::Ids;
use crate::state::store::Users;
use crate::state::{Block, State};

/// Generates the directory and the users of a tenant. They follow from the seed, which `ids` starts from.
pub(crate) fn generate(count: usize, seed: u64, ids: &mut Ids) -> State {
    let mut state = State::default();
    state.directory = directory(ids);
    state.seed = seed;
    let mut users = Vec::with_capacity(count);
    for number in (0..u32::MAX).take(count) {
        let mut user = person(number, ids);
        if factor(&user, number, seed) == Some("totp") {
            user.multifactor = vec!["google-authenticator".to_owned()];
            user.multifactor_last_modified = Some(user.created_at);
        }
        user.generated = Some(number);
        if ids.chance(2)
            && let (Some(email), Some(identity)) = (&user.profile.email, user.identities.first())
        {
            state.blocks.push(Block {
                identifier: email.to_string(),
                ip: Some(ip(ids)),
                connection: identity.connection.to_string(),
            });
        }
        users.push(user);
    }
    state.users = Users::from_list(users);
    state
}
