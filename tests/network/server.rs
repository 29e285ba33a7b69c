//! A real TLS server with one page.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::aws_lc_rs::default_provider;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::certificates::{Authority, Shown};
use crate::rehearsal::runtime;

/// What it answers, whatever is asked.
const PAGE: &str = "<html><head><title>Reached</title></head><body><p>Here is no LMS.</p></body></html>";

/// Serves by TLS with a certificate; where an authority is given, only for those who have a certificate of it.
pub(super) fn serve(shown: &Shown, clients: Option<&Authority>) -> SocketAddr {
    let provider = Arc::new(default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.der.clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let config = builder
        .with_single_cert(shown.chain.clone(), shown.key())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = runtime().block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    runtime().spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(acceptor.clone(), stream));
        }
    });
    address
}

async fn answer(acceptor: TlsAcceptor, stream: TcpStream) {
    match acceptor.accept(stream).into_fallible().await {
        Ok(mut stream) => {
            let mut asked = [0; 4096];
            if stream.read(&mut asked).await.is_ok_and(|count| count > 0) {
                let length = PAGE.len();
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
                );
                let _ = stream.write_all(format!("{head}{PAGE}").as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        }
        // Why is on its way: closed at once, it could be lost.
        Err((_, mut stream)) => {
            let _ = stream.shutdown().await;
            let mut rest = [0; 4096];
            let drained = async { while stream.read(&mut rest).await.is_ok_and(|count| count > 0) {} };
            let _ = tokio::time::timeout(Duration::from_secs(2), drained).await;
        }
    }
}
