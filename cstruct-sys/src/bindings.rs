// Made by bindgen from c/cstruct.h. Do not edit; refresh: CSTRUCT_SYS_REFRESH=1 cargo build -p cstruct-sys
// Fingerprint of the header: fnv1a-72cb1e3089ef16502bb53aba74d63e1d

pub const CSTRUCT_VERSION_MAJOR: u32 = 0;
pub const CSTRUCT_VERSION_MINOR: u32 = 1;
pub const CSTRUCT_VERSION_PATCH: u32 = 0;
pub const CSTRUCT_VERSION_NUMBER: u32 = 1000;
pub const CSTRUCT_VERSION_TEXT: &::core::ffi::CStr = c"0.1.0";
pub const CSTRUCT_OPEN_OPTIONS_VERSION: u32 = 1;
pub const CSTRUCT_SOURCE_VERSION: u32 = 1;
pub const CSTRUCT_BLOB_MAX_COUNT: u32 = 65535;
impl cstruct_status {
    pub const CSTRUCT_OK: cstruct_status = cstruct_status(0);
    /// there are no more: the end of a walk, not a fault
    pub const CSTRUCT_DONE: cstruct_status = cstruct_status(1);
    /// an argument is NULL that must not be, or out of its range
    pub const CSTRUCT_INVALID: cstruct_status = cstruct_status(2);
    /// the allocator said no, or a size does not fit into size_t
    pub const CSTRUCT_NO_MEMORY: cstruct_status = cstruct_status(3);
    /// the operating system or the caller's source failed; see [`cstruct_errmsg`] where there is one
    pub const CSTRUCT_IO: cstruct_status = cstruct_status(4);
    /// the text is not what it should be; line and column are told
    pub const CSTRUCT_PARSE: cstruct_status = cstruct_status(5);
    /// refused because something still uses it; try again when that has ended
    pub const CSTRUCT_BUSY: cstruct_status = cstruct_status(6);
    /// there is no room left
    pub const CSTRUCT_FULL: cstruct_status = cstruct_status(7);
    /// the name is there already
    pub const CSTRUCT_DUPLICATE: cstruct_status = cstruct_status(8);
    /// nothing has that name or index
    pub const CSTRUCT_NOT_FOUND: cstruct_status = cstruct_status(9);
    /// the caller's room is too small; the size needed is told
    pub const CSTRUCT_TOO_SMALL: cstruct_status = cstruct_status(10);
    /// the count has reached its limit
    pub const CSTRUCT_SATURATED: cstruct_status = cstruct_status(11);
    /// an object in place is no longer where it was made
    pub const CSTRUCT_MOVED: cstruct_status = cstruct_status(12);
    /// not the thread that made it
    pub const CSTRUCT_WRONG_THREAD: cstruct_status = cstruct_status(13);
    /// the caller's function asked to stop
    pub const CSTRUCT_STOPPED: cstruct_status = cstruct_status(14);
    /// this system, or this version of the library, cannot do it
    pub const CSTRUCT_UNSUPPORTED: cstruct_status = cstruct_status(15);
    /// made for a version that this library does not know
    pub const CSTRUCT_VERSION: cstruct_status = cstruct_status(16);
}
#[repr(transparent)]
/// What a call answers. Values are fixed for ever; new ones are added at the end.
#[derive(Debug, Copy, Clone, Hash, PartialEq, Eq)]
pub struct cstruct_status(pub ::core::ffi::c_uint);
unsafe extern "C" {
    /// The version of the library that is linked: [`CSTRUCT_VERSION_NUMBER`] when it was compiled.
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD
    pub fn cstruct_version_number() -> u32;
}
unsafe extern "C" {
    /// The same as text, such as "0.1.0".
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD, STATIC, TEXT; not NULL
    pub fn cstruct_version() -> *const ::core::ffi::c_char;
}
unsafe extern "C" {
    /// What a status means, as a lower-case phrase. Any value is legal; one that is not a status gives "unknown status".
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD, STATIC, TEXT; not NULL
    pub fn cstruct_status_text(status: cstruct_status) -> *const ::core::ffi::c_char;
}
/// Where all the library's memory comes from. Sizes are handed back on release and resize, so an
/// allocator need not remember them. `alloc` and `resize` return NULL when there is no memory; memory is aligned for any
/// C type. The functions may be called from any thread at once, must not call back into the library, and must not unwind.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_allocator {
    pub user: *mut ::core::ffi::c_void,
    pub alloc: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut ::core::ffi::c_void,
            size: usize,
        ) -> *mut ::core::ffi::c_void,
    >,
    pub resize: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut ::core::ffi::c_void,
            block: *mut ::core::ffi::c_void,
            old_size: usize,
            new_size: usize,
        ) -> *mut ::core::ffi::c_void,
    >,
    pub release: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut ::core::ffi::c_void,
            block: *mut ::core::ffi::c_void,
            size: usize,
        ),
    >,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of cstruct_allocator"][::core::mem::size_of::<cstruct_allocator>() - 32usize];
    [
        "Alignment of cstruct_allocator",
    ][::core::mem::align_of::<cstruct_allocator>() - 8usize];
    [
        "Offset of field: cstruct_allocator::user",
    ][::core::mem::offset_of!(cstruct_allocator, user) - 0usize];
    [
        "Offset of field: cstruct_allocator::alloc",
    ][::core::mem::offset_of!(cstruct_allocator, alloc) - 8usize];
    [
        "Offset of field: cstruct_allocator::resize",
    ][::core::mem::offset_of!(cstruct_allocator, resize) - 16usize];
    [
        "Offset of field: cstruct_allocator::release",
    ][::core::mem::offset_of!(cstruct_allocator, release) - 24usize];
};
unsafe extern "C" {
    /// Begins the use of the library with this allocator, which is copied; NULL means malloc, realloc and free. Optional: without
    /// it the library is ready, on malloc. Calls are counted, and each needs one [`cstruct_shutdown`].
    ///
    /// [`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY) when objects live, or when it is in use already and `allocator` is not NULL: the
    /// allocator can be chosen only before the first object. Safe on any thread, also while others make their first objects.
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD, LIFECYCLE(init), SETS(process)
    /// * `allocator`: KEEPS([`cstruct_shutdown`]); may be NULL
    pub fn cstruct_init(allocator: *const cstruct_allocator) -> cstruct_status;
}
unsafe extern "C" {
    /// Ends one [`cstruct_init`]. The last one goes back to malloc; it is refused with [`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY), and the library goes on as it
    /// was, while any object lives. [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) when there was no [`cstruct_init`] to end.
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD, LIFECYCLE(shutdown), SETS(process)
    pub fn cstruct_shutdown() -> cstruct_status;
}
/// What lives now.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct cstruct_usage {
    /// everything that has a release function of its own and was not yet released; a list counts each record
    pub objects: u64,
    /// asked of the allocator and not yet given back
    pub bytes: u64,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of cstruct_usage"][::core::mem::size_of::<cstruct_usage>() - 16usize];
    ["Alignment of cstruct_usage"][::core::mem::align_of::<cstruct_usage>() - 8usize];
    [
        "Offset of field: cstruct_usage::objects",
    ][::core::mem::offset_of!(cstruct_usage, objects) - 0usize];
    [
        "Offset of field: cstruct_usage::bytes",
    ][::core::mem::offset_of!(cstruct_usage, bytes) - 8usize];
};
unsafe extern "C" {
    /// Each figure is exact at some moment during the call.
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD
    pub fn cstruct_live() -> cstruct_usage;
}
/// A number, a name, samples, and the records that follow. Made by [`cstruct_new`] or [`cstruct_new_with`], released by [`cstruct_free`]. The
/// fields are for reading; change them through the functions below, which keep them consistent with each other.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct {
    pub value: i32,
    /// part of the record; NULL: it has no name
    pub name: *mut ::core::ffi::c_char,
    /// part of it; NULL when samples_cap is 0
    pub samples: *mut f64,
    /// how many samples there are
    pub samples_len: usize,
    /// how many fit before the array grows
    pub samples_cap: usize,
    /// the rest of the list; NULL at its end
    pub next: *mut cstruct,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of cstruct"][::core::mem::size_of::<cstruct>() - 48usize];
    ["Alignment of cstruct"][::core::mem::align_of::<cstruct>() - 8usize];
    [
        "Offset of field: cstruct::value",
    ][::core::mem::offset_of!(cstruct, value) - 0usize];
    ["Offset of field: cstruct::name"][::core::mem::offset_of!(cstruct, name) - 8usize];
    [
        "Offset of field: cstruct::samples",
    ][::core::mem::offset_of!(cstruct, samples) - 16usize];
    [
        "Offset of field: cstruct::samples_len",
    ][::core::mem::offset_of!(cstruct, samples_len) - 24usize];
    [
        "Offset of field: cstruct::samples_cap",
    ][::core::mem::offset_of!(cstruct, samples_cap) - 32usize];
    ["Offset of field: cstruct::next"][::core::mem::offset_of!(cstruct, next) - 40usize];
};
unsafe extern "C" {
    /// Makes one record without samples. `name` is copied; NULL makes a record without a name.
    ///
    /// # Contract
    ///
    /// * `name`: CALL_ONLY, TEXT; may be NULL
    /// * `out`: OWNED([`cstruct_free`]), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_new(
        value: i32,
        name: *const ::core::ffi::c_char,
        out: *mut *mut cstruct,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Makes one record with all that is in it, in exactly the room that this needs. Name and samples are copied; `name` NULL makes a record
    /// without a name, any other of length 0 an empty name. It ends by its length, and [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) answers one with a NUL inside.
    ///
    /// # Contract
    ///
    /// * `name`: CALL_ONLY, COUNTED(name_len); may be NULL
    /// * `samples`: CALL_ONLY, COUNTED(len); may be NULL
    /// * `out`: OWNED([`cstruct_free`]), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_new_with(
        value: i32,
        name: *const ::core::ffi::c_char,
        name_len: usize,
        samples: *const f64,
        len: usize,
        out: *mut *mut cstruct,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Releases a record and all that follow it. NULL: nothing happens.
    ///
    /// # Contract
    ///
    /// * `self`: RELEASES(always); may be NULL
    pub fn cstruct_free(self_: *mut cstruct);
}
unsafe extern "C" {
    /// A deep copy of the record and all that follow it.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `out`: OWNED([`cstruct_free`]), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_dup(self_: *const cstruct, out: *mut *mut cstruct) -> cstruct_status;
}
unsafe extern "C" {
    /// The number. 0 for NULL.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_value(self_: *const cstruct) -> i32;
}
unsafe extern "C" {
    /// Sets the number.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_set_value(self_: *mut cstruct, value: i32);
}
unsafe extern "C" {
    /// The name, or NULL if the record has none.
    ///
    /// # Contract
    ///
    /// * the call: BORROWED(self, changed), TEXT; may be NULL
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_name(self_: *const cstruct) -> *const ::core::ffi::c_char;
}
unsafe extern "C" {
    /// Replaces the name by a copy of `name`; NULL takes it away. `name` may point into the present name.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `name`: CALL_ONLY, TEXT; may be NULL
    pub fn cstruct_set_name(
        self_: *mut cstruct,
        name: *const ::core::ffi::c_char,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// The samples, `*len` of them; NULL when there are none and there never were.
    ///
    /// # Contract
    ///
    /// * the call: BORROWED(self, changed), COUNTED(len); may be NULL
    /// * `self`: CALL_ONLY; not NULL
    /// * `len`: OUT; not NULL
    pub fn cstruct_samples(self_: *const cstruct, len: *mut usize) -> *const f64;
}
unsafe extern "C" {
    /// Makes room for `more` further samples, so that appending them cannot fail.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_reserve(self_: *mut cstruct, more: usize) -> cstruct_status;
}
unsafe extern "C" {
    /// Adds copies of `len` samples at the end. `samples` may point into the record's own.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `samples`: CALL_ONLY, COUNTED(len); may be NULL
    pub fn cstruct_append(
        self_: *mut cstruct,
        samples: *const f64,
        len: usize,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Removes all samples; the room for them stays.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_clear(self_: *mut cstruct);
}
unsafe extern "C" {
    /// The record that follows, or NULL at the end.
    ///
    /// # Contract
    ///
    /// * the call: BORROWED(self, changed); may be NULL
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_next(self_: *const cstruct) -> *const cstruct;
}
unsafe extern "C" {
    /// Makes `rest`, with all that follows it, the list that follows this record. [`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY) when something follows already:
    /// take it off first. [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) when `rest` is `self`.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `rest`: TAKES(on_success); not NULL
    pub fn cstruct_link(self_: *mut cstruct, rest: *mut cstruct) -> cstruct_status;
}
unsafe extern "C" {
    /// Takes off all that follows this record and hands it over. [`CSTRUCT_NOT_FOUND`](cstruct_status::CSTRUCT_NOT_FOUND) when nothing follows.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `out`: OWNED([`cstruct_free`]), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_unlink(self_: *mut cstruct, out: *mut *mut cstruct) -> cstruct_status;
}
/// What a series of samples amounts to. Samples that are not a number are counted apart and left out of the rest.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct cstruct_stats {
    /// samples that are numbers
    pub count: u64,
    /// samples that are not
    pub missing: u64,
    /// NaN, as are the three below, when count is 0
    pub min: f64,
    pub max: f64,
    pub mean: f64,
    /// of the population: divided by count
    pub stddev: f64,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of cstruct_stats"][::core::mem::size_of::<cstruct_stats>() - 48usize];
    ["Alignment of cstruct_stats"][::core::mem::align_of::<cstruct_stats>() - 8usize];
    [
        "Offset of field: cstruct_stats::count",
    ][::core::mem::offset_of!(cstruct_stats, count) - 0usize];
    [
        "Offset of field: cstruct_stats::missing",
    ][::core::mem::offset_of!(cstruct_stats, missing) - 8usize];
    [
        "Offset of field: cstruct_stats::min",
    ][::core::mem::offset_of!(cstruct_stats, min) - 16usize];
    [
        "Offset of field: cstruct_stats::max",
    ][::core::mem::offset_of!(cstruct_stats, max) - 24usize];
    [
        "Offset of field: cstruct_stats::mean",
    ][::core::mem::offset_of!(cstruct_stats, mean) - 32usize];
    [
        "Offset of field: cstruct_stats::stddev",
    ][::core::mem::offset_of!(cstruct_stats, stddev) - 40usize];
};
unsafe extern "C" {
    /// The statistics of this record's samples; those that follow are not looked at. Welford's one-pass method.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_statistics(self_: *const cstruct) -> cstruct_stats;
}
unsafe extern "C" {
    /// The record as one line of CSV without a line end, as [`cstruct_writer_write`] writes it. A sample has as many digits, of 15, 16
    /// and 17, as it needs to be read back the same, unless [`cstruct_digits_set`] says otherwise, and a '.' in any locale; one that is not a
    /// number is an empty field.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `out`: OWNED([`cstruct_string_free`]), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)), TEXT; not NULL, and what it points to may be NULL
    pub fn cstruct_format(
        self_: *const cstruct,
        out: *mut *mut ::core::ffi::c_char,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Releases a text made by [`cstruct_format`]. The text may have been changed, also shortened. NULL: nothing happens.
    ///
    /// # Contract
    ///
    /// * `text`: RELEASES(always); may be NULL
    pub fn cstruct_string_free(text: *mut ::core::ffi::c_char);
}
unsafe extern "C" {
    /// The same text into the caller's room of `len` bytes. `*needed` is the size of the text with its NUL, whatever the answer.
    /// Room that is too small: [`CSTRUCT_TOO_SMALL`](cstruct_status::CSTRUCT_TOO_SMALL), and what is there of it holds an empty text. `room` NULL asks for the size: it
    /// goes with `len` 0.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `room`: FILLS(len, ask_size), TEXT; may be NULL
    /// * `needed`: OUT, VALID_ON(any); not NULL
    pub fn cstruct_format_into(
        self_: *const cstruct,
        room: *mut ::core::ffi::c_char,
        len: usize,
        needed: *mut usize,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// A copy of the samples. NULL and 0 with [`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK) when there are none.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `out`: OWNED([`cstruct_samples_free`]), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)), COUNTED(len); not NULL, and what it points to may be NULL
    /// * `len`: OUT; not NULL
    pub fn cstruct_samples_copy(
        self_: *const cstruct,
        out: *mut *mut f64,
        len: *mut usize,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Releases a copy made by [`cstruct_samples_copy`]; `len` is the length that it was made with. NULL: nothing happens.
    ///
    /// # Contract
    ///
    /// * `samples`: RELEASES(always), COUNTED(len); may be NULL
    pub fn cstruct_samples_free(samples: *mut f64, len: usize);
}
/// A text in the caller's room. Zero all of it before the first use: that is an empty text. It may be moved.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_text {
    /// `len` bytes and a NUL; NULL: empty
    pub data: *mut ::core::ffi::c_char,
    pub len: usize,
    pub cap: usize,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of cstruct_text"][::core::mem::size_of::<cstruct_text>() - 24usize];
    ["Alignment of cstruct_text"][::core::mem::align_of::<cstruct_text>() - 8usize];
    [
        "Offset of field: cstruct_text::data",
    ][::core::mem::offset_of!(cstruct_text, data) - 0usize];
    [
        "Offset of field: cstruct_text::len",
    ][::core::mem::offset_of!(cstruct_text, len) - 8usize];
    [
        "Offset of field: cstruct_text::cap",
    ][::core::mem::offset_of!(cstruct_text, cap) - 16usize];
};
unsafe extern "C" {
    /// Disposes of what `text` held, then fills it with the list as CSV, header line included. After a failure it is empty.
    /// [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) when the records do not all have the same number of samples.
    ///
    /// # Contract
    ///
    /// * `list`: CALL_ONLY; not NULL
    /// * `text`: REFILLS([`cstruct_text_dispose`]); not NULL
    pub fn cstruct_text_fill(
        list: *const cstruct,
        text: *mut cstruct_text,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Disposes of the contents and leaves an empty text. May be called again. NULL: nothing happens.
    ///
    /// # Contract
    ///
    /// * `text`: DISPOSES; may be NULL
    pub fn cstruct_text_dispose(text: *mut cstruct_text);
}
/// How CSV is read. Made by [`cstruct_open_options_init`], then changed where wanted.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_open_options {
    /// written by init; do not change
    pub version: u32,
    /// between fields; ','. [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) for a letter, a digit, '+', '-', '.', a line end, NUL
    pub delimiter: ::core::ffi::c_char,
    /// round fields; '"'. The same, and not the delimiter
    pub quote: ::core::ffi::c_char,
    /// 0
    pub reserved: u16,
    /// bytes in a line, line ends in quotes included, before it is refused; not 0; 64 MiB
    pub max_line: u64,
    /// a field with this text is a missing sample (NaN); NULL: only an empty field is
    pub missing: *const ::core::ffi::c_char,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of cstruct_open_options",
    ][::core::mem::size_of::<cstruct_open_options>() - 24usize];
    [
        "Alignment of cstruct_open_options",
    ][::core::mem::align_of::<cstruct_open_options>() - 8usize];
    [
        "Offset of field: cstruct_open_options::version",
    ][::core::mem::offset_of!(cstruct_open_options, version) - 0usize];
    [
        "Offset of field: cstruct_open_options::delimiter",
    ][::core::mem::offset_of!(cstruct_open_options, delimiter) - 4usize];
    [
        "Offset of field: cstruct_open_options::quote",
    ][::core::mem::offset_of!(cstruct_open_options, quote) - 5usize];
    [
        "Offset of field: cstruct_open_options::reserved",
    ][::core::mem::offset_of!(cstruct_open_options, reserved) - 6usize];
    [
        "Offset of field: cstruct_open_options::max_line",
    ][::core::mem::offset_of!(cstruct_open_options, max_line) - 8usize];
    [
        "Offset of field: cstruct_open_options::missing",
    ][::core::mem::offset_of!(cstruct_open_options, missing) - 16usize];
};
unsafe extern "C" {
    /// Fills `options` with what is usual for `version`, which is [`CSTRUCT_OPEN_OPTIONS_VERSION`]. [`CSTRUCT_VERSION`](cstruct_status::CSTRUCT_VERSION) if it is not known.
    ///
    /// # Contract
    ///
    /// * `options`: FILLS(1, up_to); not NULL
    pub fn cstruct_open_options_init(
        options: *mut cstruct_open_options,
        version: u32,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// The usual options, ready to be passed.
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD, STATIC; not NULL
    pub fn cstruct_open_options_default() -> *const cstruct_open_options;
}
/// Where bytes come from when it is not a file. Implemented by the caller.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_source {
    /// [`CSTRUCT_SOURCE_VERSION`]
    pub version: u32,
    pub user: *mut ::core::ffi::c_void,
    /// Puts up to `len` bytes into `room` and says in `*got` how many; 0 with [`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK) is the end. Any other status ends the reading and is
    /// handed on. More than `len` is answered with [`CSTRUCT_IO`](cstruct_status::CSTRUCT_IO).
    pub read: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut ::core::ffi::c_void,
            room: *mut ::core::ffi::c_void,
            len: usize,
            got: *mut usize,
        ) -> cstruct_status,
    >,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of cstruct_source"][::core::mem::size_of::<cstruct_source>() - 24usize];
    ["Alignment of cstruct_source"][::core::mem::align_of::<cstruct_source>() - 8usize];
    [
        "Offset of field: cstruct_source::version",
    ][::core::mem::offset_of!(cstruct_source, version) - 0usize];
    [
        "Offset of field: cstruct_source::user",
    ][::core::mem::offset_of!(cstruct_source, user) - 8usize];
    [
        "Offset of field: cstruct_source::read",
    ][::core::mem::offset_of!(cstruct_source, read) - 16usize];
};
/// Records that were read, with the message of what went wrong last.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_ctx {
    _unused: [u8; 0],
    _marker: ::core::marker::PhantomData<(*mut u8, ::core::marker::PhantomPinned)>,
}
unsafe extern "C" {
    /// Reads all records of a CSV file. The first line names the columns: the first is the name, the second the value, all others
    /// are samples; each further line must have as many. Fields may be quoted, and a quote within is doubled; lines end with LF, CR LF, or the end.
    /// An empty name is a record without a name. Bytes are taken as they are: no encoding is asked for, but NUL is refused, and a
    /// byte order mark at the beginning is passed over. A blank line is skipped. A quote opens only at the beginning of a field;
    /// further on it is text. A file without a header line is refused.
    ///
    /// A value is a decimal whole number of 32 bits. A sample is a decimal number, with or without an exponent, or nan, inf or
    /// infinity in any case, or an empty field, which is NaN. One too large for a double is refused. There are no blanks round numbers.
    ///
    /// ON A FAILURE TOO a handle is handed out, holding the message, the line and the column: it must be closed like any other. Only
    /// with [`CSTRUCT_NO_MEMORY`](cstruct_status::CSTRUCT_NO_MEMORY) and [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) it is NULL. A handle of a failed opening has no records.
    ///
    /// # Contract
    ///
    /// * `path`: CALL_ONLY, TEXT; not NULL
    /// * `options`: CALL_ONLY; may be NULL
    /// * `out`: OWNED([`cstruct_close`]), VALID_ON(any); not NULL, and what it points to may be NULL
    pub fn cstruct_open(
        path: *const ::core::ffi::c_char,
        options: *const cstruct_open_options,
        out: *mut *mut cstruct_ctx,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// The same from a source of the caller's, read to its end before this returns. `options` NULL: the usual ones.
    ///
    /// # Contract
    ///
    /// * `source`: CALL_ONLY; not NULL
    /// * `options`: CALL_ONLY; may be NULL
    /// * `out`: OWNED([`cstruct_close`]), VALID_ON(any); not NULL, and what it points to may be NULL
    pub fn cstruct_open_source(
        source: *const cstruct_source,
        options: *const cstruct_open_options,
        out: *mut *mut cstruct_ctx,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// The same from bytes in memory: `text` is only looked at.
    ///
    /// # Contract
    ///
    /// * `text`: CALL_ONLY; not NULL
    /// * `options`: CALL_ONLY; may be NULL
    /// * `out`: OWNED([`cstruct_close`]), VALID_ON(any); not NULL, and what it points to may be NULL
    pub fn cstruct_open_text(
        text: *const cstruct_text,
        options: *const cstruct_open_options,
        out: *mut *mut cstruct_ctx,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Releases it with its records. [`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY) while queries on it live: it is still open. NULL: nothing happens, [`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK).
    ///
    /// # Contract
    ///
    /// * `self`: RELEASES(on_success); may be NULL
    pub fn cstruct_close(self_: *mut cstruct_ctx) -> cstruct_status;
}
unsafe extern "C" {
    /// What went wrong last, as a sentence; "" when nothing did. Ends with the next call on `self`, this one included.
    ///
    /// # Contract
    ///
    /// * the call: LAST_ERROR(self), BORROWED(self, next_call), TEXT; not NULL
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_errmsg(self_: *const cstruct_ctx) -> *const ::core::ffi::c_char;
}
unsafe extern "C" {
    /// The line and the column, both from 1 and the column in bytes, of the latest [`CSTRUCT_PARSE`](cstruct_status::CSTRUCT_PARSE); 0 and 0 when there was none.
    ///
    /// # Contract
    ///
    /// * the call: LAST_ERROR(self)
    /// * `self`: CALL_ONLY; not NULL
    /// * `line`: OUT; not NULL
    /// * `column`: OUT; not NULL
    pub fn cstruct_error_at(self_: *const cstruct_ctx, line: *mut u64, column: *mut u64);
}
unsafe extern "C" {
    /// How many records it holds.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_count(self_: *const cstruct_ctx) -> usize;
}
unsafe extern "C" {
    /// Hands over all records as one list. [`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY) while queries live; [`CSTRUCT_NOT_FOUND`](cstruct_status::CSTRUCT_NOT_FOUND) when there is none.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `out`: OWNED([`cstruct_free`]), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_take(
        self_: *mut cstruct_ctx,
        out: *mut *mut cstruct,
    ) -> cstruct_status;
}
/// A walk over those records of a context whose names begin alike.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_query {
    _unused: [u8; 0],
    _marker: ::core::marker::PhantomData<(*mut u8, ::core::marker::PhantomPinned)>,
}
unsafe extern "C" {
    /// Starts before the first record whose name begins with `prefix`, which is copied; NULL or "" means all, nameless ones included.
    /// The context counts its queries, so queries of one context belong on one thread at a time, as the context does.
    ///
    /// # Contract
    ///
    /// * `ctx`: CALL_ONLY; not NULL
    /// * `prefix`: CALL_ONLY, TEXT; may be NULL
    /// * `out`: OWNED([`cstruct_query_end`]), CHILD_OF(ctx), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_query_new(
        ctx: *mut cstruct_ctx,
        prefix: *const ::core::ffi::c_char,
        out: *mut *mut cstruct_query,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// The next record, or [`CSTRUCT_DONE`](cstruct_status::CSTRUCT_DONE) and NULL when there is none.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `out`: BORROWED(self, changed), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_query_step(
        self_: *mut cstruct_query,
        out: *mut *const cstruct,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Starts again before the first.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_query_rewind(self_: *mut cstruct_query);
}
unsafe extern "C" {
    /// Releases it. NULL: nothing happens.
    ///
    /// # Contract
    ///
    /// * `self`: RELEASES(always); may be NULL
    pub fn cstruct_query_end(self_: *mut cstruct_query);
}
/// A CSV file being written.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_writer {
    _unused: [u8; 0],
    _marker: ::core::marker::PhantomData<(*mut u8, ::core::marker::PhantomPinned)>,
}
unsafe extern "C" {
    /// Creates the file, or empties the one that is there. What is written may stay in memory until it is closed. [`CSTRUCT_IO`](cstruct_status::CSTRUCT_IO): `errno` says why.
    ///
    /// # Contract
    ///
    /// * `path`: CALL_ONLY, TEXT; not NULL
    /// * `out`: OWNED([`cstruct_writer_close`]), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_writer_open(
        path: *const ::core::ffi::c_char,
        out: *mut *mut cstruct_writer,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Lets the writer collect its output in the caller's `buffer` of `len` bytes, which it goes on using until it is closed. Only
    /// before the first record: [`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY) after it, or when it was said before. [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) for a length of 0. [`CSTRUCT_UNSUPPORTED`](cstruct_status::CSTRUCT_UNSUPPORTED) when the system's C library
    /// does not take it: then it is not used.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `buffer`: KEEPS([`cstruct_writer_close`]), COUNTED(len); not NULL
    pub fn cstruct_writer_buffer(
        self_: *mut cstruct_writer,
        buffer: *mut ::core::ffi::c_char,
        len: usize,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Writes this one record; those that follow it are not written. The first record decides how many samples a
    /// line has, and the header line; another number is [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) and writes nothing. [`CSTRUCT_IO`](cstruct_status::CSTRUCT_IO) when the system refuses, at every
    /// further call too: no later record is written behind a gap. `errno` says why.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `record`: CALL_ONLY; not NULL
    pub fn cstruct_writer_write(
        self_: *mut cstruct_writer,
        record: *const cstruct,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Writes out what is still in memory and closes the file. The writer is gone whatever the answer. [`CSTRUCT_IO`](cstruct_status::CSTRUCT_IO) says that what was
    /// written earlier may be lost, and `errno` why. Without any record the file has the header line "name,value". NULL: nothing
    /// happens, [`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK).
    ///
    /// # Contract
    ///
    /// * `self`: RELEASES(always); may be NULL
    pub fn cstruct_writer_close(self_: *mut cstruct_writer) -> cstruct_status;
}
/// Bytes that never change, shared by counting. The count is atomic.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_blob {
    _unused: [u8; 0],
    _marker: ::core::marker::PhantomData<(*mut u8, ::core::marker::PhantomPinned)>,
}
unsafe extern "C" {
    /// Copies `len` bytes into a new blob with a count of one.
    ///
    /// # Contract
    ///
    /// * `bytes`: CALL_ONLY, COUNTED(len); may be NULL
    /// * `out`: SHARED([`cstruct_blob_retain`], [`cstruct_blob_release`]), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_blob_new(
        bytes: *const ::core::ffi::c_void,
        len: usize,
        out: *mut *mut cstruct_blob,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Takes one more count. [`CSTRUCT_SATURATED`](cstruct_status::CSTRUCT_SATURATED), and nothing was taken, at [`CSTRUCT_BLOB_MAX_COUNT`].
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD
    /// * `self`: RETAINS; not NULL
    pub fn cstruct_blob_retain(self_: *mut cstruct_blob) -> cstruct_status;
}
unsafe extern "C" {
    /// Gives one count back; the last one releases the blob. NULL: nothing happens.
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD
    /// * `self`: RELEASES(one_count); may be NULL
    pub fn cstruct_blob_release(self_: *mut cstruct_blob);
}
unsafe extern "C" {
    /// How many counts there are, at some moment during the call. One means that the caller's is the only one.
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_blob_count(self_: *const cstruct_blob) -> u32;
}
unsafe extern "C" {
    /// The bytes, aligned for any type. Never NULL, also when there are none.
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD, BORROWED(self, owner_ends), COUNTED(len); not NULL
    /// * `self`: CALL_ONLY; not NULL
    /// * `len`: OUT; not NULL
    pub fn cstruct_blob_bytes(
        self_: *const cstruct_blob,
        len: *mut usize,
    ) -> *const ::core::ffi::c_void;
}
/// A walk along a list, kept in room that the caller provides. It points into itself: once made it must stay where it is,
/// and a function that finds it elsewhere answers [`CSTRUCT_MOVED`](cstruct_status::CSTRUCT_MOVED). The fields are the library's.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_cursor {
    pub head: *const cstruct,
    pub at: *const cstruct,
    /// always &at of this very cursor
    pub here: *mut *const cstruct,
    pub index: u64,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of cstruct_cursor"][::core::mem::size_of::<cstruct_cursor>() - 32usize];
    ["Alignment of cstruct_cursor"][::core::mem::align_of::<cstruct_cursor>() - 8usize];
    [
        "Offset of field: cstruct_cursor::head",
    ][::core::mem::offset_of!(cstruct_cursor, head) - 0usize];
    [
        "Offset of field: cstruct_cursor::at",
    ][::core::mem::offset_of!(cstruct_cursor, at) - 8usize];
    [
        "Offset of field: cstruct_cursor::here",
    ][::core::mem::offset_of!(cstruct_cursor, here) - 16usize];
    [
        "Offset of field: cstruct_cursor::index",
    ][::core::mem::offset_of!(cstruct_cursor, index) - 24usize];
};
unsafe extern "C" {
    /// Makes a cursor in `self`, before the first record of `list`, which must stay as it is until the cursor has ended. What
    /// was in `self` is not looked at. After a failure there is nothing to end.
    ///
    /// # Contract
    ///
    /// * `self`: INITS([`cstruct_cursor_end`]); not NULL
    /// * `list`: KEEPS([`cstruct_cursor_end`]); not NULL
    pub fn cstruct_cursor_init(
        self_: *mut cstruct_cursor,
        list: *const cstruct,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// The next record, or [`CSTRUCT_DONE`](cstruct_status::CSTRUCT_DONE) and NULL when there is none, however often it is asked. [`CSTRUCT_MOVED`](cstruct_status::CSTRUCT_MOVED) when the cursor is not
    /// where it was made; [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) for one that has ended and for room that is all zero.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `out`: BORROWED(self, owner_ends), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_cursor_step(
        self_: *mut cstruct_cursor,
        out: *mut *const cstruct,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Ends the cursor and leaves its room all zero; it may be used again. [`CSTRUCT_MOVED`](cstruct_status::CSTRUCT_MOVED), and it goes on being counted as live, when it is
    /// not where it was made: it must still be ended there. [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) for one that has ended and for room that is all zero.
    ///
    /// # Contract
    ///
    /// * `self`: CLEARS; not NULL
    pub fn cstruct_cursor_end(self_: *mut cstruct_cursor) -> cstruct_status;
}
/// Records that are found by name. No two have the same name, and none has no name.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_table {
    _unused: [u8; 0],
    _marker: ::core::marker::PhantomData<(*mut u8, ::core::marker::PhantomPinned)>,
}
impl cstruct_event {
    /// the record is in the table now
    pub const CSTRUCT_PUSHED: cstruct_event = cstruct_event(0);
    /// the record has left the table and is still whole
    pub const CSTRUCT_TAKEN: cstruct_event = cstruct_event(1);
}
#[repr(transparent)]
/// What a watcher is told.
#[derive(Debug, Copy, Clone, Hash, PartialEq, Eq)]
pub struct cstruct_event(pub ::core::ffi::c_uint);
/// Looks at a record in the table; any answer but 0 stops the walk.
pub type cstruct_each_fn = ::core::option::Option<
    unsafe extern "C" fn(
        user: *mut ::core::ffi::c_void,
        record: *const cstruct,
    ) -> ::core::ffi::c_int,
