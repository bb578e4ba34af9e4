//! A digest over the body's raw bytes in a header field, as a preset describes it: GatewayAPI's `Signature`,
//! android-sms-gateway's `X-Signature` with the time behind the body.

use jiff::Timestamp;

use super::{Algorithm, Encoding, Input, NotVerified, Verified, is_near, mac};
use crate::sms::wire::Call;

/// What the preset says.
pub(super) struct Recipe<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) header: &'a str,
    pub(super) prefix: &'a str,
    pub(super) encoding: Encoding,
    pub(super) input: &'a [Input],
    pub(super) timestamp_header: Option<&'a str>,
    pub(super) max_skew_seconds: u64,
}

pub(super) fn check(
    call: &Call,
    recipe: &Recipe<'_>,
    key: &[u8],
    now: Timestamp,
) -> Result<Verified, NotVerified> {
    // A digest that leaves out the body proves nothing about the message, nor one that leaves out the time about the
    // time. The preset's own check refuses such a recipe; this is for one that was made otherwise.
    let covers_time = |header: &str| {
        recipe.input.iter().any(|one| matches!(one, Input::Header(name) if name.eq_ignore_ascii_case(header)))
    };
    if !recipe.input.contains(&Input::Body) || recipe.timestamp_header.is_some_and(|name| !covers_time(name))
    {
        return Err(NotVerified::NotConfigured);
    }
    let field = |name: &str| call.header(&name.to_ascii_lowercase()).ok_or(NotVerified::Missing);
    let written = field(recipe.header)?;
    let mut pieces = Vec::with_capacity(recipe.input.len());
    for one in recipe.input {
        pieces.push(match one {
            Input::Body => call.body.as_slice(),
            Input::Header(name) => field(name)?.as_bytes(),
            Input::Literal(text) => text.as_bytes(),
        });
    }
    let tag = written.trim().strip_prefix(recipe.prefix).and_then(|rest| mac::decode(rest, recipe.encoding));
    if !tag.is_some_and(|tag| mac::holds(recipe.algorithm, key, pieces, &tag)) {
        return Err(NotVerified::Wrong);
    }
    // After the signature: a time that nobody vouches for is not worth a word to the operator.
    if let Some(name) = recipe.timestamp_header {
        let seconds = field(name)?.trim().parse().map_err(|_| NotVerified::Wrong)?;
        if !is_near(seconds, now, recipe.max_skew_seconds) {
            return Err(NotVerified::Stale);
        }
    }
    Ok(Verified::AsIs)
}
