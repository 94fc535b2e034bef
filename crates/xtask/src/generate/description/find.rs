//! What follows from the rows.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use indexmap::IndexMap;

use super::{Description, Field, Operation, Parameter, QueryParameter, Resource, Type};

impl Description {
    /// All types with their names.
    pub fn all_types(&self) -> impl Iterator<Item = (&String, &Type)> {
        self.types.values().flat_map(|module| &module.types)
    }

    /// The type of that name, whatever its type arguments.
    pub fn find(&self, name: &str) -> Option<&Type> {
        let name = bare(name);
        self.types
            .values()
            .find_map(|module| module.types.get(name))
    }

    /// The types that are only sent, and not received.
    pub fn sent_types(&self) -> BTreeSet<&str> {
        let operations = || self.operations.values();
        let sent = operations().filter_map(|operation| operation.body.as_ref());
        let received = operations().filter_map(|operation| operation.response.as_ref());
        let sent = self.reached(sent.map(|body| body.name.as_str()).collect());
        let received = received.flat_map(|response| {
            let envelope = response.envelope.as_deref();
            envelope.into_iter().chain([response.name.as_str()])
        });
        let received = self.reached(received.collect());
        sent.difference(&received).copied().collect()
    }

    /// These types and all that they are made of.
    fn reached<'a>(&'a self, names: Vec<&'a str>) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::new();
        let mut rest = names;
        while let Some(name) = rest.pop() {
            let name = bare(name);
            if let Some((name, declared)) = self.all_types().find(|(other, _)| *other == name)
                && reached.insert(name.as_str())
            {
                rest.extend(declared.extends.iter().map(String::as_str));
                let fields = declared.fields.iter().flat_map(|fields| fields.values());
                let kinds = fields.map(|field| field.ts.as_ref().unwrap_or(&field.kind));
                for kind in kinds.chain(&declared.alias) {
                    rest.extend(kind.split(|c: char| !c.is_ascii_alphanumeric()));
                }
            }
        }
        reached
    }

    /// The fields of an object, after those of what it extends.
    pub fn fields_of<'a>(&'a self, declared: &'a Type) -> Vec<(&'a String, &'a Field)> {
        let bases = declared.extends.iter().filter_map(|base| self.find(base));
        let mut fields: IndexMap<_, _> = bases.flat_map(|base| self.fields_of(base)).collect();
        fields.extend(declared.fields.iter().flatten());
        fields.into_iter().collect()
    }

    /// The module that declares the type of that name, and whether it is the parameters of an operation.
    pub fn module_of(&self, name: &str) -> Option<&str> {
        let declared = self
            .types
            .iter()
            .find(|(_, module)| module.types.contains_key(name))
            .map(|(name, _)| name.as_str());
        declared.or_else(|| {
            let (operation, _) = self.operations.iter().find(|(_, operation)| {
                operation
                    .query
                    .as_ref()
                    .is_some_and(|query| query.name == name)
            })?;
            let resource = self.resources.get(resource_of(operation))?;
            Some(&resource.module)
        })
    }

    /// The query parameters that the client offers, with what the shared ones say.
    pub fn query_of(&self, operation: &Operation) -> Result<Vec<(String, Parameter)>> {
        let mut parameters = self.query_of_server(operation)?;
        parameters.retain(|(_, parameter)| !parameter.server_only);
        Ok(parameters)
    }

    /// The query parameters that the API takes.
    pub fn query_of_server(&self, operation: &Operation) -> Result<Vec<(String, Parameter)>> {
        let given = operation.query.iter().flat_map(|query| &query.parameters);
        given
            .map(|parameter| {
                let (name, own) = match parameter {
                    QueryParameter::Shared(name) => (name, Parameter::default()),
                    QueryParameter::Own { name, parameter } => (name, (**parameter).clone()),
                };
                if own.kind.is_some() {
                    return Ok((name.clone(), own));
                }
                let Some(shared) = self.parameters.get(name) else {
                    bail!("the parameter {name} has no type");
                };
                let merged = Parameter {
                    min: own.min.or(shared.min),
                    max: own.max.or(shared.max),
                    server_only: own.server_only,
                    doc: own.doc.or(&shared.doc).clone(),
                    rust_doc: own.rust_doc.or(&shared.rust_doc).clone(),
                    ..shared.clone()
                };
                Ok((name.clone(), merged))
            })
            .collect()
    }

    /// The parts right below a resource, each with its name.
    pub fn parts_of(&self, resource: &str) -> impl Iterator<Item = (&str, &Resource)> {
        self.resources.iter().filter_map(move |(path, part)| {
            let name = path.strip_prefix(resource)?.strip_prefix('.')?;
            (!name.contains('.')).then_some((name, part))
        })
    }

    /// The operations of a resource, each with the last part of its name.
    pub fn operations_of(&self, resource: &str) -> impl Iterator<Item = (&str, &Operation)> {
        self.operations
            .iter()
            .filter(move |(name, _)| resource_of(name) == resource)
            .map(|(name, operation)| (method_of(name), operation))
    }
}

impl Operation {
    /// The HTTP method.
    pub fn method(&self) -> &str {
        self.endpoint.split_once(' ').unwrap_or_default().0
    }

    /// The path below the base.
    pub fn url(&self) -> &str {
        self.endpoint.split_once(' ').unwrap_or_default().1
    }

    /// The names of the path parameters.
    pub fn ids(&self) -> Vec<&str> {
        let parts = self.url().split('/');
        parts
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect()
    }

    /// Whether it is a list that comes in pages.
    pub fn is_list(&self) -> bool {
        self.response
            .as_ref()
            .is_some_and(|response| response.items.is_some())
    }
}

/// The resource of an operation.
pub fn resource_of(operation: &str) -> &str {
    operation.rsplit_once('.').unwrap_or_default().0
}

/// The method of an operation.
fn method_of(operation: &str) -> &str {
    operation.rsplit_once('.').unwrap_or_default().1
}

/// A name without type arguments.
pub fn bare(name: &str) -> &str {
    name.split_once('<').map_or(name, |(name, _)| name)
}
