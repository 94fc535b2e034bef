//! Random requests never make the tenant panic, and get responses of the API.

use auth0_users_tenant::{Config, Tenant};
use http::Request;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::client::{NOW, TestClient, encode};
use crate::random::{
    body, change, control, headers, option_name, path, query, query_text, text, value,
};

proptest! {
    #[test]
    fn requests_get_responses_of_the_api(
        requests in prop::collection::vec(
            (
                prop::sample::select(&["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "BREW"][..]),
                path(), query(), body(), headers(), prop::option::weighted(0.2, control()), any::<u32>(),
            ),
            1..8,
        ),
    ) {
        let mut client = TestClient::new(Config { users: 12, search_lag_ms: 1000, ..Config::default() });
        client.tenant.record_changes();
        for (method, path, query, body, headers, control_request, later) in requests {
            let now = NOW + u64::from(later);
            if let Some((name, body)) = control_request {
                let control = Request::post(format!("/__tenant/{name}")).body(body).unwrap();
                let status = client.tenant.handle(&control, now).status().as_u16();
                prop_assert!(status < 500, "{name} gave {status}");
            }
            let mut request = Request::builder().method(method).uri(format!("{path}?{query}"));
            for (name, value) in headers {
                request = request.header(name, value);
            }
            // An invalid request cannot be received either.
            let Ok(request) = request.body(body) else { continue };
            let outcome = client.tenant.serve(&request, now);
            let status = outcome.response.status().as_u16();
            prop_assert!((200..600).contains(&status), "{method} {path} gave {status}");
            let entry = client.tenant.journal().last().map(|entry| (entry.status, entry.fault, entry.operation));
            let is_unchanged = matches!(entry, Some((Some(own), None, _)) if own == status);
            if path.starts_with("/api/v2/") && status >= 400 && is_unchanged {
                let body: Value = serde_json::from_slice(outcome.response.body()).unwrap();
                prop_assert_eq!(&body["statusCode"], status);
                prop_assert!(body["message"].is_string());
                prop_assert!(status < 500, "{method} {path} gave {status}");
            }
        }
        // The state can be restored from a snapshot.
        let snapshot = client.tenant.snapshot().unwrap();
        client.tenant.restore(&snapshot).unwrap();
        prop_assert_eq!(client.tenant.snapshot().unwrap(), snapshot);
    }

    #[test]
    fn queries_are_searched_or_refused(q in query_text(), order in prop::option::of(text())) {
        let mut client = TestClient::new(Config { users: 12, ..Config::default() });
        let sort = order.map(|order| format!("&sort={}", encode(&order))).unwrap_or_default();
        let path = format!("/users?search_engine=v3&q={}{sort}", encode(&q));
        let status = client.get(&path).status;
        prop_assert!(status == 200 || status == 400 || status == 414);
    }

    #[test]
    fn options_are_accepted_or_refused(options in value(), name in option_name(), inner in value()) {
        for options in [options, json!({ name: inner })] {
            // More users would only take time.
            if options["users"].as_u64().is_none_or(|users| users < 1000) {
                let _ = Config::from_json(&options, NOW).map(Tenant::new);
            }
        }
    }

    #[test]
    fn invalid_lines_of_a_file_are_refused(line in prop_oneof![body(), text().prop_map(String::into_bytes), change()]) {
        let mut tenant = Tenant::new(Config { users: 3, ..Config::default() });
        tenant.replay(&line);
        prop_assert!(tenant.restore(&line).is_err());
        prop_assert!(tenant.read_snapshot(line.as_slice()).is_err());
    }
}
