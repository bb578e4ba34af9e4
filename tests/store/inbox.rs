//! The inbox's side of the store.

use indgang::domain::account::{AccountId, Deed, Role, Scope};
use indgang::domain::area::AreaId;
use indgang::domain::arrival::Disposition;
use indgang::domain::enquiry::{EnquiryId, State};
use indgang::domain::triage::{Purpose, Refused, Step, WaitsFor, Welcome};
use indgang::domain::words::Asked;
use indgang::store::Store;
use indgang::store::accounts::NewAccount;
use indgang::store::inbox::Actor;
use indgang::store::inbox::change::{Act, Seen};
use indgang::store::inbox::list::{Ask, View};
use indgang::store::inbox::reply::{NewReply, Queued};
use indgang::store::inbox::shelf::{Decided, Entry, Verdict};
use indgang::store::inbox::write::NewNote;
use indgang_channels::message::{Address, Channel, Language};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};

use crate::support::{Fresh, NOW, TestDesk, damage, enquiry, letter, not_due, refused};

const TODAY: jiff::civil::Date = date(2026, 2, 2);
pub(crate) const STEP: Act<'static> = Act::new("act-1", "step");

/// An adviser who sees everything.
pub(crate) async fn gitte(store: &Store) -> Actor {
    let new = NewAccount {
        login: "Gitte@Kommune.example".to_owned(),
        name: "Gitte Holm".to_owned(),
        role: Role::Adviser,
        language: "da".to_owned(),
        time: (None, None),
    };
    let account = store.account_make(&new, None, NOW).await.unwrap().unwrap();
    Actor { account, scope: Scope::All }
}

/// An enquiry of each of the senders.
async fn enquiries(store: &Store, senders: &[&str]) -> Vec<EnquiryId> {
    let letters: Vec<_> =
        (1..).zip(senders).map(|(n, sender)| letter(n, sender, &format!("Skolen svarer ikke {n}"))).collect();
    store.letters_file(&letters, &TestDesk::default(), NOW).await.unwrap();
    let lines =
        store.enquiries_list(&anybody(), &Ask { view: View::All, ..Ask::default() }, TODAY, 100).await;
    let mut ids: Vec<_> = lines.unwrap().into_iter().map(|line| line.id).collect();
    ids.sort();
    ids
}

fn anybody() -> Actor {
    Actor { account: AccountId(0), scope: Scope::All }
}

pub(crate) async fn an_account_signs_in_and_its_time_ends(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let again = NewAccount {
        login: "gitte@kommune.example".to_owned(),
        name: "Another".to_owned(),
        role: Role::Operator,
        language: "da".to_owned(),
        time: (None, None),
    };
    assert_eq!(store.account_make(&again, None, NOW).await.unwrap(), None, "the login is taken");
    let hour = SignedDuration::from_hours(1);
    store.session_open(&[1; 32], who.account, "Browser", "password", NOW + hour, NOW).await.unwrap();
    let seen = store.session_see(&[1; 32], Some(hour), NOW).await.unwrap().unwrap();
    assert_eq!((seen.account.login.as_str(), seen.account.role), ("gitte@kommune.example", Role::Adviser));
    assert!(store.session_see(&[2; 32], Some(hour), NOW).await.unwrap().is_none());
    assert!(store.session_see(&[1; 32], Some(hour), NOW + hour).await.unwrap().is_none(), "it runs out");
    // Used in time, it goes on.
    let later = NOW + SignedDuration::from_mins(50);
    assert!(store.session_see(&[1; 32], Some(hour), later).await.unwrap().is_some());
    assert!(store.session_see(&[1; 32], Some(hour), NOW + hour).await.unwrap().is_some());
    store.account_end(who.account, None, later).await.unwrap();
    assert!(store.session_see(&[1; 32], Some(hour), later).await.unwrap().is_none());

    let ole = NewAccount {
        login: "ole@kommune.example".to_owned(),
        name: "Ole".to_owned(),
        role: Role::Substitute,
        language: "da".to_owned(),
        time: (Some(NOW), Some(NOW + hour)),
    };
    let ole = store.account_make(&ole, Some(who.account), NOW).await.unwrap().unwrap();
    let long = NOW + SignedDuration::from_hours(48);
    store.session_open(&[3; 32], ole, "Browser", "password", long, NOW).await.unwrap();
    assert!(store.session_see(&[3; 32], Some(hour), NOW).await.unwrap().is_some());
    assert!(store.session_see(&[3; 32], Some(hour), NOW + hour).await.unwrap().is_none(), "his time is over");
}

pub(crate) async fn wrong_passwords_close_a_login_for_longer_and_longer(Fresh { store, .. }: Fresh) {
    let mut now = NOW;
    for _ in 0..5 {
        assert!(store.sign_in_try("a@b.example", now).await.unwrap().is_ok());
    }
    let until = store.sign_in_try("A@b.example ", now).await.unwrap().unwrap_err();
    assert_eq!(until, NOW + SignedDuration::from_mins(1));
    now = until;
    assert!(store.sign_in_try("a@b.example", now).await.unwrap().is_ok());
    let until = store.sign_in_try("a@b.example", now).await.unwrap().unwrap_err();
    assert_eq!(until, now + SignedDuration::from_mins(2));
    assert!(store.sign_in_try("other@b.example", now).await.unwrap().is_ok(), "nobody pays for another");
    store.sign_in_clear("a@b.example").await.unwrap();
    assert!(store.sign_in_try("a@b.example", now).await.unwrap().is_ok());
}

