//! Compares the description with a document.

use std::collections::BTreeSet;

use anyhow::Result;

use super::super::description::{
    Description, Field, Operation, Parameter, Response, ResponseKind, Type, bare,
};
use super::document::{Document, Endpoint, Shape};
use super::{Findings, Group, concerns, nameless};

/// The differences.
pub fn findings(description: &Description, document: &Document) -> Result<Findings> {
    let mut comparison = Comparison {
        description,
        findings: Findings::default(),
        path: Vec::new(),
    };
    let theirs = document.endpoints();
    for endpoint in &theirs {
        let ours = ours(description, &endpoint.endpoint);
        match ours {
            Some((name, operation)) => comparison.operation(name, operation, endpoint)?,
            None => {
                let summary = endpoint.summary.as_deref().unwrap_or("no summary");
                comparison
                    .findings
                    .add(Group::MissingOperation, &endpoint.endpoint, summary);
            }
        }
    }
    for (name, operation) in &description.operations {
        let endpoint = nameless(&operation.endpoint);
        let is_known = theirs
            .iter()
            .any(|other| nameless(&other.endpoint) == endpoint);
        if !is_known && concerns(operation.url()) {
            comparison
                .findings
                .add(Group::UnknownOperation, name, &*operation.endpoint);
        }
    }
    Ok(comparison.findings)
}

/// The operation of the description with that endpoint.
pub fn ours<'a>(
    description: &'a Description,
    endpoint: &str,
) -> Option<(&'a String, &'a Operation)> {
    let endpoint = nameless(endpoint);
    description
        .operations
        .iter()
        .find(|(_, operation)| nameless(&operation.endpoint) == endpoint)
}

/// The type of a response as a whole.
pub fn whole(response: &Response) -> String {
    match (&response.envelope, response.kind) {
        (Some(envelope), _) => envelope.clone(),
        (None, ResponseKind::Array) => format!("{}[]", response.name),
        (None, _) => response.name.clone(),
    }
}

struct Comparison<'a> {
    description: &'a Description,
    findings: Findings,
    /// The types that are being compared, from the outermost.
    path: Vec<String>,
}

