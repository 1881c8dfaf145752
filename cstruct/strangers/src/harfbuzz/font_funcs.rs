//! Functions of ours that a font asks.

use core::ffi::{c_int, c_void};
use core::pin::Pin;
use std::sync::Arc;

use cstruct::kit::{CloseError, Consumed, Foreign, Hook, Owned, Registered, Shared};
use cstruct::wrap;
use harfbuzz_sys as sys;

use super::error::made;
use super::{Error, FontRef};
use crate::this_thread;

wrap! {
    /// One count of a set of font functions.
    ///
    /// Any number of fonts, on any threads, may ask the same set at the same time; so the functions are `Fn`, `Send` and `Sync`. HarfBuzz
    /// drops them with the last count of the set, or when another takes the place of one. That may be behind anybody's back, so a panic of
    /// their destructors ends there.
    #[derive(Debug)]
    #[doc(alias = "hb_font_funcs_t")]
    pub struct FontFuncs = Shared<FontFuncsRef>;

    /// A set of font functions, borrowed.
    #[derive(Debug)]
    pub struct FontFuncsRef(sys::hb_font_funcs_t);

    unsafe {
        retain = sys::hb_font_funcs_reference, |_| Ok(()) => core::convert::Infallible; // it returns its argument
        release = sys::hb_font_funcs_destroy;
        clone = "the count has no limit and reference() no failure";
        owned = "all objects are created with an initial reference count of 1";
        send = "the lifecycle functions are thread-safe, and the functions in it are `Send`";
        sync = "only an exclusive borrow changes it, and the functions in it are `Sync`";
    }
}

impl From<Owned<FontFuncsRef>> for FontFuncs {
    fn from(funcs: Owned<FontFuncsRef>) -> FontFuncs {
        Shared::from(funcs).into()
    }
}

/// Making one.
impl FontFuncsRef {
    /// A set in which every function does what HarfBuzz does by default.
    ///
    /// # Errors
    ///
    /// No memory.
    #[doc(alias = "hb_font_funcs_create")]
    pub fn new() -> Result<Owned<FontFuncsRef>, Error> {
        // SAFETY: a function without arguments.
        let funcs = unsafe { sys::hb_font_funcs_create() };
        // SAFETY: as above.
        let empty = unsafe { sys::hb_font_funcs_get_empty() };
        // SAFETY: a new set, with a count of one, or the empty one.
        unsafe { made(funcs, empty) }
    }
}

/// A function, and what shows whether it was dropped.
struct Given<F> {
    function: F,
    _alive: Arc<()>,
}

type NominalGlyph =
    unsafe extern "C" fn(*mut sys::hb_font_t, *mut c_void, u32, *mut u32, *mut c_void) -> sys::hb_bool_t;
type Advance = unsafe extern "C" fn(*mut sys::hb_font_t, *mut c_void, u32, *mut c_void) -> sys::hb_position_t;

/// Using it.
impl FontFuncsRef {
    /// Which glyph a character has.
    ///
    /// # Errors
    ///
    /// [`Error::Immutable`] or no memory: HarfBuzz has dropped the function.
    #[doc(alias = "hb_font_funcs_set_nominal_glyph_func")]
    pub fn set_nominal_glyph<F>(self: Pin<&mut Self>, glyph: F) -> Result<(), Error>
    where
        F: Fn(&FontRef, char) -> Option<u32> + Send + Sync + 'static,
    {
        // SAFETY: function, user data and destroy belong together; the set is borrowed exclusively.
        let set = |funcs, hook: Hook<NominalGlyph>| unsafe {
            sys::hb_font_funcs_set_nominal_glyph_func(funcs, hook.function(), hook.user(), hook.destroy());
        };
        // SAFETY: the function is for an `F`.
        unsafe { self.give(glyph, nominal_glyph::<F> as NominalGlyph, set) }
    }

