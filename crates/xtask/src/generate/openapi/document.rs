//! An OpenAPI document: its operations, and its schemas as plain shapes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// How deep schemas nest at most; a recursive one ends there.
const DEPTH: usize = 12;

/// The methods of HTTP that a path may have.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The document.
pub struct Document(Value);

/// What values a schema allows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// The kinds of JSON, without null.
    pub kinds: BTreeSet<String>,
    /// Whether null is allowed.
    pub nullable: bool,
    /// The values of an enum; empty if all are allowed.
    pub values: Vec<String>,
    /// The properties of an object, each with whether it is required.
    pub fields: IndexMap<String, (Shape, bool)>,
    /// The items of an array.
    pub items: Option<Box<Shape>>,
    /// Whether an object may have further properties.
    pub open: bool,
    /// The limits of a number, or of the length of a text.
    pub limits: [Option<u64>; 2],
    /// The description.
    pub doc: Option<String>,
    /// The name of the schema.
    pub name: Option<String>,
}

/// An operation of the document.
#[derive(Debug)]
pub struct Endpoint {
    /// The method and the path.
    pub endpoint: String,
    /// One sentence.
    pub summary: Option<String>,
    /// The query parameters, each with whether it is required.
    pub query: IndexMap<String, (Shape, bool)>,
    /// The JSON body, with whether it is required.
    pub body: Option<(Shape, bool)>,
    /// Whether the body is a form.
    pub is_form: bool,
    /// What a success returns.
    pub response: Option<Shape>,
    /// The scopes.
    pub scopes: Vec<String>,
}

impl Document {
    /// Reads a file of JSON or YAML.
    pub fn read(file: &Path) -> Result<Self> {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let value = if text.trim_start().starts_with('{') {
            serde_json::from_str(&text).with_context(|| file.display().to_string())?
        } else {
            let yaml: yaml_serde::Value =
                yaml_serde::from_str(&text).with_context(|| file.display().to_string())?;
            json(yaml)
        };
        let document = Self(value);
        if !document.0.get("paths").is_some_and(Value::is_object) {
            bail!(
                "{} is not an OpenAPI document: it has no paths",
                file.display()
            );
        }
        Ok(document)
    }

    /// The operations below the paths that the description is about.
    pub fn endpoints(&self) -> Vec<Endpoint> {
        let paths = self.0.get("paths").and_then(Value::as_object);
        let mut endpoints = Vec::new();
        for (path, item) in paths.into_iter().flatten() {
            if !super::concerns(path) {
                continue;
            }
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    endpoints.push(self.endpoint(path, item, method, operation));
                }
            }
        }
        endpoints
    }

    fn endpoint(&self, path: &str, item: &Value, method: &str, operation: &Value) -> Endpoint {
        let mut query = IndexMap::new();
        for parameter in list(item, "parameters").chain(list(operation, "parameters")) {
            let parameter = self.resolved(parameter);
            let name = parameter.get("name").and_then(Value::as_str);
            if parameter.get("in").and_then(Value::as_str) == Some("query")
                && let Some(name) = name
            {
                let mut shape = parameter
                    .get("schema")
                    .map_or_else(Shape::default, |schema| self.shape(schema, DEPTH));
                shape.doc = text(parameter, "description").or(shape.doc);
                // A parameter that is not sent is how a query says null.
                shape.nullable = false;
                query.insert(name.to_owned(), (shape, flag(parameter, "required")));
            }
        }
        let body = operation.get("requestBody").map(|body| self.resolved(body));
        let contents = body.and_then(|body| body.get("content"));
        let is_form =
            contents.is_some_and(|contents| contents.get("multipart/form-data").is_some());
        let body = contents
            .and_then(|contents| self.content(contents))
            .map(|shape| (shape, body.is_some_and(|body| flag(body, "required"))));
        let responses = operation.get("responses").and_then(Value::as_object);
        let response = responses
            .into_iter()
            .flatten()
            .filter(|(status, _)| status.starts_with('2'))
            .find_map(|(_, response)| self.content(self.resolved(response).get("content")?));
        Endpoint {
            endpoint: format!("{} {path}", method.to_ascii_uppercase()),
            summary: text(operation, "summary"),
            query,
            body,
            is_form,
            response,
            scopes: self.scopes(operation),
        }
    }

    fn content(&self, contents: &Value) -> Option<Shape> {
        let content = ["application/json", "multipart/form-data"]
            .iter()
            .find_map(|kind| contents.get(kind))?;
        let shape = self.shape(content.get("schema")?, DEPTH);
        (!shape.kinds.is_empty()).then_some(shape)
    }

    fn scopes(&self, operation: &Value) -> Vec<String> {
        let own = operation.get("security");
        let all = own.or_else(|| self.0.get("security"));
        let mut scopes = Vec::new();
        let requirements = all.and_then(Value::as_array).into_iter().flatten();
        for scheme in requirements.filter_map(Value::as_object) {
            let names = scheme.values().filter_map(Value::as_array).flatten();
            for scope in names.filter_map(Value::as_str) {
                if !scopes.iter().any(|other| other == scope) {
                    scopes.push(scope.to_owned());
                }
            }
        }
        scopes
    }

    /// The value, or what its `$ref` refers to.
    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        let mut value = value;
        for _ in 0..DEPTH {
            let target = value
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|reference| self.0.pointer(reference.strip_prefix('#')?));
            match target {
                Some(target) => value = target,
                None => break,
            }
        }
        value
    }

    /// What a schema allows.
    fn shape(&self, schema: &Value, depth: usize) -> Shape {
        let name = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| reference.rsplit('/').next())
            .map(str::to_owned);
        let schema = self.resolved(schema);
        let Some(depth) = depth.checked_sub(1) else {
            return Shape::default();
        };
        let mut shape = self.own_shape(schema, depth);
        for part in list(schema, "allOf") {
            shape.narrow(self.shape(part, depth));
        }
        for keyword in ["oneOf", "anyOf"] {
            let mut alternatives = list(schema, keyword).map(|part| self.shape(part, depth));
            if let Some(first) = alternatives.next() {
                shape.narrow(alternatives.fold(first, Shape::widened));
            }
        }
        if flag(schema, "nullable") {
            shape.nullable = true;
        }
        shape.name = name.or(shape.name);
        shape.doc = text(schema, "description").or(shape.doc);
        shape
    }

    /// What a schema allows by its own keywords.
    fn own_shape(&self, schema: &Value, depth: usize) -> Shape {
        let mut shape = Shape::default();
        let kinds: Vec<&str> = match schema.get("type") {
            Some(Value::String(kind)) => vec![kind.as_str()],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        for kind in kinds {
            if kind == "null" {
                shape.nullable = true;
            } else {
                shape.kinds.insert(kind.to_owned());
            }
        }
        let constant = schema.get("const").into_iter();
        for value in list(schema, "enum").chain(constant) {
            match value {
                Value::Null => shape.nullable = true,
                Value::String(text) => shape.values.push(text.clone()),
                other => shape.values.push(other.to_string()),
            }
        }
        if !shape.values.is_empty() && shape.kinds.is_empty() {
            shape.kinds.insert("string".to_owned());
        }
        let required: Vec<_> = list(schema, "required").filter_map(Value::as_str).collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let field = self.shape(property, depth);
            let is_required = required.contains(&name.as_str());
            shape.fields.insert(name.clone(), (field, is_required));
        }
        if properties.is_some() || schema.get("additionalProperties").is_some() {
            shape.kinds.insert("object".to_owned());
        }
        shape.open = schema
            .get("additionalProperties")
            .is_some_and(|further| further != &Value::Bool(false));
        if let Some(items) = schema.get("items") {
            shape.kinds.insert("array".to_owned());
            shape.items = Some(Box::new(self.shape(items, depth)));
        }
        let limit = |names: [&str; 2]| {
            names
                .iter()
                .find_map(|name| schema.get(name).and_then(Value::as_u64))
        };
        shape.limits = [
            limit(["minimum", "minLength"]),
            limit(["maximum", "maxLength"]),
        ];
        shape
    }
}

