//! Reads `winmail.dat` (MS-OXTNEF): the text, and the names and sizes of the files, as far as the container is whole.
//! Leaves compressed RTF aside: it only repeats the text that stands beside it in the letter.

use encoding_rs::{UTF_16LE, WINDOWS_1252};

/// What a container holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tnef<'a> {
    /// Its text, when it has one.
    pub(super) text: Option<String>,
    /// Its text as HTML, when it has one.
    pub(super) html: Option<String>,
    /// The files: name and bytes.
    pub(super) files: Vec<(Option<String>, &'a [u8])>,
}

const SIGNATURE: u32 = 0x223e_9f78;
const BODY: u32 = 0x0002_800c;
const MESSAGE_PROPERTIES: u32 = 0x0006_9003;
const FILE_BEGINS: u32 = 0x0006_9002;
const FILE_TITLE: u32 = 0x0001_8010;
const FILE_DATA: u32 = 0x0006_800f;
const FILE_PROPERTIES: u32 = 0x0006_9005;

/// Most files, and most properties of one list, that are read.
const MOST: usize = 2_000;

/// Reads a container; `None` when it is none.
pub(super) fn read(bytes: &[u8]) -> Option<Tnef<'_>> {
    let mut input = Input(bytes);
    if input.u32()? != SIGNATURE {
        return None;
    }
    input.u16()?;
    let mut tnef = Tnef::default();
    while let Some((attribute, data)) = input.attribute() {
        match attribute {
            BODY => tnef.text = Some(narrow(data)).filter(|text| !text.is_empty()).or(tnef.text),
            MESSAGE_PROPERTIES => properties(data, |id, value| match id {
                0x1000 => tnef.text = Some(value.text()),
                0x1013 => tnef.html = Some(value.text()),
                _ => {}
            }),
            FILE_BEGINS if tnef.files.len() < MOST => tnef.files.push((None, &[])),
            FILE_TITLE => {
                if let Some(file) = tnef.files.last_mut().filter(|file| file.0.is_none()) {
                    file.0 = Some(narrow(data)).filter(|name| !name.is_empty());
                }
            }
            FILE_DATA => tnef.files.last_mut().into_iter().for_each(|file| file.1 = data),
            FILE_PROPERTIES => {
                if let Some(file) = tnef.files.last_mut() {
                    properties(data, |id, value| match id {
                        // The long name, which the title cuts to eight characters and three.
                        0x3707 => file.0 = Some(value.text()),
                        0x3001 | 0x3704 if file.0.is_none() => file.0 = Some(value.text()),
                        0x3701 if file.1.is_empty() => file.1 = value.bytes,
                        _ => {}
                    });
                }
            }
            _ => {}
        }
    }
    Some(tnef)
}

struct Value<'a> {
    wide: bool,
    bytes: &'a [u8],
}

impl Value<'_> {
    fn text(&self) -> String {
        if self.wide {
            let text = UTF_16LE.decode_without_bom_handling(self.bytes).0;
            return text.trim_end_matches('\0').to_owned();
        }
        narrow(self.bytes)
    }
}

/// Text of one byte a character, in the sender's code page; in our part of the world that is windows-1252.
fn narrow(bytes: &[u8]) -> String {
    let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// Walks a list of properties (MS-OXTNEF section 2.1.3.4).
fn properties<'a>(data: &'a [u8], mut see: impl FnMut(u16, &Value<'a>)) {
    let mut input = Input(data);
    let count = input.u32().unwrap_or(0) as usize;
    for _ in 0..count.min(MOST) {
        if property(&mut input, &mut see).is_none() {
            break;
        }
    }
}

fn property<'a>(input: &mut Input<'a>, see: &mut impl FnMut(u16, &Value<'a>)) -> Option<()> {
    let (kind, id) = (input.u16()?, input.u16()?);
    if id >= 0x8000 {
        input.take(16)?;
        if input.u32()? == 0 {
            input.u32()?;
        } else {
            input.counted()?;
        }
    }
    let several = kind & 0x1000 != 0;
    let variable = matches!(kind & 0x0fff, 0x1e | 0x1f | 0x102 | 0x0d);
    let values = if several || variable { input.u32()? as usize } else { 1 };
    for _ in 0..values.min(MOST) {
        let bytes = match kind & 0x0fff {
            0x1e | 0x1f | 0x102 | 0x0d => input.counted()?,
            0x02 | 0x03 | 0x04 | 0x0a | 0x0b => input.take(4)?,
            0x05 | 0x06 | 0x07 | 0x14 | 0x40 => input.take(8)?,
            0x48 => input.take(16)?,
            _ => return None,
        };
        if variable && !several {
            see(id, &Value { wide: kind == 0x1f, bytes });
        }
    }
    Some(())
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    /// Bytes whose count stands before them, filled up to a multiple of four.
    fn counted(&mut self) -> Option<&'a [u8]> {
        let count = self.u32()? as usize;
        let bytes = self.take(count)?;
        let filler = (4 - count % 4) % 4;
        self.take(filler.min(self.0.len()))?;
        Some(bytes)
    }

    fn attribute(&mut self) -> Option<(u32, &'a [u8])> {
        self.take(1)?;
        let (attribute, length) = (self.u32()?, self.u32()? as usize);
        let data = self.take(length)?;
        // The checksum adds nothing: a damaged text is better than none.
        self.take(2.min(self.0.len()))?;
        Some((attribute, data))
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use proptest::prelude::*;

    #[test]
    fn only_containers_are_read() {
        assert_eq!(read(b"PK\x03\x04"), None);
        assert_eq!(read(b""), None);
        assert!(read(b"\x78\x9f\x3e\x22\0\0").is_some_and(|tnef| tnef.files.is_empty()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&[&b"\x78\x9f\x3e\x22\0\0"[..], &bytes].concat());
        }
    }
}
