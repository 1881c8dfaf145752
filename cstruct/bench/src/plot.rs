//! The ratios as a picture.

use std::error::Error;
use std::path::Path;

use plotters::element::{PathElement, Rectangle, Text};
use plotters::prelude::{
    BLACK, Color, IntoDrawingArea, IntoFont, RGBColor, SVGBackend, SVGBackend as Svg, ShapeStyle, WHITE,
};
use plotters::style::TextStyle;

use crate::job::Side;
use crate::measure::Timed;
use crate::table::Report;

const ROW: i32 = 16;
const LEFT: i32 = 230;
const WIDTH: i32 = 900;
/// Where the axis ends: so many times C. A longer bar is cut, and its figure says how long it is.
const END: f64 = 2.0;

/// Draws a bar for each way, with the ratio to C, and behind them what C against itself gave.
///
/// # Errors
///
/// When the file cannot be written.
pub fn draw(report: &Report, file: &Path) -> Result<(), Box<dyn Error>> {
    let rows: usize = report.jobs.iter().map(|job| job.ways.len() + 2).sum();
    let height = (rows as i32 + 3) * ROW;
    let area = SVGBackend::new(file, (WIDTH as u32, height as u32)).into_drawing_area();
    area.fill(&WHITE)?;
    let font = TextStyle::from(("sans-serif", 12).into_font());
    area.draw(&Text::new(report.machine.line(), (8, 6), font.clone()))?;

    let mut top = 2 * ROW;
    for job in &report.jobs {
        let bottom = top + (job.ways.len() as i32 + 1) * ROW;
        area.draw(&Text::new(format!("{}: {}", job.job, job.what), (8, top), font.clone().color(&BLACK)))?;
        let control = [(x(job.control.low), top + ROW), (x(job.control.high), bottom)];
        area.draw(&Rectangle::new(control, RGBColor(225, 225, 225).filled()))?;
        bars(&area, job, top + ROW, &font)?;
        area.draw(&PathElement::new([(x(1.0), top + ROW), (x(1.0), bottom)], ShapeStyle::from(&BLACK)))?;
        top = bottom + ROW;
    }
    area.present()?;
    Ok(())
}

type Area<'a> = plotters::drawing::DrawingArea<Svg<'a>, plotters::coord::Shift>;

fn bars(area: &Area<'_>, job: &Timed, top: i32, font: &TextStyle<'_>) -> Result<(), Box<dyn Error>> {
    for (at, way) in job.ways.iter().enumerate() {
        let y = top + at as i32 * ROW;
        let colour = match way.side {
            Side::Reference => RGBColor(150, 150, 150),
            Side::Ours => RGBColor(40, 110, 180),
            Side::Peer => RGBColor(200, 160, 90),
        };
        area.draw(&Text::new(way.name, (LEFT - 130, y + 1), font.clone()))?;
        area.draw(&Rectangle::new([(LEFT, y + 2), (x(way.ratio), y + ROW - 3)], colour.filled()))?;
        area.draw(&Text::new(format!("{:.3}", way.ratio), (x(way.ratio) + 5, y + 1), font.clone()))?;
    }
    Ok(())
}

fn x(ratio: f64) -> i32 {
    LEFT + (ratio.min(END) / END * f64::from(WIDTH - LEFT - 60)) as i32
}
