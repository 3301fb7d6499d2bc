//! `headshot prepare`.

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::Path;
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
use crate::outcome::{Job, Outcome};
use crate::output::{Destination, Others, Written};
use crate::progress::Progress;
use crate::report::{Kind, Report, Run};
use crate::sources::{self, Source};
use crate::status::{Failure, Status};
use crate::stop::Stop;
use crate::totals::Totals;
use crate::work;

pub(crate) fn run(args: &PrepareArgs) -> Result<Status, Failure> {
    input::one_stdin_at_most(args.inputs.iter().chain(&args.files_from))?;
    let options = Options::from(&args.options);
    let is_listed = args.files_from.is_some() || args.inputs.iter().any(|i| i.path().is_dir());
    let destination = Destination::new(&args.destination, &args.inputs, is_listed)?;
    let others = others(args);
    let none_of_them: Vec<&Path> = (others.lists.iter())
        .chain(&others.reports)
        .copied()
        .chain(args.destination.out_dir.as_deref())
        .collect();
    let sources = sources::list(&args.inputs, args.files_from.as_ref(), &none_of_them)?;
    let crops = match &args.crop_list {
        Some(file) => Crops::read(file, &sources)?,
        None => Crops::default(),
    };
    destination.refuse_clashes(&sources, &others, |source| crops.options(options, source))?;

    if let Destination::Directory(directory) = &destination {
        fs::create_dir_all(directory).map_err(|error| {
            let directory = Printable::path(directory);
            Failure::Other(format!("cannot make the directory {directory}: {error}"))
        })?;
    }
    let reports: Result<Vec<Report>, Failure> = args.reports.iter().map(Report::create).collect();
    let reports = reports?;
    // The last that can fail: from here on, what was finished before is forgotten.
    let ledger = match &destination {
        Destination::Directory(directory) => {
            Some(Ledger::open(directory, args.destination.resume)?)
        }
        Destination::File(_) | Destination::Stdout => None,
    };
    let progress = Progress::new(&destination, sources.len(), args.json, args.quiet);
    let stop = if args.inputs.contains(&Input::Stdin) {
        // Nothing may come there any more, and whoever waits for it wants to get away.
        Stop::default()
    } else {
        Stop::by_interrupt(progress.voice())?
    };
    let batch = Batch {
        job: Arc::new(Job {
            sources,
            options,
            crops,
            timeout: args.timeout.map(|timeout| timeout.0),
            destination,
            written: Written::default(),
            ledger,
            thumbnails: args.reports.iter().any(|report| report.kind == Kind::Page),
        }),
        jobs: jobs(args),
        reports,
        progress,
        stop,
        is_listed,
        resume: args.destination.resume,
    };
    batch.run()
}

fn others(args: &PrepareArgs) -> Others<'_> {
    let files_from = args.files_from.iter().map(Input::path);
    Others {
        lists: files_from.chain(args.crop_list.as_deref()).collect(),
        reports: args.reports.iter().map(|report| &*report.path).collect(),
    }
}

fn jobs(args: &PrepareArgs) -> NonZeroUsize {
    args.jobs
        .or_else(|| thread::available_parallelism().ok())
        .unwrap_or(NonZeroUsize::MIN)
}

/// All that a run needs, once nothing of it can be wrong usage any more.
struct Batch {
    job: Arc<Job>,
    jobs: NonZeroUsize,
    reports: Vec<Report>,
    progress: Progress,
    stop: Stop,
    /// Not every picture was named by whoever typed.
    is_listed: bool,
    /// Whether a run after this one shall know what it finished, in any case.
    resume: bool,
}

impl Batch {
    fn run(mut self) -> Result<Status, Failure> {
        let (began, start) = (SystemTime::now(), Instant::now());
        let job = Arc::clone(&self.job);
        let outcomes = work::in_order(0..job.sources.len(), self.jobs, {
            let (job, stop) = (Arc::clone(&self.job), self.stop.clone());
            move |index, cancel| {
                let source = job.sources.get(index).filter(|_| !stop.is_asked_for())?;
                Some(job.outcome(source, &cancel.or(&stop.cancel())))
            }
        });
        let mut totals = Totals::default();
        let mut status = Status::Fine;
        let mut failures = Failures::default();
        for (source, outcome) in job.sources.iter().zip(outcomes) {
            let Some(outcome) = outcome else {
                totals.add_not_begun();
                continue;
            };
            status = status.and(Status::of(&outcome.made));
            totals.add(&outcome, self.stop.is_asked_for());
            self.tell(source, &outcome, &totals, &mut failures)?;
        }
        let run = Run {
            began,
            time: start.elapsed(),
            jobs: self.jobs.get(),
            stopped: totals.is_stopped(),
        };
        self.progress.finish(&totals, run.time, self.is_listed);
        for report in self.reports {
            failures.note(report.finish(&run));
        }
        if let Some(ledger) = &self.job.ledger
            && totals.is_complete()
            && !self.resume
        {
            failures.note(ledger.remove());
        }
        failures.first()?;
        if totals.is_stopped() {
            return Ok(Status::Stopped);
        }
        Ok(status)
    }

    /// Tells of one picture wherever it is to be told. That standard output takes no more
    /// doesn't keep photos from being made, unless it is there that they go.
    fn tell(
        &mut self,
        source: &Source,
        outcome: &Outcome,
        totals: &Totals,
        failures: &mut Failures,
    ) -> Result<(), Failure> {
        let object = Value::Object(outcome.object(source));
        match self.progress.tell(source, outcome, &object, totals) {
            Ok(()) => {}
            Err(error) if self.job.destination == Destination::Stdout => {
                return Err(Failure::Stdout(error));
            }
            Err(error) => {
                self.progress.fall_silent();
                if error.kind() != io::ErrorKind::BrokenPipe {
                    failures.note(Err(Failure::Stdout(error)));
                }
            }
        }
        self.reports.retain_mut(|report| {
            let added = report.add(&object, &outcome.thumbnails);
            failures.note(added)
        });
        Ok(())
    }
}

/// What went wrong without an end to the run.
#[derive(Default)]
struct Failures(Option<Failure>);

impl Failures {
    /// Whether nothing did. Only the first failure is told of.
    fn note(&mut self, result: Result<(), Failure>) -> bool {
        match result {
            Ok(()) => true,
            Err(failure) => {
                self.0.get_or_insert(failure);
                false
            }
        }
    }

    fn first(self) -> Result<(), Failure> {
        self.0.map_or(Ok(()), Err)
    }
}
