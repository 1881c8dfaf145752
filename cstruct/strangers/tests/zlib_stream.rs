//! Streams in place: a large round trip in bounded memory, ends of every kind, copies.

use cstruct::kit::{CloseError, Foreign};
use cstruct_strangers::zlib::{Allocated, Deflate, Flush, Format, Inflate, Level, Metered, Status, crc32};
use std::sync::Arc;

/// Data that is neither noise nor constant, without keeping any of it: one byte of noise in eight.
struct Source {
    at: usize,
    len: usize,
}

impl Source {
    fn new(len: usize) -> Source {
        Source { at: 0, len }
    }

    fn is_empty(&self) -> bool {
        self.at == self.len
    }

    fn next<'r>(&mut self, room: &'r mut [u8]) -> &'r [u8] {
        let len = room.len().min(self.len - self.at);
        let room = &mut room[..len];
        room.fill(0);
        let mut here = self.at.next_multiple_of(8);
        while here < self.at + len {
            room[here - self.at] = ((here as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8;
            here += 8;
        }
        self.at += len;
        room
    }
}

/// Takes what comes out of the inflate and compares it with a source of its own.
struct Compare {
    expected: Source,
    sum: u32,
    total: usize,
}

impl Compare {
    fn take(&mut self, data: &[u8]) {
        let mut room = vec![0; data.len()];
        assert!(self.expected.next(&mut room) == data, "other bytes, from {} on", self.total);
        self.sum = crc32(self.sum, data).expect("short");
        self.total += data.len();
    }
}

fn unpack(inflate: &mut Inflate<impl Sized>, mut packed: &[u8], room: &mut [u8], sink: &mut Compare) -> Status {
    loop {
        let done = inflate.pin_mut().decompress(packed, room).expect("zlib made it");
        sink.take(&room[..done.produced]);
        packed = &packed[done.consumed..];
        if done.status != Status::Ok || (packed.is_empty() && done.produced < room.len()) {
            return done.status;
        }
    }
}

#[test]
fn fifty_megabytes_go_through_in_bounded_memory() {
    const LEN: usize = 50_000_000;
    let memory = Arc::new(Metered::up_to(1 << 20));
    let mut deflate = Deflate::with_allocator(Level::FAST, Format::Gzip, Arc::clone(&memory)).expect("memory");
    let mut inflate = Inflate::with_allocator(Format::Gzip, Arc::clone(&memory)).expect("memory");
    let mut source = Source::new(LEN);
    let mut sink = Compare { expected: Source::new(LEN), sum: 0, total: 0 };
    let (mut plain, mut packed, mut room) = (vec![0; 1 << 16], vec![0; 1 << 14], vec![0; 1 << 16]);

    let mut status = Status::Ok;
    while status != Status::StreamEnd {
        let mut input = source.next(&mut plain);
        let flush = if source.is_empty() { Flush::Finish } else { Flush::No };
        loop {
            let done = deflate.pin_mut().compress(input, &mut packed, flush).expect("a live stream");
            input = &input[done.consumed..];
            status = unpack(&mut inflate, &packed[..done.produced], &mut room, &mut sink);
            if done.status == Status::StreamEnd || (input.is_empty() && done.produced < packed.len()) {
                break;
            }
        }
    }

    assert_eq!((sink.total, deflate.total_in(), inflate.total_out()), (LEN, LEN as u64, LEN as u64));
    assert_eq!(inflate.total_in(), deflate.total_out());
    assert!(deflate.total_out() < LEN as u64 / 2);
    // Two ways to the same number: zlib's gzip trailer, and ours over what came out.
    assert_eq!(deflate.checksum(), sink.sum);
    assert!(memory.peak_bytes() < 400_000, "{}", memory.peak_bytes());
    deflate.close().expect("finished");
    inflate.close().expect("finished");
    assert_eq!((memory.live_blocks(), memory.live_bytes()), (0, 0));
}

#[test]
fn the_handle_moves_and_the_stream_stays() {
    let mut deflate = Deflate::new(Level::default()).expect("memory");
    let mut room = [0; 128];
    let first = deflate.pin_mut().compress(b"before, ", &mut room, Flush::Sync).expect("live");
    // zlib compares the address with the one it knows and answers Z_STREAM_ERROR if they differ.
    let mut moved = [deflate];
    let second = moved[0].pin_mut().compress(b"after", &mut room[first.produced..], Flush::Finish).expect("live");
    let packed = &room[..first.produced + second.produced];

    let mut inflate = Box::new(Inflate::new(Format::Zlib).expect("memory"));
    let mut plain = [0; 32];
    let done = inflate.pin_mut().decompress(packed, &mut plain).expect("zlib made it");
    assert_eq!((&plain[..done.produced], done.status), (&b"before, after"[..], Status::StreamEnd));
}

#[test]
fn the_buffers_are_taken_back_with_every_call() {
    let mut deflate = Deflate::new(Level::default()).expect("memory");
    let mut room = [0; 4];
    let done = deflate.pin_mut().compress(b"more than fits", &mut room, Flush::Finish).expect("live");
    assert_eq!((done.produced, done.status), (4, Status::Ok));
    // SAFETY: a live stream, which nobody uses meanwhile.
    let stream = unsafe { &*deflate.as_ptr() };
    assert!(stream.next_in.is_null() && stream.next_out.is_null());
}