    /// How far a glyph goes in horizontal text.
    ///
    /// # Errors
    ///
    /// [`Error::Immutable`] or no memory: HarfBuzz has dropped the function.
    #[doc(alias = "hb_font_funcs_set_glyph_h_advance_func")]
    pub fn set_glyph_h_advance<F>(self: Pin<&mut Self>, advance: F) -> Result<(), Error>
    where
        F: Fn(&FontRef, u32) -> i32 + Send + Sync + 'static,
    {
        // SAFETY: function, user data and destroy belong together; the set is borrowed exclusively.
        let set = |funcs, hook: Hook<Advance>| unsafe {
            sys::hb_font_funcs_set_glyph_h_advance_func(funcs, hook.function(), hook.user(), hook.destroy());
        };
        // SAFETY: the function is for an `F`.
        unsafe { self.give(advance, h_advance::<F> as Advance, set) }
    }

    /// # Safety
    ///
    /// `function` takes its user data for that of a `Registered<Given<F>>`, and `set` gives the hook to the set, and nothing else.
    unsafe fn give<F: Send + 'static, P: Copy>(
        self: Pin<&mut Self>,
        value: F,
        function: P,
        set: impl FnOnce(*mut sys::hb_font_funcs_t, Hook<P>),
    ) -> Result<(), Error> {
        // HarfBuzz does not say that it has refused, but calls destroy at once: so see whether the value is still there.
        let alive = Arc::new(());
        let watch = Arc::downgrade(&alive);
        let given = Given { function: value, _alive: alive };
        let call = |hook| {
            set(self.as_ptr(), hook);
            match watch.strong_count() {
                0 if self.is_immutable() => Consumed::Lost(Error::Immutable),
                0 => Consumed::Lost(Error::NoMemory),
                _ => Consumed::Taken(()),
            }
        };
        // SAFETY: destroy is called once: when another takes its place, when the set ends, or at once when it is refused.
        unsafe { Registered::new(given, &Arc::default()).hand_over(function, call) }.map_err(CloseError::into_error)
    }

    /// Whether it can never change any more.
    #[doc(alias = "hb_font_funcs_is_immutable")]
    pub fn is_immutable(&self) -> bool {
        // SAFETY: a live set.
        unsafe { sys::hb_font_funcs_is_immutable(self.as_ptr()) != 0 }
    }

    /// Makes it unchangeable. A font does so with its functions.
    #[doc(alias = "hb_font_funcs_make_immutable")]
    pub fn make_immutable(&self) {
        // SAFETY: a live set; the flag is atomic.
        unsafe { sys::hb_font_funcs_make_immutable(self.as_ptr()) };
    }
}

unsafe extern "C" fn nominal_glyph<F>(
    font: *mut sys::hb_font_t,
    _data: *mut c_void,
    unicode: u32,
    out: *mut u32,
    user: *mut c_void,
) -> sys::hb_bool_t
where
    F: Fn(&FontRef, char) -> Option<u32>,
{
    // SAFETY: a font that is asking, and so lives during this call, in which nobody can change it.
    let Ok(font) = (unsafe { FontRef::from_ptr(font) }) else { return 0 };
    // What is no character, such as half of a surrogate pair, has no glyph.
    let Some(unicode) = char::from_u32(unicode) else { return 0 };
    let call = |given: &Given<F>| this_thread::run(|| (given.function)(font, unicode), None);
    // SAFETY: HarfBuzz hands back the user data of this function, until it has called destroy. `F: Sync`.
    let Some(glyph) = (unsafe { Registered::<Given<F>>::call_shared(user, call, None) }) else { return 0 };
    // SAFETY: room for the glyph.
    unsafe { out.write(glyph) };
    c_int::from(true)
}

unsafe extern "C" fn h_advance<F>(
    font: *mut sys::hb_font_t,
    _data: *mut c_void,
    glyph: u32,
    user: *mut c_void,
) -> sys::hb_position_t
where
    F: Fn(&FontRef, u32) -> i32,
{
    // SAFETY: as in `nominal_glyph`.
    let Ok(font) = (unsafe { FontRef::from_ptr(font) }) else { return 0 };
    let call = |given: &Given<F>| this_thread::run(|| (given.function)(font, glyph), 0);
    // SAFETY: as in `nominal_glyph`.
    unsafe { Registered::<Given<F>>::call_shared(user, call, 0) }
}
