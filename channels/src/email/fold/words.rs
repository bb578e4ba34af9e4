//! The words by which mail clients announce quotes and people close letters, language by language. Facts only;
//! how they are weighed is the finders' business. All in lower case.
//!
//! A new language is a few words in these tables and a case in `testdata/fold`.

/// Verbs that end an attribution: "On … Jane wrote:".
pub(super) const WROTE: &[&str] = &[
    // da, no, sv
    "skrev", "skriver", "har skrevet", "har skrivit",
    // en
    "wrote", "writes", "has written",
    // de, nl
    "schrieb", "geschrieben", "schreibt", "schreef", "heeft geschreven", "het volgende geschreven",
    "schreef het volgende",
    // fr, it, es, ca, pt, ro
    "a écrit", "écrit", "a ecrit", "ha scritto", "scrisse", "escribió", "escribio", "ha escrito",
    "va escriure",
    "ha escrit", "escreveu", "a scris", "escribiu",
    // pl, cs, sk, sl, hr, sr
    "napisał", "napisała", "napisał(a)", "napisał/a", "napisal(a)", "pisze", "napsal", "napsala",
    "napsal(a)", "napísal",
    "napísala", "napísal(a)", "je napisal", "je napisala", "je napisal/-a", "je napisao", "je napisala je",
    "je napisao/la", "napisao je", "написао је", "је написао/ла",
    // ru, uk, bg
    "пишет", "писал", "писала", "писал(а)", "написал", "написала", "написал(а)", "сообщил", "написав",
    "пише",
    "написа",
    // fi, et, lv, lt, hu, tr, el, is
    "kirjoitti", "kirjutas", "rakstīja", "rašė", "írta", "ezt írta", "yazdı", "şunu yazdı", "έγραψε",
    "skrifaði",
    // ja, zh, ko, vi, th, he, ar, hi, id
    "のメール", "書きました", "写道", "寫道", "写到", "님이 작성", "작성", "작성함", "đã viết", "viết", "เขียนว่า", "เขียน",
    "כתב", "כתבה", "כתב/ה", "מאת", "كتب", "ने लिखा", "menulis",
];

/// Verbs that the name follows: «Den … skrev Jens:», "Am … schrieb Jens:".
pub(super) const WROTE_BEFORE_NAME: &[&str] = &[
    "skrev", "schrieb", "schreef", "napisał(a)", "kirjoitti", "пишет", "писал", "skrifaði",
];

/// Words that begin an attribution, before its date.
pub(super) const LEADS: &[&str] = &[
    // prepositions and articles: da, no, sv, en, de, nl, fr, it, es, pt, pl, cs, sk, hu, fi, ro, tr, vi, he
    "den", "d.", "på", "on", "am", "op", "le", "il", "in data", "in", "el", "em", "a", "no dia", "dnia",
    "w dniu", "dne",
    "dňa", "dana", "la", "în", "vào", "vào lúc", "vào ngày", "ב", "בתאריך", "στις", "на", "у", "v", "за",
    "pada", "kl.", "em", "al",
    // days: da, no, sv
    "man.", "man", "tir.", "tirs.", "tir", "ons.", "ons", "tor.", "tors.", "tor", "fre.", "fre", "lør.",
    "lør", "søn.", "søn",
    "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag", "mån", "tis", "tors", "lör",
    "sön",
    "måndag", "tisdag", "lördag", "söndag",
    // en, de, nl
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday",
    "friday", "saturday",
    "sunday", "mo.", "di.", "mi.", "do.", "fr.", "sa.", "so.", "montag", "dienstag", "mittwoch",
    "donnerstag", "freitag",
    "samstag", "sonnabend", "sonntag", "ma", "di", "wo", "do", "vr", "za", "zo",
    // fr, it, es, pt
    "lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.", "lun", "mar", "mer", "gio", "ven", "sab",
    "dom", "mié", "jue",
    "vie", "sáb", "seg", "ter", "qua", "qui", "sex", "seg.", "ter.", "qua.", "qui.", "sex.", "sáb.", "dom.",
    // pl, cs, fi, ru, uk, hu
    "pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz.", "po", "út", "st", "čt", "pá", "so", "ne", "pe",
    "ti", "ke", "to",
    "su", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "нд", "понедельник", "вторник", "среда", "четверг",
    "пятница",
    "суббота", "воскресенье",
];

