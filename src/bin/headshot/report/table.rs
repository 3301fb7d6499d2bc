//! Reports as CSV, for spreadsheets.

use std::io::{self, Write};

use serde_json::Value;

/// The columns: members of the object that `--json` prints.
const COLUMNS: [&str; 19] = [
    "path",
    "ok",
    "code",
    "reason",
    "message",
    "format",
    "width",
    "height",
    "frames",
    "file_bytes",
    "output",
    "media_type",
    "side",
    "output_frames",
    "bytes",
    "steps",
    "seconds",
    "same_as",
    "finished_before",
];

pub(crate) fn begin<W: Write>(file: W) -> io::Result<csv::Writer<W>> {
    let mut table = csv::Writer::from_writer(file);
    table.write_record(COLUMNS)?;
    Ok(table)
}

pub(crate) fn add(table: &mut csv::Writer<impl Write>, object: &Value) -> io::Result<()> {
    let fields = COLUMNS.iter().map(|column| field(column, &object[column]));
    Ok(table.write_record(fields)?)
}

fn field(column: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if matches!(column, "path" | "output" | "same_as") => path(text),
        Value::String(text) => text.clone(),
        // The names of the steps alone.
        Value::Array(steps) => {
            let names = steps.iter().filter_map(|step| step["step"].as_str());
            names.collect::<Vec<_>>().join(" ")
        }
        value => value.to_string(),
    }
}

/// Spreadsheets take text that begins so for a formula, and names come from strangers. The
/// same file has a name that is none.
fn path(path: &str) -> String {
    if path.starts_with(['=', '+', '-', '@', '\t', '\r']) && path != "-" {
        format!("./{path}")
    } else {
        path.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(objects: &[Value]) -> String {
        let mut table = begin(Vec::new()).unwrap();
        for object in objects {
            add(&mut table, object).unwrap();
        }
        String::from_utf8(table.into_inner().unwrap()).unwrap()
    }

    #[test]
    fn object_becomes_a_line() {
        let text = written(&[json!({
            "path": "=cmd(), \"x\".jpg",
            "ok": true,
            "side": 512,
            "steps": [{ "step": "scaled", "to": 3 }, { "step": "letterboxed" }],
        })]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("path,ok,code,"));
        assert_eq!(
            lines[1],
            r#""./=cmd(), ""x"".jpg",true,,,,,,,,,,,512,,,scaled letterboxed,,,"#
        );
    }
}
