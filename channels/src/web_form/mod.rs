//! The web form: what somebody wrote into it as plain data, how that is kept, and how it becomes a message.
//!
//! Knows no HTTP, no page and no rule of what a form must hold: whoever builds a [`Submission`] has checked it. Knows no
//! enquiry either; what a submission belongs to is said by its thread.

pub mod check;
pub mod read;
pub mod record;
pub mod sniff;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::message::{AnswerBy, Language};

/// What was sent with the form, or on the private page of an enquiry.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Submission {
    /// The message. Never empty when it has no files.
    pub message: String,
    /// What the writer calls themselves.
    pub name: Option<String>,
    /// An e-mail address, as typed and checked.
    pub email: Option<String>,
    /// A telephone number, as typed and checked.
    pub phone: Option<String>,
    /// How the writer wants to be answered.
    pub answer_by: Option<AnswerBy>,
    /// What the writer says of a deadline, as typed.
    pub deadline: Option<String>,
    /// The area that the writer believes it is about.
    pub area: Option<String>,
    /// The language that the writer wants the answer in; that of the page unless another was chosen.
    pub language: Option<Language>,
    /// The files that came along.
    pub files: Vec<File>,
    /// What speaks for a machine, in sentences for the adviser; empty for nearly everybody.
    pub suspicions: Vec<String>,
}

/// A file that came along.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Its name as the browser gave it.
    pub name: String,
    /// What its bytes say that it is, in lower case, without parameters.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What a scanner says of it.
    pub scan: Scan,
}

/// What a scanner for viruses says of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scan {
    /// No scanner is configured.
    #[default]
    NotAsked,
    /// Nothing was found.
    Clean,
    /// It is infected; the name of what was found.
    Infected(String),
    /// The scanner did not answer.
    Unknown,
}

/// Prints sizes and counts alone.
impl fmt::Debug for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submission")
            .field("message_bytes", &self.message.len())
            .field("answer_by", &self.answer_by)
            .field("files", &self.files)
            .field("suspicions", &self.suspicions)
            .finish_non_exhaustive()
    }
}

/// Prints the type and the size alone.
impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({}, {} bytes, {:?})", self.media_type, self.bytes.len(), self.scan)
    }
}
