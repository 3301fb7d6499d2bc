//! `headshot prepare`.

use std::fs;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;
use std::time::{Instant, SystemTime};

use headshot::Options;
use serde_json::Value;

use crate::args::PrepareArgs;
use crate::console::Printable;
use crate::crops::Crops;
use crate::input::{self, Input};
use crate::ledger::Ledger;
use crate::outcome::Job;
use crate::output::Destination;
use crate::progress::Progress;
use crate::report::{Kind, Report, Run};
use crate::sources::{self, Source};
use crate::status::{Failure, Status};
use crate::stop::Stop;
use crate::totals::Totals;
use crate::work;

pub(crate) fn run(args: &PrepareArgs) -> Result<Status, Failure> {
    input::one_stdin_at_most(args.inputs.iter().chain(&args.files_from))?;
    let destination = Destination::new(&args.destination, &args.inputs, args.files_from.is_some())?;
    let sources = sources::list(&args.inputs, args.files_from.as_ref(), &own_paths(args))?;
    let crops = args.crop_list.as_ref();
    let job = Job {
        options: Options::from(&args.options),
        crops: crops.map_or_else(|| Ok(Crops::default()), |file| Crops::read(file, &sources))?,
        timeout: args.timeout.map(|timeout| timeout.0),
        thumbnails: args.reports.iter().any(|report| report.kind == Kind::Page),
        ledger: None,
        destination,
    };
    let reports = args.reports.iter().map(|report| &*report.path);
    job.destination
        .refuse_clashes(&sources, reports, |source| job.options_of(source))?;
    let ledger = match &job.destination {
        Destination::Directory(directory) => {
            fs::create_dir_all(directory).map_err(|error| {
                let directory = Printable::path(directory);
                Failure::Other(format!("cannot make the directory {directory}: {error}"))
            })?;
            Some(Ledger::open(directory, args.destination.resume)?)
        }
        Destination::File(_) | Destination::Stdout => None,
    };
    let reports: Result<Vec<Report>, Failure> = args.reports.iter().map(Report::create).collect();
    let progress = Progress::new(&job.destination, sources.len(), args.json, args.quiet);
    let stop = if args.inputs.contains(&Input::Stdin) {
        // Nothing may come there any more, and whoever waits for it wants to get away.
        Stop::default()
    } else {
        Stop::by_signals(progress.voice())?
    };
    Batch {
        jobs: jobs(args),
        is_listed: sources.len() > args.inputs.len(),
        job: Arc::new(Job { ledger, ..job }),
        sources,
        reports: reports?,
        progress,
        stop,
        resume: args.destination.resume,
    }
    .run()
}

/// What is in a folder of pictures, maybe, and none of them.
fn own_paths(args: &PrepareArgs) -> Vec<&std::path::Path> {
    let lists = args.files_from.iter().map(Input::path);
    let reports = args.reports.iter().map(|report| &*report.path);
    let paths = args.destination.out_dir.as_deref().into_iter();
    paths
        .chain(lists)
        .chain(reports)
        .chain(args.crop_list.as_deref())
        .collect()
}

fn jobs(args: &PrepareArgs) -> NonZeroUsize {
    args.jobs
        .or_else(|| thread::available_parallelism().ok())
        .unwrap_or(NonZeroUsize::MIN)
}

/// All that a run needs, once nothing of it can be wrong usage any more.
struct Batch {
    job: Arc<Job>,
    sources: Vec<Source>,
    jobs: NonZeroUsize,
    reports: Vec<Report>,
    progress: Progress,
    stop: Stop,
    resume: bool,
    /// Not every picture was named by whoever typed.
    is_listed: bool,
}

impl Batch {
    fn run(mut self) -> Result<Status, Failure> {
        let (began, start) = (SystemTime::now(), Instant::now());
        let outcomes = work::in_order(self.sources.clone(), self.jobs, {
            let (job, stop) = (Arc::clone(&self.job), self.stop.clone());
            move |source, cancel| {
                let begins = !stop.is_asked_for();
                begins.then(|| job.outcome(&source, &cancel.or(&stop.cancel())))
            }
        });
        let mut totals = Totals::default();
        let mut status = Status::Fine;
        for (source, outcome) in self.sources.iter().zip(outcomes) {
            let Some(outcome) = outcome else {
                totals.add_not_begun();
                status = Status::Stopped;
                continue;
            };
            status = status.and(Status::of(&outcome.made));
            totals.add(&outcome);
            let object = Value::Object(outcome.object(source));
            self.progress.tell(source, &outcome, &object, &totals)?;
            for report in &mut self.reports {
                report.add(&object, &outcome.thumbnails)?;
            }
        }
        let run = Run {
            began,
            time: start.elapsed(),
            jobs: self.jobs.get(),
            stopped: totals.is_stopped(),
        };
        if let Some(ledger) = &self.job.ledger
            && !(self.resume || totals.is_stopped())
        {
            ledger.remove()?;
        }
        self.progress.finish(&totals, run.time, self.is_listed);
        for report in self.reports {
            report.finish(&run)?;
        }
        Ok(status)
    }
}
