//! A worker of `benches/peers`: does the jobs it is told, and says how long each took.
//!
//! `peers TOOL` reads one job a line from standard input, as JSON, and answers
//! each with a line; see `protocol.py`, which is the other end.

mod image_crate;
mod job;
mod ours;
mod turbo;

use std::error::Error;
use std::io::{self, BufRead, Write};
use std::time::Instant;
use std::{env, fs};

use serde_json::{Value, json};

use job::Job;

/// Bytes of an upload to bytes of a photo.
type Tool = Box<dyn FnMut(&[u8], &Job) -> Result<Vec<u8>, Box<dyn Error>>>;

fn main() -> Result<(), Box<dyn Error>> {
    let name = env::args().nth(1).unwrap_or_default();
    let (mut tool, versions): (Tool, Value) = match name.as_str() {
        "headshot" => (
            Box::new(ours::prepare),
            json!({"headshot": version("headshot")}),
        ),
        "turbo" => {
            let mut chain = turbo::Chain::new()?;
            let versions = json!({
                "libjpeg-turbo": turbo::VERSION,
                "turbojpeg": version("turbojpeg"),
                "fast_image_resize": version("fast_image_resize"),
            });
            (
                Box::new(move |upload, job| chain.prepare(upload, job)),
                versions,
            )
        }
        "image" => (
            Box::new(image_crate::prepare),
            json!({"image": version("image")}),
        ),
        _ => return Err(format!("no such tool: {name:?}").into()),
    };
    say(&json!({"versions": versions}))?;

    let mut upload = (String::new(), Vec::new());
    for line in io::stdin().lock().lines() {
        let answer = serde_json::from_str(&line?)
            .map_err(Into::into)
            .and_then(|job| work(&mut tool, &mut upload, &job))
            .unwrap_or_else(|error| json!({"error": error.to_string()}));
        say(&answer)?;
    }
    Ok(())
}

/// One job. The upload is read before the clock starts, and kept for the next one.
fn work(
    tool: &mut Tool,
    upload: &mut (String, Vec<u8>),
    job: &Job,
) -> Result<Value, Box<dyn Error>> {
    if upload.0 != job.path {
        *upload = (job.path.clone(), fs::read(&job.path)?);
    }
    let start = Instant::now();
    let photo = tool(&upload.1, job)?;
    let time = start.elapsed();
    if let Some(out) = &job.out {
        fs::write(out, &photo)?;
    }
    Ok(json!({"ms": time.as_secs_f64() * 1e3, "bytes": photo.len()}))
}

fn say(answer: &Value) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{answer}")?;
    out.flush()
}

/// The version of a crate, as it was locked.
fn version(name: &str) -> Option<&'static str> {
    let lock = include_str!("../Cargo.lock");
    let (_, package) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    package.split('"').next()
}
