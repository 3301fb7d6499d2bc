//! Sizes, rectangles and the square that a photo becomes.

#![cfg_attr(not(test), warn(clippy::arithmetic_side_effects))]

/// Width and height of a picture, in pixels.
///
/// # Guarantees
///
/// Both edges are in `1..=Size::MAX_EDGE`, so `width * height * 8` fits in a
/// `u64` and no later sum of a few edges overflows a `u32`.
///
/// ```
/// use headshot::Size;
///
/// let size = Size::new(600, 800).unwrap();
/// assert_eq!((size.width(), size.height(), size.longest()), (600, 800, 800));
/// assert!(Size::new(0, 800).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Size {
    width: u32,
    height: u32,
}

impl Size {
    /// The longest edge that this crate handles at all: 16 777 215 pixels.
    ///
    /// One bound at the door keeps all later arithmetic free of overflow.
    /// What a caller accepts is [`Limits::edge`](crate::Limits::edge).
    pub const MAX_EDGE: u32 = 0xFF_FFFF;

    /// One pixel.
    pub(crate) const SMALLEST: Self = Self {
        width: 1,
        height: 1,
    };

    /// A size, or `None` if an edge is 0 or above [`Size::MAX_EDGE`].
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Option<Self> {
        if width == 0 || height == 0 || width > Self::MAX_EDGE || height > Self::MAX_EDGE {
            return None;
        }
        Some(Self { width, height })
    }

    /// The horizontal edge in pixels.
    #[must_use]
    pub const fn width(self) -> u32 {
        self.width
    }

    /// The vertical edge in pixels.
    #[must_use]
    pub const fn height(self) -> u32 {
        self.height
    }

    /// The longer of both edges.
    #[must_use]
    pub const fn longest(self) -> u32 {
        if self.width > self.height {
            self.width
        } else {
            self.height
        }
    }

    /// The shorter of both edges.
    #[must_use]
    pub const fn shortest(self) -> u32 {
        if self.width < self.height {
            self.width
        } else {
            self.height
        }
    }

    /// Width times height.
    #[must_use]
    pub const fn pixels(self) -> u64 {
        (self.width as u64).saturating_mul(self.height as u64)
    }

    /// The size of the picture turned by a quarter.
    #[must_use]
    pub const fn transposed(self) -> Self {
        Self {
            width: self.height,
            height: self.width,
        }
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// Edge of the output square, in pixels.
///
/// # Guarantees
///
/// Always in [`Side::MIN`]`..=`[`Side::MAX`]: what `users.setPhoto` accepts.
///
/// ```
/// use headshot::Side;
///
/// assert_eq!(Side::clamped(4032), Side::MAX);
/// assert_eq!(Side::clamped(700).px(), 700);
/// assert_eq!(Side::clamped(1), Side::MIN);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Side(u16);

impl Side {
    /// The smallest output, 512 pixels: "512x512 is the minimum"
    /// (reference page of Slack's `users.setPhoto`).
    pub const MIN: Self = Self(512);

    /// The largest output, 1024 pixels: "limit to max 1024x1024" (same page).
    pub const MAX: Self = Self(1024);

    /// Brings `px` into the range.
    #[must_use]
    pub fn clamped(px: u32) -> Self {
        u16::try_from(px).map_or(Self::MAX, |px| Self(px.clamp(Self::MIN.0, Self::MAX.0)))
    }

    /// The edge in pixels.
    #[must_use]
    pub const fn px(self) -> u32 {
        self.0 as u32
    }

    /// The square of this edge.
    #[must_use]
    pub const fn size(self) -> Size {
        Size {
            width: self.px(),
            height: self.px(),
        }
    }
}

impl std::fmt::Display for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Edge of a square of a size that somebody asks for, in pixels: see
/// [`renditions`](crate::renditions).
///
/// # Guarantees
///
/// Always in [`Edge::MIN`]`..=`[`Edge::MAX`]. Every [`Side`] is an edge, too.
///
/// ```
/// use headshot::{Edge, Side};
///
/// let edge = Edge::new(48).unwrap();
/// assert_eq!(edge.px(), 48);
/// assert!(Edge::new(0).is_none() && Edge::new(1025).is_none());
/// assert_eq!(Edge::from(Side::MAX), Edge::MAX);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge(u16);

impl Edge {
    /// The smallest: one pixel.
    pub const MIN: Self = Self(1);

    /// The largest: that of [`Side::MAX`].
    pub const MAX: Self = Self(Side::MAX.0);

    /// An edge of so many pixels, or `None` outside of the range.
    #[must_use]
    pub fn new(px: u32) -> Option<Self> {
        let px = u16::try_from(px).ok()?;
        (Self::MIN.0..=Self::MAX.0)
            .contains(&px)
            .then_some(Self(px))
    }

    /// The edge in pixels.
    #[must_use]
    pub const fn px(self) -> u32 {
        self.0 as u32
    }

    /// The square of this edge.
    #[must_use]
    pub const fn size(self) -> Size {
        Size {
            width: self.px(),
            height: self.px(),
        }
    }
}

impl From<Side> for Edge {
    fn from(side: Side) -> Self {
        Self(side.0)
    }
}

impl std::fmt::Display for Edge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A rectangle of whole pixels, origin top left.
///
/// Plain data: whoever makes one says inside which picture it lies.
///
/// ```
/// use headshot::{Rect, Size};
///
/// let rect = Rect { x: 10, y: 0, width: 20, height: 5 };
/// assert!(rect.lies_in(Size::new(30, 5).unwrap()));
/// assert!(!rect.lies_in(Size::new(29, 5).unwrap()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rect {
    /// Pixels to the left of it.
    pub x: u32,
    /// Pixels above it.
    pub y: u32,
    /// Pixels from its left to its right edge.
    pub width: u32,
    /// Pixels from its upper to its lower edge.
    pub height: u32,
}

impl Rect {
    /// The rectangle that covers a picture of `size`.
    #[must_use]
    pub const fn covering(size: Size) -> Self {
        Self {
            x: 0,
            y: 0,
            width: size.width,
            height: size.height,
        }
    }

