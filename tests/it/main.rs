//! All integration tests in one binary, so that they link once.

#[cfg(feature = "cli")]
mod cli;
mod corpus;
mod golden;
mod picture;
