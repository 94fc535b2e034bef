//! A strict reader of the field names of JSON: a text that two parsers could read differently is refused.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

/// The maximum depth of nested values.
const MAX_DEPTH: u32 = 64;
/// The maximum number of names of an object.
const MAX_NAMES: usize = 1_000;

/// The top-level value of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Top {
    /// An object with these names.
    Object(Vec<String>),
    /// An array: the names of all items that are objects, and whether there are other items.
    Array { names: Vec<String>, others: bool },
}

/// Reads a text. The error says what is wrong with it.
pub(super) fn read(text: &str) -> Result<Top, &'static str> {
    let mut reader = Reader {
        rest: text.as_bytes(),
    };
    reader.space();
    let top = match reader.rest.first() {
        Some(b'{') => Top::Object(reader.object(0)?),
        Some(b'[') => {
            let (mut names, mut others) = (Vec::new(), false);
            reader.array(|reader| {
                if reader.rest.first() == Some(&b'{') {
                    names.append(&mut reader.object(1)?);
                } else {
                    others = true;
                    reader.value(1)?;
                }
                Ok(())
            })?;
            Top::Array { names, others }
        }
        _ => return Err("must be a JSON object or array"),
    };
    reader.space();
    if reader.rest.is_empty() {
        Ok(top)
    } else {
        Err(MALFORMED)
    }
}

const MALFORMED: &str = "must be JSON";

struct Reader<'a> {
    rest: &'a [u8],
}

type Read<T> = Result<T, &'static str>;

