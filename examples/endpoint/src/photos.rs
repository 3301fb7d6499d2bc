//! The photos, for whoever has their address.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::answer::NOSNIFF;
use crate::service::Service;

/// What an address shows never changes, since the hash of it is in it.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub(crate) async fn show(
    State(service): State<Arc<Service>>,
    Path((hash, size)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let file = hash
        .parse()
        .ok()
        .and_then(|hash| service.store.file(hash, &size));
    let Some(file) = file else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{hash}-{size}\"");
    let known = headers.get_all(IF_NONE_MATCH).iter().any(|tags| {
        let mut tags = tags.to_str().unwrap_or_default().split(',').map(str::trim);
        tags.any(|one| one == "*" || one.trim_start_matches("W/") == tag)
    });
    let caching = [(CACHE_CONTROL, FOR_EVER.to_owned()), (ETAG, tag)];
    if known {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let kind = [(CONTENT_TYPE, file.media_type)];
    (caching, kind, [NOSNIFF], file.bytes).into_response()
}
