//! A viewer of GIFs that has nothing in common with the crate: files are taken apart by
//! `walk`, codes read by `weezl`, and frames laid over each other by what is here.

use crate::picture::gif;
use crate::walk;

pub(crate) type Pixel = [u8; 4];

/// What a viewer shows, and for how long (in hundredths of a second).
#[derive(PartialEq)]
pub(crate) struct Shown {
    pub(crate) width: usize,
    pub(crate) pixels: Vec<Pixel>,
    pub(crate) delay: u16,
}

impl Shown {
    pub(crate) fn pixel(&self, x: usize, y: usize) -> Pixel {
        self.pixels[y * self.width + x]
    }
}

/// The frames of a GIF on a canvas of the given size.
pub(crate) fn frames((width, height): (usize, usize), file: &[u8]) -> Vec<Shown> {
    let mut canvas = vec![[0; 4]; width * height];
    let mut shown = Vec::new();
    let mut image = Image::default();
    let mut global = Vec::new();
    for part in walk::parts(file) {
        match &*part.name {
            "palette" if image.rect.is_none() => global = part.data,
            "palette" => image.palette = part.data,
            "control" => image.control.copy_from_slice(&part.data[1..5]),
            "image" => image.rect = Some(part.data.try_into().unwrap()),
            "codes" => {
                let image = std::mem::take(&mut image);
                let before = canvas.clone();
                let places = image.places();
                let on_canvas = |&(_, (x, y)): &(usize, (usize, usize))| x < width && y < height;
                let indices = image.indices(&part.data);
                let palette = if image.palette.is_empty() {
                    &global
                } else {
                    &image.palette
                };
                for (n, (x, y)) in places.iter().copied().filter(on_canvas) {
                    if Some(indices[n]) != image.transparent() {
                        let color = &palette[3 * usize::from(indices[n])..][..3];
                        canvas[y * width + x] = [color[0], color[1], color[2], 255];
                    }
                }
                shown.push(Shown {
                    width,
                    pixels: canvas.clone(),
                    delay: u16::from_le_bytes([image.control[1], image.control[2]]),
                });
                match image.control[0] >> 2 {
                    2 => {
                        for (_, (x, y)) in places.into_iter().filter(on_canvas) {
                            canvas[y * width + x] = [0; 4];
                        }
                    }
                    3 => canvas = before,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    shown
}

/// Reads a GIF with a decoder that forgives neither frames outside of the canvas nor blocks
/// that it doesn't know. End codes are checked by `frames`: the option for them finds none
/// in a quarter of all files, those of `FFmpeg` and of `weezl` included (`gif` 0.14.2).
pub(crate) fn read_strictly(file: &[u8]) {
    let mut options = ::gif::DecodeOptions::new();
    options.check_frame_consistency(true);
    options.allow_unknown_blocks(false);
    let mut decoder = options.read_info(file).unwrap();
    while decoder.read_next_frame().unwrap().is_some() {}
}

/// What comes before the codes of an image.
#[derive(Default)]
struct Image {
    control: [u8; 4],
    rect: Option<[u8; 9]>,
    palette: Vec<u8>,
}

impl Image {
    fn transparent(&self) -> Option<u8> {
        (self.control[0] & 1 != 0).then_some(self.control[3])
    }

    /// Where each index belongs, in the order in which they are stored.
    fn places(&self) -> Vec<(usize, (usize, usize))> {
        let rect = self.rect.unwrap();
        let [left, top, width, height] =
            [0, 2, 4, 6].map(|at| usize::from(u16::from_le_bytes([rect[at], rect[at + 1]])));
        // GIF89a, appendix E.
        let passes: &[(usize, usize)] = match rect[8] & 0x40 {
            0 => &[(0, 1)],
            _ => &[(0, 8), (4, 8), (2, 4), (1, 2)],
        };
        let rows = passes
            .iter()
            .flat_map(|&(first, step)| (first..height).step_by(step));
        let places = rows.flat_map(|y| (0..width).map(move |x| (left + x, top + y)));
        places.enumerate().collect()
    }

    fn indices(&self, codes: &[u8]) -> Vec<u8> {
        let (code_size, joined) = gif::joined(codes);
        let mut decoder = weezl::decode::Decoder::new(weezl::BitOrder::Lsb, code_size);
        let indices = decoder.decode(&joined).unwrap();
        assert_eq!(indices.len(), self.places().len());
        indices
    }
}
