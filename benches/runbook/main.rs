//! How long it takes after a refresh until mail is off, and until nothing can leave, against the requests alone.
//!
//! `lmskeep after --freeze-only` runs on the practice LMS, where every request takes 100 ms. A bare loop then sends again,
//! one after the other, those of its requests that the ideal has, and all of them; and once more all of them with those
//! side by side that the program had under way at the same time. It prints, and judges nothing.

#![allow(clippy::print_stdout, reason = "a benchmark prints its numbers")]

mod asked;
mod floor;
mod world;

use std::error::Error;
use std::time::Instant;

use tokio::runtime::Builder;

use crate::asked::{
    Asked, For, KINDS, counted, groups, ideal, is_ideal, kinds, seconds, until_mail_off, until_nothing_leaves,
};
use crate::floor::Floor;
use crate::world::{LATENCY_MS, World};

/// How often all of it is measured.
const ROUNDS: usize = 3;

/// What can go wrong here ends the benchmark.
type Any<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Seconds to one of the two ends.
struct Times {
    program: f64,
    ideal: f64,
    in_a_row: f64,
    beside: f64,
}

/// One run of the program and both floors.
struct Measured {
    /// How many requests lead to mail off, and to nothing can leave.
    ends: [usize; 2],
    kinds: Vec<For>,
    times: [Times; 2],
    /// Seconds from the start of the program's process to its end.
    process: f64,
}

fn main() -> Any<()> {
    // A test run builds benchmarks, and may start them.
    if !std::env::args().any(|word| word == "--bench") {
        return Ok(());
    }
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut rounds = Vec::new();
        for round in 1..=ROUNDS {
            println!("round {round} of {ROUNDS}");
            rounds.push(measure().await?);
        }
        tell(&rounds);
        Ok(())
    })
}

async fn measure() -> Any<Measured> {
    let world = World::refreshed().await?;
    world.slow(true).await?;
    world.forget().await?;
    let began = Instant::now();
    world
        .run(&["after", "stage", "--freeze-only", "--yes", "--json"])
        .await?;
    let process = began.elapsed().as_secs_f64();
    if !world.is_off().await? {
        return Err("the program says that all is off, and it is not".into());
    }
    let program = world.asked().await?;
    let kinds = kinds(&program);
    let ends = [until_mail_off(&program, &kinds)?, until_nothing_leaves(&program)?];

    world.slow(false).await?;
    world.refresh().await?;
    let (user, password) = (&world.practice.user, &world.practice.password);
    let floor = Floor::of(&world.practice.stage, (user, password), &program).await?;
    world.slow(true).await?;
    let few = floor.only(|at| is_ideal(kinds[at]));
    let few = replayed(&world, &few, &few.in_a_row()).await?;
    let in_a_row = replayed(&world, &floor, &floor.in_a_row()).await?;
    let beside = replayed(&world, &floor, &groups(&program)).await?;
    let times = ends.map(|end| Times {
        program: seconds(&program[..end]),
        ideal: seconds(&few[..ideal(&kinds[..end])]),
        in_a_row: seconds(&in_a_row[..end]),
        beside: seconds(&beside[..end]),
    });
    Ok(Measured {
        ends,
        kinds,
        times,
        process,
    })
}

/// Sends the requests again, to a stage that was refreshed again; gives what the log says of them.
async fn replayed(world: &World, floor: &Floor, groups: &[usize]) -> Any<Vec<Asked>> {
    world.refresh().await?;
    world.forget().await?;
    floor.run(groups).await?;
    if !world.is_off().await? {
        return Err("the loop has not done what the program did".into());
    }
    world.asked().await
}

fn tell(rounds: &[Measured]) {
    let Some(first) = rounds.first() else { return };
    println!("\n{:<40} {:>9} {:>9}", "requests for", "mail off", "all off");
    let counts = first.ends.map(|end| counted(&first.kinds[..end]));
    for (kind, words, is_ideal) in KINDS {
        let [mail, all] = counts.each_ref().map(|of| of.get(&kind).copied().unwrap_or(0));
        if mail + all > 0 {
            let beyond = if is_ideal { "" } else { "  beyond the ideal" };
            println!("{words:<40} {mail:>9} {all:>9}{beyond}");
        }
    }
    println!(
        "\nmedian (least to most) of {} rounds at {LATENCY_MS} ms a request, seconds\n",
        rounds.len()
    );
    for (at, name) in ["mail off", "nothing can leave"].iter().enumerate() {
        let of = |pick: fn(&Times) -> f64| Spread::of(rounds.iter().map(|round| pick(&round.times[at])));
        let end = first.ends[at];
        let few = ideal(&first.kinds[..end]);
        let program = of(|t| t.program);
        println!("{name}: {end} requests, ideal {few}");
        println!("  {:<34} {}", "the program", program.words());
        let floors = [
            ("loop, the ideal's requests", of(|t| t.ideal)),
            ("loop, the program's requests", of(|t| t.in_a_row)),
            ("the same, side by side as it did", of(|t| t.beside)),
        ];
        for (name, floor) in floors {
            let ratio = program.median / floor.median;
            println!("  {name:<34} {}   ratio {ratio:.2}", floor.words());
        }
    }
    let process = Spread::of(rounds.iter().map(|round| round.process));
    println!(
        "\nthe program's process from its start to its end: {}",
        process.words()
    );
    if rounds.iter().any(|round| round.kinds.len() != first.kinds.len()) {
        println!("the rounds did not send the same number of requests: the counts are those of the first");
    }
}

/// The median of some numbers, the least and the most.
struct Spread {
    median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    fn of(numbers: impl Iterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = numbers.collect();
        sorted.sort_by(f64::total_cmp);
        let at = |place: usize| sorted.get(place).copied().unwrap_or(f64::NAN);
        Self {
            median: at(sorted.len() / 2),
            least: at(0),
            most: at(sorted.len().saturating_sub(1)),
        }
    }

    fn words(&self) -> String {
        format!("{:.2} ({:.2} to {:.2})", self.median, self.least, self.most)
    }
}
