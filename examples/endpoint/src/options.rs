//! What was typed.

use std::net::IpAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser};
use headshot::Limits;

/// An HTTP service that makes profile photos of what people upload, with the methods
/// users.setPhoto and users.deletePhoto as Slack documents them
///
/// It takes no more than UPLOADS uploads of 32 MiB and JOBS pictures of 256 MiB of
/// working memory at a time, beside the photos that it keeps.
#[derive(Clone, Debug, Parser)]
#[command(version, max_term_width = 100)]
pub(crate) struct Options {
    /// Address to listen on; anything but loopback lets others in
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,

    /// Port to listen on; 0 takes one that is free. The address is printed
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,

    /// What the addresses of photos begin with [default: the address listened on]
    #[arg(long, value_name = "URL", value_parser = public_url)]
    pub(crate) public_url: Option<String>,

    /// Token of somebody who may call; may be given again [default: any that begins with xoxp-]
    #[arg(long = "token", value_name = "TOKEN")]
    pub(crate) tokens: Vec<String>,

    /// Calls a minute of each method with one token
    #[arg(long, value_name = "CALLS", default_value = "20")]
    pub(crate) rate_per_minute: NonZeroU32,

    /// Frames that an animation may have
    #[arg(long, value_name = "FRAMES", default_value_t = Limits::default().frames)]
    pub(crate) max_frames: u32,

    /// Seconds that a request may take, from its head to its answer
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) timeout: Duration,

    /// Uploads that are received or worked on at a time; others wait
    #[arg(long, default_value = "8")]
    pub(crate) uploads: NonZeroUsize,

    /// Pictures that are worked on at a time; others wait
    #[arg(long, default_value = "2")]
    pub(crate) jobs: NonZeroUsize,

    /// Connections that may be open at a time; others wait to be accepted
    #[arg(long, default_value = "256")]
    pub(crate) connections: NonZeroUsize,

    /// Photos that are kept, in MiB; the oldest go first
    #[arg(long, value_name = "MIB", default_value = "128")]
    pub(crate) keep: NonZeroU32,
}

impl Options {
    /// What was typed, or an exit that says what is wrong with it.
    pub(crate) fn typed() -> Self {
        let options = Self::parse();
        if options.host.is_unspecified() && options.public_url.is_none() {
            // Nobody can open an address with such a host.
            let message = "--public-url is needed where all addresses are listened on";
            Self::command()
                .error(ErrorKind::MissingRequiredArgument, message)
                .exit();
        }
        options
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|&seconds: &f64| seconds > 0.0);
    // A day is as good as for ever, and no clock overflows with it.
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds.min(86_400.0)).ok())
        .ok_or_else(|| "expected seconds, such as 30 or 0.5".to_owned())
}

fn public_url(text: &str) -> Result<String, String> {
    let rest = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"));
    match rest {
        Some(rest) if !rest.is_empty() => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err("expected an address that begins with http:// or https://".to_owned()),
    }
}
