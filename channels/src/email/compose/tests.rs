use super::*;
use mail_parser::MessageParser;
use proptest::prelude::*;

fn outgoing() -> Outgoing<'static> {
    Outgoing {
        from: "borgerraadgiver@kommune.example",
        from_name: "Borgerrådgiveren",
        to: "borger@post.example",
        subject: "Din henvendelse er modtaget – 7K3M-9WPT-4X",
        body: "Hej.\n\nBorgerrådgiveren har modtaget din henvendelse.\n",
        message_id: "kvittering.7k3m-9wpt-4x@kommune.example",
        in_reply_to: Some("brev@post.example"),
        references: &[],
        language: "da",
        date: Timestamp::constant(1_770_000_000, 0),
        automatic: true,
        files: &[],
    }
}

fn head(bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    text.split("\r\n\r\n").next().unwrap().to_owned()
}

#[test]
fn it_is_read_back_as_it_was_meant() {
    let references = ["aeldst@post.example".to_owned(), "brev@post.example".to_owned()];
    let composed = compose(&Outgoing { references: &references, ..outgoing() }).unwrap();
    let message = MessageParser::default().parse(&composed.bytes).unwrap();
    assert_eq!(message.subject(), Some("Din henvendelse er modtaget – 7K3M-9WPT-4X"));
    assert_eq!(message.from().unwrap().first().unwrap().name(), Some("Borgerrådgiveren"));
    assert_eq!(message.message_id(), Some("kvittering.7k3m-9wpt-4x@kommune.example"));
    assert_eq!(message.in_reply_to().as_text(), Some("brev@post.example"));
    assert_eq!(message.references().as_text_list().unwrap().len(), 2);
    assert!(message.body_text(0).unwrap().contains("Borgerrådgiveren har modtaget"));
    let head = head(&composed.bytes);
    for line in [
        "Auto-Submitted: auto-replied",
        "X-Auto-Response-Suppress: All",
        "X-Indgang-Loop: 1",
        "Content-Language: da",
    ] {
        assert!(head.contains(line), "{line} is missing in {head}");
    }
    assert!(composed.bytes.is_ascii(), "it passes servers without 8BITMIME");
    assert!(composed.bytes.split(|&byte| byte == b'\n').all(|line| line.len() <= 999));
}

#[test]
fn it_is_the_same_at_every_try() {
    assert_eq!(compose(&outgoing()).unwrap().bytes, compose(&outgoing()).unwrap().bytes);
}

#[test]
fn bounces_come_back_to_us() {
    let composed = compose(&outgoing()).unwrap();
    assert_eq!(composed.envelope.from().unwrap().to_string(), "borgerraadgiver@kommune.example");
}

#[test]
fn no_value_can_add_a_header() {
    let evil = "x\r\nBcc: victim@else.example\r\n\r\nbody";
    let references = [evil.to_owned(), "<a@b> <c@d>".to_owned()];
    let composed = compose(&Outgoing {
        from_name: evil,
        subject: evil,
        in_reply_to: Some(evil),
        references: &references,
        language: evil,
        ..outgoing()
    })
    .unwrap();
    let head = head(&composed.bytes);
    assert!(!head.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc:")), "{head}");
    assert!(!head.contains("In-Reply-To") && !head.contains("References"));
    let message = MessageParser::default().parse(&composed.bytes).unwrap();
    assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), outgoing().body.trim_end());
}

#[test]
fn an_address_that_is_none_is_refused_without_being_repeated() {
    for to in ["", "no-at-sign", "a@b\r\nRCPT TO:<c@d>", "a b@c.example"] {
        let error = compose(&Outgoing { to, ..outgoing() }).unwrap_err();
        assert_eq!(error, ComposeError::Recipient);
    }
    assert_eq!(compose(&Outgoing { from: "nobody", ..outgoing() }).unwrap_err(), ComposeError::Sender);
}

fn read_back(bytes: &[u8], own_addresses: &[String]) -> crate::message::Incoming {
    let context = crate::email::ReadContext {
        account: "borger",
        external_id: crate::message::ExternalId("1:1".to_owned()),
        received_at: Timestamp::UNIX_EPOCH,
        limits: &crate::email::Limits::default(),
        authserv_id: None,
        own_addresses,
    };
    crate::email::read(bytes, &context)
}

fn personal() -> Outgoing<'static> {
    Outgoing { automatic: false, message_id: "svar.1@kommune.example", ..outgoing() }
}

const PDF: File<'static> = File {
    name: "Afgørelse om hjælp på Ærø.pdf",
    media_type: "application/pdf",
    bytes: b"%PDF-1.7\r\n\0\xff",
};

#[test]
fn what_a_person_wrote_does_not_say_that_a_machine_did() {
    let head = head(&compose(&personal()).unwrap().bytes).to_ascii_lowercase();
    for name in ["auto-submitted", "x-auto-response-suppress", "x-indgang", "precedence", "list-"] {
        assert!(!head.contains(name), "{name} stands in {head}");
    }
    assert!(head.contains("content-language: da"));
}