pub(crate) async fn a_link_and_a_step_work_once(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let soon = NOW + SignedDuration::from_mins(5);
    store.sign_in_link_make(&[1; 32], who.account, None, soon, NOW).await.unwrap();
    assert_eq!(store.sign_in_link_use(&[1; 32], soon).await.unwrap(), None, "it has run out");
    assert_eq!(store.sign_in_link_use(&[1; 32], NOW).await.unwrap(), Some(who.account));
    assert_eq!(store.sign_in_link_use(&[1; 32], NOW).await.unwrap(), None, "it was used");
    store.sign_in_step_keep(&[2; 32], "second", Some(who.account), "{}", soon).await.unwrap();
    assert_eq!(store.sign_in_step_take(&[2; 32], "oidc", NOW).await.unwrap(), None);
    let taken = store.sign_in_step_take(&[2; 32], "second", NOW).await.unwrap();
    assert_eq!(taken, Some((Some(who.account), "{}".to_owned())));
    assert_eq!(store.sign_in_step_take(&[2; 32], "second", NOW).await.unwrap(), None);
    assert!(store.account_totp_used(who.account, 7).await.unwrap());
    assert!(!store.account_totp_used(who.account, 7).await.unwrap(), "a code is used once");
    assert!(store.account_totp_used(who.account, 8).await.unwrap());
}

pub(crate) async fn a_passkey_is_written_only_in_place_of_what_it_was(Fresh { store, .. }: Fresh) {
    let (own, other) = (gitte(&store).await.account, AccountId(999));
    store.passkey_add(own, "Nøgle", "{\"n\":1}", NOW).await.unwrap();
    let (id, before) = store.passkey_credentials(own).await.unwrap().remove(0);
    assert_eq!(before, "{\"n\":1}");
    assert!(store.passkey_credentials(other).await.unwrap().is_empty());
    let later = NOW + SignedDuration::from_mins(1);
    assert!(store.passkey_used(id, &before, "{\"n\":2}", later).await.unwrap());
    assert!(!store.passkey_used(id, &before, "{\"n\":3}", later).await.unwrap(), "a copy was quicker");
    let line = store.passkeys(own).await.unwrap().remove(0);
    assert_eq!((line.label.as_str(), line.made_at, line.used_at), ("Nøgle", NOW, Some(later)));
    assert!(!store.passkey_remove(id, other, NOW).await.unwrap(), "another's");
    assert!(store.passkey_remove(id, own, NOW).await.unwrap());
    assert!(!store.passkey_remove(id, own, NOW).await.unwrap(), "it is gone");
    // Nobody who has ended signs in with one.
    store.passkey_add(own, "Ny", "{}", NOW).await.unwrap();
    store.account_end(own, None, NOW).await.unwrap();
    assert!(store.passkey_credentials(own).await.unwrap().is_empty());
    assert_eq!(store.log_verify().await.unwrap().broken_at, None);
}

pub(crate) async fn the_log_adds_up_and_shows_what_was_altered(Fresh { store, url }: Fresh) {
    let who = gitte(&store).await;
    for n in 0..5 {
        let deed =
            Deed { account: Some(who.account), act: "read", enquiry: None, detail: format!("no. {n}") };
        store.log_write(&deed, NOW).await.unwrap();
    }
    let state = store.log_verify().await.unwrap();
    assert_eq!((state.entries, state.broken_at), (6, None));
    let page = store.log_page(None, i64::MAX, 3).await.unwrap();
    assert_eq!(page.iter().map(|line| line.seq).collect::<Vec<_>>(), [6, 5, 4]);
    assert_eq!(page[0].name.as_deref(), Some("Gitte Holm"));
    if url.starts_with("sqlite:") {
        // The database itself refuses; whoever takes that away is found out.
        assert!(refused(&url, "UPDATE log_entry SET detail = 'no. 9' WHERE seq = 4").await);
        assert!(refused(&url, "DELETE FROM log_entry WHERE seq <= 4").await);
        damage(&url, "DROP TRIGGER log_entry_stays").await;
        damage(&url, "DROP TRIGGER log_entry_kept").await;
        damage(&url, "UPDATE log_entry SET detail = 'no. 9' WHERE seq = 4").await;
        assert_eq!(store.log_verify().await.unwrap().broken_at, Some(4));
        damage(&url, "DELETE FROM log_entry WHERE seq <= 4").await;
        assert_eq!(store.log_verify().await.unwrap().broken_at, Some(5));
    }
}

/// Two nodes write at once, and the chain still has one order.
pub(crate) async fn many_write_to_the_log_at_once(Fresh { store, .. }: Fresh) {
    let deed = Deed { account: None, act: "read", enquiry: None, detail: String::new() };
    let all = (0..20).map(|_| store.log_write(&deed, NOW));
    for done in futures_util::future::join_all(all).await {
        done.unwrap();
    }
    let state = store.log_verify().await.unwrap();
    assert_eq!((state.entries, state.broken_at), (20, None));
}

