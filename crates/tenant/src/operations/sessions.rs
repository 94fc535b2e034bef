//! The sessions and refresh tokens of a user.

use serde_json::{Value, json};

use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::checkpoint::Checkpoint;
use crate::operations::handler::{Handler, run};
use crate::operations::reply::Reply;
use crate::schema::{Field, Format, Kind};
use crate::state::clock::iso;
use crate::state::related::{RefreshToken, Session};

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[
    (
        "users.revokeAccess",
        run(revoke_access).optional_body(&REVOKE_BODY),
    ),
    ("users.refreshToken.list", run(list_tokens)),
    ("users.refreshToken.delete", run(delete_tokens)),
    ("users.sessions.list", run(list)),
    ("users.sessions.delete", run(delete)),
];

const REVOKE_BODY: Kind = Kind::Object(&[
    Field::new("session_id", Kind::Text(0, 50, Format::Any)),
    Field::new("preserve_refresh_tokens", Kind::Bool),
]);

/// The absolute and the idle lifetime of a session.
const SESSION_MS: (u64, u64) = (604_800_000, 259_200_000);
/// The absolute and the idle lifetime of a refresh token.
const TOKEN_MS: (u64, u64) = (2_592_000_000, 1_296_000_000);

const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) Demo/1.0";

fn checkpoint(name: &str) -> Checkpoint<'_> {
    Checkpoint {
        name,
        default_take: 50,
        has_totals: true,
    }
}

fn list(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let id = call.param(0);
    let related = context.state.related(id)?;
    related.remove_ended(context.now);
    let items = related
        .sessions
        .iter()
        .map(|session| (session.id.clone(), describe_session(session, id)))
        .collect();
    checkpoint("sessions").reply(
        &call.query,
        context.config.empty_last_page,
        context.now,
        items,
    )
}

fn describe_session(session: &Session, user_id: &str) -> Value {
    let created = session.life.created_at;
    json!({
        "id": session.id,
        "user_id": user_id,
        "created_at": iso(created),
        "updated_at": iso(created),
        "authenticated_at": iso(created),
        "last_interacted_at": iso(created),
        "idle_expires_at": iso(created.saturating_add(SESSION_MS.1)),
        "expires_at": iso(created.saturating_add(SESSION_MS.0)),
        "device": {
            "initial_user_agent": AGENT,
            "initial_ip": session.ip,
            "initial_asn": "64496",
            "last_user_agent": AGENT,
            "last_ip": session.ip,
            "last_asn": "64496",
        },
        "clients": [{ "client_id": session.client_id }],
        "authentication": { "methods": [{ "name": "pwd", "timestamp": iso(created) }] },
        "cookie": { "mode": "persistent" },
        "session_metadata": null,
    })
}

fn list_tokens(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let id = call.param(0);
    let related = context.state.related(id)?;
    related.remove_ended(context.now);
    let items = related
        .refresh_tokens
        .iter()
        .map(|token| (token.id.clone(), describe_token(token, id)))
        .collect();
    checkpoint("tokens").reply(
        &call.query,
        context.config.empty_last_page,
        context.now,
        items,
    )
}

fn describe_token(token: &RefreshToken, user_id: &str) -> Value {
    let created = token.life.created_at;
    json!({
        "id": token.id,
        "user_id": user_id,
        "created_at": iso(created),
        "idle_expires_at": iso(created.saturating_add(TOKEN_MS.1)),
        "expires_at": iso(created.saturating_add(TOKEN_MS.0)),
        "last_exchanged_at": null,
        "client_id": token.client_id,
        "session_id": token.session_id,
        "rotating": token.rotating,
        "resource_servers": [
            { "audience": "https://items.example.com/", "scopes": "read:items offline_access" },
        ],
    })
}

/// Returns when a deletion takes effect.
fn end(context: &Context<'_>) -> u64 {
    context.now.saturating_add(context.config.deletion_delay_ms)
}

fn delete(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let end = end(context);
    let related = context.state.related(call.param(0))?;
    for session in &mut related.sessions {
        session.life.end(end);
    }
    Ok(Reply::json(202, json!({})))
}

fn delete_tokens(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let end = end(context);
    let related = context.state.related(call.param(0))?;
    for token in &mut related.refresh_tokens {
        token.life.end(end);
    }
    Ok(Reply::json(202, json!({})))
}

/// Ends sessions and refresh tokens. The API does not refuse an unknown user.
fn revoke_access(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let end = end(context);
    let keep_tokens = call.flag("preserve_refresh_tokens").unwrap_or(false);
    let only = call.text("session_id");
    if let Ok(related) = context.state.related(call.param(0)) {
        for session in &mut related.sessions {
            if only.is_none_or(|id| id == session.id) {
                session.life.end(end);
            }
        }
        for token in &mut related.refresh_tokens {
            if !keep_tokens && (only.is_none() || only == token.session_id.as_deref()) {
                token.life.end(end);
            }
        }
    }
    Ok(Reply::empty(202))
}
