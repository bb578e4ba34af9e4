//! TEMPORARY stand-in for the preset's own words.

/// How.
#[derive(Clone, Debug)]
pub enum Verify {
    /// P.
    PathSecret,
    /// B.
    Basic,
    /// H.
    Hmac {
        /// a
        algorithm: Algorithm,
        /// h
        header: String,
        /// p
        prefix: String,
        /// e
        encoding: Encoding,
        /// i
        input: Vec<Input>,
        /// t
        timestamp_header: Option<String>,
        /// m
        max_skew_seconds: u64,
    },
    /// J.
    Jwt {
        /// h
        header: String,
    },
    /// T.
    Twilio,
    /// V.
    Vonage,
}

/// A.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// 1
    Sha1,
    /// 2
    Sha256,
    /// 5
    Sha512,
}

/// E.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// h
    Hex,
    /// b
    Base64,
}

/// I.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// b
    Body,
    /// h
    Header(String),
    /// l
    Literal(String),
}
