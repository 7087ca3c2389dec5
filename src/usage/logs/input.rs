//! Bytes of logs, decompressed, in pieces of whole lines. Memory does not depend on how many there are, or on how long a line is.

use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use sha2::{Digest, Sha256};

use super::wrapper;
use crate::messages::Message;
use crate::project::Vfs;

/// The size of a piece; a longer line is cut to it.
pub const PIECE: usize = 256 * 1024;

/// What is read.
pub enum Input {
    /// A file, compressed or not.
    File(PathBuf),
    /// A stream, such as standard input, with the name that it is shown by.
    Stream(PathBuf, Box<dyn Read + Send>),
}

impl Input {
    /// Its path, or the stream's name.
    pub fn path(&self) -> &PathBuf {
        match self {
            Input::File(path) | Input::Stream(path, _) => path,
        }
    }
}

/// Counts the stored bytes, and makes their sum.
struct Stored {
    reader: Box<dyn Read + Send>,
    seen: Arc<Seen>,
}

/// What was seen of one source's stored bytes.
#[derive(Default)]
struct Seen {
    bytes: AtomicU64,
    sum: Mutex<Option<Sha256>>,
}

impl Read for Stored {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.seen.bytes.fetch_add(count as u64, Ordering::Relaxed);
        if let Some(sum) = &mut *self.seen.sum.lock().unwrap_or_else(PoisonError::into_inner) {
            sum.update(buffer.get(..count).unwrap_or_default());
        }
        Ok(count)
    }
}

/// Lets a reader be read on by two in turn: the rest of a compressed file is read for its sum.
struct Shared<R>(Arc<Mutex<R>>);

impl<R: Read> Read for Shared<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).read(buffer)
    }
}

/// One source that is open.
struct Open {
    source: usize,
    reader: Box<dyn Read + Send>,
    stored: Shared<Stored>,
    seen: Arc<Seen>,
    /// What was read behind the last whole line.
    carry: Vec<u8>,
    lines: u64,
    /// The rest of a line that was too long is passed over.
    skips: bool,
    ended: bool,
    problem: Option<Message>,
}

/// What became of a source.
#[derive(Debug, Clone, Default)]
pub struct Ended {
    /// Stored bytes that were read.
    pub bytes: u64,
    /// Lines.
    pub lines: u64,
    /// SHA-256 of the stored bytes; empty where it was not asked for.
    pub sha256: String,
    /// Why it could not be read to its end.
    pub problem: Option<Message>,
}

/// A piece of a source: whole lines.
#[derive(Debug)]
pub struct Piece {
    /// Which source.
    pub source: usize,
    /// The number of its first line, from 1.
    pub line: u64,
    /// How many bytes of the buffer are filled.
    pub length: usize,
}

/// All sources, read by several threads: whoever is free takes the next piece, of whichever source nobody is reading just now.
pub struct Queue<'a> {
    vfs: &'a Vfs,
    waiting: Vec<Mutex<Option<Input>>>,
    next: AtomicUsize,
    open: Mutex<Vec<Arc<Mutex<Open>>>>,
    ended: Mutex<Vec<Option<Ended>>>,
    sums: bool,
    /// What was seen of each that was opened.
    seen: Mutex<Vec<Arc<Seen>>>,
}

