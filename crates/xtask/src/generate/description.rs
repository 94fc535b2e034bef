//! `api/operations.json`: the one description of the API. `api/README.md` documents its format.

mod check;
mod find;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::find::{bare, resource_of};

/// The whole file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// Query parameters that several operations take, by name.
    pub parameters: IndexMap<String, Parameter>,
    /// The parts of the client, by path, such as `users.roles`.
    pub resources: IndexMap<String, Resource>,
    /// The operations, by the name of their method, such as `users.roles.list`.
    pub operations: IndexMap<String, Operation>,
    /// The modules of types, by name.
    pub types: IndexMap<String, Module>,
}

/// A part of the client.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// The TypeScript class; absent of a part that has no methods.
    #[serde(default, skip_serializing_if = "is_default")]
    pub class: Option<String>,
    /// The module of the types that its operations use.
    pub module: String,
    /// Whether the class has the type parameters of `app_metadata` and `user_metadata`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub metadata: bool,
    /// One sentence.
    pub doc: Text,
}

/// An operation.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// The HTTP method, a space, and the path below the base.
    pub endpoint: String,
    /// One sentence, which begins with a verb.
    pub summary: String,
    /// What else callers have to know.
    #[serde(default, skip_serializing_if = "is_default")]
    pub description: Text,
    /// The same for Rust, where it differs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rust_description: Text,
    /// By status: when the call fails with it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub failures: IndexMap<String, String>,
    /// The types of those path parameters that are not plain strings.
    #[serde(default, skip_serializing_if = "is_default")]
    pub path: IndexMap<String, String>,
    /// The query parameters, if it takes some.
    #[serde(default, skip_serializing_if = "is_default")]
    pub query: Option<Query>,
    /// The body, if it takes one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub body: Option<Body>,
    /// What a success returns; absent if it returns nothing.
    #[serde(default, skip_serializing_if = "is_default")]
    pub response: Option<Response>,
    /// The scopes, the preferred one first.
    pub scopes: Vec<String>,
    /// Whether a token needs one of the scopes, or all of them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub needs: Needs,
    /// Where the scopes come from, if the sources differ.
    #[serde(default, skip_serializing_if = "is_default")]
    pub scope_sources: Option<ScopeSources>,
    /// When reads see a change.
    pub consistency: Consistency,
    /// Whether the client may send it again when the outcome is unknown.
    pub idempotent: Idempotent,
    /// Whether the client sends the header `auth0-custom-domain`, as the official SDK does by path.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custom_domain_header: bool,
    /// A call.
    pub example: Example,
}

/// The query parameters of an operation.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// The TypeScript type.
    #[serde(rename = "type")]
    pub name: String,
    /// The documentation of the type.
    #[serde(default, skip_serializing_if = "is_default")]
    pub doc: Text,
    /// The Rust struct; several operations may share one. Absent if Rust has no such argument.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rust: Option<String>,
    /// Whether the Rust struct borrows, and the method takes the required parameters as arguments.
    #[serde(default, skip_serializing_if = "is_default")]
    pub borrowed: bool,
    /// The parameters: the name of a shared one, or a parameter with its name. Required ones are first.
    pub parameters: Vec<QueryParameter>,
}

/// A query parameter of an operation.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum QueryParameter {
    /// One of the shared ones.
    Shared(String),
    /// Its own, or a shared one with other limits.
    Own {
        /// The name.
        name: String,
        /// What differs from the shared one.
        #[serde(flatten)]
        parameter: Box<Parameter>,
    },
}

/// What a query parameter is.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// The type; absent only where a shared parameter has it.
    #[serde(rename = "type", default, skip_serializing_if = "is_default")]
    pub kind: Option<String>,
    /// The type in TypeScript, where that is another.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ts: Option<String>,
    /// Whether it must be given.
    #[serde(default, skip_serializing_if = "is_default")]
    pub required: bool,
    /// The least value, or length.
    #[serde(default, skip_serializing_if = "is_default")]
    pub min: Option<u64>,
    /// The greatest value, or length.
    #[serde(default, skip_serializing_if = "is_default")]
    pub max: Option<u64>,
    /// The format of a text, such as `sort`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub format: Option<String>,
    /// What the client sends when the caller leaves it out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: Option<Value>,
    /// Whether the API takes it and the client does not offer it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub server_only: bool,
    /// The documentation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub doc: Text,
    /// The documentation in Rust, where it differs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rust_doc: Text,
}

/// The body of a request.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The type.
    #[serde(rename = "type")]
    pub name: String,
    /// What it is on the wire.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: BodyKind,
    /// Whether the client sends `{}` when the caller leaves it out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub optional: bool,
    /// Whether the TypeScript argument has to be given although the body is optional.
    #[serde(default, skip_serializing_if = "is_default")]
    pub declared_required: bool,
    /// Whether the Rust method calls `check()` of the body, which is written by hand, before it sends.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rust_check: bool,
}

/// What a body is on the wire.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyKind {
    /// A JSON object.
    #[default]
    Object,
    /// A JSON array.
    Array,
    /// `multipart/form-data`.
    Form,
}

