//! Formats of strings: which strings they accept, and how a refusal describes them.

use super::Format;

/// How a refusal names a format.
pub(super) enum Rule {
    Named(&'static str),
    Pattern(&'static str),
}

impl Format {
    pub(super) fn rule(self) -> Rule {
        match self {
            Self::Any => Rule::Named("any"),
            Self::Email => Rule::Named("email"),
            Self::Uri => Rule::Named("strict-uri"),
            Self::Phone => Rule::Pattern(r"^\+[0-9]{1,15}$"),
            Self::NoSpace => Rule::Pattern(r"^\S*$"),
            Self::ConnectionId => Rule::Pattern("^con_[A-Za-z0-9]{16}$"),
            Self::ConnectionName => Rule::Pattern("^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$"),
            Self::UserId => Rule::Named("user-id"),
            Self::ClientId => Rule::Named("client-id"),
            Self::OrganizationId => Rule::Named("organization-id"),
            Self::Sort => Rule::Pattern(r"^(([a-zA-Z0-9_\.]+))\:(1|-1)$"),
        }
    }

    pub(super) fn accepts(self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Email => is_email(text),
            Self::Uri => is_uri(text),
            Self::Phone => text.strip_prefix('+').is_some_and(|digits| {
                (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
            }),
            Self::NoSpace => !text.contains(char::is_whitespace),
            Self::ConnectionId => is_id(text, "con_"),
            Self::ConnectionName => {
                !text.is_empty()
                    && !text.ends_with('-')
                    && text.split('-').all(|part| {
                        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
                    })
            }
            Self::UserId => text
                .split_once('|')
                .is_some_and(|(provider, id)| !provider.is_empty() && !id.is_empty()),
            Self::ClientId => {
                (1..=64).contains(&text.len())
                    && text
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            }
            Self::OrganizationId => is_id(text, "org_"),
            Self::Sort => text.rsplit_once(':').is_some_and(|(field, order)| {
                matches!(order, "1" | "-1")
                    && !field.is_empty()
                    && field
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.')
            }),
        }
    }
}

fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|id| id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Returns whether the text has a local part of at most 64 characters, a host, and at most 254 characters in total.
fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    let plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@')
    };
    plain(local)
        && plain(host)
        && local.chars().count() <= 64
        && text.chars().count() <= 254
        && host.split('.').all(|label| !label.is_empty())
}

fn is_uri(text: &str) -> bool {
    text.parse::<http::Uri>()
        .is_ok_and(|uri| uri.scheme().is_some() && uri.authority().is_some())
}
