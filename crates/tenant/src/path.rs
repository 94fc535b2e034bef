//! The path as it came: split first, decoded once afterwards, never normalised.

use percent_encoding::percent_decode_str;

/// Decoded segments of a raw path that starts with `/`, or nothing when one is not UTF-8.
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

/// Decoded pairs of a raw query or of a form body; `+` is a blank there.
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
    let text = text.replace('+', " ");
    percent_decode_str(&text)
        .decode_utf8()
        .ok()
        .map(|text| text.into_owned())
}
