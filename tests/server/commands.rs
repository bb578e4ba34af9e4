//! The commands, as an operator and a mail server run them.

use indgang::cli::demo::letters::Sort;
use indgang_peers::{Dovecot, Postfix};
use serde_json::Value;

use crate::support::{Office, file, letter, synthetic};

const BODY: &str = "Jeg har fået et brev fra kommunen, som jeg gerne vil have hjælp til at forstå.";

#[test]
fn a_mail_servers_pipe_is_told_to_keep_what_could_not_be_filed() {
    let office = Office::new();
    let raw = letter("a@post.example", "1@post.example", "Hjælp", "", BODY);
    let output = office.pipe(&["ingest", "-"], &raw);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // The same again is harmless.
    assert!(office.pipe(&["ingest", "-"], &raw).status.success());
    assert_eq!(office.ledger()["received"], 1);
    // A database that cannot be opened, and a configuration that is wrong: in both the letter stays where it is.
    let mut broken = Office::new();
    broken.settings = broken.settings.replace("url = \"sqlite:", "url = \"sqlite:/nowhere/at/all/");
    assert_eq!(broken.pipe(&["ingest", "-"], &raw).status.code(), Some(75));
    let mut wrong = Office::new();
    wrong.settings.push_str("\n[nonsense]\nkey = 1\n");
    assert_eq!(wrong.pipe(&["ingest", "-"], &raw).status.code(), Some(75));
}

#[test]
fn files_mbox_and_maildir_go_through_the_same_intake() {
    let office = Office::new();
    let letters: Vec<_> = (0..60).map(synthetic).collect();
    let mut mbox = Vec::new();
    for letter in &letters[..20] {
        mbox.extend_from_slice(b"From borger Mon Feb  9 10:00:00 2026\n");
        mbox.extend_from_slice(&letter.raw);
        mbox.extend_from_slice(b"\n");
    }
    let mbox = file(&office, "arkiv", &mbox);
    for (number, letter) in letters.iter().enumerate().take(40).skip(20) {
        file(
            &office,
            &format!("Maildir/{}/{number}:2,S", if number % 2 == 0 { "cur" } else { "new" }),
            &letter.raw,
        );
    }
    file(&office, "Maildir/tmp/halv", b"half a letter");
    for (number, letter) in letters.iter().enumerate().skip(40) {
        file(&office, &format!("mappe/{number}.eml"), &letter.raw);
    }
    let folder = office.folder.path();
    let paths = [mbox, folder.join("Maildir"), folder.join("mappe")];
    let arguments: Vec<&str> =
        std::iter::once("ingest").chain(paths.iter().map(|path| path.to_str().unwrap())).collect();
    let output = office.run(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let count = |sort| letters.iter().filter(|letter| letter.sort == sort).count() as u64;
    let ledger = office.ledger();
    assert_eq!(ledger["received"], 60);
    assert_eq!(ledger["dispositions"]["enquiry"], count(Sort::First));
    assert_eq!(ledger["dispositions"]["automatic"], count(Sort::OutOfOffice) + count(Sort::Newsletter));
    assert_eq!(ledger["dispositions"]["hold"], count(Sort::Encrypted));
    // They were written long ago: nobody gets a receipt now, and the ledger says so.
    assert_eq!(ledger["acknowledgements"]["suppressed"], count(Sort::First));
    // Once more: everything is known.
    assert!(office.run(&arguments).status.success());
    assert_eq!(office.ledger()["received"], 60);
}

#[test]
fn explain_says_what_and_why_and_leaves_nothing_behind() {
    let office = Office::new();
    let text = "Hej\n\nJeg forstår ikke afgørelsen om min boligstøtte.\n\nMed venlig hilsen\nVilly\n\nDen 3. februar 2026 kl. 10.12 skrev Kommunen <post@kommune.example>:\n> Vi har modtaget din ansøgning.";
    let path = file(
        &office,
        "brev.eml",
        &letter("Villy <villy@post.example>", "1@post.example", "Boligstøtte", "", text),
    );
    let output = office.run(&["explain", path.to_str().unwrap()]);
    let said = String::from_utf8(output.stdout).unwrap();
    for needed in [
        "becomes",
        "enquiry",
        "acknowledged",
        "yes",
        "promise",
        "Villy <villy@post.example>",
        "language",
        "da",
        "quoted",
    ] {
        assert!(said.contains(needed), "{needed:?} is missing in {said}");
    }
    assert!(!said.contains("Vi har modtaget din ansøgning"), "what is folded is announced, not shown");
    let output = office.run(&["explain", "--json", path.to_str().unwrap()]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["message_id"], "1@post.example");
    assert_eq!(json["from"]["address"], "villy@post.example");
    assert_eq!(json["routing"]["disposition"], "enquiry");
    assert_eq!(json["routing"]["acknowledge"], true);
    assert!(!office.folder.path().join("office.sqlite").exists(), "no database is made");
}

#[test]
fn check_tries_every_connection_and_names_the_key() {
    let (dovecot, postfix) = (Dovecot::start().unwrap(), Postfix::start().unwrap());
    let mut office = Office::with(&dovecot, &postfix);
    let output = office.run(&["check"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    for line in
        ["ok      settings", "ok      database", "ok      texts", "ok      mailbox borger", "ok      sending"]
    {
        assert!(said.contains(line), "{line} is missing in {said}");
    }
    office.settings = office.settings.replace(Dovecot::PASSWORD, "forkert");
    let output = office.run(&["check"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("FAILED  mailbox borger") && said.contains("email.mailboxes.borger.password"),
        "{said}"
    );
    assert!(!said.contains("forkert"));
    office.settings = office.settings.replace("municipality", "municipalty");
    let output = office.run(&["check"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(78), "{said}");
    assert!(said.contains("office.municipalty") && said.contains("office.municipality"), "{said}");
}

#[test]
fn the_demonstration_shows_letters_coming_in() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_indgang"))
        .args(["demo", "--letters", "5"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("enquiry") && said.contains("sent") && said.contains("it adds up"), "{said}");
    assert!(said.contains("Klagefristen løber videre"), "{said}");
}

#[test]
fn completions_are_made_for_the_usual_shells() {
    for shell in ["bash", "zsh", "fish"] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_indgang"))
            .args(["completions", shell])
            .output()
            .unwrap();
        assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("ingest"));
    }
}
