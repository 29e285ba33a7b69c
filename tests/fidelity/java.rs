//! A JDK that reads properties: one process, fed many texts.

use std::collections::BTreeMap;
use std::io::{BufReader, BufWriter, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;

/// UTF-16 units, as Java holds text.
pub(crate) type Units = Vec<u16>;

/// A running JVM, which ends when its input does.
pub(crate) struct Java {
    child: Child,
    input: Option<BufWriter<ChildStdin>>,
    output: BufReader<ChildStdout>,
}

/// What Java made of a text; `None` where it throws.
pub(crate) type Verdict = Option<Loaded>;

/// What Java loaded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Loaded {
    /// Keys and values in the order in which Java put them, duplicates too.
    pub(crate) entries: Vec<(Units, Units)>,
    /// Each key with the value it has in the end.
    pub(crate) winners: BTreeMap<Units, Units>,
}

/// Says what is missing for it: a JDK of at least 17, since what it runs is a source file.
pub(crate) fn missing() -> Vec<String> {
    let output = Command::new("javac").arg("-version").output();
    let said = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let version = said.ok().and_then(|said| {
        let digits = said
            .strip_prefix("javac ")?
            .split(['.', '-', '\n', '\r'])
            .next()?;
        digits.parse::<u32>().ok()
    });
    match version {
        Some(17..) => Vec::new(),
        Some(old) => vec![format!("`javac` is of version {old}, not 17")],
        None => vec!["`javac` cannot be run".to_owned()],
    }
}

impl Java {
    /// Starts it.
    pub(crate) fn start() -> Self {
        let mut child = Command::new("java")
            .args(["-Xshare:auto", "-XX:+UseSerialGC", "-Xmx512m"])
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fidelity/Judge.java"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            input: child.stdin.take().map(BufWriter::new),
            output: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    /// Lets it read texts.
    pub(crate) fn read<'a>(&mut self, texts: impl ExactSizeIterator<Item = &'a str> + Send) -> Vec<Verdict> {
        let Self { input, output, .. } = self;
        let input = input.as_mut().unwrap();
        let count = texts.len();
        // Both at once: a pipe that is full on one side would stop the other.
        thread::scope(|scope| {
            scope.spawn(move || {
                for text in texts {
                    let units: Units = text.encode_utf16().collect();
                    let length = u32::try_from(units.len()).unwrap();
                    input.write_all(&length.to_be_bytes()).unwrap();
                    for unit in units {
                        input.write_all(&unit.to_be_bytes()).unwrap();
                    }
                }
                input.flush().unwrap();
            });
            (0..count).map(|_| verdict(output)).collect()
        })
    }
}

impl Drop for Java {
    fn drop(&mut self) {
        drop(self.input.take());
        // It ends by itself; a failure here would hide the one that matters.
        let _ = self.child.wait();
    }
}

fn verdict(output: &mut impl Read) -> Verdict {
    let count = usize::try_from(number(output)).ok()?;
    let entries = (0..count).map(|_| (units(output), units(output))).collect();
    let keys = number(output);
    let winners = (0..keys).map(|_| (units(output), units(output))).collect();
    Some(Loaded { entries, winners })
}

fn number(output: &mut impl Read) -> i32 {
    let mut bytes = [0; 4];
    output.read_exact(&mut bytes).unwrap();
    i32::from_be_bytes(bytes)
}

fn units(output: &mut impl Read) -> Units {
    let mut bytes = vec![0; usize::try_from(number(output)).unwrap() * 2];
    output.read_exact(&mut bytes).unwrap();
    bytes
        .chunks_exact(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        .collect()
}
