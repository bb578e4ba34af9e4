//! Cases of what receiving servers write, and of what senders forge.

use proptest::prelude::*;

use super::{UNNAMED, sender_check};
use crate::message::SenderCheck;

#[derive(Debug, PartialEq)]
enum Is {
    Unknown,
    Passed,
    Failed,
}
use Is::{Failed, Passed, Unknown};

fn check(headers: &[&str], ours: &str, from: &str) -> Is {
    match sender_check(headers.iter().copied(), Some(ours), Some(from)) {
        SenderCheck::Unknown => Unknown,
        SenderCheck::Passed(_) => Passed,
        SenderCheck::Failed(_) => Failed,
    }
}

/// One header of `mx.vig.dk`, From `borger.example.org`.
#[test]
fn one_header() {
    let cases: &[(&str, Is)] = &[
        // Nothing said.
        ("", Unknown),
        ("mx.vig.dk", Unknown),
        ("mx.vig.dk;", Unknown),
        ("mx.vig.dk; none", Unknown),
        ("mx.vig.dk 1; none", Unknown),
        ("mx.vig.dk; iprev=pass policy.iprev=192.0.2.4; auth=pass smtp.auth=x", Unknown),
        // DMARC.
        ("mx.vig.dk; dmarc=pass header.from=borger.example.org", Passed),
        ("mx.vig.dk; dmarc=pass", Passed),
        ("MX.Vig.DK; DMARC=Pass Header.From=Borger.Example.Org", Passed),
        ("mx.vig.dk 1; dmarc=pass header.from=borger.example.org", Passed),
        ("mx.vig.dk (serv (inner) er) 1 (first); dmarc (m) = (r) pass", Passed),
        ("\"mx.vig.dk\"; dmarc=pass", Passed),
        ("mx.vig.dk;\r\n\tdmarc=pass (p=REJECT sp=REJECT dis=NONE)\r\n\theader.from=example.org", Passed),
        ("mx.vig.dk; dmarc/1=pass header . from = borger.example.org", Passed),
        ("mx.vig.dk; dmarc=fail (p=reject) header.from=borger.example.org", Failed),
        ("mx.vig.dk; dmarc=fail reason=\"SPF; not (aligned\" header.from=x.dk (policy=reject)", Failed),
        ("mx.vig.dk; spf=pass smtp.mailfrom=a@borger.example.org; dmarc=fail", Failed),
        // A pass for somebody else is no pass for this author.
        ("mx.vig.dk; dmarc=pass header.from=evil.example.com", Unknown),
        ("mx.vig.dk; dmarc=pass header.from=org", Unknown),
        ("mx.vig.dk; dmarc=pass; dmarc=none", Unknown),
        ("mx.vig.dk; dmarc=pass; dmarc=fail", Failed),
        // DKIM and SPF, where DMARC is silent.
        ("mx.vig.dk; dkim=pass header.d=borger.example.org", Passed),
        ("mx.vig.dk; dkim=pass header.d=example.org header.s=k1 header.b=\"a;b=\"", Passed),
        ("mx.vig.dk; dkim=pass header.d=org", Unknown),
        ("mx.vig.dk; dkim=pass header.d=.example.org", Unknown),
        ("mx.vig.dk; dkim=pass header.d=ger.example.org", Unknown),
        ("mx.vig.dk; dkim=pass header.d=a.borger.example.org", Unknown),
        ("mx.vig.dk; dkim=pass header.d=example.com", Unknown),
        ("mx.vig.dk; dkim=pass", Unknown),
        ("mx.vig.dk; dkim=pass (2048-bit key; unprotected) header.i=@example.org header.b=Ab+/=", Passed),
        ("mx.vig.dk; dkim=fail header.d=example.org; dkim=pass header.d=borger.example.org", Passed),
        ("mx.vig.dk; dkim=policy header.d=example.org; dkim=neutral header.d=example.org", Unknown),
        ("mx.vig.dk; dkim=fail reason=\"dkim=pass header.d=example.org\" header.d=example.org", Unknown),
        ("mx.vig.dk; dkim=none (dkim=pass header.d=example.org)", Unknown),
        ("mx.vig.dk; spf=pass smtp.mailfrom=x@borger.example.org", Passed),
        ("mx.vig.dk; spf=pass smtp.mailfrom=\"a b; c\"@borger.example.org", Passed),
        ("mx.vig.dk; spf=pass smtp.mailfrom=borger.example.org smtp.helo=mx.example.com", Passed),
        ("mx.vig.dk; spf=pass smtp.helo=borger.example.org", Unknown),
        ("mx.vig.dk; spf=pass smtp.mailfrom=<>", Unknown),
        ("mx.vig.dk; spf=softfail smtp.mailfrom=x@borger.example.org", Unknown),
        ("mx.vig.dk; dmarc=none; dkim=pass header.d=example.org", Passed),
        ("mx.vig.dk; dmarc=temperror; spf=pass smtp.mailfrom=example.org", Passed),
        ("mx.vig.dk; dmarc=permerror; spf=fail smtp.mailfrom=example.org", Unknown),
        ("mx.vig.dk; dmarc=bestguesspass action=none; spf=pass smtp.mailfrom=example.org", Passed),
        ("mx.vig.dk; dmarc=bestguesspass; spf=pass smtp.mailfrom=example.com", Unknown),
        // Another server's word, or one that only looks like ours.
        ("mx.evil.example; dmarc=pass", Unknown),
        ("mx.evil.example; dmarc=fail", Unknown),
        ("mx.vig.dk.evil.example; dmarc=pass", Unknown),
        ("(mx.vig.dk;) mx.evil.example; dmarc=pass", Unknown),
        ("dmarc=pass header.from=borger.example.org", Unknown),
        ("; dmarc=pass", Unknown),
        // What the sender can smuggle into a remark or leave open.
        ("mx.vig.dk; spf=none (domain of \"); dmarc=pass (\"@evil.example)", Unknown),
        ("mx.vig.dk; dmarc=pass (never closed", Unknown),
        ("mx.vig.dk; dmarc=pass reason=\"never closed", Unknown),
        ("mx.vig.dk; dmarc=none ) dmarc=pass; spf=none", Unknown),
        ("mx.vig.dk; x; ===; dmarc; dmarc=; dkim=pass header.d=example.org", Passed),
    ];
    assert!(cases.len() >= 40);
    for (header, expected) in cases {
        assert_eq!(check(&[header], "mx.vig.dk", "borger.example.org"), *expected, "{header}");
    }
}

