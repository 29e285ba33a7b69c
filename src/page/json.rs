//! JSON as it stands: values are found by JSON Pointers and keep their bytes, so that what is sent back differs from
//! what was read by nothing but what was meant to change. A number of forty digits stays one.

use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A value in a JSON text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Json<'t> {
    whole: &'t str,
    raw: &'t str,
}

impl fmt::Debug for Json<'_> {
    /// Says where it stands and keeps the value to itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Json").field(&self.span()).finish()
    }
}

/// The members of an object in their order, doubles included.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Json<'t> {
    /// Reads a whole text.
    ///
    /// # Errors
    /// What is wrong with it and where, as a clause.
    pub fn parse(text: &'t str) -> Result<Self, String> {
        let raw: &RawValue = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let raw = raw.get();
        Ok(Self { whole: text, raw })
    }

    /// Finds the value that a pointer (RFC 6901) names; none where there is none.
    ///
    /// # Errors
    /// A member on the way stands there twice: which one counts is not told.
    pub fn at(self, pointer: &str) -> Result<Option<Self>, String> {
        let mut here = self;
        for token in pointer.split('/').skip(1) {
            let name = token.replace("~1", "/").replace("~0", "~");
            let found = match here.members()? {
                Some(members) => members
                    .into_iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, value)| value),
                None => match (here.elements(), name.parse::<usize>()) {
                    (Some(elements), Ok(index)) => elements.get(index).copied(),
                    _ => None,
                },
            };
            match found {
                Some(value) => here = value,
                None => return Ok(None),
            }
        }
        Ok(Some(here))
    }

    /// Gives the members of an object in their order; none where it is something else.
    ///
    /// # Errors
    /// A member stands there twice.
    pub fn members(self) -> Result<Option<Vec<(String, Self)>>, String> {
        if !self.raw.starts_with('{') {
            return Ok(None);
        }
        let Members(members) = serde_json::from_str(self.raw).map_err(|e| e.to_string())?;
        for (at, (name, _)) in members.iter().enumerate() {
            if members[..at].iter().any(|(before, _)| before == name) {
                return Err(format!("has `{name}` twice"));
            }
        }
        Ok(Some(
            members
                .into_iter()
                .map(|(name, value)| (name, self.with(value)))
                .collect(),
        ))
    }

    /// Gives the elements of an array; none where it is something else.
    pub fn elements(self) -> Option<Vec<Self>> {
        let elements: Vec<&RawValue> = serde_json::from_str(self.raw).ok()?;
        Some(elements.into_iter().map(|value| self.with(value)).collect())
    }

    /// Gives a text; none where it is something else, or no Unicode text, as a lone surrogate is none.
    pub fn text(self) -> Option<String> {
        serde_json::from_str(self.raw).ok()
    }

    /// Gives a text or a number as it is written; none where it is something else.
    pub fn word(self) -> Option<String> {
        let number = self.raw.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        if number {
            Some(self.raw.to_owned())
        } else {
            self.text()
        }
    }

    /// Gives `true` or `false`; none where it is something else.
    pub fn flag(self) -> Option<bool> {
        serde_json::from_str(self.raw).ok()
    }

    /// Gives a number that counts; none where it is something else.
    pub fn count(self) -> Option<usize> {
        serde_json::from_str(self.raw).ok()
    }

    /// Tells whether it is `null`.
    pub fn is_null(self) -> bool {
        self.raw == "null"
    }

    /// Names what it is.
    pub fn kind(self) -> &'static str {
        match self.raw.as_bytes().first() {
            Some(b'{') => "object",
            Some(b'[') => "list",
            Some(b'"') => "text",
            Some(b't' | b'f') => "flag",
            Some(b'n') => "null",
            _ => "number",
        }
    }

    /// Gives it as it stands in the text.
    pub fn raw(self) -> &'t str {
        self.raw
    }

    /// Gives its place in the whole text, in bytes.
    pub fn span(self) -> Range<usize> {
        let start = self.raw.as_ptr() as usize - self.whole.as_ptr() as usize;
        start..start + self.raw.len()
    }

    fn with(self, value: &'t RawValue) -> Self {
        Self {
            whole: self.whole,
            raw: value.get(),
        }
    }
}

impl<'t> Deserialize<'t> for Members<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'t> Visitor<'t> for All {
            type Value = Members<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(All)
    }
}

/// Writes a text as JSON.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_finds_members_and_elements_as_they_stand() {
        let text = "{ \"a/b\" : [ 1.50, {\"~\": 12345678901234567890123} ], \"c\":null, \"\": \"\\u00fc\" }";
        let json = Json::parse(text).unwrap();
        let raw = |pointer: &str| json.at(pointer).unwrap().map(Json::raw);
        assert_eq!(raw("/a~1b/0"), Some("1.50"));
        assert_eq!(raw("/a~1b/1/~0"), Some("12345678901234567890123"));
        assert_eq!(raw("/a~1b/2"), None);
        assert_eq!(raw("/c/d"), None);
        assert_eq!(raw(""), Some(text));
        assert_eq!(json.at("/").unwrap().unwrap().text().as_deref(), Some("ü"));
        for pointer in ["", "/a~1b/0", "/c", "/"] {
            let value = json.at(pointer).unwrap().unwrap();
            assert_eq!(&text[value.span()], value.raw());
        }
    }

    #[test]
    fn what_stands_twice_is_not_chosen_from() {
        let json = Json::parse(r#"{"t":1,"u":{"t":2,"\u0074":3}}"#).unwrap();
        assert_eq!(json.at("/t").unwrap().unwrap().count(), Some(1));
        assert_eq!(json.at("/u/t").unwrap_err(), "has `t` twice");
    }

    #[test]
    fn half_a_text_and_more_than_one_value_are_no_json() {
        for text in [
            "",
            "{\"a\":1",
            "{\"a\":1}x",
            "{} {}",
            "{\"a\":01}",
            "<html>",
            "{\"a\":\"x\ny\"}",
            "nul",
        ] {
            assert!(Json::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_lone_surrogate_is_no_text() {
        let json = Json::parse(r#"["\ud83d","\ude00x","\ud83d\ude00"]"#).unwrap();
        let texts: Vec<Option<String>> = json.elements().unwrap().into_iter().map(Json::text).collect();
        assert_eq!(texts, [None, None, Some("😀".to_owned())]);
    }

    #[test]
    fn values_are_what_they_are() {
        let json = Json::parse(r#"["7", 7, -1, 1.0, true, null, {}]"#).unwrap();
        let all = json.elements().unwrap();
        let words: Vec<Option<String>> = all.iter().map(|v| v.word()).collect();
        assert_eq!(words[..4], ["7", "7", "-1", "1.0"].map(|w| Some(w.to_owned())));
        assert_eq!(words[4..], [None, None, None]);
        let counts: Vec<Option<usize>> = all.iter().map(|v| v.count()).collect();
        assert_eq!(counts, [None, Some(7), None, None, None, None, None]);
        let kinds: Vec<&str> = all.iter().map(|v| v.kind()).collect();
        assert_eq!(
            kinds,
            ["text", "number", "number", "number", "flag", "null", "object"]
        );
        assert_eq!(all[4].flag(), Some(true));
        assert!(all[5].is_null());
    }
}
