//! The eight ways in which a camera may have been held.

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

use crate::geometry::{Rect, Size};

/// How stored pixels have to be turned to be seen upright: EXIF tag 0x0112
/// (CIPA DC-008, section 4.6.5.1).
///
/// Each variant says what is done to the stored picture to display it.
///
/// ```
/// use headshot::{Orientation, Size};
///
/// let stored = Size::new(4032, 3024).unwrap();
/// assert_eq!(Orientation::Rotate90.displayed(stored), stored.transposed());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Orientation {
    /// 1: as it is.
    #[default]
    Upright = 1,
    /// 2: mirrored left to right.
    FlipHorizontal = 2,
    /// 3: turned by 180 degrees.
    Rotate180 = 3,
    /// 4: mirrored top to bottom.
    FlipVertical = 4,
    /// 5: mirrored along the diagonal from top left to bottom right.
    Transpose = 5,
    /// 6: turned by 90 degrees clockwise.
    Rotate90 = 6,
    /// 7: mirrored along the diagonal from top right to bottom left.
    Transverse = 7,
    /// 8: turned by 90 degrees anticlockwise.
    Rotate270 = 8,
}

impl Orientation {
    /// All eight, in the order of their EXIF values.
    pub const ALL: [Self; 8] = [
        Self::Upright,
        Self::FlipHorizontal,
        Self::Rotate180,
        Self::FlipVertical,
        Self::Transpose,
        Self::Rotate90,
        Self::Transverse,
        Self::Rotate270,
    ];

    /// The orientation with this EXIF value, or `None` if there is no such one.
    #[must_use]
    pub fn from_exif(value: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|o| u16::from(o.exif()) == value)
    }

    /// The EXIF value, 1 to 8.
    #[must_use]
    pub const fn exif(self) -> u8 {
        self as u8
    }

    /// Whether displaying exchanges rows and columns.
    #[must_use]
    pub const fn transposes(self) -> bool {
        matches!(
            self,
            Self::Transpose | Self::Rotate90 | Self::Transverse | Self::Rotate270
        )
    }

    /// The size that a person sees of a picture `stored` in this orientation.
    ///
    /// Its own inverse: it takes a displayed size back to the stored one.
    #[must_use]
    pub const fn displayed(self, stored: Size) -> Size {
        if self.transposes() {
            stored.transposed()
        } else {
            stored
        }
    }

    /// The orientation that undoes this one.
    #[must_use]
    pub const fn inverse(self) -> Self {
        match self {
            Self::Rotate90 => Self::Rotate270,
            Self::Rotate270 => Self::Rotate90,
            other => other,
        }
    }

    /// Where a rectangle of the stored picture is seen when it is displayed.
    ///
    /// `stored` is the size of the stored picture, and `rect` must lie in it.
    ///
    /// # Example: the left edge of a photo taken upright with a turned camera
    ///
    /// ```
    /// use headshot::{Orientation, Rect, Size};
    ///
    /// let stored = Size::new(40, 30).unwrap();
    /// let left = Rect { x: 0, y: 0, width: 5, height: 30 };
    /// let top = Rect { x: 0, y: 0, width: 30, height: 5 };
    /// assert_eq!(Orientation::Rotate90.rect_to_displayed(left, stored), top);
    /// assert_eq!(Orientation::Rotate90.rect_to_stored(top, stored), left);
    /// ```
    #[must_use]
    pub const fn rect_to_displayed(self, rect: Rect, stored: Size) -> Rect {
        let right = stored
            .width()
            .saturating_sub(rect.x.saturating_add(rect.width));
        let below = stored
            .height()
            .saturating_sub(rect.y.saturating_add(rect.height));
        let (x, y) = match self {
            Self::Upright => (rect.x, rect.y),
            Self::FlipHorizontal => (right, rect.y),
            Self::Rotate180 => (right, below),
            Self::FlipVertical => (rect.x, below),
            Self::Transpose => (rect.y, rect.x),
            Self::Rotate90 => (below, rect.x),
            Self::Transverse => (below, right),
            Self::Rotate270 => (rect.y, right),
        };
        let (width, height) = if self.transposes() {
            (rect.height, rect.width)
        } else {
            (rect.width, rect.height)
        };
        Rect {
            x,
            y,
            width,
            height,
        }
    }

    /// Which rectangle of the stored picture is seen at `rect`, which is in
    /// displayed pixels and must lie in the displayed picture.
    ///
    /// `stored` is the size of the stored picture.
    #[must_use]
    pub const fn rect_to_stored(self, rect: Rect, stored: Size) -> Rect {
        self.inverse()
            .rect_to_displayed(rect, self.displayed(stored))
    }
}
