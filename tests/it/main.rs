//! All integration tests in one binary, so that they link once.

mod animations;
mod bombs;
mod cancel;
mod check;
mod claim;
#[cfg(feature = "cli")]
mod cli;
mod color;
mod corpus;
mod cuts;
mod dither;
#[cfg(feature = "parallel")]
mod each;
mod effort;
mod filters;
mod fit;
mod found;
mod geometry;
mod gif_bars;
mod gif_frames;
mod gif_hidden;
mod golden;
mod haste;
mod hdr;
mod hidden;
mod integrity;
mod jpeg_bombs;
mod jpeg_chroma;
mod jpeg_decode;
mod jpeg_encode;
mod jpeg_hostile;
mod limits;
mod picture;
mod pixels;
mod planes;
mod png_chunks;
mod png_decode;
mod png_hidden;
mod png_indexed;
mod private;
mod renditions;
mod rewrite;
mod stream;
mod thin;
#[cfg(feature = "parallel")]
mod threads;
mod transcribed;
#[cfg(feature = "upload")]
mod upload;
mod viewer;
mod walk;
mod work;
