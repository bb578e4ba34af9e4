//! Programs, and other systems that are told, on the store's side.

use std::collections::BTreeSet;

use indgang::domain::account::{Role, Scope};
use indgang::domain::area::AreaId;
use indgang::domain::arrival::{ArrivalId, Disposition};
use indgang::domain::program::{Right, Rights};
use indgang::domain::task::Task;
use indgang::domain::triage::{Step, Welcome};
use indgang::store::Store;
use indgang::store::accounts::NewAccount;
use indgang::store::api::{ApiAsk, ApiStepped};
use indgang::store::inbox::Actor;
use indgang::store::inbox::shelf::Verdict;
use indgang::store::programs::NewProgram;
use indgang_channels::message::Channel;
use jiff::SignedDuration;
use jiff::civil::date;

use crate::support::{Fresh, NOW, TestDesk, letter, not_due};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

async fn gitte(store: &Store) -> Actor {
    let new = NewAccount {
        login: "gitte@kommune.example".to_owned(),
        name: "Gitte Holm".to_owned(),
        role: Role::Adviser,
        language: "da".to_owned(),
        time: (None, None),
    };
    let account = store.account_make(&new, None, NOW).await.unwrap().unwrap();
    Actor { account, scope: Scope::All }
}

pub(crate) async fn a_token_holds_until_it_ends_by_any_way(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let rights = Rights(BTreeSet::from([Right::LedgerRead]));
    let new = NewProgram { name: "Journal".to_owned(), rights, account: who.account, expires_at: NOW + HOUR };
    let first = store.token_make(&new, &[1; 32], NOW).await.unwrap();
    store.token_make(&new, &[2; 32], NOW).await.unwrap();
    let seen = store.token_see(&[1; 32], NOW).await.unwrap().unwrap();
    assert_eq!((seen.id, seen.account.id, seen.rights.has(Right::LedgerRead)), (first, who.account, true));
    assert!(!seen.rights.has(Right::MessagesRead));
    assert!(store.token_see(&[3; 32], NOW).await.unwrap().is_none());
    assert!(store.token_see(&[1; 32], NOW + HOUR).await.unwrap().is_none(), "it has run out");
    assert_eq!(store.tokens().await.unwrap()[1].used_at, Some(NOW));
    store.token_revoke(first, who.account, NOW).await.unwrap();
    assert!(store.token_see(&[1; 32], NOW).await.unwrap().is_none());
    assert!(store.token_see(&[2; 32], NOW).await.unwrap().is_some());
    store.account_end(who.account, None, NOW).await.unwrap();
    assert!(store.token_see(&[2; 32], NOW).await.unwrap().is_none());
    assert!(store.tokens().await.unwrap().iter().all(|line| line.ended));
    assert!(store.log_verify().await.unwrap().broken_at.is_none());
}

