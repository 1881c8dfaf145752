//! The timeline as a drawing.

use std::error::Error;

use plotters::prelude::*;

use super::{ACTS, STEPS, Series, Timeline};

const SIZE: (u32, u32) = (960, 540);

/// Distinct also for who does not tell red from green.
const COLOURS: [RGBColor; 5] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(213, 94, 0),
];

/// The text of an SVG file: one line a strategy.
pub(super) fn draw(timeline: &Timeline) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption("Live C bytes under each strategy", ("sans-serif", 22))
            .margin(16)
            .x_label_area_size(44)
            .y_label_area_size(84)
            .build_cartesian_2d(0.0..STEPS as f64, 0..timeline.highest() * 21 / 20 + 1)?;
        chart
            .configure_mesh()
            .x_desc("step of the program")
            .x_label_formatter(&|step| format!("{step:.0}"))
            .y_desc("live C bytes")
            .axis_desc_style(("sans-serif", 15))
            .light_line_style(TRANSPARENT)
            .draw()?;
        for (series, colour) in timeline.series.iter().zip(COLOURS.iter().cycle()) {
            let line = colour.stroke_width(2);
            chart
                .draw_series(LineSeries::new(points(series), line))?
                .label(series.strategy)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], line));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.9))
            .border_style(BLACK)
            .label_font(("sans-serif", 15))
            .draw()?;
        area.present()?;
    }
    Ok(text)
}

fn points(series: &Series) -> impl Iterator<Item = (f64, u64)> {
    series.live_bytes.iter().enumerate().map(|(at, bytes)| (at as f64 / ACTS as f64, *bytes))
}
