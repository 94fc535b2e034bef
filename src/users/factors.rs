//! Factors of the older kinds, and assessments of risk.

use super::*;
use auth0_users_core::{Error, operations as op};

use crate::types::{ClearAssessors, Enrollment};

impl Authenticators<'_> {
    /// Removes all one-time passwords, emails, phones and push devices of a user.
    ///
    /// `DELETE /users/{id}/authenticators` · `delete:guardian_enrollments` or `remove:authenticators` · immediate · idempotent
    pub async fn delete_all(&self, id: &str) -> Result<(), Error> {
        let operation = &op::USERS_AUTHENTICATORS_DELETE_ALL;
        self.0.call(operation, &[id], &()).await
    }
}

impl Enrollments<'_> {
    /// Reads the confirmed enrollments of a user.
    ///
    /// Gives an empty vector if there is none. `read:current_user` is for one's own. Fails with
    /// status 404 if there is no such user.
    ///
    /// `GET /users/{id}/enrollments` · `read:users` or `read:current_user` · immediate · idempotent
    pub async fn get(&self, id: &str) -> Result<Vec<Enrollment>, Error> {
        self.0.call(&op::USERS_ENROLLMENTS_GET, &[id], &()).await
    }
}

impl Multifactor<'_> {
    /// Forgets every browser on which the user need not give a second factor.
    ///
    /// `POST /users/{id}/multifactor/actions/invalidate-remember-browser` · `update:users` ·
    /// immediate · sent once, though idempotent
    pub async fn invalidate_remember_browser(&self, id: &str) -> Result<(), Error> {
        let operation = &op::USERS_MULTIFACTOR_INVALIDATE_REMEMBER_BROWSER;
        self.0.call(operation, &[id], &()).await
    }

    /// Takes a multi-factor provider of the older kind from a user.
    ///
    /// Succeeds too if the user does not have it. Fails with status 404 if there is no such user.
    ///
    /// `DELETE /users/{id}/multifactor/{provider}` · `update:users` · immediate · idempotent
    pub async fn delete_provider(&self, id: &str, provider: &str) -> Result<(), Error> {
        let operation = &op::USERS_MULTIFACTOR_DELETE_PROVIDER;
        self.0.call(operation, &[id, provider], &()).await
    }
}

impl RiskAssessments<'_> {
    /// Forgets what an assessment of risk knows of a user in a connection, such as the devices.
    ///
    /// `POST /users/{id}/risk-assessments/clear` · `update:users` · immediate · sent once, though
    /// idempotent
    pub async fn clear(&self, id: &str, what: &ClearAssessors) -> Result<(), Error> {
        let operation = &op::USERS_RISK_ASSESSMENTS_CLEAR;
        self.0.call(operation, &[id], what).await
    }
}
