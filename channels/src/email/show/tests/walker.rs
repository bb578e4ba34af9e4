//! The judge: parses what is shown as a browser does, and looks at every element and attribute. Its lists are its own, so
//! that a mistake in the table of what is allowed shows.

use html5ever::tendril::TendrilSink;
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_document, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::super::Shown;

const ELEMENTS: &str = "a abbr b bdi big blockquote br caption center cite code col colgroup dd del dfn div dl dt em font h1 \
    h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub sup table tbody td tfoot th thead tr \
    tt u ul var wbr";

const ATTRIBUTES: &str = "align alt bgcolor border cellpadding cellspacing color colspan dir face height href lang rel role \
    rowspan size span src start style target title type valign value width";

const PROPERTIES: &str = "background-color border border-bottom border-bottom-color border-bottom-style \
    border-bottom-width border-collapse border-color border-left border-left-color border-left-style border-left-width \
    border-radius border-right border-right-color border-right-style border-right-width border-spacing border-style \
    border-top border-top-color border-top-style border-top-width border-width box-sizing caption-side clear color \
    direction display empty-cells float font-family font-size font-style font-variant font-weight height letter-spacing \
    line-height list-style-type margin margin-bottom margin-left margin-right margin-top max-height max-width min-height \
    min-width overflow overflow-wrap padding padding-bottom padding-left padding-right padding-top table-layout \
    text-align text-decoration text-decoration-line text-indent text-transform vertical-align visibility white-space \
    width word-break word-spacing word-wrap";

/// What the judge saw.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Elements inside the body.
    pub(super) elements: usize,
    /// Their text.
    pub(super) text: String,
    /// Addresses of links.
    pub(super) links: Vec<String>,
    /// Addresses of pictures.
    pub(super) pictures: Vec<String>,
}

/// Judges a letter both as a document and as a fragment inside a page, with and without scripts.
pub(super) fn judge(shown: &Shown) -> Result<Seen, String> {
    let mut seen = Seen::default();
    for scripting_enabled in [true, false] {
        let tree_builder = TreeBuilderOpts { scripting_enabled, ..TreeBuilderOpts::default() };
        let options = ParseOpts { tree_builder, ..ParseOpts::default() };
        let document = parse_document(RcDom::default(), options.clone()).one(shown.document(Some("da")));
        document_of(&document)?;
        let context = QualName::new(None, ns!(html), local_name!("body"));
        let fragment = parse_fragment(RcDom::default(), options, context, Vec::new(), scripting_enabled)
            .one(shown.fragment.as_str());
        seen = Seen::default();
        // The fragment's own root stands for the page around it.
        for root in fragment.document.children.borrow().iter() {
            for child in root.children.borrow().iter() {
                walk(child, &mut seen)?;
            }
        }
    }
    Ok(seen)
}

fn document_of(dom: &RcDom) -> Result<(), String> {
    let children = dom.document.children.borrow();
    let html = children.iter().find(|child| name(child).is_some()).ok_or("no root")?;
    if name(html).as_deref() != Some("html") || children.len() != 2 {
        return Err("the document is more than its root and doctype".to_owned());
    }
    let parts = html.children.borrow();
    let names: Vec<_> = parts.iter().filter_map(name).collect();
    if names != ["head", "body"] {
        return Err(format!("the root holds {names:?}"));
    }
    let head: Vec<_> = parts[0].children.borrow().iter().filter_map(name).collect();
    if head != ["meta", "meta", "meta", "meta", "style"] {
        return Err(format!("the head holds {head:?}"));
    }
    let body = parts.iter().find(|part| name(part).as_deref() == Some("body")).ok_or("no body")?;
    if let NodeData::Element { attrs, .. } = &body.data
        && !attrs.borrow().is_empty()
    {
        return Err("the body has attributes".to_owned());
    }
    let mut seen = Seen::default();
    for child in body.children.borrow().iter() {
        walk(child, &mut seen)?;
    }
    Ok(())
}

fn name(node: &Handle) -> Option<String> {
    match &node.data {
        NodeData::Element { name, .. } => Some(name.local.to_string()),
        _ => None,
    }
}

