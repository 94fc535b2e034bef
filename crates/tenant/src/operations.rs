//! The operations of the API, one file per resource, and what they share.

mod authentication_methods;
pub(crate) mod call;
pub(crate) mod checkpoint;
mod connected_accounts;
mod effective;
mod factors;
mod groups;
pub(crate) mod handler;
mod identities;
mod jobs;
mod logs;
mod metadata;
mod organizations;
pub(crate) mod page;
mod password;
mod permissions;
pub(crate) mod reply;
mod roles;
mod sessions;
mod tickets;
mod update;
mod user_blocks;
mod user_body;
mod users;

use self::handler::Handler;

/// The handlers of each file, by the names of the operations.
const HANDLERS: &[&[(&str, Handler)]] = &[
    authentication_methods::HANDLERS,
    connected_accounts::HANDLERS,
    effective::HANDLERS,
    factors::HANDLERS,
    groups::HANDLERS,
    identities::HANDLERS,
    jobs::HANDLERS,
    logs::HANDLERS,
    organizations::HANDLERS,
    permissions::HANDLERS,
    roles::HANDLERS,
    sessions::HANDLERS,
    tickets::HANDLERS,
    update::HANDLERS,
    user_blocks::HANDLERS,
    users::HANDLERS,
];

/// Returns the handler of the operation with this name.
pub(crate) fn handler(name: &str) -> Option<Handler> {
    let mut handlers = HANDLERS.iter().copied().flatten();
    let (_, handler) = handlers.find(|(own, _)| *own == name)?;
    Some(*handler)
}

#[cfg(test)]
mod tests {
    use super::HANDLERS;
    use crate::routes::OPERATIONS;

    #[test]
    fn each_operation_has_one_handler() {
        let mut operations: Vec<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
        let handlers = HANDLERS.iter().copied().flatten();
        let mut handlers: Vec<_> = handlers.map(|(name, _)| *name).collect();
        operations.sort_unstable();
        handlers.sort_unstable();
        assert_eq!(operations, handlers);
    }
}
