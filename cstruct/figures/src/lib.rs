//! Figures about this workspace's own source, each with a program that prints it.

pub mod sites;