impl Reader<'_> {
    fn next(&mut self) -> Read<u8> {
        let (first, rest) = self.rest.split_first().ok_or(MALFORMED)?;
        self.rest = rest;
        Ok(*first)
    }

    /// Takes a byte if it is the next one.
    fn take(&mut self, byte: u8) -> bool {
        let rest = self.rest.strip_prefix(&[byte]);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, byte: u8) -> Read<()> {
        if self.take(byte) {
            Ok(())
        } else {
            Err(MALFORMED)
        }
    }

    fn space(&mut self) {
        self.skip(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// Skips bytes that fit, and returns whether there were any.
    fn skip(&mut self, fits: fn(u8) -> bool) -> bool {
        let mut any = false;
        while let Some((first, rest)) = self.rest.split_first()
            && fits(*first)
        {
            self.rest = rest;
            any = true;
        }
        any
    }

    fn value(&mut self, depth: u32) -> Read<()> {
        let rest = self.rest;
        match self.rest.first() {
            Some(b'{') => self.object(depth).map(drop),
            Some(b'[') => {
                let deeper = deeper(depth)?;
                self.array(|reader| reader.value(deeper))
            }
            Some(b'"') => self.string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                let word = [&b"true"[..], b"false", b"null"]
                    .iter()
                    .find_map(|word| rest.strip_prefix(*word));
                self.rest = word.ok_or(MALFORMED)?;
                Ok(())
            }
        }
    }

    /// Reads the names of an object, each of which is unique.
    fn object(&mut self, depth: u32) -> Read<Vec<String>> {
        let deeper = deeper(depth)?;
        let mut names: Vec<String> = Vec::new();
        // A set instead of a search: names may be long and differ only at their end.
        let mut known = BTreeSet::new();
        self.items(b'{', b'}', |reader| {
            let name = reader.string()?;
            if name == "__proto__" {
                return Err("must not have a field named __proto__");
            }
            if !known.insert(name.clone()) {
                return Err("must not have a field twice");
            }
            if names.len() >= MAX_NAMES {
                return Err("must not have more than 1000 fields in one object");
            }
            names.push(name);
            reader.space();
            reader.expect(b':')?;
            reader.space();
            reader.value(deeper)
        })?;
        Ok(names)
    }

    fn array(&mut self, mut item: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        self.items(b'[', b']', &mut item)
    }

    fn items(
        &mut self,
        open: u8,
        close: u8,
        mut item: impl FnMut(&mut Self) -> Read<()>,
    ) -> Read<()> {
        self.expect(open)?;
        self.space();
        if self.take(close) {
            return Ok(());
        }
        loop {
            item(self)?;
            self.space();
            if self.take(close) {
                return Ok(());
            }
            self.expect(b',')?;
            self.space();
        }
    }

    fn string(&mut self) -> Read<String> {
        self.expect(b'"')?;
        let mut bytes = Vec::new();
        loop {
            match self.next()? {
                b'"' => break,
                b'\\' => {
                    let escaped = match self.next()? {
                        byte @ (b'"' | b'\\' | b'/') => char::from(byte),
                        b'b' => '\u{8}',
                        b'f' => '\u{c}',
                        b'n' => '\n',
                        b'r' => '\r',
                        b't' => '\t',
                        b'u' => self.unicode()?,
                        _ => return Err(MALFORMED),
                    };
                    bytes.extend_from_slice(escaped.encode_utf8(&mut [0; 4]).as_bytes());
                }
                0..0x20 => return Err(MALFORMED),
                byte => bytes.push(byte),
            }
        }
        String::from_utf8(bytes).map_err(|_| MALFORMED)
    }

    fn unicode(&mut self) -> Read<char> {
        let first = self.unit()?;
        let code = if let 0xd800..0xdc00 = first {
            self.expect(b'\\')?;
            self.expect(b'u')?;
            let second = self.unit()?;
            if !(0xdc00..0xe000).contains(&second) {
                return Err(LONE);
            }
            0x10000_u32.saturating_add(((first & 0x3ff) << 10) | (second & 0x3ff))
        } else {
            first
        };
        char::from_u32(code).ok_or(LONE)
    }

    /// Reads four hexadecimal digits.
    fn unit(&mut self) -> Read<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = char::from(self.next()?).to_digit(16).ok_or(MALFORMED)?;
            unit = (unit << 4) | digit;
        }
        Ok(unit)
    }

    fn number(&mut self) -> Read<()> {
        let digits = |reader: &mut Self| {
            let any = reader.skip(|byte| byte.is_ascii_digit());
            any.then_some(()).ok_or(MALFORMED)
        };
        self.take(b'-');
        let begun = self.rest;
        if !self.take(b'0') {
            digits(self)?;
        }
        let length = begun.len().saturating_sub(self.rest.len());
        // JSON.parse would round it, and the proxy would forward another integer.
        let integer = begun.get(..length).unwrap_or_default();
        if (length, integer) > (MAX_SAFE_INTEGER.len(), MAX_SAFE_INTEGER) {
            return Err("must not have integers above 2^53 - 1: send them as text");
        }
        if self.take(b'.') {
            digits(self)?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            digits(self)?;
        }
        Ok(())
    }
}

const MAX_SAFE_INTEGER: &[u8] = b"9007199254740991";
const LONE: &str = "must not have half of a surrogate pair";

