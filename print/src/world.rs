//! All that the typesetter can reach: one template, one report, two fonts. No files, no network, no packages, no clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{DiagSpan, FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt as _, World, WorldExt as _};

use crate::fonts::FONTS;

/// What a page looks like. Constant: the report reaches it as data and is never part of it.
const TEMPLATE: &str = include_str!("report.typ");

/// The language's own functions, with those that say which cells of a table are heads.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    LazyHash::new(Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build())
});

/// The two files, and nothing else by any name.
static FILES: LazyLock<Option<(Source, FileId)>> = LazyLock::new(|| {
    let file = |name| Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern());
    Some((Source::new(file("report.typ")?, TEMPLATE.to_owned()), file("report.json")?))
});

/// A report with what it takes to typeset it.
pub(crate) struct Room {
    template: Source,
    name: FileId,
    report: Bytes,
}

impl Room {
    /// The report as JSON, as the template reads it. None if the two names were no names, which a test rules out.
    pub(crate) fn new(report: Vec<u8>) -> Option<Self> {
        let (template, name) = FILES.clone()?;
        Some(Self { template, name, report: Bytes::new(report) })
    }

    /// The line of the template that something was said of, counted from 1.
    pub(crate) fn line(&self, span: DiagSpan) -> Option<usize> {
        let start = self.range(span)?.start;
        Some(TEMPLATE.get(..start)?.lines().count().max(1))
    }
}

impl World for Room {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.name { Ok(self.report.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