/// Words that a client never puts where the writer's name stands, but a person telling a story does.
pub(super) const NOT_A_NAME: &[&str] = &[
    // da, no, sv
    "jeg", "vi", "han", "hun", "de", "man", "min", "mit", "mine", "din", "dit", "dine", "vores", "hans",
    "hendes", "deres",
    "en", "et", "kommunen", "ham", "hende", "jag", "hon", "mitt", "mina", "vår", "vi", "ett",
    // en
    "i", "we", "he", "she", "they", "someone", "somebody", "the", "a", "an", "my", "our", "his", "her",
    "their", "this",
    "who", "and", "it", "which", "that",
    // de
    "ich", "wir", "er", "sie", "mein", "meine", "der", "die", "das", "ein", "eine", "unser", "ihr", "sein",
];

/// What a header line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// Who wrote.
    From,
    /// When it was sent, by a word that mail clients use and other people seldom do.
    Sent,
    /// When, by the everyday word.
    Date,
    /// To whom.
    To,
    /// Copies.
    Copy,
    /// What about.
    Subject,
    /// Anything else that stands among them.
    Other,
}

/// Header labels without their colon.
pub(super) const LABELS: &[(Label, &[&str])] = &[
    (
        Label::From,
        &[
            "fra", "frå", "från", "from", "von", "de", "da", "van", "od", "lähettäjä", "от", "от кого",
            "від", "feladó",
            "kimden", "gönderen", "από", "saatja", "no", "nuo", "expéditeur", "remitente", "mittente",
            "de la", "差出人",
            "发件人", "寄件者", "寄件人", "보낸 사람", "보낸사람", "מאת", "từ", "จาก", "من", "frá", "dari",
        ],
    ),
    (
        Label::Sent,
        &[
            "sendt", "skickat", "skickades", "sent", "sent at", "date sent", "gesendet", "gesendet am",
            "verzonden", "envoyé", "envoyé le",
            "enviado", "enviado el", "enviado em", "enviada em", "enviada", "inviato", "inviato il",
            "inviata", "wysłano", "wysłany",
            "odesláno", "odoslané", "lähetetty", "отправлено", "надіслано", "elküldve", "trimis",
            "gönderildi", "gönderme tarihi",
            "στάλθηκε", "poslano", "saadetud", "送信日時", "送信日", "发送时间", "寄件日期", "傳送時間", "보낸 날짜", "נשלח",
            "đã gửi", "sendt den",
            "message du", "sent on",
        ],
    ),
    (
        Label::Date,
        &[
            "dato", "date", "datum", "fecha", "data", "datum/tid", "päivämäärä", "pvm", "дата", "dátum",
            "tarih", "ημερομηνία",
            "日付", "日時", "日期", "时间", "날짜", "תאריך", "ngày", "dags", "kuupäev",
        ],
    ),
    (
        Label::To,
        &[
            "til", "till", "to", "an", "à", "a", "para", "aan", "do", "komu", "vastaanottaja", "кому",
            "címzett", "kime", "alıcı",
            "προς", "către", "kam", "za", "saaja", "宛先", "收件人", "收件者", "받는 사람", "받는사람", "אל", "đến",
            "til og med", "destinataire", "kepada",
        ],
    ),
    (
        Label::Copy,
        &[
            "cc", "kopi", "kopia", "kopie", "copie", "copie à", "copia", "cópia", "kopio", "копия",
            "másolatot kap", "bilgi", "抄送", "副本", "참조", "עותק", "bcc", "c.c.",
        ],
    ),
    (
        Label::Subject,
        &[
            "emne", "ämne", "subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp",
            "temat", "předmět",
            "predmet", "aihe", "тема", "tárgy", "subiect", "konu", "θέμα", "zadeva", "teema", "tema", "件名",
            "主题", "主旨", "標題",
            "제목", "נושא", "chủ đề", "efni", "sujet", "assumpte", "perihal",
        ],
    ),
    (
        Label::Other,
        &[
            "svar til", "svara till", "reply-to", "reply to", "antwort an", "répondre à", "responder a",
            "prioritet", "vigtighed",
            "viktighet", "importance", "priority", "wichtigkeit", "importancia", "vedhæftede filer",
            "vedhæftet", "vedlegg",
            "attachments", "attachment", "anlagen", "bifogade filer", "organization", "message-id",
            "følsomhed", "sensitivity",
        ],
    ),
];

