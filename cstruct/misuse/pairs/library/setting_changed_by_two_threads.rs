//! Two threads change a setting of the process at once.
//! rows: 30, 14; class: wrong Send or Sync
//@revisions: right wrong
//@[right] run

use cstruct::kit::{OnceToken, ProcessToken};
use std::thread;

struct Settings(ProcessToken);

static SETTINGS: OnceToken = OnceToken::new("the settings of libx");

impl Settings {
    fn limit(&mut self, limit: u32) {
        assert_eq!((limit, format!("{:?}", self.0).is_empty()), (3, false));
    }
}

fn main() {
    let mut settings = Settings(SETTINGS.take().unwrap());
    thread::scope(|scope| {
        scope.spawn(|| settings.limit(3));
        #[cfg(wrong)]
        scope.spawn(|| settings.limit(3)); //~[wrong] E0499
    });
}
