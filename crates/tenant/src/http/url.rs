//! Paths and queries of requests. A path is split before it is decoded, decoded once and never normalised.

use percent_encoding::percent_decode_str;

/// Returns the decoded segments of a raw path, or `None` if one is not UTF-8.
pub(crate) fn segments(raw: &str) -> Option<Vec<String>> {
    raw.strip_prefix('/')?
        .split('/')
        .map(|segment| {
            percent_decode_str(segment)
                .decode_utf8()
                .ok()
                .map(|text| text.into_owned())
        })
        .collect()
}

/// Returns the decoded pairs of a raw query or form, or `None` if one is not UTF-8.
pub(crate) fn pairs(raw: &str) -> Option<Vec<(String, String)>> {
    raw.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode_form(name)?, decode_form(value)?))
        })
        .collect()
}

fn decode_form(text: &str) -> Option<String> {
    // In forms a plus sign stands for a space.
    let text = text.replace('+', " ");
    percent_decode_str(&text)
        .decode_utf8()
        .ok()
        .map(|text| text.into_owned())
}