/// What stands between dashes above a quoted or forwarded letter.
pub(super) const SEPARATORS: &[&str] = &[
    // quoted
    "oprindelig meddelelse", "oprindelig besked", "oprindelig mail", "original meddelelse",
    "opprinnelig melding",
    "opprinnelig beskjed", "original melding", "ursprungligt meddelande", "ursprungligt mejl",
    "originalmeddelande",
    "original message", "original mail", "original email", "reply message", "ursprüngliche nachricht",
    "originalnachricht",
    "original-nachricht", "original nachricht", "ursprüngliche mail", "message d'origine",
    "message d’origine",
    "message original", "message initial", "mensaje original", "missatge original", "mensagem original",
    "messaggio originale", "oorspronkelijk bericht", "origineel bericht", "originele bericht",
    "wiadomość oryginalna",
    "oryginalna wiadomość", "wiadomość pierwotna", "původní zpráva", "původní e-mail", "pôvodná správa",
    "alkuperäinen viesti",
    "исходное сообщение", "оригинальное сообщение", "вихідне повідомлення", "eredeti üzenet",
    "mesaj original", "mesajul original",
    "özgün ileti", "orijinal mesaj", "αρχικό μήνυμα", "izvirno sporočilo", "originalna poruka",
    "algne kiri", "元のメッセージ",
    "original message 元のメッセージ", "原始邮件", "原始郵件", "邮件原件", "원본 메시지", "원본 메일", "thư gốc", "הודעה מקורית",
    "pesan asli",
    // forwarded
    "videresendt besked", "videresendt meddelelse", "videresendt mail", "videresendt e-mail",
    "videresendt melding",
    "videresendt af", "vidarebefordrat meddelande", "vidarebefordrat mejl", "vidarebefordrat brev",
    "forwarded message",
    "forwarded by", "forwarded email", "weitergeleitete nachricht", "weitergeleitet von",
    "message transféré",
    "message réexpédié", "mensaje reenviado", "missatge reenviat", "mensagem encaminhada",
    "mensagem reencaminhada",
    "messaggio inoltrato", "doorgestuurd bericht", "przekazana wiadomość", "wiadomość przekazana",
    "přeposlaná zpráva",
    "přeposlaný e-mail", "välitetty viesti", "edelleenlähetetty viesti", "пересылаемое сообщение",
    "переслане повідомлення",
    "továbbított üzenet", "mesaj redirecționat", "iletilen mesaj", "προωθημένο μήνυμα", "転送メッセージ", "转发的消息",
    "转发邮件", "轉寄郵件",
    "전달된 메시지", "הודעה שהועברה", "thư đã chuyển tiếp",
];

/// What announces a forwarded letter without dashes.
pub(super) const FORWARD_BEGINS: &[&str] = &[
    "start på videresendt besked", "start på videresendt meddelelse", "start på videresendt mail",
    "videresendt besked",
    "videresendt meddelelse", "begynnelse på videresendt melding", "videresendt melding",
    "vidarebefordrat brev",
    "vidarebefordrat mejl", "vidarebefordrat meddelande", "begin forwarded message", "forwarded message",
    "anfang der weitergeleiteten nachricht", "weitergeleitete nachricht", "début du message réexpédié",
    "début du message transféré", "inizio messaggio inoltrato", "inicio del mensaje reenviado",
    "início da mensagem reenviada",
    "begin doorgestuurd bericht", "välitetty viesti alkaa", "początek przekazywanej wiadomości",
    "начало переадресованного сообщения",
];

