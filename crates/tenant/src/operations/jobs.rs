//! Creating jobs and reading their state.

use futures_util::{FutureExt, stream};
use serde_json::{Map, Value};

use super::identities::PROVIDER;
use crate::error::{ApiError, reason};
use crate::jobs;
use crate::operations::call::{Call, Context, OperationResult};
use crate::operations::handler::{Handler, run};
use crate::operations::reply::Reply;
use crate::schema::request::{check_body, read_form};
use crate::schema::{
    CLIENT_ID, CONNECTION_ID, Field, Format, Kind, ORGANIZATION_ID, POSITIVE, TEXT, USER_ID,
    Violation,
};
use crate::state::directory::connection_not_found;
use crate::state::jobs::{Export, ExportFormat, Import, Job, Verification, Work};
use crate::state::user::User;

/// The handlers of the operations in this file.
pub(super) const HANDLERS: &[(&str, Handler)] = &[
    ("jobs.get", run(get)),
    ("jobs.errors.get", run(errors)),
    (
        "jobs.usersExports.create",
        run(export).optional_body(&EXPORT_BODY),
    ),
    ("jobs.usersImports.create", run(import).raw_body()),
    (
        "jobs.verificationEmail.create",
        run(verification_email).body(&VERIFICATION_BODY),
    ),
];

const NAME: Kind = Kind::Text(0, 100, Format::Any);

const EXPORT_BODY: Kind = Kind::Object(&[
    Field::new("connection_id", CONNECTION_ID),
    Field::new("format", Kind::Enum(&["json", "csv"])),
    Field::new("limit", POSITIVE),
    Field::new(
        "fields",
        Kind::List(
            0,
            &Kind::Object(&[
                Field::new("name", NAME).required(),
                Field::new("export_as", NAME),
            ]),
        ),
    ),
]);

/// The identity of a user in the bodies of jobs and tickets.
pub(crate) const IDENTITY: Kind = Kind::Object(&[
    Field::new("user_id", TEXT).required(),
    Field::new("provider", PROVIDER).required(),
    Field::new("connection_id", CONNECTION_ID),
]);

const VERIFICATION_BODY: Kind = Kind::Object(&[
    Field::new("user_id", USER_ID).required(),
    Field::new("client_id", CLIENT_ID),
    Field::new("identity", IDENTITY),
    Field::new("organization_id", ORGANIZATION_ID),
]);

/// The parameters of an import besides the file.
const IMPORT_FORM: Kind = Kind::Object(&[
    Field::new("connection_id", CONNECTION_ID).required(),
    Field::new("upsert", Kind::Bool),
    Field::new("external_id", TEXT),
    Field::new("send_completion_email", Kind::Bool),
]);

/// The limit of columns in a CSV file.
const MAX_COLUMNS: usize = 30;
/// The limit of the file of an import, in bytes.
const MAX_FILE: usize = 512_000;

fn get(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let polls = context.config.job_polls;
    let job =
        jobs::poll(context.state, call.param(0), polls, context.now).ok_or_else(job_not_found)?;
    let job = job.to_json_with_progress(&context.config.origin, context.now);
    Ok(Reply::json(200, job))
}

fn errors(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let job = context
        .state
        .jobs
        .get(call.param(0))
        .ok_or_else(job_not_found)?;
    if job.errors.is_empty() {
        return Ok(Reply::empty(204));
    }
    Ok(Reply::json(200, Value::Array(job.errors.clone())))
}

fn job_not_found() -> ApiError {
    ApiError::without_code(404, "The job does not exist.")
}

/// Creates a job, and returns the response.
fn start(context: &mut Context<'_>, status: u16, work: Work, fields: Map<String, Value>) -> Reply {
    let job = Job::new(
        work,
        fields,
        context.config.job_ms,
        context.now,
        context.ids,
    );
    let body = Value::Object(job.to_json());
    context.state.jobs.add(job);
    Reply::json(status, body)
}

fn verification_email(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let user = context
        .state
        .user(call.text("user_id").unwrap_or_default())?;
    check_verifiable(context, user, call)?;
    let work = Work::VerificationEmail(Verification {
        user_id: user.user_id.to_string(),
        identity: identity_index(context, user, call)?,
    });
    Ok(start(context, 201, work, Map::new()))
}

/// Refuses an identity without an address that a mail can verify.
pub(crate) fn check_verifiable(
    context: &Context<'_>,
    user: &User,
    call: &Call<'_>,
) -> Result<(), ApiError> {
    let index = identity_index(context, user, call)?;
    let directory = &context.state.directory;
    let connection = user
        .identities
        .get(index)
        .and_then(|identity| directory.connection(&identity.connection))
        .ok_or_else(connection_not_found)?;
    if !connection.is_database() || !connection.enabled {
        return Err(ApiError::not_supported(
            "The connection must be an enabled database connection.",
        ));
    }
    if user.profile_of(index).email.is_none() {
        return Err(ApiError::not_supported("The user has no email address."));
    }
    check_organization(context, user, call)
}

