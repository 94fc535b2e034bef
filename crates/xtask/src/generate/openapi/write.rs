//! Adds to the description what a document has and it lacks: operations, parameters and fields.

use anyhow::{Result, bail};
use indexmap::IndexMap;

use super::super::description::{
    Body, BodyKind, Consistency, Description, Example, Field, Idempotent, Operation, Parameter,
    Query, QueryParameter, Resource, Response, ResponseKind, Text, Type, bare, resource_of,
};
use super::super::resources::USER;
use super::super::rust::struct_of;
use super::super::text::split_words;
use super::compare::{ours, whole};
use super::document::{Document, Endpoint, Shape};
use super::names::{class_name, example, operation_name, pascal, type_name};

/// How deep types nest at most.
const DEPTH: usize = 12;

/// Adds it, and returns what was added.
pub fn add(description: &mut Description, document: &Document) -> Result<Vec<String>> {
    let mut added = Vec::new();
    for endpoint in document.endpoints() {
        let known = ours(description, &endpoint.endpoint).map(|(name, _)| name.clone());
        match known {
            None => {
                let name = add_operation(description, &endpoint)?;
                added.push(format!("operation {name}: {}", endpoint.endpoint));
            }
            Some(name) => {
                add_parameters(description, &name, &endpoint, &mut added)?;
                add_fields(description, &name, &endpoint, &mut added);
            }
        }
    }
    Ok(added)
}

fn add_parameters(
    description: &mut Description,
    name: &str,
    endpoint: &Endpoint,
    added: &mut Vec<String>,
) -> Result<()> {
    let Some(operation) = description.operations.get(name) else {
        return Ok(());
    };
    let known = description.query_of_server(operation)?;
    let missing: Vec<_> = endpoint
        .query
        .iter()
        .filter(|(parameter, _)| known.iter().all(|(own, _)| own != *parameter))
        .map(|(parameter, (shape, is_required))| (parameter.clone(), shape.clone(), *is_required))
        .collect();
    for (parameter, shape, is_required) in missing {
        let module = module_of(description, name)?;
        let own = query_parameter(description, &module, &parameter, &shape, is_required);
        added.push(format!("parameter {parameter} of {name}"));
        let Some(operation) = description.operations.get_mut(name) else {
            continue;
        };
        let query = operation.query.get_or_insert_with(|| Query {
            name: type_name(name, "RequestParameters"),
            doc: query_doc(name),
            rust: Some(format!("{}Query", struct_of(resource_of(name)))),
            borrowed: false,
            parameters: Vec::new(),
        });
        let place = if is_required {
            0
        } else {
            query.parameters.len()
        };
        query.parameters.insert(place, own);
    }
    Ok(())
}

fn query_parameter(
    description: &mut Description,
    module: &str,
    name: &str,
    shape: &Shape,
    is_required: bool,
) -> QueryParameter {
    if description.parameters.contains_key(name) {
        return QueryParameter::Shared(name.to_owned());
    }
    let [min, max] = shape.limits;
    QueryParameter::Own {
        name: name.to_owned(),
        parameter: Box::new(Parameter {
            kind: Some(kind(description, module, &pascal(name), shape)),
            required: is_required,
            min,
            max,
            doc: text_or_name(shape, name),
            ..Parameter::default()
        }),
    }
}

/// Adds the fields that the body and the response of an operation have.
fn add_fields(
    description: &mut Description,
    name: &str,
    endpoint: &Endpoint,
    added: &mut Vec<String>,
) {
    let Some(operation) = description.operations.get(name) else {
        return;
    };
    let body = operation.body.as_ref().map(|body| body.name.clone());
    let response = operation.response.as_ref().map(whole);
    if let (Some(body), Some((shape, _))) = (body, &endpoint.body) {
        add_to_type(description, &body, shape, added, DEPTH);
    }
    if let (Some(response), Some(shape)) = (response, &endpoint.response) {
        add_to_type(description, &response, shape, added, DEPTH);
    }
}

