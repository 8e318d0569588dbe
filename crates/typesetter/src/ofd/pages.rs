//! Pages as text and paths.

use fast_qr::QRCode;
use typst::{
    layout::{Abs, Frame, FrameItem, Point, Size, Transform},
    text::TextItem,
    visualize::{Curve, CurveItem, FixedStroke, Geometry, Paint, Shape},
};

use super::{
    OfdError,
    fonts::EmbeddedFonts,
    xml::{HEAD, NAMESPACE, escaped, number, numbers},
};

/// Modules that are left blank around a mark, as its picture has them.
const QUIET: usize = 4;

/// A page with its size in millimetres.
pub(super) struct Page {
    pub(super) content: String,
    pub(super) size: (f64, f64),
}

/// Draws one page after the other.
pub(super) struct Drawing<'a> {
    fonts: &'a mut EmbeddedFonts,
    mark: &'a QRCode,
    /// The last number that was given to something on the pages. Fonts have those before.
    last: usize,
    boundary: String,
    objects: String,
}

/// More fonts than a layout has.
const FONTS: usize = 100;

impl<'a> Drawing<'a> {
    pub(super) fn new(fonts: &'a mut EmbeddedFonts, mark: &'a QRCode) -> Self {
        Self { fonts, mark, last: FONTS, boundary: String::new(), objects: String::new() }
    }

    pub(super) const fn last_id(&self) -> usize {
        self.last
    }

    fn id(&mut self) -> usize {
        self.last += 1;
        self.last
    }

    pub(super) fn page(&mut self, frame: &Frame) -> Result<Page, OfdError> {
        let size = (frame.width().to_mm(), frame.height().to_mm());
        self.boundary = format!("0 0 {}", numbers([size.0, size.1]));
        self.objects.clear();
        let layer = self.id();
        self.frame(frame, Transform::identity())?;
        let content = format!(
            "{HEAD}<ofd:Page {NAMESPACE}><ofd:Area><ofd:PhysicalBox>{}</ofd:PhysicalBox></ofd:Area>\
             <ofd:Content><ofd:Layer ID=\"{layer}\">{}</ofd:Layer></ofd:Content></ofd:Page>",
            self.boundary, self.objects
        );
        Ok(Page { content, size })
    }

    fn frame(&mut self, frame: &Frame, around: Transform) -> Result<(), OfdError> {
        for (at, item) in frame.items() {
            let here = around.pre_concat(Transform::translate(at.x, at.y));
            match item {
                FrameItem::Group(group) => {
                    self.frame(&group.frame, here.pre_concat(group.transform))?;
                }
                FrameItem::Text(text) => self.text(text, here)?,
                FrameItem::Shape(shape, _) => self.shape(shape, here)?,
                // The mark is the one picture that a layout has.
                FrameItem::Image(_, size, _) => self.square_mark(*size, here),
                FrameItem::Link(..) | FrameItem::Tag(_) => {}
            }
        }
        Ok(())
    }

    /// A run of letters. What is not one glyph for one letter stands by itself.
    fn text(&mut self, text: &TextItem, here: Transform) -> Result<(), OfdError> {
        let font = Set {
            id: self.fonts.id(text.font.font()),
            size: text.size,
            weight: text.font.font().info().variant.weight.to_number(),
        };
        let color = color(&text.fill)?;
        let (mut run, mut cursor) = (Run::default(), Abs::zero());
        for glyph in &text.glyphs {
            let letters = text.text.get(glyph.range()).unwrap_or_default();
            let mut each = letters.chars();
            let single = each.next().filter(|_| each.next().is_none());
            let own = self.fonts.glyph(font.id, glyph.id, single);
            let place = (cursor + glyph.x_offset.at(text.size)).to_mm();
            if single.is_none() {
                self.run(std::mem::take(&mut run), font, &color, here);
            }
            run.add(letters, own, place);
            if single.is_none() {
                self.run(std::mem::take(&mut run), font, &color, here);
            }
            cursor += glyph.x_advance.at(text.size);
        }
        self.run(run, font, &color, here);
        Ok(())
    }

    fn run(&mut self, run: Run, font: Set, color: &str, here: Transform) {
        let (Some(first), false) = (run.places.first(), run.letters.trim().is_empty()) else {
            return;
        };
        let id = self.id();
        let gaps = run.places.windows(2).map(|pair| pair[1] - pair[0]);
        let gaps = match run.places.len() {
            0 | 1 => String::new(),
            _ => format!(" DeltaX=\"{}\"", numbers(gaps)),
        };
        let glyphs: Vec<String> = run.glyphs.iter().map(ToString::to_string).collect();
        self.objects.push_str(&format!(
            "<ofd:TextObject ID=\"{id}\" Boundary=\"{}\" CTM=\"{}\" Font=\"{}\" Size=\"{}\" Weight=\"{}\">\
             <ofd:FillColor Value=\"{color}\"/><ofd:CGTransform CodePosition=\"0\" CodeCount=\"{}\" \
             GlyphCount=\"{}\"><ofd:Glyphs>{}</ofd:Glyphs></ofd:CGTransform>\
             <ofd:TextCode X=\"{}\" Y=\"0\"{gaps}>{}</ofd:TextCode></ofd:TextObject>",
            self.boundary,
            matrix(here),
            font.id,
            number(font.size.to_mm()),
            font.weight,
            run.letters.chars().count(),
            glyphs.len(),
            glyphs.join(" "),
            number(*first),
            escaped(&run.letters),
        ));
    }

