//! Real peers for tests and benchmarks.
