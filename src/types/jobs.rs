//! What the server works on for a while.

use super::*;

answer! {
    /// A job.
    #[doc(alias = "GetJobResponseContent")]
    #[doc(alias = "GetJobGenericErrorResponseContent")]
    #[doc(alias = "CreateExportUsersResponseContent")]
    #[doc(alias = "CreateImportUsersResponseContent")]
    #[doc(alias = "CreateVerificationEmailResponseContent")]
    pub struct Job {
        /// The id, such as `job_0000000000000001`.
        pub id: String,
        /// What kind of job it is, such as `users_import`.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// How far it is, such as `pending` or `completed`.
        pub status: Option<String>,
        /// When it was started, ISO 8601.
        pub created_at: Option<String>,
        /// The id of the connection.
        pub connection_id: Option<String>,
        /// The name of the connection.
        pub connection: Option<String>,
        /// Where the file of a finished export is; good for a minute.
        pub location: Option<String>,
        /// How far it is.
        pub percentage_done: Option<u64>,
        /// How long it will take.
        pub time_left_seconds: Option<u64>,
        /// The format of an export: `json` or `csv`.
        pub format: Option<String>,
        /// What there is to say about it.
        pub status_details: Option<String>,
        /// What an import has done.
        pub summary: Option<JobSummary>,
        /// How many users an export writes at most.
        pub limit: Option<u64>,
        /// The fields that an export writes.
        pub fields: Option<Vec<ExportField>>,
        /// Your own name for an import.
        pub external_id: Option<String>,
    }

    /// What an import has done.
    #[doc(alias = "GetJobSummary")]
    pub struct JobSummary {
        /// How many users were refused.
        pub failed: Option<u64>,
        /// How many users were changed.
        pub updated: Option<u64>,
        /// How many users were created.
        pub inserted: Option<u64>,
        /// How many users there were.
        pub total: Option<u64>,
    }

    /// A user that was not imported, and why.
    #[doc(alias = "GetJobErrorResponseContent")]
    pub struct UserErrors {
        /// The user as it was in the file.
        pub user: Option<Metadata>,
        /// What was wrong.
        pub errors: Option<Vec<UserError>>,
    }

    /// What was wrong with a user.
    #[doc(alias = "GetJobImportUserError")]
    pub struct UserError {
        /// The kind, such as `INVALID_FORMAT`.
        pub code: Option<String>,
        /// What was wrong.
        pub message: Option<String>,
        /// Where.
        pub path: Option<String>,
    }
}

/// What went wrong in a job.
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

request! {
    /// Users to import.
    #[doc(alias = "CreateImportUsersRequestContent")]
    pub struct ImportUsers {
        /// The users, at most 500 kB of them as JSON.
        pub users: Vec<Value>,
        /// The id of the database connection.
        pub connection_id: String,
        /// Whether users that exist are changed; their metadata are replaced, not merged.
        pub upsert: Option<bool>,
        /// Your own name for the job.
        pub external_id: Option<String>,
        /// Whether the owners of the tenant get a mail when it is done; they do by default.
        pub send_completion_email: Option<bool>,
    }
}

request! {
    /// Which users to export, and how.
    #[doc(alias = "CreateExportUsersRequestContent")]
    pub struct ExportUsers {
        /// The connection; all of them by default.
        pub connection_id: Option<String>,
        /// `json` or `csv`.
        pub format: Option<String>,
        /// How many users at most.
        pub limit: Option<u64>,
        /// The fields to write; at most 30 for `csv`.
        pub fields: Vec<ExportField>,
    }

    /// Whose email is to be proved.
    #[doc(alias = "CreateVerificationEmailRequestContent")]
    pub struct VerificationEmail {
        /// The user.
        pub user_id: String,
        /// The application that the mail is sent for.
        pub client_id: Option<String>,
        /// Which account of the user.
        pub identity: Option<AccountOfUser>,
        /// The organization that the mail is sent for.
        pub organization_id: Option<String>,
    }

    /// Which account of a user is meant.
    #[doc(alias = "Identity")]
    #[doc(alias = "ChangePasswordTicketIdentity")]
    pub struct AccountOfUser {
        /// The id without its provider.
        pub user_id: String,
        /// The provider, such as `auth0`.
        pub provider: String,
        /// Which connection, where the provider has several.
        pub connection_id: Option<String>,
    }
}
