//! Small plots for the terminal: a column a character.

const COLUMNS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const HIGHEST: usize = COLUMNS.len() - 1;
/// More values than that share a column, which has the highest of them.
const WIDEST: usize = 64;

/// One line of columns, as high as the values; only what is 0 has none.
pub(crate) fn columns(values: &[u64]) -> String {
    let highest = values.iter().max().copied().unwrap_or(0).max(1);
    let height = |value: u64| (value * HIGHEST as u64).div_ceil(highest);
    let shared = values.len().div_ceil(WIDEST).max(1);
    let tops = values.chunks(shared).map(|chunk| chunk.iter().max().copied().unwrap_or(0));
    tops.map(|value| COLUMNS[height(value) as usize]).collect()
}

/// The same on a scale where one level is twice the level below, and `highest` reaches the top.
pub(crate) fn doubling_columns(values: &[u64], highest: u64) -> String {
    let below_the_top = |value: u64| (highest / value).checked_ilog2().unwrap_or(0) as usize;
    let height = |value: u64| if value == 0 { 0 } else { HIGHEST.saturating_sub(below_the_top(value)).max(1) };
    values.iter().map(|value| COLUMNS[height(*value)]).collect()
}

#[cfg(test)]
mod tests {
    use super::{columns, doubling_columns};

    #[test]
    fn a_column_is_as_high_as_its_value() {
        assert_eq!(columns(&[0, 1, 4, 8, 5]), " ▁▄█▅");
        assert_eq!(columns(&[0, 1, 1000]), " ▁█");
        assert_eq!(columns(&[0, 0]), "  ");
        assert_eq!(columns(&[]), "");
        assert_eq!(columns(&(1..=128).collect::<Vec<_>>()).chars().count(), 64);
    }

    #[test]
    fn a_level_is_twice_the_one_below() {
        assert_eq!(doubling_columns(&[0, 1, 2, 4, 8, 64, 127, 128], 128), " ▁▂▃▄▇██");
        assert_eq!(doubling_columns(&[1, 1000], 1000), "▁█");
        assert_eq!(doubling_columns(&[0], 0), " ");
    }
}
