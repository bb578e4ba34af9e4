//! What the format promises, case by case; the shipped presets have their own cases in `testdata/sms`.

use super::*;

const KANNEL: &str = include_str!("../../../../config/gateways/kannel.toml");

#[test]
fn the_preset_for_kannel_is_read() {
    let preset = Preset::parse("kannel", KANNEL).unwrap();
    assert_eq!(preset.needs(), [Need::User, Need::Password, Need::PathSecret, Need::BaseUrl]);
}