pub(crate) async fn a_program_sees_what_its_account_sees(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let letters: Vec<_> = (1..)
        .zip(["a@b.example", "c@b.example", "e@b.example"])
        .map(|(n, from)| letter(n, from, &n.to_string()))
        .collect();
    store.letters_file(&letters, &TestDesk::default(), NOW).await.unwrap();
    let all = store.api_enquiries(&who, &ApiAsk::default(), 10).await.unwrap();
    let ids: Vec<_> = all.iter().map(|one| one.id).collect();
    assert_eq!(ids.len(), 3);
    // Page by page is the same as all at once.
    let mut after = 0;
    for one in &all {
        let page = store.api_enquiries(&who, &ApiAsk { after, ..ApiAsk::default() }, 1).await.unwrap();
        assert_eq!(page, std::slice::from_ref(one));
        after = one.id.0;
    }
    let tasks = BTreeSet::from([Task::Rights, Task::Dialogue]);
    let steps = [Step::Area(Some(AreaId(1))), Step::Tasks(tasks.clone()), Step::TakeUp];
    let later = NOW + HOUR;
    let step = async |found| store.api_step(&who, found, &steps, "act", "program 1", later).await.unwrap();
    let ApiStepped::Done(now) = step(&all[1]).await else { panic!("it is done") };
    assert_eq!((now.area, now.tasks.iter().copied().collect()), (Some(AreaId(1)), tasks));
    assert_eq!(step(&all[1]).await, ApiStepped::Stale);
    let refused = store.api_step(&who, &now, &[Step::Close(Welcome::Said)], "b", "", later).await;
    assert!(matches!(refused.unwrap(), ApiStepped::Refused(_)));
    let counted = async |ask: ApiAsk| store.api_enquiries(&who, &ask, 10).await.unwrap().len();
    assert_eq!(counted(ApiAsk { updated_since: Some(later), ..ApiAsk::default() }).await, 1);
    assert_eq!(
        counted(ApiAsk { area: Some(AreaId(1)), channel: Some(Channel::Email), ..ApiAsk::default() }).await,
        1
    );
    assert_eq!(
        counted(ApiAsk { from: Some(date(2026, 2, 2)), to: Some(date(2026, 2, 2)), ..ApiAsk::default() })
            .await,
        3
    );
    assert_eq!(counted(ApiAsk { from: Some(date(2026, 2, 3)), ..ApiAsk::default() }).await, 0);
    assert_eq!(store.act_undo(&who, "act", later).await.unwrap(), Ok(vec![ids[1]]));
    assert!(store.api_enquiry(&who, ids[1]).await.unwrap().unwrap().tasks.is_empty());
    // Somebody whose time began later sees none of it, by any way, and leaves nothing in the log.
    let ole = Actor { scope: Scope::Since { account: who.account, from: later }, ..who };
    let nobody = Actor { scope: Scope::None, ..who };
    let entries = store.log_verify().await.unwrap().entries;
    for who in [ole, nobody] {
        assert!(store.api_enquiries(&who, &ApiAsk::default(), 10).await.unwrap().is_empty());
        assert!(store.api_enquiry(&who, ids[0]).await.unwrap().is_none());
        assert!(store.api_messages(&who, ids[0], "", NOW).await.unwrap().is_none());
        assert!(store.api_message(&who, false, 1, "", NOW).await.unwrap().is_none());
        assert!(store.api_original(&who, ArrivalId(1), "", NOW).await.unwrap().is_none());
        let stepped = store.api_step(&who, &all[0], &[Step::TakeUp], "c", "", NOW).await;
        assert_eq!(stepped.unwrap(), ApiStepped::Missing);
    }
    assert_eq!(store.log_verify().await.unwrap().entries, entries);
    let messages = store.api_messages(&who, ids[0], "program 1", NOW).await.unwrap().unwrap();
    assert_eq!((messages.len(), messages[0].text.as_str()), (1, "1"));
    let original =
        store.api_original(&who, ArrivalId(messages[0].id), "program 1", NOW).await.unwrap().unwrap();
    assert_eq!(original.1, letters[0].raw);
    let state = store.log_verify().await.unwrap();
    assert_eq!((state.entries, state.broken_at), (entries + 2, None));
}