pub(crate) async fn every_view_and_filter_is_accepted(Fresh { store, .. }: Fresh) {
    let ids = enquiries(&store, &["a@b.example", "c@b.example", "e@b.example"]).await;
    let who = gitte(&store).await;
    let since = Actor { scope: Scope::Since { account: who.account, from: NOW }, ..who };
    for view in View::ALL {
        for who in [who, since] {
            let all = Ask {
                view,
                channel: Some(Channel::Email),
                area: Some(AreaId(1)),
                kind: Some(indgang::domain::enquiry::Kind::Delimited),
                waits_for: Some(WaitsFor::Citizen),
                mine: true,
                from: Some(TODAY),
                through: Some(TODAY),
                ..Ask::default()
            };
            store.enquiries_list(&who, &all, TODAY, 10).await.unwrap();
            // Page by page is the same as all at once.
            let ask = Ask { view, ..Ask::default() };
            let whole = store.enquiries_list(&who, &ask, TODAY, 10).await.unwrap();
            let mut pages = Vec::new();
            let mut after = None;
            loop {
                let page = store.enquiries_list(&who, &Ask { after, ..ask.clone() }, TODAY, 1).await.unwrap();
                let Some(last) = page.last() else { break };
                after = Some(last.cursor(view));
                pages.extend(page);
            }
            assert_eq!(pages, whole, "{view:?}");
        }
    }
    let nobody = Actor { scope: Scope::None, ..who };
    assert!(store.enquiries_list(&nobody, &Ask::default(), TODAY, 10).await.unwrap().is_empty());
    let counts = store.enquiries_count(&who, TODAY).await.unwrap();
    assert_eq!((counts.todo, counts.new, counts.channels[0]), (3, 3, 3));
    let lines = store.enquiries_list(&who, &Ask::default(), TODAY, 10).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.id).collect::<Vec<_>>(), ids);
    assert_eq!((lines[0].who.as_str(), lines[0].snippet.as_str()), ("En borger", "Skolen svarer ikke 1"));
    assert!(lines[0].unread && lines[0].dates.reply == Some(date(2026, 2, 16)));
}

pub(crate) async fn what_is_due_comes_first_and_a_step_is_undone(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let ids = enquiries(&store, &["a@b.example", "c@b.example"]).await;
    let appeal = [Step::Appeal(Some(date(2026, 2, 4)))];
    let stepped = store.enquiries_step(&who, &ids[1..], &appeal, STEP, NOW).await.unwrap();
    assert_eq!(stepped.changed, ids[1..]);
    let first = |lines: Vec<indgang::store::inbox::list::Line>| lines.first().map(|line| line.id);
    let list = store.enquiries_list(&who, &Ask::default(), TODAY, 10).await.unwrap();
    assert_eq!(first(list), Some(ids[1]), "an appeal deadline rises to the top");
    let close = Act::new("act-2", "close");
    let stepped = store.enquiries_step(&who, &ids, &[Step::Close(Welcome::Said)], close, NOW).await.unwrap();
    assert_eq!(stepped.refused.len(), 2);
    let steps = [Step::ContactForm(Some(Channel::Meeting)), Step::Close(Welcome::Said)];
    store.enquiries_step(&who, &ids, &steps, close, NOW).await.unwrap();
    assert_eq!(store.enquiries_count(&who, TODAY).await.unwrap().todo, 0);
    assert_eq!(
        store.act_newest(&who, NOW - SignedDuration::from_secs(1)).await.unwrap().as_deref(),
        Some("act-2")
    );
    assert_eq!(store.act_undo(&who, "act-2", NOW).await.unwrap(), Ok(vec![ids[1], ids[0]]));
    let row = store.enquiry_row(&who, ids[0]).await.unwrap().unwrap();
    assert_eq!(
        (row.facts.state, row.facts.primary_contact_form, row.facts.closings.len()),
        (State::New, None, 0)
    );
    assert_eq!(store.act_undo(&who, "act-2", NOW).await.unwrap(), Err(Refused::ChangedSince), "once");
    assert!(store.log_verify().await.unwrap().broken_at.is_none());
}

pub(crate) async fn a_substitute_sees_new_enquiries_and_granted_ones_only(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let ids = enquiries(&store, &["a@b.example"]).await;
    let from = NOW + SignedDuration::from_hours(1);
    let ole = NewAccount {
        login: "ole@kommune.example".to_owned(),
        name: "Ole".to_owned(),
        role: Role::Substitute,
        language: "da".to_owned(),
        time: (Some(from), None),
    };
    let ole = store.account_make(&ole, Some(who.account), NOW).await.unwrap().unwrap();
    let ole = Actor { account: ole, scope: Scope::Since { account: ole, from } };
    let sees = async || {
        let listed = store.enquiries_list(&ole, &Ask { view: View::All, ..Ask::default() }, TODAY, 10).await;
        let opened = store.enquiry_open(&ole, ids[0], NOW).await.unwrap().is_some();
        store.search_index(100).await.unwrap();
        let found = store.search(&ole, &Asked::read("skole").unwrap(), NOW).await.unwrap().lines.len();
        let stepped = store.enquiries_step(&ole, &ids, &[Step::TakeUp], STEP, NOW).await.unwrap();
        (listed.unwrap().len(), opened, found, stepped.changed.len())
    };
    assert_eq!(sees().await, (0, false, 0, 0));
    let hold = TestDesk::of(|_, _| not_due(Disposition::Hold));
    store.letters_file(&[letter(50, "h@b.example", "gammelt hold")], &hold, NOW).await.unwrap();
    let held = store.shelf(&who).await.unwrap()[0].arrival;
    assert!(store.shelf(&ole).await.unwrap().is_empty(), "what was held before his time is not his to read");
    assert!(store.shelf_open(&ole, held, NOW).await.unwrap().is_none());
    assert_eq!(store.shelf_decide(&ole, held, Verdict::Spam, &hold, NOW).await.unwrap(), Decided::Gone);
    assert_eq!(store.enquiries_count(&ole, TODAY).await.unwrap().hold, 0);
    // A new letter of the same person says nothing of the old one.
    let mut new = letter(51, "a@b.example", "nyt brev");
    new.incoming.received_at = from;
    store.letters_file(&[new], &TestDesk::default(), from).await.unwrap();
    let listed =
        store.enquiries_list(&ole, &Ask { view: View::All, ..Ask::default() }, TODAY, 10).await.unwrap();
    let whole = store.enquiry_open(&ole, listed[0].id, from).await.unwrap().unwrap();
    assert!(whole.person.others.is_empty());
    store.enquiries_step(&who, &[listed[0].id], &[Step::Purpose(Purpose::Spam)], STEP, from).await.unwrap();
    assert!(
        !store.enquiry_grant(&ole, ids[0], ole.account, true, NOW).await.unwrap(),
        "he grants himself nothing"
    );
    assert!(store.enquiry_grant(&who, ids[0], ole.account, true, NOW).await.unwrap());
    assert_eq!(sees().await, (1, true, 1, 1));
    assert!(store.enquiry_grant(&who, ids[0], ole.account, false, NOW).await.unwrap());
    assert_eq!(sees().await, (0, false, 0, 0));
}

