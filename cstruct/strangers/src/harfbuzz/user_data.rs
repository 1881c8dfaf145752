//! A value of ours in a face or in a font.

use core::ffi::c_void;
use core::pin::Pin;

use cstruct::kit::{DestroyFn, HasUserSlot, NotSet, UserSlot, WrongType};
use harfbuzz_sys as sys;

use super::{Error, FaceRef, FontRef};

/// Its address is what counts: with it, nobody else can set this slot.
static KEY: sys::hb_user_data_key_t = sys::hb_user_data_key_t { unused: 0 };

fn key() -> *mut sys::hb_user_data_key_t {
    // HarfBuzz compares it and never writes.
    (&raw const KEY).cast_mut()
}

/// The slot of one type: its C functions, and the methods that say what goes in.
macro_rules! user_slot {
    ($Ref:ident($Raw:ident), $set:ident, $get:ident) => {
        // SAFETY: only this module has the key. "Whether to replace an existing data with the same key": the one before is
        // destroyed, once, now or with the object; `false` means that nothing was taken. NULL is removed, and not destroyed.
        unsafe impl HasUserSlot for $Ref {
            type Error = Error;

            const DESTROYS: bool = true;

            unsafe fn set(object: *mut sys::$Raw, user: *mut c_void, destroy: Option<DestroyFn>) -> Result<(), Error> {
                // SAFETY: a live object, and what belongs together.
                match unsafe { sys::$set(object, key(), user, destroy, 1) } {
                    0 => Err(Error::NoMemory),
                    _ => Ok(()),
                }
            }

            unsafe fn user(object: *mut sys::$Raw) -> *mut c_void {
                // SAFETY: a live object.
                unsafe { sys::$get(object, key()) }
            }
        }

        impl $Ref {
            /// Keeps a value in it, in place of the one before. It is dropped with the last count.
            ///
            /// # Errors
            ///
            /// No memory; the value comes back.
            pub fn set_user_data<T: Send + Sync + 'static>(
                self: Pin<&mut Self>,
                value: T,
            ) -> Result<(), NotSet<T, Error>> {
                UserSlot::set(self, value)
            }

            /// The value, if there is one.
            ///
            /// # Errors
            ///
            /// [`WrongType`]: it is of another type.
            pub fn user_data<T: 'static>(&self) -> Result<Option<&T>, WrongType> {
                UserSlot::get(self)
            }

            /// Drops the value.
            ///
            /// # Errors
            ///
            /// Those of HarfBuzz, which has none here.
            pub fn clear_user_data(self: Pin<&mut Self>) -> Result<(), Error> {
                UserSlot::<()>::clear(self)
            }
        }
    };
}

user_slot!(FaceRef(hb_face_t), hb_face_set_user_data, hb_face_get_user_data);
user_slot!(FontRef(hb_font_t), hb_font_set_user_data, hb_font_get_user_data);
