//! Grants of bearer tokens, and the scopes that operations require.

use crate::error::ApiError;
use crate::state::snapshot::snapshot;

/// The scopes that an operation requires.
#[derive(Clone, Copy, Debug)]
pub enum Scopes {
    /// At least one of them.
    Any(&'static [&'static str]),
    /// All of them.
    All(&'static [&'static str]),
}

/// What a bearer token permits.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// All scopes if missing.
    pub scopes: Option<Vec<String>>,
    /// The user that the token was issued to.
    pub subject: Option<String>,
    pub expires_at: Option<u64>,
}

impl Grant {
    /// Returns a grant with all scopes that does not expire.
    pub(crate) fn full() -> Self {
        Self {
            scopes: None,
            subject: None,
            expires_at: None,
        }
    }

    pub(crate) fn has(&self, scope: &str) -> bool {
        self.scopes
            .as_ref()
            .is_none_or(|scopes| scopes.iter().any(|own| own == scope))
    }

    /// Refuses an operation that requires other scopes, or that is on another user than the subject.
    pub(crate) fn check(&self, required: Scopes, user_id: Option<&str>) -> Result<(), ApiError> {
        match required {
            Scopes::All(list) => {
                if list.iter().all(|scope| self.has(scope)) {
                    return Ok(());
                }
                Err(insufficient_scope("all", list))
            }
            Scopes::Any(list) => {
                let of_all_users = |scope: &&&str| !scope.contains(":current_user");
                if list
                    .iter()
                    .filter(of_all_users)
                    .any(|scope| self.has(scope))
                {
                    return Ok(());
                }
                if !list.iter().any(|scope| self.has(scope)) {
                    return Err(insufficient_scope("any", list));
                }
                if self.subject.is_some() && self.subject.as_deref() == user_id {
                    return Ok(());
                }
                Err(ApiError::new(
                    403,
                    "unowned_resource",
                    "User to be acted on does not match subject in bearer token.",
                ))
            }
        }
    }
}

/// The refusal of a token that lacks the scopes of an operation or a property.
pub(crate) fn insufficient_scope(how_many: &str, list: &[&str]) -> ApiError {
    ApiError::new(
        403,
        "insufficient_scope",
        format!(
            "Insufficient scope, expected {how_many} of: {}",
            list.join(",")
        ),
    )
}

snapshot!(Grant {
    scopes,
    subject,
    expires_at
});