/// A conversation is read as a whole: what is shared with an old case is not a substitute's, whichever was joined into which.
pub(crate) async fn a_substitute_reads_no_old_case_through_a_new_one(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let old = enquiries(&store, &["a@b.example"]).await[0];
    let from = NOW + SignedDuration::from_hours(1);
    let ole = Actor { account: AccountId(77), scope: Scope::Since { account: AccountId(77), from } };
    let mut news = [letter(60, "c@b.example", "nyt 1"), letter(61, "d@b.example", "nyt 2")];
    news.iter_mut().for_each(|new| new.incoming.received_at = from);
    store.letters_file(&news, &TestDesk::default(), from).await.unwrap();
    let all = Ask { view: View::All, ..Ask::default() };
    let lines = store.enquiries_list(&anybody(), &all, TODAY, 10).await.unwrap();
    let mut every: Vec<EnquiryId> = lines.into_iter().map(|line| line.id).collect();
    every.sort();
    let [first, second] = every[1..] else { panic!("three enquiries, not {every:?}") };
    let sees = async || -> Vec<EnquiryId> {
        let lines = store.enquiries_list(&ole, &all, TODAY, 10).await.unwrap();
        let mut ids: Vec<_> = lines.into_iter().map(|line| line.id).collect();
        ids.sort();
        for &id in &every {
            let opened = store.enquiry_row(&ole, id).await.unwrap().is_some();
            assert_eq!(opened, ids.contains(&id), "the list and the page say the same of {id:?}");
        }
        ids
    };
    assert_eq!(sees().await, [first, second]);
    // The new one is joined into the old case.
    store
        .enquiry_join(&who, first, old, false, Act::new("j1", "join"), from)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert_eq!(sees().await, [second]);
    // The old case is joined into the other new one.
    store
        .enquiry_join(&who, old, second, false, Act::new("j2", "join"), from)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert_eq!(sees().await, []);
}

/// What came after the page was made was not seen by whoever acts from it: nothing is ended, closed or answered over it.
pub(crate) async fn nothing_is_ended_over_a_message_that_nobody_saw(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let id = enquiries(&store, &["a@b.example"]).await[0];
    let page = Some(Seen { message: store.pulse().await.unwrap().0, sent: i64::MAX });
    let mut more = letter(9, "a@b.example", "Og en ting til");
    more.incoming.thread.in_reply_to = vec!["Skolen svarer ikke 1@post.example".to_owned()];
    let joins = TestDesk::of(move |_, _| indgang::intake::Routing {
        enquiry: Some(id),
        ..not_due(Disposition::FollowUp)
    });
    store.letters_file(&[more], &joins, NOW).await.unwrap();
    let closes = [Step::ContactForm(Some(Channel::Email)), Step::Close(Welcome::Said)];
    for steps in [&closes[..], &[Step::Answered], &[Step::Purpose(Purpose::Spam)]] {
        let act = Act::new("late", "late").having_seen(page);
        let stepped = store.enquiries_step(&who, &[id], steps, act, NOW).await.unwrap();
        assert_eq!(stepped.refused, [(id, Refused::NewMessage)]);
        let queued =
            store.reply_queue(&who, &reply(id, "svar.9@k.example"), steps, None, act, NOW).await.unwrap();
        assert_eq!(queued, Queued::Refused(Refused::NewMessage));
    }
    let row = store.enquiry_row(&who, id).await.unwrap().unwrap();
    assert!(row.facts.unread && row.facts.reply_due.is_some());
    // What ends nothing goes on, and so does everything once it was seen.
    let act = Act::new("area", "area").having_seen(page);
    assert_eq!(store.enquiries_step(&who, &[id], &[Step::TakeUp], act, NOW).await.unwrap().changed, [id]);
    let page = Some(Seen { message: store.pulse().await.unwrap().0, sent: 0 });
    let act = Act::new("now", "now").having_seen(page);
    assert_eq!(store.enquiries_step(&who, &[id], &closes, act, NOW).await.unwrap().changed, [id]);
    // Filed on what is closed by a person, it opens it again.
    let hold = TestDesk::of(|_, _| not_due(Disposition::Hold));
    store.letters_file(&[letter(10, "a@b.example", "uklart")], &hold, NOW).await.unwrap();
    let held = store.shelf(&who).await.unwrap()[0].arrival;
    assert_eq!(
        store.shelf_decide(&who, held, Verdict::FollowUp(id), &hold, NOW).await.unwrap(),
        Decided::On(id)
    );
    let row = store.enquiry_row(&who, id).await.unwrap().unwrap();
    assert!(row.facts.state != State::Closed && row.facts.unread && row.facts.reply_due.is_some());
}

