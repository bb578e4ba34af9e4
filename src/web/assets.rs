//! Styles, scripts, fonts and icons: inside the program, under addresses that name their content, so that a browser asks
//! for each of them once.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// The embedded files: name and bytes.
const FILES: [(&str, &[u8]); 20] = [
    ("dkfds.css", include_bytes!("assets/dkfds/css/dkfds.min.css")),
    ("site.css", include_bytes!("assets/site.css")),
    ("form.js", include_bytes!("assets/form.js")),
    ("puzzle.js", include_bytes!("assets/puzzle.js")),
    (
        "IBMPlexSans-Regular-Latin1.woff2",
        include_bytes!("assets/dkfds/fonts/IBMPlexSans-Regular-Latin1.woff2"),
    ),
    ("IBMPlexSans-Medium-Latin1.woff2", include_bytes!("assets/dkfds/fonts/IBMPlexSans-Medium-Latin1.woff2")),
    (
        "IBMPlexSans-SemiBold-Latin1.woff2",
        include_bytes!("assets/dkfds/fonts/IBMPlexSans-SemiBold-Latin1.woff2"),
    ),
    (
        "IBMPlexSans-Regular-Latin2.woff2",
        include_bytes!("assets/dkfds/fonts/IBMPlexSans-Regular-Latin2.woff2"),
    ),
    (
        "IBMPlexSans-SemiBold-Latin2.woff2",
        include_bytes!("assets/dkfds/fonts/IBMPlexSans-SemiBold-Latin2.woff2"),
    ),
    ("check.svg", include_bytes!("assets/dkfds/img/svg-icons/check.svg")),
    ("check-white.svg", include_bytes!("assets/dkfds/img/svg-icons/check-white.svg")),
    ("chevron-down.svg", include_bytes!("assets/dkfds/img/svg-icons/chevron-down.svg")),
    ("crest.svg", include_bytes!("assets/crest.svg")),
    ("chevron-up.svg", include_bytes!("assets/dkfds/img/svg-icons/chevron-up.svg")),
    ("tokens.css", include_bytes!("assets/tokens.css")),
    ("app.css", include_bytes!("assets/app.css")),
    ("inbox.css", include_bytes!("assets/inbox.css")),
    ("inbox.js", include_bytes!("assets/inbox.js")),
    ("passkey.js", include_bytes!("assets/passkey.js")),
    ("icons.svg", include_bytes!("assets/icons.svg")),
];

/// Where the style sheet of the design system looks for its icons.
const DKFDS_ICONS: &str = "../img/svg-icons/";
/// How our own style sheet names other files.
const OURS: &str = "asset:";

/// The files, ready to be served. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Assets(Arc<BTreeMap<&'static str, Asset>>);

/// One of them.
#[derive(Clone, Debug)]
struct Asset {
    address: String,
    media_type: &'static str,
    bytes: Bytes,
    /// The same compressed; `None` for what is compressed already.
    gzip: Option<Bytes>,
}

impl Assets {
    /// Makes them, with a style sheet of the municipality's colours (as CSS writes them).
    pub fn new(accent: &str, bar: &str) -> Self {
        let theme = format!(":root{{--accent:{accent};--accent-fill:{accent};--bar:{bar}}}\n").into_bytes();
        let mut assets = BTreeMap::new();
        // What names others comes after what it names.
        let (sheets, others): (Vec<_>, Vec<_>) =
            FILES.into_iter().partition(|(name, _)| name.ends_with(".css"));
        for (name, bytes) in others {
            assets.insert(name, Asset::of(name, bytes.to_vec()));
        }
        for (name, bytes) in sheets {
            let mut text = String::from_utf8_lossy(bytes).into_owned();
            for (other, asset) in &assets {
                text = text
                    .replace(&format!("{DKFDS_ICONS}{other}"), &asset.address)
                    .replace(&format!("{OURS}{other}"), &asset.address);
            }
            assets.insert(name, Asset::of(name, text.into_bytes()));
        }
        assets.insert("theme.css", Asset::of("theme.css", theme));
        Self(Arc::new(assets))
    }

