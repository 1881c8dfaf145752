//! The right to change a setting of the whole process is handed to two owners.
//! rows: 30; class: C's globals freed twice
//@revisions: right wrong
//@[right] run

use cstruct::kit::{OnceToken, ProcessToken};

struct Settings(ProcessToken);

static SETTINGS: OnceToken = OnceToken::new("the settings of libx");

impl Settings {
    fn limit(&mut self, limit: u32) {
        assert_eq!((limit, format!("{:?}", self.0).is_empty()), (3, false));
    }
}

fn limit(mut settings: Settings) -> Settings {
    settings.limit(3);
    settings
}

fn main() {
    let settings = Settings(SETTINGS.take().unwrap());
    #[cfg(wrong)]
    limit(settings);
    #[cfg(right)]
    let settings = limit(settings);
    limit(settings); //~[wrong] E0382
}