/// Two at once: the second is told, within the transaction; another's act is nobody else's to take back.
pub(crate) async fn another_has_answered_and_acts_are_ones_own(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let peter = NewAccount {
        login: "peter@kommune.example".to_owned(),
        name: "Peter".to_owned(),
        role: Role::Adviser,
        language: "da".to_owned(),
        time: (None, None),
    };
    let peter =
        Actor { account: store.account_make(&peter, None, NOW).await.unwrap().unwrap(), scope: Scope::All };
    let id = enquiries(&store, &["a@b.example"]).await[0];
    let page = Some(Seen {
        message: i64::MAX,
        sent: store
            .enquiry_open(&who, id, NOW)
            .await
            .unwrap()
            .unwrap()
            .sent
            .iter()
            .map(|one| one.id)
            .max()
            .unwrap_or(0),
    });
    let act = Act::new("p", "sent").having_seen(page);
    let first = store
        .reply_queue(&peter, &reply(id, "svar.p@k.example"), &[Step::Answered], None, act, NOW)
        .await
        .unwrap();
    assert!(matches!(first, Queued::Yes(_)));
    let act = Act::new("g", "sent").having_seen(page);
    let second = store
        .reply_queue(&who, &reply(id, "svar.g@k.example"), &[Step::Answered], None, act, NOW)
        .await
        .unwrap();
    assert_eq!(second, Queued::Overtaken);
    assert_eq!(store.act_undo(&who, "p", NOW).await.unwrap(), Err(Refused::ChangedSince));
    assert_eq!(
        store.act_newest(&peter, NOW - SignedDuration::from_mins(1)).await.unwrap(),
        None,
        "a letter is taken back as one"
    );
    assert!(store.enquiry_row(&who, id).await.unwrap().unwrap().facts.reply_due.is_none());
}

/// An answer that is half written survives a notice that is sent beside it, and taking back what had been changed since
/// leaves the answer owed.
pub(crate) async fn a_notice_leaves_the_draft_alone_and_what_is_taken_back_is_owed(
    Fresh { store, .. }: Fresh,
) {
    let who = gitte(&store).await;
    let id = enquiries(&store, &["a@b.example"]).await[0];
    store.draft_save(&who, id, "reply", "email:a@b.example", "Halvt svar", NOW).await.unwrap();
    store.draft_file_add(&who, id, "bilag.pdf", "application/pdf", b"%PDF").await.unwrap();
    let notice = NewReply {
        occasion: "delay",
        from_draft: false,
        with_files: false,
        body: "Det tager længere",
        ..reply(id, "svar.d@k.example")
    };
    let Queued::Yes(sent) =
        store.reply_queue(&who, &notice, &[Step::TakeUp], None, Act::new("d", "delay"), NOW).await.unwrap()
    else {
        panic!()
    };
    let draft = async || store.drafts(id).await.unwrap().into_iter().map(|one| one.body).collect::<Vec<_>>();
    assert_eq!(draft().await, ["Halvt svar"]);
    assert_eq!(store.draft_files(&who, id).await.unwrap().len(), 1);
    assert!(store.reply_take_back(&who, id, sent, "d", NOW).await.unwrap());
    assert_eq!(draft().await, ["Halvt svar"], "and taking it back does too");
    let answer = reply(id, "svar.e@k.example");
    let Queued::Yes(sent) =
        store.reply_queue(&who, &answer, &[Step::Answered], None, Act::new("e", "sent"), NOW).await.unwrap()
    else {
        panic!()
    };
    let wait = [Step::Wait(Some(WaitsFor::Citizen))];
    store.enquiries_step(&who, &[id], &wait, Act::new("w", "state"), NOW).await.unwrap();
    assert!(store.reply_take_back(&who, id, sent, "e", NOW).await.unwrap());
    let facts = store.enquiry_row(&who, id).await.unwrap().unwrap().facts;
    assert_eq!((facts.reply_due, facts.answered_at), (Some(date(2026, 2, 16)), None));
    // Sent again from the old page it is another letter, never silently none.
    let again =
        store.reply_queue(&who, &answer, &[Step::Answered], None, Act::new("f", "sent"), NOW).await.unwrap();
    assert_eq!(again, Queued::TakenBack);
}

pub(crate) async fn a_letter_is_split_and_the_parts_share_its_conversation(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let ids = enquiries(&store, &["a@b.example"]).await;
    let desk = TestDesk::default();
    let draw = || indgang::store::letters::Desk::draw_reference(&desk);
    let act = Act::new("split", "split");
    let areas = [AreaId(2), AreaId(3)];
    let made = store.enquiry_split(&who, ids[0], &areas, &draw, act, NOW).await.unwrap().unwrap();
    let whole = store.enquiry_open(&who, made[1], NOW).await.unwrap().unwrap();
    let head = store.enquiry_row(&who, ids[0]).await.unwrap().unwrap();
    assert_eq!(whole.row.reference, head.reference, "the citizen has one number");
    assert_eq!((whole.parts.len(), whole.messages.len(), whole.row.part), (3, 1, 2));
    assert_eq!(whole.row.facts.area, Some(AreaId(3)));
    let listed = store.enquiries_list(&who, &Ask::default(), TODAY, 10).await.unwrap();
    assert_eq!(listed.len(), 3, "each is counted");
    // The first part is closed; what the citizen answers still joins, for the others go on.
    let steps = [Step::ContactForm(Some(Channel::Email)), Step::Close(Welcome::Said)];
    store.enquiries_step(&who, &ids, &steps, Act::new("close", "close"), NOW).await.unwrap();
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let kept = std::sync::Arc::clone(&seen);
    let desk = TestDesk::of(move |_, known| {
        kept.lock().unwrap().extend(known.threads.iter().map(|one| (one.id, one.state)));
        indgang::intake::Routing {
            enquiry: known.threads.first().map(|one| one.id),
            ..not_due(Disposition::FollowUp)
        }
    });
    let mut answer = letter(9, "a@b.example", "Et svar");
    answer.incoming.thread.in_reply_to = vec!["Skolen svarer ikke 1@post.example".to_owned()];
    let later = NOW + SignedDuration::from_hours(1);
    store.letters_file(&[answer], &desk, later).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), [(ids[0], State::InProgress)]);
    let whole = store.enquiry_open(&who, made[0], NOW).await.unwrap().unwrap();
    assert_eq!(whole.messages.len(), 2);
    assert!(store.ledger(true).await.unwrap().mistakes.is_empty());
    // Taken back, the parts would be joined into the first again, which is closed: nobody would see what came since.
    assert_eq!(store.act_undo(&who, "split", later).await.unwrap(), Err(Refused::NewMessage));
    store.enquiries_step(&who, &ids, &[Step::Reopen], Act::new("open", "reopen"), later).await.unwrap();
    assert_eq!(store.act_undo(&who, "split", later).await.unwrap().unwrap().len(), 2);
    assert_eq!(store.enquiry_open(&who, ids[0], NOW).await.unwrap().unwrap().parts.len(), 1);
}

