//! One handler for axum: the bytes of a picture come in, and the photo goes back.
//!
//! ```text
//! cargo run --manifest-path examples/endpoint/Cargo.toml --example handler
//! curl --data-binary @picture.jpg http://127.0.0.1:8081/photo -o photo
//! ```
//!
//! The service in `src/` is what it becomes when strangers use it: bounded in time, memory
//! and numbers.

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use headshot::{Limits, Options, prepare};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    // Longer bodies are refused while they are read.
    let limit = usize::try_from(Limits::default().file_bytes).unwrap_or(usize::MAX);
    let router = Router::new()
        .route("/photo", post(photo))
        .layer(DefaultBodyLimit::max(limit));
    let listener = TcpListener::bind("127.0.0.1:8081").await?;
    axum::serve(listener, router).await
}

async fn photo(picture: Bytes) -> Response {
    // A picture takes milliseconds of a core: not on a thread that others wait for.
    match spawn_blocking(move || prepare(&picture, &Options::default())).await {
        Ok(Ok(photo)) => ([(CONTENT_TYPE, photo.format.media_type())], photo.bytes).into_response(),
        Ok(Err(error)) => {
            let text = format!("{}: {error}\n", error.code());
            (StatusCode::UNPROCESSABLE_ENTITY, text).into_response()
        }
        // It panicked.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
