//! What libFuzzer found before is replayed, and some thousand inputs that are near it.

#![allow(clippy::unwrap_used, reason = "a test that unwraps says where it failed")]

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use cstruct_fuzz::{TARGETS, Target};

const NEAR: usize = 3000;

#[test]
fn csv() {
    replay("csv", NEAR);
}

#[test]
fn csv_files() {
    replay("csv_files", 50);
}

#[test]
fn table() {
    replay("table", NEAR);
}

#[test]
fn texts_and_arrays() {
    replay("texts_and_arrays", NEAR);
}

#[test]
fn copies() {
    replay("copies", NEAR);
}

#[test]
fn every_target_has_its_corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut folders: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    let mut names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
    folders.sort();
    names.sort_unstable();
    assert_eq!(folders, names);
}

fn replay(name: &str, near: usize) {
    // The targets count what lives in the library.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let corpus: Vec<_> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    assert!(corpus.len() >= 5, "the corpus of {name} has {} inputs", corpus.len());
    corpus.iter().for_each(|input| run(target, input));

    let mut random = Random(0x5EED);
    for _ in 0..near {
        let mut input = random.choose(&corpus).clone();
        for _ in 0..=random.below(4) {
            random.change(&mut input, &corpus);
        }
        run(target, &input);
    }
    println!("replay: {name}: {} inputs of the corpus, {near} near them", corpus.len());
}

/// Shows the input if it panics.
fn run(target: &Target, input: &[u8]) {
    struct Shown<'i>(&'i [u8]);
    impl Drop for Shown<'_> {
        fn drop(&mut self) {
            if std::thread::panicking() {
                eprintln!("the input was b\"{}\"", self.0.escape_ascii());
            }
        }
    }
    let _shown = Shown(input);
    (target.run)(input);
}

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    fn choose<'c>(&mut self, corpus: &'c [Vec<u8>]) -> &'c Vec<u8> {
        &corpus[self.below(corpus.len())]
    }

    /// One change: a byte more, fewer or other, a piece twice, or a piece of another input.
    fn change(&mut self, input: &mut Vec<u8>, corpus: &[Vec<u8>]) {
        let at = self.below(input.len());
        match self.below(5) {
            0 => input.insert(at, self.byte()),
            1 if !input.is_empty() => drop(input.remove(at)),
            2 if !input.is_empty() => input[at] ^= 1 << self.below(8),
            3 => {
                let piece = input[at..][..self.below(input.len() - at)].to_vec();
                input.splice(at..at, piece);
            }
            _ => {
                let other = self.choose(corpus);
                let from = self.below(other.len());
                let len = self.below(other.len() - from);
                input.splice(at..at, other[from..][..len].iter().copied());
            }
        }
    }
}
