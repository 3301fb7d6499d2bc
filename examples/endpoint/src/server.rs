//! Connections: how many, for how long, and how they end.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::service::{self, Service};
use crate::signals::Signals;

/// Bytes of a request's head, and of what is read of its body at once.
const BUFFER: usize = 64 << 10;

/// Requests one after the other take no longer than this on one connection.
const LONGEST: Duration = Duration::from_mins(10);

/// How long to wait when no connection can be accepted: for want of files, mostly.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until it is told to stop; then what has begun is brought to its end.
pub(crate) async fn serve(listener: TcpListener, service: Arc<Service>, signals: &mut Signals) {
    let router = service::router(Arc::clone(&service));
    let (stop, stopping) = watch::channel(false);
    loop {
        let accepted = async {
            let pass = service.connections.enter().await;
            (listener.accept().await, pass)
        };
        let (accepted, pass) = tokio::select! {
            accepted = accepted => accepted,
            () = signals.next() => break,
        };
        let Ok((stream, _)) = accepted else {
            sleep(PAUSE).await;
            continue;
        };
        let connection = talk(stream, router.clone(), service.timeout, stopping.clone());
        tokio::spawn(async move {
            connection.await;
            drop(pass);
        });
    }
    // From here on nobody is let in, and the rest has its time.
    drop(listener);
    stop.send_replace(true);
    service.connections.close().await;
}

/// One connection. What goes wrong on it is the client's, who is told nothing any more.
async fn talk(
    stream: TcpStream,
    router: Router,
    limit: Duration,
    mut stopping: watch::Receiver<bool>,
) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limit)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = pin!(connection);
    tokio::select! {
        _ = &mut connection => return,
        _ = stopping.wait_for(|&stop| stop) => {}
        () = sleep(LONGEST) => {}
    }
    // The request that is being answered is the last. It ends by its own time, and a
    // client that doesn't read the answer gets no more of it.
    connection.as_mut().graceful_shutdown();
    drop(timeout(limit * 2, connection).await);
}
