use super::*;

/// Draws the path on a grid, as a browser would.
fn drawn(svg: &str) -> (usize, Vec<Vec<bool>>) {
    let between = |start: &str, end: &str| {
        let from = svg.find(start).unwrap() + start.len();
        &svg[from..from + svg[from..].find(end).unwrap()]
    };
    let side: usize = between("viewBox=\"0 0 ", " ").parse().unwrap();
    let mut grid = vec![vec![false; side]; side];
    for run in between(" d=\"", "\"").split('M').skip(1) {
        let (x, rest) = run.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        let (length, _) = rest.split_once('v').unwrap();
        let (x, y, length): (usize, usize, usize) =
            (x.parse().unwrap(), y.parse().unwrap(), length.parse().unwrap());
        grid[y][x..x + length].fill(true);
    }
    (side, grid)
}

/// Read back by a reader that knows nothing of how it was made.
#[test]
fn a_reader_reads_what_was_written() {
    let text = "otpauth://totp/Indgang:karen?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Indgang";
    let (side, grid) = drawn(&svg(text, "QR").unwrap());
    let scale = 4;
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * scale, side * scale, |x, y| {
        if grid[y / scale][x / scale] { 0 } else { 255 }
    });
    let found = image.detect_grids();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].decode().unwrap().1, text);
}

#[test]
fn it_says_what_it_is_and_fetches_nothing() {
    let svg = svg("x", "Kode til \"Ærø\" <b>&").unwrap();
    assert!(svg.contains("role=\"img\" aria-label=\"Kode til &quot;Ærø&quot; &lt;b&gt;&amp;\""), "{svg}");
    assert_eq!(svg.matches("<path").count(), 1);
    for fetching in ["href", "url(", "<image", "style"] {
        assert!(!svg.contains(fetching), "{svg}");
    }
}

#[test]
fn too_much_is_refused() {
    assert!(svg(&"x".repeat(3000), "QR").is_none());
}
