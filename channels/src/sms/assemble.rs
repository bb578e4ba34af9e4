//! Puts the parts of longer texts together: in any order, delivered twice or not, complete or given up.
//!
//! Parts are joined before they are decoded, because a character can stand across the border of two. Knows no storage:
//! whoever keeps the parts asks which of them belong together now.

use std::collections::{BTreeMap, HashMap};

use super::wire::{Body, Part};

/// What stands where a part never came.
const GAP: &str = " […] ";

/// A part on the shelf. `key` names it to whoever keeps it; `from` and `to` are as the gateway wrote them.
#[derive(Clone, Copy)]
pub struct Piece<'a> {
    /// Its keeper's number for it.
    pub key: i64,
    /// The account that it came through.
    pub account: &'a str,
    /// The sender.
    pub from: &'a str,
    /// The receiver.
    pub to: &'a str,
    /// Which part of which text.
    pub part: &'a Part,
    /// Its words.
    pub body: &'a Body,
    /// It has waited so long that the others are not coming.
    pub overdue: bool,
}

/// A text that is ready.
#[derive(Clone, PartialEq, Eq)]
pub struct Assembled {
    /// The pieces that it is made of, in the text's order.
    pub keys: Vec<i64>,
    /// Pieces that only repeat one of those.
    pub repeats: Vec<i64>,
    /// The words.
    pub body: Body,
    /// How many parts never came.
    pub missing: u8,
}

/// Counts only.
impl std::fmt::Debug for Assembled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Assembled({} parts, {} missing)", self.keys.len(), self.missing)
    }
}

/// How many texts under one reference of one telephone are gathered side by side. A telephone has one; whoever makes more
/// makes work for nobody but the time-out.
const SIDE_BY_SIDE: usize = 8;

/// What the parts of one text have in common: account, sender, receiver, reference, and how many there are.
type Key<'a> = (&'a str, &'a str, &'a str, &'a str, u8);

/// The texts that are ready among `pieces`, which stand in the order of their arrival: complete ones, and those of which a
/// part is overdue. The same phone may use a reference again, so a second, different part of the same place begins a text
/// of its own.
pub fn assemble(pieces: &[Piece<'_>]) -> Vec<Assembled> {
    let mut texts: Vec<Gathering<'_>> = Vec::new();
    let mut by_key: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for piece in pieces {
        let same = by_key.entry(piece.belongs_to()).or_default();
        let fits =
            same.iter().take(SIDE_BY_SIDE).find_map(|index| match texts[*index].places.get(&piece.place()) {
                None => Some((*index, false)),
                Some(other) => (other.body == piece.body).then_some((*index, true)),
            });
        match fits {
            Some((index, true)) => texts[index].repeats.push(piece.key),
            Some((index, false)) => texts[index].take(*piece),
            None => {
                same.push(texts.len());
                let mut text = Gathering { total: piece.part.total, ..Gathering::default() };
                text.take(*piece);
                texts.push(text);
            }
        }
    }
    texts.into_iter().filter(Gathering::is_ready).map(Gathering::finish).collect()
}

impl<'a> Piece<'a> {
    fn belongs_to(&self) -> Key<'a> {
        (self.account, self.from, self.to, &self.part.reference, self.part.total)
    }

    /// Its place in the text, from 1.
    fn place(&self) -> u8 {
        self.part.number.max(1)
    }
}

/// A text while its parts are gathered.
#[derive(Default)]
struct Gathering<'a> {
    total: u8,
    places: BTreeMap<u8, Piece<'a>>,
    repeats: Vec<i64>,
}

impl<'a> Gathering<'a> {
    fn take(&mut self, piece: Piece<'a>) {
        // A header may count wrongly; what came has a place all the same.
        self.total = self.total.max(piece.place());
        self.places.insert(piece.place(), piece);
    }

    fn is_ready(&self) -> bool {
        self.places.len() == usize::from(self.total) || self.places.values().any(|piece| piece.overdue)
    }

    fn finish(self) -> Assembled {
        let places: Vec<Option<&Piece<'_>>> = (1..=self.total).map(|place| self.places.get(&place)).collect();
        let missing = places.iter().filter(|place| place.is_none()).count();
        Assembled {
            keys: self.places.values().map(|piece| piece.key).collect(),
            body: join(&places),
            missing: u8::try_from(missing).unwrap_or(u8::MAX),
            repeats: self.repeats,
        }
    }
}

/// The words of all parts. Bytes stay bytes while every part has the same form; where gateways mix forms, each part is
/// decoded by itself.
fn join(places: &[Option<&Piece<'_>>]) -> Body {
    let bodies = || places.iter().map(|place| place.map(|piece| piece.body));
    let all = |is: fn(&Body) -> bool| bodies().flatten().all(is);
    if all(|body| matches!(body, Body::Binary(_))) {
        return Body::Binary(bodies().flatten().flat_map(|body| bytes(body).to_vec()).collect());
    }
    if all(|body| matches!(body, Body::Utf16(_))) {
        let gap: Vec<u8> = GAP.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let joined = bodies().flat_map(|body| body.map_or_else(|| gap.clone(), |body| bytes(body).to_vec()));
        return Body::Utf16(joined.collect());
    }
    let words = bodies().map(|body| match body {
        None => GAP.to_owned(),
        Some(Body::Text(text)) => text.clone(),
        Some(Body::Utf16(bytes)) => super::alphabet::decode_utf16(bytes).0,
        Some(Body::Binary(_)) => String::new(),
    });
    Body::Text(words.collect())
}

fn bytes(body: &Body) -> &[u8] {
    match body {
        Body::Text(text) => text.as_bytes(),
        Body::Utf16(bytes) | Body::Binary(bytes) => bytes,
    }
}

#[cfg(test)]
mod tests;
