//! A municipality's name without the word «Kommune», for texts where every character counts.
//!
//! Knows Danish grammar only as far as the names of today's 98 municipalities need it.

/// What can stand after «i» in place of the full name; `None` when nothing can.
///
/// Two names are genitives that lose their *s* with the word that it belonged to. Of islands, and of Stevns, one
/// says «på», not «i»: «Borgerrådgiveren i Læsø» is no Danish, so they stand with their word or not at all. The short
/// name in `office.place` is the municipality's own choice, and none of this is asked of it.
pub(super) fn without_its_word(municipality: &str) -> Option<String> {
    let words = municipality.split_whitespace().filter(|word| word.to_lowercase() != "kommune");
    match words.collect::<Vec<_>>().join(" ").as_str() {
        "" | "Fanø" | "Langeland" | "Lolland" | "Læsø" | "Nordfyns" | "Samsø" | "Stevns" | "Ærø" => {
            None
        }
        "Københavns" => Some("København".to_owned()),
        "Vesthimmerlands" => Some("Vesthimmerland".to_owned()),
        name => Some(name.to_owned()),
    }
}
