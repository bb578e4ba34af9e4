//! Words that mail systems use: tables by what the words do, not by which program writes them.
//!
//! Everything is lower case with single spaces. Longer phrases are preferred: «fejl» alone stands in any letter.

/// Parts of a `From` that only mail systems write.
pub(super) const DAEMONS: &[&str] = &[
    "mailer-daemon", "mailer_daemon", "mailerdaemon", "mailer daemon", "maildaemon", "mail-daemon", "mail daemon", "mdaemon@",
    "mail delivery system", "mail delivery subsystem", "mail deliver system", "mail.delivery.system", "delivery subsystem",
    "mail delivery service", "double-bounce@", "mail transfer agent", "mail transport agent", "mailsystem@", "jetmail system",
    "maildeliverysystem", "mail system administrator", "mailerdaemon@", "ndr@", "mail_service@", "post_master@", "mail_system@",
    "mmsc ndr", "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e",
];

/// Parts of a `From` that mail systems write, and at times the people who run them.
pub(super) const POSTMASTERS: &[&str] = &["postmaster", "system administrator", "systemadministrator", "mail administrator", "systemadministratör", "mail system", "email system", "e-mail system"];

/// Parts of a `From` that stand for a role: a weak sign.
pub(super) const ROLES: &[&str] = &[
    "noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "admin", "sysadmin", "bounce", "daemon", "gateway", "antivirus",
    "virus", "imss@", "interscan", "mailgw", "inetgw", "smtp", "mailserver", "mail-server", "mailscanner", "filter@", "security@",
    "mimesweeper", "mailmarshal", "spamfilter", "system@", "mms@", "error@", "errors@",
];

/// Prefixes of subjects that people forward or answer with, without the colon.
pub(super) const PASSED_ON: &[&str] = &[
    "fwd", "fw", "vs", "vb", "wg", "tr", "rv", "enc", "doorst", "vl", "pd", "i", "fs", "re", "sv", "aw", "antw", "ang", "vedr", "ref", "rif", "odp", "回复", "转发",
    "videresendt", "videresend", "vidarebefordrat", "weitergeleitet", "transféré", "転送",
];

