//! Files and a real virus scanner: an infected one is marked and kept, and a scanner that is away loses nothing.

use indgang_peers::Clamd;

use super::{Part, post, started, token};

#[test]
fn an_infected_file_is_marked_and_the_letter_arrives() {
    let mut clamd = Clamd::start().unwrap();
    let office = started(&format!(
        "file_types = [\"txt\", \"pdf\"]\n[files]\nclamav = \"{}\"",
        clamd.socket().display()
    ));
    let send = |text: &str, name: &str, bytes: &[u8]| {
        let token = token(&office);
        let answer = post(
            &office,
            "/",
            &[Part::Text("token", &token), Part::Text("besked", text), Part::File(name, bytes)],
        );
        assert_eq!(answer.status, 303, "{}", answer.body);
    };
    send("ren", "brev.pdf", b"%PDF-1.7\n");
    send("smittet", "faktura.txt", &Clamd::eicar());
    clamd.stop();
    send("uset", "brev.pdf", b"%PDF-1.7\n");
    assert_eq!(office.sql("SELECT disposition FROM message"), ["enquiry"; 3], "each of them arrives");
    let details = office.sql("SELECT details FROM message ORDER BY id");
    assert!(!details[0].contains("quarantine"), "{}", details[0]);
    assert!(details[1].contains("Eicar-Test-Signature"), "{}", details[1]);
    assert!(details[2].contains("did not answer"), "{}", details[2]);
    let checked = office.run(&["check"]);
    let said =
        String::from_utf8_lossy(&checked.stdout).into_owned() + &String::from_utf8_lossy(&checked.stderr);
    assert!(said.contains("files.clamav"), "the check tries the scanner: {said}");
    clamd.restart().unwrap();
    send("ren igen", "brev.pdf", b"%PDF-1.7 2\n");
    assert!(!office.sql("SELECT details FROM message ORDER BY id")[3].contains("quarantine"));
}
