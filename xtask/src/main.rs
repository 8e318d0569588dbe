//! `cargo x …`: everything a fresh machine needs, in a few commands.

mod api;
mod demo;
mod faults;
mod packages;
mod run;
mod test;
mod web;

use std::process::ExitCode;

const HELP: &str = "\
cargo x demo [ARGS]   set everything up, build, fill a demo city and serve it
cargo x test          formatting, lints, all tests, browser stories
cargo x faults [ARGS] kills, power cuts, broken and full disks against a node; --long for an evening
cargo x assets        install the web packages and bundle them
cargo x fmt           format the code";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest = arguments.get(1..).unwrap_or_default();
    let done = match arguments.first().map(String::as_str) {
        Some("demo") => demo::demo(rest),
        Some("test" | "ci") => test::test(),
        Some("faults") => faults::faults(rest),
        Some("assets") => web::assets(),
        Some("fmt") => run::cargo(&["fmt", "--all"]),
        _ => {
            println!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cargo x: {error:#}");
            ExitCode::FAILURE
        }
    }
}
