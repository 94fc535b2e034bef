//! The log of the tenant.

use super::*;

answer! {
    /// An event in the log of the tenant.
    pub struct Log {
        /// When, ISO 8601; an object in some records of old.
        pub date: Option<Value>,
        /// A code such as `s` for a login, or `f` for a failed one.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// What happened.
        pub description: Option<String>,
        /// The name of the connection.
        pub connection: Option<String>,
        /// The id of the connection.
        pub connection_id: Option<String>,
        /// The id of the application.
        pub client_id: Option<String>,
        /// The name of the application.
        pub client_name: Option<String>,
        /// The address.
        pub ip: Option<String>,
        /// The host that was asked.
        pub hostname: Option<String>,
        /// The user.
        pub user_id: Option<String>,
        /// What the user goes by.
        pub user_name: Option<String>,
        /// The audience of the API.
        pub audience: Option<String>,
        /// The scopes, with spaces between.
        pub scope: Option<String>,
        /// The kind of the connection.
        pub strategy: Option<String>,
        /// The kind of that kind.
        pub strategy_type: Option<String>,
        /// The id of the event.
        pub log_id: String,
        /// Was it a mobile device?
        #[serde(rename = "isMobile")]
        pub is_mobile: Option<bool>,
        /// More, which depends on the kind.
        pub details: Option<Metadata>,
        /// The browser.
        pub user_agent: Option<String>,
        /// Fingerprints of the TLS client.
        pub security_context: Option<LogSecurityContext>,
        /// Where the address is.
        pub location_info: Option<LogLocation>,
    }

    /// Fingerprints of a TLS client.
    pub struct LogSecurityContext {
        /// By the JA3 method.
        pub ja3: Option<String>,
        /// By the JA4 method.
        pub ja4: Option<String>,
    }

    /// Where an address is.
    #[doc(alias = "LogLocationInfo")]
    pub struct LogLocation {
        /// The country in two letters.
        pub country_code: Option<String>,
        /// The country in three letters.
        pub country_code3: Option<String>,
        /// The country.
        pub country_name: Option<String>,
        /// The city.
        pub city_name: Option<String>,
        /// Degrees north.
        pub latitude: Option<f64>,
        /// Degrees east.
        pub longitude: Option<f64>,
        /// The time zone, such as `Europe/Oslo`.
        pub time_zone: Option<String>,
        /// The continent in two letters.
        pub continent_code: Option<String>,
    }
}

request! {
    /// Which events.
    #[doc(alias = "ListUserLogsRequestParameters")]
    pub struct LogsQuery {
        /// The page, from 0.
        pub page: Option<u32>,
        /// The size of a page, at most 100; 50 by default.
        pub per_page: Option<u32>,
        /// The order: a field, a colon, and `1` or `-1`.
        pub sort: Option<String>,
        /// Whether the server counts all events; it does by default.
        pub include_totals: Option<bool>,
    }
}