impl Comparison<'_> {
    fn operation(&mut self, name: &str, ours: &Operation, theirs: &Endpoint) -> Result<()> {
        let parameters = self.description.query_of_server(ours)?;
        for (parameter, (shape, is_required)) in &theirs.query {
            match parameters.iter().find(|(own, _)| own == parameter) {
                None => {
                    let kinds = kinds_text(shape);
                    self.findings.add(
                        Group::MissingParameter,
                        name,
                        format!("{parameter}: {kinds}"),
                    );
                }
                Some((_, own)) => self.parameter(name, parameter, own, shape, *is_required),
            }
        }
        for (parameter, _) in &parameters {
            if !theirs.query.contains_key(parameter) {
                self.findings
                    .add(Group::Unknown, name, format!("parameter {parameter}"));
            }
        }
        match (&ours.body, &theirs.body) {
            (Some(body), Some((shape, _))) => self.kind(&body.name, &[], shape, name, true),
            (Some(body), None) => {
                self.findings
                    .add(Group::Unknown, name, format!("the body {}", body.name));
            }
            (None, Some(_)) => {
                self.findings
                    .add(Group::MissingField, name, "it takes a body");
            }
            (None, None) => {}
        }
        match (&ours.response, &theirs.response) {
            (Some(response), Some(shape)) => {
                self.kind(&whole(response), &[], shape, name, false);
            }
            (Some(response), None) => {
                let kind = format!("the response {}", whole(response));
                self.findings.add(Group::Unknown, name, kind);
            }
            (None, Some(shape)) if !shape.fields.is_empty() => {
                self.findings
                    .add(Group::MissingField, name, "it returns a response");
            }
            (None, _) => {}
        }
        self.scopes(name, ours, theirs);
        Ok(())
    }

    fn parameter(
        &mut self,
        operation: &str,
        name: &str,
        ours: &Parameter,
        theirs: &Shape,
        is_required: bool,
    ) {
        let mut differ = |what: &str, ours: String, theirs: String| {
            if ours != theirs {
                let difference = format!("{name}: {what} {theirs}, here {ours}");
                self.findings.add(Group::Parameter, operation, difference);
            }
        };
        differ(
            "required",
            ours.required.to_string(),
            is_required.to_string(),
        );
        let limit = |limit: Option<u64>| limit.map_or("none".to_owned(), |limit| limit.to_string());
        let [least, greatest] = theirs.limits;
        differ("at least", limit(ours.min), limit(least));
        differ("at most", limit(ours.max), limit(greatest));
        let kind = ours.kind.as_deref().unwrap_or_default();
        // A list is one text with commas in a query.
        let kind = if kind == "string[]" { "string" } else { kind };
        let place = format!("{operation}, parameter {name}");
        self.kind(kind, &[], theirs, &place, true);
    }

    fn scopes(&mut self, name: &str, ours: &Operation, theirs: &Endpoint) {
        let known = ours
            .scope_sources
            .as_ref()
            .map_or(&ours.scopes, |sources| &sources.openapi);
        for scope in theirs.scopes.iter().filter(|scope| !known.contains(scope)) {
            self.findings
                .add(Group::Scope, name, format!("{scope} is not here"));
        }
        let is_stated = !theirs.scopes.is_empty();
        for scope in known.iter().filter(|scope| !theirs.scopes.contains(scope)) {
            if is_stated {
                self.findings
                    .add(Group::Scope, name, format!("{scope} is only here"));
            }
        }
    }

    /// Compares a type of the description with a shape.
    fn kind(&mut self, kind: &str, values: &[String], theirs: &Shape, place: &str, is_sent: bool) {
        let (kinds, found) = self.resolved(kind);
        if let Some((name, declared)) = found {
            if declared.fields.is_some() {
                let fields = self.description.fields_of(declared);
                self.object(&name, &fields, declared.open, theirs, is_sent);
            } else {
                self.values(&name, &declared.values, theirs);
            }
        }
        self.values(place, values, theirs);
        if let Some(item) = kind.strip_suffix("[]")
            && let Some(items) = &theirs.items
        {
            self.kind(item, &[], items, place, is_sent);
        }
        let ours: BTreeSet<_> = kinds.iter().map(String::as_str).collect();
        let theirs: BTreeSet<_> = theirs.kinds.iter().map(String::as_str).collect();
        let is_number = |kinds: &BTreeSet<&str>| {
            kinds
                .iter()
                .all(|kind| ["integer", "number"].contains(kind))
        };
        let is_known = !ours.is_empty() && !theirs.is_empty();
        let fits = ours.is_subset(&theirs) || (is_number(&ours) && is_number(&theirs));
        if is_known && !fits {
            let join = |kinds: BTreeSet<&str>| kinds.into_iter().collect::<Vec<_>>().join(" | ");
            let difference = format!("{}, here {}", join(theirs), join(ours));
            self.findings.add(Group::Field, place, difference);
        }
    }

    fn values(&mut self, name: &str, ours: &[String], theirs: &Shape) {
        if ours.is_empty() || theirs.values.is_empty() {
            return;
        }
        let mut differ = |what: &str, ours: &[String], theirs: &[String]| {
            let missing = ours.iter().filter(|value| !theirs.contains(value));
            let missing: Vec<_> = missing.map(String::as_str).collect();
            if !missing.is_empty() {
                let difference = format!("{what}: {}", missing.join(", "));
                self.findings.add(Group::Enum, name, difference);
            }
        };
        differ("not here", &theirs.values, ours);
        differ("only here", ours, &theirs.values);
    }

    fn object(
        &mut self,
        name: &str,
        fields: &[(&String, &Field)],
        is_open: bool,
        theirs: &Shape,
        is_sent: bool,
    ) {
        if theirs.fields.is_empty() || self.path.iter().any(|outer| outer == name) {
            return;
        }
        self.path.push(name.to_owned());
        for (field, (shape, is_required)) in &theirs.fields {
            let Some((_, own)) = fields.iter().find(|(own, _)| *own == field) else {
                let kinds = kinds_text(shape);
                self.findings
                    .add(Group::MissingField, name, format!("{field}: {kinds}"));
                continue;
            };
            let place = format!("{name}.{field}");
            if is_sent && own.required != *is_required {
                let difference = format!("required {is_required}, here {}", own.required);
                self.findings.add(Group::Field, &place, difference);
            }
            let is_nullable = own.nullable || self.is_nullable_alias(&own.kind);
            if is_nullable != shape.nullable {
                let difference = format!("nullable {}, here {is_nullable}", shape.nullable);
                self.findings.add(Group::Nullability, &place, difference);
            }
            self.kind(&own.kind, &own.values, shape, &place, is_sent);
        }
        for (field, own) in fields {
            if !theirs.fields.contains_key(*field) && own.kind != "never" && !theirs.open {
                self.findings
                    .add(Group::Unknown, name, format!("field {field}"));
            }
        }
        if theirs.open && !is_open {
            self.findings
                .add(Group::Field, name, "open, here closed".to_owned());
        }
        self.path.pop();
    }

    /// Whether a type is another name of one that may be null.
    fn is_nullable_alias(&self, kind: &str) -> bool {
        let alias = self
            .description
            .find(kind)
            .and_then(|declared| declared.alias.as_ref());
        alias.is_some_and(|alias| alias.ends_with(" | null"))
    }
}

impl<'a> Comparison<'a> {
    /// The kinds of JSON that a type has, and the declaration of an object or an enum.
    fn resolved(&self, kind: &str) -> (BTreeSet<String>, Option<(String, &'a Type)>) {
        let mut kinds = BTreeSet::new();
        let mut found = None;
        for part in kind.split(" | ") {
            let name = bare(part);
            match name {
                "null" | "never" => {}
                "string" | "boolean" | "integer" | "number" => {
                    kinds.insert(name.to_owned());
                }
                "map" | "Metadata" | "A" | "U" | "Nullable" => {
                    kinds.insert("object".to_owned());
                }
                _ if part.ends_with("[]") => {
                    kinds.insert("array".to_owned());
                }
                _ => {
                    let Some(declared) = self.description.find(name) else {
                        continue;
                    };
                    if let Some(alias) = &declared.alias {
                        let (more, inner) = self.resolved(alias);
                        kinds.extend(more);
                        found = found.or(inner);
                    } else {
                        let kind = if declared.fields.is_some() {
                            "object"
                        } else {
                            "string"
                        };
                        kinds.insert(kind.to_owned());
                        found = found.or(Some((name.to_owned(), declared)));
                    }
                }
            }
        }
        (kinds, found)
    }
}

/// The kinds of a shape as text.
pub fn kinds_text(shape: &Shape) -> String {
    let mut kinds: Vec<_> = shape.kinds.iter().map(String::as_str).collect();
    if kinds.is_empty() {
        kinds.push("any");
    }
    if shape.nullable {
        kinds.push("null");
    }
    kinds.join(" | ")
}