fn walk(root: &Handle, seen: &mut Seen) -> Result<(), String> {
    let mut nodes = vec![root.clone()];
    while let Some(node) = nodes.pop() {
        match &node.data {
            NodeData::Text { contents } => seen.text.push_str(&contents.borrow()),
            NodeData::Element { name, attrs, template_contents, .. } => {
                seen.elements += 1;
                let local = name.local.to_string();
                let known = ELEMENTS.split_whitespace().any(|known| known == local);
                if name.ns != ns!(html) || name.prefix.is_some() || !known {
                    return Err(format!("the element {local} in {}", name.ns));
                }
                if template_contents.borrow().is_some() {
                    return Err("a template".to_owned());
                }
                let mut linked = (false, false);
                for attribute in attrs.borrow().iter() {
                    let (key, value) = (attribute.name.local.to_string(), attribute.value.to_string());
                    if attribute.name.ns != ns!() || attribute.name.prefix.is_some() {
                        return Err(format!("the attribute {key} in a namespace"));
                    }
                    check(&local, &key, &value, seen)
                        .map_err(|why| format!("{local} {key}={value:?}: {why}"))?;
                    linked.0 |= key == "rel";
                    linked.1 |= key == "target";
                }
                if local == "a" && linked != (true, true) {
                    return Err("a link that opens here or says who it comes from".to_owned());
                }
                nodes.extend(node.children.borrow().iter().rev().cloned());
            }
            NodeData::Comment { .. } => return Err("a comment".to_owned()),
            NodeData::ProcessingInstruction { .. } | NodeData::Doctype { .. } | NodeData::Document => {
                return Err("a declaration".to_owned());
            }
        }
    }
    Ok(())
}

fn check(element: &str, key: &str, value: &str, seen: &mut Seen) -> Result<(), &'static str> {
    if !ATTRIBUTES.split_whitespace().any(|known| known == key) {
        return Err("unknown");
    }
    let plain =
        |value: &str| value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"#%-(),. ".contains(&byte));
    let right = match (element, key) {
        ("a", "href") => {
            seen.links.push(value.to_owned());
            let schemes = ["http://", "https://", "mailto:", "tel:"];
            schemes.iter().any(|scheme| value.starts_with(scheme))
                && value.bytes().all(|byte| byte > 0x20 && byte < 0x7f && !b"\"<>".contains(&byte))
        }
        ("a", "rel") => value == "noopener noreferrer nofollow",
        ("a", "target") => value == "_blank",
        ("img", "src") => {
            seen.pictures.push(value.to_owned());
            ["gif;base64,R0lG", "jpeg;base64,/9j/", "png;base64,iVBORw0KGgo", "webp;base64,UklGR"]
                .iter()
                .any(|sort| value.strip_prefix("data:image/").is_some_and(|rest| rest.starts_with(sort)))
        }
        (_, "href" | "src" | "rel" | "target") => false,
        (_, "style") => return style(value),
        ("font", "face") => !value.contains(['"', ';', '(', '\\', '<']),
        (_, "alt" | "title") => {
            !value.chars().any(|c| c.is_control() || matches!(c, '\u{202d}' | '\u{202e}'))
        }
        (_, "colspan" | "rowspan" | "span") => value.parse::<u32>().is_ok_and(|span| span <= 1_000),
        _ => plain(value),
    };
    if right { Ok(()) } else { Err("this value") }
}

fn style(value: &str) -> Result<(), &'static str> {
    for declaration in value.split(';') {
        let (property, value) = declaration.split_once(':').ok_or("no declaration")?;
        if !PROPERTIES.split_whitespace().any(|known| known == property) {
            return Err("this property");
        }
        if property == "font-family" {
            if value.contains(['(', '\\', '"', '<', '>', '&', '@', '{', '}', '/', ':']) {
                return Err("these fonts");
            }
            continue;
        }
        let known = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"#%-(),.+/ ".contains(&byte));
        let mut calls = value.split('(');
        let last = calls.next_back();
        let colours = calls.all(|before| {
            ["rgb", "rgba", "hsl", "hsla"].iter().any(|f| before.to_ascii_lowercase().ends_with(f))
        });
        let negative = value.starts_with('-') || value.contains(" -") || value.contains(",-");
        let moved = ["fixed", "absolute", "sticky", "relative", "flex", "grid", "contents"].contains(&value);
        if !known || !colours || negative || moved || last.is_none() {
            return Err("this style");
        }
    }
    Ok(())
}
