//! Subjects of reports, and of what people do with them. The tables keep their own lines, several words on each.

/// How subjects of reports begin.
#[rustfmt::skip]
pub(in crate::email::bounce) const SUBJECTS: &[&str] = &[
    // English
    "undeliver", "undelivered mail", "non-deliver", "nondeliver", "not delivered",
    "delivery status notification", "delivery notification: delivery has", "delivery fail", "delivery error", "delivery problem", "delivery delay",
    "delivery has failed", "mail delivery", "email delivery", "e-mail delivery", "message delivery",
    "permanent delivery failure", "temporary delivery failure", "failure notice", "failure delivery",
    "failed delivery", "failed mail", "failed to deliver", "returned mail", "returned e-mail",
    "returned email", "returned message", "return mail", "returned to sender", "return to sender",
    "mail failed", "mail failure", "mail error", "mail system error", "mail not delivered",
    "mail could not be delivered", "mail undeliverable", "message undeliverable",
    "message status - undeliverable", "email undeliverable", "your mail could not be delivered",
    "your message could not be delivered", "your message couldn't be delivered", "message not delivered",
    "message could not be delivered", "could not deliver", "couldn't deliver", "unable to deliver",
    "cannot send message", "could not send message", "message you sent blocked", "problems delivering",
    "there was an error sending your mail", "error sending", "error delivering", "rejected mail", "rejected:",
    "mail rejected", "automatically rejected", "message rejected", "blocked message", "bounced",
    "bounce message", "bounce notification", "user unknown", "unknown user", "warning: message",
    "warning: could not send", "warning: mail", "warning: your message", "postfix smtp server: errors",
    "address error", "invalid recipient", "invalid address", "processing error", "loop alert", "dsn:", "ndn:",
    "ndr:",
    // Danish, Norwegian, Swedish, Finnish, Icelandic
    "kan ikke leveres", "kunne ikke leveres", "kunne ikke afleveres", "ikke leveret", "ikke-leveret",
    "uleveret", "uleverbar", "levering mislykkedes", "leveringsfejl", "meddelelse om leveringsstatus",
    "mislykket levering", "levering forsinket", "leveringen mislyktes", "ikke levert", "feil ved levering",
    "kan inte levereras", "olevererbar", "ej levererbar", "inte levererat", "leverans misslyckades",
    "leveransfel", "returnerat", "returneret", "returnert", "ei voida toimittaa", "ei voitu toimittaa",
    "toimitus epäonnistui", "toimittamaton", "ekki hægt að afhenda", "póstsending mistókst",
    // German, Dutch
    "unzustellbar", "nicht zustellbar", "zustellung fehlgeschlagen", "zustellungsfehler",
    "fehler bei der zustellung", "benachrichtigung zum übermittlungsstatus",
    "benachrichtung zum übermittlungsstatus", "rückläufer", "nachricht nicht zugestellt",
    "mail nicht zugestellt", "onbestelbaar", "niet bezorgd", "niet afgeleverd", "bezorging mislukt",
    "onbezorgbaar",
    // French, Spanish, Portuguese, Italian
    "non remis", "non délivr", "non distribu", "échec de la remise", "échec de remise", "échec d'envoi",
    "message non remis", "notification d'état de remise", "notification de l'état de remise",
    "impossible de remettre", "no se puede entregar", "no se pudo entregar", "no entregado",
    "mensaje no entregado", "correo no entregado", "notificación de estado de entrega", "error de entrega",
    "error en la entrega", "devuelto", "não é possível entregar", "não foi possível entregar",
    "mensagem não entregue", "não entregue", "falha na entrega", "notificação de status de entrega",
    "não entregável", "non recapitabile", "impossibile recapitare", "mancato recapito", "mancata consegna",
    "messaggio non consegnato", "non consegnato", "avviso di mancata consegna",
    "notifica di stato di recapito",
    // Slavic, Baltic, Hungarian, Romanian
    "nie można dostarczyć", "niedostarcz", "nie dostarczono", "błąd dostarczenia", "zwrot wiadomości",
    "nedoručiteln", "nelze doručit", "nedoruč", "ne može se isporuč", "neizporuč", "kézbesíthetetlen",
    "nem kézbesíthető", "sikertelen kézbesítés", "nelivrat", "mesaj nelivrat", "livrare eșuată",
    "не удается доставить", "не удалось доставить", "недоставлен", "ваше сообщение не доставлено",
    "сообщение не доставлено", "письмо не доставлено", "не доставлено", "недоставленное", "ошибка доставки",
    "не вдалося доставити", "повідомлення не доставлено",
    // Turkish, Greek
    "teslim edilemedi", "teslim edilemeyen", "iletilemedi", "ileti teslim edilemedi",
    "δεν είναι δυνατή η παράδοση", "αποτυχία παράδοσης", "μη παραδοτέο",
    // Japanese, Chinese, Korean
    "配信不能", "配信できません", "配信できなかった", "送信できません", "配送できません", "配送エラー", "配信エラー", "送信エラー", "メール送信エラー", "メール配信エラー",
    "メールエラー", "メールを送信できません", "メールシステムエラー", "未配信", "返送", "宛先不明", "送信不能", "メッセージ配送", "エラーメール", "退信", "系统退信",
    "系统退回", "无法投递", "無法投遞", "無法傳遞", "未送达", "未送達", "投递失败", "邮件投递失败", "無法遞送", "배달되지 않", "전송 실패", "반송",
];

/// Words anywhere in a subject that point to a report, more weakly.
#[rustfmt::skip]
pub(in crate::email::bounce) const SUBJECT_WORDS: &[&str] = &[
    "delivery fail", "delivery status", "delivery notification", "delivery report", "leveringsstatus", "undeliverable", "undelivered", "could not be delivered",
    "returning message to sender", "returned to sender", "mail failure", "non-delivery", "user unknown",
    "failure notice", "non remis", "ikke leveret", "unzustellbar", "送信できません", "配信できません", "エラー",
    "not delivered", "returning to sender",
];

/// Prefixes of subjects that people forward with, without the colon.
#[rustfmt::skip]
pub(in crate::email::bounce) const FORWARDS: &[&str] = &[
    "fwd", "fw", "vs", "vb", "wg", "tr", "rv", "enc", "doorst", "vl", "pd", "i", "fs", "转发", "videresendt", "videresend",
    "vidarebefordrat", "weitergeleitet", "transféré", "転送",
];

/// Prefixes of subjects that people answer with, without the colon.
#[rustfmt::skip]
pub(in crate::email::bounce) const ANSWERS: &[&str] = &[
    "re", "sv", "aw", "antw", "ang", "vedr", "ref", "rif", "odp", "回复",
];
