//! The presets that come with the program, inside it: a gateway's description must fit the code that reads it.

/// Name and file of every preset, sorted by name.
const SHIPPED: &[(&str, &str)] = &[
    ("android", include_str!("../../../../config/gateways/android.toml")),
    ("cpsms", include_str!("../../../../config/gateways/cpsms.toml")),
    ("elks46", include_str!("../../../../config/gateways/elks46.toml")),
    ("gatewayapi", include_str!("../../../../config/gateways/gatewayapi.toml")),
    ("gatewayapi_rest", include_str!("../../../../config/gateways/gatewayapi_rest.toml")),
    ("infobip", include_str!("../../../../config/gateways/infobip.toml")),
    ("inmobile", include_str!("../../../../config/gateways/inmobile.toml")),
    ("kannel", include_str!("../../../../config/gateways/kannel.toml")),
    ("pswincom", include_str!("../../../../config/gateways/pswincom.toml")),
    ("twilio", include_str!("../../../../config/gateways/twilio.toml")),
    ("vonage", include_str!("../../../../config/gateways/vonage.toml")),
];

/// The file of a preset.
pub(super) fn source(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, toml)| *toml)
}

/// The names of all.
pub(super) fn names() -> Vec<&'static str> {
    SHIPPED.iter().map(|(name, _)| *name).collect()
}