impl Shape {
    /// Restricts this to what the other one allows too, as `allOf` does.
    fn narrow(&mut self, other: Self) {
        self.kinds.extend(other.kinds);
        self.nullable |= other.nullable;
        if self.values.is_empty() {
            self.values = other.values;
        }
        for (name, (field, is_required)) in other.fields {
            let own = self.fields.entry(name).or_default();
            own.0.narrow(field);
            own.1 |= is_required;
        }
        self.items = self.items.take().or(other.items);
        self.open |= other.open;
        let [least, greatest] = &mut self.limits;
        *least = least.or(other.limits[0]);
        *greatest = greatest.or(other.limits[1]);
        self.doc = self.doc.take().or(other.doc);
        self.name = self.name.take().or(other.name);
    }

    /// What this or the other one allows, as `oneOf` does.
    fn widened(mut self, other: Self) -> Self {
        let both_objects = !self.fields.is_empty() && !other.fields.is_empty();
        let is_enum = self.kinds.is_empty() || other.kinds.is_empty();
        let all_values = !self.values.is_empty() && !other.values.is_empty();
        if all_values {
            for value in other.values {
                if !self.values.contains(&value) {
                    self.values.push(value);
                }
            }
        } else if is_enum {
            self.values.extend(other.values);
        } else {
            self.values.clear();
        }
        self.kinds.extend(other.kinds);
        self.nullable |= other.nullable;
        if both_objects {
            for (name, (_, is_required)) in &mut self.fields {
                *is_required &= other.fields.get(name).is_some_and(|(_, other)| *other);
            }
        }
        for (name, (field, is_required)) in other.fields {
            match self.fields.get_mut(&name) {
                Some((own, _)) => *own = std::mem::take(own).widened(field),
                None => {
                    let is_required = is_required && !both_objects;
                    self.fields.insert(name, (field, is_required));
                }
            }
        }
        self.items = match (self.items.take(), other.items) {
            (Some(own), Some(other)) => Some(Box::new(own.widened(*other))),
            (own, other) => own.or(other),
        };
        self.open |= other.open;
        self.doc = self.doc.or(other.doc);
        self.name = None;
        self
    }
}

/// A YAML document as JSON: keys that are numbers, such as statuses, become texts.
fn json(value: yaml_serde::Value) -> Value {
    match value {
        yaml_serde::Value::Mapping(mapping) => {
            let entries = mapping.into_iter().map(|(key, value)| {
                let key = match json(key) {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                (key, json(value))
            });
            Value::Object(entries.collect::<Map<_, _>>())
        }
        yaml_serde::Value::Sequence(items) => Value::Array(items.into_iter().map(json).collect()),
        yaml_serde::Value::Tagged(tagged) => json(tagged.value),
        scalar => serde_json::to_value(scalar).unwrap_or(Value::Null),
    }
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn flag(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool) == Some(true)
}

fn text(value: &Value, name: &str) -> Option<String> {
    let text = value.get(name)?.as_str()?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}
