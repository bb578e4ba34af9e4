//! The ledger and the statistics: sums, and nobody's name.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Query, State};
use jiff::civil::Date;

use super::Api;
use super::enquiries::{Asked, parsed};
use super::problem::Problem;
use super::shapes::{AreaSum, LedgerSums, PromiseSums, Statistics};
use crate::domain::area::AreaId;

/// The ledger: received = the sum of dispositions, at any time.
#[utoipa::path(
    get,
    path = "/api/v1/ledger",
    tag = "figures",
    security(("token" = ["ledger:read"])),
    responses((status = 200, description = "The ledger as it stands", body = LedgerSums)),
)]
pub(super) async fn ledger(State(api): State<Api>) -> Result<Json<LedgerSums>, Problem> {
    Ok(Json(api.store().ledger(false).await?.into()))
}

/// Enquiries that began in a period: this year so far, unless another one is asked for. Sparring and spam are in no figure.
#[utoipa::path(
    get,
    path = "/api/v1/statistics",
    tag = "figures",
    security(("token" = ["statistics:read"])),
    params(
        ("from" = Option<String>, Query, format = Date, description = "the first day"),
        ("to" = Option<String>, Query, format = Date, description = "the last day"),
    ),
    responses(
        (status = 200, description = "The sums", body = Statistics),
        (status = 400, description = "A parameter cannot be read", body = Problem,
         content_type = "application/problem+json"),
    ),
)]
pub(super) async fn statistics(State(api): State<Api>, asked: Asked) -> Result<Json<Statistics>, Problem> {
    let Ok(Query(asked)) = asked else {
        return Err(Problem::parameter("The query cannot be read."));
    };
    let today = api.today();
    let (mut from, mut to) = (today.first_of_year(), today);
    for (name, value) in &asked {
        match name.as_str() {
            "from" => from = parsed::<Date>(value, "from: a day such as 2026-01-31")?,
            "to" => to = parsed::<Date>(value, "to: a day such as 2026-01-31")?,
            _ => return Err(Problem::parameter("There is a parameter that this path does not take.")),
        }
    }
    if to < from {
        return Err(Problem::parameter("to: a day that is not before the first one"));
    }
    let sums = api.store().api_sums(from, to, today).await?;
    let mut total = 0;
    let (mut channels, mut areas) = (BTreeMap::new(), BTreeMap::new());
    let (mut kinds, mut states) = (BTreeMap::new(), BTreeMap::new());
    for (channel, area, kind, state, count) in sums.groups {
        let kind = if kind.is_empty() { "none".to_owned() } else { kind };
        total += count;
        *channels.entry(channel.as_str().to_owned()).or_insert(0) += count;
        *areas.entry(area).or_insert(0) += count;
        *kinds.entry(kind).or_insert(0) += count;
        *states.entry(state.as_str().to_owned()).or_insert(0) += count;
    }
    let area = |(area, count): (i64, i64)| AreaSum {
        area: (area != 0).then_some(area),
        name: api.areas().get(AreaId(area)).map(|area| area.name.clone()),
        count,
    };
    Ok(Json(Statistics {
        from,
        to,
        total,
        channels,
        areas: areas.into_iter().map(area).collect(),
        kinds,
        states,
        promises: PromiseSums { kept: sums.kept, broken: sums.broken, open: sums.open },
    }))
}