pub(crate) async fn splitting_is_undone(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let ids = enquiries(&store, &["a@b.example"]).await;
    let desk = TestDesk::default();
    let draw = || indgang::store::letters::Desk::draw_reference(&desk);
    let act = Act::new("split", "split");
    store.enquiry_split(&who, ids[0], &[AreaId(2)], &draw, act, NOW).await.unwrap().unwrap();
    assert_eq!(store.act_undo(&who, "split", NOW).await.unwrap().unwrap().len(), 1);
    let listed =
        store.enquiries_list(&who, &Ask { view: View::All, ..Ask::default() }, TODAY, 10).await.unwrap();
    assert_eq!(listed.len(), 1);
}

pub(crate) async fn after_closing_the_adviser_reopens_or_not(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let ids = enquiries(&store, &["a@b.example", "a@b.example"]).await;
    let steps = [Step::ContactForm(Some(Channel::Email)), Step::Close(Welcome::Written)];
    store.enquiries_step(&who, &ids[..1], &steps, Act::new("close", "close"), NOW).await.unwrap();
    let join = Act::new("join", "reopen_join");
    let refused = store.enquiry_join(&who, ids[1], ids[0], false, join, NOW).await.unwrap().unwrap();
    assert_eq!(refused, Err(Refused::Closed));
    store.enquiry_join(&who, ids[1], ids[0], true, join, NOW).await.unwrap().unwrap().unwrap();
    let whole = store.enquiry_open(&who, ids[0], NOW).await.unwrap().unwrap();
    assert_eq!((whole.row.facts.state, whole.messages.len()), (State::InProgress, 2));
    assert_eq!(whole.row.facts.closings.len(), 1, "the closing stays");
    let all = Ask { view: View::All, ..Ask::default() };
    assert_eq!(store.enquiries_list(&who, &all, TODAY, 10).await.unwrap().len(), 1, "counted once");
    store.act_undo(&who, "join", NOW).await.unwrap().unwrap();
    assert_eq!(store.enquiries_list(&who, &all, TODAY, 10).await.unwrap().len(), 2);
    let whole = store.enquiry_open(&who, ids[0], NOW).await.unwrap().unwrap();
    assert_eq!((whole.row.facts.state, whole.messages.len()), (State::Closed, 1));
}

pub(crate) fn reply(enquiry: EnquiryId, message_id: &str) -> NewReply<'_> {
    NewReply {
        enquiry,
        channel: Channel::Email,
        account: "borger",
        sender: None,
        recipient: "a@b.example",
        recipient_key: "a@b.example",
        subject: None,
        body: "Kære borger",
        occasion: "answer",
        message_id,
        segments: 0,
        ceiling_day: 0,
        due_at: NOW + SignedDuration::from_secs(10),
        from_draft: true,
        with_files: true,
        in_thread: true,
    }
}

pub(crate) async fn an_answer_is_queued_once_and_taken_back_while_it_waits(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let ids = enquiries(&store, &["a@b.example"]).await;
    store.draft_save(&who, ids[0], "reply", "email:a@b.example", "Kære borger", NOW).await.unwrap();
    store.draft_file_add(&who, ids[0], "vejledning.pdf", "application/pdf", b"%PDF").await.unwrap();
    let act = Act::new("send", "send");
    let answer = reply(ids[0], "svar.1@kommune.example");
    let queued = store.reply_queue(&who, &answer, &[Step::Answered], None, act, NOW).await.unwrap();
    let Queued::Yes(id) = queued else { panic!("{queued:?}") };
    let again = store.reply_queue(&who, &answer, &[Step::Answered], None, act, NOW).await.unwrap();
    assert_eq!(again, Queued::Already);
    assert!(
        store.drafts(ids[0]).await.unwrap().is_empty()
            && store.draft_files(&who, ids[0]).await.unwrap().is_empty()
    );
    let whole = store.enquiry_open(&who, ids[0], NOW).await.unwrap().unwrap();
    assert_eq!((whole.row.facts.reply_due, whole.row.facts.answered_at), (None, Some(NOW)));
    let sent = whole.sent.iter().find(|sent| sent.kind == "reply").unwrap();
    assert_eq!((sent.text.as_deref(), sent.files.len()), (Some("Kære borger"), 1));
    assert!(store.reply_take_back(&who, ids[0], id, "send", NOW).await.unwrap());
    assert!(!store.reply_take_back(&who, ids[0], id, "send", NOW).await.unwrap());
    let drafts = store.drafts(ids[0]).await.unwrap();
    assert_eq!((drafts[0].body.as_str(), drafts[0].via.as_str()), ("Kære borger", "email:a@b.example"));
    assert_eq!(store.draft_files(&who, ids[0]).await.unwrap().len(), 1, "the file is there again");
    let row = store.enquiry_row(&who, ids[0]).await.unwrap().unwrap();
    assert_eq!((row.facts.reply_due, row.facts.answered_at), (Some(date(2026, 2, 16)), None));
    assert!(!format!("{whole:?} {sent}", sent = sent.id).contains("Kære"));
}

