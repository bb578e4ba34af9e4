//! Invented texts, short as they come.

use std::collections::HashSet;

use proptest::prelude::*;

use super::{GROUPS, detect};

fn code(text: &str) -> String {
    detect(text).map(|language| language.0).unwrap_or_default()
}

#[test]
fn short_texts() {
    let cases = [
        ("da", "Forstår ikke brevet fra kommunen"),
        ("da", "Hej, kan jeg få en tid i næste uge?"),
        ("da", "Jeg har ikke fået svar på min klage"),
        ("da", "Hvornår bliver sagen afgjort?"),
        ("da", "ring til mig tak"),
        ("da", "Tak for hjælpen"),
        ("da", "Jeg vil gerne klage over en afgørelse"),
        ("da", "Min mand er syg og vi kan ikke betale huslejen"),
        ("da", "Kan jeg få svar på brevet"),
        ("da", "Ingen svarer når jeg ringer til jobcenteret"),
        ("da", "Jeg forstaar ikke brevet fra kommunen"),
        ("da", "Kære borgerrådgiver. Jeg er blevet smidt ud af ordningen."),
        ("da", "Må jeg komme forbi i dag kl 14"),
        ("da", "De siger nej til boligstøtte igen"),
        ("da", "hvad skal jeg gøre nu"),
        ("da", "Vi har ventet i fire måneder på et møde om vores søn"),
        ("da", "JEG HAR INTET HØRT FRA SAGSBEHANDLEREN"),
        ("da", "Er det rigtigt at jeg skal betale pengene tilbage?"),
        ("da", "Se vedhæftede brev fra Udbetaling Danmark"),
        ("da", "det er ikke i orden"),
        ("nb", "Jeg har ikke fått svar på søknaden etter to uker"),
        ("nb", "Hva skal jeg gjøre nå"),
        ("nb", "Kan noen hjelpe meg med dette brevet?"),
        ("nb", "Vi har blitt bedt om å betale tilbake penger"),
        ("nb", "Takk for hjelpen, vennlig hilsen Kari"),
        ("nb", "Saksbehandleren ble syk og ingen svarer meg"),
        ("nb", "Når blir vedtaket sendt ut?"),
        ("sv", "Jag förstår inte brevet från kommunen"),
        ("sv", "Hej, kan ni ringa mig på måndag?"),
        ("sv", "Tack för hjälpen"),
        ("sv", "Vad ska jag göra nu"),
        ("sv", "Jag har inte fått något svar på min ansökan"),
        ("sv", "När kommer beslutet och vem är handläggare"),
        ("sv", "Det är inte rätt att jag måste vänta så länge"),
        ("en", "Please call me back"),
        ("en", "I do not understand the letter from the municipality"),
        ("en", "Hello, I need help with my rent"),
        ("en", "Thank you for your help"),
        ("en", "When will I get an answer?"),
        ("en", "My caseworker never answers her phone"),
        ("en", "I am in Denmark for work and was told to write to you"),
        ("en", "can you help me"),
        ("en", "We have waited for six months"),
        ("en", "Dear Sir or Madam, I would like to complain about the job centre"),
        ("de", "Ich verstehe den Brief von der Gemeinde nicht"),
        ("de", "Bitte rufen Sie mich zurück"),
        ("de", "Vielen Dank für Ihre Hilfe"),
        ("de", "Wann bekomme ich eine Antwort auf meine Frage?"),
        ("de", "Wir haben keine Wohnung und brauchen Hilfe"),
        ("ar", "لم أفهم الرسالة من البلدية"),
        ("ar", "أرجو الاتصال بي غدا"),
        ("fa", "من نامه شهرداری را نمی فهمم لطفا کمک کنید"),
        ("uk", "Я не розумію лист від комуни, допоможіть мені"),
        ("uk", "Дякую за вашу допомогу, чекаю відповіді"),
        ("ru", "Я не понимаю это письмо, помогите, чтобы мы ответили"),
        ("pl", "Nie rozumiem pisma z gminy, proszę o pomoc w mojej sprawie"),
        ("tr", "Belediyeden gelen mektubu anlamadım, lütfen bana yardım edin"),
        ("fr", "Je ne comprends pas la lettre de la commune, pouvez-vous m'aider ?"),
        ("es", "No entiendo la carta de la comuna, por favor necesito ayuda con mi caso"),
        ("it", "Non capisco la lettera del comune, per favore ho bisogno di aiuto"),
        ("nl", "Ik begrijp de brief van de gemeente niet, kunt u mij helpen?"),
        ("so", "Ma fahmin warqadda, fadlan waxaan u baahanahay caawimaad"),
        ("", "ok tak"),
        ("", "Hej"),
        ("", "12345678 8700 2026"),
        ("", ""),
        ("", "https://example.org"),
        ("", "Jens Peter Olsen"),
        ("", "👍👍👍 👍"),
    ];
    let wrong: Vec<_> = cases
        .iter()
        .map(|(want, text)| (*want, code(text), *text))
        .filter(|(want, got, _)| want != got)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

const DANISH: &str = "Jeg skriver, fordi jeg ikke har hørt noget fra jobcenteret siden maj. De har lovet mig et møde om \
    min ansøgning, men der er ikke kommet et brev, og når jeg ringer, bliver jeg stillet videre. Kan I hjælpe?\n";
const ENGLISH: &str = "I am writing because I have not heard anything from the job centre since May. They promised me a \
    meeting about my application, but no letter has come, and when I call I am put through to somebody else.\n";

#[test]
fn mixtures() {
    let names = "Global Facility Services, Head of People Operations, The Blue Room Company\n";
    let signature = "Med venlig hilsen\nMette Prøve\nSkolegade 1, 9999 Prøveby\nTelefon 00 00 00 00\n";
    let english_signature = "Kind regards,\nMary Sample\nSent from my phone\n";
    assert_eq!(code(&format!("{names}{DANISH}{names}")), "da");
    assert_eq!(code(&format!("{ENGLISH}{signature}")), "en");
    assert_eq!(code(&format!("{DANISH}{english_signature}")), "da");
    assert_eq!(code(&format!("{DANISH}{DANISH}{ENGLISH}")), "da");
    assert_eq!(code(&format!("{ENGLISH}{ENGLISH}{DANISH}")), "en");
    // Only the first part of a long text is looked at.
    assert_eq!(code(&format!("{}{}", DANISH.repeat(30), ENGLISH.repeat(300))), "da");
}

#[test]
fn a_word_stands_once() {
    let mut seen = HashSet::new();
    for word in GROUPS.iter().flat_map(|(_, _, words)| words.split_ascii_whitespace()) {
        assert!(seen.insert(word), "{word}");
        assert_eq!(word, word.to_lowercase());
    }
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC{0,300}") {
        detect(&text);
    }

    /// Case and line breaks say nothing of a language.
    #[test]
    fn case_and_folding_do_not_matter(text in "[a-zæøåäö ]{0,120}") {
        if text.split_whitespace().count() < 6 {
            let folded = text.replace(' ', "\r\n");
            prop_assert_eq!(detect(&folded), detect(&text));
        }
    }
}
