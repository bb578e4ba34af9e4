//! How a link reads: its words, and its address where the words do not say it.

use super::element::Element;

/// Addresses are written up to this length, in characters.
const LONGEST: usize = 2000;

/// An open link that leads out of the letter.
pub(super) struct Link {
    address: String,
    pub(super) title: String,
    /// Where in the text it began.
    pub(super) start: usize,
    /// Whether anything but pictures stood in it.
    pub(super) words: bool,
}

impl Link {
    /// The link that begins here; `None` for anchors, scripts and addresses inside the letter.
    pub(super) fn new(element: &Element<'_>, start: usize) -> Option<Self> {
        let address = element.attribute(b"href");
        let lower = address.to_lowercase();
        let leads_out = ["http:", "https:", "mailto:", "tel:", "sms:", "ftp:", "www."];
        leads_out.iter().any(|scheme| lower.starts_with(scheme)).then(|| Self {
            address,
            title: element.attribute(b"title"),
            start,
            words: false,
        })
    }

    /// Whether what was written in the link is its address already.
    pub(super) fn is_said_by(&self, written: &str) -> bool {
        // Words much longer than any address are not compared: a link left open holds the rest of the letter.
        let written = written.trim();
        !written.is_empty() && written.len() <= 2 * LONGEST && bare(written) == bare(&self.address)
    }

    /// The link's own name, when a picture without words stands in it.
    pub(super) fn title_for_picture(&self, written: &str) -> Option<&str> {
        (!self.words && !self.title.is_empty() && written.trim().is_empty()).then_some(self.title.as_str())
    }

    /// The address as it is written after the words.
    pub(super) fn written(&self) -> String {
        let address = self.address.strip_prefix("mailto:").unwrap_or(&self.address);
        match address.char_indices().nth(LONGEST) {
            Some((cut, _)) => format!("{}…", &address[..cut]),
            None => address.to_owned(),
        }
    }
}

/// An address as people write it: without scheme, `www.`, final slash and case.
fn bare(address: &str) -> String {
    let lower = address.trim().to_lowercase();
    let mut bare = lower.as_str();
    for prefix in ["mailto:", "tel:", "sms:", "https://", "http://", "www."] {
        bare = bare.strip_prefix(prefix).unwrap_or(bare);
    }
    bare.trim_matches(['/', '<', '>', '(', ')', '[', ']', ' ', '.'])
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}
