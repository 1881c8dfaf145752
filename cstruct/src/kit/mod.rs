//! The kit: one type for every way in which C shares an object.
//!
//! It knows no C library and contains no call into one: every C function comes in through a declaration of yours.

mod abort;
mod allocator;
mod array;
mod batch;
mod block;
mod callback;
mod callbacks;
mod cbox;
mod clear;
mod consumed;
mod container;
mod copy;
mod counted;
mod dealloc;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
mod deferred;
mod element;
mod entry;
pub mod event;
mod fill;
mod fill_error;
mod filled;
mod floating;
mod foreign;
mod frame;
mod gate;
mod handle;
mod hooked;
mod in_place;
mod in_theirs;
mod interface;
mod keeper;
mod last_error;
#[cfg(feature = "ledger")]
pub mod ledger;
pub mod lend;
mod library;
mod library_error;
mod loan;
mod movable;
mod opaque;
mod opts;
pub mod out;
mod owned;
mod panic;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
mod parcel;
mod pending;
mod phase;
mod place;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
mod queue;
mod registration;
mod release;
mod remote;
mod same_parent;
mod scope;
mod setting;
mod shared;
mod slices;
mod slot;
mod stable_address;
mod stateless;
mod statics;
mod sync;
mod tagged;
mod text;
mod thread;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
mod thread_end;
mod tracked;
mod truncates;
mod user_slot;
mod weak;
mod with_keeper;
mod word;
mod wrap;

pub use allocator::{Allocations, AllocatorHook};
pub use array::{CArray, NullTerminated};
pub use batch::{Batch, Batched};
pub use callback::Callback;
pub use callbacks::Callbacks;
pub use cbox::CBox;
pub use clear::{AfterFailedInit, Clear, Initial};
pub use consumed::Consumed;
pub use container::{Container, Cursor, Drain, Items, ItemsToo, ReleaseAs, ShellOnly};
pub use copy::{CopyIn, CopyOut};
pub use counted::{IsUnique, OwnedIsCounted, RefCounted, RetainAlways};
#[cfg(feature = "libc")]
pub use dealloc::LibcFree;
pub use dealloc::{Alloc, Dealloc, FreeAnywhere, NoMemory, Realloc};
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub use deferred::Deferred;
pub use element::{CStrArray, Each, EndText, Nullable, OwnedElement, TextElement, WithArray};
pub use fill::{Advancing, Answer, AskThenFill, InOutLen, SizedBy, UpTo};
pub use fill_error::FillError;
pub use filled::{Dispose, Filled, View};
pub use floating::{Floating, Sink};
pub use foreign::{Foreign, Null};
pub use frame::Frame;
pub use gate::{Entered, Gate, Shut};
pub use handle::{NotMinusOne, Signed};
pub use hooked::{Hooked, HookedError};
pub use in_place::InPlace;
pub use in_theirs::{DoesNotFit, InTheirs, Room, RoomFilled};
pub use interface::{Interface, WrongVersion, check_version, release_through};
pub use keeper::{Keeper, SharedKeeper};
#[cfg(feature = "std")]
pub use last_error::errno;
pub use last_error::{checked, in_my_buffer, with_text};
pub use lend::{EndError, InteriorNul, LengthError};
pub use library::{Before, Library, LibraryState, Running};
pub use library_error::{InUse, NotReady};
pub use loan::{Loan, ReadLoan};
pub use movable::Movable;
pub use opaque::Opaque;
pub use opts::Opts;
pub use out::Failure;
pub use owned::Owned;
pub use panic::{Panic, PanicSlot, catch};
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub use parcel::{NotAtHome, Parcel};
pub use pending::{CancelAnywhere, NotStarted, Operation, Pending};
pub use place::Place;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub use queue::{Bounds, Full, NotTaken, QueueHandle, QueueStats, ReleaseQueue, TakesIn, Ticket, TooLate, Worker};
pub use registration::{Hook, Registered};
#[doc(hidden)]
pub use release::NotThreadBound;
pub use release::{CloseError, Release, Released};
pub use remote::{AnyThread, Reachable, Remote};
pub use same_parent::{OtherParent, SameParent};
pub use scope::{MayForget, RunError, Scope, Section, SendSection};
pub use setting::{OnceToken, ProcessToken, TokenTaken, with_setting};
pub use shared::{RetainError, Shared};
pub use slices::{Length, SliceError, SliceFault, slice_from_c, slice_from_c_mut};
pub use slot::{NotReplaced, Slot};
pub use stable_address::{SharedAddress, StableAddress, StableAddressMut};
pub use stateless::Stateless;
pub use statics::{copied_text, copied_value, static_object, static_text};
pub use tagged::{EndsAs, IsA, Tagged, Variant};
pub use text::{CText, TextError, text_within};
pub use thread::ThreadBound;
#[cfg(feature = "std")]
pub use thread::{AtHome, Home, WrongThread};
pub use truncates::{Cut, Truncates};
pub use user_slot::{DestroyFn, HasUserSlot, NotSet, UserSlot, WrongType};
pub use weak::{Weak, WeakCounted};
pub use with_keeper::{Joined, NotJoined};
pub use word::Closed;
#[doc(hidden)]
pub use wrap::{NoAnswer, check_reason, no_answer};