/// How subjects of reports begin.
const SUBJECTS: &[&str] = &[
    // English
    "undeliver", "undelivered mail", "non-deliver", "nondeliver", "not delivered", "delivery status notification",
    "delivery notification", "delivery status", "delivery report", "delivery fail", "delivery error", "delivery problem", "delivery delay",
    "delivery has failed", "mail delivery", "email delivery", "e-mail delivery", "message delivery", "permanent delivery failure",
    "temporary delivery failure", "failure notice", "failure delivery", "failed delivery", "failed mail", "failed to deliver",
    "returned mail", "returned e-mail", "returned email", "returned message", "return mail", "returned to sender", "return to sender", "mail failed", "mail failure", "mail error", "mail system error",
    "mail not delivered", "mail could not be delivered", "mail undeliverable", "message undeliverable", "message status - undeliverable", "email undeliverable",
    "your mail could not be delivered", "your message could not be delivered", "your message couldn't be delivered",
    "message not delivered", "message could not be delivered", "could not deliver", "couldn't deliver", "unable to deliver", "cannot send message",
    "could not send message", "message you sent blocked", "problems delivering", "there was an error sending your mail", "error sending",
    "error delivering", "rejected mail", "rejected:", "mail rejected", "message rejected", "blocked message", "bounced", "bounce message", "bounce notification", "user unknown", "unknown user",
    "warning: message", "warning: could not send", "warning: mail", "warning: your message", "postfix smtp server: errors",
    "address error", "invalid recipient", "invalid address", "processing error", "loop alert", "dsn:", "ndn:", "ndr:",
    // Danish, Norwegian, Swedish, Finnish, Icelandic
    "kan ikke leveres", "kunne ikke leveres", "kunne ikke afleveres", "ikke leveret", "ikke-leveret", "uleveret", "uleverbar", "levering mislykkedes", "leveringsfejl", "leveringsstatus",
    "meddelelse om leveringsstatus", "mislykket levering", "levering forsinket", "leveringen mislyktes", "kan ikke leveres", "ikke levert",
    "feil ved levering", "mislykket levering", "kan inte levereras", "olevererbar", "ej levererbar", "inte levererat", "leverans misslyckades", "leveransfel", "returnerat", "returneret", "returnert",
    "ei voida toimittaa", "ei voitu toimittaa", "toimitus epäonnistui", "toimittamaton", "ekki hægt að afhenda", "póstsending mistókst",
    // German, Dutch
    "unzustellbar", "nicht zustellbar", "zustellung fehlgeschlagen", "zustellungsfehler", "fehler bei der zustellung", "benachrichtigung zum übermittlungsstatus", "benachrichtung zum übermittlungsstatus",
    "rückläufer", "nachricht nicht zugestellt", "mail nicht zugestellt", "onbestelbaar", "niet bezorgd", "niet afgeleverd", "bezorging mislukt", "onbezorgbaar",
    // French, Spanish, Portuguese, Italian
    "non remis", "non délivr", "non distribu", "échec de la remise", "échec de remise", "échec d'envoi", "message non remis", "notification d'état de remise", "notification de l'état de remise", "impossible de remettre",
    "no se puede entregar", "no se pudo entregar", "no entregado", "mensaje no entregado", "correo no entregado", "notificación de estado de entrega", "error de entrega", "error en la entrega", "devuelto",
    "não é possível entregar", "não foi possível entregar", "mensagem não entregue", "não entregue", "falha na entrega", "notificação de status de entrega", "não entregável",
    "non recapitabile", "impossibile recapitare", "mancato recapito", "mancata consegna", "messaggio non consegnato", "non consegnato", "avviso di mancata consegna", "notifica di stato di recapito",
    // Slavic, Baltic, Hungarian, Romanian
    "nie można dostarczyć", "niedostarcz", "nie dostarczono", "błąd dostarczenia", "zwrot wiadomości", "nedoručiteln", "nelze doručit", "nedoruč", "ne može se isporuč", "neizporuč", "kézbesíthetetlen", "nem kézbesíthető", "sikertelen kézbesítés", "nelivrat", "mesaj nelivrat", "livrare eșuată",
    "не удается доставить", "не удалось доставить", "недоставлен", "ваше сообщение не доставлено", "сообщение не доставлено", "письмо не доставлено", "не доставлено", "недоставленное", "ошибка доставки", "не вдалося доставити", "повідомлення не доставлено",
    // Turkish, Greek
    "teslim edilemedi", "teslim edilemeyen", "iletilemedi", "ileti teslim edilemedi", "δεν είναι δυνατή η παράδοση", "αποτυχία παράδοσης", "μη παραδοτέο",
    // Japanese, Chinese, Korean
    "配信不能", "配信できません", "配信できなかった", "送信できません", "配送できません", "配送エラー", "配信エラー", "送信エラー", "メール送信エラー", "メール配信エラー", "メールエラー", "メールを送信できません", "メールシステムエラー", "未配信", "返送", "宛先不明", "送信不能",
    "メッセージ配送", "エラーメール", "退信", "系统退信", "系统退回", "无法投递", "無法投遞", "無法傳遞", "未送达", "未送達", "投递失败", "邮件投递失败", "無法遞送", "배달되지 않", "전송 실패", "반송",
];

/// Words anywhere in a subject that point to a report, more weakly.
const SUBJECT_WORDS: &[&str] = &[
    "delivery fail", "delivery status", "undeliverable", "undelivered", "could not be delivered", "returning message to sender",
    "returned to sender", "mail failure", "non-delivery", "user unknown", "failure notice", "non remis", "ikke leveret", "unzustellbar",
    "送信できません", "配信できません", "エラー", "not delivered", "returning to sender",
];

