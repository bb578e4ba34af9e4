//! The written form of a [`Submission`], kept as the message's original: a line that says what it is, a line of JSON with
//! everything but the files' bytes, and then those, one file after another.
//!
//! Not multipart/form-data as it came: that holds the form's token and the citizen's word, which must not be kept in the
//! clear. Not MIME: nobody else reads it, and base64 would cost a third.

use serde::{Deserialize, Serialize};

use super::{File, Scan, Submission};
use crate::message::{AnswerBy, Language};

/// The first line.
const FIRST: &[u8] = b"indgang-form 1\n";

/// Why something is no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It begins otherwise.
    #[error("it is no record of a form")]
    NotOne,
    /// Its second line could not be read.
    #[error("what stands in the record could not be read")]
    Unreadable,
    /// It ends before its files do.
    #[error("the record was cut off")]
    CutOff,
}

#[derive(Serialize, Deserialize)]
struct Head {
    message: String,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    answer_by: Option<AnswerBy>,
    deadline: Option<String>,
    area: Option<String>,
    language: Option<Language>,
    suspicions: Vec<String>,
    files: Vec<FileHead>,
}

#[derive(Serialize, Deserialize)]
struct FileHead {
    name: String,
    media_type: String,
    size: u64,
    scan: Scan,
}

impl Submission {
    /// The record.
    pub fn to_record(&self) -> Vec<u8> {
        let file = |file: &File| FileHead {
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size: file.bytes.len() as u64,
            scan: file.scan.clone(),
        };
        let head = Head {
            message: self.message.clone(),
            name: self.name.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            answer_by: self.answer_by,
            deadline: self.deadline.clone(),
            area: self.area.clone(),
            language: self.language.clone(),
            suspicions: self.suspicions.clone(),
            files: self.files.iter().map(file).collect(),
        };
        // Strings, numbers and lists always have a JSON form, on one line.
        let json = serde_json::to_vec(&head).unwrap_or_default();
        let bytes: usize = self.files.iter().map(|file| file.bytes.len()).sum();
        let mut record = Vec::with_capacity(FIRST.len() + json.len() + 1 + bytes);
        record.extend_from_slice(FIRST);
        record.extend_from_slice(&json);
        record.push(b'\n');
        for file in &self.files {
            record.extend_from_slice(&file.bytes);
        }
        record
    }

    /// Reads a record.
    ///
    /// # Errors
    /// When it is none, or was damaged.
    pub fn from_record(record: &[u8]) -> Result<Self, RecordError> {
        let (head, mut rest) = head(record)?;
        let mut files = Vec::with_capacity(head.files.len().min(64));
        for file in head.files {
            let size = usize::try_from(file.size).map_err(|_| RecordError::CutOff)?;
            let (bytes, after) = rest.split_at_checked(size).ok_or(RecordError::CutOff)?;
            rest = after;
            let FileHead { name, media_type, scan, .. } = file;
            files.push(File { name, media_type, bytes: bytes.to_vec(), scan });
        }
        if !rest.is_empty() {
            return Err(RecordError::Unreadable);
        }
        Ok(Self {
            message: head.message,
            name: head.name,
            email: head.email,
            phone: head.phone,
            answer_by: head.answer_by,
            deadline: head.deadline,
            area: head.area,
            language: head.language,
            files,
            suspicions: head.suspicions,
        })
    }
}

/// Whether something begins as a record does.
pub fn is_record(bytes: &[u8]) -> bool {
    bytes.starts_with(FIRST)
}

/// The bytes of one file of a record, counted from 0.
///
/// # Errors
/// When it is no record, was damaged, or has no such file.
pub fn file_bytes(record: &[u8], part: usize) -> Result<&[u8], RecordError> {
    let (head, mut rest) = head(record)?;
    for (index, file) in head.files.iter().enumerate() {
        let size = usize::try_from(file.size).map_err(|_| RecordError::CutOff)?;
        let (bytes, after) = rest.split_at_checked(size).ok_or(RecordError::CutOff)?;
        if index == part {
            return Ok(bytes);
        }
        rest = after;
    }
    Err(RecordError::CutOff)
}

fn head(record: &[u8]) -> Result<(Head, &[u8]), RecordError> {
    let rest = record.strip_prefix(FIRST).ok_or(RecordError::NotOne)?;
    let end = memchr::memchr(b'\n', rest).ok_or(RecordError::CutOff)?;
    let head = serde_json::from_slice(&rest[..end]).map_err(|_| RecordError::Unreadable)?;
    Ok((head, &rest[end + 1..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        fn any_file()(
            name in ".{0,20}",
            bytes in prop::collection::vec(any::<u8>(), 0..50),
            scan in prop::sample::select(vec![Scan::NotAsked, Scan::Clean, Scan::Infected("Eicar".to_owned()), Scan::Unknown]),
        ) -> File {
            File { name, media_type: "application/pdf".to_owned(), bytes, scan }
        }
    }

    prop_compose! {
        fn any_submission()(
            message in "(?s).{0,80}",
            name in prop::option::of(".{1,10}"),
            email in prop::option::of("[a-z]{1,8}@b.example"),
            phone in prop::option::of("\\+45[0-9]{8}"),
            answer_by in prop::option::of(prop::sample::select(vec![AnswerBy::Email, AnswerBy::Page, AnswerBy::Meeting])),
            deadline in prop::option::of(".{1,10}"),
            files in prop::collection::vec(any_file(), 0..4),
            suspicions in prop::collection::vec(".{1,10}", 0..2),
        ) -> Submission {
            let language = Some(Language("da".to_owned()));
            Submission { message, name, email, phone, answer_by, deadline, area: None, language, files, suspicions }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(submission in any_submission()) {
            let record = submission.to_record();
            prop_assert!(is_record(&record));
            let read = Submission::from_record(&record).unwrap();
            for (part, file) in submission.files.iter().enumerate() {
                prop_assert_eq!(file_bytes(&record, part).unwrap(), &file.bytes[..]);
            }
            prop_assert!(file_bytes(&record, submission.files.len()).is_err());
            prop_assert!(read == submission);
        }

        #[test]
        fn a_damaged_record_is_an_error_or_another(submission in any_submission(), cut in 0..200_usize, byte in any::<u8>()) {
            let mut record = submission.to_record();
            let place = cut % record.len();
            record[place] ^= byte;
            let _ = Submission::from_record(&record);
            record.truncate(place);
            let mut whole = submission.to_record();
            whole.truncate(place);
            prop_assert!(Submission::from_record(&whole).is_err(), "what was cut off is none");
        }

        #[test]
        fn nothing_else_is_one(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            prop_assert_eq!(Submission::from_record(&bytes), Err(RecordError::NotOne));
        }
    }

    #[test]
    fn a_size_that_is_not_there_takes_no_memory() {
        let record = b"indgang-form 1\n{\"message\":\"x\",\"suspicions\":[],\"files\":[{\"name\":\"a\",\"media_type\":\"b\",\"size\":18446744073709551615,\"scan\":\"clean\"}]}\n";
        assert_eq!(Submission::from_record(record), Err(RecordError::CutOff));
        assert_eq!(file_bytes(record, 0), Err(RecordError::CutOff));
    }
}
