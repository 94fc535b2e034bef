//! Whether the rows fit together.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};

use super::{Description, Idempotent, Operation, ResponseKind, resource_of};

impl Description {
    /// Fails with the first thing that does not fit together.
    pub(super) fn check(&self) -> Result<()> {
        let mut endpoints = BTreeSet::new();
        for (name, operation) in &self.operations {
            ensure!(
                endpoints.insert(&operation.endpoint),
                "{name}: another operation has the endpoint {}",
                operation.endpoint
            );
            self.check_operation(name, operation)
                .with_context(|| name.clone())?;
        }
        for (path, resource) in &self.resources {
            ensure!(
                self.types.contains_key(&resource.module),
                "{path}: there is no module {}",
                resource.module
            );
        }
        for (name, declared) in self.all_types() {
            for base in &declared.extends {
                let base = self.find(base);
                ensure!(
                    base.is_some_and(|base| base.fields.is_some()),
                    "{name} extends what is not an object"
                );
            }
            let kinds = [
                declared.fields.is_some(),
                declared.alias.is_some(),
                !declared.values.is_empty(),
            ];
            ensure!(
                kinds.iter().filter(|kind| **kind).count() == 1,
                "{name} needs one of fields, alias and enum"
            );
        }
        Ok(())
    }

    fn check_operation(&self, name: &str, operation: &Operation) -> Result<()> {
        let method = operation.method();
        ensure!(
            ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method),
            "its endpoint begins with no method of HTTP"
        );
        ensure!(
            operation.url().starts_with('/'),
            "its path does not begin with a slash"
        );
        let resource = resource_of(name);
        ensure!(
            self.resources.contains_key(resource),
            "there is no resource {resource}"
        );
        ensure!(!operation.scopes.is_empty(), "it names no scope");
        ensure!(
            operation.query.is_none() || operation.body.is_none(),
            "it has a query and a body, and its method only one argument for them"
        );
        ensure!(
            method != "POST" || operation.idempotent != Idempotent::Promised(true),
            "a POST is sent once"
        );
        let ids = operation.ids();
        let given = operation.example.ids.len();
        ensure!(
            given == ids.len() || (given == 0 && ids.len() == 1),
            "its example has {given} ids, its path {}",
            ids.len()
        );
        for (id, _) in &operation.path {
            ensure!(ids.contains(&id.as_str()), "its path has no {id}");
        }
        let mut is_optional = false;
        for parameter in self.query_of(operation)? {
            ensure!(
                !(is_optional && parameter.1.required),
                "the required parameter {} comes after an optional one",
                parameter.0
            );
            is_optional = !parameter.1.required;
        }
        if let Some(response) = &operation.response {
            let is_page = matches!(
                response.kind,
                ResponseKind::Offset | ResponseKind::Checkpoint
            );
            ensure!(
                is_page == (response.items.is_some() && response.envelope.is_some()),
                "a page, and nothing else, has items and an envelope"
            );
        }
        Ok(())
    }
}
