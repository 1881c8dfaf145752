//! C libraries that nobody here wrote, wrapped with the kit.

pub mod harfbuzz;
mod this_thread;
pub mod zlib;
