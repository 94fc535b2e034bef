//! Routes: which operation a request calls.

mod row;
mod rows;

pub use self::row::Operation;
pub use self::rows::OPERATIONS;
use crate::auth::grant::Scopes;
use crate::operations;
use crate::operations::handler::Handler;

/// An operation that a request calls.
pub(crate) struct Route {
    pub operation: &'static Operation,
    pub handler: Handler,
    /// The parameters of the path, in order.
    pub params: Vec<String>,
}

/// Finds the operation for a method and the decoded segments of a path.
pub(crate) fn find(method: &str, segments: &[String]) -> Option<Route> {
    let (operation, params) = OPERATIONS
        .iter()
        .filter(|operation| operation.method == method)
        .find_map(|operation| Some((operation, matched(operation.path, segments)?)))?;
    Some(Route {
        operation,
        handler: operations::handler(operation.name)?,
        params,
    })
}

/// Returns the parameters of a path that matches the template.
fn matched(template: &str, segments: &[String]) -> Option<Vec<String>> {
    let mut given = segments.iter();
    let mut params = Vec::new();
    for part in template.split('/').skip(1) {
        let segment = given.next()?;
        if part.starts_with('{') {
            if segment.is_empty() {
                return None;
            }
            params.push(segment.clone());
        } else if part != segment {
            return None;
        }
    }
    given.next().is_none().then_some(params)
}

/// Returns the scopes of all operations, sorted.
pub(crate) fn all_scopes() -> Vec<&'static str> {
    let mut scopes: Vec<&str> = OPERATIONS
        .iter()
        .flat_map(|operation| match operation.scopes {
            Scopes::Any(list) | Scopes::All(list) => list,
        })
        .copied()
        .collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}
