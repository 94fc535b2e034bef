//! The policy of a proxy as text: one operation per line, followed by limits that are separated by tabs. `query` or
//! `fields` alone allows none, and `fields blocked` allows that one:
//!
//! ```text
//! users.list
//! users.update\tfields\tfields blocked\tfields user_metadata
//! ```

use auth0_users_core::operations::{Input, OPERATIONS, Operation, Output};

use crate::Refusal;
use crate::json::{self, Top};
use crate::target::{Recognised, words};

/// The limits of an operation.
pub(super) struct Allowed<'a>(&'a str);

impl<'a> Allowed<'a> {
    /// Finds the line of an operation.
    pub(super) fn find(text: &'a str, operation: &Operation) -> Result<Self, Refusal> {
        text.split('\n')
            .map(|line| line.split_once('\t').unwrap_or((line, "")))
            .find(|(name, _)| *name == operation.name())
            .map(|(_, limits)| Self(limits))
            .ok_or_else(|| {
                let message = [operation.name(), " is not allowed"];
                Refusal::new(403, "operation_not_allowed", &message)
            })
    }

    /// Returns whether a limit allows a name.
    fn allows(&self, kind: &str, name: &str) -> bool {
        let limits = || {
            self.0
                .split('\t')
                .filter_map(|limit| limit.strip_prefix(kind))
        };
        limits().next().is_none()
            || limits().any(|limit| limit.strip_prefix(' ').is_some_and(|one| one == name))
    }

    /// Refuses a query parameter that is not allowed.
    pub(super) fn check_query(&self, recognised: &Recognised) -> Result<(), Refusal> {
        let name = recognised.operation.name();
        match recognised
            .query
            .iter()
            .find(|(parameter, _)| !self.allows("query", parameter))
        {
            Some((parameter, _)) => Err(Refusal::new(
                403,
                "query_not_allowed",
                &[name, " is not allowed with the query parameter ", parameter],
            )),
            None => Ok(()),
        }
    }

    /// Refuses a field of a body that is not allowed.
    pub(super) fn check_field(&self, operation: &Operation, field: &str) -> Result<(), Refusal> {
        if !self.allows("fields", field) {
            return Err(Refusal::new(
                403,
                "field_not_allowed",
                &[operation.name(), " is not allowed with the field ", field],
            ));
        }
        if field.chars().any(char::is_control) {
            let message = ["The body must not have field names with control characters"];
            return Err(Refusal::new(400, "invalid_body", &message));
        }
        Ok(())
    }
}

/// Refuses a JSON body that has another shape than the operation takes, or a field that is not allowed.
pub(super) fn check_body(
    operation: &Operation,
    allowed: &Allowed<'_>,
    text: &str,
) -> Result<(), Refusal> {
    let malformed = |fault: &str| Refusal::new(400, "invalid_body", &["The body ", fault]);
    let top = json::read(text).map_err(malformed)?;
    let names = match (operation.input(), top) {
        (
            Input::Items,
            Top::Array {
                names,
                others: false,
            },
        ) => names,
        (Input::Items, _) => return Err(malformed("must be a JSON array of objects")),
        (_, Top::Object(names)) => names,
        _ => return Err(malformed("must be a JSON object")),
    };
    names
        .iter()
        .try_for_each(|name| allowed.check_field(operation, name))
}

/// Returns what is wrong with a rule of the caller. `name` is an entry of the option, or empty for the option itself.
pub(super) fn check_rule(operation: &str, option: &str, name: &str) -> Option<&'static str> {
    let Some(operation) = OPERATIONS.iter().find(|known| known.name() == operation) else {
        return Some("is not an operation");
    };
    let (required, optional) = operation.input().query();
    match option {
        "" => None,
        "fields" => matches!(operation.input(), Input::Nothing | Input::Query(..))
            .then_some("has no body whose fields could be limited"),
        "query" if required.is_empty() && optional.is_empty() => {
            Some("has no query that could be limited")
        }
        "query" => {
            let known = words(required)
                .chain(words(optional))
                .any(|known| known == name);
            (!name.is_empty() && !known).then_some("has no such query parameter")
        }
        "response" | "secrets" => (operation.output == Output::Nothing)
            .then_some("has no answer whose fields could be limited"),
        _ => Some("has no such option; there are fields, query, response and secrets"),
    }
}

#[cfg(test)]
mod tests {
    use auth0_users_core::operations;

    use super::*;
    use crate::target::recognise;