/// Words by which a report says that something was not delivered. What follows is the list of recipients, or the
/// recipient stands on the same line.
#[rustfmt::skip]
pub(super) const ANNOUNCEMENTS: &[&str] = &[
    // English
    "could not be delivered", "couldn't be delivered", "cannot be delivered", "can't be delivered", "was not delivered", "wasn't delivered", "not be delivered", "not delivered to",
    "has not been delivered", "have not been delivered", "not yet been delivered", "were not delivered", "has not yet been delivered", "not able to deliver", "unable to deliver", "wasn't able to deliver", "was not able to be delivered", "unable to be delivered", "not able to be delivered",
    "unable to send", "could not deliver", "couldn't deliver", "cannot deliver", "can not deliver", "failed to deliver", "did not deliver", "not deliver your", "undeliverable", "undelivered",
    "did not reach", "could not be reached", "couldn't be reached", "did not receive", "failed recipient", "failed address", "invalid recipient", "rejected recipient", "bad recipient",
    "following recipient", "following address", "following user", "following destination", "these recipients", "this recipient", "these addresses", "this address", "addresses failed", "address failed", "recipients failed", "recipient failed", "failed permanently",
    "had permanent fatal errors", "permanent fatal errors", "had delivery problem", "had delivery error", "delivery errors", "had transient non-fatal errors", "delivery to the", "delivery of", "delivery has failed", "delivery failed", "delevery to the", "delivery failure", "delivery problem", "your delivery to",
    "error delivering", "problem delivering", "trouble delivering", "difficulty delivering", "error occurred while trying to deliver", "error has occurred while attempting to deliver", "error while attempting to deliver", "error sending", "list of recipients", "returned permanent errors", "returned temporary errors", "returned an error for",
    "addressed to", "intended recipient", "intended for", "was addressed", "recipient address", "message to the following", "your message to", "your mail to", "your email to", "your e-mail to", "mail sent to", "message sent to", "non-delivery",
    "failure reasons", "unknown user", "unknown recipient", "invalid final delivery userid", "user unknown", "mailbox is full", "mailbox full", "quota violation for", "no such user",
    "undeliverable to", "message log follows", "errors follow", "has been delayed", "has been postponed", "message delayed", "account is disabled", "who you were trying to", "problem with the e-mail address", "problem with the email address",
    "error description", "error-for", "has been returned", "was returned", "is returned", "being returned", "has been rejected", "was rejected by", "rejected by a remote", "bounced", "does not exist", "is no longer valid", "no matches to", "duplicated message-id in",
    // Danish, Norwegian, Swedish, Finnish
    "kunne ikke leveres", "kunne ikke afleveres", "kan ikke leveres", "kan ikke afleveres", "blev ikke leveret", "ikke blevet leveret", "er ikke leveret", "ikke leveret", "levering mislykkedes", "leveringen mislykkedes", "levering til", "følgende modtager", "disse modtagere", "denne modtager", "følgende adresse", "nåede ikke frem",
    "kunne ikke leveres", "ble ikke levert", "kunne ikke sendes", "følgende mottaker", "disse mottakerne", "leveringen mislyktes", "levering til følgende",
    "kunde inte levereras", "kan inte levereras", "inte levererats", "har inte levererats", "följande mottagare", "dessa mottagare", "leverans till", "leveransen misslyckades", "gick inte att leverera", "ei voitu toimittaa", "ei voida toimittaa", "toimittaminen epäonnistui", "seuraaville vastaanottajille", "ekki tókst að",
    // German, Dutch
    "konnte nicht zugestellt werden", "konnten nicht zugestellt werden", "nicht zugestellt werden", "nicht zustellbar", "unzustellbar", "zustellung fehlgeschlagen", "zustellung an", "fehler bei der zustellung", "folgende empfänger", "folgenden empfänger", "folgende adresse", "folgenden adresse", "folgende e-mail-adresse", "empfänger nicht erreicht", "übermittlung an folgende",
    "niet worden bezorgd", "niet worden afgeleverd", "kon niet worden", "niet bezorgd", "niet afgeleverd", "volgende ontvanger", "volgende geadresseerde", "bezorging is mislukt", "aflevering bij", "deze ontvangers", "volgende adres",
    // French, Spanish, Portuguese, Italian
    "n'a pas pu être", "n'a pas pu etre", "n'ont pas pu être", "n'a pu être", "n'a pas été remis", "pas être remis", "impossible de remettre", "échec de la remise", "echec de la remise", "destinataires suivants", "destinataire suivant", "adresse suivante", "adresses suivantes", "ces destinataires", "n'a pas été délivré", "non délivr",
    "no se pudo entregar", "no se ha podido entregar", "no pudo ser entregado", "no ha podido ser entregado", "no ha sido entregado", "no se puede entregar", "siguientes destinatarios", "siguiente destinatario", "siguiente dirección", "siguientes direcciones", "estos destinatarios", "no fue entregado", "no se entregó", "falló la entrega", "error en la entrega",
    "não pôde ser entregue", "não pode ser entregue", "nao pode ser", "não foi possível entregar", "não foi entregue", "seguintes destinatários", "seguinte destinatário", "seguinte endereço", "seguintes endereços", "estes destinatários", "falha na entrega",
    "impossibile recapitare", "non è stato possibile recapitare", "non è stato consegnato", "non può essere", "non recapitat", "seguenti destinatari", "seguente destinatario", "seguente indirizzo", "seguenti indirizzi", "questi destinatari", "recapito non riuscito", "mancata consegna",
    // Slavic, Hungarian, Romanian, Turkish, Greek
    "nie można dostarczyć", "nie mogła zostać dostarczona", "nie została dostarczona", "nie może być dostarczona", "nie dostarczono", "następujących odbiorców", "następującego odbiorcy", "nelze doručit", "nebylo možné doručit", "nepodařilo se doručit", "následujícím příjemcům", "nem kézbesíthető", "nem sikerült kézbesíteni", "nu a putut fi livrat", "nu au putut fi",
    "не может быть доставлено", "не могут быть доставлены", "не может быть доставлен", "невозможно доставить", "не удалось доставить", "не было доставлено", "не доставлено", "по следующему адресу", "следующим получателям", "следующему получателю", "не вдалося доставити", "не може бути доставлено", "teslim edilemedi", "iletilemedi", "aşağıdaki alıcı", "δεν ήταν δυνατή η παράδοση", "δεν παραδόθηκε",
    // Japanese, Chinese, Korean
    "送信できませんでした", "送信できません", "配信できませんでした", "配信できません", "配送できませんでした", "配送できません", "お届けできません", "届けることができ", "届きませんでした", "送信に失敗", "配信に失敗", "配送に失敗", "以下のメールアドレス", "次のあて先", "次の宛先", "以下の宛先", "下記の宛先", "宛先不明", "存在しないため", "エラーとなり", "エラーのため", "エラー(", "あて先",
    "无法发送", "無法發送", "无法投递", "無法投遞", "无法送达", "無法送達", "投递失败", "發送失敗", "发送失败", "送達失敗", "以下收件人", "下列收件人", "以下地址", "退回", "无法传递", "無法傳遞", "전송하지 못", "배달하지 못", "배달되지 않", "전송되지 않", "다음 수신자", "전달할 수 없",
];