>;
/// Is told of a change to the table.
pub type cstruct_watch_fn = ::core::option::Option<
    unsafe extern "C" fn(
        user: *mut ::core::ffi::c_void,
        event: cstruct_event,
        record: *const cstruct,
    ),
>;
/// Ends what `user` points to.
pub type cstruct_destroy_fn = ::core::option::Option<
    unsafe extern "C" fn(user: *mut ::core::ffi::c_void),
>;
unsafe extern "C" {
    /// An empty table for up to `capacity` records; 0 means as many as memory holds.
    ///
    /// # Contract
    ///
    /// * `out`: OWNED([`cstruct_table_free`]), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_table_new(
        capacity: usize,
        out: *mut *mut cstruct_table,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Ends the watcher, which is not told of what follows, then releases the records and the table. [`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY), and it is as it
    /// was, while a batch on it lives or when called from a function that the table is calling. NULL: nothing happens, [`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK).
    ///
    /// # Contract
    ///
    /// * `self`: RELEASES(on_success); may be NULL
    pub fn cstruct_table_free(self_: *mut cstruct_table) -> cstruct_status;
}
unsafe extern "C" {
    /// How many records there are.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_table_len(self_: *const cstruct_table) -> usize;
}
unsafe extern "C" {
    /// Puts one record into the table. [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) (no name, or others follow it), [`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY) (called from a function that the table
    /// is calling: a look, a watcher or a destroy), [`CSTRUCT_FULL`](cstruct_status::CSTRUCT_FULL), [`CSTRUCT_DUPLICATE`](cstruct_status::CSTRUCT_DUPLICATE), [`CSTRUCT_NO_MEMORY`](cstruct_status::CSTRUCT_NO_MEMORY), the first of these that holds: the
    /// record is still the caller's.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `record`: TAKES(on_success); not NULL
    pub fn cstruct_table_push(
        self_: *mut cstruct_table,
        record: *mut cstruct,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// The same, but a record that is refused has been released, with those that follow it; also when `self` is NULL.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `record`: TAKES(always); not NULL
    pub fn cstruct_table_push_or_free(
        self_: *mut cstruct_table,
        record: *mut cstruct,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// The record at `index`, in no stated order that holds until the table is changed; NULL when there are not so many.
    ///
    /// # Contract
    ///
    /// * the call: BORROWED(self, changed); may be NULL
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_table_at(self_: *const cstruct_table, index: usize) -> *const cstruct;
}
unsafe extern "C" {
    /// The record of that name, or NULL.
    ///
    /// # Contract
    ///
    /// * the call: BORROWED(self, changed); may be NULL
    /// * `self`: CALL_ONLY; not NULL
    /// * `name`: CALL_ONLY, TEXT; not NULL
    pub fn cstruct_table_find(
        self_: *const cstruct_table,
        name: *const ::core::ffi::c_char,
    ) -> *const cstruct;
}
unsafe extern "C" {
    /// Takes the record of that name out of the table. [`CSTRUCT_NOT_FOUND`](cstruct_status::CSTRUCT_NOT_FOUND); [`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY) from a function that the table is calling.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `name`: CALL_ONLY, TEXT; not NULL
    /// * `out`: OWNED([`cstruct_free`]), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_table_take(
        self_: *mut cstruct_table,
        name: *const ::core::ffi::c_char,
        out: *mut *mut cstruct,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Calls `fn` with each record, in the order of their indices. [`CSTRUCT_STOPPED`](cstruct_status::CSTRUCT_STOPPED) when it answered other than 0. The table cannot be
    /// changed meanwhile: that is refused with [`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY). Looking is not, this function included.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `fn`: CALLBACK(user, this_call); not NULL
    /// * `user`: USER(this_call); may be NULL
    pub fn cstruct_table_each(
        self_: *mut cstruct_table,
        fn_: cstruct_each_fn,
        user: *mut ::core::ffi::c_void,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Calls `fn` after each change from now on, in place of the watcher that there was, whose `destroy` is called
    /// with its `user` before this returns. `fn` NULL: no watcher any more, and `user` and `destroy` must be NULL
    /// as well, else [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID). `destroy` may be NULL. [`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY) when called from a function that the table is calling: the
    /// watcher and `destroy` may look at the table but not change it. After a failure nothing was taken: `user` is the caller's.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `fn`: CALLBACK(user, replaced); may be NULL
    /// * `user`: USER(replaced); may be NULL
    /// * `destroy`: DESTROYS(user); may be NULL
    pub fn cstruct_table_watch(
        self_: *mut cstruct_table,
        fn_: cstruct_watch_fn,
        user: *mut ::core::ffi::c_void,
        destroy: cstruct_destroy_fn,
    ) -> cstruct_status;
}
/// Changes to a table that happen together or not at all.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_batch {
    _unused: [u8; 0],
    _marker: ::core::marker::PhantomData<(*mut u8, ::core::marker::PhantomPinned)>,
}
unsafe extern "C" {
    /// Begins a batch on `table`, which may be changed meanwhile. [`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY) while another one lives, or when called from a function
    /// that the table is calling.
    ///
    /// # Contract
    ///
    /// * `table`: CALL_ONLY; not NULL
    /// * `out`: OWNED([`cstruct_batch_rollback`]), CHILD_OF(table), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_batch_begin(
        table: *mut cstruct_table,
        out: *mut *mut cstruct_batch,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Puts a record into the batch. [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) as for [`cstruct_table_push`], and nothing else: it needs no memory, and what the table
    /// would refuse shows at the commit.
    ///
    /// # Contract
    ///
    /// * `self`: CALL_ONLY; not NULL
    /// * `record`: TAKES(on_success); not NULL
    pub fn cstruct_batch_push(
        self_: *mut cstruct_batch,
        record: *mut cstruct,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Puts all records of the batch into the table, in their order, and ends the batch. After that the watcher is told of each: it
    /// finds them all there and the batch gone. On a failure ([`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY) when called from a function that the table is calling,
    /// [`CSTRUCT_FULL`](cstruct_status::CSTRUCT_FULL), [`CSTRUCT_NO_MEMORY`](cstruct_status::CSTRUCT_NO_MEMORY), [`CSTRUCT_DUPLICATE`](cstruct_status::CSTRUCT_DUPLICATE), also of two in the batch) the table is as it was, except that it may hold more
    /// spare memory, the watcher is told nothing, and the batch is still there.
    ///
    /// # Contract
    ///
    /// * `self`: RELEASES(on_success); not NULL
    pub fn cstruct_batch_commit(self_: *mut cstruct_batch) -> cstruct_status;
}
unsafe extern "C" {
    /// Ends the batch and releases its records; the table is as it was. NULL: nothing happens.
    ///
    /// # Contract
    ///
    /// * `self`: RELEASES(always); may be NULL
    pub fn cstruct_batch_rollback(self_: *mut cstruct_batch);
}
/// Memory whose pieces end together. Only the thread that made it may use or release it. Any other that runs at the same time is
/// refused; once the maker has ended, a later thread may be taken for it, so release an arena before its thread ends.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_arena {
    _unused: [u8; 0],
    _marker: ::core::marker::PhantomData<(*mut u8, ::core::marker::PhantomPinned)>,
}
unsafe extern "C" {
    /// An empty arena of the calling thread.
    ///
    /// # Contract
    ///
    /// * `out`: OWNED([`cstruct_arena_release`]), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_arena_new(out: *mut *mut cstruct_arena) -> cstruct_status;
}
unsafe extern "C" {
    /// `len` zeroed bytes, aligned for any type; not NULL for a length of 0 either.
    ///
    /// # Contract
    ///
    /// * the call: HOME_THREAD
    /// * `self`: CALL_ONLY; not NULL
    /// * `out`: BORROWED(self, owner_ends), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_arena_alloc(
        self_: *mut cstruct_arena,
        len: usize,
        out: *mut *mut ::core::ffi::c_void,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// A copy of one record, without those that follow it, that lives in the arena. It must not be given to [`cstruct_free`].
    ///
    /// # Contract
    ///
    /// * the call: HOME_THREAD
    /// * `self`: CALL_ONLY; not NULL
    /// * `record`: CALL_ONLY; not NULL
    /// * `out`: BORROWED(self, owner_ends), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_arena_copy(
        self_: *mut cstruct_arena,
        record: *const cstruct,
        out: *mut *const cstruct,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Releases the arena and all that is in it. [`CSTRUCT_WRONG_THREAD`](cstruct_status::CSTRUCT_WRONG_THREAD), and it is as it was, on another thread. NULL: nothing happens, [`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK).
    ///
    /// # Contract
    ///
    /// * the call: HOME_THREAD
    /// * `self`: RELEASES(on_success); may be NULL
    pub fn cstruct_arena_release(self_: *mut cstruct_arena) -> cstruct_status;
}
/// One reading of the process's memory use.
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct cstruct_reading {
    /// microseconds since the meter was started
    pub at_us: u64,
    /// resident memory of the process
    pub bytes: u64,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of cstruct_reading"][::core::mem::size_of::<cstruct_reading>() - 16usize];
    [
        "Alignment of cstruct_reading",
    ][::core::mem::align_of::<cstruct_reading>() - 8usize];
    [
        "Offset of field: cstruct_reading::at_us",
    ][::core::mem::offset_of!(cstruct_reading, at_us) - 0usize];
    [
        "Offset of field: cstruct_reading::bytes",
    ][::core::mem::offset_of!(cstruct_reading, bytes) - 8usize];
};
/// A thread of the library's that reads the memory use of the process again and again.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_meter {
    _unused: [u8; 0],
    _marker: ::core::marker::PhantomData<(*mut u8, ::core::marker::PhantomPinned)>,
}
unsafe extern "C" {
    /// Starts a thread that takes a reading every `period_us` microseconds, and one at once, into `ring`, a ring of `len` readings in the
    /// caller's memory: reading i is at i modulo `len`. The ring is the thread's alone until [`cstruct_meter_stop`] returns;
    /// [`cstruct_meter_latest`] copies out of it meanwhile. [`CSTRUCT_UNSUPPORTED`](cstruct_status::CSTRUCT_UNSUPPORTED) where the system does not tell (it reads /proc/self/statm);
    /// [`CSTRUCT_IO`](cstruct_status::CSTRUCT_IO) when it has no further thread or open file to give; [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) for a length or a period of 0. A reading that the
    /// system refuses later is left out, and one that is late is not made up for. The thread takes no signals. It does not exist
    /// in a forked child: the meter must not be used there.
    ///
    /// # Contract
    ///
    /// * `ring`: KEEPS([`cstruct_meter_stop`]), COUNTED(len); not NULL
    /// * `out`: OWNED([`cstruct_meter_stop`]), VALID_ON([`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK)); not NULL, and what it points to may be NULL
    pub fn cstruct_meter_start(
        ring: *mut cstruct_reading,
        len: usize,
        period_us: u64,
        out: *mut *mut cstruct_meter,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// How many readings were taken so far, those included that the ring has forgotten.
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_meter_taken(self_: *const cstruct_meter) -> u64;
}
unsafe extern "C" {
    /// Copies the latest readings, oldest first, up to `len` of them, into `room`, and says in `*got` how many. `room` NULL goes with
    /// `len` 0. The thread waits meanwhile.
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD
    /// * `self`: CALL_ONLY; not NULL
    /// * `room`: FILLS(len, up_to); may be NULL
    /// * `got`: OUT; not NULL
    pub fn cstruct_meter_latest(
        self_: *const cstruct_meter,
        room: *mut cstruct_reading,
        len: usize,
        got: *mut usize,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Stops the thread at once, whatever the period, waits for its end, and releases the meter: the ring is the caller's again. NULL: nothing happens.
    ///
    /// # Contract
    ///
    /// * `self`: RELEASES(always); may be NULL
    pub fn cstruct_meter_stop(self_: *mut cstruct_meter);
}
impl cstruct_origin_kind {
    /// a [`cstruct_origin_file`]: [`cstruct_open`], [`cstruct_load_start`]
    pub const CSTRUCT_ORIGIN_FILE: cstruct_origin_kind = cstruct_origin_kind(0);
    /// a [`cstruct_origin_text`]: [`cstruct_open_text`]
    pub const CSTRUCT_ORIGIN_TEXT: cstruct_origin_kind = cstruct_origin_kind(1);
    /// a [`cstruct_origin_source`]: [`cstruct_open_source`]
    pub const CSTRUCT_ORIGIN_SOURCE: cstruct_origin_kind = cstruct_origin_kind(2);
}
#[repr(transparent)]
/// Which of the structs below an origin is.
#[derive(Debug, Copy, Clone, Hash, PartialEq, Eq)]
pub struct cstruct_origin_kind(pub ::core::ffi::c_uint);
/// What every origin begins with. It is part of its context, and does not change.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_origin {
    pub kind: cstruct_origin_kind,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of cstruct_origin"][::core::mem::size_of::<cstruct_origin>() - 4usize];
    ["Alignment of cstruct_origin"][::core::mem::align_of::<cstruct_origin>() - 4usize];
    [
        "Offset of field: cstruct_origin::kind",
    ][::core::mem::offset_of!(cstruct_origin, kind) - 0usize];
};
/// A file.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_origin_file {
    pub base: cstruct_origin,
    /// a copy of what was asked for
    pub path: *const ::core::ffi::c_char,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of cstruct_origin_file",
    ][::core::mem::size_of::<cstruct_origin_file>() - 16usize];
    [
        "Alignment of cstruct_origin_file",
    ][::core::mem::align_of::<cstruct_origin_file>() - 8usize];
    [
        "Offset of field: cstruct_origin_file::base",
    ][::core::mem::offset_of!(cstruct_origin_file, base) - 0usize];
    [
        "Offset of field: cstruct_origin_file::path",
    ][::core::mem::offset_of!(cstruct_origin_file, path) - 8usize];
};
/// Bytes in memory.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_origin_text {
    pub base: cstruct_origin,
    /// how many there were
    pub len: usize,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of cstruct_origin_text",
    ][::core::mem::size_of::<cstruct_origin_text>() - 16usize];
    [
        "Alignment of cstruct_origin_text",
    ][::core::mem::align_of::<cstruct_origin_text>() - 8usize];
    [
        "Offset of field: cstruct_origin_text::base",
    ][::core::mem::offset_of!(cstruct_origin_text, base) - 0usize];
    [
        "Offset of field: cstruct_origin_text::len",
    ][::core::mem::offset_of!(cstruct_origin_text, len) - 8usize];
};
/// A source of the caller's.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_origin_source {
    pub base: cstruct_origin,
    /// how many it gave
    pub bytes: u64,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of cstruct_origin_source",
    ][::core::mem::size_of::<cstruct_origin_source>() - 16usize];
    [
        "Alignment of cstruct_origin_source",
    ][::core::mem::align_of::<cstruct_origin_source>() - 8usize];
    [
        "Offset of field: cstruct_origin_source::base",
    ][::core::mem::offset_of!(cstruct_origin_source, base) - 0usize];
    [
        "Offset of field: cstruct_origin_source::bytes",
    ][::core::mem::offset_of!(cstruct_origin_source, bytes) - 8usize];
};
unsafe extern "C" {
    /// Where its records came from, or should have come from; also of a failed opening. NULL for NULL.
    ///
    /// # Contract
    ///
    /// * the call: BORROWED(self, owner_ends); may be NULL
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_ctx_origin(self_: *const cstruct_ctx) -> *const cstruct_origin;
}
unsafe extern "C" {
    /// Lets the query of this context that is looking for its next record answer [`CSTRUCT_STOPPED`](cstruct_status::CSTRUCT_STOPPED); if none is, the next one that looks.
    /// One step only, however often it was asked for before: the step after it goes on where that one was. It may be called from any
    /// thread and from a signal handler, short of the end of the context; the message stays as it is. NULL: nothing happens.
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_interrupt(self_: *const cstruct_ctx);
}
/// A file being read by a thread of the library's, kept in room that the caller provides. The fields are the library's; what is in
/// them before the start does not matter.
#[repr(C)]
#[derive(Debug)]
pub struct cstruct_load {
    pub path: *const ::core::ffi::c_char,
    pub options: *const cstruct_open_options,
    pub user: *mut ::core::ffi::c_void,
    pub done: ::core::option::Option<
        unsafe extern "C" fn(
            user: *mut ::core::ffi::c_void,
            request: *mut cstruct_load,
            status: cstruct_status,
            ctx: *mut cstruct_ctx,
        ),
    >,
    pub cancelled: u32,
    pub reserved: u32,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of cstruct_load"][::core::mem::size_of::<cstruct_load>() - 40usize];
    ["Alignment of cstruct_load"][::core::mem::align_of::<cstruct_load>() - 8usize];
    [
        "Offset of field: cstruct_load::path",
    ][::core::mem::offset_of!(cstruct_load, path) - 0usize];
    [
        "Offset of field: cstruct_load::options",
    ][::core::mem::offset_of!(cstruct_load, options) - 8usize];
    [
        "Offset of field: cstruct_load::user",
    ][::core::mem::offset_of!(cstruct_load, user) - 16usize];
    [
        "Offset of field: cstruct_load::done",
    ][::core::mem::offset_of!(cstruct_load, done) - 24usize];
    [
        "Offset of field: cstruct_load::cancelled",
    ][::core::mem::offset_of!(cstruct_load, cancelled) - 32usize];
    [
        "Offset of field: cstruct_load::reserved",
    ][::core::mem::offset_of!(cstruct_load, reserved) - 36usize];
};
/// Is told of the end of a load: what [`cstruct_open`] would have answered and handed out. The context is the callee's, who closes it, and so
/// is the request again, which may be released here, or started anew.
pub type cstruct_load_fn = ::core::option::Option<
    unsafe extern "C" fn(
        user: *mut ::core::ffi::c_void,
        request: *mut cstruct_load,
        status: cstruct_status,
        ctx: *mut cstruct_ctx,
    ),
