//! The endpoint as clients see it: the program is started, and spoken to over sockets.

mod bounds;
mod client;
mod picture;
mod profile;
mod refusals;
mod server;
mod serving;
mod upload;
