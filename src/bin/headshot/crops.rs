//! Lists of crop boxes: `path,x,y,w`, a picture a line.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use headshot::{CropBox, Options};

use crate::console::Printable;
use crate::sources::Source;
use crate::status::Failure;
use crate::values;

/// The crop boxes of a list.
#[derive(Debug, Default)]
pub(crate) struct Crops(HashMap<PathBuf, CropBox>);

impl Crops {
    /// Those of a file, each of which must be of one of `sources`: a box that isn't is one
    /// that somebody meant for another picture.
    pub(crate) fn read(file: &Path, sources: &[Source]) -> Result<Self, Failure> {
        let shown = Printable::path(file);
        let list = File::open(file)
            .map_err(|error| Failure::Other(format!("cannot read the list {shown}: {error}")))?;
        Self::parse(list)
            .and_then(|crops| crops.all_of(sources))
            .map_err(|problem| Failure::Usage(format!("{shown}: {problem}")))
    }

    fn parse(list: impl Read) -> Result<Self, String> {
        let mut options = csv::ReaderBuilder::new();
        let list = options.has_headers(false).flexible(true).from_reader(list);
        let mut crops = HashMap::new();
        for (index, record) in list.into_records().enumerate() {
            let record = record.map_err(|error| error.to_string())?;
            let fields: Vec<&str> = record.iter().collect();
            let (path, numbers) = match fields.as_slice() {
                fields if index == 0 && is_head(fields) => continue,
                [path, numbers @ ..] => (*path, numbers),
                [] => continue,
            };
            let shown = Printable::text(path);
            let numbers: Vec<&str> = numbers.iter().map(|number| number.trim()).collect();
            let crop = values::crop(&numbers.join(","));
            let crop = crop.map_err(|error| format!("{shown}: {error}"))?;
            if crops.insert(normal(Path::new(path)), crop).is_some() {
                return Err(format!("{shown}: a second crop box"));
            }
        }
        Ok(Self(crops))
    }

    fn all_of(self, sources: &[Source]) -> Result<Self, String> {
        let mut left = self.0.clone();
        for source in sources {
            let boxes = names(source).map(|name| left.remove(&name));
            if let [Some(one), Some(other)] = boxes
                && one != other
            {
                let path = Printable::path(source.input.path());
                return Err(format!("{path}: a second crop box"));
            }
        }
        match left.keys().min() {
            Some(path) => Err(format!("{}: none of the pictures", Printable::path(path))),
            None => Ok(self),
        }
    }

    /// `options`, with the box of a picture if it has one here: by its path or, if there is
    /// none of that, by what an output folder mirrors of it.
    pub(crate) fn options(&self, options: Options, source: &Source) -> Options {
        if self.0.is_empty() {
            return options;
        }
        let names = names(source);
        match names.iter().find_map(|name| self.0.get(name)) {
            Some(crop) => options.with_crop(*crop),
            None => options,
        }
    }
}

fn is_head(fields: &[&str]) -> bool {
    let head = ["path", "x", "y", "w"];
    let alike = |(field, name): (&&str, &str)| field.trim().eq_ignore_ascii_case(name);
    fields.len() == head.len() && fields.iter().zip(head).all(alike)
}

fn names(source: &Source) -> [PathBuf; 2] {
    [normal(source.input.path()), source.mirrored()]
}

/// Without `./`, in front or in between.
fn normal(path: &Path) -> PathBuf {
    let path = path.strip_prefix(".").unwrap_or(path);
    path.components().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Input;
    use crate::sources;

    fn parse(text: &str) -> Result<Crops, String> {
        Crops::parse(text.as_bytes())
    }

    #[test]
    fn box_is_found_by_path_and_by_what_is_mirrored() {
        let text = "path,x,y,w\n./in/a.jpg,1,2,3\n\n\"b, c.jpg\", 4 ,5,6\n";
        let inputs = ["in/a.jpg", "in/b, c.jpg", "in/d.jpg"].map(|path| Input::File(path.into()));
        let sources = sources::list(&inputs, None, &[]).unwrap();
        let crops = parse(text).unwrap().all_of(&sources).unwrap();
        let options = |source| crops.options(Options::default(), source);
        let widths = sources
            .iter()
            .map(|source| Some(options(source).crop()?.width));
        assert!(widths.eq([Some(3), Some(6), None]));
        let fewer = parse(text).unwrap().all_of(&sources[..1]);
        assert_eq!(fewer.unwrap_err(), "b, c.jpg: none of the pictures");
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, start) in [
            ("a.jpg,1,2,3\nb.jpg,1,2\n", "b.jpg: expected X,Y,W"),
            ("b.jpg,1,2,-3\n", "b.jpg: expected X,Y,W"),
            ("b.jpg,1,2,3,4\n", "b.jpg: expected X,Y,W"),
            ("b.jpg\n", "b.jpg: expected X,Y,W"),
            ("b.jpg,1,2,3\n./b.jpg,1,2,3\n", "./b.jpg: a second crop box"),
        ] {
            let problem = parse(text).unwrap_err();
            assert!(problem.starts_with(start), "{text}: {problem}");
        }
        assert!(parse("").unwrap().0.is_empty());
    }
}
