//! How many deadlines one core derives in a second: ledgers with and without a pause over the
//! official calendar. Prints the rate; not a test.

use std::{hint::black_box, path::Path, time::Instant};

use tongban_domain::{
    calendar::Calendar,
    clock::{Ledger, Pause, Which},
    ids::AccountId,
    limit::PinnedLimit,
    time::Day,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog/jiangsu/calendar.csv");
    let calendar = Calendar::parse(&std::fs::read_to_string(root)?)?;
    let first: Day = "2024-01-02".parse()?;
    let ledger = |offset: i32, paused: bool| Ledger {
        accepted: first.plus(offset),
        started: Some(first.plus(offset)),
        pauses: if paused {
            vec![Pause {
                from: first.plus(offset + 3),
                planned_end: first.plus(offset + 12),
                ended: None,
                reason: "expert-review".to_owned(),
                basis: "AL 45".to_owned(),
                by: AccountId::from_bytes([1; 16]),
            }]
        } else {
            Vec::new()
        },
        extensions: Vec::new(),
        stopped: None,
        statutory: PinnedLimit::WorkingDays(20, 10),
        promised: PinnedLimit::WorkingDays(7, 0),
        calendar: calendar.digest(),
    };
    for (name, paused) in [("running", false), ("paused", true)] {
        let ledgers: Vec<Ledger> = (0..700).map(|offset| ledger(offset, paused)).collect();
        let mut rates = Vec::new();
        for _ in 0..5 {
            let (started, rounds) = (Instant::now(), 1_000);
            for _ in 0..rounds {
                for ledger in &ledgers {
                    black_box(ledger.due(&calendar, Which::Promised));
                    black_box(ledger.due(&calendar, Which::Statutory));
                }
            }
            let done = (rounds * ledgers.len() * 2) as f64;
            rates.push(done / started.elapsed().as_secs_f64());
        }
        rates.sort_by(f64::total_cmp);
        println!("{name}: {:.1} million deadlines a second, median of five", rates[2] / 1e6);
    }
    Ok(())
}