    fn shape(&mut self, shape: &Shape, here: Transform) -> Result<(), OfdError> {
        let path = match &shape.geometry {
            Geometry::Line(to) => format!("M 0 0 L {}", point(*to)),
            Geometry::Rect(size) => rectangle(Point::zero(), *size),
            Geometry::Curve(curve) => curve_path(curve),
        };
        let fill = shape.fill.as_ref().map(color).transpose()?;
        let stroke = match &shape.stroke {
            Some(stroke) => Some((color(&stroke.paint)?, stroke)),
            None => None,
        };
        self.path(&path, fill, stroke, here);
        Ok(())
    }

    fn path(
        &mut self,
        path: &str,
        fill: Option<String>,
        stroke: Option<(String, &FixedStroke)>,
        here: Transform,
    ) {
        let id = self.id();
        let width = stroke.as_ref().map_or(0.0, |(_, stroke)| stroke.thickness.to_mm());
        let color = |name: &str, value: &Option<String>| {
            let value = value.as_ref();
            value.map_or(String::new(), |value| format!("<ofd:{name} Value=\"{value}\"/>"))
        };
        self.objects.push_str(&format!(
            "<ofd:PathObject ID=\"{id}\" Boundary=\"{}\" CTM=\"{}\" LineWidth=\"{}\" Stroke=\"{}\" \
             Fill=\"{}\">{}{}<ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>",
            self.boundary,
            matrix(here),
            number(width),
            stroke.is_some(),
            fill.is_some(),
            color("StrokeColor", &stroke.map(|(value, _)| value)),
            color("FillColor", &fill),
        ));
    }

    /// The mark with the address, as one path of its dark squares.
    fn square_mark(&mut self, size: Size, here: Transform) {
        let (mark, modules) = (self.mark, self.mark.size);
        let step = size.x / (modules + 2 * QUIET) as f64;
        let mut path = String::new();
        for row in 0..modules {
            for column in 0..modules {
                if !mark[row][column].value() {
                    continue;
                }
                let at = Point::new(step * (column + QUIET) as f64, step * (row + QUIET) as f64);
                path.push_str(&rectangle(at, Size::splat(step)));
                path.push(' ');
            }
        }
        self.path(path.trim_end(), Some("0 0 0".to_owned()), None, here);
    }
}

/// In what letters are set.
#[derive(Clone, Copy)]
struct Set {
    id: usize,
    size: Abs,
    /// 100 to 900.
    weight: u16,
}

/// Letters one after the other.
#[derive(Default)]
struct Run {
    letters: String,
    glyphs: Vec<u16>,
    /// Where each begins, in millimetres.
    places: Vec<f64>,
}

impl Run {
    fn add(&mut self, letters: &str, glyph: u16, place: f64) {
        self.letters.push_str(letters);
        self.glyphs.push(glyph);
        self.places.push(place);
    }
}

/// Red, green and blue to 255.
fn color(paint: &Paint) -> Result<String, OfdError> {
    match paint {
        Paint::Solid(color) => {
            let [red, green, blue, _] = color.to_vec4_u8();
            Ok(format!("{red} {green} {blue}"))
        }
        Paint::Gradient(_) | Paint::Tiling(_) => Err(OfdError::Content("渐变或者图案填充")),
    }
}

fn matrix(here: Transform) -> String {
    let turned = [here.sx, here.ky, here.kx, here.sy].map(|it| it.get());
    numbers(turned.into_iter().chain([here.tx.to_mm(), here.ty.to_mm()]))
}

fn point(at: Point) -> String {
    numbers([at.x.to_mm(), at.y.to_mm()])
}

fn rectangle(at: Point, size: Size) -> String {
    let corner = |x: Abs, y: Abs| point(Point::new(at.x + x, at.y + y));
    let zero = Abs::zero();
    format!(
        "M {} L {} L {} L {} C",
        corner(zero, zero),
        corner(size.x, zero),
        corner(size.x, size.y),
        corner(zero, size.y)
    )
}

fn curve_path(curve: &Curve) -> String {
    let part = |item: &CurveItem| match item {
        CurveItem::Move(to) => format!("M {}", point(*to)),
        CurveItem::Line(to) => format!("L {}", point(*to)),
        CurveItem::Cubic(one, two, to) => {
            format!("B {} {} {}", point(*one), point(*two), point(*to))
        }
        CurveItem::Close => "C".to_owned(),
    };
    curve.0.iter().map(part).collect::<Vec<_>>().join(" ")
}
