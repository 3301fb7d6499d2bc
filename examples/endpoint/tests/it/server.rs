//! The program, running.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::client::get;

/// For whatever has to happen at last. No test waits so long if all is well.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);

/// An endpoint, until it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with("")
    }

    /// With options, in words.
    pub(crate) fn start_with(options: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_endpoint"))
            .args(["--port", "0"])
            .args(options.split_whitespace())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .expect(&line);
        Self {
            address: address.to_owned(),
            child,
            _stdout: stdout,
        }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// How full a gate is: its size, and who is waiting and inside.
    pub(crate) fn gate(&self, name: &str) -> Value {
        get("/health").send(self).json()[name].take()
    }

    /// Waits until so many are waiting before a gate, or inside.
    pub(crate) fn wait_for(&self, gate: &str, place: &str, number: u64) {
        let begun = Instant::now();
        while self.gate(gate)[place] != number {
            assert!(begun.elapsed() < PATIENCE, "{}", self.gate(gate));
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// As Ctrl-C does.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        let mut kill = Command::new("kill");
        let status = kill.args(["-INT", &self.child.id().to_string()]).status();
        assert!(status.unwrap().success());
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
