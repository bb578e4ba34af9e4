//! What holds for every letter, whatever is known.

use proptest::prelude::*;

use super::*;

const ADDRESSES: [&str; 6] =
    [SABINA, KARSTEN, OFFICE, "SABINA@post.example.org", "no-reply@example.net", "sabina@arbejde.example"];

fn a_party() -> impl Strategy<Value = Party> {
    let phone = Address::Phone("+4520123456".to_owned());
    prop_oneof![
        9 => prop::sample::select(&ADDRESSES[..]).prop_map(party),
        1 => Just(Party { address: phone, name: None }),
    ]
}

prop_compose! {
    fn an_enquiry()(
        id in 1..6_i64,
        state in prop::sample::select(&State::ALL[..]),
        addresses in prop::collection::vec(prop::sample::select(&ADDRESSES[..]), 0..3),
    ) -> KnownEnquiry {
        let addresses = addresses.into_iter().map(str::to_lowercase).collect();
        KnownEnquiry { state, addresses, ..enquiry(id) }
    }
}

prop_compose! {
    fn anything_known()(
        duplicate in prop::option::weighted(0.1, 1..99_i64),
        threads in prop::collection::vec(an_enquiry(), 0..3),
        quoted in prop::collection::vec(an_enquiry(), 0..3),
        of_sender in prop::collection::vec(an_enquiry(), 0..4),
        bounced in prop::option::of(1..6_i64),
        blocked in prop::option::weighted(0.1, Just(NAME.to_owned())),
        acknowledged_sender in 0..6_u32,
        acknowledged_all in 95..103_u32,
        texting in prop::option::of(any_texting()),
    ) -> Known {
        Known {
            duplicate_of: duplicate.map(ArrivalId),
            threads,
            quoted,
            of_sender,
            bounced: bounced.map(EnquiryId),
            blocked,
            acknowledged_sender,
            acknowledged_all,
            texting,
        }
    }
}

prop_compose! {
    fn any_texting()(
        (opted_out, paused, shared) in (any::<bool>(), any::<bool>(), any::<bool>()),
        lately in 0..8_u32,
        (segments_day, segments_month, segments_all) in (0..6_u32, 0..14_u32, 395..402_u32),
        sent in prop::collection::vec(prop::sample::select(vec![TEXT.to_owned(), "Ja".to_owned()]), 0..2),
    ) -> Texting {
        Texting { opted_out, paused, shared, lately, segments_day, segments_month, segments_all, sent }
    }
}