fn add_to_type(
    description: &mut Description,
    kind: &str,
    shape: &Shape,
    added: &mut Vec<String>,
    depth: usize,
) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    if let (Some(item), Some(items)) = (kind.strip_suffix("[]"), &shape.items) {
        return add_to_type(description, item, items, added, depth);
    }
    let name = bare(kind).to_owned();
    let (Some(module), Some(declared)) = (description.module_of(&name), description.find(&name))
    else {
        return;
    };
    let module = module.to_owned();
    if let Some(alias) = declared.alias.clone() {
        // Of alternatives nothing says which one a field belongs to.
        if !alias.contains(" | ") {
            add_to_type(description, &alias, shape, added, depth);
        }
        return;
    }
    if declared.fields.is_none() {
        return;
    }
    let known = description.fields_of(declared).into_iter();
    let known: IndexMap<_, _> = known
        .map(|(name, field)| (name.clone(), field.kind.clone()))
        .collect();
    for (field, (inner, is_required)) in &shape.fields {
        if let Some(kind) = known.get(field) {
            add_to_type(description, kind, inner, added, depth);
            continue;
        }
        let new = Field {
            kind: self::kind(
                description,
                &module,
                &format!("{name}{}", pascal(field)),
                inner,
            ),
            required: *is_required,
            nullable: inner.nullable,
            doc: text_or_name(inner, field),
            ..Field::default()
        };
        let module = description.types.get_mut(&module);
        let declared = module.and_then(|module| module.types.get_mut(&name));
        if let Some(fields) = declared.and_then(|declared| declared.fields.as_mut()) {
            fields.insert(field.clone(), new);
            added.push(format!("field {field} of {name}"));
        }
    }
}

/// Adds an operation, and returns its name.
fn add_operation(description: &mut Description, endpoint: &Endpoint) -> Result<String> {
    let name = operation_name(endpoint);
    if description.operations.contains_key(&name) {
        bail!(
            "{} would be {name}, which there is already; add its row by hand",
            endpoint.endpoint
        );
    }
    let module = module_of(description, &name)?;
    let resource = resource_of(&name).to_owned();
    description
        .resources
        .entry(resource.clone())
        .or_insert_with(|| Resource {
            class: Some(class_name(&resource)),
            module: module.clone(),
            metadata: false,
            doc: Text::Line(sentence(endpoint)),
        });
    let parameters = endpoint.query.iter().collect::<Vec<_>>();
    let (required, optional): (Vec<_>, Vec<_>) = parameters
        .into_iter()
        .partition(|(_, (_, is_required))| *is_required);
    let parameters: Vec<_> = required
        .into_iter()
        .chain(optional)
        .map(|(name, (shape, is_required))| {
            query_parameter(description, &module, name, shape, *is_required)
        })
        .collect();
    let query = (!parameters.is_empty()).then(|| Query {
        name: type_name(&name, "RequestParameters"),
        doc: query_doc(&name),
        rust: Some(format!("{}Query", struct_of(resource_of(&name)))),
        borrowed: false,
        parameters,
    });
    let body = endpoint.body.as_ref().map(|(shape, is_required)| {
        let fallback = type_name(&name, "RequestContent");
        let is_array = shape.kinds.contains("array");
        Body {
            name: kind(description, &module, &fallback, shape),
            kind: match (endpoint.is_form, is_array) {
                (true, _) => BodyKind::Form,
                (_, true) => BodyKind::Array,
                _ => BodyKind::Object,
            },
            optional: !is_required && !is_array && !endpoint.is_form,
            declared_required: false,
            rust_check: false,
        }
    });
    let response = endpoint
        .response
        .as_ref()
        .map(|shape| response(description, &module, &name, endpoint, shape));
    let method = endpoint.endpoint.split(' ').next().unwrap_or_default();
    let ids = endpoint.endpoint.matches('{').count();
    let result = response.as_ref().map(|response| {
        let is_page = response.items.is_some();
        if is_page { "item" } else { "result" }.to_owned()
    });
    let operation = Operation {
        endpoint: endpoint.endpoint.clone(),
        summary: sentence(endpoint),
        description: Text::default(),
        rust_description: Text::default(),
        failures: IndexMap::new(),
        path: IndexMap::new(),
        query,
        body,
        response,
        scopes: endpoint.scopes.clone(),
        needs: Default::default(),
        scope_sources: None,
        consistency: Consistency::Immediate,
        idempotent: Idempotent::Promised(["GET", "PUT", "DELETE"].contains(&method)),
        custom_domain_header: false,
        example: Example {
            ids: if ids > 1 {
                vec![USER.to_owned(); ids]
            } else {
                Vec::new()
            },
            request: example(endpoint),
            result,
        },
    };
    description.operations.insert(name.clone(), operation);
    Ok(name)
}

