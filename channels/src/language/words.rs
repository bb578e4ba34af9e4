//! The words that tell languages apart: mostly function words, which no letter does without.

/// What a word can speak for, in the order of the votes.
pub(super) const CODES: [&str; 6] = ["da", "nb", "sv", "en", "de", "so"];

/// The place after [`CODES`]: a language that only the statistics of letters can name.
pub(super) const OTHER: usize = CODES.len();

/// Groups of words: the languages that have them (`d` da, `n` nb, `s` sv, `e` en, `g` de, `o` so, `x` others), what
/// one occurrence counts for each, and the words. A word stands in one group.
pub(super) const GROUPS: &[(&str, u16, &str)] = &[
    // Danish alone.
    (
        "d",
        5,
        "vores sagde hvilket af hvad mig dig ud nej uge ugen uger noget nogen nogle efter hvornår blevet bliver blive \
        været spørgsmål hjælp hjælpe hjælpen tak gerne uden mellem nu fået givet lavet skrevet \
        afgørelse afgørelsen sag sagen sagsbehandler sagsbehandleren lejlighed børn møde mødet \
        øjeblik lige venlig venligst kære mvh ydelse boligstøtte kontanthjælp sygedagpenge \
        borgerrådgiver borgerrådgiveren borgerservice jeres herfra derfra nødt ringede ringet \
        skrev svaret fik gik stadigvæk stadig endnu desværre måske allerede tilbage igen \
        nødvendig forstår gør gøre aldrig snart bor sende sendte hvem retur afslag ansøgning \
        ansøgningen ansøgt syg sygemeldt jobcenteret jobcenter ydelsescenter vedrørende bedes \
        oplyse oplyst modtaget modtog klager klage",
    ),
    (
        "n",
        5,
        "av hva meg deg seg ut nei uke uken uka noe noen etter blitt blir vært spørsmål hjelp \
        hjelpe hjelpen takk uten mellom nå fått gitt saksbehandler leilighet møtet vennlig kjære \
        vedtaket vedtak veldig mye ble søknad søknaden søkt gjøre gjør igjen ennå hvilken \
        kontoret dere trenger leger dager penger skje mottatt barnehage",
    ),
    (
        "s",
        5,
        "ringa våra våran och inte jag är att för vad från hur någon något några mycket utan tack ärende ärendet \
        snälla här blivit varit ert hjälpa eftersom beslut beslutet ansökan ansökt när mellan ni \
        ska varför vilken därför veta handläggare bostad redan tillbaka ännu gång frågor fråga \
        barnen skickat skickade hälsningar vänliga vänlig",
    ),
    (
        "e",
        5,
        "the and you your of this that with are they their please thank thanks would could should \
        what when where which who how my we our but because been from were about there hello \
        dear help me she he it not don't i'm can't don does did letter regarding regards \
        sincerely understand call back need know want received email answer very has his again \
        still cannot never being it's i've do if be",
    ),
    (
        "g",
        5,
        "für und nicht ich sie wir ist das ein eine einen einem einer mit auf zu von dass sind haben \
        habe bitte danke bei wie nach auch aber oder wenn ihr ihnen ihre mein meine keine kein \
        werden wird können könnte vielen dank brief freundlichen grüßen hallo warum mich mir \
        noch nur zum zur über schon verstehe geehrte",
    ),
    (
        "o",
        5,
        "waxaan waxaa waa iyo oo aan ayaa ayay waxay mahadsanid fadlan inaan ahay kuma anigu ilaa \
        caawimaad warqad warqadda ku ka uu aad igu warqadan macno fahmin caawiya walaal maxaa \
        haddii",
    ),
    // Shared.
    (
        "dn",
        2,
        "jeg ikke hvis hvordan hvorfor fra være hos jer hun fordi brev brevet kommunen kommune \
        skole hende hvor sin hjemme svar dage ingen måned måneder kunne skulle ville vil selv \
        hans bare kommer gang mange bolig skrive ringe hilsen siden også snakke snakket telefon \
        adresse leie eller sendt får få hver sitt deres",
    ),
    (
        "dns",
        2,
        "det på kan har som til den vi et du han var min mitt din dit ditt måste år hej fick da \
        då ved vid barn sig",
    ),
    ("dngx", 1, "er der"),
    ("dnsg", 1, "dem"),
    ("dnsx", 1, "en de med se si"),
    ("ds", 2, "hade efteråt"),
    ("dns", 1, "om men ind skal må alle over"),
    ("dne", 1, "mine for at have her"),
    ("dnse", 1, "i under hav"),
    ("eg", 1, "in so was will am an"),
    ("egx", 1, "die"),
    ("ex", 1, "is on to as a no or"),
    ("gx", 1, "des"),
    ("ns", 2, "vår"),
    // Neither: Dutch, French, Spanish, Italian, Polish, Turkish, Romanian and their neighbours.
    (
        "x",
        5,
        "het een van niet ik dat voor zijn maar ook naar heb mijn graag le les pas est une je \
        vous nous pour dans que qui sur avec mon ma bonjour merci el los las por para una mi con \
        usted gracias pero muy como está estoy il di che non sono per grazie della mia un lo się \
        nie jest na że proszę dziękuję od mam czy jak mnie moje pismo list bir ve bu için değil \
        ben lütfen teşekkür ederim mektubu nasıl çok și să este pentru vă rog mulțumesc care \
        nije molim hvala sam ne ir yra ačiū labai prašau",
    ),
];
