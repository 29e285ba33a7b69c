//! The LMSes that texts go round through: the practice LMS, and a small one whose pages hold little but the text, so
//! that thousands of texts can be sent through it.

use std::collections::BTreeMap;
use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::fidelity::server::{Request, ok, read};
use crate::rehearsal::{Rehearsal, State};

/// An LMS, and what it says behind the scenes.
pub(super) trait Lms {
    /// Root, user and password.
    fn door(&self) -> [String; 3];
    /// Every document as it is held.
    fn held(&self) -> BTreeMap<String, String>;
    /// Keys that it encrypts, by document.
    fn encrypted(&self) -> BTreeMap<String, Vec<String>>;
    /// Writes a document behind the engine's back.
    fn lay(&self, name: &str, text: &str);
    /// Gives how many writing requests came since it was asked last.
    fn sent(&self) -> usize;
}

impl Lms for Rehearsal {
    fn door(&self) -> [String; 3] {
        let practice = &self.practice;
        [&practice.stage, &practice.user, &practice.password].map(String::clone)
    }

    fn held(&self) -> BTreeMap<String, String> {
        State::of(&self.practice.ask("state", "stage").unwrap()).documents
    }

    fn encrypted(&self) -> BTreeMap<String, Vec<String>> {
        State::of(&self.practice.ask("state", "stage").unwrap()).encrypted
    }

    fn lay(&self, name: &str, text: &str) {
        self.save("stage", name, text);
    }

    fn sent(&self) -> usize {
        let requests = self.requests();
        self.forget_requests();
        requests
            .iter()
            .filter(|asked| asked.is_post() && !asked.is_sign_in())
            .count()
    }
}

const ADMIN: &str = "/learning/admin/";
const TOKEN: &str = "OWASP_CSRFTOKEN=ABCD-1234-EFGH-5678";

/// A small LMS of so many documents; its thread ends with the tests.
pub(super) struct Small {
    root: String,
    world: Arc<Mutex<World>>,
}

struct World {
    /// Where the token is: `field`, `link` or `script`.
    token: &'static str,
    texts: BTreeMap<String, String>,
    sent: usize,
}

impl Small {
    pub(super) fn start(token: &'static str, documents: usize) -> Self {
        let texts = (0..documents)
            .map(|at| (format!("FILE_{at:03}"), String::new()))
            .collect();
        let world = Arc::new(Mutex::new(World {
            token,
            texts,
            sent: 0,
        }));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let served = Arc::clone(&world);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let world = Arc::clone(&served);
                thread::spawn(move || talk(&stream.unwrap(), &world));
            }
        });
        Self { root, world }
    }
}

impl Lms for Small {
    fn door(&self) -> [String; 3] {
        [self.root.clone(), "KEEPER".to_owned(), "s3cret".to_owned()]
    }

    fn held(&self) -> BTreeMap<String, String> {
        self.world.lock().unwrap().texts.clone()
    }

    fn encrypted(&self) -> BTreeMap<String, Vec<String>> {
        BTreeMap::new()
    }

    fn lay(&self, name: &str, text: &str) {
        self.world
            .lock()
            .unwrap()
            .texts
            .insert(name.to_owned(), text.to_owned());
    }

    fn sent(&self) -> usize {
        std::mem::take(&mut self.world.lock().unwrap().sent)
    }
}

fn talk(stream: &TcpStream, world: &Mutex<World>) {
    // Small answers are not to wait for each other.
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let answer = world.lock().unwrap().answer(&request);
        if (&*stream).write_all(&answer).is_err() {
            return;
        }
    }
}

impl World {
    fn answer(&mut self, request: &Request) -> Vec<u8> {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let page = path.strip_prefix(ADMIN).unwrap_or(path);
        match (request.method.as_str(), page) {
            ("GET", "nativelogin.jsp") => html(
                "<form action=signin.do method=post><input name=userName><input type=password name=password>\
                 <input type=submit value='Log In'></form>",
            ),
            ("POST", "signin.do") => {
                b"HTTP/1.1 302 Found\r\nLocation: main.do\r\nContent-Length: 0\r\n\r\n".to_vec()
            }
            ("GET", "main.do") => html(
                "<ul><li><a href=sysconfig.do>System Configuration</a><li><a href=logout.do>Log Out</a></ul>",
            ),
            ("GET", "sysconfig.do") => {
                let row = |name: &String| format!("<tr><td>{name}<td><a href='edit.do?file={name}'>Edit</a>");
                let rows: String = self.texts.keys().map(row).collect();
                html(&format!("<table>{rows}</table>"))
            }
            ("GET", "edit.do") => self.edit(query.strip_prefix("file=").unwrap_or_default()),
            ("GET", "/learning/JavaScriptServlet") => {
                let (name, value) = TOKEN.split_once('=').unwrap();
                ok(
                    format!("begin('{name}', '{value}');").as_bytes(),
                    "text/javascript",
                )
            }
            ("POST", "save.do") => {
                self.sent += 1;
                self.save(query, &request.body)
            }
            _ => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
        }
    }

    fn edit(&self, name: &str) -> Vec<u8> {
        let (name_of_token, token) = TOKEN.split_once('=').unwrap();
        let (head, query, field) = match self.token {
            "field" => (
                "",
                String::new(),
                format!("<input type=hidden name={name_of_token} value={token}>"),
            ),
            "link" => ("", format!("?{TOKEN}"), String::new()),
            _ => (
                "<script src=/learning/JavaScriptServlet></script>",
                String::new(),
                String::new(),
            ),
        };
        // Line ends stand there as they are held.
        let text = self.texts[name].replace('&', "&amp;").replace('<', "&lt;");
        html(&format!(
            "<title>{name}</title>{head}<form action='save.do{query}' method=post>{field}<input type=hidden name=file value={name}>\
             <textarea name=content>\n{text}</textarea><input type=submit name=apply value=Save></form>"
        ))
    }

    /// Takes what a browser sends, and nothing else.
    fn save(&mut self, query: &str, body: &[u8]) -> Vec<u8> {
        let mut fields: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
        let (name, value) = TOKEN.split_once('=').unwrap();
        let token = (name.to_owned(), value.to_owned());
        let guarded = match self.token {
            "link" => query == TOKEN,
            _ => fields
                .iter()
                .position(|field| *field == token)
                .map(|at| fields.remove(at))
                .is_some(),
        };
        match fields.as_slice() {
            [(file, name), (content, text), (apply, save)]
                if guarded
                    && [file, content, apply, save] == ["file", "content", "apply", "Save"]
                    && text.replace("\r\n", "").find(['\r', '\n']).is_none() =>
            {
                self.texts.insert(name.clone(), text.replace("\r\n", "\n"));
                html("<p>Saved.</p>")
            }
            _ => b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_vec(),
        }
    }
}

fn html(body: &str) -> Vec<u8> {
    ok(
        format!("<!DOCTYPE html>{body}").as_bytes(),
        "text/html; charset=utf-8",
    )
}