prop_compose! {
    fn any_letter()(
        channel in prop::sample::select(vec![
            Channel::Email, Channel::Email, Channel::Email, Channel::Sms, Channel::Web, Channel::Call,
        ]),
        sender in prop::option::weighted(0.9, a_party()),
        reply_to in prop::collection::vec(a_party(), 0..2),
        recipients in prop::collection::vec(a_party(), 0..3),
        subject in "[a-zæøå]{12,30}",
        text in "[a-zæøå]{12,60}",
        automatic in prop::option::weighted(0.3, prop::sample::select(vec![
            AutomaticKind::AutoReply, AutomaticKind::Bounce, AutomaticKind::Delay, AutomaticKind::Complaint,
            AutomaticKind::List, AutomaticKind::Bulk, AutomaticKind::Own,
        ])),
        doubts in prop::collection::vec(prop::sample::select(vec![
            DoubtKind::Encrypted, DoubtKind::OverLimit, DoubtKind::Charset, DoubtKind::Signed,
            DoubtKind::SeveralSenders, DoubtKind::Malformed, DoubtKind::Tnef,
        ]), 0..2),
        sender_check in prop::sample::select(vec![
            SenderCheck::Unknown,
            SenderCheck::Passed(SABINA.to_owned()),
            SenderCheck::Failed(SABINA.to_owned()),
        ]),
        silent in prop::option::weighted(0.1, Just("a header".to_owned())),
        minutes in -20_000..20_000_i64,
        way in prop::option::of(prop::sample::select(vec![Channel::Email, Channel::Sms])),
    ) -> Letter {
        let mut letter = letter().but(|letter| {
            letter.channel = channel;
            letter.sender = sender;
            letter.reply_to = reply_to;
            letter.recipients = recipients;
            letter.subject = subject;
            letter.text = text;
            letter.sender_check = sender_check;
            letter.suppress_reply = silent;
            if channel == Channel::Web {
                let answer_way = way.map(|channel| AnswerWay { channel, account: "borger".to_owned(), sender: None });
                letter.form = Some(FormAnswers { answer_way, ..FormAnswers::default() });
            }
            letter.received_at = now() + SignedDuration::from_mins(minutes);
        });
        if let Some(kind) = automatic {
            letter = letter.automatic(kind);
        }
        doubts.into_iter().fold(letter, Letter::doubt)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn nothing_joins_silently(letter in any_letter(), known in anything_known()) {
        let routing = route(&letter.0, &known, &rules(), now());
        if routing.disposition == Disposition::FollowUp {
            let sender = letter.0.sender.as_ref().map(|sender| sender.address.key());
            // What is typed into a form is nobody's proof: only the form or the page that was open is.
            let (pointed_to, is_web) = match letter.0.channel {
                Channel::Web => (known.threads.iter().chain(&[]), true),
                _ => (known.threads.iter().chain(&known.quoted[..]), false),
            };
            let mut joined = pointed_to.filter(|enquiry| Some(enquiry.id) == routing.enquiry);
            let proven = joined.any(|enquiry| {
                let theirs = sender.as_ref().is_some_and(|sender| enquiry.addresses.contains(sender));
                enquiry.state != State::Closed && (theirs || is_web)
            });
            prop_assert!(proven);
            prop_assert!(!matches!(letter.0.sender_check, SenderCheck::Failed(_)));
            prop_assert!(is_web || sender.as_deref() != Some(OFFICE));
            prop_assert!(!is_web || matches!(letter.0.sender_check, SenderCheck::Passed(_)));
        } else if routing.disposition != Disposition::Bounce {
            prop_assert_eq!(routing.enquiry, None);
        }
    }

    #[test]
    fn only_an_enquiry_is_acknowledged(letter in any_letter(), known in anything_known()) {
        let routing = route(&letter.0, &known, &rules(), now());
        let due = !matches!(routing.acknowledgement, Acknowledgement::NotDue { .. });
        prop_assert_eq!(due, routing.disposition == Disposition::Enquiry);
        if matches!(routing.acknowledgement, Acknowledgement::Send { .. }) {
            prop_assert!(letter.0.automatic.is_none());
            prop_assert!(letter.0.suppress_reply.is_none());
            prop_assert!(!matches!(letter.0.sender_check, SenderCheck::Failed(_)));
            prop_assert!(letter.0.sender.as_ref().is_some_and(|sender| sender.address.key() != OFFICE));
            prop_assert!(known.duplicate_of.is_none() && known.blocked.is_none());
            match (letter.0.answer_channel(), &known.texting) {
                (None, _) => prop_assert!(false, "there is no way to answer it"),
                (Some(Channel::Sms), None) => {}
                (Some(Channel::Sms), Some(texting)) => {
                    let rules = rules().texting;
                    let room = |reserved: u32, ceiling: u32| reserved + texting::ACKNOWLEDGEMENT_SEGMENTS <= ceiling;
                    prop_assert!(room(texting.segments_day, rules.number_day));
                    prop_assert!(room(texting.segments_month, rules.number_month));
                    prop_assert!(room(texting.segments_all, rules.all_day));
                    prop_assert!(!texting.opted_out && !texting.paused && texting.lately < rules.loop_texts);
                    prop_assert!(!texting.sent.contains(&letter.0.text));
                }
                _ => {
                    prop_assert!(known.acknowledged_sender < rules().ceiling_sender);
                    prop_assert!(known.acknowledged_all < rules().ceiling_all);
                }
            }
        }
    }

    #[test]
    fn the_words_are_the_houses_own(letter in any_letter(), known in anything_known()) {
        check_words(&letter.0, &route(&letter.0, &known, &rules(), now()));
    }

    #[test]
    fn nothing_is_offered_twice_or_joined_and_offered(letter in any_letter(), mut known in anything_known()) {
        // The store gives each enquiry once in a list, and the same in all lists.
        known.of_sender.sort_by_key(|enquiry| enquiry.id.0);
        known.of_sender.dedup_by_key(|enquiry| enquiry.id);
        let routing = route(&letter.0, &known, &rules(), now());
        let mut offered: Vec<_> = routing.offers.iter().map(|offer| offer.enquiry).collect();
        if routing.disposition == Disposition::FollowUp {
            offered.extend(routing.enquiry);
        }
        let all = offered.len();
        offered.sort();
        offered.dedup();
        prop_assert_eq!(offered.len(), all);
    }

    #[test]
    fn what_it_points_to_is_always_shown(letter in any_letter(), known in anything_known()) {
        let routing = route(&letter.0, &known, &rules(), now());
        let shelved = [Disposition::Enquiry, Disposition::FollowUp, Disposition::Hold];
        if shelved.contains(&routing.disposition) {
            for enquiry in known.threads.iter().chain(&known.quoted) {
                let shown = routing.enquiry == Some(enquiry.id)
                    || routing.offers.iter().any(|offer| offer.enquiry == enquiry.id);
                prop_assert!(shown);
            }
        }
    }

    #[test]
    fn a_promise_lies_ahead(letter in any_letter(), known in anything_known()) {
        if let Acknowledgement::Send { promise, .. } | Acknowledgement::Suppressed { promise, .. } =
            route(&letter.0, &known, &rules(), now()).acknowledgement
        {
            prop_assert!(promise.reply_by > jiff::civil::date(2026, 2, 9));
            prop_assert!(promise.reply_by <= jiff::civil::date(2026, 2, 16));
            prop_assert!(rules().office.works_on(promise.reply_by));
        }
    }

    #[test]
    fn the_same_is_decided_again(letter in any_letter(), known in anything_known()) {
        let once = route(&letter.0, &known, &rules(), now());
        prop_assert_eq!(once, route(&letter.0, &known, &rules(), now()));
    }
}
