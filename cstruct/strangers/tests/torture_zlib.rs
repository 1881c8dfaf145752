//! zlib and its wrapper with every allocation refused in turn: through `malloc`, and through zlib's own `zalloc`.
#![cfg(all(feature = "torture", target_os = "linux", target_env = "gnu"))]

use std::fmt::Display;
use std::ptr::NonNull;
use std::sync::Arc;

use core::ffi::{c_uint, c_void};

use cstruct::kit::event::{self, Event, set_hook};
use cstruct::testing::{BlocksOf, FaultSource, Hook, Malloc, Torture, conformance, interpose_malloc, refused};
use cstruct_strangers::zlib::{Allocator, Deflate, Flush, Format, Inflate, Level, Status, compress, decompress};

interpose_malloc!();

/// A hook of one stream.
struct Zalloc(&'static Hook);

// SAFETY: the hook gives NULL, or a block of that size that is aligned for any C type, until it is freed.
unsafe impl Allocator for Zalloc {
    fn allocate(&self, items: c_uint, size: c_uint) -> *mut c_void {
        let size = (items as usize).checked_mul(size as usize);
        size.map_or(std::ptr::null_mut(), |size| self.0.alloc_with_size(size))
    }

    unsafe fn free(&self, block: NonNull<c_void>) {
        // SAFETY: the caller's promise is the same.
        unsafe { self.0.release_with_size(block.as_ptr()) }
    }
}

static HOOK: Hook = Hook::new();
static UNFINISHED: event::Hook = event::Hook(|event| assert!(matches!(event, Event::Failed { .. }), "{event}"));

/// Tortures one scenario to the last point. Every refusal is answered with zlib's own words.
fn every_point<E: Display>(name: &str, source: &dyn FaultSource, scenario: impl Fn() -> Result<(), E>) {
    // A stream that had no memory to go on ends unfinished, and says so when it is dropped.
    set_hook(&UNFINISHED);
    let report = Torture::new(name, source).must_surface().run(|| {
        scenario().inspect_err(|error| {
            assert!(refused(), "{error}");
            assert!(error.to_string().contains("insufficient memory"), "{error}");
        })
    });
    assert!(report.is_exhaustive(), "{report}");
    println!("torture: {report}");
}

type Anything = Box<dyn std::error::Error>;

/// A stream of every kind, on an allocator of ours or on zlib's own.
fn streams<D, I>(
    deflate: impl Fn(Format) -> Result<Deflate<D>, Anything>,
    inflate: impl Fn(Format) -> Result<Inflate<I>, Anything>,
) -> Result<(), Anything>
where
    D: Clone,
{
    let data: Vec<u8> = (0..50_000_u32).flat_map(|n| (n / 7).to_le_bytes()).collect();
    for format in [Format::Zlib, Format::Gzip, Format::Raw] {
        let mut deflate = deflate(format)?;
        let mut packed = vec![0; data.len()];
        let begun = deflate.pin_mut().compress(&data[..1000], &mut packed, Flush::Sync)?.produced;
        let mut copy = deflate.try_clone()?;
        let mut rest = packed.clone();
        let one = deflate.pin_mut().compress(&data[1000..], &mut packed[begun..], Flush::Finish)?;
        let two = copy.pin_mut().compress(&data[1000..], &mut rest[begun..], Flush::Finish)?;
        assert_eq!((one.status, two.status), (Status::StreamEnd, Status::StreamEnd));
        packed.truncate(begun + one.produced);
        rest.truncate(begun + two.produced);
        assert!(packed == rest, "a copy goes on where the original stood");

        let mut inflate = inflate(format)?;
        let (mut plain, mut room, mut input) = (Vec::new(), [0; 5000], &packed[..]);
        loop {
            let done = inflate.pin_mut().decompress(input, &mut room)?;
            plain.extend_from_slice(&room[..done.produced]);
            input = &input[done.consumed..];
            if done.status == Status::StreamEnd {
                break;
            }
        }
        assert!(plain == data, "other bytes came out");
        deflate.close().map_err(|error| error.into_error())?;
        inflate.close().map_err(|error| error.into_error())?;
    }
    Ok(())
}

#[test]
fn streams_on_malloc() {
    every_point("zlib: streams on malloc", &Malloc, || {
        let deflate = |format| Ok(Deflate::with_format(Level::BEST, format)?);
        let inflate = |format| Ok(Inflate::new(format)?);
        streams(deflate, inflate)
    });
}

#[test]
fn streams_on_an_allocator_of_ours() {
    every_point("zlib: streams on zalloc", &HOOK, || {
        let deflate = |format| Ok(Deflate::with_allocator(Level::BEST, format, Zalloc(&HOOK))?);
        let inflate = |format| Ok(Inflate::with_allocator(format, Zalloc(&HOOK))?);
        streams(deflate, inflate)
    });
}

#[test]
fn whole_buffers() {
    let data: Vec<u8> = (0..100_000_u32).map(|n| (n % 251) as u8).collect();
    every_point("zlib: whole buffers", &Malloc, || {
        let packed = compress(&data, Level::default())?;
        assert!(decompress(&packed, data.len())? == data, "other bytes came out");
        Ok::<_, cstruct::kit::FillError<_>>(())
    });
}

/// After a step that had no memory the stream is as it was: it goes on when there is some again.
#[test]
fn a_step_without_memory_can_be_tried_again() {
    let data = vec![7; 100_000];
    let packed = compress(&data, Level::BEST).expect("memory");
    let report = Torture::new("zlib: a step tried again", &HOOK).run(|| {
        let mut inflate = Inflate::with_allocator(Format::Zlib, Zalloc(&HOOK))?;
        let (mut plain, mut room, mut input) = (Vec::new(), [0; 512], &packed[..]);
        let mut tries = 0;
        loop {
            // The room is smaller than the data, so that zlib needs a window.
            let done = match inflate.pin_mut().decompress(input, &mut room) {
                Ok(done) => done,
                Err(error) => {
                    tries += 1;
                    if tries > 3 {
                        return Err(Anything::from(error));
                    }
                    inflate.pin_mut().reset()?;
                    plain.clear();
                    input = &packed;
                    continue;
                }
            };
            plain.extend_from_slice(&room[..done.produced]);
            input = &input[done.consumed..];
            if done.status == Status::StreamEnd {
                break;
            }
        }
        assert!(plain == data, "other bytes came out");
        Ok(())
    });
    assert!(report.is_exhaustive() && report.recovered > 0, "{report}");
    println!("torture: {report}");
}

conformance! {
    mod deflate: Deflate<()> = || Deflate::new(Level::default()).expect("memory");
    live = BlocksOf(&Malloc);
    is = child, one_pointer, send, sync;
}

conformance! {
    mod inflate: Inflate<Arc<cstruct::kit::Registered<Zalloc>>> =
        || Inflate::with_allocator(Format::Gzip, Zalloc(&HOOK)).expect("memory");
    live = BlocksOf(&HOOK);
    is = child, niche, send, sync;
}
