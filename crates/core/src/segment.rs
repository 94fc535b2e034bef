//! The segments of paths.

/// Returns what is wrong with the value of a segment, before it is encoded.
///
/// A value that could be parsed as anything but one segment is refused. Encoding does not help: `%2e%2e` climbs like
/// `..`, and an empty segment leads to another endpoint.
pub fn fault(value: &str) -> Option<&'static str> {
    if value.is_empty() {
        Some("must be a non-empty string")
    } else if has_step(value) {
        Some("must not be, or contain between slashes, \".\" or \"..\"")
    } else if value.chars().any(char::is_control) {
        Some("must not contain control characters")
    } else if value.bytes().all(|byte| byte != b'|') && has_encoded_bar(value) {
        Some("is already percent-encoded; pass it as the API returned it, such as \"auth0|abc\"")
    } else {
        None
    }
}

/// Returns whether a part between slashes is `.` or `..`. Some servers decode a path more than once, and some treat a
/// backslash as a slash.
fn has_step(value: &str) -> bool {
    let mut dots = Some(0_usize);
    let mut rest = value;
    loop {
        let is = |text: &str| {
            rest.get(..text.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(text))
        };
        let find = |texts: &[&str]| texts.iter().find(|text| is(text)).map(|text| text.len());
        let (dot, slash) = (find(&[".", "%2e"]), find(&["/", "\\", "%2f", "%5c"]));
        if (rest.is_empty() || slash.is_some()) && matches!(dots, Some(1 | 2)) {
            return true;
        }
        let Some(next) = rest.chars().next() else {
            return false;
        };
        dots = match (dots, dot, slash) {
            (_, _, Some(_)) => Some(0),
            (Some(dots), Some(_), _) => Some(dots.saturating_add(1)),
            _ => None,
        };
        let length = dot.or(slash).unwrap_or(next.len_utf8());
        rest = rest.get(length..).unwrap_or_default();
    }
}

/// Returns whether a value contains `%7C`, as an encoded id does.
fn has_encoded_bar(value: &str) -> bool {
    value
        .as_bytes()
        .windows(3)
        .any(|bytes| matches!(bytes, [b'%', b'7', b'C' | b'c']))
}
