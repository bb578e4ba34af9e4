//! The second wall: parses what the first let through as browsers do, and takes out whatever is not allowed.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::allowed::{self, Value};
use super::{address, picture};

/// What every link says of itself: the page that it leads to learns nothing of ours and cannot reach it.
const REL: &str = "noopener noreferrer nofollow";
/// Where every link opens.
const TARGET: &str = "_blank";

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut tags = HashSet::new();
    let mut attributes: HashMap<&str, HashSet<&str>> = HashMap::new();
    for element in allowed::elements() {
        tags.insert(element.shown);
        let own = element.attributes.iter().filter(|_| element.name == element.shown).map(|(name, _)| *name);
        attributes.entry(element.shown).or_default().extend(own);
    }
    let mut schemes: HashSet<&str> = address::SCHEMES.into_iter().collect();
    // Only for pictures: the filter below keeps it from links.
    schemes.insert("data");
    let mut builder = Builder::empty();
    builder
        .tags(tags)
        .clean_content_tags(["script", "style", "template"].into_iter().collect())
        .tag_attributes(attributes)
        .generic_attributes(allowed::EVERYWHERE.iter().map(|(name, _)| *name).collect())
        .url_schemes(schemes)
        .url_relative(UrlRelative::Deny)
        .strip_comments(true)
        .link_rel(Some(REL))
        .set_tag_attribute_value("a", "target", TARGET)
        .attribute_filter(attribute);
    builder
});

/// The markup without anything that is not allowed.
pub(super) fn clean(markup: &str) -> String {
    SANITISER.clean(markup).to_string()
}

/// Whether an attribute stays, by the same table that the first wall reads.
fn attribute<'v>(element: &str, name: &str, written: &'v str) -> Option<Cow<'v, str>> {
    if element == "a" && matches!((name, written), ("rel", REL) | ("target", TARGET)) {
        return Some(Cow::Borrowed(written));
    }
    let allowed = allowed::element(element.as_bytes()).and_then(|element| allowed::value(element, name))?;
    let stays = match allowed {
        Value::Picture => picture::is_shown(written),
        Value::Link => address::is_link(written),
        // What the first wall wrote is already as it would be written again.
        value => value.clean(written).is_some_and(|cleaned| cleaned == written),
    };
    stays.then_some(Cow::Borrowed(written))
}
