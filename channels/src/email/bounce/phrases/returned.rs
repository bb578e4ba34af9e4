//! Where the returned letter begins in a report's text. The tables keep their own lines, several words on each.

/// Headings under which the returned letter stands; the line holds nothing else but rules and these words.
#[rustfmt::skip]
pub(in crate::email::bounce) const HEADINGS: &[&str] = &[
    "original message", "original mail", "original e-mail", "original email", "returned message",
    "returned mail", "returned mail follows", "old message", "message header", "message headers",
    "message header follows", "message headers follow", "message headers follow.", "message text follows",
    "message body follows", "unsent message", "unsent message below", "unsent message follows",
    "undelivered message", "start of returned message", "original message follows",
    "original message follows.", "original message headers", "original message header", "original headers",
    "original mail info", "header of the source mail attached",
    "the header of the original message is following", "forwarded message", "begin forwarded message",
    "copy of message", "non-delivered information", "oprindelig meddelelse", "original meddelelse",
    "oprindelige brevhoveder", "opprinnelig melding", "originalmeddelande", "ursprungligt meddelande",
    "ursprüngliche nachricht", "originalnachricht", "oorspronkelijk bericht", "message d'origine",
    "message original", "mensaje original", "mensagem original", "messaggio originale", "元のメッセージ", "元のメール",
    "原始邮件", "原始郵件", "原邮件",
];

/// Sentences that announce the returned letter, at the beginning of a line.
#[rustfmt::skip]
pub(in crate::email::bounce) const SENTENCES: &[&str] = &[
    "below this line is a copy", "below the next line is a copy", "this is a copy of", "here is a copy of",
    "a copy of the original message", "a copy of your message", "below is a copy of", "enclosed is a copy of",
    "included is a copy of", "attachment is a copy of", "attached is a copy of",
    "copy of the original message", "the original message follows", "original message follows",
    "original message as received", "original message attached", "original mail as follows",
    "the original message was:", "the header and top", "the first 50 lines", "the first part of the",
    "your message reads", "a summary of the undelivered", "the following is a copy", "a copy of the message",
    "message headers follow", "message header follows", "original message details", "message details:",
    "content of the original message", "the headers of the original", "header of the original message",
    "mensaje original adjunto", "ниже этой линии находится", "nedenfor er en kopi", "herunder er en kopi",
    "nedan finns en kopia", "nachfolgend eine kopie", "ci-dessous une copie", "es folgt eine kopie",
    "kopie der ursprünglichen", "以下は送信された", "以下が元の", "附件中的内容是", "以下是您的邮件",
];
