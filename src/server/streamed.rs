//! The recording as the body of an answer, a piece at a time: it may be larger than the memory.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::recording::Lines;

/// How much is read before others get their turn, in bytes.
const PIECE: usize = 64 << 10;

/// The lines of a recording, of all projects or of one.
#[derive(Debug)]
pub struct Streamed {
    lines: Lines,
    project: Option<String>,
}

/// What tells whether a line is kept.
#[derive(Deserialize)]
struct Kept<'l> {
    mockstack: Option<IgnoredAny>,
    #[serde(borrow)]
    session: Option<Cow<'l, str>>,
    #[serde(borrow)]
    project: Option<Cow<'l, str>>,
}

impl Streamed {
    /// The lines that `file` has now: the header, and those of `project`, or all.
    ///
    /// # Errors
    /// The length of the file cannot be determined.
    pub fn new(file: File, project: Option<&str>) -> io::Result<Streamed> {
        Ok(Streamed { lines: Lines::new(file)?, project: project.map(str::to_owned) })
    }

    fn keeps(&self, line: &[u8]) -> bool {
        let Some(project) = &self.project else { return true };
        let kept: Option<Kept<'_>> = crate::base::json::from_slice(line).ok();
        kept.is_some_and(|kept| {
            kept.mockstack.is_some() || kept.session.or(kept.project).as_deref() == Some(project.as_str())
        })
    }
}

impl Body for Streamed {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        let (mut piece, mut read) = (Vec::new(), 0);
        while read < PIECE {
            let Some(line) = this.lines.next() else { break };
            let line = match line {
                Ok(line) => line,
                Err(error) => return Poll::Ready(Some(Err(error))),
            };
            read += line.text.len() + 1;
            if line.whole && this.keeps(&line.text) {
                piece.extend_from_slice(&line.text);
                piece.push(b'\n');
            }
        }
        match (read, piece.is_empty()) {
            (0, _) => Poll::Ready(None),
            (_, false) => Poll::Ready(Some(Ok(Frame::data(piece.into())))),
            // None of it is asked for: others first, then on.
            (_, true) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}
