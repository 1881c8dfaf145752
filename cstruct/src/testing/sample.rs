//! Which requests of a big scenario are refused.

use std::boxed::Box;

/// All numbers from 1 to `requests`, or `at_most` of them: one at random out of each of as many equal stretches.
pub(super) fn numbers(requests: u64, at_most: Option<u64>, seed: u64) -> Box<dyn Iterator<Item = u64>> {
    let points = at_most.map_or(requests, |most| most.min(requests));
    if points == requests {
        return Box::new(1..=requests);
    }
    Box::new((0..points).map(move |stretch| {
        let (from, to) = (edge(stretch, requests, points), edge(stretch + 1, requests, points));
        from + 1 + mixed(seed ^ stretch) % (to - from)
    }))
}

/// Where a stretch begins. As long as there are no more stretches than requests, none is empty.
fn edge(stretch: u64, requests: u64, points: u64) -> u64 {
    (u128::from(stretch) * u128::from(requests) / u128::from(points)) as u64 // not above `requests`
}

/// SplitMix64's finisher: every input gives another, well spread output.
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::{mixed, numbers};
    use std::vec::Vec;

    #[test]
    fn a_sample_has_one_of_each_stretch_and_changes_with_the_seed() {
        let sample: Vec<u64> = numbers(1000, Some(100), 0).collect();
        for (stretch, number) in sample.iter().enumerate() {
            let stretch = stretch as u64;
            assert!((stretch * 10 + 1..=stretch * 10 + 10).contains(number));
        }
        assert_eq!(sample, numbers(1000, Some(100), 0).collect::<Vec<_>>());
        assert_ne!(sample, numbers(1000, Some(100), 1).collect::<Vec<_>>());
        let steps: Vec<u64> = sample.iter().map(|number| number % 10).collect();
        assert!(steps.iter().any(|step| *step != steps[0]), "no step of a loop of ten is always missed");
    }

    #[test]
    fn a_seed_of_all_ones_spreads_as_well() {
        let sample: Vec<u64> = numbers(1000, Some(100), u64::MAX).collect();
        let steps: Vec<u64> = sample.iter().map(|number| number % 10).collect();
        assert!((0..10).all(|step| steps.contains(&step)), "{steps:?}");
    }

    #[test]
    fn the_mixer_is_that_of_split_mix() {
        // The first three numbers of SplitMix64 with the seed 0: its state goes on by the same step.
        let states = [0, 1, 2].map(|at: u64| at.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        assert_eq!(states.map(mixed), [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4, 0x06C4_5D18_8009_454F]);
    }

    #[test]
    fn where_there_are_few_all_are_tried() {
        assert!(numbers(7, None, 0).eq(1..=7));
        assert!(numbers(7, Some(7), 3).eq(1..=7));
        assert!(numbers(7, Some(100), 3).eq(1..=7));
        assert_eq!(numbers(7, Some(3), 3).count(), 3);
        assert_eq!(numbers(7, Some(0), 3).count(), 0);
    }
}
