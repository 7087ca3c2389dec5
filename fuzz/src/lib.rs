//! What the fuzz targets share: numbers and texts out of the bytes that the fuzzer makes up.

/// Takes bytes off the front; zeros when there are none left.
#[derive(Debug)]
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().map_or((0, self.0), |(first, rest)| (*first, rest));
        self.0 = rest;
        first
    }

    /// A number below `end`; 0 when that is 0.
    pub fn below(&mut self, end: u32) -> u32 {
        let number = u32::from_le_bytes([self.byte(), self.byte(), self.byte(), 0]);
        number.checked_rem(end).unwrap_or(0)
    }

    /// What stands before the next 0xFF, a byte that no text has.
    pub fn part(&mut self) -> &'a [u8] {
        let end = self.0.iter().position(|byte| *byte == 0xff).unwrap_or(self.0.len());
        let part = &self.0[..end];
        self.0 = self.0.get(end + 1..).unwrap_or_default();
        part
    }

    /// [`Bytes::part`] as text.
    pub fn text(&mut self) -> String {
        String::from_utf8_lossy(self.part()).into_owned()
    }

    /// Is anything left?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
