//! Keeps the walls of the house: which room may import which, and which crates may be met where.
//!
//! Reads the source as text, so that a wall that is broken is named before anything is run. Cargo itself keeps the
//! wall between `indgang-channels` and the server.

use std::fs;
use std::path::{Path, PathBuf};

/// A room, the rooms of this crate that it may import, and the outside crates that it must not meet.
struct Room {
    path: &'static str,
    may_import: &'static [&'static str],
    never: &'static [&'static str],
}

/// Leaves that know nobody: anyone may import them.
const LEAVES: &[&str] = &["clock", "health"];

const IO: &[&str] =
    &["sqlx", "axum", "tokio", "reqwest", "lettre", "async_imap", "std::net", "std::fs", "std::env", "rand"];

const ROOMS: &[Room] = &[
    Room { path: "src/clock.rs", may_import: &[], never: IO },
    Room { path: "src/health.rs", may_import: &[], never: IO },
    Room { path: "src/domain", may_import: &["domain"], never: IO },
    Room { path: "src/intake", may_import: &["domain", "intake"], never: IO },
    Room { path: "src/texts", may_import: &["domain", "texts"], never: &["sqlx", "axum", "tokio", "rand"] },
    Room {
        path: "src/config",
        may_import: &["config", "domain", "texts"],
        never: &["sqlx", "axum", "tokio", "rand"],
    },
    Room { path: "src/report", may_import: &["domain", "report"], never: IO },
    Room {
        path: "src/store",
        may_import: &["domain", "intake", "store"],
        never: &["axum", "reqwest", "lettre"],
    },
    Room {
        path: "src/work",
        may_import: &["domain", "intake", "report", "texts", "config", "store", "work"],
        never: &["sqlx", "axum"],
    },
    Room {
        path: "src/web",
        may_import: &["domain", "intake", "report", "store", "texts", "web"],
        never: &["sqlx", "lettre"],
    },
    Room {
        path: "src/cli",
        may_import: &["domain", "intake", "report", "texts", "config", "store", "work", "web", "cli"],
        never: &["sqlx"],
    },
];

/// Pure files of the channels: no sockets, no clock, no randomness.
const CHANNEL_IO: &[&str] = &[
    "channels/src/email/mailbox",
    "channels/src/email/submit",
    "channels/src/email/oauth",
    "channels/src/email/tls",
    "channels/src/sms/gateway",
];

#[test]
fn every_room_keeps_its_walls() {
    let mut broken = Vec::new();
    for room in ROOMS {
        for file in rust_files(Path::new(room.path)) {
            for (number, line) in code_lines(&file) {
                for imported in crate_rooms(&line) {
                    let allowed = room.may_import.contains(&imported.as_str())
                        || LEAVES.contains(&imported.as_str())
                        || imported == "on_reader";
                    if !allowed {
                        broken.push(format!(
                            "{}:{number}: {} imports `{imported}`",
                            file.display(),
                            room.path
                        ));
                    }
                }
                for never in room.never {
                    if names_crate(&line, never) {
                        broken.push(format!("{}:{number}: {} meets `{never}`", file.display(), room.path));
                    }
                }
            }
        }
    }
    assert!(broken.is_empty(), "walls are broken:\n{}", broken.join("\n"));
}

#[test]
fn every_file_of_the_server_stands_in_a_room() {
    let outside: Vec<_> = rust_files(Path::new("src"))
        .into_iter()
        .filter(|file| !ROOMS.iter().any(|room| file.starts_with(room.path)))
        .filter(|file| !["src/lib.rs", "src/main.rs"].iter().any(|root| file == Path::new(root)))
        .collect();
    assert!(outside.is_empty(), "these files stand in no room of the table above: {outside:?}");
}

#[test]
fn reading_a_letter_touches_no_socket_clock_or_randomness() {
    let mut broken = Vec::new();
    for file in rust_files(Path::new("channels/src")) {
        if CHANNEL_IO.iter().any(|io| file.to_string_lossy().starts_with(io)) {
            continue;
        }
        for (number, line) in code_lines(&file) {
            for never in IO.iter().chain(&["std::time::Instant", "Timestamp::now"]) {
                // Composing uses lettre's builder, which opens no socket.
                let builder = *never == "lettre" && file.ends_with("compose.rs");
                if names_crate(&line, never) && !builder {
                    broken.push(format!("{}:{number} meets `{never}`", file.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "pure files do I/O:\n{}", broken.join("\n"));
}

/// The walls test itself must see a broken wall.
#[test]
fn a_broken_wall_is_seen() {
    assert_eq!(crate_rooms("use crate::store::Store;"), ["store"]);
    assert_eq!(crate_rooms("use crate::{domain::area, web};"), ["domain", "web"]);
    assert_eq!(crate_rooms("    crate::work::run(indgang::cli::x)"), ["work", "cli"]);
    assert!(names_crate("use sqlx::Row;", "sqlx"));
    assert!(names_crate("    std::fs::read(path)", "std::fs"));
    assert!(!names_crate("let tokio_like = 1;", "tokio"));
}

fn rust_files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_path_buf()];
    }
    let Ok(entries) = fs::read_dir(path) else { return Vec::new() };
    let mut files: Vec<PathBuf> =
        entries.flatten().flat_map(|entry| rust_files(&entry.path())).filter(|file| is_rust(file)).collect();
    files.sort();
    files
}

fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

/// The lines of a file that are code: no comments, and nothing after the file's own tests begin.
fn code_lines(path: &Path) -> Vec<(usize, String)> {
    if path.file_name().is_some_and(|name| name == "tests.rs")
        || path.components().any(|c| c.as_os_str() == "tests")
    {
        return Vec::new();
    }
    let text = fs::read_to_string(path).expect("a source file can be read");
    text.lines()
        .enumerate()
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line.to_owned()))
        .collect()
}

/// The rooms of this crate that a line names: after `crate::` or `indgang::`, also inside braces.
fn crate_rooms(line: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for root in ["crate::", "indgang::"] {
        for (at, _) in line.match_indices(root) {
            let rest = &line[at + root.len()..];
            match rest.strip_prefix('{') {
                Some(list) => {
                    let list = list.split('}').next().unwrap_or_default();
                    rooms.extend(list.split(',').map(first_word).filter(|word| !word.is_empty()));
                }
                None => rooms.push(first_word(rest)),
            }
        }
    }
    rooms
}

fn first_word(text: &str) -> String {
    text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Whether a line names a crate or a path of the standard library as the start of a path.
fn names_crate(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = &line[at + name.len()..];
        let starts = before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':' && c != '"');
        let goes_on =
            after.starts_with("::") || (line.trim_start().starts_with("use ") && !after.starts_with('_'));
        starts && goes_on
    })
}
