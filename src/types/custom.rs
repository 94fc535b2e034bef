//! Types and checks that the description of the API marks as written by hand.

use auth0_users_core::Error;

use super::identities::{LinkAccount, LinkToken};
use super::jobs::{Job, UserErrors};
use super::users::UpdateUser;
use super::wire::*;

/// The account to link to a user.
#[doc(alias = "LinkUserIdentityRequestContent")]
#[derive(Clone, Serialize)]
#[serde(untagged)]
pub enum LinkIdentity {
    /// Identified by its id.
    Account(LinkAccount),
    /// Proved by an ID token of its user.
    Token(LinkToken),
}

/// The errors of a job.
#[doc(alias = "ErrorsGetResponse")]
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum JobErrors {
    /// Some users were not imported.
    Users(Vec<UserErrors>),
    /// The job as a whole failed.
    Job(Box<Job>),
}

/// A field of a user to export.
#[doc(alias = "CreateExportUsersFields")]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExportField {
    /// The field, such as `user_id` or `app_metadata.plan`.
    pub name: String,
    /// Its name in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub export_as: Option<String>,
}

impl From<&str> for ExportField {
    fn from(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            export_as: None,
        }
    }
}

impl UpdateUser {
    /// Fails for empty metadata, which would remove all of it.
    pub(crate) fn check(&self) -> Result<(), Error> {
        for (name, metadata) in [
            ("user_metadata", &self.user_metadata),
            ("app_metadata", &self.app_metadata),
        ] {
            if metadata.as_ref().is_some_and(Metadata::is_empty) {
                let fault = "is {}, which removes all of it: leave it out, or clear it with Client::request";
                return Err(Error::invalid(name, fault));
            }
        }
        Ok(())
    }
}
