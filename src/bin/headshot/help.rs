//! The longer texts of `--help`. Their numbers come from the library.

use headshot::Side;

pub(crate) fn program() -> String {
    format!(
        "Turns whatever picture a person uploads into a square profile photo, or says exactly why \
         it can't.\n\n\
         The photo is a JPEG, PNG or GIF of {min}x{min} to {max}x{max} pixels, upright, in sRGB \
         and without metadata: what Slack's users.setPhoto accepts.",
        min = Side::MIN,
        max = Side::MAX,
    )
}

pub(crate) fn prepare() -> String {
    format!(
        "Makes square photos that the service accepts.\n\n\
         The whole picture is taken, or the square that --crop names. It is turned upright, \
         resized until its longest edge has {min} to {max} pixels (one that has so many already \
         keeps its size), and centred on a square. Metadata such as the place where the picture \
         was taken is left out.\n\n\
         A picture that can't be prepared is refused with the reason and what was measured, and \
         the others go on. A photo is written under another name and renamed when it is whole: \
         a failure leaves an older file as it was. No photo takes the place of a picture of the \
         same run, or of another photo of it.\n\n\
         Ctrl-C ends a run when what is in work is finished; once more gives that up, too. \
         Reports are written all the same, and --resume goes on later.",
        min = Side::MIN,
        max = Side::MAX,
    )
}

pub(crate) const INSPECT: &str = "Shows what files are, from their headers alone.\n\n\
    The format comes from the bytes, never from the name. No pixel is decoded, so a file that \
    is reported here may still turn out to be damaged. What is as usual isn't told. The last \
    lines are what `check` says of a file, and what `prepare` would make of it without options.";

pub(crate) fn check() -> String {
    format!(
        "Tells whether the service would take files as they are, without `headshot prepare`.\n\n\
         Prints a line for each rule that a file breaks: it must be square, of {min} to {max} \
         pixels a side, upright, and within the limits. Like `inspect`, it reads headers alone.",
        min = Side::MIN,
        max = Side::MAX,
    )
}

pub(crate) const PROGRAM_EXAMPLES: &str = "\
Examples:
  headshot prepare me.jpg -o photo.jpg          one picture
  headshot prepare staff --out-dir photos       a folder of them, on all cores
  headshot prepare - <upload >photo             in a pipe
  headshot inspect upload.gif                   what is it?
  headshot check photo.jpg && echo fine         is it good as it is?

Exit status:
  0  all well
  1  some picture was refused, could not be read, or its photo not written
  2  wrong usage; nothing was written
  3  the service refused, or did not answer
  130  stopped by Ctrl-C";

pub(crate) const PREPARE_EXAMPLES: &str = "\
A message on standard error reads `FILE: CODE (REASON): what is wrong`. CODE is the service's own
word: bad_image, too_large, too_many_frames or invalid_arguments; or cancelled, after --timeout.
--json has both, what was measured, and the steps taken; null stands for what is unknown.

Examples:
  headshot prepare me.jpg -o photo.jpg
      The whole picture, with black bars if it isn't square.
  headshot prepare me.jpg -o photo.png --format png --background transparent
      The same with bars that nobody sees.
  headshot prepare me.jpg -o photo.jpg --crop 420,80,900
      The face alone: 900x900 pixels, 420 from the left and 80 from the top.
  headshot prepare staff --out-dir photos --report report.html
      All that is below a folder, and a page to look at afterwards.
  headshot prepare staff --out-dir photos --resume
      Later: what is new there, or was not finished.
  find uploads -newer stamp -type f -print0 | headshot prepare --files-from - --out-dir photos
      What another program finds.
  headshot prepare staff --out-dir photos --crop-list squares.csv
      With the squares of a list, such as `staff/me.jpg,420,80,900`.
  curl -s https://example.com/me.jpg | headshot prepare - >photo.jpg
      In a pipe: `-` alone writes to standard output.

Exit status:
  0  all well
  1  some picture was refused, could not be read, or its photo not written
  2  wrong usage, such as two pictures with the same output; nothing was written
  130  stopped by Ctrl-C: what is reported is finished, and nothing else is begun";

pub(crate) const INSPECT_EXAMPLES: &str = "\
Examples:
  headshot inspect upload.gif
  headshot inspect --json *.jpg | jq -r 'select(.metadata.gps) | .path'
      Which of them tell where they were taken?

