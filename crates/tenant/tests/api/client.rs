//! A tenant to send requests to, without HTTP.

use auth0_users_tenant::{Config, Tenant};
use http::{Request, Response};
use serde_json::{Value, json};

/// 2026-01-01T00:00:00.000Z
pub const NOW: u64 = 1_767_225_600_000;
pub const TOKEN: &str = "tenant-demo-token";
pub const DATABASE: &str = "Username-Password-Authentication";

pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub response: Response<Vec<u8>>,
}

pub struct TestClient {
    pub tenant: Tenant,
    pub now: u64,
    pub token: String,
}

impl TestClient {
    pub fn new(config: Config) -> Self {
        Self {
            tenant: Tenant::new(config),
            now: NOW,
            token: TOKEN.into(),
        }
    }

    /// Creates a tenant without users.
    pub fn empty() -> Self {
        Self::new(Config {
            users: 0,
            ..Config::default()
        })
    }

    pub fn request(&mut self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v2{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(
                body.map(|body| body.to_string().into_bytes())
                    .unwrap_or_default(),
            )
            .unwrap();
        self.send(&request)
    }

    pub fn send(&mut self, request: &Request<Vec<u8>>) -> Answer {
        let response = self.tenant.handle(request, self.now);
        Answer {
            status: response.status().as_u16(),
            body: serde_json::from_slice(response.body()).unwrap_or(Value::Null),
            response,
        }
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.request("GET", path, None)
    }

    pub fn post(&mut self, path: &str, body: Value) -> Answer {
        self.request("POST", path, Some(body))
    }

    pub fn patch(&mut self, id: &str, body: Value) -> Answer {
        self.request("PATCH", &format!("/users/{}", encode(id)), Some(body))
    }

    pub fn delete(&mut self, path: &str) -> Answer {
        self.request("DELETE", path, None)
    }

    /// Sends a request to a control endpoint.
    pub fn control(&mut self, method: &str, name: &str, body: Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("/__tenant/{name}"))
            .body(body.to_string().into_bytes())
            .unwrap();
        self.send(&request)
    }

    pub fn user(&mut self, id: &str) -> Answer {
        self.get(&format!("/users/{}", encode(id)))
    }

    /// Creates a database user, and returns its id.
    pub fn database_user(&mut self, email: &str) -> String {
        self.create(json!({ "connection": DATABASE, "email": email, "password": "Secret-123" }))
    }

    pub fn create(&mut self, body: Value) -> String {
        let answer = self.post("/users", body);
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["user_id"].as_str().unwrap().to_owned()
    }

    /// Returns the first generated user whose primary identity is in the connection.
    pub fn seeded(&mut self, connection: &str) -> String {
        let found = self.search(&format!("identities.connection:\"{connection}\""));
        found
            .body
            .as_array()
            .unwrap()
            .iter()
            .find(|user| user["identities"][0]["connection"] == connection)
            .unwrap_or_else(|| panic!("no user in {connection}"))["user_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub fn search(&mut self, q: &str) -> Answer {
        self.get(&format!(
            "/users?per_page=100&search_engine=v3&q={}",
            encode(q)
        ))
    }
}

pub fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

impl Answer {
    /// Returns the status, code and message of an error.
    pub fn error(&self) -> (u16, &str, &str) {
        assert_eq!(self.body["statusCode"], self.status, "{}", self.body);
        (
            self.status,
            self.body["errorCode"].as_str().unwrap_or_default(),
            self.body["message"].as_str().unwrap_or_default(),
        )
    }

    pub fn header(&self, name: &str) -> &str {
        self.response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// Creates a tenant with one user, and returns the id and the path of the user too.
pub fn with_user() -> (TestClient, String, String) {
    let mut client = TestClient::empty();
    let id = client.database_user("a@example.com");
    let path = format!("/users/{}", encode(&id));
    (client, id, path)
}

/// Returns all items of a list with checkpoint pagination, and the number of requests.
pub fn all_pages(
    client: &mut TestClient,
    path: &str,
    query: &str,
    name: &str,
) -> (Vec<Value>, usize) {
    let (mut items, mut requests, mut from) = (Vec::new(), 0, String::new());
    loop {
        let answer = client.get(&format!("{path}?{query}{from}"));
        assert_eq!(answer.status, 200, "{}", answer.body);
        requests += 1;
        items.extend(answer.body[name].as_array().unwrap().iter().cloned());
        match answer.body["next"].as_str() {
            Some(next) => from = format!("&from={}", encode(next)),
            None => return (items, requests),
        }
    }
}

/// Returns the id of a connection.
pub fn connection_id(client: &TestClient, name: &str) -> String {
    let directory = client.tenant.directory();
    let connections = directory["connections"].as_array().unwrap();
    let found = connections.iter().find(|own| own["name"] == name).unwrap();
    found["id"].as_str().unwrap().to_owned()
}