fn deeper(depth: u32) -> Read<u32> {
    if depth < MAX_DEPTH {
        Ok(depth.saturating_add(1))
    } else {
        Err("must not be nested deeper than 64 levels")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        match read(text) {
            Ok(Top::Object(names)) => names,
            other => panic!("{text} is {other:?}"),
        }
    }

    #[test]
    fn names_of_an_object_are_read() {
        assert_eq!(names("{}"), [""; 0]);
        assert_eq!(
            names(" {\t\"a\" : {\"b\":1, \"a\":[{}]} ,\r\n\"c\":\"d\"} "),
            ["a", "c"]
        );
        assert_eq!(
            names(r#"{"bl\u006fcked":true,"\"\\\/\b\f\n\r\t":0}"#)[0],
            "blocked"
        );
        assert_eq!(
            names(r#"{"\ud83e\udd80":null,"é":-0.5e+10}"#),
            ["\u{1f980}", "é"]
        );
        assert_eq!(names(r#"{"\ud800\udc00":1}"#), ["\u{10000}"]);
        assert_eq!(names(r#"{"\udbff\udfff":1}"#), ["\u{10ffff}"]);
    }

    #[test]
    fn items_of_an_array_are_read() {
        let names = vec!["a".to_owned(), "b".to_owned(), "a".to_owned()];
        let others = false;
        assert_eq!(
            read(r#"[{"a":1},{"b":[2],"a":3}]"#),
            Ok(Top::Array { names, others })
        );
        let (names, others) = (Vec::new(), true);
        assert_eq!(read("[1, [], {}]"), Ok(Top::Array { names, others }));
    }

    #[test]
    fn ambiguous_json_is_refused() {
        for text in [
            "",
            " ",
            "1",
            "null",
            "\"a\"",
            "true",
            "{",
            "}",
            "[",
            "{}{}",
            "{},",
            "{} x",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "{'a':1}",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\" 1}",
            "{\"a\":1 \"b\":2}",
            "{,}",
            "{\"a\":01}",
            "{\"a\":+1}",
            "{\"a\":.5}",
            "{\"a\":1.}",
            "{\"a\":1e}",
            "{\"a\":-}",
            "{\"a\":0x1}",
            "{\"a\":NaN}",
            "{\"a\":Infinity}",
            "{\"a\":undefined}",
            "{\"a\":tru}",
            "{\"a\":truee}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"\\x41\"}",
            "{\"a\":\"\\u00g0\"}",
            "{\"a\":\"\\u12\"}",
            "{\"a\":\"\\",
            "{\"a\":\"",
            "/**/{}",
            "{}//",
            "\u{feff}{}",
            "\u{a0}{}",
            "{\"a\":1}\0",
            "{\"a\":\u{2028}1}",
            "{\"a\":1,\"a\":2}",
            "{\"a\":1,\"\\u0061\":2}",
            "{\"a\":{\"b\":1,\"b\":1}}",
            "{\"a\":[{\"b\":1,\"b\":1}]}",
            "{\"__proto__\":{}}",
            "{\"__proto\\u005f_\":{}}",
            "{\"a\":{\"__proto__\":1}}",
            "{\"\\ud800\":1}",
            "{\"\\udc00\":1}",
            "{\"a\":\"\\ud800\\ud800\"}",
            "{\"a\":\"\\ud800x\"}",
        ] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn integers_that_javascript_rounds_are_refused() {
        let body = |number: &str| read(&format!("{{\"a\":[{number}]}}")).is_ok();
        for number in [
            "9007199254740991",
            "-9007199254740991",
            "0",
            "1e300",
            "0.12345678901234567890",
        ] {
            assert!(body(number), "{number}");
        }
        for number in [
            "9007199254740992",
            "-9007199254740993",
            "175928847299117063",
            "9007199254740993.0",
        ] {
            assert!(!body(number), "{number}");
        }
    }

    #[test]
    fn deep_or_wide_values_are_refused() {
        let nested =
            |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&nested(63)).is_ok());
        assert!(read(&nested(64)).is_err());
        assert!(read(&nested(100_000)).is_err());
        let wide = |names: usize| {
            let pairs: Vec<_> = (0..names).map(|n| format!("\"{n}\":0")).collect();
            format!("{{{}}}", pairs.join(","))
        };
        assert!(read(&wide(1_000)).is_ok());
        assert!(read(&wide(1_001)).is_err());
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest::proptest! {
        #[test]
        fn accepted_json_is_valid_for_serde(text in "[{\\[\"a1,:\\]} ]{0,12}|\\{\"[a-z\\\\u0]{0,6}\":[0-9.eE+\\-]{1,6}\\}") {
            let value = serde_json::from_str::<serde_json::Value>(&text);
            if read(&text).is_ok() {
                // This reader does not know the range of numbers.
                let is_too_large = value.as_ref().is_err_and(|error| error.to_string().contains("out of range"));
                proptest::prop_assert!(value.is_ok() || is_too_large, "{}", text);
            }
        }
    }
}