/// Returns the position of the identity that the body names; by default the primary one.
pub(crate) fn identity_index(
    context: &Context<'_>,
    user: &User,
    call: &Call<'_>,
) -> Result<usize, ApiError> {
    let Some(wanted) = call.body.get("identity") else {
        return Ok(0);
    };
    let text = |name: &str| wanted.get(name).and_then(Value::as_str);
    let connection = text("connection_id")
        .map(|id| context.state.directory.connection_by_id(id))
        .transpose()?;
    user.identities
        .iter()
        .position(|own| {
            Some(&*own.user_id) == text("user_id")
                && Some(&*own.provider) == text("provider")
                && connection.is_none_or(|connection| *connection.name == *own.connection)
        })
        .ok_or_else(|| ApiError::without_code(400, "The user has no such identity."))
}

/// Refuses an organization that does not exist, or that the user is not a member of.
pub(crate) fn check_organization(
    context: &Context<'_>,
    user: &User,
    call: &Call<'_>,
) -> Result<(), ApiError> {
    let Some(id) = call.text("organization_id") else {
        return Ok(());
    };
    if context.state.directory.organization(id).is_none() {
        return Err(ApiError::without_code(
            400,
            "The organization does not exist.",
        ));
    }
    let organizations = context.state.organizations(user);
    if organizations.iter().any(|own| own == id) {
        return Ok(());
    }
    Err(ApiError::without_code(
        400,
        "The user is not a member of the organization.",
    ))
}

pub(crate) fn export(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let directory = &context.state.directory;
    let connection = call
        .text("connection_id")
        .map(|id| directory.connection_by_id(id))
        .transpose()?;
    let format = match call.text("format") {
        Some("json") => ExportFormat::Json,
        _ => ExportFormat::Csv,
    };
    let columns: Vec<(String, String)> = call
        .list("fields")
        .iter()
        .filter_map(|field| {
            let name = field.get("name")?.as_str()?;
            let renamed = field.get("export_as").and_then(Value::as_str);
            Some((name.to_owned(), renamed.unwrap_or(name).to_owned()))
        })
        .collect();
    if format == ExportFormat::Csv && columns.len() > MAX_COLUMNS {
        let message = format!(
            "Array is too long ({}), maximum {MAX_COLUMNS}",
            columns.len()
        );
        return Err(ApiError::invalid_body(
            Violation::new("ARRAY_LENGTH_LONG", message).on("fields"),
        ));
    }
    let mut fields = call.body.as_object().cloned().unwrap_or_default();
    fields.insert("format".into(), format.extension().into());
    if let Some(connection) = connection {
        fields.insert("connection".into(), connection.name.clone().into());
    }
    let limit = call.body.get("limit").and_then(Value::as_u64);
    let work = Export {
        connection: connection.map(|connection| connection.name.clone()),
        format,
        limit: limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX)),
        columns,
    };
    Ok(start(context, 200, Work::Export(work), fields))
}

fn import(context: &mut Context<'_>, call: &Call<'_>) -> OperationResult {
    let Parts { form, users } = parts(call)?;
    check_body(&IMPORT_FORM, &form)?;
    let users = users
        .filter(|users| !users.is_empty())
        .ok_or_else(|| ApiError::without_code(400, "The users file is missing or empty."))?;
    if users.len() > MAX_FILE {
        return Err(ApiError::without_code(
            413,
            format!("Payload content length greater than maximum allowed: {MAX_FILE}"),
        ));
    }
    let Ok(Value::Array(users)) = serde_json::from_slice(&users) else {
        return Err(ApiError::without_code(
            400,
            "The users file is not a JSON list.",
        ));
    };
    let text = |name: &str| form.get(name).and_then(Value::as_str);
    let id = text("connection_id").unwrap_or_default();
    let connection = context.state.directory.connection_by_id(id)?;
    if !connection.is_database() || !connection.enabled {
        return Err(ApiError::not_supported(
            "The connection must be an enabled database connection.",
        ));
    }
    if !context.state.jobs.accepts_import() {
        return Err(ApiError::new(
            429,
            "too_many_requests",
            "There are 2 active import users jobs already.",
        ));
    }
    let mut fields = Map::new();
    fields.insert("connection_id".into(), connection.id.clone().into());
    fields.insert("connection".into(), connection.name.clone().into());
    if let Some(external) = text("external_id") {
        fields.insert("external_id".into(), external.into());
    }
    let work = Import {
        connection: connection.name.clone(),
        users,
        upsert: form.get("upsert").and_then(Value::as_bool).unwrap_or(false),
    };
    Ok(start(context, 202, Work::Import(work), fields))
}

/// The parts of a multipart body.
struct Parts {
    form: Value,
    users: Option<Vec<u8>>,
}

/// Parses a multipart body. The whole body is in memory, so the parser never waits.
fn parts(call: &Call<'_>) -> Result<Parts, ApiError> {
    let boundary = multer::parse_boundary(call.content_type)
        .map_err(|_| ApiError::without_code(415, reason(415)))?;
    let body = call.raw_body.to_vec();
    let body = stream::once(async move { Ok::<_, std::convert::Infallible>(body) });
    let mut multipart = multer::Multipart::new(body, boundary);
    let read = async {
        let (mut fields, mut users) = (Vec::new(), None);
        while let Some(field) = multipart.next_field().await? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await?;
            if name == "users" {
                users = Some(bytes.to_vec());
            } else {
                fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        Ok::<_, multer::Error>((fields, users))
    };
    match read.now_or_never() {
        Some(Ok((fields, users))) => Ok(Parts {
            form: read_form(&IMPORT_FORM, fields),
            users,
        }),
        _ => Err(ApiError::without_code(
            400,
            "Invalid multipart payload format",
        )),
    }
}
