//! The bytes of a connection, in the clear or out of TLS.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The bytes of a connection.
#[derive(Debug)]
pub enum Stream {
    /// As they are on the wire.
    Plain(TcpStream),
    /// Out of TLS.
    #[cfg(feature = "cli")]
    Secure(Box<tokio_rustls::server::TlsStream<TcpStream>>),
}

impl Stream {
    /// The connection itself.
    pub fn tcp(&self) -> &TcpStream {
        match self {
            Stream::Plain(stream) => stream,
            #[cfg(feature = "cli")]
            Stream::Secure(stream) => stream.get_ref().0,
        }
    }
}

/// Does the same with whatever stream it is.
macro_rules! of_each {
    ($stream:ident, $own:ident => $does:expr) => {
        match $stream.get_mut() {
            Stream::Plain(own) => {
                let $own = Pin::new(own);
                $does
            }
            #[cfg(feature = "cli")]
            Stream::Secure(own) => {
                let $own = Pin::new(own.as_mut());
                $does
            }
        }
    };
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        of_each!(self, own => own.poll_read(cx, buffer))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        of_each!(self, own => own.poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        of_each!(self, own => own.poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Stream::Plain(own) => own.is_write_vectored(),
            #[cfg(feature = "cli")]
            Stream::Secure(own) => own.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        of_each!(self, own => own.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        of_each!(self, own => own.poll_shutdown(cx))
    }
}
