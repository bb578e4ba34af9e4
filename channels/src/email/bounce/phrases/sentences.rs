//! What reports say. The tables keep their own lines, several words on each.

/// Words by which a report says that something was not delivered: they make a letter a report when a mail system sends
/// it. The list of recipients follows, or the recipient stands on the same line.
#[rustfmt::skip]
pub(in crate::email::bounce) const FAILURES: &[&str] = &[
    // English
    "automatically rejected", "rejected your message", "could not be sent", "was blocked by",
    "following recipients failed", "could not be delivered", "couldn't be delivered", "cannot be delivered",
    "can't be delivered", "was not delivered", "wasn't delivered", "not be delivered", "not delivered to",
    "has not been delivered", "have not been delivered", "not yet been delivered", "were not delivered",
    "has not yet been delivered", "not able to deliver", "unable to deliver", "wasn't able to deliver",
    "was not able to be delivered", "unable to be delivered", "not able to be delivered", "unable to send",
    "could not deliver", "couldn't deliver", "cannot deliver", "can not deliver", "failed to deliver",
    "did not deliver", "undeliverable", "undelivered", "did not reach", "could not be reached",
    "couldn't be reached", "did not receive", "failed recipient", "failed address", "invalid recipient",
    "rejected recipient", "bad recipient", "addresses failed", "address failed", "recipients failed",
    "recipient failed", "failed permanently", "had permanent fatal errors", "permanent fatal errors",
    "had delivery problem", "had delivery error", "delivery errors", "had transient non-fatal errors",
    "delivery has failed", "delivery failed", "delevery to the", "delivery failure", "delivery problem",
    "error delivering", "problem delivering", "trouble delivering", "difficulty delivering",
    "error occurred while trying to deliver", "error has occurred while attempting to deliver",
    "error while attempting to deliver", "error sending", "returned permanent errors",
    "returned temporary errors", "returned an error for", "non-delivery", "invalid final delivery userid",
    "mailbox is full", "mailbox full", "quota violation for", "undeliverable to",
    "problem with the e-mail address", "problem with the email address", "duplicated message-id in",
    // Danish, Norwegian, Swedish, Finnish
    "kunne ikke leveres", "kunne ikke afleveres", "kan ikke leveres", "kan ikke afleveres",
    "blev ikke leveret", "ikke blevet leveret", "er ikke leveret", "ikke leveret", "levering mislykkedes",
    "leveringen mislykkedes", "ble ikke levert", "leveringen mislyktes", "kunde inte levereras",
    "kan inte levereras", "inte levererats", "har inte levererats", "leveransen misslyckades",
    "gick inte att leverera", "ei voitu toimittaa", "ei voida toimittaa", "toimittaminen epäonnistui",
    // German, Dutch
    "konnte nicht zugestellt werden", "konnten nicht zugestellt werden", "nicht zugestellt werden",
    "nicht zustellbar", "unzustellbar", "zustellung fehlgeschlagen", "fehler bei der zustellung",
    "empfänger nicht erreicht", "niet worden bezorgd", "niet worden afgeleverd", "niet bezorgd",
    "niet afgeleverd", "bezorging is mislukt",
    // French, Spanish, Portuguese, Italian
    "n'a pas été remis", "pas être remis", "impossible de remettre", "échec de la remise",
    "echec de la remise", "n'a pas été délivré", "non délivr", "no se pudo entregar",
    "no se ha podido entregar", "no pudo ser entregado", "no ha podido ser entregado", "no ha sido entregado",
    "no se puede entregar", "no fue entregado", "no se entregó", "falló la entrega", "error en la entrega",
    "não pôde ser entregue", "não pode ser entregue", "não foi possível entregar", "não foi entregue",
    "falha na entrega", "impossibile recapitare", "non è stato possibile recapitare",
    "non è stato consegnato", "non recapitat", "recapito non riuscito", "mancata consegna",
    // Slavic, Hungarian, Romanian, Turkish, Greek
    "nie można dostarczyć", "nie mogła zostać dostarczona", "nie została dostarczona",
    "nie może być dostarczona", "nie dostarczono", "nelze doručit", "nebylo možné doručit",
    "nepodařilo se doručit", "nem kézbesíthető", "nem sikerült kézbesíteni", "nu a putut fi livrat",
    "не может быть доставлено", "не могут быть доставлены", "не может быть доставлен", "невозможно доставить",
    "не удалось доставить", "не было доставлено", "не доставлено", "не вдалося доставити",
    "не може бути доставлено", "teslim edilemedi", "iletilemedi", "δεν ήταν δυνατή η παράδοση",
    "δεν παραδόθηκε",
    // Japanese, Chinese, Korean
    "送信できませんでした", "送信できません", "配信できませんでした", "配信できません", "配送できませんでした", "配送できません", "お届けできません", "届けることができ",
    "届きませんでした", "送信に失敗", "配信に失敗", "配送に失敗", "宛先不明", "无法发送", "無法發送", "无法投递", "無法投遞", "无法送达", "無法送達", "投递失败",
    "發送失敗", "发送失败", "送達失敗", "无法传递", "無法傳遞", "전송하지 못", "배달하지 못", "배달되지 않", "전송되지 않", "전달할 수 없",
];

