//! Reports as a page for a browser, which needs nothing but itself.

use std::env;
use std::io::{self, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::thumbnails::Thumbnails;

/// The page, with a line for each of its parts: what it looks like, what it does, the
/// pictures, and what is known of the run.
const PAGE: &str = include_str!("page.html");

const STYLE: (&str, &str) = ("{{style}}\n", include_str!("page.css"));
const SCRIPT: (&str, &str) = ("{{script}}\n", include_str!("page.js"));
const ROWS: &str = "{{rows}}";
const RUN: &str = "{{run}}";

/// What a page tells of a run as a whole.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) began: SystemTime,
    pub(crate) time: Duration,
    pub(crate) jobs: usize,
    /// Somebody ended it early.
    pub(crate) stopped: bool,
}

pub(crate) struct Writer<W> {
    file: W,
    first: bool,
}

impl<W: Write> Writer<W> {
    pub(crate) fn begin(mut file: W) -> io::Result<Self> {
        let (head, _, _) = parts();
        file.write_all(head.as_bytes())?;
        Ok(Self { file, first: true })
    }

    pub(crate) fn add(&mut self, object: &Value, thumbnails: &Thumbnails) -> io::Result<()> {
        let mut object = object.clone();
        object["before"] = json!(thumbnails.before);
        object["after"] = json!(thumbnails.after);
        if !self.first {
            self.file.write_all(b",\n")?;
        }
        self.first = false;
        self.file.write_all(script(&object).as_bytes())
    }

    pub(crate) fn finish(mut self, run: &Run) -> io::Result<W> {
        let (_, middle, tail) = parts();
        let words: Vec<_> = env::args_os().collect();
        let words = words.iter().map(|word| word.to_string_lossy());
        let began = run.began.duration_since(UNIX_EPOCH).unwrap_or_default();
        let run = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "command": words.collect::<Vec<_>>().join(" "),
            "began": u64::try_from(began.as_millis()).ok(),
            "seconds": run.time.as_secs_f64(),
            "jobs": run.jobs,
            "stopped": run.stopped,
        });
        write!(self.file, "{middle}{}{tail}", script(&run))?;
        Ok(self.file)
    }
}

/// What is before the pictures, between them and the run, and after that.
fn parts() -> (String, &'static str, &'static str) {
    let (head, rest) = PAGE.split_once(ROWS).unwrap_or((PAGE, ""));
    let (middle, tail) = rest.split_once(RUN).unwrap_or((rest, ""));
    let head = head.replace(STYLE.0, STYLE.1).replace(SCRIPT.0, SCRIPT.1);
    (head, middle, tail)
}

/// As JSON in an element `script`, which nothing in it may end.
fn script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_has_each_place_once_and_in_order() {
        let (head, middle, tail) = parts();
        assert!(
            head.ends_with("[\n") && middle.starts_with("\n]"),
            "{middle}"
        );
        assert!(tail.contains("</html>"));
        assert!(head.contains(STYLE.1) && head.contains(SCRIPT.1));
        assert!(
            ![&*head, middle, tail]
                .iter()
                .any(|part| part.contains("{{"))
        );
    }

    #[test]
    fn name_ends_no_script() {
        let object = json!({ "path": "</script><script>alert(1)//<!--" });
        let text = script(&object);
        assert!(!text.contains('<'));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), object);
    }
}