>;
unsafe extern "C" {
    /// Starts reading the file as [`cstruct_open`] does, and returns. With [`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK) `done` is called exactly once, on the thread that reads, and
    /// possibly before this has returned. Until then the request, which must not move, the path, and the options with all
    /// that they name are the library's. After a failure they are not, and `done` is not called: [`CSTRUCT_IO`](cstruct_status::CSTRUCT_IO) when the system has no
    /// further thread to give. The thread takes no signals; `done` must not unwind. A load counts as an object until just before `done`
    /// is called.
    ///
    /// # Contract
    ///
    /// * `request`: PENDING(done); not NULL
    /// * `path`: PENDING(done), TEXT; not NULL
    /// * `options`: PENDING(done); may be NULL
    /// * `done`: CALLBACK(user, once); not NULL
    /// * `user`: USER(once); may be NULL
    pub fn cstruct_load_start(
        request: *mut cstruct_load,
        path: *const ::core::ffi::c_char,
        options: *const cstruct_open_options,
        done: cstruct_load_fn,
        user: *mut ::core::ffi::c_void,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// Asks a load that was started for an early end. `done` is called all the same: with [`CSTRUCT_STOPPED`](cstruct_status::CSTRUCT_STOPPED) and a context that says so if this came
    /// in time, else as if it had not been asked. A read that waits for the system, as on a pipe, is waited for. Legal until the request's memory
    /// is released, also in `done` and after it, when nothing happens. NULL: nothing happens.
    ///
    /// # Contract
    ///
    /// * the call: ANY_THREAD
    /// * `request`: CALL_ONLY; may be NULL
    pub fn cstruct_load_cancel(request: *mut cstruct_load);
}
unsafe extern "C" {
    /// Keeps `user` with the table, in place of the pointer that there was, whose `destroy` is called with it before this returns; so it is when
    /// the table is released, behind the watcher's and with the records still there. `destroy` may be NULL; `user` NULL empties the slot, and
    /// then `destroy` must be NULL as well, else [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID). [`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY) when called from a function that the table is
    /// calling. After a failure nothing was taken: `user` is the caller's.
    ///
    /// # Contract
    ///
    /// * the call: USER_SLOT(destroy)
    /// * `self`: CALL_ONLY; not NULL
    /// * `user`: USER(replaced); may be NULL
    /// * `destroy`: DESTROYS(user); may be NULL
    pub fn cstruct_table_set_user(
        self_: *mut cstruct_table,
        user: *mut ::core::ffi::c_void,
        destroy: cstruct_destroy_fn,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// The pointer that is kept, or NULL. While it is being destroyed it is not there any more.
    ///
    /// # Contract
    ///
    /// * the call: BORROWED(self, changed); may be NULL
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_table_user(self_: *const cstruct_table) -> *mut ::core::ffi::c_void;
}
unsafe extern "C" {
    /// Begins a read section. Until it is ended nothing comes into the table or leaves it: [`cstruct_table_push`], [`cstruct_table_take`] and
    /// [`cstruct_batch_commit`] are refused with [`CSTRUCT_BUSY`](cstruct_status::CSTRUCT_BUSY). Sections may be nested, and ended on another thread than the one that began them; the
    /// end of the table ends them too. Beginning the outermost one sorts the records, for [`cstruct_table_sorted_at`].
    ///
    /// # Contract
    ///
    /// * the call: BEGINS([`cstruct_table_read_end`])
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_table_read_begin(self_: *mut cstruct_table) -> cstruct_status;
}
unsafe extern "C" {
    /// Ends the innermost read section. [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) when there is none.
    ///
    /// # Contract
    ///
    /// * the call: ENDS([`cstruct_table_read_begin`])
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_table_read_end(self_: *mut cstruct_table) -> cstruct_status;
}
unsafe extern "C" {
    /// Only within a read section: the record at `index` in the order of the names' bytes, NULL when there are not so many. Outside of
    /// one always NULL.
    ///
    /// # Contract
    ///
    /// * the call: BORROWED(self, changed); may be NULL
    /// * `self`: CALL_ONLY; not NULL
    pub fn cstruct_table_sorted_at(
        self_: *const cstruct_table,
        index: usize,
    ) -> *const cstruct;
}
/// Makes a state out of `size` zero bytes, for the group that begins with `first`. Any answer but 0 means that there is none, and stops.
pub type cstruct_fold_init_fn = ::core::option::Option<
    unsafe extern "C" fn(
        user: *mut ::core::ffi::c_void,
        room: *mut ::core::ffi::c_void,
        size: usize,
        first: *const cstruct,
    ) -> ::core::ffi::c_int,
>;
/// Takes a record of the group into its state. Any answer but 0 stops.
pub type cstruct_fold_step_fn = ::core::option::Option<
    unsafe extern "C" fn(
        user: *mut ::core::ffi::c_void,
        room: *mut ::core::ffi::c_void,
        size: usize,
        record: *const cstruct,
    ) -> ::core::ffi::c_int,
>;
/// Ends a state, and makes of it what is wanted if `status` is [`CSTRUCT_OK`](cstruct_status::CSTRUCT_OK); if it is not, the fold has failed, and it only ends it.
pub type cstruct_fold_finish_fn = ::core::option::Option<
    unsafe extern "C" fn(
        user: *mut ::core::ffi::c_void,
        room: *mut ::core::ffi::c_void,
        size: usize,
        first: *const cstruct,
        status: cstruct_status,
    ),
>;
unsafe extern "C" {
    /// Folds the records of the list that have the same name into one state each; those without a name are a group too. A state lives in room of
    /// the library's, `size` bytes, aligned to `align`, and stays where it is from its `init` to its `finish`. `init` is called at the first record
    /// of a group, `step` with each of its records, that one included, and `finish`, when the list is at its end or something failed, exactly
    /// once for each state that `init` has made, in that order. None of them may unwind.
    ///
    /// [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) when `size` is 0 or `align` is no power of two; [`CSTRUCT_STOPPED`](cstruct_status::CSTRUCT_STOPPED) when `init` or `step` answered other than 0.
    ///
    /// # Contract
    ///
    /// * `list`: CALL_ONLY; not NULL
    /// * `init`: CALLBACK(user, this_call); not NULL
    /// * `step`: CALLBACK(user, this_call); not NULL
    /// * `finish`: CALLBACK(user, this_call); not NULL
    /// * `user`: USER(this_call); may be NULL
    pub fn cstruct_fold(
        list: *const cstruct,
        size: usize,
        align: usize,
        init: cstruct_fold_init_fn,
        step: cstruct_fold_step_fn,
        finish: cstruct_fold_finish_fn,
        user: *mut ::core::ffi::c_void,
    ) -> cstruct_status;
}
unsafe extern "C" {
    /// From now on the samples that the calling thread writes, into texts and files, have at most this many significant digits, 1 to 17. 0, with which
    /// every thread begins: as many as are needed to read them back the same. `*old` is what was set before. [`CSTRUCT_INVALID`](cstruct_status::CSTRUCT_INVALID) for
    /// another number: it stays as it was.
    ///
    /// # Contract
    ///
    /// * the call: SETS(thread)
    /// * `old`: OUT; not NULL
    pub fn cstruct_digits_set(digits: u32, old: *mut u32) -> cstruct_status;
}