/// Words that introduce somebody who can help: the address there did not fail.
pub(super) const CONTACTS: &[&str] = &[
    "contact", "postmaster for", "forward this", "send mail to", "send an e-mail to", "send a message to", "write to", "please reply to", "reply to", "mail to <", "questions", "assistance", "further information", "report this", "help,", "support", "authority",
    "kontakt", "henvend", "wenden sie sich", "contacte", "contacter", "contatt", "contacto", "contato", "nous écrire", "お問い合わせ", "問い合わせ", "問合せ", "ご連絡", "连络", "联系", "聯絡", "обратитесь", "обращайтесь", "hvis du har",
];

/// Labels before a failed recipient, lower-cased, with the colon.
pub(super) const LABELS: &[&str] = &[
    "recipient:", "recipients:", "failed recipient:", "failed recipients:", "failed recipient(s):", "intended recipient:", "recipient address:", "recipient's address:", "undeliverable address:", "failed address:", "failed addresses:", "bad address:", "invalid address:",
    "error-for:", "final-recipient:", "original-recipient:", "unknown user:", "user unknown:", "unknown recipient:", "invalid recipient:", "unknown address:", "delivery failed:", "undeliverable to:", "not delivered to:", "could not be delivered to:", "failed to deliver to:", "unable to deliver to:", "unable to deliver message to:", "unable to deliver mail to:",
    "e-mail address:", "email address:", "address:", "rcpt to:", "rcpt:", "addressee:", "modtager:", "modtagere:", "mottaker:", "mottagare:", "empfänger:", "ontvanger:", "destinataire:", "destinataire :", "destinatario:", "destinatário:", "odbiorca:", "получатель:", "адрес:", "宛先:", "宛先：", "あて先:", "あて先：", "送信先:", "送信先：", "收件人:", "收件人：", "수신자:",
];