fn unpoisoned<T>(result: Result<T, PoisonError<T>>) -> T {
    result.unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Queue<'a> {
    /// Nothing is opened yet.
    pub fn new(vfs: &'a Vfs, inputs: Vec<Input>, sums: bool) -> Queue<'a> {
        let ended = Mutex::new(inputs.iter().map(|_| None).collect());
        let waiting = inputs.into_iter().map(|input| Mutex::new(Some(input))).collect();
        Queue { vfs, waiting, next: AtomicUsize::new(0), open: Mutex::default(), ended, sums, seen: Mutex::default() }
    }

    /// Fills the buffer, which has [`PIECE`] bytes, with the next lines; `None` when there are no more.
    pub fn take(&self, buffer: &mut [u8]) -> Option<Piece> {
        loop {
            let open = unpoisoned(self.open.lock()).clone();
            for slot in &open {
                let mut slot_open = match slot.try_lock() {
                    Ok(open) => open,
                    Err(TryLockError::Poisoned(error)) => error.into_inner(),
                    Err(TryLockError::WouldBlock) => continue,
                };
                match self.piece(slot, &mut slot_open, buffer) {
                    Some(piece) => return Some(piece),
                    None => continue,
                }
            }
            let next = self.next.fetch_add(1, Ordering::Relaxed);
            if let Some(waiting) = self.waiting.get(next) {
                let input = unpoisoned(waiting.lock()).take();
                if let Some(input) = input {
                    self.start(next, input);
                }
                continue;
            }
            // Somebody reads the last ones: the turn comes.
            let slot = unpoisoned(self.open.lock()).first().cloned()?;
            let mut slot_open = unpoisoned(slot.lock());
            if let Some(piece) = self.piece(&slot, &mut slot_open, buffer) {
                return Some(piece);
            }
        }
    }

    fn piece(&self, slot: &Arc<Mutex<Open>>, open: &mut Open, buffer: &mut [u8]) -> Option<Piece> {
        if let Some(piece) = open.piece(buffer) {
            return Some(piece);
        }
        let mut all = unpoisoned(self.open.lock());
        if let Some(at) = all.iter().position(|other| Arc::ptr_eq(other, slot)) {
            all.remove(at);
            drop(all);
            let ended = open.end();
            if let Some(place) = unpoisoned(self.ended.lock()).get_mut(open.source) {
                *place = Some(ended);
            }
        }
        None
    }

    fn start(&self, source: usize, input: Input) {
        let reader = match input {
            Input::Stream(_, reader) => Ok(reader),
            Input::File(path) => self.vfs.stream(&path).map(|(reader, _)| reader),
        };
        match reader {
            Ok(reader) => {
                let open = Open::new(source, reader, self.sums);
                unpoisoned(self.seen.lock()).push(open.seen.clone());
                unpoisoned(self.open.lock()).push(Arc::new(Mutex::new(open)));
            }
            Err(problem) => {
                if let Some(place) = unpoisoned(self.ended.lock()).get_mut(source) {
                    *place = Some(Ended { problem: Some(problem.message()), ..Ended::default() });
                }
            }
        }
    }

    /// How many stored bytes have been read so far.
    pub fn bytes(&self) -> u64 {
        unpoisoned(self.seen.lock()).iter().map(|seen| seen.bytes.load(Ordering::Relaxed)).sum()
    }

    /// What became of each source.
    pub fn finish(self) -> Vec<Ended> {
        unpoisoned(self.ended.into_inner()).into_iter().map(Option::unwrap_or_default).collect()
    }
}

impl Open {
    fn new(source: usize, reader: Box<dyn Read + Send>, sums: bool) -> Open {
        let seen = Arc::new(Seen { bytes: AtomicU64::new(0), sum: Mutex::new(sums.then(Sha256::new)) });
        let stored = Arc::new(Mutex::new(Stored { reader, seen: seen.clone() }));
        let (reader, problem) = match decompress(Shared(stored.clone())) {
            Ok(reader) => (reader, None),
            Err(error) => (Box::new(io::empty()) as Box<dyn Read + Send>, Some(Message::verbatim(error.to_string()))),
        };
        Open { source, reader, stored: Shared(stored), seen, carry: Vec::new(), lines: 0, skips: false, ended: false, problem }
    }

    fn piece(&mut self, buffer: &mut [u8]) -> Option<Piece> {
        loop {
            let mut length = self.carry.len().min(buffer.len());
            let carried = self.carry.get(..length).unwrap_or_default();
            buffer.get_mut(..length)?.copy_from_slice(carried);
            self.carry.clear();
            while length < buffer.len() && !self.ended {
                match self.reader.read(buffer.get_mut(length..)?) {
                    Ok(0) => self.ended = true,
                    Ok(count) => length += count,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => {
                        self.problem = Some(Message::verbatim(error.to_string()));
                        self.ended = true;
                    }
                }
            }
            let filled = buffer.get(..length)?;
            if filled.is_empty() {
                return None;
            }
            if self.skips {
                // What is behind the line that was too long is carried on with.
                if let Some(at) = memchr::memchr(b'\n', filled) {
                    self.carry.extend_from_slice(filled.get(at + 1..)?);
                    self.skips = false;
                }
                continue;
            }
            let end = match memchr::memrchr(b'\n', filled) {
                _ if self.ended => length,
                Some(at) => whole(filled, at + 1),
                None => {
                    self.skips = true;
                    length
                }
            };
            self.carry.extend_from_slice(filled.get(end..)?);
            let lines = memchr::memchr_iter(b'\n', filled.get(..end)?).count() as u64 + u64::from(filled.get(end - 1) != Some(&b'\n'));
            let line = self.lines + 1;
            self.lines += lines;
            return Some(Piece { source: self.source, line, length: end });
        }
    }

    /// Reads what is left of the stored bytes, for the sum.
    fn end(&mut self) -> Ended {
        let sum = unpoisoned(self.seen.sum.lock()).is_some();
        if sum && self.problem.is_none() {
            // What stands behind a compressed file is no part of the log, and yet of what was given.
            let _ = io::copy(&mut self.stored, &mut io::sink());
        }
        let sum = unpoisoned(self.seen.sum.lock()).take().map(|sum| sum.finalize());
        let sha256 = sum.map_or_else(String::new, |sum| sum.iter().map(|byte| format!("{byte:02x}")).collect());
        Ended { bytes: self.seen.bytes.load(Ordering::Relaxed), lines: self.lines, sha256, problem: self.problem.take() }
    }
}

/// Lines of containers may go on in the next ones: where a piece of these bytes ends, so that none is parted. At `end` stands a line's end.
fn whole(bytes: &[u8], end: usize) -> usize {
    let mut end_of_piece = end;
    for _ in 0..64 {
        let body = bytes.get(..end_of_piece.saturating_sub(1)).unwrap_or_default();
        let start = memchr::memrchr(b'\n', body).map_or(0, |at| at + 1);
        if start == 0 || !wrapper::goes_on(body.get(start..).unwrap_or_default()) {
            return end_of_piece;
        }
        end_of_piece = start;
    }
    end
}

/// Takes gzip, zstd and bzip2 apart, by what the bytes begin with.
fn decompress(mut stored: Shared<Stored>) -> io::Result<Box<dyn Read + Send>> {
    let mut first = Vec::with_capacity(4);
    (&mut stored).take(4).read_to_end(&mut first)?;
    let kind = first.clone();
    let whole = Cursor::new(first).chain(stored);
    Ok(match kind.as_slice() {
        [0x1f, 0x8b, ..] => Box::new(flate2::bufread::MultiGzDecoder::new(io::BufReader::with_capacity(64 * 1024, whole))),
        [0x28, 0xb5, 0x2f, 0xfd] => Box::new(Zstandard { source: io::BufReader::with_capacity(64 * 1024, whole), decoder: None }),
        [b'B', b'Z', b'h', ..] => Box::new(bzip2::read::MultiBzDecoder::new(whole)),
        _ => Box::new(whole),
    })
}

/// All frames of a zstd file, one after the other.
struct Zstandard<R> {
    source: io::BufReader<R>,
    decoder: Option<Box<ruzstd::decoding::FrameDecoder>>,
}

impl<R: Read> Read for Zstandard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use std::io::BufRead;

        use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
        use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
        let other = |error: FrameDecoderError| io::Error::other(error.to_string());
        loop {
            if self.decoder.is_none() {
                if self.source.fill_buf()?.is_empty() {
                    return Ok(0);
                }
                let mut decoder = Box::new(FrameDecoder::new());
                match decoder.init(&mut self.source) {
                    Ok(()) => self.decoder = Some(decoder),
                    Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                        io::copy(&mut (&mut self.source).take(u64::from(length)), &mut io::sink())?;
                        continue;
                    }
                    Err(error) => return Err(other(error)),
                }
            }
            let Some(decoder) = &mut self.decoder else { return Ok(0) };
            if decoder.can_collect() == 0 && !decoder.is_finished() {
                decoder.decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBytes(buffer.len())).map_err(other)?;
            }
            let count = decoder.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            if decoder.is_finished() {
                self.decoder = None;
            }
        }
    }
}
