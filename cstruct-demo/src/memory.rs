//! What the whole program took in memory at most, against what its records take in C when they are loaded once.

use std::fmt;

use cstruct::{Error, Library};
use serde::Serialize;

use crate::dataset::Dataset;

/// What C says of the records, and what the system says of the process.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Memory {
    /// What C asked of its allocator for the records.
    data_bytes: u64,
    /// The most that the process had in memory at once, the program itself included; none where the system does not say.
    peak_bytes: Option<u64>,
    /// How many times the one is the other.
    times_the_data: Option<f64>,
}

impl Memory {
    /// Loads the records once, to know what they take.
    pub(crate) fn of(dataset: &Dataset, library: &Library) -> Result<Memory, Error> {
        let before = library.live().bytes;
        let list = dataset.load(|_| ())?;
        let data_bytes = library.live().bytes - before;
        drop(list);
        Ok(Memory { data_bytes, ..Memory::default() })
    }

    /// The same when all is done.
    pub(crate) fn at_the_end(self) -> Memory {
        let peak_bytes = peak();
        let times_the_data = peak_bytes.map(|peak| peak as f64 / self.data_bytes as f64);
        Memory { peak_bytes, times_the_data, ..self }
    }
}

/// The high-water mark of the process, in bytes, where it is told in a file as Linux does.
fn peak() -> Option<u64> {
    peak_in(&std::fs::read_to_string("/proc/self/status").ok()?)
}

fn peak_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1024)
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Memory { data_bytes, .. } = self;
        match (self.peak_bytes, self.times_the_data) {
            (Some(peak), Some(times)) => {
                write!(
                    f,
                    "memory of the process: {peak} bytes at most, {times:.2} times the {data_bytes} of the records in C"
                )
            }
            _ => write!(
                f,
                "memory of the records in C: {data_bytes} bytes; this system does not say what the process took"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Memory, peak_in};

    #[test]
    fn the_mark_is_read_from_what_the_system_says() {
        assert_eq!(peak_in("Name:\tdemo\nVmPeak:\t  9000 kB\nVmHWM:\t    5120 kB\nThreads:\t1\n"), Some(5120 * 1024));
        assert_eq!(peak_in("Name:\tdemo\n"), None);
    }

    #[test]
    fn where_the_system_does_not_say_no_figure_is_made_up() {
        let said = Memory { data_bytes: 7, ..Memory::default() }.to_string();
        assert!(said.contains("7 bytes") && said.contains("does not say"), "{said}");
    }
}
