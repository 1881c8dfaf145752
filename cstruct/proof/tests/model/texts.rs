//! CSV in C's text and in files; cursors, which keep their list or borrow it.

use std::pin::pin;

use cstruct::{CStruct, CStructData, CStructRef, Context, Cursor, CursorPlace, CursorRef, Error, Status, Text, Writer};

use super::op::{Kind, Op};
use super::world::{Both, Model, World, check, place};

/// The list as CSV; `None` when not all have as many samples.
pub(crate) fn csv(model: &Model) -> Option<Vec<u8>> {
    let columns = model.first().map_or(0, |record| record.samples.len());
    let mut text = "name,value".to_owned();
    for column in 1..=columns {
        text += &format!(",s{column}");
    }
    for CStructData { value, name, samples } in model {
        if samples.len() != columns {
            return None;
        }
        text += &format!("\n{},{value}", name.as_deref().unwrap_or(""));
        for sample in samples {
            text += &format!(",{sample}");
        }
    }
    text += "\n";
    Some(text.into_bytes())
}

const UNEVEN: Error = Error::Refused(Status::Invalid);

impl World {
    pub(crate) fn text(&mut self, op: Op) -> bool {
        match op.kind {
            Kind::CursorOwns => {
                if self.cursors.len() == 8 {
                    return false;
                }
                let Some((list, model)) = self.pick(op.at) else { return false };
                self.cursors.push((Both { real: Cursor::new(list).expect("no error"), model }, 0));
                return true;
            }
            Kind::CursorStep | Kind::CursorEnd => return self.step(op),
            Kind::TextEnd => {
                let Some(at) = place(&self.texts, op.with) else { return false };
                drop(self.texts.swap_remove(at));
                return true;
            }
            _ => {}
        }
        let Some(at) = place(&self.lists, op.at) else { return false };
        let Both { real, model } = &self.lists[at];
        let expected = csv(model);
        match op.kind {
            Kind::TextNew => match Text::of(real) {
                Ok(real) => self.texts.push(Both { real, model: expected.expect("as many samples in each") }),
                Err(error) => assert_eq!((error, expected), (UNEVEN, None)),
            },
            Kind::TextAgain => {
                let Some(place) = place(&self.texts, op.with) else { return false };
                let text = &mut self.texts[place];
                let written = text.real.write(real);
                assert_eq!(written, expected.as_ref().map(drop).ok_or(UNEVEN));
                text.model = expected.unwrap_or_default();
                assert_eq!(text.real.as_bytes(), text.model);
            }
            Kind::CursorInPlace => {
                let mut room = pin!(CursorPlace::new());
                for _ in 0..2 {
                    let cursor = CursorRef::start_in(room.as_mut(), &**real).expect("no error");
                    let walked = cursor.walk().map(|record| record.expect("it was not moved").value());
                    assert!(walked.eq(model.iter().map(|record| record.value)));
                }
            }
            // A file is slow.
            _ if op.number > -6 => return false,
            _ => write(real, model, expected, op.kind == Kind::WriteLent),
        }
        true
    }

    fn step(&mut self, op: Op) -> bool {
        let Some(at) = place(&self.cursors, op.at) else { return false };
        if op.kind == Kind::CursorEnd {
            let (cursor, _) = self.cursors.swap_remove(at);
            let kept: &CStruct = Cursor::keeper(&cursor.real);
            check(kept, &cursor.model);
            cursor.real.close().expect("it was not moved");
            return true;
        }
        let (cursor, index) = &mut self.cursors[at];
        let record = cursor.real.step().expect("it was not moved");
        assert_eq!(record.map(CStructRef::value), cursor.model.get(*index).map(|record| record.value));
        *index += usize::from(*index < cursor.model.len());
        true
    }
}

/// Writes a file and reads it again.
fn write(list: &CStructRef, model: &Model, expected: Option<Vec<u8>>, lent: bool) {
    let file = tempfile::NamedTempFile::new().expect("there is room");
    let writer = Writer::open(file.path()).expect("there is room");
    let written = if lent {
        let mut writer = writer.with_buffer(vec![0_u8; 16]).expect("nothing is written yet");
        let written = writer.write_list(list);
        writer.close().expect("there is room");
        written
    } else {
        let mut writer = writer;
        let written = writer.write_list(list);
        drop(writer);
        written
    };
    assert_eq!(written, expected.as_ref().map(drop).ok_or(UNEVEN));
    if let Some(expected) = expected {
        assert_eq!(std::fs::read(file.path()).expect("it was written"), expected);
        let mut context = Context::open(file.path()).expect("it is good CSV");
        check(&context.pin_mut().take().expect("no query lives").expect("one at least"), model);
    }
}
