//! Links that let a user do one thing.

use auth0_users_core::{Error, operations as op};

use crate::{
    client::Client,
    types::{ChangePasswordTicket, Ticket, VerifyEmailTicket},
};

/// `client.tickets()`
#[derive(Clone, Copy)]
pub struct Tickets<'a>(pub(crate) &'a Client);

impl Client {
    /// Links that let a user do one thing.
    #[must_use]
    pub fn tickets(&self) -> Tickets<'_> {
        Tickets(self)
    }
}

impl Tickets<'_> {
    /// Makes a link by which a user proves the email.
    ///
    /// Fails with status 400 if the user has no email, or the connection, identity, application or
    /// organization is unknown, 404 if there is no such user.
    ///
    /// `POST /tickets/email-verification` · `create:user_tickets` · immediate · sent once
    pub async fn verify_email(&self, what: &VerifyEmailTicket) -> Result<Ticket, Error> {
        self.0.call(&op::TICKETS_VERIFY_EMAIL, &[], what).await
    }

    /// Makes a link by which a user sets a new password.
    ///
    /// Fails with status 400 if the connection has no passwords, or the connection, identity,
    /// application or organization is unknown, 404 if there is no such user.
    ///
    /// `POST /tickets/password-change` · `create:user_tickets` · immediate · sent once
    pub async fn change_password(&self, what: &ChangePasswordTicket) -> Result<Ticket, Error> {
        self.0.call(&op::TICKETS_CHANGE_PASSWORD, &[], what).await
    }
}