/// Help-desk lines that ask to write above them.
pub(super) const REPLY_ABOVE: &[&str] = &[
    "skriv svaret over denne linje", "skriv dit svar over denne linje",
    "skriv venligst dit svar over denne linje",
    "svar over denne linje", "besvar over denne linje", "skriv over denne linje",
    "indsæt dit svar over denne linje",
    "skriv svaret ditt over denne linjen", "skriv over denne linjen", "svar over denne linjen",
    "skriv ovanför denna rad",
    "skriv ditt svar ovanför denna rad", "svara ovanför denna rad", "reply above this line",
    "reply above the line",
    "please type your reply above", "type your reply above", "write your reply above",
    "please reply above this line",
    "write above this line", "enter your reply above", "reply above. do not remove this line",
    "type your response above",
    "antworten sie oberhalb dieser", "antwort oberhalb dieser", "bitte oberhalb dieser",
    "schreiben sie ihre antwort über diese",
    "bitte antworten sie über dieser", "répondez au-dessus de cette ligne",
    "répondre au-dessus de cette ligne",
    "escriba su respuesta por encima", "responda por encima de esta línea", "rispondi sopra questa riga",
    "antwoord boven deze lijn", "typ uw antwoord boven deze regel",
    "kirjoita vastauksesi tämän rivin yläpuolelle",
];

/// The writer says that the answers stand inside what was quoted.
pub(super) const ANSWERS_INSIDE: &[&str] = &[
    "svar nedenfor", "svarer nedenfor", "svaret nedenfor", "kommentarer nedenfor", "bemærkninger nedenfor",
    "svar herunder", "svarer herunder",
    "svar i teksten", "svaret i teksten", "skrevet i teksten", "svar inde i", "svarer inde i",
    "skrevet ind i din", "skrevet ind i jeres", "med rødt", "med rød", "med fed skrift",
    "i rødt", "i rød", "i rött", "svar nedan", "svarar nedan", "med rött", "svar under hvert",
    "svar under hver", "inline",
    "in-line", "answers below", "answered below", "comments below", "replies below", "responses below",
    "in red", "in bold below",
    "in rot", "antworten unten", "unten beantwortet", "antworten im text", "kommentare unten",
    "siehe antworten",
];

/// Closing formulas. Thanks are not among them: they belong to what is said.
pub(super) const CLOSINGS: &[&str] = &[
    // da
    "med venlig hilsen", "med venlige hilsner", "med venlig hilsen,", "venlig hilsen", "venlige hilsner",
    "bedste hilsner", "bedste hilsen",
    "de bedste hilsner", "med de bedste hilsner", "mange hilsner", "mange hilsener", "kærlig hilsen",
    "kærlige hilsner", "med hilsen", "hilsen",
    "hilsner", "mvh", "m.v.h.", "m.v.h", "m.v.h:", "vh", "v.h.", "kh", "dbh", "d.b.h.", "ærbødigst",
    "med højagtelse",
    // no, sv, is
    "med vennlig hilsen", "vennlig hilsen", "med vennleg helsing", "vennleg helsing", "beste hilsen",
    "beste hilsener", "helsing",
    "med beste hilsen", "med vänlig hälsning", "med vänliga hälsningar", "vänlig hälsning",
    "vänliga hälsningar",
    "bästa hälsningar", "bästa hälsning", "hälsningar", "hälsning", "vänligen", "med venlig helsing",
    "bestu kveðjur", "kær kveðja",
    // en
    "best regards", "kind regards", "kindest regards", "warm regards", "warmest regards",
    "with kind regards",
    "with best regards", "regards", "best wishes", "with best wishes", "yours sincerely",
    "sincerely yours", "sincerely",
    "yours faithfully", "yours truly", "respectfully", "respectfully yours",
    // de
    "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß",
    "mit freundlichem gruss",
    "mit besten grüßen", "mit besten grüssen", "freundliche grüße", "freundliche grüsse",
    "freundlichen gruß",
    "viele grüße", "viele grüsse", "liebe grüße", "liebe grüsse", "beste grüße", "beste grüsse",
    "herzliche grüße", "herzliche grüsse",
    "schöne grüße", "hochachtungsvoll", "mfg", "lg", "vg", "grüße", "grüsse", "gruß", "gruss",
    // fr, es, it, pt, nl
    "cordialement", "bien cordialement", "très cordialement", "bien à vous", "cdlt", "salutations",
    "salutations distinguées",
    "meilleures salutations", "sincères salutations", "respectueusement", "saludos", "saludos cordiales",
    "un saludo",
    "un cordial saludo", "atentamente", "cordialmente", "cordiali saluti", "distinti saluti", "saluti",
    "cordialità",
    "atenciosamente", "com os melhores cumprimentos", "melhores cumprimentos", "cumprimentos",
    "met vriendelijke groet",
    "met vriendelijke groeten", "vriendelijke groet", "vriendelijke groeten", "hartelijke groeten",
    "groeten", "groetjes", "mvg",
    // pl, cs, fi, et, ru, uk, tr, hu, ro
    "pozdrawiam", "z poważaniem", "z wyrazami szacunku", "pozdrowienia", "s pozdravem",
    "s přátelským pozdravem",
    "ystävällisin terveisin", "parhain terveisin", "terveisin", "lugupidamisega", "с уважением",
    "с наилучшими пожеланиями",
    "з повагою", "saygılarımla", "üdvözlettel", "tisztelettel", "cu stimă", "cu respect",
];

