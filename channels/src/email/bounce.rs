//! Reads delivery reports (RFC 3464), complaints (RFC 5965) and their free-text forerunners.
