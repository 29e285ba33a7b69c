//! JSON read as it comes: members in any order, what is missing, `null` or of another type than it should be leaves
//! things as they are, and nothing is held but what is wanted.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::recording::text::CUT;

/// Takes what stands at a place of the JSON.
pub(super) trait Sink {
    /// It is a string.
    fn text(&mut self, _text: &str) {}

    /// It is a number.
    fn number(&mut self, _number: f64) {}

    /// It is `true` or `false`.
    fn truth(&mut self, _truth: bool) {}

    /// It is an object, and this is one of its members; its value must be read.
    fn member<'de, A: MapAccess<'de>>(&mut self, _name: &str, map: &mut A) -> Result<(), A::Error> {
        ignore(map)
    }

    /// It is an array, and its next element must be read; tells whether there was one.
    fn element<'de, A: SeqAccess<'de>>(&mut self, array: &mut A) -> Result<bool, A::Error> {
        Ok(array.next_element::<IgnoredAny>()?.is_some())
    }
}

/// Passes the value of a member over.
pub(super) fn ignore<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

/// Reads a value into a sink.
pub(super) struct Into<'a, S>(pub(super) &'a mut S);

impl<'de, S: Sink> DeserializeSeed<'de> for Into<'_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: Sink> Visitor<'de> for Into<'_, S> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.text(text);
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        #[allow(
            clippy::cast_precision_loss,
            reason = "no number of a recording that is read is so large"
        )]
        self.0.number(number as f64);
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        #[allow(
            clippy::cast_precision_loss,
            reason = "no number of a recording that is read is so large"
        )]
        self.0.number(number as f64);
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.0.number(number);
        Ok(())
    }

    fn visit_bool<E>(self, truth: bool) -> Result<(), E> {
        self.0.truth(truth);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            self.0.member(&name, &mut map)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        while self.0.element(&mut array)? {}
        Ok(())
    }
}

/// How much memory all that is no body may take.
pub(super) struct Budget {
    limit: usize,
    taken: Cell<usize>,
}

impl Budget {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            taken: Cell::new(0),
        }
    }

    /// Asks for room for a text of that length; once there is none, there is none for anything.
    pub(super) fn has_room_for(&self, length: usize) -> bool {
        self.taken.set(self.taken.get() + cost(length));
        !self.is_spent()
    }

    /// Says how much of what was asked for is really held.
    pub(super) fn settle(&self, held: usize) {
        if !self.is_spent() {
            self.taken.set(held);
        }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.taken.get() > self.limit
    }
}

/// What a text of that length takes of memory: itself, its handle, and what the allocator adds.
pub(super) fn cost(length: usize) -> usize {
    length.max(16) + size_of::<String>() + 16
}

/// A short text; of a number, its digits.
pub(super) struct Short<'a> {
    pub(super) text: String,
    /// It was longer than what is read of any text.
    pub(super) is_cut: bool,
    budget: &'a Budget,
}

impl<'a> Short<'a> {
    pub(super) fn new(budget: &'a Budget) -> Self {
        Self {
            text: String::new(),
            is_cut: false,
            budget,
        }
    }
}

impl Sink for Short<'_> {
    fn text(&mut self, text: &str) {
        let whole = text.strip_suffix(CUT);
        self.is_cut = whole.is_some();
        let text = whole.unwrap_or(text);
        if self.budget.has_room_for(text.len()) {
            self.text = text.to_owned();
        }
    }

    fn number(&mut self, number: f64) {
        self.text = number.to_string();
    }
}

/// A text that may be long: a body.
#[derive(Default)]
pub(super) struct Long {
    pub(super) text: Option<String>,
    pub(super) is_cut: bool,
}

impl Sink for Long {
    fn text(&mut self, text: &str) {
        self.is_cut = text.ends_with(CUT);
        self.text = (!self.is_cut).then(|| text.to_owned());
    }
}

/// A number, also where it is written as a string.
#[derive(Default)]
pub(super) struct Number(pub(super) Option<f64>);

impl Sink for Number {
    fn text(&mut self, text: &str) {
        self.0 = text.trim().parse().ok();
    }

    fn number(&mut self, number: f64) {
        self.0 = Some(number);
    }
}

/// Whether something is said at all, and not `false`.
#[derive(Default)]
pub(super) struct Said(pub(super) bool);

impl Sink for Said {
    fn text(&mut self, text: &str) {
        self.0 = !text.is_empty();
    }

    fn number(&mut self, _number: f64) {
        self.0 = true;
    }

    fn truth(&mut self, truth: bool) {
        self.0 = truth;
    }

    fn member<'de, A: MapAccess<'de>>(&mut self, _name: &str, map: &mut A) -> Result<(), A::Error> {
        self.0 = true;
        ignore(map)
    }
}

/// A list of names and values: headers, cookies, fields.
pub(super) struct Pairs<'a> {
    pub(super) list: Vec<(String, String)>,
    /// A value was longer than what is read.
    pub(super) is_cut: bool,
    budget: &'a Budget,
}

impl<'a> Pairs<'a> {
    pub(super) fn new(budget: &'a Budget) -> Self {
        Self {
            list: Vec::new(),
            is_cut: false,
            budget,
        }
    }
}

impl Sink for Pairs<'_> {
    fn element<'de, A: SeqAccess<'de>>(&mut self, array: &mut A) -> Result<bool, A::Error> {
        let mut pair = Pair {
            name: Short::new(self.budget),
            value: Short::new(self.budget),
        };
        let more = array.next_element_seed(Into(&mut pair))?.is_some();
        if more && !pair.name.text.is_empty() && !self.budget.is_spent() {
            self.is_cut |= pair.value.is_cut;
            self.list.push((pair.name.text, pair.value.text));
        }
        Ok(more)
    }
}

struct Pair<'a> {
    name: Short<'a>,
    value: Short<'a>,
}

impl Sink for Pair<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "name" => map.next_value_seed(Into(&mut self.name)),
            "value" => map.next_value_seed(Into(&mut self.value)),
            _ => ignore(map),
        }
    }
}
