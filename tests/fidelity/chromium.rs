//! A headless Chromium, driven over its DevTools protocol through a pipe: JSON messages that end in a NUL.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long the browser may take for one thing.
const PATIENCE: Duration = Duration::from_secs(60);

const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
];

/// The browser reads its orders from descriptor 3 and answers on 4; it ends when the pipe is closed.
const PLUMBING: &str = r#"exec "$@" 3<&0 4>&1 </dev/null >&2"#;

/// A running browser.
pub(crate) struct Browser {
    child: Child,
    wire: Arc<Wire>,
    log: File,
    _profile: TempDir,
}

/// A tab of it.
pub(crate) struct Tab<'a> {
    browser: &'a Browser,
    session: String,
    events: Receiver<Value>,
}

struct Wire {
    orders: Mutex<ChildStdin>,
    next: AtomicU64,
    answers: Mutex<HashMap<u64, Sender<Value>>>,
    events: Mutex<HashMap<String, Sender<Value>>>,
}

/// Says what is missing for it.
pub(crate) fn missing() -> Vec<String> {
    if !cfg!(target_os = "linux") {
        return vec!["it is set up on Linux only".to_owned()];
    }
    let found = Command::new("chromium").arg("--version").output();
    match found {
        Ok(output) if output.status.success() => Vec::new(),
        _ => vec!["`chromium` cannot be run".to_owned()],
    }
}