#[test]
fn several_headers() {
    let cases: &[(&[&str], Is)] = &[
        // OpenDMARC on top of OpenDKIM; and the other way round, which says less.
        (&["mx.vig.dk; dmarc=pass header.from=a.dk", "mx.vig.dk; dkim=pass header.d=a.dk"], Passed),
        (&["mx.vig.dk; spf=pass smtp.mailfrom=b.dk", "mx.vig.dk; dmarc=pass header.from=a.dk"], Unknown),
        // A server that writes SPF alone and strips nothing, with a forgery below.
        (&["mx.vig.dk; spf=fail smtp.mailfrom=a.dk", "mx.vig.dk; dmarc=pass"], Unknown),
        (&["mx.vig.dk; dmarc=fail", "mx.vig.dk; dmarc=pass"], Failed),
        // Two hops of ours: the lower one met the stranger.
        (&["mx.vig.dk; dmarc=pass", "mx.vig.dk; dmarc=fail"], Failed),
        (&["list.example; dmarc=fail", "mx.vig.dk; dmarc=pass", "mx.evil.example; dmarc=fail"], Passed),
        (&["mx.vig.dk; none", "mx.vig.dk; dkim=pass header.d=a.dk"], Unknown),
        (&[], Unknown),
    ];
    for (headers, expected) in cases {
        assert_eq!(check(headers, "mx.vig.dk", "a.dk"), *expected, "{headers:?}");
    }
}