/// Beginnings of the line that a phone or an app adds. What may follow: the name of a device or app.
pub(super) const SENT_FROM: &[&str] = &[
    "sendt fra min", "sendt fra mit", "sendt fra", "sendt via", "sendt med", "sendt ifra min",
    "send fra min", "hent outlook til", "hent outlook for", "få outlook til",
    "få outlook for", "skickat från min", "skickat från", "skickat med", "hämta outlook för",
    "skaffa outlook för",
    "sent from my", "sent from", "sent via", "sent with", "sent using", "get outlook for",
    "download outlook for",
    "von meinem", "gesendet von meinem", "gesendet von", "gesendet mit", "gesendet aus",
    "diese nachricht wurde von meinem", "holen sie sich outlook für",
    "outlook für", "envoyé de mon", "envoyé depuis mon", "envoyé à partir de", "envoyé depuis",
    "envoyé avec", "obtenir outlook pour",
    "télécharger outlook pour", "enviado desde mi", "enviado desde", "enviado do meu", "enviado de meu",
    "enviado de mi", "enviado a partir", "obtener outlook para",
    "obter o outlook para", "inviato da", "inviato dal mio", "ottieni outlook per", "scarica outlook per",
    "verzonden vanaf mijn",
    "verstuurd vanaf mijn", "verzonden vanuit", "verstuurd vanuit", "outlook voor",
    "download outlook voor", "wysłane z", "wysłano z", "pobierz outlook", "pobierz aplikację outlook",
    "odesláno z", "získat outlook",
    "lähetetty", "hanki outlook", "отправлено с", "отправлено из", "скачать outlook", "надіслано з",
    "iphone'umdan gönderildi",
    "iphone から送信", "iphoneから送信", "发自我的", "從我的", "나의 iphone에서 보냄", "được gửi từ", "נשלח מה",
];

/// Names of devices and apps: one of them must follow where [`SENT_FROM`] says no "my".
pub(super) const DEVICES: &[&str] = &[
    "iphone", "ipad", "ipod", "android", "samsung", "galaxy", "huawei", "xiaomi", "oneplus", "nokia",
    "sony", "xperia", "htc", "lg",
    "blackberry", "windows phone", "windows mail", "mail til windows", "mail for windows",
    "mail für windows", "post für windows",
    "e-post för windows", "e-post for windows", "outlook", "yahoo", "gmail", "hotmail", "aol", "mailbird",
    "proton", "tutanota", "tuta",
    "spark", "thunderbird", "sparrow", "typeapp", "bluemail", "mobil", "mobile", "telefon", "smartphone",
    "tablet", "handy", "k-9", "k9", "fairphone", "pixel", "app",
    "mac", "apple watch", "fairemail", "zoho", "web.de", "gmx", "mailbox", "courrier", "mail app",
    "canary", "airmail", "nine", "telia", "icloud", "webmail", "e-boks",
];

