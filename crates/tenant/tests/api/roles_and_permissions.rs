//! Roles and permissions.

use auth0_users_tenant::Config;
use serde_json::{Value, json};

use crate::client::{TestClient, encode, with_user};

const ITEMS: &str = "https://items.example.com/";

fn role(client: &TestClient, name: &str) -> String {
    let directory = client.tenant.directory();
    let roles = directory["roles"].as_array().unwrap();
    let role = roles.iter().find(|role| role["name"] == name).unwrap();
    role["id"].as_str().unwrap().to_owned()
}

/// Row 9.1.
#[test]
fn an_assigned_role_is_listed_until_it_is_removed() {
    let (mut client, _, path) = with_user();
    let (viewer, editor) = (role(&client, "viewer"), role(&client, "editor"));
    let roles = format!("{path}/roles");
    for _ in 0..2 {
        let answer = client.post(&roles, json!({ "roles": [viewer, editor] }));
        assert_eq!((answer.status, answer.response.body().len()), (204, 0));
    }
    assert_eq!(
        client.get(&roles).body[0],
        json!({ "id": viewer, "name": "viewer", "description": "Looks at items" })
    );
    let answer = client.get(&format!("{roles}?include_totals=true&per_page=1&page=1"));
    assert_eq!(
        (
            &answer.body["start"],
            &answer.body["limit"],
            &answer.body["total"]
        ),
        (&json!(1), &json!(1), &json!(2))
    );
    assert!(answer.body.get("length").is_none());
    assert_eq!(answer.body["roles"][0]["id"], editor.as_str());
    let answer = client.request("DELETE", &roles, Some(json!({ "roles": [viewer] })));
    assert_eq!(answer.status, 204);
    assert_eq!(client.get(&roles).body.as_array().unwrap().len(), 1);
    assert_eq!(client.get(&format!("{roles}?per_page=0")).status, 400);
    assert_eq!(
        client.post(&roles, json!({ "roles": [] })).error().2,
        "Payload validation error: 'Array is too short (0), minimum 1' on property roles."
    );
    let answer = client.post(&roles, json!({ "roles": ["rol_unknown"] }));
    assert_eq!(
        (answer.status, answer.error().1),
        (404, ""),
        "without an errorCode"
    );
}

/// Row 9.2.
#[test]
fn permissions_are_granted_directly_or_by_roles() {
    let (mut client, _, path) = with_user();
    let permissions = format!("{path}/permissions");
    let body = |name: &str| {
        json!({
            "permissions": [{ "resource_server_identifier": ITEMS, "permission_name": name }],
        })
    };
    let answer = client.post(&permissions, body("read:items"));
    assert_eq!((answer.status, answer.body), (201, json!({})));
    assert_eq!(
        client.get(&permissions).body,
        json!([{
            "resource_server_identifier": ITEMS,
            "permission_name": "read:items",
            "resource_server_name": "Items",
            "description": "Read items",
            "sources": [{ "source_id": "", "source_name": "", "source_type": "DIRECT" }],
        }])
    );
    let editor = role(&client, "editor");
    client.post(&format!("{path}/roles"), json!({ "roles": [editor] }));
    let listed = client.get(&permissions).body;
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_eq!(
        listed[0]["sources"][1],
        json!({ "source_id": editor, "source_name": "editor", "source_type": "ROLE" })
    );
    let answer = client.post(&permissions, body("fly:items"));
    assert_eq!(answer.status, 404);
    assert_eq!(answer.error().1, "inexistent_resource_server_permission");
    assert!(answer.error().2.contains("fly:items") && answer.error().2.contains(ITEMS));
    let answer = client.request("DELETE", &permissions, Some(body("read:items")));
    assert_eq!(answer.status, 204);
    assert_eq!(
        client.get(&permissions).body[0]["sources"][0]["source_type"],
        "ROLE"
    );
}

/// Row 9.3.
#[test]
fn effective_roles_include_those_of_groups() {
    let mut client = TestClient::new(Config::default());
    let directory = client.tenant.directory();
    let group = &directory["groups"][0];
    let editor = role(&client, "editor");
    assert_eq!(group["roles"], json!([editor]));
    let found = client.search("identities.provider:samlp");
    let path = found
        .body
        .as_array()
        .unwrap()
        .iter()
        .map(|user| format!("/users/{}", encode(user["user_id"].as_str().unwrap())))
        .find(|path| {
            let groups = client.get(&format!("{path}/groups")).body;
            groups
                .as_array()
                .unwrap()
                .iter()
                .any(|own| own["id"] == group["id"])
        })
        .unwrap();
    let direct = client.get(&format!("{path}/roles")).body;
    let ids: Vec<Value> = direct
        .as_array()
        .unwrap()
        .iter()
        .map(|role| role["id"].clone())
        .collect();
    client.request(
        "DELETE",
        &format!("{path}/roles"),
        Some(json!({ "roles": ids })),
    );

    let roles = client.get(&format!("{path}/effective-roles")).body["roles"].clone();
    let own = roles
        .as_array()
        .unwrap()
        .iter()
        .find(|role| role["id"] == editor.as_str())
        .unwrap();
    assert_eq!(own["sources"], json!(["groups"]));
    client.post(&format!("{path}/roles"), json!({ "roles": [editor] }));
    let roles = client.get(&format!("{path}/effective-roles")).body["roles"].clone();
    let own = roles
        .as_array()
        .unwrap()
        .iter()
        .find(|role| role["id"] == editor.as_str())
        .unwrap();
    assert_eq!(own["sources"], json!(["direct", "groups"]));

    let groups = client.get(&format!(
        "{path}/effective-roles/sources/groups?role_id={editor}"
    ));
    assert_eq!(groups.body["groups"][0]["id"], group["id"]);
    let answer = client.get(&format!(
        "{path}/effective-roles/sources/groups?role_id=rol_x"
    ));
    assert_eq!(answer.status, 404);
    assert_eq!(
        client
            .get(&format!("{path}/effective-roles/sources/groups"))
            .status,
        400
    );

    let query = format!("resource_server_identifier={}", encode(ITEMS));
    let answer = client.get(&format!("{path}/effective-permissions?{query}"));
    let names: Vec<_> = answer.body["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| &own["permission_name"])
        .collect();
    assert!(names.contains(&&json!("write:items")));
    assert_eq!(
        client.get(&format!("{path}/effective-permissions")).status,
        400
    );
    let answer = client.get(&format!(
        "{path}/effective-permissions/sources/effective-roles?{query}&permission_name=write%3Aitems"
    ));
    assert_eq!(answer.body["roles"][0]["type"], "tenant");
    assert_eq!(
        answer.body["roles"][0]["sources"],
        json!(["direct", "groups"])
    );
}
