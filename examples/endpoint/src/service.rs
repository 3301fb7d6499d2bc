//! What all requests share, and where each of them goes.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use headshot::{Error, Limits};
use serde_json::json;

use crate::answer::{Code, respond};
use crate::call::{self, Method};
use crate::gate::Gate;
use crate::options::Options;
use crate::rate::Rate;
use crate::store::Store;
use crate::token::Callers;
use crate::{page, photos};

#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) callers: Callers,
    pub(crate) rate: Rate,
    pub(crate) store: Store,
    pub(crate) connections: Gate,
    /// Bodies in memory.
    pub(crate) uploads: Gate,
    /// Pictures in work.
    pub(crate) jobs: Gate,
    pub(crate) timeout: Duration,
    pub(crate) options: headshot::Options,
}

impl Service {
    /// # Errors
    ///
    /// The picture of those who have none can't be made.
    pub(crate) fn new(options: &Options, address: SocketAddr) -> Result<Self, Error> {
        let url = options.public_url.clone();
        let url = url.unwrap_or_else(|| format!("http://{address}"));
        let keep = usize::try_from(options.keep.get()).unwrap_or(usize::MAX);
        let limits = Limits {
            frames: options.max_frames,
            ..Limits::default()
        };
        Ok(Self {
            callers: Callers::new(&options.tokens),
            rate: Rate::new(options.rate_per_minute),
            store: Store::new(url, keep.saturating_mul(1 << 20))?,
            connections: Gate::new(options.connections.get()),
            uploads: Gate::new(options.uploads.get()),
            jobs: Gate::new(options.jobs.get()),
            timeout: options.timeout,
            options: headshot::Options::default().with_limits(limits),
        })
    }
}

pub(crate) fn router(service: Arc<Service>) -> Router {
    let set = |State(service): State<Arc<Service>>, request: Request| async move {
        call::answer(&service, Method::SetPhoto, request).await
    };
    let delete = |State(service): State<Arc<Service>>, request: Request| async move {
        call::answer(&service, Method::DeletePhoto, request).await
    };
    let profile = |State(service): State<Arc<Service>>, request: Request| async move {
        call::answer(&service, Method::GetProfile, request).await
    };
    Router::new()
        .route("/", get(page::show))
        .route("/api/users.setPhoto", get(set).post(set))
        .route("/api/users.deletePhoto", get(delete).post(delete))
        .route("/api/users.profile.get", get(profile).post(profile))
        .route("/api/{method}", any(unknown))
        .route("/photos/{hash}/{size}", get(photos::show))
        .route("/health", get(health))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .with_state(service)
}

async fn unknown() -> Response {
    respond(Err(Code::UnknownMethod.into()), None)
}

/// For whoever looks after the service.
async fn health(State(service): State<Arc<Service>>) -> Response {
    let state = json!({
        "connections": service.connections.state(),
        "uploads": service.uploads.state(),
        "jobs": service.jobs.state(),
    });
    state.to_string().into_response()
}
