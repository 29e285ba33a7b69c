//! How it is told what was switched.

use crate::command::switching::{MAIL, Turned};
use crate::report::{Text, Tone, Ui};

/// Whether items were switched on or off, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// Off.
    Off,
    /// On.
    On,
}

impl Said {
    fn word(self) -> &'static str {
        match self {
            Said::Off => "off",
            Said::On => "on",
        }
    }
}

/// Says in a line what became of a part, and below it which items are not as they should be.
pub(crate) fn say_turned(ui: &Ui, turned: &Turned, said: Said) {
    let word = said.word();
    let switched = turned.switched().count();
    let failed = turned.failed().count();
    let line = match (turned.part.as_str(), &turned.stopped, switched, failed) {
        (_, Some(_), 0, 0) => Text::new().toned(Tone::Bad, "not read"),
        (MAIL, _, 0, 0) => Text::new().plain(format!("was {word} already")),
        (MAIL, _, _, 0) => Text::new().toned(Tone::Good, format!("switched {word}")),
        (MAIL, ..) => Text::new().toned(Tone::Bad, format!("not switched {word}")),
        (_, _, 0, 0) => Text::new().plain(format!(
            "{} of {} were {word} already",
            turned.already.len(),
            turned.items
        )),
        (.., 0) => Text::new()
            .toned(Tone::Good, format!("{switched} switched {word}"))
            .plain(format!(", {} were {word} already", turned.already.len())),
        _ => Text::new()
            .plain(format!("{switched} switched {word}, "))
            .toned(Tone::Bad, format!("{failed} not")),
    };
    ui.say(Text::new().toned(Tone::Strong, &turned.title));
    let mut indented = Text::new().plain("  ");
    for (tone, piece) in line.pieces() {
        indented.push(*tone, piece.clone());
    }
    ui.say(indented);
    for ended in turned.failed() {
        let why = ended
            .outcome
            .why()
            .map(|why| format!(": {why}"))
            .unwrap_or_default();
        ui.say(format!("  {} {}{why}", ended.document, ended.outcome.word()));
    }
    if let Some(error) = &turned.stopped {
        ui.say(format!("  {}", error.message()));
        error.hints().iter().for_each(|hint| ui.hint(hint));
    }
}