    /// The address of a file; empty for one that is not there, which a test keeps from happening.
    pub fn url(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |asset| asset.address.as_str())
    }
}

impl Asset {
    fn of(name: &str, bytes: Vec<u8>) -> Self {
        let hash: String = Sha256::digest(&bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let media_type = match ending {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            "woff2" => "font/woff2",
            _ => "application/octet-stream",
        };
        let gzip = if ending == "woff2" { None } else { gzip(&bytes) };
        Self { address: format!("/assets/{stem}.{hash}.{ending}"), media_type, bytes: bytes.into(), gzip }
    }
}

/// Bytes compressed as well as gzip can.
fn gzip(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// The routes of this room.
pub(super) fn routes(assets: Assets) -> Router {
    Router::new().route("/assets/{name}", get(serve)).with_state(assets)
}

async fn serve(State(assets): State<Assets>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = assets.0.values().find(|asset| asset.address.strip_prefix("/assets/") == Some(&name))
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let always = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, "Accept-Encoding"),
    ];
    match &asset.gzip {
        Some(gzip) if takes_gzip(&headers) => {
            (always, [(header::CONTENT_ENCODING, "gzip")], gzip.clone()).into_response()
        }
        _ => (always, asset.bytes.clone()).into_response(),
    }
}

/// Whether a browser takes gzip. One that weighs it with 0 does not (RFC 9110 section 12.5.3); none does that.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let taken =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    taken.split(',').any(|one| one.trim().split(';').next() == Some("gzip"))
}

/// A page compressed, when the browser takes that.
pub(super) fn compressed(headers: &HeaderMap, page: String) -> Response {
    match takes_gzip(headers).then(|| gzip(page.as_bytes())).flatten() {
        Some(gzip) => {
            ([(header::CONTENT_ENCODING, "gzip"), (header::VARY, "Accept-Encoding")], gzip).into_response()
        }
        None => page.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_names_nothing_that_is_not_there() {
        let assets = Assets::new("#0b5568", "#0a3d4b");
        let sheet = String::from_utf8(assets.0["site.css"].bytes.to_vec()).unwrap();
        assert!(!sheet.contains(OURS) && !sheet.contains("vendor/"), "every name has become an address");
        for piece in sheet.split("url(").skip(1) {
            let address = piece.split(')').next().unwrap();
            assert!(assets.0.values().any(|asset| asset.address == address), "{address}");
        }
        let theme = String::from_utf8(assets.0["theme.css"].bytes.to_vec()).unwrap();
        assert!(theme.contains("--accent:#0b5568") && theme.contains("--bar:#0a3d4b"));
    }

    #[test]
    fn another_content_has_another_address() {
        let (one, two) = (Assets::new("#0b5568", "#0a3d4b"), Assets::new("#0b5569", "#0a3d4b"));
        assert_ne!(one.url("theme.css"), two.url("theme.css"));
        assert_eq!(one.url("site.css"), two.url("site.css"));
        assert_eq!(one.url("nothing"), "");
    }

    #[test]
    fn what_was_taken_over_is_as_it_was() {
        let sums = include_str!("assets/dkfds/SHA256SUMS");
        let files: [(&str, &[u8]); 10] = [
            ("css/dkfds.min.css", FILES[0].1),
            ("fonts/IBMPlexSans-Regular-Latin1.woff2", FILES[4].1),
            ("fonts/IBMPlexSans-Medium-Latin1.woff2", FILES[5].1),
            ("fonts/IBMPlexSans-SemiBold-Latin1.woff2", FILES[6].1),
            ("fonts/IBMPlexSans-Regular-Latin2.woff2", FILES[7].1),
            ("fonts/IBMPlexSans-SemiBold-Latin2.woff2", FILES[8].1),
            ("img/svg-icons/check.svg", FILES[9].1),
            ("img/svg-icons/check-white.svg", FILES[10].1),
            ("img/svg-icons/chevron-down.svg", FILES[11].1),
            ("img/svg-icons/chevron-up.svg", FILES[13].1),
        ];
        for (name, bytes) in files {
            let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(sums.contains(&format!("{hash}  {name}")), "{name}");
        }
    }
}