fn response(
    description: &mut Description,
    module: &str,
    name: &str,
    endpoint: &Endpoint,
    shape: &Shape,
) -> Response {
    let fallback = type_name(name, "ResponseContent");
    let list = shape
        .fields
        .iter()
        .find(|(_, (field, _))| field.items.is_some())
        .and_then(|(name, (field, _))| Some((name.clone(), field.items.as_deref()?.clone())));
    let pages = if endpoint.query.contains_key("from") {
        Some(ResponseKind::Checkpoint)
    } else {
        endpoint.query.get("page").map(|_| ResponseKind::Offset)
    };
    match (pages, list, &shape.items) {
        (Some(pages), Some((items, item)), _) => {
            let whole = Shape {
                kinds: ["object".to_owned()].into(),
                items: None,
                ..shape.clone()
            };
            let envelope = kind(description, module, &fallback, &whole);
            // Rust takes pages apart.
            let declared = description.types.get_mut(module);
            if let Some(declared) = declared.and_then(|module| module.types.get_mut(&envelope)) {
                declared.rust = None;
            }
            Response {
                kind: pages,
                name: kind(description, module, &format!("{fallback}Item"), &item),
                items: Some(items),
                envelope: Some(envelope),
            }
        }
        (_, _, Some(item)) => Response {
            kind: ResponseKind::Array,
            name: kind(description, module, &format!("{fallback}Item"), item),
            items: None,
            envelope: None,
        },
        _ => Response {
            kind: ResponseKind::Object,
            name: kind(description, module, &fallback, shape),
            items: None,
            envelope: None,
        },
    }
}

/// The type of a shape. An object or an enum that has no type gets one.
fn kind(description: &mut Description, module: &str, fallback: &str, shape: &Shape) -> String {
    if let Some(items) = &shape.items {
        return format!("{}[]", kind(description, module, fallback, items));
    }
    let name = shape.name.clone().unwrap_or_else(|| fallback.to_owned());
    let is_object = !shape.fields.is_empty();
    if is_object || !shape.values.is_empty() {
        if description.find(&name).is_none() {
            let mut declared = Type {
                doc: text_or_name(shape, &split_words(&name, ' ')),
                rust: is_object.then(|| name.clone()),
                open: shape.open,
                values: shape.values.clone(),
                ..Type::default()
            };
            if is_object {
                declared.values = Vec::new();
                declared.fields = Some(IndexMap::new());
            }
            // First without fields, for a type that refers to itself.
            if let Some(module) = description.types.get_mut(module) {
                module.types.insert(name.clone(), declared);
            }
            let fields = shape.fields.iter().map(|(field, (inner, is_required))| {
                let fallback = format!("{name}{}", pascal(field));
                let field_type = Field {
                    kind: kind(description, module, &fallback, inner),
                    required: *is_required,
                    nullable: inner.nullable,
                    doc: text_or_name(inner, field),
                    ..Field::default()
                };
                (field.clone(), field_type)
            });
            let fields: IndexMap<_, _> = fields.collect();
            let declared = description.types.get_mut(module);
            let declared = declared.and_then(|module| module.types.get_mut(&name));
            if let Some(own) = declared.and_then(|declared| declared.fields.as_mut()) {
                *own = fields;
            }
        }
        return name;
    }
    let kinds: Vec<_> = shape
        .kinds
        .iter()
        .map(|kind| if kind == "object" { "map" } else { kind })
        .collect();
    if kinds.is_empty() {
        "map".to_owned()
    } else {
        kinds.join(" | ")
    }
}

/// The module of the resource of an operation, or of the closest one above it.
fn module_of(description: &Description, operation: &str) -> Result<String> {
    let mut path = resource_of(operation);
    loop {
        if let Some(resource) = description.resources.get(path) {
            return Ok(resource.module.clone());
        }
        path = resource_of(path);
        if path.is_empty() {
            bail!("there is no resource above {operation}; add one by hand");
        }
    }
}

/// The documentation of the query parameters of an operation.
fn query_doc(name: &str) -> Text {
    Text::Line(format!("What `{name}` looks for."))
}

/// The summary of an operation as a sentence.
fn sentence(endpoint: &Endpoint) -> String {
    let summary = endpoint.summary.as_deref().unwrap_or(&endpoint.endpoint);
    format!("{}.", summary.trim_end_matches('.'))
}

/// The description of a shape, or its name as a sentence.
fn text_or_name(shape: &Shape, name: &str) -> Text {
    let name = || format!("The {}.", name.replace('_', " "));
    Text::Line(shape.doc.clone().unwrap_or_else(name))
}