Exit status:
  0  all well
  1  some file is no picture, or could not be read
  2  wrong usage";

pub(crate) const CHECK_EXAMPLES: &str = "\
Examples:
  headshot check photo.jpg
  headshot check --json *.jpg | jq -r 'select(.ok | not) | .path'
      Which of them have to be prepared?

Exit status:
  0  the service would take all of them
  1  some file breaks a rule, or could not be read
  2  wrong usage";

pub(crate) const COMPLETIONS: &str = "Prints a script with which a shell completes the commands \
    and options of this program.\n\n\
    The shell has to read it when it starts: from a folder of such scripts, or from its own \
    settings. After an update of the program, it has to be printed anew.";

pub(crate) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  headshot completions bash >~/.local/share/bash-completion/completions/headshot
  headshot completions fish >~/.config/fish/completions/headshot.fish
  headshot completions zsh >~/.zfunc/_headshot
      With ~/.zfunc in $fpath, before compinit.

Exit status:
  0  all well
  1  standard output takes no more
  2  wrong usage, such as a shell that isn't known";

pub(crate) const MAN: &str = "Prints a manual page in the language of man(7).\n\n\
    Without COMMAND it is the page of the program, which names those of its commands.";

pub(crate) const MAN_EXAMPLES: &str = "\
Examples:
  headshot man >headshot.1
  headshot man prepare >headshot-prepare.1
  headshot man prepare | man -l -
      Read it at once.

Exit status:
  0  all well
  1  standard output takes no more
  2  wrong usage, such as a command that isn't known";

#[cfg(feature = "upload")]
pub(crate) const UPLOAD: &str = "Makes a photo as `prepare` does, and sets it as a user's.\n\n\
    The service is Slack, or another that speaks its users.setPhoto. The token is a user's, with \
    the scope users.profile:write. It comes from the environment's SLACK_TOKEN or from \
    --token-file; there is no option for it, since others may read what was typed. It is sent \
    to --base alone, and never shown.\n\n\
    A call that fails in a way that passes is tried again. The service allows some 20 calls a \
    minute. Before the photo is set, users.profile.get is asked which one there is, so that a \
    photo of which nobody knows whether it was set isn't sent twice; a token without the scope \
    users.profile:read does without.";

#[cfg(feature = "upload")]
pub(crate) const UPLOAD_EXAMPLES: &str = "\
Prints the address of the new photo. A message on standard error reads `FILE: CODE (WHAT TO DO):
what is wrong`. CODE is the service's own word, such as missing_scope; or http_status,
unexpected_answer, redirected, unreachable, connection_lost, timed_out or answer_too_long. WHAT TO
DO is fix_picture, fix_call, fix_token, ask_administrator, wait_and_retry, or find_out where it
isn't known whether the photo was set. A picture that can't be prepared is refused as by `prepare`.

Examples:
  SLACK_TOKEN=$(pass slack) headshot upload me.jpg --crop 420,80,900
      The face alone, cut out here.
  headshot upload me.jpg --as-is --crop 420,80,900 --token-file token
      The file as it is; the service cuts the square out of it.
  headshot upload me.jpg --dry-run
      What would be sent, but for the token. Needs none, and sends nothing.
  headshot upload me.jpg --token-file token --base http://127.0.0.1:8080/api/
      To a service on this machine.

Exit status:
  0  the photo is set; or, with --dry-run, could be
  1  the picture was refused, or could not be read
  2  wrong usage, or no token; nothing was sent
  3  the service refused, could not be reached, or did not answer as agreed";

#[cfg(feature = "upload")]
pub(crate) const DELETE: &str = "Removes a user's photo, with users.deletePhoto.\n\n\
    The token is as for `upload`: from the environment's SLACK_TOKEN or from --token-file. To \
    remove a photo twice does no harm.";

#[cfg(feature = "upload")]
pub(crate) const DELETE_EXAMPLES: &str = "\
Messages are as those of `upload`, without a FILE.

Examples:
  headshot delete --token-file token
  headshot delete --dry-run
      What would be sent, but for the token.

Exit status:
  0  the photo is removed
  2  wrong usage, or no token; nothing was sent
  3  the service refused, could not be reached, or did not answer as agreed";
