//! The accounts with gateways: right ones, and the sentences that wrong ones earn.

use rstest::rstest;
use secrecy::ExposeSecret;

use super::{load, mistakes};

/// An account as an operator would write it.
const ACCOUNT: &str = r#"
[office]
municipality = "Eksempel Kommune"
phone = "12 34 56 78"
[sms.accounts.tekst]
gateway = "kannel"
numbers = ["+45 21 23 45 67", "1204"]
base_url = "http://127.0.0.1:13013"
path_secret = "8d1f0c5ab7e24396a0d95be17c42f863"
"#;

#[test]
fn an_account_takes_from_the_account_defaults_what_it_does_not_say() {
    let config = load(ACCOUNT, &[("INDGANG__SMS__ACCOUNT_DEFAULTS__TIMEOUT", "3s")]).unwrap();
    let [account] = config.sms.accounts.as_slice() else { panic!("one account") };
    assert_eq!(account.numbers, ["+4521234567", "1204"]);
    assert_eq!(account.timeout.as_secs(), 3);
    assert_eq!(account.connections, 4);
    assert_eq!(config.sms.own_numbers(), ["+4521234567", "1204"]);
    let secret = account.path_secret.as_ref().unwrap();
    assert_eq!(secret.expose_secret(), "8d1f0c5ab7e24396a0d95be17c42f863");
    assert!(!format!("{config:?}").contains("8d1f0c5a"), "a secret is never printed");
}

#[rstest]
#[case::right("gateway = \"kannel\"", &[])]
#[case::no_gateway("gateway = \"\"", &["sms.accounts.tekst.gateway: must be the name of a gateway such as \"gatewayapi\", or the path of a preset's file (indgang.toml line 6)"])]
#[case::no_number("numbers = []", &["sms.accounts.tekst.numbers: must hold the number that citizens write to"])]
#[case::a_name_for_a_number(
    "numbers = [\"Kommunen\"]",
    &["sms.accounts.tekst.numbers[0]: must be a number such as \"+45 21 23 45 67\", or a short code, not \"Kommunen\" (indgang.toml line 7)",
      "sms.accounts.tekst.numbers: must hold the number that citizens write to"]
)]
#[case::a_secret_that_can_be_guessed(
    "path_secret = \"hemmelig\"",
    &["sms.accounts.tekst.path_secret: must be at least 32 letters, digits, - or _, drawn at random: whoever knows it can write to the inbox in anybody's name"]
)]
#[case::a_secret_of_one_letter(
    "path_secret = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
    &["sms.accounts.tekst.path_secret: must be at least 32 letters, digits, - or _, drawn at random: whoever knows it can write to the inbox in anybody's name"]
)]
#[case::an_address_with_a_query(
    "base_url = \"https://gateway.example/?key=1\"",
    &["sms.accounts.tekst.base_url: must be an address such as \"https://sms.kommune.example\", without ? and #, or empty (indgang.toml line 8)"]
)]
fn what_is_wrong_with_an_account_is_said(#[case] line: &str, #[case] expected: &[&str]) {
    let key = line.split(' ').next().unwrap();
    let text: String = ACCOUNT
        .lines()
        .map(|one| if one.starts_with(key) { line } else { one })
        .map(|one| format!("{one}\n"))
        .collect();
    let found: Vec<String> = mistakes(&text, &[])
        .into_iter()
        // Where a secret or a list was written is told by another table.
        .map(|one| one.strip_suffix(" (indgang.toml line 9)").map_or(one.clone(), str::to_owned))
        .map(|one| match one.starts_with("sms.accounts.tekst.numbers: ") {
            true => one.strip_suffix(" (indgang.toml line 7)").map_or(one.clone(), str::to_owned),
            false => one,
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn accounts_do_not_share_names_or_numbers() {
    let two = format!("{ACCOUNT}[sms.accounts.igen]\ngateway = \"cpsms\"\nnumbers = [\"21234567\"]\n");
    assert_eq!(
        mistakes(&two, &[]),
        ["sms.accounts.tekst.numbers: holds a number that sms.accounts.igen has too (indgang.toml line 7)"]
    );
    let mailbox =
        format!("{}[sms.accounts.borger]\ngateway = \"cpsms\"\nnumbers = [\"1205\"]\n", super::SMALL);
    assert_eq!(mistakes(&mailbox, &[]).len(), 1);
}

#[test]
fn an_office_with_texts_alone_says_who_it_is() {
    let nobody = ACCOUNT.replace("municipality = \"Eksempel Kommune\"\nphone = \"12 34 56 78\"\n", "");
    let found = mistakes(&nobody, &[]);
    assert!(found.iter().any(|one| one.starts_with("office.municipality: must be")), "{found:?}");
    assert!(found.iter().any(|one| one.starts_with("office.phone: must be")), "{found:?}");
    let disabled = nobody.replace("gateway = \"kannel\"", "gateway = \"\"\nenabled = false");
    assert!(mistakes(&disabled, &[]).is_empty());
}

#[test]
fn only_country_codes_are_listed() {
    let listed = |list: &str| load(&format!("[sms]\nforeign = {list}"), &[]).map(|config| config.sms.foreign);
    assert_eq!(listed("[\"+46\", \"+47\"]").unwrap(), ["+46", "+47"]);
    assert!(listed("[\"46\"]").is_err() && listed("[\"+\"]").is_err() && listed("[\"+4670\"]").is_err());
}
