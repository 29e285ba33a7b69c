//! A recording of 200 MB takes less than 256 MiB of memory, whatever it is made of.
//!
//! Each is read by a process of its own, which looks at the most it ever took: this test program, told to run the
//! ignored test below.

use std::io::{self, Read, Write};
use std::process::Command;

use lmskeep::recording::{MissingBody, Recording, read};

const LENGTH: usize = 200_000_000;

/// The most memory a process may take, as `/proc` says it.
const MOST_KIB: u64 = 256 << 10;

const MAKE: &str = "RECORDING_MADE_OF";

/// A recording made while it is read: one entry after the other.
struct Made {
    ready: Vec<u8>,
    taken: usize,
    written: usize,
    entries: usize,
    entry: fn(&mut Noise, usize) -> String,
    noise: Noise,
    ended: bool,
}

impl Made {
    fn of(entry: fn(&mut Noise, usize) -> String) -> Self {
        Self {
            ready: br#"{"log":{"entries":[null"#.to_vec(),
            taken: 0,
            written: 0,
            entries: 0,
            entry,
            noise: Noise(1),
            ended: false,
        }
    }
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.ready.len() {
            self.taken = 0;
            self.ready.clear();
            if self.written < LENGTH {
                self.ready.push(b',');
                self.ready
                    .extend((self.entry)(&mut self.noise, self.entries).bytes());
                self.entries += 1;
            } else if !self.ended {
                self.ready.extend(b"]}}");
                self.ended = true;
            }
            self.written += self.ready.len();
        }
        let rest = &self.ready[self.taken..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.taken += count;
        Ok(count)
    }
}

struct Noise(u64);

impl Noise {
    /// Text that cannot be packed to less than three quarters.
    fn text(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length + 8);
        while text.len() < length {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            for place in 0..8 {
                let sign = b'(' + (self.0 >> (16 + place * 6) & 63) as u8;
                text.push(if sign == b'\\' { '~' } else { char::from(sign) });
            }
        }
        text
    }
}

fn entry(kind: &str, text: &str) -> String {
    format!(
        r#"{{"request":{{"method":"GET","url":"http://lms.example/a"}},"response":{{"status":200,"content":{{"size":1,"mimeType":"{kind}","text":"{text}"}}}}}}"#
    )
}

fn picture(noise: &mut Noise, _: usize) -> String {
    entry("image/png", &noise.text(100_000))
}

fn page(_: &mut Noise, _: usize) -> String {
    entry(
        "text/html",
        &"<tr><td>some.key</td><td>a value</td></tr>".repeat(40_000),
    )
}

fn noisy_page(noise: &mut Noise, _: usize) -> String {
    entry("text/html", &noise.text(4_100_000))
}

fn record(noise: &mut Noise, _: usize) -> String {
    entry("application/json", &noise.text(30_000))
}

fn sent(noise: &mut Noise, _: usize) -> String {
    let text = noise.text(1_000_000);
    let post = format!(r#""method":"POST","postData":{{"mimeType":"text/plain","text":"{text}"}}"#);
    entry("text/html", "x").replace(r#""method":"GET""#, &post)
}

fn headers(_: &mut Noise, _: usize) -> String {
    let header = r#"{"name":"x-a","value":"b"},"#.repeat(40);
    let headers = format!(r#""headers":[{header}null],"status":200"#);
    entry("text/html", "x").replace(r#""status":200"#, &headers)
}

/// As a long day in a browser: of everything something, and the same amount of each.
fn mixed(noise: &mut Noise, place: usize) -> String {
    match place % 100 {
        0..50 => picture(noise, place),
        50 | 51 => page(noise, place),
        52 => noisy_page(noise, place),
        53..95 => record(noise, place),
        _ => sent(noise, place),
    }
}

fn make(name: &str) -> Box<dyn Read> {
    let of = |entry| Box::new(Made::of(entry));
    match name {
        "mixed" => of(mixed),
        "pictures" => of(picture),
        "pages" => of(page),
        "noisy pages" => of(noisy_page),
        "records" => of(record),
        "sent" => of(sent),
        "headers" => of(headers),
        "one string" => {
            let head = io::Cursor::new(r#"{"log":{"entries":["#);
            let whole = entry("text/html", "|");
            let (begin, end) = whole.split_once('|').unwrap();
            let (begin, end) = (io::Cursor::new(begin.to_owned()), io::Cursor::new(end.to_owned()));
            let text = io::repeat(b'x').take(LENGTH as u64);
            let tail = io::Cursor::new("]}}");
            Box::new(head.chain(begin).chain(text).chain(end).chain(tail))
        }
        _ => panic!("{name}"),
    }
}

/// What must come of it beside little memory.
fn judge(name: &str, read: lmskeep::error::Result<Recording>) {
    if name == "headers" {
        let refused = read.unwrap_err();
        assert!(refused.message().contains("too large"), "{refused}");
        return;
    }
    let recording = read.unwrap();
    let last = recording.exchanges.last().unwrap();
    let missing = last.body.missing();
    match name {
        "pictures" => assert_eq!(missing, Some(MissingBody::OfNoUse)),
        "one string" => assert_eq!(missing, Some(MissingBody::TooLarge)),
        _ => assert_eq!(missing, None),
    }
    let goes = matches!(name, "mixed" | "noisy pages" | "records" | "sent");
    assert_eq!(recording.let_go > 0, goes, "{}", recording.let_go);
}

#[test]
#[ignore = "a process of its own, started by the tests below"]
fn one_large_recording() {
    #[allow(clippy::disallowed_methods, reason = "a word of the tests below")]
    let name = std::env::var(MAKE).unwrap();
    let read = read(make(&name));
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    let line = format!("{name}: {} MiB\n", peak >> 10);
    io::stderr().write_all(line.as_bytes()).unwrap();
    judge(&name, read);
    assert!(peak < MOST_KIB, "{line}");
}

fn reads_within_memory(name: &str) {
    if !cfg!(target_os = "linux") {
        return;
    }
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "recordings::memory::one_large_recording"])
        .env(MAKE, name)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stderr);
    let ran = String::from_utf8_lossy(&child.stdout);
    assert!(
        child.status.success() && ran.contains("1 passed"),
        "{name}: {said}{ran}"
    );
}

#[test]
fn a_large_recording_of_everything_takes_little_memory() {
    reads_within_memory("mixed");
}

#[test]
fn a_large_string_takes_little_memory() {
    reads_within_memory("one string");
}

#[test]
fn too_many_requests_are_refused_before_they_take_much_memory() {
    reads_within_memory("headers");
}

#[test]
#[ignore = "takes minutes"]
fn long_recordings_of_one_thing() {
    for name in ["pictures", "pages", "noisy pages", "records", "sent"] {
        reads_within_memory(name);
    }
}
