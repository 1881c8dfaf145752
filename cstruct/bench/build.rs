//! Compiles the C loops that everything here is held against, and what cxx needs; they are linked into the same program.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=c");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/peers/cxx.rs");
    let Some(include) = std::env::var_os("DEP_CSTRUCT_INCLUDE") else {
        println!("cargo::error=DEP_CSTRUCT_INCLUDE is not set; cstruct-sys says there where cstruct.h is");
        return;
    };
    let mut build = cc::Build::new();
    build.std("c11").warnings(true).extra_warnings(true).include(&include).include("c").file("c/loops.c");
    if let Err(error) = build.try_compile("loops") {
        println!("cargo::error={error}");
    }

    let mut bridge = cxx_build::bridge("src/peers/cxx.rs");
    bridge.std("c++17").include(&include).include("c");
    if let Err(error) = bridge.try_compile("record") {
        println!("cargo::error={error}");
    }

    // Figures say what they were made with.
    let rustc = std::env::var_os("RUSTC").map(Command::new);
    println!("cargo::rustc-env=CSTRUCT_BENCH_RUSTC={}", first_line(rustc, "--version"));
    let cc = build.try_get_compiler().ok().map(|compiler| compiler.to_command());
    println!("cargo::rustc-env=CSTRUCT_BENCH_CC={}", first_line(cc, "--version"));
}

fn first_line(command: Option<Command>, argument: &str) -> String {
    let output = command.and_then(|mut command| command.arg(argument).output().ok());
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().next().unwrap_or("unknown").trim().to_owned()
}
