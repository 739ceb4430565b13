//! Where a window may lie: pure arithmetic in pixels of the desktop.
//!
//! Invariant: what [`fitted`] returns can be seen and reached on some screen.

/// A window or a screen: its left upper corner and its size, in physical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Left edge.
    pub x: i32,
    /// Upper edge.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

impl Area {
    /// How many pixels both have in common.
    fn shared(self, other: Self) -> i64 {
        let span = |from: i32, length: i32, other_from: i32, other_length: i32| {
            let end = from.saturating_add(length).min(other_from.saturating_add(other_length));
            i64::from(end.saturating_sub(from.max(other_from)).max(0))
        };
        span(self.x, self.width, other.x, other.width) * span(self.y, self.height, other.y, other.height)
    }
    fn pixels(self) -> i64 {
        i64::from(self.width) * i64::from(self.height)
    }
    fn holds_top_of(self, window: Self) -> bool {
        (self.y..self.y.saturating_add(self.height)).contains(&window.y)
    }
}

/// The same place where most of the window is on `screens` and its upper edge can be taken hold of; otherwise
/// the nearest place on the screen that it shares most with, or on the first one, no larger than that screen.
/// Without screens nothing is known: it stays.
pub fn fitted(window: Area, screens: &[Area]) -> Area {
    let seen: i64 = screens.iter().map(|screen| window.shared(*screen)).sum();
    let home = screens.iter().max_by_key(|screen| (window.shared(**screen), **screen == screens[0]));
    let Some(home) = home else { return window };
    let fits = window.width <= home.width && window.height <= home.height;
    if fits && seen * 2 >= window.pixels() && home.holds_top_of(window) {
        return window;
    }
    let (width, height) = (window.width.min(home.width), window.height.min(home.height));
    let last_x = home.x.saturating_add(home.width - width);
    let last_y = home.y.saturating_add(home.height - height);
    Area { x: window.x.clamp(home.x, last_x), y: window.y.clamp(home.y, last_y), width, height }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(x: i32, y: i32, width: i32, height: i32) -> Area {
        Area { x, y, width, height }
    }

    #[test]
    fn a_window_that_is_seen_stays_where_it_is() {
        let screens = [area(0, 0, 1920, 1080), area(1920, 0, 1280, 1024)];
        for window in [area(100, 50, 1280, 800), area(1900, 10, 1280, 800), area(600, 0, 1280, 800)] {
            assert_eq!(fitted(window, &screens), window);
        }
    }

    #[test]
    fn a_window_of_a_screen_that_is_gone_comes_back() {
        let screens = [area(0, 0, 1366, 768)];
        assert_eq!(fitted(area(2500, 40, 1280, 700), &screens), area(86, 40, 1280, 700));
        assert_eq!(fitted(area(-4000, -3000, 1280, 700), &screens), area(0, 0, 1280, 700));
    }

    #[test]
    fn a_corner_alone_is_not_seen_enough() {
        let screens = [area(0, 0, 1920, 1080)];
        assert_eq!(fitted(area(1910, 1070, 1280, 800), &screens), area(640, 280, 1280, 800));
    }

    #[test]
    fn an_upper_edge_above_the_screen_cannot_be_taken_hold_of() {
        let screens = [area(0, 0, 1920, 1080)];
        assert_eq!(fitted(area(10, -40, 1280, 800), &screens), area(10, 0, 1280, 800));
    }

    #[test]
    fn a_window_larger_than_its_screen_becomes_as_large_as_it() {
        let screens = [area(0, 0, 1366, 768)];
        assert_eq!(fitted(area(0, 0, 1280, 800), &screens), area(0, 0, 1280, 768));
    }

    #[test]
    fn places_at_the_edge_of_numbers_and_no_screen_at_all() {
        let far = area(i32::MAX, i32::MIN, 1280, 800);
        assert_eq!(fitted(far, &[]), far);
        assert_eq!(fitted(far, &[area(0, 0, 1920, 1080)]), area(640, 0, 1280, 800));
    }
}
