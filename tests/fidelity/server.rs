//! A server on the loopback that shows one page and keeps the request that its form sends, as it came.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::fidelity::case::{ADDRESS, Sent};

/// The page around a page that is shown in a frame.
pub(crate) const FRAME: &str = "/frame";

/// The page that is shown next, once: its bytes and its content type.
type Shown = Arc<Mutex<Option<(Vec<u8>, String)>>>;

/// A server that runs as long as the tests do.
pub(crate) struct Server {
    /// Scheme, host and port.
    pub(crate) origin: String,
    shown: Shown,
    sent: Receiver<Sent>,
}

struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Server {
    /// Starts one on a port of its own.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let shown = Shown::default();
        let (sender, sent) = channel();
        let page = Arc::clone(&shown);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (page, sender) = (Arc::clone(&page), sender.clone());
                thread::spawn(move || talk(&stream.unwrap(), &page, &sender));
            }
        });
        Self { origin, shown, sent }
    }

    /// Shows this page at the next request for it, and forgets what was sent before.
    pub(crate) fn show(&self, page: Vec<u8>, content_type: &str) {
        while self.sent.try_recv().is_ok() {}
        *self.shown.lock().unwrap() = Some((page, content_type.to_owned()));
    }

    /// Waits for the request that the form sends.
    pub(crate) fn sent(&self) -> Option<Sent> {
        self.sent.recv_timeout(Duration::from_secs(60)).ok()
    }
}

/// Answers the requests of one connection until it is closed.
fn talk(stream: &TcpStream, shown: &Shown, sender: &Sender<Sent>) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let answer = answer(request, shown, sender);
        if (&*stream).write_all(&answer).is_err() {
            return;
        }
    }
}

fn answer(request: Request, shown: &Shown, sender: &Sender<Sent>) -> Vec<u8> {
    if request.target == FRAME {
        let frame = b"<!doctype html><iframe id=frame name=frame></iframe>";
        return ok(frame, "text/html; charset=windows-1252");
    }
    // A document or a frame is asked for by going there, a picture or a script is not.
    let goes_there = matches!(request.header("sec-fetch-dest"), Some("document" | "iframe"));
    if !goes_there {
        return ok(b"", "");
    }
    let page = ADDRESS.split('#').next().unwrap();
    if request.method == "GET"
        && request.target == page
        && let Some((page, content_type)) = shown.lock().unwrap().take()
    {
        return ok(&page, &content_type);
    }
    let kind = request.header("content-type").map(str::to_owned);
    let sent = Sent::new(&request.method, &request.target, kind, request.body);
    // Nobody waits any more when a test has failed.
    let _ = sender.send(sent);
    b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()
}

fn ok(body: &[u8], content_type: &str) -> Vec<u8> {
    let kind = match content_type {
        "" => String::new(),
        kind => format!("Content-Type: {kind}\r\n"),
    };
    let length = body.len();
    let head =
        format!("HTTP/1.1 200 OK\r\n{kind}Content-Length: {length}\r\nCache-Control: no-store\r\n\r\n");
    [head.as_bytes(), body].concat()
}

impl Request {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Reads one request; `None` when the browser has hung up.
fn read(reader: &mut impl BufRead) -> Option<Request> {
    let first = line(reader)?;
    let mut words = first.split(' ').map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let mut headers = Vec::new();
    loop {
        let header = line(reader)?;
        let Some((name, value)) = header.split_once(':') else {
            break;
        };
        headers.push((name.to_owned(), value.trim_matches([' ', '\t']).to_owned()));
    }
    let mut request = Request {
        method,
        target,
        headers,
        body: Vec::new(),
    };
    if let Some(length) = request.header("content-length") {
        request.body = vec![0; length.parse().unwrap()];
        reader.read_exact(&mut request.body).ok()?;
    }
    Some(request)
}

/// Reads a line of a head, in which a character is a byte.
fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut bytes = Vec::new();
    reader.read_until(b'\n', &mut bytes).ok()?;
    if !bytes.ends_with(b"\r\n") {
        return None;
    }
    bytes.truncate(bytes.len() - 2);
    Some(bytes.into_iter().map(char::from).collect())
}