/// Words of a diagnosis: an address on the same line failed.
pub(super) const DIAGNOSES: &[&str] = &[
    "user unknown", "unknown user", "no such user", "no such mailbox", "no such recipient", "unknown recipient", "unknown or illegal", "recipient rejected", "recipient address rejected", "address rejected", "mailbox unavailable", "mailbox full", "mailbox is full", "mailbox not found", "over quota", "overquota", "quota exceeded", "exceeded quota", "disk quota", "exceeding their quota",
    "not found", "does not exist", "doesn't exist", "is unavailable", "is disabled", "has been disabled", "account has been", "user not known", "invalid user", "invalid mailbox", "host unknown", "unknown host", "rejected", "undeliverable", "not listed", "doesn't have a", "unknown in", "unrouteable", "unroutable", "remote protocol error", "not a valid", "not exist", "inactive", "could not find",
    "ukendt bruger", "findes ikke", "ukjent", "okänd", "unbekannt", "inconnu", "desconocido", "sconosciut", "desconhecido", "nieznany", "onbekend", "неизвест", "存在しない", "不存在",
];

/// Headings under which the returned letter stands; the line holds nothing else but rules and these words.
const HEADINGS: &[&str] = &[
    "original message", "original mail", "original e-mail", "original email", "returned message", "returned mail", "returned mail follows", "old message", "message header", "message headers", "message header follows", "message headers follow", "message headers follow.", "message text follows", "message body follows", "unsent message", "unsent message below", "unsent message follows", "undelivered message", "start of returned message",
    "original message follows", "original message follows.", "original message headers", "original message header", "original headers", "original mail info", "header of the source mail attached", "the header of the original message is following", "forwarded message", "begin forwarded message", "copy of message", "non-delivered information",
    "oprindelig meddelelse", "original meddelelse", "oprindelige brevhoveder", "opprinnelig melding", "originalmeddelande", "ursprungligt meddelande", "ursprüngliche nachricht", "originalnachricht", "oorspronkelijk bericht", "message d'origine", "message original", "mensaje original", "mensagem original", "messaggio originale", "元のメッセージ", "元のメール", "原始邮件", "原始郵件", "原邮件",
];

/// Sentences that announce the returned letter, at the beginning of a line.
const SENTENCES: &[&str] = &[
    "below this line is a copy", "below the next line is a copy", "this is a copy of", "here is a copy of", "a copy of the original message", "a copy of your message", "below is a copy of", "enclosed is a copy of", "included is a copy of", "attachment is a copy of", "attached is a copy of", "copy of the original message", "the original message follows", "original message follows", "original message as received", "original message attached", "original mail as follows", "the original message was:",
    "the header and top", "the first 50 lines", "the first part of the", "your message reads", "a summary of the undelivered", "the following is a copy", "a copy of the message", "message headers follow", "message header follows", "original message details", "message details:", "content of the original message", "the headers of the original", "header of the original message",
    "mensaje original adjunto", "ниже этой линии находится", "nedenfor er en kopi", "herunder er en kopi", "nedan finns en kopia", "nachfolgend eine kopie", "ci-dessous une copie", "es folgt eine kopie", "kopie der ursprünglichen", "以下は送信された", "以下が元の", "附件中的内容是", "以下是您的邮件",
];

