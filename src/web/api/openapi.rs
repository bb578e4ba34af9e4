//! The API's description, generated from its handlers and shapes. Holds nothing of anybody's, so anybody may read it.

use axum::Json;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{Modify, OpenApi as _};

use super::{enquiries, figures, messages, problem};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Indgang",
        description = "What programs of the municipality's may read and change in the citizens' adviser's inbox. Every reading of content is in the inbox's log. Errors are application/problem+json (RFC 9457).",
        version = "1",
    ),
    paths(
        document,
        enquiries::list,
        enquiries::one,
        enquiries::change,
        messages::list,
        messages::one,
        messages::original,
        figures::ledger,
        figures::statistics,
    ),
    components(schemas(problem::Problem)),
    modifiers(&Everywhere),
)]
struct Description;

/// What holds for every path: the token, and what the guard answers.
struct Everywhere;

impl Modify for Everywhere {
    fn modify(&self, description: &mut OpenApi) {
        if let Some(components) = &mut description.components {
            let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
            components.add_security_scheme("token", SecurityScheme::Http(scheme));
        }
        for item in description.paths.paths.values_mut() {
            for operation in [&mut item.get, &mut item.patch].into_iter().flatten() {
                if operation.security.is_none() {
                    continue;
                }
                for (status, words) in [
                    ("401", "No valid token"),
                    ("403", "The token lacks the right"),
                    ("429", "Too many requests; see Retry-After"),
                    ("503", "The database does not answer"),
                ] {
                    operation.responses.responses.insert(status.to_owned(), RefOr::T(problem_as(words)));
                }
            }
        }
    }
}

fn problem_as(words: &str) -> Response {
    let content =
        utoipa::openapi::ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(words).content("application/problem+json", content).build()
}

/// The description as it is served.
pub fn description() -> OpenApi {
    Description::openapi()
}

/// This description.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "description",
    responses((status = 200, description = "The description (OpenAPI 3.1)", body = serde_json::Value)),
)]
pub(super) async fn document() -> Json<OpenApi> {
    Json(description())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::table::ROUTES;
    use super::*;

    #[test]
    fn every_route_is_described_with_its_right_and_nothing_else_is() {
        let described = serde_json::to_value(description()).unwrap();
        let mut found = BTreeSet::new();
        for (path, item) in described["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let right = operation["security"][0]["token"][0].as_str().map(str::to_owned);
                found.insert((method.to_uppercase(), path.clone(), right));
            }
        }
        let table: BTreeSet<_> = ROUTES
            .iter()
            .map(|(method, path, right)| {
                (method.to_string(), (*path).to_owned(), right.map(|right| right.as_str().to_owned()))
            })
            .collect();
        assert_eq!(found, table);
        assert!(described["openapi"].as_str().unwrap().starts_with("3.1"));
    }

    /// A client that is generated from it must not empty what nobody named.
    #[test]
    fn a_change_needs_nothing_and_takes_nothing_for_granted() {
        let described = serde_json::to_value(description()).unwrap();
        let change = &described["components"]["schemas"]["EnquiryChange"];
        assert!(change.get("required").is_none(), "{change:#}");
        let fields = change["properties"].as_object().unwrap();
        assert_eq!(fields.len(), 11);
        let granted: Vec<&String> =
            fields.iter().filter(|(_, field)| field.get("default").is_some()).map(|(name, _)| name).collect();
        assert!(granted.is_empty(), "{granted:?}");
    }
}
