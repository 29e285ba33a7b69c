//! Connections that a handler can cut, so that an answer can be lost as it is in a real network.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// How long a client may take until TLS stands.
const PATIENCE: Duration = Duration::from_secs(10);

/// Accepts connections that can be cut.
pub(super) struct Door {
    address: io::Result<SocketAddr>,
    ready: mpsc::Receiver<(Box<dyn Stream>, SocketAddr)>,
    task: JoinHandle<()>,
}

impl Door {
    /// Opens a port, with TLS where there is a certificate. Whoever takes long over TLS keeps nobody else waiting.
    pub(super) fn open(listener: TcpListener, tls: Option<TlsAcceptor>) -> Self {
        let address = listener.local_addr();
        let (enter, ready) = mpsc::channel(64);
        let task = tokio::spawn(async move {
            loop {
                let Ok((stream, address)) = listener.accept().await else {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                };
                // Small answers are many; waiting to fill packets would make each of them 40 ms late.
                let _ = stream.set_nodelay(true);
                match &tls {
                    None => {
                        let _ = enter.send((Box::new(stream) as Box<dyn Stream>, address)).await;
                    }
                    Some(tls) => {
                        let (handshake, enter) = (tls.accept(stream), enter.clone());
                        tokio::spawn(async move {
                            if let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, handshake).await {
                                let _ = enter.send((Box::new(stream), address)).await;
                            }
                        });
                    }
                }
            }
        });
        Self { address, ready, task }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What a connection reads from and writes to, in clear or by TLS.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Cuts the connection a request came over: nothing more is written to it.
#[derive(Debug, Clone, Default)]
pub(super) struct Scissors(Arc<AtomicBool>);

impl Scissors {
    /// Makes every later write to the connection fail, which closes it.
    pub(super) fn cut(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    fn check(&self) -> io::Result<()> {
        if self.0.load(Ordering::SeqCst) {
            return Err(io::Error::new(io::ErrorKind::ConnectionReset, "cut on purpose"));
        }
        Ok(())
    }
}

/// One connection with its scissors.
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    scissors: Scissors,
}

impl Listener for Door {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        match self.ready.recv().await {
            Some((stream, address)) => {
                let scissors = Scissors::default();
                (Wire { stream, scissors }, address)
            }
            // Nobody comes any more; the server ends by another way.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        match &self.address {
            Ok(address) => Ok(*address),
            Err(cause) => Err(io::Error::from(cause.kind())),
        }
    }
}

impl Connected<IncomingStream<'_, Door>> for Scissors {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().scissors.clone()
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.scissors.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.scissors.check()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.scissors.check()?;
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