/// Words by which a report says that it is still being tried.
const DELAYS: &[&str] = &[
    "has not yet been delivered", "have not yet been delivered", "not yet been delivered", "has been delayed", "was delayed", "is delayed", "been postponed", "will be retried", "will continue to try", "will continue to attempt", "will keep trying", "continue to be made for", "delivery attempts will continue", "message delayed", "mail delayed", "delivery delay", "(delay)", "delayed mail",
    "this is a warning message only", "you do not need to resend", "still being tried", "transient non-fatal errors", "will be attempted again", "delivery is delayed", "has been temporarily delayed", "delivery of your message has been delayed",
    "er blevet forsinket", "er forsinket", "leveringen er forsinket", "endnu ikke leveret", "endnu ikke blevet leveret", "forsøges igen", "prøver igen", "levering forsinket", "forsinket levering", "er ennå ikke levert", "har forsinkets", "har ännu inte levererats", "försenad", "verzögert", "noch nicht zugestellt", "weitere zustellversuche", "vertraagd", "nog niet bezorgd", "retardée", "a été retardé", "pas encore été remis", "se ha retrasado", "aún no se ha entregado", "foi adiada", "está atrasad", "in ritardo", "non è ancora stato",
    "доставка отложена", "пока не доставлено", "配信が遅れ", "配信遅延", "配送が遅れ", "再送を試み", "延迟",
];

/// Weight of a subject: 2 when it begins as a report's, 1 when it holds a report's words, 0 otherwise.
pub(super) fn subject_weight(subject: &str) -> u32 {
    let subject = squeezed(subject);
    // A tag in square brackets may stand before it.
    let bare = subject.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(subject.as_str(), |(_, rest)| rest.trim_start());
    let bare = bare.trim_start_matches(['*', '-', '!', '<', '"', '【', '「', ' ']);
    if SUBJECTS.iter().any(|words| bare.starts_with(words)) {
        2
    } else {
        u32::from(holds(&subject, SUBJECT_WORDS))
    }
}

/// How many lines at the beginning count as a report's opening words.
const OPENING_LINES: usize = 24;

/// Whether the text opens as a report does. Quoted lines do not count: people quote reports.
pub(super) fn opens_as_report(told: &str) -> bool {
    let mut opening = String::new();
    for line in told.lines().filter(|line| !line.trim().is_empty()).take(OPENING_LINES) {
        if !line.trim_start().starts_with('>') || line.trim_start().starts_with(">>>") {
            opening.push_str(line);
            opening.push(' ');
        }
    }
    let opening = squeezed(&opening);
    holds(&opening, ANNOUNCEMENTS) || holds(&opening, DELAYS) || holds(&opening, DIAGNOSES)
}

/// Whether a report without a status part says that the letter is still being tried.
pub(super) fn says_delayed(subject: &str, told: &str) -> bool {
    let subject = squeezed(subject);
    let told = squeezed(told);
    let given_up = ["permanent error", "given up", "giving up", "failed permanently", "permanent fatal", "permanent failure", "not going to try again"];
    (holds(&subject, DELAYS) || holds(&told, DELAYS) || subject.starts_with("warning: could not send"))
        && !holds(&told, &given_up)
}

/// Whether the line (squeezed) is where the returned letter begins.
pub(super) fn begins_returned(line: &str) -> bool {
    let bare = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '=' | '_' | '*' | '|' | '>' | '#' | '~' | ':' | '[' | ']' | '<'));
    let ruled = line.trim_start().starts_with(['-', '=', '*', '|', '_']);
    if HEADINGS.iter().any(|heading| bare == *heading || (ruled && bare.starts_with(heading))) {
        return true;
    }
    if SENTENCES.iter().any(|sentence| bare.starts_with(sentence)) {
        return true;
    }
    ["received: ", "received:from", "return-path:", "dkim-signature:", "delivered-to:", "x-google-smtp-source:"].iter().any(|field| bare.starts_with(field))
}

/// Whether `text` (squeezed) holds any of the phrases.
pub(super) fn holds(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| text.contains(phrase))
}

/// Lower case, runs of white space as one space, typographic apostrophes as plain ones.
pub(super) fn squeezed(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !squeezed.is_empty() {
            squeezed.push(' ');
        }
        squeezed.extend(word.chars().map(|c| if matches!(c, '’' | '‘') { '\'' } else { c }).flat_map(char::to_lowercase));
    }
    squeezed
}
