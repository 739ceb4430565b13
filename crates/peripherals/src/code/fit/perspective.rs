//! A flat square as a camera sees it: eight numbers, one division a point.

/// From modules to pixels.
#[derive(Clone, Copy, Debug)]
pub struct Perspective {
    x: [f32; 3],
    y: [f32; 3],
    depth: [f32; 3],
}

impl Perspective {
    /// The one that puts the corners of the square from `from` to `to` on these pixels: left and right above,
    /// then right and left below. `None` where three of them lie in line.
    pub fn of(corners: [(f32, f32); 4], from: f32, to: f32) -> Option<Self> {
        let [(x0, y0), (x1, y1), (x2, y2), (x3, y3)] = corners;
        let (sx, sy) = (x0 - x1 + x2 - x3, y0 - y1 + y2 - y3);
        let (dx1, dx2, dy1, dy2) = (x1 - x2, x3 - x2, y1 - y2, y3 - y2);
        let area = dx1 * dy2 - dx2 * dy1;
        if area.abs() < 1e-3 {
            return None;
        }
        let (g, h) = ((sx * dy2 - dx2 * sy) / area, (dx1 * sy - sx * dy1) / area);
        let unit = Self {
            x: [x1 - x0 + g * x1, x3 - x0 + h * x3, x0],
            y: [y1 - y0 + g * y1, y3 - y0 + h * y3, y0],
            depth: [g, h, 1.0],
        };
        let scale = 1.0 / (to - from);
        let moved = |[a, b, c]: [f32; 3]| [a * scale, b * scale, c - (a + b) * scale * from];
        Some(Self { x: moved(unit.x), y: moved(unit.y), depth: moved(unit.depth) })
    }

    /// The pixel of a point.
    pub fn at(&self, x: f32, y: f32) -> (f32, f32) {
        let along = |[a, b, c]: [f32; 3]| a * x + b * y + c;
        let near = 1.0 / along(self.depth);
        (along(self.x) * near, along(self.y) * near)
    }

    /// Whether all of the square from `least` to `most` lies before the camera.
    pub fn is_before(&self, least: f32, most: f32) -> bool {
        let [a, b, c] = self.depth;
        let corners = [(least, least), (most, least), (most, most), (least, most)];
        corners.into_iter().all(|(x, y)| a * x + b * y + c > 0.05)
    }
}

#[cfg(test)]
mod tests {
    use super::Perspective;

    #[test]
    fn corners_land_where_they_are_seen() {
        let seen = [(10.0, 20.0), (90.0, 25.0), (70.0, 100.0), (5.0, 80.0)];
        let view = Perspective::of(seen, 3.5, 17.5).unwrap();
        for ((x, y), (px, py)) in [(3.5, 3.5), (17.5, 3.5), (17.5, 17.5), (3.5, 17.5)].into_iter().zip(seen)
        {
            let (at, down) = view.at(x, y);
            assert!((at - px).abs() < 0.01 && (down - py).abs() < 0.01, "{at} {down}");
        }
        assert!(view.is_before(-0.5, 21.5));
        assert!(Perspective::of([(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (3.0, 3.0)], 0.0, 1.0).is_none());
    }
}
