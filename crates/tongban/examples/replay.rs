//! How fast a journal is read again on one core, part by part: `--example replay -- DIR`. The
//! journal is read into memory first; each figure is the median of five passes. Prints rates.

use std::{hint::black_box, path::Path, sync::Arc, time::Instant};

use tongban_domain::{
    acts::{Act, Context, NumberKind, ProjectAct, Supply, perform},
    credit::Credit,
    fact::{Channel, Recorded},
    permission::{Actor, Mandate, Role},
    project::Project,
    time::{Day, Instant as Moment},
};
use tongban_journal::{Frontier, canonical, leaf_hashes};
use tongban_store::{Store, SystemClock};

/// As the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The median rate of five passes over so many things, in millions a second.
fn rate(name: &str, things: usize, mut pass: impl FnMut()) {
    let mut rates: Vec<f64> = (0..5)
        .map(|_| {
            let begun = Instant::now();
            pass();
            things as f64 / begun.elapsed().as_secs_f64() / 1e6
        })
        .collect();
    rates.sort_by(f64::total_cmp);
    println!("{name:<28} {:>8.3} million a second", rates[2]);
}

struct Counter(u64);

impl Supply for Counter {
    fn id(&mut self, _: Moment) -> [u8; 16] {
        self.0 += 1;
        let mut id = [0; 16];
        id[8..].copy_from_slice(&self.0.to_be_bytes());
        id
    }

    fn number(&mut self, _: NumberKind, _: Day) -> u32 {
        self.0 += 1;
        self.0 as u32
    }
}

fn fold(facts: &[Recorded]) -> Option<Project> {
    let first = facts.first()?;
    let id = tongban_domain::ids::ProjectId::from_bytes(first.envelope.stream.id);
    let mut project = Project::register(id, &first.envelope, &first.fact)?;
    for recorded in &facts[1..] {
        project.evolve(&recorded.envelope, &recorded.fact);
    }
    Some(project)
}

fn main() -> anyhow::Result<()> {
    let data = std::env::args().nth(1).unwrap_or_else(|| "data".to_owned());
    let store = Store::open_copy(Path::new(&data), Arc::new(SystemClock { offset: 0 }))?;
    let mut streams: Vec<Vec<Recorded>> = Vec::new();
    for row in store.find_projects("", usize::MAX >> 1)? {
        streams.push(store.history(row.id)?);
    }
    let bytes: Vec<Vec<Vec<u8>>> =
        streams.iter().map(|facts| facts.iter().map(Recorded::to_bytes).collect()).collect();
    let all: Vec<&Vec<u8>> = bytes.iter().flatten().collect();
    let size: usize = all.iter().map(|bytes| bytes.len()).sum();
    println!("{} projects, {} facts, {} bytes each", streams.len(), all.len(), size / all.len());
    rate("decode", all.len(), || {
        for bytes in &all {
            let _ = black_box(Recorded::from_bytes(bytes));
        }
    });
    rate("evolve", all.len(), || {
        for facts in &streams {
            black_box(fold(facts));
        }
    });
    rate("replay: decode and evolve", all.len(), || {
        for facts in &bytes {
            let read: Result<Vec<Recorded>, _> =
                facts.iter().map(|bytes| Recorded::from_bytes(bytes)).collect();
            black_box(read.ok().as_deref().and_then(fold));
        }
    });
    rate("encode", all.len(), || {
        for recorded in streams.iter().flatten() {
            black_box(recorded.to_bytes());
        }
    });
    rate("check canonical bytes", all.len(), || {
        for bytes in &all {
            let _ = black_box(canonical::check(bytes));
        }
    });
    rate("hash: SM3 and SHA-256", all.len(), || {
        for bytes in &all {
            black_box(leaf_hashes(bytes));
        }
    });
    rate("hash and append to the tree", all.len(), || {
        let mut frontier = Frontier::default();
        for bytes in &all {
            frontier.append(leaf_hashes(bytes));
        }
        black_box(frontier.roots());
    });
    let projects: Vec<Project> = streams.iter().filter_map(|facts| fold(facts)).collect();
    let (catalog, organisation, credit) =
        (store.catalog()?, store.organisation(), Credit::default());
    let actor = Actor {
        mandates: vec![Mandate { role: Role::Supervisor, department: None, region: 320_000 }],
        channel: Channel::Web,
        ..Actor::timer()
    };
    let act = Act::Project(ProjectAct::MarkKeyProject);
    let rounds = 20;
    rate("decide: mark a key project", projects.len() * rounds, || {
        for project in projects.iter().cycle().take(projects.len() * rounds) {
            let mut context = Context {
                now: store.now(),
                catalog: &catalog,
                organisation: &organisation,
                credit: &credit,
                actor: &actor,
                visit: None,
                claimed_at: None,
                source_system: None,
                node: 1,
                epoch: 1,
                supply: &mut Counter(0),
            };
            let _ = black_box(perform(project, &act, &mut context));
        }
    });
    Ok(())
}
