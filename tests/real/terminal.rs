//! A person at a terminal: sees what the program shows and types when asked.

use std::io::{Read, Write};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(30);

/// A program that runs on a terminal of its own (of `script`, which is on every Debian).
pub(crate) struct Terminal {
    child: Child,
    shown: Receiver<Vec<u8>>,
    text: String,
}

impl Terminal {
    /// Says what is missing for this.
    pub(crate) fn missing() -> Vec<String> {
        match Command::new("script").arg("--version").output() {
            Ok(output) if output.status.success() => Vec::new(),
            _ => vec!["`script` is not installed".to_owned()],
        }
    }

    /// Runs a command on a new terminal.
    pub(crate) fn run(command: &Command) -> Self {
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        let line: Vec<String> = words.map(|w| quoted(&w.to_string_lossy())).collect();
        let mut script = Command::new("script");
        script
            .args([
                "--quiet",
                "--flush",
                "--return",
                "--command",
                &line.join(" "),
                "/dev/null",
            ])
            .env_clear()
            .env("NO_COLOR", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        for (name, value) in command.get_envs() {
            if let Some(value) = value {
                script.env(name, value);
            }
        }
        let mut child = script.spawn().unwrap();
        let shown = listen(child.stdout.take().unwrap());
        Self {
            child,
            shown,
            text: String::new(),
        }
    }

    /// Waits until a text is shown.
    pub(crate) fn wait_for(&mut self, wanted: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.text.contains(wanted) {
            let left = end.saturating_duration_since(Instant::now());
            match self.shown.recv_timeout(left) {
                Ok(bytes) => self.text.push_str(&String::from_utf8_lossy(&bytes)),
                Err(_) => panic!("`{wanted}` was not shown, but:\n{}", self.text),
            }
        }
    }

    /// Waits until one of several texts is shown; gives it.
    pub(crate) fn wait_for_one(&mut self, wanted: &[&str]) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = wanted.iter().find(|wanted| self.text.contains(**wanted)) {
                return (*found).to_owned();
            }
            let left = end.saturating_duration_since(Instant::now());
            match self.shown.recv_timeout(left) {
                Ok(bytes) => self.text.push_str(&String::from_utf8_lossy(&bytes)),
                Err(_) => panic!("none of {wanted:?} was shown, but:\n{}", self.text),
            }
        }
    }

    /// Forgets that a text was shown.
    pub(crate) fn forget(&mut self, text: &str) {
        self.text = self.text.replace(text, "");
    }

    /// Types a line.
    pub(crate) fn type_line(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Waits for the end; gives the exit code and all that was shown.
    pub(crate) fn end(mut self) -> (i32, String) {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.shown.recv_timeout(left) {
                Ok(bytes) => self.text.push_str(&String::from_utf8_lossy(&bytes)),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it did not end, but showed:\n{}", self.text),
            }
        }
        let code = self.child.wait().unwrap().code().unwrap();
        (code, std::mem::take(&mut self.text))
    }
}

impl Drop for Terminal {
    /// Ends what a test that failed has left waiting for an answer: it would keep the whole run from ending.
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn listen(mut stdout: ChildStdout) -> Receiver<Vec<u8>> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = stdout.read(&mut buffer) {
            if send.send(buffer[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    receive
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
