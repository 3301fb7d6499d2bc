//! What the methods do.

use tokio::time::Instant;

use crate::answer::{Answer, Code, Refusal};
use crate::crop;
use crate::form::Form;
use crate::gate::Pass;
use crate::service::Service;
use crate::steps;
use crate::token::Token;
use crate::work;

/// <https://docs.slack.dev/reference/methods/users.setPhoto>
pub(crate) async fn set_photo(
    service: &Service,
    token: Token,
    form: Form,
    pass: Option<Pass>,
    deadline: Instant,
) -> Result<Answer, Refusal> {
    let mut options = service.options;
    if let Some(crop) = crop::read(&form)? {
        options = options.with_crop(crop);
    }
    let image = form.image.ok_or_else(|| {
        Code::InvalidArguments.because("image is missing: a file part of multipart/form-data")
    })?;
    let job = service.jobs.enter_before(deadline).await?;
    // The upload is in memory as long as the work goes on, so its pass is held too.
    let made = work::run((pass, job), deadline, move |cancel| {
        work::make(&image, &options, cancel)
    });
    let made = made.await?;
    let messages = made
        .photo
        .steps
        .iter()
        .map(|step| format!("[INFO] {}", steps::describe(step)));
    Ok(Answer {
        messages: messages.collect(),
        profile: Some(service.store.set(token, made.into())),
    })
}

/// <https://docs.slack.dev/reference/methods/users.deletePhoto>
///
/// Who has no photo may delete it: the end is the same.
pub(crate) fn delete_photo(service: &Service, token: Token) -> Answer {
    service.store.delete(token);
    Answer::default()
}

/// <https://docs.slack.dev/reference/methods/users.profile.get>, of which there is no
/// more than the photo.
pub(crate) fn get_profile(service: &Service, token: Token) -> Answer {
    Answer {
        profile: Some(service.store.profile(token)),
        ..Answer::default()
    }
}