pub(crate) async fn what_happens_waits_to_be_told_until_it_is(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    // Nobody is told yet.
    store.letters_file(&[letter(1, "a@b.example", "et")], &TestDesk::default(), NOW).await.unwrap();
    assert!(store.webhook_claim(NOW + HOUR, NOW).await.unwrap().is_none());
    let hook = store.webhook_make("https://esdh.example/her", &[7; 32], who.account, NOW).await.unwrap();
    store.letters_file(&[letter(2, "c@b.example", "to")], &TestDesk::default(), NOW).await.unwrap();
    let hold = TestDesk::of(|_, _| not_due(Disposition::Hold));
    store.letters_file(&[letter(3, "e@b.example", "tre")], &hold, NOW).await.unwrap();
    let created = store.webhook_claim(NOW + HOUR, NOW).await.unwrap().unwrap();
    let received = store.webhook_claim(NOW + HOUR, NOW).await.unwrap().unwrap();
    assert_eq!((created.event.as_str(), received.event.as_str()), ("enquiry.created", "message.received"));
    assert!(created.reference.is_some() && created.token.len() == 32 && created.token != received.token);
    assert_eq!((created.secret.as_slice(), created.url.as_str()), (&[7; 32][..], "https://esdh.example/her"));
    // Claimed by one, and what is on hold is not told.
    assert!(store.webhook_claim(NOW + HOUR, NOW).await.unwrap().is_none());
    // A claim that nobody settles is another's, under the same name.
    let again = store.webhook_claim(NOW + HOUR + HOUR, NOW + HOUR).await.unwrap().unwrap();
    assert_eq!((again.id, again.token.as_str(), again.attempts), (created.id, created.token.as_str(), 2));
    store.webhook_told(again.id, NOW).await.unwrap();
    // Who does not hear is waited for with everything.
    let due = NOW + HOUR * 5;
    let id = created.enquiry;
    store
        .enquiries_step(
            &who,
            &[id],
            &[Step::Purpose(indgang::domain::triage::Purpose::Spam)],
            crate::inbox::STEP,
            NOW,
        )
        .await
        .unwrap();
    store.webhook_later(&received, due, "HTTP 500").await.unwrap();
    assert!(store.webhook_claim(due, due - HOUR).await.unwrap().is_none());
    let line = store.webhooks().await.unwrap().remove(0);
    assert_eq!(
        (line.id, line.waiting, line.given_up, line.last_error.as_deref()),
        (hook, 2, 0, Some("HTTP 500"))
    );
    let next = store.webhook_claim(due + HOUR, due).await.unwrap().unwrap();
    store.webhook_give_up(next.id, "HTTP 500", due).await.unwrap();
    let closed = store.webhook_claim(due + HOUR, due).await.unwrap().unwrap();
    assert_eq!((closed.event.as_str(), closed.enquiry), ("enquiry.closed", id));
    store.webhook_told(closed.id, due).await.unwrap();
    assert_eq!(store.webhooks().await.unwrap()[0].given_up, 1);
    // Reopened, and taken off the shelf.
    store.enquiries_step(&who, &[id], &[Step::Reopen], crate::inbox::STEP, NOW).await.unwrap();
    let held = store.shelf(&who).await.unwrap()[0].arrival;
    store
        .shelf_decide(&who, held, Verdict::Enquiry { acknowledge: false }, &TestDesk::default(), NOW)
        .await
        .unwrap();
    let mut told = Vec::new();
    while let Some(call) = store.webhook_claim(due + HOUR, due).await.unwrap() {
        told.push(call.event.clone());
        store.webhook_told(call.id, due).await.unwrap();
    }
    assert_eq!(told, ["enquiry.reopened", "enquiry.created", "message.received"]);
    store.webhooks_forget(due + HOUR).await.unwrap();
    assert_eq!(store.webhooks().await.unwrap()[0].given_up, 0);
    store.webhook_end(hook, who.account, NOW).await.unwrap();
    assert!(store.webhooks().await.unwrap().is_empty());
}

pub(crate) async fn nodes_share_what_is_to_be_told(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    store.webhook_make("https://esdh.example/", &[7; 32], who.account, NOW).await.unwrap();
    let letters: Vec<_> = (1..=10).map(|n| letter(n, "a@b.example", &n.to_string())).collect();
    store.letters_file(&letters, &TestDesk::default(), NOW).await.unwrap();
    let claims = (0..40).map(|_| store.webhook_claim(NOW + HOUR, NOW));
    let claimed = futures_util::future::join_all(claims).await;
    let mut ids: Vec<i64> = claimed.into_iter().filter_map(|one| one.unwrap()).map(|call| call.id).collect();
    while let Some(call) = store.webhook_claim(NOW + HOUR, NOW).await.unwrap() {
        ids.push(call.id);
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((count, ids.len()), (20, 20), "each by one");
}
