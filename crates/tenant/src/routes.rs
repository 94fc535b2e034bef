//! Every operation in one table: adding one is a row here and a function in the file of its resource.

use serde_json::Value;

use crate::auth::{Grant, Scopes};
use crate::config::Config;
use crate::error::ApiError;
use crate::ids::Ids;
use crate::page::Query;
use crate::reply::Reply;
use crate::state::State;
use crate::users;
use crate::validate::{Field, Kind};

/// An operation of the API.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The name it has in the official client, such as `users.list`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path below the base, with parameters in braces.
    pub path: &'static str,
    /// The scopes it asks for.
    pub scopes: Scopes,
    pub(crate) query: &'static [Field],
    pub(crate) body: Body,
    pub(crate) run: Run,
}

/// What an operation reads from the body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// Nothing; whatever comes is ignored.
    None,
    /// An object of this form.
    Object(&'static [Field]),
    /// The same, or no body at all.
    Optional(&'static [Field]),
    /// A list.
    List(&'static Kind),
    /// The operation takes the bytes apart itself.
    Raw,
}

pub(crate) type Run = fn(&mut Context<'_>, &Call<'_>) -> Result<Reply, ApiError>;

/// What an operation works with.
pub(crate) struct Context<'a> {
    pub state: &'a mut State,
    pub config: &'a Config,
    pub ids: &'a mut Ids,
    pub grant: &'a Grant,
    pub now: u64,
}

/// What an operation was called with, checked against its row.
pub(crate) struct Call<'a> {
    pub path: Vec<String>,
    pub query: Query,
    pub body: Value,
    pub raw_body: &'a [u8],
    pub content_type: &'a str,
}

impl Call<'_> {
    /// A parameter of the path, by position.
    pub(crate) fn param(&self, index: usize) -> &str {
        self.path.get(index).map_or("", String::as_str)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name).and_then(Value::as_str)
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.body.get(name).and_then(Value::as_bool)
    }
}

/// The operations, in the order of the official client.
pub static OPERATIONS: &[Operation] = &[
    Operation {
        name: "users.list",
        method: "GET",
        path: "/users",
        scopes: Scopes::Any(&["read:users"]),
        query: users::LIST_QUERY,
        body: Body::None,
        run: users::list,
    },
    Operation {
        name: "users.create",
        method: "POST",
        path: "/users",
        scopes: Scopes::Any(&["create:users"]),
        query: &[],
        body: Body::Object(users::CREATE_BODY),
        run: users::create,
    },
    Operation {
        name: "users.listUsersByEmail",
        method: "GET",
        path: "/users-by-email",
        scopes: Scopes::Any(&["read:users"]),
        query: users::BY_EMAIL_QUERY,
        body: Body::None,
        run: users::by_email,
    },
    Operation {
        name: "users.get",
        method: "GET",
        path: "/users/{id}",
        scopes: Scopes::Any(&["read:users", "read:user_idp_tokens", "read:current_user"]),
        query: users::GET_QUERY,
        body: Body::None,
        run: users::get,
    },
    Operation {
        name: "users.delete",
        method: "DELETE",
        path: "/users/{id}",
        scopes: Scopes::Any(&["delete:users", "delete:current_user"]),
        query: &[],
        body: Body::None,
        run: users::delete,
    },
    Operation {
        name: "users.update",
        method: "PATCH",
        path: "/users/{id}",
        scopes: Scopes::Any(&[
            "update:users",
            "update:users_app_metadata",
            "update:current_user_metadata",
        ]),
        query: &[],
        body: Body::Optional(crate::update::BODY),
        run: crate::update::update,
    },
    Operation {
        name: "users.regenerateRecoveryCode",
        method: "POST",
        path: "/users/{id}/recovery-code-regeneration",
        scopes: Scopes::Any(&["update:users"]),
        query: &[],
        body: Body::None,
        run: users::regenerate_recovery_code,
    },
    Operation {
        name: "users.revokeAccess",
        method: "POST",
        path: "/users/{id}/revoke-access",
        scopes: Scopes::Any(&["delete:sessions", "delete:refresh_tokens"]),
        query: &[],
        body: Body::Optional(users::REVOKE_BODY),
        run: users::revoke_access,
    },
];

/// The operation for a method and the decoded segments of a path, with its parameters.
pub(crate) fn find(method: &str, segments: &[String]) -> Option<(&'static Operation, Vec<String>)> {
    OPERATIONS
        .iter()
        .filter(|operation| operation.method == method)
        .find_map(|operation| Some((operation, matched(operation.path, segments)?)))
}

fn matched(template: &str, segments: &[String]) -> Option<Vec<String>> {
    let mut given = segments.iter();
    let mut params = Vec::new();
    for part in template.split('/').skip(1) {
        let segment = given.next()?;
        if part.starts_with('{') {
            if segment.is_empty() {
                return None;
            }
            params.push(segment.clone());
        } else if part != segment {
            return None;
        }
    }
    given.next().is_none().then_some(params)
}

/// Every scope that some operation or field asks for.
pub(crate) fn every_scope() -> Vec<&'static str> {
    let mut scopes: Vec<&str> = OPERATIONS
        .iter()
        .flat_map(|operation| match operation.scopes {
            Scopes::Any(list) | Scopes::All(list) => list,
        })
        .copied()
        .collect();
    scopes.push("read:user_idp_tokens");
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}
