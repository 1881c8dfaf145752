//! Texts and arrays: C's to release with the right function, ours to be filled, and views that nobody releases.
#![cfg(feature = "store")]

mod balanced;

use balanced::balanced;
use cstruct::kit::{CArray, CText, View};
use cstruct::{CStruct, Context, Error, SamplesFree, Status, StringFree, Text, TextRef, live};
use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any};

assert_impl_all!(Text: Send);
assert_not_impl_any!(Text: Sync, Clone, Copy);
assert_not_impl_any!(View<'static, TextRef>: Send, Sync);
assert_not_impl_any!(CText<StringFree>: Send, Sync, Clone);
assert_not_impl_any!(CArray<f64, SamplesFree>: Send, Sync, Clone);
assert_eq_size!(Text, cstruct_sys::cstruct_text);

fn record(value: i32, name: &str, samples: &[f64]) -> CStruct {
    let name = std::ffi::CString::new(name).expect("no NUL");
    let mut record = CStruct::named(value, &name).expect("memory");
    record.pin_mut().append(samples).expect("memory");
    record
}

#[test]
fn a_text_is_filled_refilled_and_moved() {
    balanced(|| {
        let before = live().objects;
        let mut text = Text::new();
        assert_eq!((text.as_bytes(), live().objects), (&b""[..], before));
        text.write(&record(1, "a", &[0.5])).expect("it is possible");
        let one = live();
        text.write(&record(2, "b", &[1.5])).expect("it is possible");
        assert_eq!(live(), one, "the first contents are disposed of");
        let mut moved = Box::new(text);
        assert_eq!(moved.as_bytes(), b"name,value,s1\nb,2,1.5\n");
        let taken = moved.take();
        assert_eq!((moved.as_bytes(), taken.as_bytes().len()), (&b""[..], 22));
        drop(moved);
        assert_eq!(taken, Text::of(&record(2, "b", &[1.5])).expect("it is possible"));
        assert_eq!(format!("{taken:?}"), r#""name,value,s1\nb,2,1.5\n""#);
    });
}

#[test]
fn a_failed_refill_leaves_it_empty() {
    balanced(|| {
        let before = live().objects;
        let uneven = CStruct::from_records([record(1, "a", &[0.5]), record(2, "b", &[])]).expect("it is possible");
        let mut text = Text::of(&record(1, "a", &[])).expect("it is possible");
        assert_eq!(text.write(&uneven), Err(Error::Refused(Status::Invalid)));
        assert_eq!((text.as_bytes(), live().objects), (&b""[..], before + 2));
        text.clear();
        text.write(&record(3, "c", &[])).expect("it is possible");
        assert_eq!(text.as_bytes(), b"name,value\nc,3\n");
    });
}

#[test]
fn it_is_input_as_well_and_stays_what_it_was() {
    balanced(|| {
        let list = CStruct::from_records([record(1, "a\"b", &[0.5]), record(-2, "c,d\n", &[f64::MAX])])
            .expect("it is possible");
        let text = Text::of(&list).expect("it is possible");
        for _ in 0..2 {
            let mut context = Context::from_text(&text).expect("it is possible");
            assert_eq!(context.pin_mut().take().expect("it is possible").expect("it is possible"), list);
        }
        let again = Text::of(
            &Context::from_csv(text.as_bytes())
                .expect("it is possible")
                .pin_mut()
                .take()
                .expect("it is possible")
                .expect("it is possible"),
        )
        .expect("it is possible");
        assert_eq!(again, text);
    });
}

#[test]
fn a_view_is_read_and_not_released() {
    balanced(|| {
        let before = live();
        let bytes = b"name,value\na,1\n".to_vec();
        {
            let view = TextRef::view(&bytes);
            assert_eq!((view.as_bytes(), live()), (&bytes[..], before));
            assert_eq!(Context::from_text(&view).expect("it is possible").count(), 1);
        }
        assert_eq!(bytes.len(), 15);
        assert_eq!(TextRef::view(b"").as_bytes(), b"");
        assert!(matches!(Context::from_text(&TextRef::view(b"")), Err(Error::Read { status: Status::Parse, .. })));
    });
}

#[test]
fn a_formatted_text_is_one_object_of_its_own() {
    balanced(|| {
        let record = record(7, "x", &[1.0 / 3.0, f64::NAN, -0.0]);
        let before = live().objects;
        let text = record.format().expect("it is possible");
        assert_eq!(live().objects, before + 1);
        assert_eq!(&*text, c"x,7,0.3333333333333333,,-0");
        drop(record);
        assert_eq!(text.to_str().expect("it is possible").len(), 26);
    });
}

#[test]
fn room_of_ours_gets_the_same_text() {
    balanced(|| {
        let mut room = Vec::new();
        for samples in [0, 1, 100, 10] {
            let record = record(1, "name", &vec![1.0 / 3.0; samples]);
            let owned = record.format().expect("it is possible");
            assert_eq!(record.format_into(&mut room).expect("it is possible"), &*owned);
            let needed = owned.count_bytes() + 1;
            assert_eq!((record.formatted_size(), room.len()), (Ok(needed), needed));
            let mut exact = vec![b'x'; needed];
            assert_eq!(record.format_within(&mut exact).expect("it is possible"), &*owned);
            let (room, beyond) = exact.split_at_mut(needed - 1);
            assert_eq!(record.format_within(room), Err(Error::TooSmall { needed }));
            assert_eq!((room.first(), &*beyond), (Some(&0), &[0][..]), "an empty text, and nothing behind the room");
        }
        // Room that is there is used again.
        let (room_was, capacity) = (room.as_ptr(), room.capacity());
        record(1, "a", &[]).format_into(&mut room).expect("it is possible");
        assert_eq!((room.as_ptr(), room.capacity(), &room[..]), (room_was, capacity, &b"a,1\0"[..]));
    });
}

#[test]
fn copied_samples_are_released_with_their_length() {
    balanced(|| {
        let before = live();
        let samples: Vec<f64> = (0..1000).map(f64::from).collect();
        let copy = record(1, "a", &samples).copy_samples().expect("it is possible");
        assert_eq!(live().objects, before.objects + 1);
        assert_eq!(&*copy, &samples[..]);
        drop(copy);
        assert_eq!(live(), before, "also the bytes: the length was right");
    });
}

#[test]
fn no_samples_are_an_array_too() {
    balanced(|| {
        assert!(record(1, "a", &[]).copy_samples().expect("it is possible").is_empty());
        let mut cleared = record(1, "a", &[1.0]);
        cleared.pin_mut().clear();
        assert!(cleared.copy_samples().expect("it is possible").is_empty());
    });
}