#[test]
fn another_installation_reads_a_personal_letter_as_a_persons() {
    let files = [PDF];
    for files in [&files[..], &[]] {
        let composed = compose(&Outgoing { files, ..personal() }).unwrap();
        let read = read_back(&composed.bytes, &["raadgiver@other.example".to_owned()]);
        assert_eq!((read.automatic, read.suppress_reply), (None, None));
        // An automatic one is known as such there.
        let composed = compose(&Outgoing { files, ..outgoing() }).unwrap();
        assert!(read_back(&composed.bytes, &[]).automatic.is_some());
    }
}

#[test]
fn a_personal_letter_that_comes_back_is_our_own() {
    let composed = compose(&personal()).unwrap();
    let read = read_back(&composed.bytes, &["borgerraadgiver@kommune.example".to_owned()]);
    assert_eq!(read.automatic.unwrap().kind, crate::message::AutomaticKind::Own);
    assert_eq!(read.thread.message_id.as_deref(), Some("svar.1@kommune.example"));
}

#[test]
fn a_bounce_of_a_personal_letter_names_it() {
    let returned = String::from_utf8(compose(&personal()).unwrap().bytes).unwrap();
    let bounce = format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: borgerraadgiver@kommune.example\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nDate: Mon, 2 Feb 2026 10:00:00 +0100\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\n\r\nIt could not be delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; borger@post.example\r\n\
         Action: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{returned}\r\n--b--\r\n"
    );
    let read = read_back(bounce.as_bytes(), &["borgerraadgiver@kommune.example".to_owned()]);
    assert_eq!(read.bounce.unwrap().original_message_id.as_deref(), Some("svar.1@kommune.example"));
}

#[test]
fn files_come_out_as_they_went_in() {
    let text = "Kære borger\n.\n--=_\nFrom her and on: æøå = 1\n";
    let long = "å".repeat(90) + " bilag.docx";
    let files = [
        PDF,
        File { name: &long, media_type: "application/octet-stream", bytes: &[7; 100_000] },
        File { name: "notat.txt", media_type: "text/plain", bytes: "rødgrød\nmed fløde".as_bytes() },
        File { name: "a \"b\"; c\\d'e%20.csv", media_type: "text/csv", bytes: b"a;b\n" },
        File { name: "brev.eml", media_type: "message/rfc822", bytes: b"From: a@b\n\n\xe6" },
        File {
            name: "møde.ics",
            media_type: "text/calendar; charset=utf-8; method=PUBLISH",
            bytes: b"BEGIN",
        },
        File { name: "../..\r\nBcc: x@y", media_type: "not a type\r\nBcc: x@y", bytes: b"" },
        File { name: "", media_type: "", bytes: b"1" },
    ];
    let composed = compose(&Outgoing { body: text, files: &files, ..personal() }).unwrap();
    assert!(composed.bytes.is_ascii());
    assert!(composed.bytes.split(|&byte| byte == b'\n').all(|line| line.len() <= 999));
    assert!(!head(&composed.bytes).to_lowercase().contains("bcc"));
    let message = MessageParser::default().parse(&composed.bytes).unwrap();
    assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n"), text);
    for (part, file) in message.attachments().zip(&files) {
        assert_eq!(part.contents(), file.bytes, "{}", file.name);
    }
    let read = read_back(&composed.bytes, &[]);
    assert_eq!(read.text, text);
    let told: Vec<_> = read
        .attachments
        .iter()
        .map(|file| (file.name.as_deref().unwrap(), file.media_type.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (PDF.name, "application/pdf"),
            (long.as_str(), "application/octet-stream"),
            ("notat.txt", "text/plain"),
            ("d'e%20.csv", "text/csv"),
            ("brev.eml", "application/octet-stream"),
            ("møde.ics", "text/calendar"),
            ("Bcc: x@y", "application/octet-stream"),
            ("file", "application/octet-stream"),
        ]
    );
    assert_eq!(read.attachments.iter().map(|file| file.inline).filter(|inline| *inline).count(), 0);
    assert!(String::from_utf8(composed.bytes.clone()).unwrap().contains("charset=utf-8; method=PUBLISH"));
    assert_eq!(compose(&Outgoing { body: text, files: &files, ..personal() }).unwrap().bytes, composed.bytes);
}

proptest! {
    /// Whatever is written and whatever it is called: the text and the files come out, and no header comes in.
    #[test]
    fn any_text_and_file_come_out_again(
        body in "[^\\r\0-\\x08\\x0b-\\x1f\\x7f-\\x9f\u{feff}]{0,200}",
        name in "\\PC{0,60}",
        media_type in "[ -~\r\n]{0,30}",
        bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let file = File { name: &name, media_type: &media_type, bytes: &bytes };
        let composed = compose(&Outgoing { body: &body, files: &[file], ..personal() }).unwrap();
        let message = MessageParser::default().parse(&composed.bytes).unwrap();
        let text = message.body_text(0).unwrap_or_default().replace("\r\n", "\n");
        prop_assert_eq!(text, body.as_str());
        let part = message.attachment(0).unwrap();
        prop_assert_eq!(part.contents(), &bytes[..]);
        prop_assert_eq!(message.attachment_count(), 1);
        let read = read_back(&composed.bytes, &[]);
        let expected = safe_name(&name).unwrap_or_else(|| "file".to_owned());
        prop_assert_eq!(read.attachments[0].name.as_deref(), Some(expected.as_str()));
    }
}