#[test]
fn a_stream_goes_to_another_thread() {
    let mut deflate = Deflate::new(Level::default()).expect("memory");
    let packed = std::thread::spawn(move || {
        let mut room = [0; 64];
        let done = deflate.pin_mut().compress(b"elsewhere", &mut room, Flush::Finish).expect("live");
        room[..done.produced].to_vec()
    });
    let packed = packed.join().expect("no panic");
    assert_eq!(cstruct_strangers::zlib::decompress(&packed, 9).expect("zlib made it"), b"elsewhere");
}

#[test]
fn what_was_not_finished_is_told_at_the_end() {
    let mut deflate = Deflate::new(Level::default()).expect("memory");
    let mut room = [0; 128];
    let _ = deflate.pin_mut().compress(b"not all of it", &mut room, Flush::No).expect("live");
    let Err(CloseError::Gone(error)) = deflate.close() else { panic!("deflateEnd says that input was discarded") };
    assert_eq!(error.text(), c"data error");

    let deflate = Deflate::new(Level::default()).expect("memory");
    deflate.close().expect("nothing was put in");
}

#[test]
fn a_reset_stream_begins_anew() {
    let mut deflate = Deflate::new(Level::BEST).expect("memory");
    let mut rooms = [[0; 64]; 2];
    let lens = rooms.each_mut().map(|room| {
        let done = deflate.pin_mut().compress(b"twice the same", room, Flush::Finish).expect("live");
        assert_eq!(done.status, Status::StreamEnd);
        // After the end there is no more until the reset.
        let more = deflate.pin_mut().compress(b"more", &mut [0; 8], Flush::Finish).expect("it has ended");
        assert_eq!((more.consumed, more.status), (0, Status::NoProgress));
        let after = deflate.pin_mut().compress(b"more", &mut [0; 8], Flush::No);
        assert_eq!(after.expect_err("it has ended").zlib().expect("zlib says so").text(), c"stream error");
        deflate.pin_mut().reset().expect("live");
        assert_eq!((deflate.total_in(), deflate.total_out()), (0, 0));
        done.produced
    });
    assert_eq!(rooms[0][..lens[0]], rooms[1][..lens[1]]);
}

#[test]
fn a_copy_goes_on_from_where_the_original_stands() {
    let memory = Arc::new(Metered::up_to(1 << 20));
    let mut deflate = Deflate::with_allocator(Level::default(), Format::Zlib, Arc::clone(&memory)).expect("memory");
    let mut head = [0; 128];
    let begun = deflate.pin_mut().compress(b"the same beginning, ", &mut head, Flush::Sync).expect("live").produced;
    let one = memory.live_bytes();

    let mut copy = deflate.try_clone().expect("memory");
    assert_eq!(memory.live_bytes(), 2 * one, "it has its memory from the same allocator");
    for (stream, end) in [(&mut deflate, "left"), (&mut copy, "right")] {
        let mut packed = head[..begun].to_vec();
        let mut room = [0; 64];
        let done = stream.pin_mut().compress(end.as_bytes(), &mut room, Flush::Finish).expect("live");
        packed.extend_from_slice(&room[..done.produced]);
        let plain = cstruct_strangers::zlib::decompress(&packed, 64).expect("both are whole");
        assert_eq!(plain, format!("the same beginning, {end}").as_bytes());
    }

    // The keeper is shared: the allocator lives until the last of the two has ended.
    drop(deflate);
    assert_eq!((memory.live_bytes(), Arc::strong_count(&memory)), (one, 2));
    drop(copy);
    assert_eq!((memory.live_bytes(), Arc::strong_count(&memory)), (0, 1));
}

#[test]
fn a_dictionary_is_asked_for_by_its_checksum() {
    let words = b"hello hello world";
    let mut deflate = Deflate::new(Level::BEST).expect("memory");
    deflate.pin_mut().set_dictionary(words).expect("before the first byte");
    let mut room = [0; 64];
    let packed = deflate.pin_mut().compress(words, &mut room, Flush::Finish).expect("live").produced;

    let mut inflate = Inflate::new(Format::Zlib).expect("memory");
    let mut plain = [0; 32];
    let early = inflate.pin_mut().set_dictionary(words).expect_err("nobody asked");
    assert_eq!(early.zlib().expect("zlib says so").text(), c"stream error");
    let asked = inflate.pin_mut().decompress(&room[..packed], &mut plain).expect("it asks");
    assert_eq!(asked.status, Status::NeedDictionary(cstruct_strangers::zlib::adler32(1, words).expect("short")));
    let wrong = inflate.pin_mut().set_dictionary(b"another").expect_err("another one");
    assert_eq!(wrong.zlib().expect("zlib says so").text(), c"data error");
    inflate.pin_mut().set_dictionary(words).expect("this one");
    let done = inflate.pin_mut().decompress(&room[asked.consumed..packed], &mut plain).expect("zlib made it");
    assert_eq!(&plain[..done.produced], words);
}

#[test]
fn a_handle_is_what_it_keeps_and_one_pointer() {
    fn on_any_thread<T: Send + Sync>() {}
    on_any_thread::<Deflate<()>>();
    on_any_thread::<Inflate<Allocated<Arc<Metered>>>>();
    assert_eq!(size_of::<Option<Deflate<()>>>(), size_of::<usize>());
    assert_eq!(size_of::<Option<Inflate<Allocated<Metered>>>>(), 2 * size_of::<usize>());
}
