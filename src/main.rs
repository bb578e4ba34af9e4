//! The `indgang` program. All of it is in the library, so that tests and benchmarks reach it.

fn main() -> std::process::ExitCode {
    indgang::cli::main()
}
