#![expect(clippy::print_stderr, reason = "it is run by hand")]
//! Prints a report like those that will come, to look at: `cargo run -p indgang-print --example report -- DIRECTORY`.

use std::path::Path;
use std::time::Instant;
use std::{env, fs};

#[path = "../tests/common/mod.rs"]
mod common;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = env::args().nth(1).ok_or("name the directory to print to")?;
    let report = common::report();
    for round in ["first", "second"] {
        let begun = Instant::now();
        let pdf = indgang_print::pdf(&report)?;
        eprintln!("the {round} PDF took {:?} and has {} bytes", begun.elapsed(), pdf.len());
        fs::write(Path::new(&directory).join("report.pdf"), pdf)?;
    }
    fs::write(Path::new(&directory).join("report.html"), indgang_print::html(&report))?;
    fs::write(Path::new(&directory).join("report.md"), indgang_print::text(&report))?;
    Ok(())
}
