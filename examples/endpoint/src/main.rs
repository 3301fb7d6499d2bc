//! An HTTP service around `headshot`: Slack's `users.setPhoto` and `users.deletePhoto`
//! as they are documented, and a page to try them by hand.
//!
//! It shows what it takes to let strangers' pictures in: each request is bounded in
//! bytes, time and memory, and so are all of them together.

mod answer;
mod call;
mod crop;
mod form;
mod gate;
mod methods;
mod options;
mod page;
mod photos;
mod post_type;
mod rate;
mod recent;
mod server;
mod service;
mod signals;
mod steps;
mod store;
mod token;
mod upload;
mod work;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

use options::Options;
use service::Service;
use signals::Signals;

fn main() -> io::Result<()> {
    let options = Options::typed();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(run(&options))
}

async fn run(options: &Options) -> io::Result<()> {
    let mut signals = Signals::listen()?;
    let listener = TcpListener::bind(SocketAddr::new(options.host, options.port)).await?;
    let address = listener.local_addr()?;
    let service = Arc::new(Service::new(options, address).map_err(io::Error::other)?);
    // Whoever asked for any port waits for this line.
    writeln!(io::stdout(), "listening on http://{address}")?;
    server::serve(listener, service, &mut signals).await;
    Ok(())
}