impl Browser {
    /// Starts it with a profile of its own.
    pub(crate) fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let log = tempfile::tempfile().unwrap();
        let mut child = Command::new("sh")
            .args(["-c", PLUMBING, "sh", "chromium"])
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log.try_clone().unwrap())
            .spawn()
            .unwrap();
        let wire = Arc::new(Wire {
            orders: Mutex::new(child.stdin.take().unwrap()),
            next: AtomicU64::new(1),
            answers: Mutex::default(),
            events: Mutex::default(),
        });
        let answers = child.stdout.take().unwrap();
        let reader = Arc::clone(&wire);
        thread::spawn(move || reader.read(answers));
        Self {
            child,
            wire,
            log,
            _profile: profile,
        }
    }

    /// Opens an empty tab.
    pub(crate) fn tab(&self) -> Tab<'_> {
        let target = self.call(None, "Target.createTarget", json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session = self.call(None, "Target.attachToTarget", attach)["sessionId"]
            .as_str()
            .unwrap()
            .to_owned();
        let (sender, events) = channel();
        self.wire.events.lock().unwrap().insert(session.clone(), sender);
        let tab = Tab {
            browser: self,
            session,
            events,
        };
        tab.call("Page.enable", json!({}));
        tab.call("Page.setLifecycleEventsEnabled", json!({"enabled": true}));
        tab
    }

    fn call(&self, session: Option<&str>, method: &str, params: Value) -> Value {
        let id = self.wire.next.fetch_add(1, Ordering::Relaxed);
        let (sender, answer) = channel();
        self.wire.answers.lock().unwrap().insert(id, sender);
        let mut order = json!({"id": id, "method": method, "params": params});
        if let Some(session) = session {
            order["sessionId"] = session.into();
        }
        let message = format!("{order}\0");
        // A browser that is gone is noticed by the missing answer.
        let _ = self.wire.orders.lock().unwrap().write_all(message.as_bytes());
        let Ok(mut answer) = answer.recv_timeout(PATIENCE) else {
            panic!("Chromium does not answer to {method}:\n{}", self.said());
        };
        assert!(answer.get("error").is_none(), "{method}: {}", answer["error"]);
        answer["result"].take()
    }

    fn said(&self) -> String {
        let mut log = &self.log;
        let mut said = Vec::new();
        log.rewind().unwrap();
        log.read_to_end(&mut said).unwrap();
        String::from_utf8_lossy(&said).into_owned()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Wire {
    /// Hands every message to whom it is meant for, until the browser ends.
    fn read(&self, answers: ChildStdout) {
        for message in BufReader::new(answers).split(0).map_while(Result::ok) {
            let message: Value = serde_json::from_slice(&message).unwrap();
            let receiver = match (message["id"].as_u64(), message["sessionId"].as_str()) {
                (Some(id), _) => self.answers.lock().unwrap().remove(&id),
                (None, Some(session)) => self.events.lock().unwrap().get(session).cloned(),
                (None, None) => None,
            };
            if let Some(receiver) = receiver {
                // Who does not wait any more does not need it.
                let _ = receiver.send(message);
            }
        }
        self.answers.lock().unwrap().clear();
        self.events.lock().unwrap().clear();
    }
}

impl Tab<'_> {
    /// Gives an order and takes the result.
    pub(crate) fn call(&self, method: &str, params: Value) -> Value {
        self.browser.call(Some(&self.session), method, params)
    }

    /// Goes to an address and waits until all of it is there.
    pub(crate) fn go(&self, address: &str) {
        let went = self.call("Page.navigate", json!({"url": address}));
        let loader = &went["loaderId"];
        assert!(loader.is_string(), "{address}: {went}");
        loop {
            let Ok(event) = self.events.recv_timeout(PATIENCE) else {
                panic!("{address} is not loaded:\n{}", self.browser.said());
            };
            let params = &event["params"];
            if event["method"] == "Page.lifecycleEvent"
                && params["name"] == "load"
                && params["loaderId"] == *loader
            {
                return;
            }
        }
    }

    /// Clicks with the mouse on what a selector finds first.
    pub(crate) fn click(&self, selector: &str) {
        let middle = format!(
            "(() => {{ const box = document.querySelector({selector:?}).getBoundingClientRect(); \
             return `${{box.x + box.width / 2}} ${{box.y + box.height / 2}}`; }})()"
        );
        let place = self.run(&middle).unwrap();
        let place = place["value"].as_str().unwrap().split_once(' ').unwrap();
        let [x, y] = [place.0, place.1].map(|number| number.parse::<f64>().unwrap());
        for kind in ["mousePressed", "mouseReleased"] {
            let press = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", press);
        }
    }

    /// Types a text into a field.
    pub(crate) fn type_into(&self, selector: &str, text: &str) {
        self.click(selector);
        self.call("Input.insertText", json!({"text": text}));
    }

    /// Clicks on what leaves the page, and waits until one is there whose address begins so, whatever pages come before it.
    pub(crate) fn click_through(&self, selector: &str, address: &str) {
        while self.events.try_recv().is_ok() {}
        self.click(selector);
        let mut awaited = Value::Null;
        loop {
            let Ok(event) = self.events.recv_timeout(PATIENCE) else {
                panic!(
                    "{address} does not come after {selector}:\n{}",
                    self.browser.said()
                );
            };
            let (params, frame) = (&event["params"], &event["params"]["frame"]);
            let comes = frame["parentId"].is_null()
                && frame["url"].as_str().is_some_and(|url| url.starts_with(address));
            if event["method"] == "Page.frameNavigated" && comes {
                awaited = frame["loaderId"].clone();
            }
            let is_there = event["method"] == "Page.lifecycleEvent" && params["name"] == "load";
            if is_there && !awaited.is_null() && params["loaderId"] == awaited {
                return;
            }
        }
    }

    /// Runs a script that leaves the page, such as the press of a button, and waits until the next one is there.
    pub(crate) fn leave(&self, script: &str) {
        while self.events.try_recv().is_ok() {}
        // The script runs when the order is answered: a page that is left answers nothing.
        self.run(&format!("setTimeout(() => {{ {script} }}), 0")).unwrap();
        loop {
            let Ok(event) = self.events.recv_timeout(PATIENCE) else {
                panic!("no page came after {script}:\n{}", self.browser.said());
            };
            if event["method"] == "Page.lifecycleEvent" && event["params"]["name"] == "load" {
                return;
            }
        }
    }

    /// Runs a script and waits for its promise; an `Err` is what it threw.
    pub(crate) fn run(&self, script: &str) -> Result<Value, String> {
        let params = json!({"expression": script, "awaitPromise": true});
        let mut done = self.call("Runtime.evaluate", params);
        match done.get("exceptionDetails") {
            Some(thrown) => Err(thrown.to_string()),
            None => Ok(done["result"].take()),
        }
    }
}
