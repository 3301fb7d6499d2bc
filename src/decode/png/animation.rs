//! Animated PNG: frames, and what is done between them (W3C PNG, section 11.3.6).

use super::header::is_critical;
use super::source::Source;
use super::{Picture, Pixels};
use crate::budget::Budget;
use crate::container::png::{delay, fraction};
use crate::container::reader::Reader;
use crate::decode::compose::{Composer, Dispose};
use crate::decode::{Found, accept};
use crate::error::Error;
use crate::geometry::{Rect, Size};
use crate::memory::zeroed;
use crate::options::Damage;
use crate::plan::Plan;
use crate::probe::{Info, played};
use crate::raster::Frame;

/// The frames of an animated PNG, and the canvas that they are drawn on.
pub(in crate::decode) struct Animation<'a> {
    picture: Picture<'a>,
    composer: Composer,
    /// Pixels of the frame in work.
    samples: Vec<u8>,
    /// Of the first frame, if it is the default image.
    control: Option<Control>,
    is_first: bool,
    /// Whether frames are proven and not drawn.
    proves: bool,
    damage: Damage,
}

impl std::fmt::Debug for Animation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Animation")
            .field("control", &self.control)
            .finish_non_exhaustive()
    }
}

impl<'a> Animation<'a> {
    pub(in crate::decode) fn open(
        bytes: &'a [u8],
        info: &Info,
        plan: &Plan,
    ) -> Result<Self, Error> {
        let mut control = None;
        let mut picture = Picture::open(Source::new(bytes, plan), |source, chunk| {
            let read = Control::read(source, chunk, info.stored)?;
            // The default image is a frame only if it fills the canvas.
            if read.rect != Rect::covering(info.stored) {
                return Err(source.malformed("first frame of another size"));
            }
            control = Some(read);
            Ok(())
        })?;
        let channels = picture.header.layout.channels();
        let mut samples = zeroed(info.stored.pixels() * channels as u64)?;
        if info.default_image_apart {
            picture.frame(*b"IDAT", info.stored, &mut samples)?;
        }
        Ok(Self {
            picture,
            composer: Composer::new(info.stored, plan.request.region)?,
            samples,
            control,
            is_first: true,
            proves: plan.pass_through,
            damage: plan.damage,
        })
    }

    pub(in crate::decode) fn next_frame(
        &mut self,
        damage: &mut Found,
        proven: &mut Vec<Pixels>,
        budget: &mut Budget,
    ) -> Result<Frame<'_>, Error> {
        let (name, control) = match self.control.take() {
            Some(control) => (*b"IDAT", control),
            None => (*b"fdAT", self.find_control()?),
        };
        let rect = control.rect;
        let size = rect.size().unwrap_or(Size::SMALLEST);
        if self.proves {
            proven.push(self.picture.prove(name, size, Some(control))?);
        } else {
            if let Err(error) = self.picture.frame(name, size, &mut self.samples) {
                accept(error, self.damage, damage)?;
                self.picture.source.abandon();
            }
            budget.spend(self.composer.work(rect))?;
            self.draw(&control)?;
        }
        self.is_first = false;
        let delay = played(delay(control.numerator, control.denominator));
        Ok(self.composer.frame(delay))
    }

    /// The control of the frame whose data are ahead.
    fn find_control(&mut self) -> Result<Control, Error> {
        let source = &mut self.picture.source;
        let mut control = None;
        loop {
            let chunk = source.peek()?;
            match &chunk.name {
                b"fdAT" => {
                    return control.ok_or_else(|| source.malformed("frame without its control"));
                }
                b"fcTL" if chunk.is_intact() => {
                    control = Some(Control::read(source, chunk.data, self.picture.header.size)?);
                }
                b"IEND" => return Err(source.malformed("fewer frames than declared")),
                name if is_critical(*name) => return Err(source.malformed("chunk amid frames")),
                _ => {}
            }
            source.skip();
        }
    }

    fn draw(&mut self, control: &Control) -> Result<(), Error> {
        let dispose = match control.dispose {
            // Nothing was there before the first frame.
            Dispose::Restore if self.is_first => Dispose::Clear,
            dispose => dispose,
        };
        let channels = self.picture.header.layout.channels();
        let stride = control.rect.width as usize * channels;
        let samples = &self.samples;
        let draw = if control.is_laid_over {
            over
        } else {
            |pixel: &mut [u8; 4], drawn: [u8; 4]| *pixel = drawn
        };
        self.composer.draw(control.rect, dispose, |row, pixels| {
            let row = samples.get(row * stride..).unwrap_or_default();
            for (pixel, drawn) in pixels.iter_mut().zip(row.chunks_exact(channels)) {
                draw(pixel, rgba(drawn));
            }
        })
    }
}

