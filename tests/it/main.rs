//! All integration tests in one binary, so that they link once.

mod check;
mod claim;
#[cfg(feature = "cli")]
mod cli;
mod color;
mod corpus;
mod cuts;
mod geometry;
mod golden;
mod picture;
mod pixels;
mod private;
mod rewrite;
mod walk;