    /// Whether no part of it is outside a picture of `size`.
    #[must_use]
    pub const fn lies_in(self, size: Size) -> bool {
        // In u64: the fields of a crop box come from outside unchecked.
        (self.x as u64).saturating_add(self.width as u64) <= size.width as u64
            && (self.y as u64).saturating_add(self.height as u64) <= size.height as u64
    }

    /// Its width and height, or `None` if it is empty.
    #[must_use]
    pub const fn size(self) -> Option<Size> {
        Size::new(self.width, self.height)
    }

    /// Width times height.
    pub(crate) const fn pixels(self) -> u64 {
        // Each factor has 32 bits.
        (self.width as u64).saturating_mul(self.height as u64)
    }

    /// The part of it that is in a row of pixels.
    pub(crate) fn row(self, y: u32) -> Option<Self> {
        self.common(Self {
            x: 0,
            y,
            width: u32::MAX,
            height: 1,
        })
    }

    /// The rectangle from one corner to the other.
    pub(crate) fn between([left, top]: [u32; 2], [right, bottom]: [u32; 2]) -> Self {
        Self {
            x: left,
            y: top,
            width: right.saturating_sub(left),
            height: bottom.saturating_sub(top),
        }
    }

    /// The corner at the right and the bottom, just outside of it.
    pub(crate) const fn end(self) -> [u32; 2] {
        [
            self.x.saturating_add(self.width),
            self.y.saturating_add(self.height),
        ]
    }

    /// The rectangle so far to the right and down.
    pub(crate) const fn moved(self, right: u32, down: u32) -> Self {
        Self {
            x: self.x.saturating_add(right),
            y: self.y.saturating_add(down),
            ..self
        }
    }

    /// What both cover, if anything.
    pub(crate) fn common(self, other: Self) -> Option<Self> {
        let ([right, bottom], [other_right, other_bottom]) = (self.end(), other.end());
        let rect = Self::between(
            [self.x.max(other.x), self.y.max(other.y)],
            [right.min(other_right), bottom.min(other_bottom)],
        );
        (rect.width > 0 && rect.height > 0).then_some(rect)
    }

    /// The smallest rectangle around both.
    pub(crate) fn around(self, other: Self) -> Self {
        let ([right, bottom], [other_right, other_bottom]) = (self.end(), other.end());
        Self::between(
            [self.x.min(other.x), self.y.min(other.y)],
            [right.max(other_right), bottom.max(other_bottom)],
        )
    }
}

/// The smallest rectangle around what there is of both.
pub(crate) fn around(one: Option<Rect>, other: Option<Rect>) -> Option<Rect> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.around(other)),
        (one, other) => one.or(other),
    }
}

/// The square that is taken from a picture, in displayed pixels: as a person
/// sees the picture, after its EXIF orientation is applied.
///
/// Any numbers may be put in; [`plan`](crate::plan) tells whether the box fits
/// the picture. The fields are Slack's `crop_x`, `crop_y` and `crop_w`.
///
/// ```
/// use headshot::{CropBox, Options};
///
/// let options = Options::default().with_crop(CropBox { x: 40, y: 0, width: 800 });
/// assert_eq!(options.crop().unwrap().width, 800);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CropBox {
    /// Pixels to the left of the box.
    pub x: u32,
    /// Pixels above the box.
    pub y: u32,
    /// Edge of the box.
    pub width: u32,
}

impl CropBox {
    /// The same box as a rectangle.
    #[must_use]
    pub const fn rect(self) -> Rect {
        Rect {
            x: self.x,
            y: self.y,
            width: self.width,
            height: self.width,
        }
    }
}

impl std::fmt::Display for CropBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{},{},{}", self.x, self.y, self.width)
    }
}
