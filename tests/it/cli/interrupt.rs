//! Runs that are stopped, or met by another one: each waits for a picture which the test has
//! to hand out.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use super::batch::{origins, paths};
use super::*;

/// What takes longer never comes.
const PATIENCE: Duration = Duration::from_mins(1);

/// `b.png` is a pipe.
const LINE: &str = "prepare a.png b.png c.png --out-dir out --jobs 1 --json";

struct Run {
    desk: Desk,
    child: Child,
    /// The lines of standard error, as they come.
    stderr: Receiver<String>,
}

impl Run {
    fn start(line: &str) -> Self {
        // Whoever runs the tests in the background has them ignore SIGINT.
        let mut command = Command::new("env");
        command.arg("--default-signal=INT");
        command.arg(assert_cmd::cargo::cargo_bin("headshot"));
        command.args(line.split_whitespace());
        Self::spawn(command)
    }

    fn spawn(mut command: Command) -> Self {
        let desk = Desk::new();
        let made = Command::new("mkfifo").arg(desk.path("b.png")).status();
        assert!(made.unwrap().success());
        desk.put("a.png", png(20, 10));
        desk.put("c.png", png(22, 10));
        let mut child = command
            .current_dir(desk.0.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (sender, stderr) = mpsc::channel();
        thread::spawn(move || lines.map_while(Result::ok).try_for_each(|l| sender.send(l)));
        Self {
            desk,
            child,
            stderr,
        }
    }

    /// Returns when the run has opened the pipe, and has finished what is before it.
    fn pipe(&self) -> File {
        let path = self.desk.path("b.png");
        let (sender, receiver) = mpsc::channel();
        // On a thread of its own, which waits without end if the run doesn't come.
        thread::spawn(move || sender.send(File::options().write(true).open(path)));
        receiver.recv_timeout(PATIENCE).unwrap().unwrap()
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status();
        assert!(sent.unwrap().success());
    }

    /// Presses Ctrl-C, and returns when the run has said so.
    #[track_caller]
    fn interrupt(&self, answer: &str) {
        self.signal("-INT");
        let line = self.stderr.recv_timeout(PATIENCE).unwrap();
        assert!(line.starts_with(answer), "{line}");
    }

    fn end(self) -> (Desk, Ran) {
        let mut output = self.child.wait_with_output().unwrap();
        let lines = self.stderr.iter().map(|line| line + "\n");
        output.stderr = lines.collect::<String>().into_bytes();
        (self.desk, Ran(output))
    }

    /// The same, after the picture was handed out.
    fn end_with(self, mut pipe: File) -> (Desk, Ran) {
        pipe.write_all(&png(21, 10)).unwrap();
        drop(pipe);
        self.end()
    }
}

/// Goes on with a run that was stopped, with a file in place of the pipe.
fn resume(desk: &Desk) -> Ran {
    fs::remove_file(desk.path("b.png")).unwrap();
    desk.put("b.png", png(21, 10));
    desk.run(&format!("{LINE} --resume"))
}

#[test]
fn interrupt_finishes_what_is_in_work_and_reports_it() {
    let run = Run::start(&format!("{LINE} --report report.jsonl"));
    let pipe = run.pipe();
    run.interrupt("stopping");
    let (desk, ran) = run.end_with(pipe);
    ran.assert(130, "");
    assert_eq!(paths(&ran.json()), ["a.png", "b.png"]);
    assert_eq!(desk.bytes("report.jsonl"), ran.0.stdout);
    assert_eq!(desk.names("out"), [".headshot-finished", "a.png", "b.png"]);
    assert_eq!(origins(&resume(&desk)), ["before", "before", "prepared"]);
}

#[test]
fn second_interrupt_gives_up_what_is_in_work() {
    // With a picture that isn't begun, and with none.
    for line in [LINE, &LINE.replace(" c.png", "")] {
        let run = Run::start(line);
        let pipe = run.pipe();
        run.interrupt("stopping");
        run.interrupt("giving up");
        let (desk, ran) = run.end_with(pipe);
        ran.assert(130, "b.png: cancelled (cancelled): cancelled\n");
        assert_eq!(paths(&ran.json()), ["a.png", "b.png"]);
        assert_eq!(desk.names("out"), [".headshot-finished", "a.png"]);
    }
}

/// As scripts have it for what they run in the background.
#[test]
fn interrupt_that_is_to_be_ignored_is() {
    let program = assert_cmd::cargo::cargo_bin("headshot");
    let mut shell = Command::new("sh");
    shell.arg("-c");
    shell.arg(format!("trap '' INT; exec {} {LINE}", program.display()));
    let run = Run::spawn(shell);
    let pipe = run.pipe();
    run.signal("-INT");
    let (desk, ran) = run.end_with(pipe);
    ran.assert(0, "");
    assert_eq!(desk.names("out"), ["a.png", "b.png", "c.png"]);
}

#[test]
fn killed_run_is_gone_on_with() {
    let run = Run::start(&format!("{LINE} --report report.jsonl"));
    let pipe = run.pipe();
    run.signal("-KILL");
    let (desk, ran) = run.end();
    assert_eq!(ran.0.status.code(), None);
    drop(pipe);
    assert!(!desk.path("report.jsonl").exists());
    assert_eq!(origins(&resume(&desk)), ["before", "prepared", "prepared"]);
}

#[test]
fn two_runs_keep_out_of_each_others_way() {
    let run = Run::start(LINE);
    let pipe = run.pipe();
    run.desk
        .run("prepare a.png --out-dir out")
        .assert_usage(&["another run is writing photos to out"]);
    let (_, ran) = run.end_with(pipe);
    ran.assert(0, "");
}
