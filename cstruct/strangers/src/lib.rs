//! C libraries that nobody here wrote, wrapped with the kit.

pub mod harfbuzz;
pub mod sqlite;
mod this_thread;
pub mod zlib;