    const POLICY: &str = "users.list\tquery\tquery page\tquery per_page\n\
        users.get\n\
        users.update\tfields\tfields blocked\tfields user_metadata\n\
        users.create\tfields\n\
        users.riskAssessments.clear\n\
        users.authenticationMethods.set\tfields\tfields type\tfields name";

    fn query(target: &str) -> Result<(), &'static str> {
        let recognised = recognise("GET", target).unwrap();
        Allowed::find(POLICY, recognised.operation)
            .and_then(|allowed| allowed.check_query(&recognised))
            .map_err(|refusal| refusal.code)
    }

    fn body(operation: &'static Operation, text: &str) -> Result<(), &'static str> {
        let allowed = Allowed::find(POLICY, operation).map_err(|refusal| refusal.code)?;
        check_body(operation, &allowed, text).map_err(|refusal| refusal.code)
    }

    #[test]
    fn unlisted_operations_are_not_allowed() {
        let refused = Err("operation_not_allowed");
        assert_eq!(query("/users/a/roles"), refused);
        assert_eq!(query("/users-by-email?email=a"), refused);
        assert_eq!(body(&operations::USERS_ROLES_ASSIGN, "{}"), refused);
        assert!(Allowed::find("", &operations::USERS_GET).is_err());
    }

    #[test]
    fn query_is_limited_to_listed_parameters() {
        assert_eq!(query("/users?page=1"), Ok(()));
        assert_eq!(query("/users?page=1&q=a"), Err("query_not_allowed"));
        assert_eq!(query("/users/a?fields=email"), Ok(()));
    }

    #[test]
    fn body_is_limited_to_listed_fields() {
        let update = &operations::USERS_UPDATE;
        assert_eq!(
            body(update, r#"{"blocked":true,"user_metadata":{"email":1}}"#),
            Ok(())
        );
        assert_eq!(body(update, "{}"), Ok(()));
        for field in [
            "email",
            "Blocked",
            "blocked ",
            "blocked\\u0000",
            "",
            "user_metadata.a",
            "fields blocked",
        ] {
            let text = format!(r#"{{"blocked":true,"{field}":1}}"#);
            assert_eq!(body(update, &text), Err("field_not_allowed"), "{field}");
        }
        assert_eq!(body(update, "[]"), Err("invalid_body"));
        // Allowed without a limit, but not a valid name.
        let risk = &operations::USERS_RISK_ASSESSMENTS_CLEAR;
        assert_eq!(body(risk, r#"{"connection":"a"}"#), Ok(()));
        for field in ["a\\u0000", "\\n", "\\u007f", "\\u0085"] {
            let text = format!(r#"{{"{field}":1}}"#);
            assert_eq!(body(risk, &text), Err("invalid_body"), "{field}");
        }
        assert_eq!(body(&operations::USERS_CREATE, "{}"), Ok(()));
        assert_eq!(
            body(&operations::USERS_CREATE, r#"{"email":1}"#),
            Err("field_not_allowed")
        );
    }

    #[test]
    fn items_of_a_body_are_limited_too() {
        let set = &operations::USERS_AUTHENTICATION_METHODS_SET;
        assert_eq!(body(set, r#"[{"type":"email"},{"name":"a"}]"#), Ok(()));
        assert_eq!(
            body(set, r#"[{"type":"email"},{"secret":"a"}]"#),
            Err("field_not_allowed")
        );
        for text in [
            "{}",
            r#"{"type":"email"}"#,
            "[1]",
            "[[]]",
            r#"[{"type":1},null]"#,
        ] {
            assert_eq!(body(set, text), Err("invalid_body"), "{text}");
        }
    }

    #[test]
    fn rules_are_checked_against_the_table() {
        for (operation, option, name) in [
            ("users.list", "", ""),
            ("users.list", "query", ""),
            ("users.list", "query", "per_page"),
            ("users.update", "fields", "blocked"),
            ("users.update", "fields", "what comes tomorrow"),
            ("users.get", "response", "email"),
            ("users.get", "secrets", "access_token"),
        ] {
            assert_eq!(
                check_rule(operation, option, name),
                None,
                "{operation} {option}"
            );
        }
        for (operation, option, name) in [
            ("users.lst", "", ""),
            ("users", "", ""),
            ("", "", ""),
            ("users.list", "fields", ""),
            ("users.delete", "fields", ""),
            ("users.delete", "query", ""),
            ("users.delete", "response", ""),
            ("users.list", "query", "pages"),
            ("users.update", "feilds", ""),
        ] {
            assert!(
                check_rule(operation, option, name).is_some(),
                "{operation} {option}"
            );
        }
    }
}