/// Words that introduce a recipient in a report, but stand in other letters too (a parcel's «levering til …»).
#[rustfmt::skip]
pub(in crate::email::bounce) const INTRODUCTIONS: &[&str] = &[
    // English
    "not deliver your", "following recipient", "following address", "following user", "following destination",
    "these recipients", "this recipient", "these addresses", "this address", "delivery to the", "delivery of",
    "your delivery to", "list of recipients", "addressed to", "intended recipient", "intended for",
    "was addressed", "recipient address", "message to the following", "your message to", "your mail to",
    "your email to", "your e-mail to", "mail sent to", "message sent to", "failure reasons", "unknown user",
    "unknown recipient", "user unknown", "no such user", "message log follows", "errors follow",
    "has been delayed", "has been postponed", "message delayed", "account is disabled",
    "who you were trying to", "error description", "error-for", "has been returned", "was returned",
    "is returned", "being returned", "has been rejected", "was rejected by", "rejected by a remote",
    "bounced", "does not exist", "is no longer valid", "no matches to",
    // Danish, Norwegian, Swedish, Finnish
    "levering til", "følgende modtager", "disse modtagere", "denne modtager", "følgende adresse",
    "nåede ikke frem", "kunne ikke sendes", "følgende mottaker", "disse mottakerne", "levering til følgende",
    "följande mottagare", "dessa mottagare", "leverans till", "seuraaville vastaanottajille", "ekki tókst að",
    // German, Dutch
    "zustellung an", "folgende empfänger", "folgenden empfänger", "folgende adresse", "folgenden adresse",
    "folgende e-mail-adresse", "übermittlung an folgende", "kon niet worden", "volgende ontvanger",
    "volgende geadresseerde", "aflevering bij", "deze ontvangers", "volgende adres",
    // French, Spanish, Portuguese, Italian
    "n'a pas pu être", "n'a pas pu etre", "n'ont pas pu être", "n'a pu être", "destinataires suivants",
    "destinataire suivant", "adresse suivante", "adresses suivantes", "ces destinataires",
    "siguientes destinatarios", "siguiente destinatario", "siguiente dirección", "siguientes direcciones",
    "estos destinatarios", "nao pode ser", "seguintes destinatários", "seguinte destinatário",
    "seguinte endereço", "seguintes endereços", "estes destinatários", "non può essere",
    "seguenti destinatari", "seguente destinatario", "seguente indirizzo", "seguenti indirizzi",
    "questi destinatari",
    // Slavic, Hungarian, Romanian, Turkish, Greek
    "następujących odbiorców", "następującego odbiorcy", "následujícím příjemcům", "nu au putut fi",
    "по следующему адресу", "следующим получателям", "следующему получателю", "aşağıdaki alıcı",
    // Japanese, Chinese, Korean
    "以下のメールアドレス", "次のあて先", "次の宛先", "以下の宛先", "下記の宛先", "存在しないため", "エラーとなり", "エラーのため", "エラー(", "あて先", "以下收件人",
    "下列收件人", "以下地址", "退回", "다음 수신자",
];

