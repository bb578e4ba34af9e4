//! Every route of the inbox, and what somebody must be allowed to reach it. There is no route without a row here: what has
//! none is not found, whoever asks.
//!
//! Which enquiries somebody sees is the store's to say, by their scope; this table says which doors they have at all.

use axum::http::Method;

use crate::domain::account::{Act, Role, Sight, may};

/// What a route asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Anybody may ask: signing in.
    Nobody,
    /// Somebody who may do this, to some enquiry at least.
    May(Act),
}

const READ: Need = Need::May(Act::Read(Sight::New));
const WORK: Need = Need::May(Act::Work(Sight::New));

/// Method, path, need.
pub const ROUTES: &[(Method, &str, Need)] = &[
    (Method::GET, "/indbakke/log-ind", Need::Nobody),
    (Method::POST, "/indbakke/log-ind", Need::Nobody),
    (Method::GET, "/indbakke/log-ind/kommune", Need::Nobody),
    (Method::POST, "/indbakke/log-ind/kommune", Need::Nobody),
    (Method::GET, "/indbakke/log-ind/kode", Need::Nobody),
    (Method::POST, "/indbakke/log-ind/kode", Need::Nobody),
    (Method::POST, "/indbakke/log-ind/noegle/begynd", Need::Nobody),
    (Method::POST, "/indbakke/log-ind/noegle", Need::Nobody),
    (Method::GET, "/indbakke/velkommen/{token}", Need::Nobody),
    (Method::POST, "/indbakke/velkommen/{token}", Need::Nobody),
    (Method::POST, "/indbakke/log-ud", Need::May(Act::Own)),
    (Method::GET, "/indbakke", Need::May(Act::Own)),
    (Method::GET, "/indbakke/h/{id}", READ),
    (Method::GET, "/indbakke/h/{id}/besked/{arrival}/original", READ),
    (Method::GET, "/indbakke/h/{id}/besked/{arrival}/visning", READ),
    (Method::GET, "/indbakke/h/{id}/moede/{note}", READ),
    (Method::GET, "/indbakke/h/{id}/besked/{arrival}/fil/{number}", READ),
    (Method::GET, "/indbakke/h/{id}/sendt/{file}", READ),
    (Method::GET, "/indbakke/h/{id}/log", Need::May(Act::Log)),
    (Method::POST, "/indbakke/h/{id}/trin", WORK),
    (Method::POST, "/indbakke/h/{id}/svar", WORK),
    (Method::POST, "/indbakke/h/{id}/kladde", WORK),
    (Method::POST, "/indbakke/h/{id}/fil", WORK),
    (Method::POST, "/indbakke/h/{id}/note", WORK),
    (Method::POST, "/indbakke/h/{id}/note/{note}/fjern", WORK),
    (Method::POST, "/indbakke/h/{id}/set", WORK),
    (Method::POST, "/indbakke/h/{id}/afslut", WORK),
    (Method::POST, "/indbakke/h/{id}/forsinkelse", WORK),
    (Method::POST, "/indbakke/h/{id}/videresend", WORK),
    (Method::POST, "/indbakke/h/{id}/samtykke", WORK),
    (Method::POST, "/indbakke/h/{id}/opdel", WORK),
    (Method::POST, "/indbakke/h/{id}/saml", WORK),
    (Method::POST, "/indbakke/h/{id}/tilbage", WORK),
    (Method::POST, "/indbakke/h/{id}/person", Need::May(Act::People(Sight::New))),
    (Method::POST, "/indbakke/h/{id}/adgang", Need::May(Act::Accounts)),
    (Method::POST, "/indbakke/h/{id}/slet", Need::May(Act::Accounts)),
    (Method::POST, "/indbakke/h/{id}/her", WORK),
    (Method::POST, "/indbakke/fortryd", WORK),
    (Method::POST, "/indbakke/valgte", WORK),
    (Method::POST, "/indbakke/soeg", Need::May(Act::List)),
    (Method::GET, "/indbakke/hold", Need::May(Act::Shelf)),
    (Method::GET, "/indbakke/hold/{arrival}", Need::May(Act::Shelf)),
    (Method::POST, "/indbakke/hold/{arrival}", Need::May(Act::Shelf)),
    (Method::GET, "/indbakke/hold/{arrival}/original", Need::May(Act::Shelf)),
    (Method::GET, "/indbakke/ny", Need::May(Act::Enter)),
    (Method::POST, "/indbakke/ny", Need::May(Act::Enter)),
    (Method::GET, "/indbakke/nyt", Need::May(Act::List)),
    (Method::GET, "/indbakke/tal", Need::May(Act::List)),
    (Method::POST, "/indbakke/blokering", Need::May(Act::Block)),
    (Method::POST, "/indbakke/visninger", Need::May(Act::Texts)),
    (Method::GET, "/indbakke/indstillinger", Need::May(Act::Own)),
    (Method::POST, "/indbakke/indstillinger", Need::May(Act::Own)),
    (Method::GET, "/indbakke/koder", Need::May(Act::Own)),
    (Method::POST, "/indbakke/koder", Need::May(Act::Own)),
    (Method::GET, "/indbakke/noegler", Need::May(Act::Own)),
    (Method::POST, "/indbakke/noegler", Need::May(Act::Own)),
    (Method::POST, "/indbakke/noegler/begynd", Need::May(Act::Own)),
    (Method::POST, "/indbakke/standardtekster", Need::May(Act::Texts)),
    (Method::GET, "/indbakke/konti", Need::May(Act::Accounts)),
    (Method::POST, "/indbakke/konti", Need::May(Act::Accounts)),
    (Method::GET, "/indbakke/programmer", Need::May(Act::Programs)),
    (Method::POST, "/indbakke/programmer", Need::May(Act::Programs)),
    (Method::GET, "/indbakke/log", Need::May(Act::Log)),
    (Method::GET, "/indbakke/statistik", Need::May(Act::Figures)),
    (Method::GET, "/indbakke/statistik/hent", Need::May(Act::Figures)),
    (Method::GET, "/indbakke/statistik/billede/{name}", Need::May(Act::Figures)),
    (Method::GET, "/indbakke/aktiviteter", Need::May(Act::Figures)),
    (Method::POST, "/indbakke/aktiviteter", Need::May(Act::Figures)),
    (Method::GET, "/indbakke/historik", Need::May(Act::Figures)),
    (Method::POST, "/indbakke/historik", Need::May(Act::Figures)),
    (Method::GET, "/indbakke/historik/skabelon", Need::May(Act::Figures)),
    (Method::GET, "/indbakke/beretning", Need::May(Act::Figures)),
    (Method::POST, "/indbakke/beretning", Need::May(Act::Figures)),
    (Method::GET, "/indbakke/beretning/hent", Need::May(Act::Figures)),
    (Method::GET, "/indbakke/drift", Need::May(Act::Operations)),
    (Method::GET, "/indbakke/genveje", Need::May(Act::Own)),
];

