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

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn a_column_is_as_high_as_its_value() {
        assert_eq!(columns(&[0, 1, 4, 8, 5]), " ▁▄█▅");
        assert_eq!(columns(&[0, 1, 1000]), " ▁█");
        assert_eq!(columns(&[0, 0]), "  ");
        assert_eq!(columns(&[]), "");
        assert_eq!(columns(&(1..=128).collect::<Vec<_>>()).chars().count(), 64);
    }
}
