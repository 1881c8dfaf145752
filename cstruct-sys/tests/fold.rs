//! Folding: a state a name, in the library's memory, made, used and ended by the caller's functions.
mod raw;

use raw::{memory::every_failure, *};
use std::ffi::c_void;
use std::ptr::{null, null_mut};

/// What the functions keep in the library's memory: that it moves would be seen, and so would a second end.
#[repr(C)]
struct State {
    me: *const State,
    sum: i32,
}

#[derive(Default)]
struct Seen {
    align: usize,
    /// Made and not ended.
    states: usize,
    /// Name, sum and how it ended.
    groups: Vec<(Option<String>, i32, Status)>,
    /// The functions say no at this value.
    no_init_at: i32,
    no_step_at: i32,
}

fn seen(user: *mut c_void) -> &'static mut Seen {
    c!(&mut *user.cast::<Seen>())
}

unsafe extern "C" fn init(user: *mut c_void, room: *mut c_void, size: usize, first: *const Record) -> i32 {
    let seen = seen(user);
    assert_eq!(room.addr() % seen.align, 0, "aligned");
    assert!(c!(std::slice::from_raw_parts(room.cast::<u8>(), size)).iter().all(|&byte| byte == 0), "zeroed");
    if c!(cstruct_value(first)) == seen.no_init_at {
        return 7;
    }
    c!(room.cast::<State>().write(State { me: room.cast(), sum: 100 }));
    seen.states += 1;
    0
}

unsafe extern "C" fn step(user: *mut c_void, room: *mut c_void, _size: usize, record: *const Record) -> i32 {
    let state = c!(&mut *room.cast::<State>());
    assert_eq!(state.me, room.cast_const().cast());
    let value = c!(cstruct_value(record));
    state.sum += value;
    i32::from(value == seen(user).no_step_at)
}

unsafe extern "C" fn finish(user: *mut c_void, room: *mut c_void, size: usize, first: *const Record, status: Status) {
    let state = c!(&mut *room.cast::<State>());
    assert_eq!(state.me, room.cast_const().cast(), "ended once");
    state.me = null();
    assert!(size >= size_of::<State>());
    let name = c!(cstruct_name(first));
    let seen = seen(user);
    seen.states -= 1;
    seen.groups.push(((!name.is_null()).then(|| name_of(first)), state.sum, status));
}

/// A list of these names, with the values 1, 2, 3 and so on.
fn try_list(names: &[Option<&str>]) -> Result<*mut Record, Status> {
    let mut list: *mut Record = null_mut();
    for (i, name) in names.iter().enumerate().rev() {
        let name = name.map(text);
        match try_record(i32::try_from(i).expect("it is possible") + 1, name.as_deref()) {
            Ok(record) if list.is_null() => list = record,
            Ok(record) => {
                assert_eq!(c!(cstruct_link(record, list)), OK);
                list = record;
            }
            Err(refused) => {
                c!(cstruct_free(list));
                return Err(refused);
            }
        }
    }
    Ok(list)
}

fn fold(list: *const Record, size: usize, align: usize, seen: &mut Seen) -> Status {
    seen.align = align;
    let user = std::ptr::from_mut(seen).cast();
    c!(cstruct_fold(list, size, align, Some(init), Some(step), Some(finish), user))
}

const NAMES: [Option<&str>; 6] = [Some("a"), None, Some("b"), Some("a"), None, Some("")];

#[test]
fn each_name_has_a_state_and_no_name_is_one_too() {
    let _alone = alone();
    let list = try_list(&NAMES).expect("it is possible");
    for align in [8, 16, 64, 4096] {
        let mut seen = Seen::default();
        assert_eq!(fold(list, size_of::<State>(), align, &mut seen), OK);
        let group = |name: Option<&str>, sum| (name.map(str::to_owned), sum, OK);
        let groups = [group(Some("a"), 105), group(None, 107), group(Some("b"), 103), group(Some(""), 106)];
        assert_eq!((seen.groups.as_slice(), seen.states), (groups.as_slice(), 0));
    }
    c!(cstruct_free(list));
}

#[test]
fn a_function_that_says_no_stops_it_and_every_state_is_ended() {
    let _alone = alone();
    let list = try_list(&NAMES).expect("it is possible");
    let mut seen = Seen { no_init_at: 3, ..Seen::default() };
    assert_eq!(fold(list, 64, 8, &mut seen), STOPPED);
    assert_eq!(seen.groups, [(Some("a".to_owned()), 101, STOPPED), (None, 102, STOPPED)], "b was not made");
    let mut seen = Seen { no_step_at: 3, ..Seen::default() };
    assert_eq!(fold(list, 64, 8, &mut seen), STOPPED);
    assert_eq!((seen.groups.len(), seen.states), (3, 0), "b was made");
    c!(cstruct_free(list));
}

#[test]
fn many_groups_stay_where_they_are() {
    let _alone = alone();
    let names: Vec<_> = (0..3_000).map(|i| format!("{}", i % 1_000)).collect();
    let names: Vec<_> = names.iter().map(|name| Some(name.as_str())).collect();
    let list = try_list(&names).expect("it is possible");
    let mut seen = Seen::default();
    assert_eq!(fold(list, 24, 8, &mut seen), OK);
    assert_eq!(seen.groups.len(), 1_000);
    for (i, (name, sum, _)) in seen.groups.iter().enumerate() {
        assert_eq!(
            (name.clone(), *sum),
            (Some(i.to_string()), 100 + 3 * i32::try_from(i).expect("it is possible") + 3_003)
        );
    }
    c!(cstruct_free(list));
}

#[test]
fn memory_that_runs_out_ends_what_was_made() {
    let _alone = alone();
    every_failure(|| {
        let Ok(list) = try_list(&NAMES) else { return };
        let mut seen = Seen::default();
        let status = fold(list, 40, 32, &mut seen);
        assert!(status == OK || status == NO_MEMORY);
        assert_eq!(seen.states, 0);
        assert!(seen.groups.iter().all(|group| group.2 == status));
        assert!(status != OK || seen.groups.len() == 4);
        c!(cstruct_free(list));
    });
}

#[test]
fn answers_null_sizes_and_alignments() {
    let _alone = alone();
    let list = try_list(&[Some("a")]).expect("it is possible");
    let mut seen = Seen::default();
    for (size, align) in [(0, 8), (8, 0), (8, 3), (8, 24)] {
        assert_eq!(fold(list, size, align, &mut seen), INVALID, "{size} {align}");
    }
    for (size, align) in [(usize::MAX, 8), (usize::MAX / 2, 1 << 63), (1 << 62, 8)] {
        assert_eq!(fold(list, size, align, &mut seen), NO_MEMORY, "{size} {align}");
    }
    assert_eq!(fold(null(), 64, 8, &mut seen), INVALID);
    let user = (&raw mut seen).cast();
    assert_eq!(c!(cstruct_fold(list, 64, 8, None, Some(step), Some(finish), user)), INVALID);
    assert_eq!(c!(cstruct_fold(list, 64, 8, Some(init), None, Some(finish), user)), INVALID);
    assert_eq!(c!(cstruct_fold(list, 64, 8, Some(init), Some(step), None, user)), INVALID);
    assert!(seen.groups.is_empty());
    c!(cstruct_free(list));
}
