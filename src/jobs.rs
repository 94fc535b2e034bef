//! What the server works on for a while.

use auth0_users_core::{Error, operations as op};

use crate::{
    client::Client,
    types::{ExportUsers, ImportUsers, Job, JobErrors},
    users::tree,
};

/// `client.jobs()`
#[derive(Clone, Copy)]
pub struct Jobs<'a>(pub(crate) &'a Client);

tree! { Jobs:
    /// What went wrong in a job.
    errors => Errors,
    /// Users written to a file.
    users_exports => UsersExports,
    /// Users read from a file.
    users_imports => UsersImports,
    /// Mails to prove an email with.
    verification_email => VerificationEmail,
}

impl Client {
    /// What the server works on for a while.
    #[must_use]
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs(self)
    }
}

impl Jobs<'_> {
    /// Reads a job.
    ///
    /// A job is kept for a day. Fails with status 404 if there is no such job.
    ///
    /// `GET /jobs/{id}` · `create:users` or `read:users` · immediate · idempotent
    pub async fn get(&self, id: &str) -> Result<Job, Error> {
        self.0.call(&op::JOBS_GET, &[id], &()).await
    }
}

impl Errors<'_> {
    /// Reads what went wrong in a job.
    ///
    /// Gives `None` if nothing did. Fails with status 404 if there is no such job.
    ///
    /// `GET /jobs/{id}/errors` · `create:users` or `read:users` · immediate · idempotent
    pub async fn get(&self, id: &str) -> Result<Option<JobErrors>, Error> {
        self.0.call(&op::JOBS_ERRORS_GET, &[id], &()).await
    }
}

impl UsersExports<'_> {
    /// Starts a job that writes users to a file.
    ///
    /// Ask [`Jobs::get`] until it is done. A repetition would start another job. Fails with status
    /// 400 if there is no such connection.
    ///
    /// `POST /jobs/users-exports` · `read:users` · eventual · sent once
    pub async fn create(&self, what: &ExportUsers) -> Result<Job, Error> {
        let operation = &op::JOBS_USERS_EXPORTS_CREATE;
        self.0.call(operation, &[], what).await
    }
}

impl UsersImports<'_> {
    /// Starts a job that takes users into a database connection.
    ///
    /// Ask [`Jobs::get`] until it is done, then [`Errors::get`]. Two may run at a time. A
    /// repetition would start another job. Fails with status 400 if the connection is unknown or
    /// not a database, 413 if the file is too large.
    ///
    /// `POST /jobs/users-imports` · `create:users` · eventual · sent once
    pub async fn create(&self, what: &ImportUsers) -> Result<Job, Error> {
        let operation = &op::JOBS_USERS_IMPORTS_CREATE;
        self.0.call(operation, &[], what).await
    }
}

impl VerificationEmail<'_> {
    /// Sends a user a mail to prove the email with.
    ///
    /// A repetition would send another mail. Fails with status 400 if the user has no email, or the
    /// connection, identity or organization is unknown.
    ///
    /// `POST /jobs/verification-email` · `update:users` · eventual · sent once
    pub async fn create(&self, mail: &crate::types::VerificationEmail) -> Result<Job, Error> {
        let operation = &op::JOBS_VERIFICATION_EMAIL_CREATE;
        self.0.call(operation, &[], mail).await
    }
}
