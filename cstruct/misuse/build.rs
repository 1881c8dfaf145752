//! Compiles the fake C library: by a C compiler, so that rustc cannot look into its functions.

fn main() {
    println!("cargo::rerun-if-changed=c");
    cc::Build::new()
        .files(["c/book.c", "c/shelf.c", "c/source.c"])
        .flag_if_supported("-std=c11")
        .warnings(true)
        .compile("book");
}
