//! `headshot delete`.

use std::path::Path;

use headshot::upload::Request;
use serde_json::{Value, json};

use crate::console::{Stream, complain};
use crate::json;
use crate::refusal::Refusal;
use crate::service::{self, Said, ServiceArgs};
use crate::status::{Failure, Status};

pub(crate) fn run(args: &ServiceArgs) -> Result<Status, Failure> {
    let said = if args.dry_run {
        let request = Request::delete_photo(args.base(), args.token_place());
        Ok(Said::nothing(&request))
    } else {
        let deleted = args.client()?.delete_photo();
        deleted.map(Said::Yes).map_err(Refusal::Service)
    };
    if let Err(refusal) = &said {
        complain(refusal.line(Path::new("photo")));
    }
    if args.json {
        let refusal = said.as_ref().err();
        let mut object = json::members(json!({
            "ok": refusal.is_none(),
            "code": refusal.map(Refusal::code),
            "reason": refusal.map(Refusal::reason),
            "message": refusal.map(ToString::to_string),
        }));
        object.extend(service::members(&said));
        Stream::Stdout.line(Value::Object(object))?;
    } else if let Ok(said) = &said {
        said.print("photo removed")?;
    }
    Ok(match said {
        Ok(_) => Status::Fine,
        Err(_) => Status::NotDone,
    })
}
