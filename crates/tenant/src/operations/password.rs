//! The password policy of the database connections.

use crate::error::ApiError;

/// Refuses passwords with fewer than eight characters or fewer than three of the four character classes.
pub(crate) fn check(password: &str) -> Result<(), ApiError> {
    let has = |class: fn(char) -> bool| password.chars().any(class);
    let classes = [
        has(|c| c.is_lowercase()),
        has(|c| c.is_uppercase()),
        has(|c| c.is_ascii_digit()),
        has(|c| !c.is_alphanumeric()),
    ];
    let strong = password.chars().count() >= 8 && classes.iter().filter(|has| **has).count() >= 3;
    if strong {
        Ok(())
    } else {
        Err(ApiError::new(
            400,
            "auth0_idp_error",
            "PasswordStrengthError: Password is too weak",
        ))
    }
}
