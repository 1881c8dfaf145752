//! C libraries that nobody here wrote, wrapped with the kit.
