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
use crate::domain::enquiry::Kind;
use crate::domain::statistics::fact::Promise;
use crate::domain::statistics::period::Period;

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

/// Enquiries that began in a period: this year so far, unless another one is asked for. By the same definitions as the page
/// *Statistik*; a closed year as it was published. Sparring and spam are in no figure.
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
    let period = Period::through(from, to)
        .map_err(|_| Problem::parameter("to: a day that is not before the first one"))?;
    let counted = api.counted(period).await?;
    let tally = &counted.tally;
    let (mut channels, mut areas, mut kinds) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for ((channel, _), count) in tally.ways.iter() {
        *channels.entry(channel.as_str().to_owned()).or_insert(0) += count;
    }
    for ((area, kind), count) in tally.areas.iter() {
        *areas.entry(*area).or_insert(0) += count;
        let kind = kind.map_or("none", Kind::as_str);
        *kinds.entry(kind.to_owned()).or_insert(0) += count;
    }
    let area = |(area, count): (Option<i64>, i64)| AreaSum {
        area,
        name: area.and_then(|area| api.areas().get(AreaId(area))).map(|area| area.name.clone()),
        count,
    };
    let promises = tally.promises_on(today);
    let stands = |promise: Promise| -> i64 {
        promises.iter().filter(|((_, one), _)| *one == promise).map(|(_, count)| count).sum()
    };
    Ok(Json(Statistics {
        from,
        to,
        total: tally.begun(),
        persons: counted.persons,
        closed: tally.closed(),
        open: counted.open,
        channels,
        areas: areas.into_iter().map(area).collect(),
        kinds,
        promises: PromiseSums {
            kept: stands(Promise::Kept),
            broken: stands(Promise::Broken),
            open: stands(Promise::Runs),
            ended: stands(Promise::Ended),
            unknown: stands(Promise::Unknown),
        },
    }))
}
