//! A call of a method, from its head to its answer.

use axum::extract::Request;
use axum::http::request::Parts;
use axum::response::Response;
use tokio::time::{Instant, timeout_at};

use crate::answer::{Answer, Code, Refusal, respond};
use crate::form::{self, Form};
use crate::methods;
use crate::post_type::{self, PostType};
use crate::service::Service;
use crate::token::{self, Token};
use crate::upload::Upload;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Method {
    SetPhoto,
    DeletePhoto,
    GetProfile,
}

/// What goes into every call, and what comes out of it.
pub(crate) async fn answer(service: &Service, method: Method, request: Request) -> Response {
    let deadline = Instant::now() + service.timeout;
    let (parts, body) = request.into_parts();
    let read = post_type::read(&parts.headers);
    let mut upload = Upload::new(body, &parts.headers);
    let call = Call {
        service,
        method,
        deadline,
    };
    let result = call.answer(&parts, read.post_type, &mut upload).await;
    upload.finish(respond(result, read.warning), deadline)
}

struct Call<'a> {
    service: &'a Service,
    method: Method,
    deadline: Instant,
}

impl Call<'_> {
    /// Whatever can be refused from the head is refused before the body is read.
    async fn answer(
        &self,
        parts: &Parts,
        post_type: Result<PostType, Refusal>,
        upload: &mut Upload,
    ) -> Result<Answer, Refusal> {
        let post_type = post_type?;
        let token = token::bearer(&parts.headers)?
            .map(|text| self.admit(text))
            .transpose()?;
        form::bound(&post_type, upload)?;
        // Nothing but a form of parts may be long.
        let pass = match post_type {
            PostType::Multipart(_) => Some(self.service.uploads.enter_before(self.deadline).await?),
            PostType::Urlencoded | PostType::Nothing => None,
        };
        let form = Form::read(parts.uri.query(), post_type, upload);
        let form = timeout_at(self.deadline, form).await;
        let form = form.map_err(|_| Code::RequestTimeout.because("the body took too long"))??;
        let token = match token {
            Some(token) => token,
            None => self.admit(form.text("token").ok_or(Code::NotAuthed)?)?,
        };
        match self.method {
            Method::SetPhoto => {
                methods::set_photo(self.service, token, form, pass, self.deadline).await
            }
            Method::DeletePhoto => Ok(methods::delete_photo(self.service, token)),
            Method::GetProfile => Ok(methods::get_profile(self.service, token)),
        }
    }

    fn admit(&self, text: &str) -> Result<Token, Refusal> {
        let token = self.service.callers.admit(text)?;
        let now = std::time::Instant::now();
        let noted = self.service.rate.note(token, self.method, now);
        noted.map(|()| token).map_err(Refusal::ratelimited)
    }
}
