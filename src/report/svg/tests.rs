//! The drawings as wholes.

use super::*;

/// Writes every sample to the folder that `CHARTS_DIR` names, for whoever wants to look at them.
#[test]
fn samples_can_be_looked_at() {
    let Ok(folder) = std::env::var("CHARTS_DIR") else { return };
    for chart in samples::all() {
        let paper = draw(&chart, Style::Print, &Words::DANISH);
        let screen = draw(&chart, Style::Screen, &Words::DANISH);
        std::fs::write(format!("{folder}/{}.svg", chart.key), &paper).unwrap();
        std::fs::write(format!("{folder}/{}.html", chart.key), screen).unwrap();
        std::fs::write(format!("{folder}/{}.png", chart.key), png(&paper, 2.0).unwrap()).unwrap();
    }
}
