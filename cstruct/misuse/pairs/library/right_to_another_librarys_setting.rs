//! A setting of the process is changed with the right to the settings of another library.
//! rows: 30; class: invalid or uninitialised value
//@revisions: right wrong
//@[right] run

use cstruct::kit::{OnceToken, ProcessToken};

struct Settings(ProcessToken);
struct OtherSettings(ProcessToken);

static SETTINGS: OnceToken = OnceToken::new("the settings of libx");
static OTHERS: OnceToken = OnceToken::new("the settings of liby");

fn limit(settings: &mut Settings, limit: u32) {
    assert_eq!((limit, format!("{:?}", settings.0).contains("libx")), (3, true));
}

fn main() {
    let mut other = OtherSettings(OTHERS.take().unwrap());
    let mut settings = Settings(SETTINGS.take().unwrap());
    assert_ne!(format!("{:?}", settings.0), format!("{:?}", &mut other.0));
    #[cfg(wrong)]
    limit(&mut other, 3); //~[wrong] E0308
    #[cfg(right)]
    limit(&mut settings, 3);
}
