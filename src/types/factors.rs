//! Factors of the older kinds, and assessments of risk.

use super::*;

answer! {
    /// A factor that a user has enrolled with Guardian.
    #[doc(alias = "UsersEnrollment")]
    pub struct Enrollment {
        /// The id.
        pub id: String,
        /// `pending` or `confirmed`.
        pub status: Option<String>,
        /// The kind.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// The name.
        pub name: Option<String>,
        /// The device, by its own id.
        pub identifier: Option<String>,
        /// The phone number.
        pub phone_number: Option<String>,
        /// What it is proved with, such as `guardian`, `sms` or `webauthn-roaming`.
        pub auth_method: Option<String>,
        /// When it was enrolled, ISO 8601.
        pub enrolled_at: Option<String>,
        /// When it was last used, ISO 8601.
        pub last_auth: Option<String>,
    }
}

request! {
    /// What to forget of a user.
    #[doc(alias = "ClearAssessorsRequestContent")]
    pub struct ClearAssessors {
        /// The name of the connection.
        pub connection: String,
        /// The assessors, such as `new-device`; at least one.
        pub assessors: Vec<String>,
    }
}