pub(crate) async fn what_waits_on_the_shelf_is_decided_and_the_ledger_adds_up(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let hold = TestDesk::of(|_, _| not_due(Disposition::Hold));
    let letters: Vec<_> =
        (1..=4).map(|n| letter(n, &format!("a{n}@b.example"), &format!("brev {n}"))).collect();
    store.letters_file(&letters, &hold, NOW).await.unwrap();
    let shelf = store.shelf(&who).await.unwrap();
    assert_eq!(shelf.len(), 4);
    assert_eq!(store.enquiries_count(&who, TODAY).await.unwrap().hold, 4);
    let held = store.shelf_open(&who, shelf[0].arrival, NOW).await.unwrap().unwrap();
    assert_eq!(held.text, "brev 1");
    let desk = TestDesk::of(|_, _| enquiry());
    let decide = async |n: usize, verdict| {
        store.shelf_decide(&who, shelf[n].arrival, verdict, &desk, NOW).await.unwrap()
    };
    let Decided::On(first) = decide(0, Verdict::Enquiry { acknowledge: true }).await else { panic!() };
    assert_eq!(decide(0, Verdict::Spam).await, Decided::Gone, "once");
    assert_eq!(decide(1, Verdict::FollowUp(first)).await, Decided::On(first));
    assert_eq!(decide(2, Verdict::Spam).await, Decided::Apart);
    assert_eq!(decide(3, Verdict::Automatic).await, Decided::Apart);
    let whole = store.enquiry_open(&who, first, NOW).await.unwrap().unwrap();
    assert_eq!(whole.messages.len(), 2);
    assert_eq!(whole.row.facts.promised, date(2026, 2, 18), "promised from the day that it was looked at");
    let ledger = store.ledger(true).await.unwrap();
    assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
    assert_eq!((ledger.received, ledger.acknowledgements.queued), (4, 1));
}

pub(crate) async fn a_call_is_entered_once_and_counts(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let address = Address::Phone("+4520123456".to_owned());
    let entry = Entry {
        channel: Channel::Call,
        name: "Villy",
        address: Some(&address),
        title: "Boligstøtte",
        note: NewNote {
            kind: "call",
            at: NOW,
            minutes: Some(12),
            place: None,
            participants: None,
            body: "Vil gerne mødes fredag",
        },
        language: "da",
    };
    let desk = TestDesk::default();
    let act = Act::new("enter", "enter");
    let enter = async || {
        store
            .enquiry_enter(&who, &entry, &[Step::Area(Some(AreaId(1)))], "token", &desk, act, NOW)
            .await
            .unwrap()
            .unwrap()
    };
    let id = enter().await;
    assert_eq!(enter().await, id, "the same form sent twice is one entry");
    let whole = store.enquiry_open(&who, id, NOW).await.unwrap().unwrap();
    assert_eq!((whole.row.intake_channel, whole.notes.len()), (Channel::Call, 1));
    assert_eq!((whole.row.facts.answered_at, whole.row.facts.area), (Some(NOW), Some(AreaId(1))));
    assert_eq!(whole.person.name.as_deref(), Some("Villy"));
    let ledger = store.ledger(true).await.unwrap();
    assert!(ledger.mistakes.is_empty(), "{:?}", ledger.mistakes);
    assert_eq!(ledger.received, 1);
    let like = store.persons_like(&who, "20 12 34").await.unwrap();
    assert_eq!(like.len(), 1, "found by the number");
}

pub(crate) async fn two_persons_become_one_and_two_again(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let ids = enquiries(&store, &["a@b.example", "a@work.example"]).await;
    let other = store.enquiry_row(&who, ids[1]).await.unwrap().unwrap().enquirer;
    assert!(store.persons_merge(&who, ids[0], other, NOW).await.unwrap());
    let whole = store.enquiry_open(&who, ids[0], NOW).await.unwrap().unwrap();
    assert_eq!((whole.person.contacts.len(), whole.person.others.len()), (2, 1));
    let merge = whole.person.merges[0].0;
    // What the other writes meanwhile goes back to the other: it must never be answered to a stranger.
    let meanwhile = letter(8, "a@work.example", "Min hemmelige sag");
    store.letters_file(&[meanwhile], &TestDesk::default(), NOW).await.unwrap();
    let all = Ask { view: View::All, ..Ask::default() };
    let listed = store.enquiries_list(&who, &all, TODAY, 10).await.unwrap();
    let new = listed.iter().map(|line| line.id).find(|id| !ids.contains(id)).unwrap();
    let kept = store.enquiry_row(&who, ids[0]).await.unwrap().unwrap().enquirer;
    assert_eq!(store.enquiry_row(&who, new).await.unwrap().unwrap().enquirer, kept, "one person for now");
    assert_eq!(
        store.enquiry_contacts(new).await.unwrap()[0].as_str(),
        "a@work.example",
        "who wrote comes first"
    );
    // Somebody else's merge cannot be undone from here.
    store.letters_file(&[letter(7, "s@b.example", "Noget andet")], &TestDesk::default(), NOW).await.unwrap();
    let listed = store.enquiries_list(&who, &all, TODAY, 10).await.unwrap();
    let stranger = listed.iter().map(|line| line.id).find(|id| !ids.contains(id) && *id != new).unwrap();
    assert!(!store.persons_part(&who, stranger, merge, NOW).await.unwrap());
    assert!(store.persons_part(&who, ids[0], merge, NOW).await.unwrap());
    let whole = store.enquiry_open(&who, ids[0], NOW).await.unwrap().unwrap();
    assert_eq!((whole.person.contacts.len(), whole.person.others.len()), (1, 0));
    assert_eq!(store.enquiry_row(&who, new).await.unwrap().unwrap().enquirer, other);
}