/// A stock of phrases of one sort, for weighing whether a paragraph is a notice that a server added.
pub(super) struct Notice;

impl Notice {
    /// It speaks of mail.
    pub(super) const MAIL: &[&str] =
        &[
            "e-mail", "email", "e-post", "epost", "mail", "meddelelse", "besked", "message", "nachricht",
            "meddelande", "melding", "transmission", "mejl",
        ];
    /// It speaks of secrecy.
    pub(super) const SECRET: &[&str] = &[
        "fortrolig", "confidential", "privileged", "konfidentiel", "konfidensiel", "konfidentiell",
        "sekretess", "vertraulich", "tavshedspligt",
        "taushetsplikt", "legally protected", "proprietary", "rechtlich geschützt", "riservat",
        "confidentiel", "personlige oplysninger",
    ];
    /// It speaks of the person whom it was meant for, as only such notices do.
    pub(super) const MEANT: &[&str] = &[
        "rette modtager", "tiltænkte modtager", "tiltænkt", "retmæssige modtager",
        "udelukkende bestemt for", "kun bestemt for", "bestemt for modtageren",
        "intended recipient", "intended solely", "intended only", "solely for the", "only for the use of",
        "addressee", "named recipient",
        "rette adressat", "avsedd för", "avsedda mottagaren", "rätt mottagare", "rette mottaker",
        "tiltenkt mottaker", "ment for", "kun ment",
        "der richtige adressat", "richtige adressat", "vorgesehene empfänger", "nicht der beabsichtigte",
        "bestimmungsgemäße", "adressaten bestimmt",
        "destinataire", "destinatario", "destinatari",
    ];
    /// It addresses a reader who got it by mistake.
    pub(super) const ASTRAY: &[&str] = &[
        "hvis du ikke er", "hvis de ikke er", "er du ikke", "er de ikke", "hvis du ved en fejl",
        "hvis du har modtaget", "skulle du ved en fejl", "modtager du denne", "har du modtaget denne",
        "har de modtaget denne",
        "såfremt du", "if you are not", "if you have received", "if you received",
        "if this message has been", "any unauthori", "om du inte är", "om du har fått", "om du av misstag",
        "har du fått detta", "hvis du har mottatt", "dersom du",
        "wenn sie nicht", "falls sie nicht", "sollten sie nicht", "sollten sie diese", "haben sie diese",
        "unbefugte", "si vous n'êtes pas", "si vous avez reçu", "si no es", "qualora", "se non siete",
        "aver ricevuto",
    ];
    /// It says what to do then.
    pub(super) const ACT: &[&str] = &[
        "slet", "underret", "kontakt afsender", "gøre afsender", "returner", "delete", "destroy", "notify",
        "prohibited", "forbudt", "radera", "förstör", "meddela avsändaren",
        "slett", "varsle avsender", "vernichten", "löschen", "informieren", "nicht gestattet", "untersagt",
        "supprimer", "détruire", "cancellar", "distrugger",
    ];
    /// A person speaking of themselves: such notices never do.
    pub(super) const FIRST_PERSON: &[&str] = &[
        "jeg", "mig", "min", "mit", "mine", "jag", "mej", "mitt", "meg", "i", "my", "me", "ich", "mir",
        "mich", "mein", "meine",
    ];
    /// Whole notices by themselves: one of these at the start of a paragraph is enough.
    pub(super) const ALONE: &[&str] = &[
        "please consider the environment before printing", "think before you print",
        "before printing, think about",
        "tænk på miljøet", "tænk på miljøet, før", "overvej miljøet", "overvej venligst miljøet",
        "spar på papiret", "tenk på miljøet", "tänk på miljön", "denken sie an die umwelt",
        "bitte denken sie an die umwelt", "bitte prüfen sie der umwelt zuliebe",
        "virus-free. www.", "virusfri. www.", "denne mail er blevet scannet",
        "denne e-mail er blevet scannet", "denne mail er blevet kontrolleret",
        "this email has been checked for viruses", "this email has been scanned",
        "this message has been scanned", "diese e-mail wurde auf viren", "diese e-mail wurde von avast",
        "denna e-post har skannats", "e-mailen er blevet scannet",
    ];
}
