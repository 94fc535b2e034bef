//! One user by what is unique.

use alloc::{string::String, vec::Vec};
use core::fmt;

use super::{Work, found};
use crate::{
    client::Client,
    error::Error,
    search::eq,
    types::{ListUsers, User},
    users::Users,
};

/// What a user is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindBy<'a> {
    /// The id with its provider.
    Id(&'a str),
    /// The email, as it is given, and if nobody has it so, in lower case.
    Email(&'a str),
    /// The phone number: digits after a `+`, at most 15.
    Phone(&'a str),
}

/// Why a user was not found.
#[derive(Clone, Debug)]
pub enum FindError {
    /// Several have it: these ids.
    Ambiguous(Vec<String>),
    /// A call failed, or an argument was refused.
    Call(Error),
}

impl From<Error> for FindError {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl fmt::Display for FindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ambiguous(ids) => {
                f.write_str("several users have it: ")?;
                f.write_str(&ids.join(", "))?;
                f.write_str("; use one of these ids")
            }
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for FindError {}

/// How an email is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmailCase {
    /// Upper and lower case count.
    #[default]
    Exact,
    /// They do not.
    Smart,
}

/// By which rule a user was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchRule {
    /// The email as it was given. At once consistent, as is the next.
    Exact,
    /// The email in lower case, as Auth0's own database stores it.
    LowerCase,
    /// A search, which does not see what was changed in the last seconds.
    Search,
}

/// A user with an email, and how it was found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EmailMatch {
    /// The user.
    pub user: User,
    /// The first rule that found it.
    pub rule: MatchRule,
}

/// The first users that a search finds.
pub(super) async fn search(client: &Client, field: &str, value: &str) -> Result<Vec<User>, Error> {
    let query = ListUsers {
        q: eq(field, value)?.into(),
        per_page: Some(100),
        ..ListUsers::default()
    };
    Ok(client.users().list(&query).await?.items)
}

fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

impl Users<'_> {
    /// Finds a user by what is unique; `None` if there is none.
    ///
    /// By id (`GET /users/{id}`) and by email (`GET /users-by-email`) the answer is consistent at
    /// once. By phone number it is not: the API has only the search for it (`GET /users`), which a
    /// user appears in after some seconds, and which knows the phone number of the primary account
    /// alone. Several are an error that names them.
    pub async fn find(&self, by: FindBy<'_>) -> Result<Option<User>, FindError> {
        let work = Work::new(self.0, false);
        let mut users = match by {
            FindBy::Id(id) => {
                let user = found(work.client().users().get(id).await)?;
                user.into_iter().collect()
            }
            FindBy::Email(email) => {
                let lower = email.to_lowercase();
                let exact = work.client().users().list_users_by_email(email).await?;
                if exact.is_empty() && lower != email {
                    work.client().users().list_users_by_email(&lower).await?
                } else {
                    exact
                }
            }
            FindBy::Phone(phone) => {
                if !is_phone(phone) {
                    let fault = "must be digits after a +, such as +12025550123";
                    return Err(Error::invalid("phone", fault).into());
                }
                let mut users = search(&work.client(), "phone_number", phone).await?;
                users.retain(|user| user.phone_number.as_deref() == Some(phone));
                users
            }
        };
        if users.len() > 1 {
            let ids = users.into_iter().map(|user| user.user_id).collect();
            return Err(FindError::Ambiguous(ids));
        }
        Ok(users.pop())
    }

    /// Finds the users with an email (`GET /users-by-email`), and with [`EmailCase::Smart`] also
    /// those whose email is the same but for upper and lower case, by asking for it in lower case and
    /// by a search (`GET /users`). Each user is there once.
    pub async fn find_by_email(
        &self,
        email: &str,
        case: EmailCase,
    ) -> Result<Vec<EmailMatch>, Error> {
        let work = Work::new(self.0, false);
        let lower = email.to_lowercase();
        let exact = work.client().users().list_users_by_email(email).await?;
        let mut answers = alloc::vec![(MatchRule::Exact, exact)];
        if case == EmailCase::Smart {
            if lower != email {
                let users = work.client().users().list_users_by_email(&lower).await?;
                answers.push((MatchRule::LowerCase, users));
            }
            let users = search(&work.client(), "email", email).await?;
            answers.push((MatchRule::Search, users));
        }
        let mut matches: Vec<EmailMatch> = Vec::new();
        for (rule, users) in answers {
            for user in users {
                // A search goes by its own idea of what is the same.
                let own = user.email.as_deref().map(str::to_lowercase);
                let is_known = matches.iter().any(|one| one.user.user_id == user.user_id);
                if own.as_ref() == Some(&lower) && !is_known {
                    matches.push(EmailMatch { user, rule });
                }
            }
        }
        Ok(matches)
    }
}