/// Words of a diagnosis: an address on the same line failed.
#[rustfmt::skip]
pub(in crate::email::bounce) const DIAGNOSES: &[&str] = &[
    "user unknown", "unknown user", "no such user", "no such mailbox", "no such recipient",
    "unknown recipient", "unknown or illegal", "recipient rejected", "recipient address rejected",
    "address rejected", "mailbox unavailable", "mailbox full", "mailbox is full", "mailbox not found",
    "over quota", "overquota", "quota exceeded", "exceeded quota", "disk quota", "exceeding their quota",
    "not found", "does not exist", "doesn't exist", "is unavailable", "is disabled", "has been disabled",
    "account has been", "user not known", "invalid user", "invalid mailbox", "host unknown", "unknown host",
    "rejected", "undeliverable", "not listed", "doesn't have a", "unknown in", "unrouteable", "unroutable",
    "remote protocol error", "not a valid", "not exist", "inactive", "could not find", "ukendt bruger",
    "findes ikke", "ukjent", "okänd", "unbekannt", "inconnu", "desconocido", "sconosciut", "desconhecido",
    "nieznany", "onbekend", "неизвест", "存在しない", "不存在",
];

/// Words by which a report says that it is still being tried.
#[rustfmt::skip]
pub(in crate::email::bounce) const DELAYS: &[&str] = &[
    "has not yet been delivered", "have not yet been delivered", "not yet been delivered", "has been delayed",
    "was delayed", "is delayed", "been postponed", "will be retried", "will continue to try",
    "will continue to attempt", "will keep trying", "continue to be made for",
    "delivery attempts will continue", "message delayed", "mail delayed", "delivery delay", "(delay)",
    "delayed mail", "this is a warning message only", "you do not need to resend", "still being tried",
    "transient non-fatal errors", "will be attempted again", "delivery is delayed",
    "has been temporarily delayed", "delivery of your message has been delayed", "er blevet forsinket",
    "er forsinket", "leveringen er forsinket", "endnu ikke leveret", "endnu ikke blevet leveret",
    "forsøges igen", "prøver igen", "levering forsinket", "forsinket levering", "er ennå ikke levert",
    "har forsinkets", "har ännu inte levererats", "försenad", "verzögert", "noch nicht zugestellt",
    "weitere zustellversuche", "vertraagd", "nog niet bezorgd", "retardée", "a été retardé",
    "pas encore été remis", "se ha retrasado", "aún no se ha entregado", "foi adiada", "está atrasad",
    "in ritardo", "non è ancora stato", "доставка отложена", "пока не доставлено", "配信が遅れ", "配信遅延", "配送が遅れ",
    "再送を試み", "延迟",
];

/// Labels before a failed recipient, lower-cased, with the colon.
#[rustfmt::skip]
pub(in crate::email::bounce) const LABELS: &[&str] = &[
    "recipient:", "recipients:", "failed recipient:", "failed recipients:", "failed recipient(s):",
    "intended recipient:", "recipient address:", "recipient's address:", "undeliverable address:",
    "failed address:", "failed addresses:", "bad address:", "invalid address:", "error-for:",
    "final-recipient:", "original-recipient:", "unknown user:", "user unknown:", "unknown recipient:",
    "invalid recipient:", "unknown address:", "delivery failed:", "undeliverable to:", "not delivered to:",
    "could not be delivered to:", "failed to deliver to:", "unable to deliver to:",
    "unable to deliver message to:", "unable to deliver mail to:", "e-mail address:", "email address:",
    "address:", "rcpt:", "addressee:", "modtager:", "modtagere:", "mottaker:", "mottagare:", "empfänger:",
    "ontvanger:", "destinataire:", "destinataire :", "destinatario:", "destinatário:", "odbiorca:",
    "получатель:", "адрес:", "宛先:", "宛先：", "あて先:", "あて先：", "送信先:", "送信先：", "收件人:", "收件人：", "수신자:",
];

/// Words that introduce somebody who can help: the address there did not fail.
#[rustfmt::skip]
pub(in crate::email::bounce) const CONTACTS: &[&str] = &[
    "contact", "postmaster for", "forward this", "send mail to", "send an e-mail to", "send a message to",
    "write to", "please reply to", "reply to", "questions", "assistance", "further information",
    "report this", "help,", "support", "authority", "kontakt", "henvend", "wenden sie sich", "contacte",
    "contacter", "contatt", "contacto", "contato", "nous écrire", "お問い合わせ", "問い合わせ", "問合せ", "ご連絡", "连络", "联系",
    "聯絡", "обратитесь", "обращайтесь", "hvis du har",
];