#[test]
fn big_providers() {
    let google = "mx.google.com;\r\n       dkim=pass header.i=@a.dk header.s=s1 header.b=Xy12;\r\n       spf=pass \
                  (google.com: domain of x@a.dk designates 192.0.2.1 as permitted sender) smtp.mailfrom=x@a.dk;\r\n \
                  dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=a.dk";
    assert_eq!(check(&[google], "mx.google.com", "a.dk"), Passed);
    let microsoft = "spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=a.dk; dkim=pass (signature was verified) \
                     header.d=a.dk;dmarc=pass action=none header.from=a.dk;compauth=pass reason=100";
    assert_eq!(check(&[microsoft], UNNAMED, "a.dk"), Passed);
    assert_eq!(check(&[microsoft], "mx.vig.dk", "a.dk"), Unknown);
    assert_eq!(check(&["mx.evil.example; dmarc=pass"], UNNAMED, "a.dk"), Unknown);
    let spoofed = "spf=fail (sender IP is 192.0.2.7) smtp.mailfrom=a.dk; dkim=none (message not signed) \
                   header.d=none;dmarc=fail action=oreject header.from=a.dk;compauth=fail reason=000";
    assert_eq!(check(&[spoofed], UNNAMED, "a.dk"), Failed);
    let implicit = "spf=none smtp.mailfrom=a.dk; dkim=none; dmarc=none action=none header.from=a.dk;compauth=pass reason=109";
    assert_eq!(check(&[implicit], UNNAMED, "a.dk"), Unknown);
    let rspamd = "mail.vig.dk;\n\tdkim=pass header.d=a.dk header.s=x header.b=Q1;\n\tspf=pass (mail.vig.dk: domain of \
                  x@a.dk designates 192.0.2.1 as permitted sender) smtp.mailfrom=x@a.dk;\n\tdmarc=pass (policy=none) header.from=a.dk";
    assert_eq!(check(&[rspamd], "mail.vig.dk", "a.dk"), Passed);
}

#[test]
fn without_configuration_or_author_nothing_passes() {
    let pass = ["mx.vig.dk; dmarc=pass"];
    assert_eq!(sender_check(pass, None, Some("a.dk")), SenderCheck::Unknown);
    assert_eq!(sender_check(pass, Some(" "), Some("a.dk")), SenderCheck::Unknown);
    assert_eq!(sender_check(pass, Some("mx.vig.dk"), None), SenderCheck::Unknown);
    let fail = ["mx.vig.dk; dmarc=fail"];
    assert!(matches!(sender_check(fail, Some("mx.vig.dk"), None), SenderCheck::Failed(_)));
}

#[test]
fn a_failure_is_told_in_known_words() {
    let header = "mx.vig.dk; spf=softfail smtp.mailfrom=bo@a.dk; dkim=Bo@a.dk; compauth=pass reason=130; \
                  dmarc=fail (bo@a.dk) action=OReject header.from=a.dk";
    let SenderCheck::Failed(reason) = sender_check([header], Some("mx.vig.dk"), Some("a.dk")) else {
        panic!("a failure")
    };
    assert_eq!(
        reason,
        "dmarc=fail, policy reject, spf=softfail, yet the receiving server accepted it on other grounds (compauth=pass)"
    );
}

#[test]
fn what_exceeds_a_limit_does_not_pass() {
    let long = format!("mx.vig.dk; dmarc=pass; x=\"{}\"", "æ".repeat(20_000));
    assert_eq!(check(&[&long], "mx.vig.dk", "a.dk"), Unknown);
    let mut many = vec!["mx.evil.example; none"; 20];
    many.push("mx.vig.dk; dmarc=pass");
    assert_eq!(check(&many, "mx.vig.dk", "a.dk"), Unknown);
    let deep = format!("mx.vig.dk; {} dmarc=pass", "(".repeat(100_000));
    assert_eq!(check(&[&deep], "mx.vig.dk", "a.dk"), Unknown);
}

proptest! {
    #[test]
    fn never_panics(value in "(mx\\.vig\\.dk|[^;]{0,9})[;=()\\\\\" ./a-zæ\r\n\t@-]{0,80}\\PC{0,20}") {
        check(&[&value], "mx.vig.dk", "a.dk");
    }

    /// No header of another name changes the answer, wherever it stands.
    #[test]
    fn strangers_count_for_nothing(
        forged in "mx\\.evil\\.example;[;=()\" a-z.]{0,60}",
        result in prop::sample::select(vec!["dmarc=pass", "dmarc=fail", "none"]),
    ) {
        let ours = format!("mx.vig.dk; {result}");
        let alone = check(&[&ours], "mx.vig.dk", "a.dk");
        prop_assert_eq!(&check(&[&forged, &ours], "mx.vig.dk", "a.dk"), &alone);
        prop_assert_eq!(&check(&[&ours, &forged], "mx.vig.dk", "a.dk"), &alone);
    }

    /// Whatever is added below our server's own header never makes a pass of it.
    #[test]
    fn nothing_below_makes_a_pass(forged in "mx\\.vig\\.dk;[;=()\" a-z.]{0,60}") {
        let headers = ["mx.vig.dk; spf=none", forged.as_str(), "mx.vig.dk; dmarc=pass; dkim=pass header.d=a.dk"];
        prop_assert_ne!(check(&headers, "mx.vig.dk", "a.dk"), Passed);
    }
}