/// By a clock that knows less than a millisecond, as the machine's does.
pub(crate) async fn ending_is_undone_and_never_over_what_came_since(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let ids = enquiries(&store, &["a@b.example", "c@b.example"]).await;
    let close = [Step::ContactForm(Some(Channel::Email)), Step::Close(Welcome::Said)];
    for (act, steps) in
        [("close", &close[..]), ("spam", &[Step::Purpose(Purpose::Spam)]), ("case", &[Step::Case(true)])]
    {
        let now = indgang::clock::Clock::system().now();
        let before = store.enquiry_row(&who, ids[0]).await.unwrap().unwrap().facts;
        let done = store.enquiries_step(&who, &ids[..1], steps, Act::new(act, "step"), now).await.unwrap();
        assert_eq!(done.changed.len(), 1, "{act}");
        assert!(store.act_undo(&who, act, now).await.unwrap().is_ok(), "{act}");
        let after = store.enquiry_row(&who, ids[0]).await.unwrap().unwrap().facts;
        assert_eq!(after, before, "{act}");
    }
    // Closed, reopened, and then the citizen wrote: the reopening is not undone over it.
    store.enquiries_step(&who, &ids[..1], &close, Act::new("c1", "close"), NOW).await.unwrap();
    store.enquiries_step(&who, &ids[..1], &[Step::Reopen], Act::new("r1", "reopen"), NOW).await.unwrap();
    let (id, later) = (ids[0], NOW + SignedDuration::from_hours(1));
    let desk = TestDesk::of(move |_, _| indgang::intake::Routing {
        disposition: Disposition::FollowUp,
        enquiry: Some(id),
        ..not_due(Disposition::FollowUp)
    });
    store.letters_file(&[letter(9, "a@b.example", "Vent")], &desk, later).await.unwrap();
    assert_eq!(store.act_undo(&who, "r1", later).await.unwrap(), Err(Refused::NewMessage));
    assert_eq!(store.enquiry_row(&who, id).await.unwrap().unwrap().facts.state, State::InProgress);
}

pub(crate) async fn words_are_found_in_their_forms(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let mut one =
        letter(1, "a@b.example", "Jeg har klaget over afgørelserne om boligstøtte. Årsagen er ukendt.");
    one.incoming.language = Some(Language("da".to_owned()));
    let long = letter(2, "c@b.example", &"æøå ".repeat(10));
    store.letters_file(&[one, long], &TestDesk::default(), NOW).await.unwrap();
    let found = async |question: &str| {
        while store.search_index(10).await.unwrap() > 0 {}
        let asked = Asked::read(question).unwrap();
        store.search(&who, &asked, NOW).await.unwrap().lines.len()
    };
    for (question, count) in [
        ("afgørelse", 1),
        ("AFGØRELSEN boligstøtten", 1),
        ("bolig", 1),
        ("årsag", 1),
        ("arsag", 0),
        ("a@b.example", 1),
        ("borger", 2),
        ("afgørelse hund", 0),
        ("'); DROP TABLE enquiry; --", 0),
    ] {
        assert_eq!(found(question).await, count, "{question}");
    }
    let lines =
        store.enquiries_list(&who, &Ask { view: View::All, ..Ask::default() }, TODAY, 10).await.unwrap();
    let note = NewNote {
        kind: "note",
        at: NOW,
        minutes: None,
        place: None,
        participants: None,
        body: "Hun har en gravhund",
    };
    let act = Act::new("note", "note");
    store.note_make(&who, lines[0].id, &note, &[], act, NOW).await.unwrap().unwrap().unwrap();
    assert_eq!(found("gravhund").await, 1);
    let whole = store.enquiry_open(&who, lines[0].id, NOW).await.unwrap().unwrap();
    assert!(store.note_remove(&who, lines[0].id, whole.notes[0].id, NOW).await.unwrap());
    assert_eq!(found("gravhund").await, 0, "what was taken away is not found");
}

pub(crate) async fn a_reminder_raises_what_is_due(Fresh { store, .. }: Fresh) {
    let who = gitte(&store).await;
    let ids = enquiries(&store, &["a@b.example"]).await;
    let id = ids[0];
    let desk = TestDesk::of(move |_, _| indgang::intake::Routing {
        enquiry: Some(id),
        ..not_due(Disposition::FollowUp)
    });
    let write = async |n: u32, at: Timestamp| {
        let mut more = letter(n, "a@b.example", &format!("Hvor bliver svaret af {n}"));
        more.incoming.received_at = at;
        store.letters_file(&[more], &desk, at).await.unwrap();
        store.enquiry_row(&who, id).await.unwrap().unwrap()
    };
    let row = write(10, NOW + SignedDuration::from_hours(1)).await;
    assert_eq!((row.reminders, row.facts.urgent), (0, false), "something more, the same day");
    let row = write(11, NOW + SignedDuration::from_hours(72)).await;
    assert_eq!((row.reminders, row.facts.urgent), (1, true), "a reminder");
    store.enquiries_step(&who, &ids, &[Step::Answered, Step::Wait(None)], STEP, NOW).await.unwrap();
    let row = write(12, NOW + SignedDuration::from_hours(200)).await;
    assert_eq!((row.reminders, row.facts.reply_due), (1, Some(date(2026, 2, 18))), "an answer is due anew");
    assert_eq!((row.facts.state, row.facts.unread), (State::InProgress, true));
}
