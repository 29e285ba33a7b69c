//! Proxies written by hand, a thread a connection.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// How a proxy behaves.
#[derive(Clone)]
pub(crate) enum Manner {
    /// Lets through, wherever somebody wants to go, or always to one address.
    Through(Option<SocketAddr>),
    /// The same for one who signs in, `USER:PASSWORD`.
    For(&'static str),
    /// Says the same to everybody.
    Says(String),
    /// Leads everybody to a page of its own.
    LeadsHome,
    /// Ends the connection without a word.
    Cuts,
}

/// A running proxy; it ends with the tests.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    pub(crate) fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heads);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (manner, log) = (manner.clone(), Arc::clone(&log));
                // Whoever goes away in between is no matter.
                std::thread::spawn(move || drop(serve(stream, &manner, &log)));
            }
        });
        Self { address, heads }
    }

    /// The proxy as it is named to the program.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked, a head each.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, manner: &Manner, log: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut asked = Vec::new();
    let mut piece = [0; 4096];
    while !asked.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece)? {
            0 => return Ok(()),
            count => asked.extend_from_slice(&piece[..count]),
        }
    }
    let text = String::from_utf8_lossy(&asked).into_owned();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    log.lock().unwrap().push(head.to_owned());
    let to = match manner {
        Manner::Cuts => return Ok(()),
        Manner::Says(words) => return says(stream, words),
        Manner::LeadsHome => {
            let home = stream.local_addr()?;
            let words =
                format!("HTTP/1.1 302 Found\r\nLocation: http://{home}/who\r\nContent-Length: 0\r\n\r\n");
            return says(stream, &words);
        }
        Manner::For(word) if !is_known(head, word) => {
            return says(
                stream,
                "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"Example\"\r\nContent-Length: 0\r\n\r\n",
            );
        }
        Manner::Through(Some(address)) => address.to_string(),
        Manner::Through(None) | Manner::For(_) => {
            let target = head.split(' ').nth(1).unwrap();
            let target = target.strip_prefix("http://").unwrap_or(target);
            target.split('/').next().unwrap().to_owned()
        }
    };
    let mut server = TcpStream::connect(to)?;
    match head.starts_with("CONNECT ") {
        true => stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?,
        false => server.write_all(&asked)?,
    }
    let (mut up, mut down) = (stream.try_clone()?, server.try_clone()?);
    let upward = std::thread::spawn(move || {
        let _ = std::io::copy(&mut up, &mut down);
        let _ = down.shutdown(Shutdown::Write);
    });
    let _ = std::io::copy(&mut server, &mut stream);
    let _ = stream.shutdown(Shutdown::Both);
    let _ = upward.join();
    Ok(())
}

/// Tells whether somebody says of themselves what is asked for, `USER:PASSWORD`.
fn is_known(head: &str, word: &str) -> bool {
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    let said = fields.find(|(name, _)| name.eq_ignore_ascii_case("proxy-authorization"));
    said.is_some_and(|(_, value)| value == format!("Basic {}", STANDARD.encode(word)))
}

/// Says it, and waits until the other side has gone: what was said must not be lost.
fn says(mut stream: TcpStream, words: &str) -> std::io::Result<()> {
    stream.write_all(words.as_bytes())?;
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(std::time::Duration::from_secs(2)))?;
    std::io::copy(&mut stream, &mut std::io::sink()).map(drop)
}
