//! Where letters come from when they come from files: .eml, mbox, Maildir, folders, standard input.
//!
//! Gives bytes, one letter at a time; memory does not grow with the size of an mbox or a Maildir.

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use indgang_channels::email::mbox;

/// One letter from a file.
#[derive(Debug)]
pub struct Found {
    /// Where it was found: the path, with `#n` behind it for the nth letter of an mbox.
    pub name: String,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// How many bytes of the source have been read with it: for a progress bar.
    pub advance: u64,
}

/// Calls `take` with each letter, in a stable order.
///
/// # Errors
/// When a path cannot be read, naming it; or what `take` says.
pub fn each(paths: &[PathBuf], mut take: impl FnMut(Found) -> anyhow::Result<()>) -> anyhow::Result<()> {
    for path in paths {
        if path.as_os_str() == "-" {
            let mut raw = Vec::new();
            io::stdin().lock().read_to_end(&mut raw).context("standard input cannot be read")?;
            let advance = raw.len() as u64;
            take(Found { name: "-".to_owned(), raw, advance })?;
        } else {
            for file in files(path)? {
                each_of_file(&file, &mut take)?;
            }
        }
    }
    Ok(())
}

/// How many bytes all of it is; standard input counts as nothing.
///
/// # Errors
/// When a path cannot be read.
pub fn size(paths: &[PathBuf]) -> anyhow::Result<u64> {
    let mut size = 0;
    for path in paths.iter().filter(|path| path.as_os_str() != "-") {
        for file in files(path)? {
            size += fs::metadata(&file).map_or(0, |metadata| metadata.len());
        }
    }
    Ok(size)
}

fn each_of_file(path: &Path, take: &mut impl FnMut(Found) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let cannot = || format!("{} cannot be read", path.display());
    let mut file = File::open(path).with_context(cannot)?;
    let mut beginning = Vec::new();
    (&mut file).take(1024).read_to_end(&mut beginning).with_context(cannot)?;
    let whole = io::Cursor::new(beginning).chain(file);
    if !mbox::is_mbox(whole.get_ref().0.get_ref()) {
        let mut raw = Vec::new();
        BufReader::new(whole).read_to_end(&mut raw).with_context(cannot)?;
        let advance = raw.len() as u64;
        return take(Found { name: path.display().to_string(), raw, advance });
    }
    // An mbox of one letter keeps the file's name: many programs save a single letter that way.
    let mut letters = mbox::Letters::new(BufReader::new(whole)).enumerate().peekable();
    while let Some((index, letter)) = letters.next() {
        let raw = letter.with_context(cannot)?;
        let alone = index == 0 && letters.peek().is_none();
        let name =
            if alone { path.display().to_string() } else { format!("{}#{}", path.display(), index + 1) };
        let advance = raw.len() as u64;
        take(Found { name, raw, advance })?;
    }
    Ok(())
}

/// The files that a path means: itself, a Maildir's letters (`new`, then `cur`; never `tmp`, which is not finished),
/// or everything in a folder.
fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let metadata = fs::metadata(path).with_context(|| format!("{} cannot be read", path.display()))?;
    if !metadata.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    if path.join("cur").is_dir() && path.join("new").is_dir() {
        for part in ["cur", "new"] {
            found.extend(entries(&path.join(part))?.into_iter().filter(|entry| entry.is_file()));
        }
        // Folders of a Maildir++ stand beside, with a dot before their names.
        for entry in entries(path)?.into_iter().filter(|entry| entry.join("cur").is_dir()) {
            found.extend(files(&entry)?);
        }
        return Ok(found);
    }
    for entry in entries(path)? {
        found.extend(files(&entry)?);
    }
    Ok(found)
}

fn entries(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> = fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .with_context(|| format!("{} cannot be read", path.display()))?;
    entries.sort();
    Ok(entries)
}
