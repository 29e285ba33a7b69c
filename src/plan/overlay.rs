//! The one merge: lines of one text laid over another.

use std::collections::HashMap;

use crate::properties::{JavaText, Line, Occurrence, Properties};

/// Is one key of two texts: the n-th entry of the one and of the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    /// The entry in the text that gives order and comments.
    pub(super) layout: Option<Occurrence<'a>>,
    /// The entry in the text that is laid over it.
    pub(super) over: Option<Occurrence<'a>>,
}

/// Makes a text with the order, the comments and the blank lines of `layout`, and for each entry of either text
/// the line that `choose` gives; where it gives none there is none.
///
/// A line for an entry that `layout` lacks goes after the nearest entry before it in `over` that the result has:
/// never before the duplicate it follows; before the first entry, where there is no such neighbour.
pub(super) fn overlay(
    layout: &Properties,
    over: &Properties,
    mut choose: impl FnMut(Spot<'_>) -> Option<Line>,
) -> Properties {
    let id = |o: &Occurrence<'_>| (o.entry.key.clone(), o.nth);
    let others: HashMap<Id, Occurrence<'_>> = over.occurrences().map(|o| (id(&o), o)).collect();
    let mut result: Vec<Option<Line>> = layout.lines().iter().cloned().map(Some).collect();
    let mut places: HashMap<Id, Option<Place>> = HashMap::new();
    for own in layout.occurrences() {
        let chosen = choose(Spot {
            layout: Some(own),
            over: others.get(&id(&own)).copied(),
        });
        places.insert(id(&own), chosen.is_some().then_some(Place::After(own.index)));
        result[own.index] = chosen;
    }
    let first = layout
        .occurrences()
        .next()
        .map_or(layout.lines().len(), |o| o.index);
    let mut inserts: HashMap<Place, Vec<Line>> = HashMap::new();
    let mut neighbour = Place::First;
    for other in over.occurrences() {
        if let Some(place) = places.get(&id(&other)) {
            neighbour = place.unwrap_or(neighbour);
            continue;
        }
        let Some(line) = choose(Spot {
            layout: None,
            over: Some(other),
        }) else {
            continue;
        };
        // Java takes the last duplicate, so one must never get before the one it follows.
        let mut twins = (1..other.nth)
            .rev()
            .filter_map(|nth| *places.get(&(other.entry.key.clone(), nth))?);
        neighbour = neighbour.max(twins.next().unwrap_or(Place::First));
        places.insert(id(&other), Some(neighbour));
        inserts.entry(neighbour).or_default().push(line);
    }
    let mut lines = Vec::new();
    for (index, line) in result.into_iter().enumerate() {
        if index == first {
            lines.extend(inserts.remove(&Place::First).unwrap_or_default());
        }
        lines.extend(line);
        lines.extend(inserts.remove(&Place::After(index)).unwrap_or_default());
    }
    lines.extend(inserts.remove(&Place::First).unwrap_or_default());
    Properties::from_lines(lines)
}

type Id = (JavaText, usize);

/// Where an inserted line goes, in the order of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Place {
    /// Before the first entry.
    First,
    /// After the line with this index, and what was inserted there before.
    After(usize),
}
