//! Metadata: EXIF with an orientation and a place, and an XMP packet.

/// Byte order of a TIFF structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// "II"
    Little,
    /// "MM"
    Big,
}

/// How an EXIF segment of JPEG begins (CIPA DC-008, section 4.7.2).
pub(crate) const NAME: &[u8] = b"Exif\0\0";

/// The types of fields that are used here (CIPA DC-008, section 4.6.2).
mod kind {
    pub(super) const ASCII: u16 = 2;
    pub(super) const SHORT: u16 = 3;
    pub(super) const LONG: u16 = 4;
    pub(super) const RATIONAL: u16 = 5;
}

/// A TIFF structure with the orientation and nothing else.
pub(crate) fn orientation(order: Order, value: u16) -> Vec<u8> {
    let mut tiff = Tiff::new(order);
    tiff.u16(1);
    tiff.short(0x0112, value);
    tiff.u32(0); // no further directory
    tiff.bytes
}

/// A TIFF structure with the orientation, a maker and a place: 47° 22' N,
/// 8° 32' E.
pub(crate) fn with_gps(order: Order, value: u16) -> Vec<u8> {
    const DIRECTORY: u32 = 8;
    const GPS: u32 = DIRECTORY + 2 + 3 * 12 + 4;
    const MAKER: u32 = GPS + 2 + 4 * 12 + 4;
    const LATITUDE: u32 = MAKER + 8;
    const LONGITUDE: u32 = LATITUDE + 24;
    let mut tiff = Tiff::new(order);
    tiff.u16(3);
    tiff.field(0x010F, kind::ASCII, 8, MAKER);
    tiff.short(0x0112, value);
    tiff.field(0x8825, kind::LONG, 1, GPS);
    tiff.u32(0);

    tiff.u16(4);
    tiff.letter(1, b'N');
    tiff.field(2, kind::RATIONAL, 3, LATITUDE);
    tiff.letter(3, b'E');
    tiff.field(4, kind::RATIONAL, 3, LONGITUDE);
    tiff.u32(0);

    tiff.bytes.extend(b"Example\0");
    for part in [47, 22, 0, 8, 32, 0] {
        tiff.u32(part);
        tiff.u32(1);
    }
    tiff.bytes
}

/// An XMP packet, as it stands in any format.
pub(crate) fn xmp(content: &str) -> Vec<u8> {
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">{content}</x:xmpmeta><?xpacket end=\"w\"?>"
    )
    .into_bytes()
}

/// Writes a TIFF structure from its start to its end.
struct Tiff {
    bytes: Vec<u8>,
    order: Order,
}

impl Tiff {
    fn new(order: Order) -> Self {
        let mut tiff = Self {
            bytes: match order {
                Order::Little => b"II".to_vec(),
                Order::Big => b"MM".to_vec(),
            },
            order,
        };
        tiff.u16(42);
        tiff.u32(8); // the first directory comes at once
        tiff
    }

    fn u16(&mut self, value: u16) {
        self.bytes.extend(match self.order {
            Order::Little => value.to_le_bytes(),
            Order::Big => value.to_be_bytes(),
        });
    }

    fn u32(&mut self, value: u32) {
        self.bytes.extend(match self.order {
            Order::Little => value.to_le_bytes(),
            Order::Big => value.to_be_bytes(),
        });
    }

    fn field(&mut self, tag: u16, kind: u16, count: u32, value: u32) {
        self.u16(tag);
        self.u16(kind);
        self.u32(count);
        self.u32(value);
    }

    fn short(&mut self, tag: u16, value: u16) {
        self.u16(tag);
        self.u16(kind::SHORT);
        self.u32(1);
        self.u16(value);
        self.u16(0);
    }

    /// A text of one letter stands in the field itself.
    fn letter(&mut self, tag: u16, letter: u8) {
        self.u16(tag);
        self.u16(kind::ASCII);
        self.u32(2);
        self.bytes.extend([letter, 0, 0, 0]);
    }
}
