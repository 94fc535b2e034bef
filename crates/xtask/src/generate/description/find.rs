//! What follows from the rows.

use anyhow::{Result, bail};
use indexmap::IndexMap;

use super::{Description, Field, Operation, Parameter, QueryParameter, Type};

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
                    QueryParameter::Own { name, parameter } => (name, parameter.clone()),
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
                    ..shared.clone()
                };
                Ok((name.clone(), merged))
            })
            .collect()
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