/// The chunk fcTL (section 11.3.6.2).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Control {
    rect: Rect,
    numerator: u16,
    denominator: u16,
    dispose: Dispose,
    is_laid_over: bool,
}

impl Control {
    fn read(source: &mut Source<'_>, chunk: &[u8], canvas: Size) -> Result<Self, Error> {
        if chunk.len() != 26 {
            return Err(source.malformed("wrong length of a frame's control"));
        }
        source.number(chunk)?;
        let mut fields = Reader::new(chunk);
        fields.take(4);
        let mut edge = || fields.u32_be().unwrap_or_default();
        let [width, height, x, y] = [edge(), edge(), edge(), edge()];
        let rect = Rect {
            x,
            y,
            width,
            height,
        };
        if rect.size().is_none() || !rect.lies_in(canvas) {
            return Err(source.malformed("frame outside the canvas"));
        }
        let mut number = || fields.u16_be().unwrap_or_default();
        let [numerator, denominator] = [number(), number()];
        let dispose = match fields.u8() {
            Some(0) => Dispose::Keep,
            Some(1) => Dispose::Clear,
            Some(2) => Dispose::Restore,
            _ => return Err(source.malformed("no such way to dispose of a frame")),
        };
        let is_laid_over = match fields.u8() {
            Some(0) => false,
            Some(1) => true,
            _ => return Err(source.malformed("no such way to blend a frame")),
        };
        Ok(Self {
            rect,
            numerator,
            denominator,
            dispose,
            is_laid_over,
        })
    }
}

impl Control {
    /// Returns the fields after the sequence number, with the delay as it is played.
    pub(crate) fn fields(&self) -> [u8; 22] {
        let Rect {
            x,
            y,
            width,
            height,
        } = self.rect;
        let delay = delay(self.numerator, self.denominator);
        let (numerator, denominator) = match played(delay) {
            same if same == delay => (self.numerator, self.denominator),
            raised => fraction(raised),
        };
        let place = [width, height, x, y].map(u32::to_be_bytes);
        let delay = [numerator, denominator].map(u16::to_be_bytes);
        let dispose = match self.dispose {
            Dispose::Keep => 0,
            Dispose::Clear => 1,
            Dispose::Restore => 2,
        };
        let mut fields = [0; 22];
        let values = place.as_flattened().iter().chain(delay.as_flattened());
        let values = values.copied().chain([dispose, self.is_laid_over.into()]);
        for (field, value) in fields.iter_mut().zip(values) {
            *field = value;
        }
        fields
    }
}

fn rgba(pixel: &[u8]) -> [u8; 4] {
    match *pixel {
        [gray] => [gray, gray, gray, 255],
        [gray, alpha] => [gray, gray, gray, alpha],
        [r, g, b] => [r, g, b, 255],
        [r, g, b, alpha, ..] => [r, g, b, alpha],
        [] => [0; 4],
    }
}

/// Lays one pixel over another, neither premultiplied (W3C PNG, section 13.16).
fn over(under: &mut [u8; 4], drawn: [u8; 4]) {
    let [.., alpha] = drawn;
    let [.., below] = *under;
    if alpha == 255 || below == 0 {
        *under = drawn;
        return;
    }
    if alpha == 0 {
        return;
    }
    let (alpha, below) = (u32::from(alpha), u32::from(below));
    // In units of 1/255: what shows through of the pixel below, and the sum.
    let shows = below * (255 - alpha);
    let total = 255 * alpha + shows;
    let [r, g, b, _] = drawn;
    let [ur, ug, ub, _] = *under;
    let mix = |over: u8, under: u8| {
        let sum = 255 * alpha * u32::from(over) + shows * u32::from(under);
        u8::try_from((sum + total / 2) / total).unwrap_or(255)
    };
    let alpha = u8::try_from((total + 127) / 255).unwrap_or(255);
    *under = [mix(r, ur), mix(g, ug), mix(b, ub), alpha];
}