/// What a route asks for; `None` for one that has no row.
pub fn need(method: &Method, path: &str) -> Option<Need> {
    // What can be asked for can be asked for without its body.
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    ROUTES.iter().find(|(one, route, _)| one == method && *route == path).map(|(_, _, need)| *need)
}

/// Whether somebody in a role has a door.
pub fn opens(role: Option<Role>, need: Need) -> bool {
    match (need, role) {
        (Need::Nobody, _) => true,
        (Need::May(_), None) => false,
        (Need::May(act), Some(role)) => may(role, act),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_route_has_one_row() {
        for (index, (method, path, _)) in ROUTES.iter().enumerate() {
            assert!(
                !ROUTES[..index].iter().any(|(one, route, _)| one == method && route == path),
                "{method} {path} twice"
            );
        }
        assert_eq!(need(&Method::GET, "/indbakke/andet"), None);
        assert_eq!(need(&Method::DELETE, "/indbakke"), None);
        assert_eq!(need(&Method::HEAD, "/indbakke"), need(&Method::GET, "/indbakke"));
    }

    #[test]
    fn an_operator_reaches_nothing_that_holds_content() {
        let reached: Vec<&str> = ROUTES
            .iter()
            .filter(|(_, _, need)| opens(Some(Role::Operator), *need) && *need != Need::Nobody)
            .map(|(_, path, _)| *path)
            .collect();
        assert_eq!(
            reached,
            [
                "/indbakke/log-ud",
                "/indbakke",
                "/indbakke/indstillinger",
                "/indbakke/indstillinger",
                "/indbakke/koder",
                "/indbakke/koder",
                "/indbakke/noegler",
                "/indbakke/noegler",
                "/indbakke/noegler/begynd",
                "/indbakke/drift",
                "/indbakke/genveje",
            ],
            "the list sends an operator on to how the system runs"
        );
    }
}