/// What a success returns.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// What it is on the wire.
    pub kind: ResponseKind,
    /// The type of the whole, or of an item.
    #[serde(rename = "type")]
    pub name: String,
    /// The key of the items of a page.
    #[serde(default, skip_serializing_if = "is_default")]
    pub items: Option<String>,
    /// The type of the envelope of a page.
    #[serde(default, skip_serializing_if = "is_default")]
    pub envelope: Option<String>,
}

/// What a response is on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResponseKind {
    /// A JSON object.
    Object,
    /// A JSON array of the type.
    Array,
    /// Any JSON, or nothing.
    Any,
    /// A page of a list that is read by `page` and `per_page`.
    Offset,
    /// A page of a list that is read by `from` and `take`.
    Checkpoint,
}

/// How many of the scopes a token needs.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Needs {
    /// One of them.
    #[default]
    Any,
    /// All of them.
    All,
}

/// What each source names as the scopes of an operation.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeSources {
    /// The `security` of Auth0's OpenAPI description.
    pub openapi: Vec<String>,
    /// The text of the 403 answer.
    pub refusal: Vec<String>,
    /// What was decided, and why.
    pub decision: String,
}

/// When reads see a change.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Consistency {
    /// When the promise resolves.
    Immediate,
    /// Some seconds later.
    Eventual,
}

/// Whether an operation has the same effect twice as once.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Idempotent {
    /// `true` or `false`.
    Promised(bool),
    /// `"unpromised"`: it is, though the server does not promise it, so the client does not rely on it.
    Unpromised(Unpromised),
}

/// The word of [`Idempotent::Unpromised`].
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unpromised {
    /// The word.
    Unpromised,
}

/// A call of an operation.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The path parameters; a user id where they are left out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ids: Vec<String>,
    /// The query parameters or the body.
    #[serde(default, skip_serializing_if = "is_default")]
    pub request: Option<Value>,
    /// The name of the variable for what it returns, or for an item of it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub result: Option<String>,
}

/// Types that are declared in one file of each language.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Module {
    /// One sentence.
    pub doc: Text,
    /// The types, by their TypeScript names.
    pub types: IndexMap<String, Type>,
}

/// A type: an object with `fields`, an `enum`, or an `alias`.
#[derive(Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Type {
    /// The documentation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub doc: Text,
    /// The Rust struct; several types may share one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rust: Option<String>,
    /// The documentation of the Rust struct, where it differs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rust_doc: Text,
    /// Whether the Rust type is written by hand.
    #[serde(default, skip_serializing_if = "is_default")]
    pub by_hand: bool,
    /// Whether the Rust struct borrows, and methods take its fields as arguments.
    #[serde(default, skip_serializing_if = "is_default")]
    pub borrowed: bool,
    /// Whether it is a secret: the Rust struct has no `Debug`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub secret: bool,
    /// Whether the package does not export it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub internal: bool,
    /// The type parameters in TypeScript.
    #[serde(default, skip_serializing_if = "is_default")]
    pub generics: Option<String>,
    /// Objects whose fields it has too.
    #[serde(default, skip_serializing_if = "is_default")]
    pub extends: Vec<String>,
    /// Whether Auth0 declares that there may be further fields.
    #[serde(default, skip_serializing_if = "is_default")]
    pub open: bool,
    /// The fields, by name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub fields: Option<IndexMap<String, Field>>,
    /// The values that are known; there may be more tomorrow.
    #[serde(rename = "enum", default, skip_serializing_if = "is_default")]
    pub values: Vec<String>,
    /// Another type.
    #[serde(default, skip_serializing_if = "is_default")]
    pub alias: Option<String>,
}

/// A field of an object.
#[derive(Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Values that are known of a string that has no type of its own.
    #[serde(rename = "enum", default, skip_serializing_if = "is_default")]
    pub values: Vec<String>,
    /// The type in TypeScript, where that is another.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ts: Option<String>,
    /// The type in Rust, where it is not the usual one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rust_type: Option<String>,
    /// Whether it is always there.
    #[serde(default, skip_serializing_if = "is_default")]
    pub required: bool,
    /// Whether it may be null.
    #[serde(default, skip_serializing_if = "is_default")]
    pub nullable: bool,
    /// The documentation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub doc: Text,
    /// The documentation in Rust, where it differs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rust_doc: Text,
}

/// A text: one sentence, or a sentence each. An empty one ends a paragraph; code is fenced by lines of three backticks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// One line.
    Line(String),
    /// Several.
    Lines(Vec<String>),
}

impl Default for Text {
    fn default() -> Self {
        Self::Lines(Vec::new())
    }
}

impl Text {
    /// The lines.
    pub fn lines(&self) -> &[String] {
        match self {
            Self::Line(line) => std::slice::from_ref(line),
            Self::Lines(lines) => lines,
        }
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.lines().is_empty()
    }

    /// This text, or the other one if this is empty.
    pub fn or<'a>(&'a self, other: &'a Self) -> &'a Self {
        if self.is_empty() { other } else { self }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Description {
    /// Reads and checks the file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let description: Self =
            serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        description
            .check()
            .with_context(|| path.display().to_string())?;
        Ok(description)
    }
}
