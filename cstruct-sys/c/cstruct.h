/*
 * cstruct.h: a store of named series of measurements.
 *
 * A record (`struct cstruct`) is a number, a name and an array of samples, and may be followed by further
 * records: it is also a list. Records are read from CSV, held, summarised, and written back.
 *
 * This header is the documentation and the contract. Every function says in words that a program can read
 * who owns what; `build.rs` reads them and stops on a sentence that is missing or contradicts itself.
 *
 * RULES THAT HOLD EVERYWHERE
 *
 *  - A call that can fail returns a `cstruct_status`; CSTRUCT_OK is 0 and every failure is not.
 *  - A failed call changes nothing, except where its own text says otherwise.
 *  - Out-parameters come last. Each is always written: where the status does not make it valid it is set to
 *    NULL or 0. An out-parameter must not be NULL.
 *  - CSTRUCT_NONNULL: passing NULL is answered with CSTRUCT_INVALID by every function that returns a status, and with
 *    nothing, 0 or NULL by the others. CSTRUCT_NULLABLE: NULL has the stated meaning.
 *  - A parameter that is a pointer to const is only read. A parameter that is a pointer to an object that is not const
 *    may change it, and so ends every borrow that says `changed`.
 *  - A length of 0 goes with any pointer, NULL included. Sizes are counted in elements, and checked before they
 *    are multiplied.
 *  - Nothing here recurses: a list of any length is copied and released on a constant stack.
 *  - The only writable global state is the installed allocator and the counters of live objects and bytes. Each thread has one
 *    setting of its own: how many digits it writes (cstruct_digits_set).
 *
 * THREADS
 *
 *  Distinct objects may be used from distinct threads at the same time. One object must not be changed while another
 *  thread uses it. The word before a struct says the rest: CSTRUCT_SENDABLE may be handed to another
 *  thread; CSTRUCT_SHAREABLE may also be read from several at once; CSTRUCT_THREAD_BOUND stays where it was made.
 */
#ifndef CSTRUCT_H
#define CSTRUCT_H

#include <stddef.h>
#include <stdint.h>

/*
 * THE WORDS
 *
 * Under clang a word is an annotation that tools can read; every other compiler sees nothing, and nor does clang where CSTRUCT_NO_WORDS
 * is defined. This set is closed: a new ownership rule needs a new word here, and the build refuses one that it does not know. The
 * words before a function, or before a field or typedef that points to one, speak of the pointer that it returns. On a field, `self`
 * is the struct that it is in, and OWNED may name what ends that struct.
 *
 * What happens to the pointer that a function returns, or stores through an out-parameter:
 *
 *   OWNED(release)           the caller's, who ends it with `release`
 *   SHARED(retain, release)  one count of it is the caller's; `retain` takes a further one
 *   BORROWED(from, ends)     the parameter `from` keeps it; good until `ends`:
 *                              owner_ends  `from` is released
 *                              changed     `from` is passed to any function that takes it without const
 *                              next_call   any further call that takes `from`, const or not
 *   CHILD_OF(parent)         beside one of the above: must be ended before the parameter `parent` is
 *   STATIC                   never ends and never changes; nobody releases it
 *   VALID_ON(statuses)       out-parameters: the statuses that make it valid, joined by `|`; `any` for all of them
 *   OUT                      an out-parameter that receives a plain value: no ownership moves
 *
 * What happens to a pointer that the caller passes:
 *
 *   CALL_ONLY                looked at, or changed, during this call only
 *   RELEASES(when)           this call ends it: `always`, or `on_success`: on a failure it is still open and still
 *                            the caller's; `one_count` for a shared object
 *   RETAINS                  this call takes one more count of it, if it succeeds
 *   TAKES(when)              the library takes it over: `always` (on a failure it has been released already);
 *                            `on_success` (on a failure it is still the caller's)
 *   KEEPS(until)             the library goes on using it until the function `until` is called, or until the named
 *                            other end: `replaced`, or the parameter `self`'s own end
 *   INITS(clear)             the caller's room: made into an object in place, which must not move until `clear`
 *   CLEARS                   ends an object in place; the room stays the caller's
 *   REFILLS(dispose)         the caller's room: what it held is disposed of, then it is filled; movable; `dispose` ends it
 *   DISPOSES                 ends the contents and leaves it empty; the room stays the caller's
 *   FILLS(length, protocol)  the caller's room of `length` elements, written to:
 *                              ask_size  NULL or too small a room is answered with the size needed
 *                              up_to     as many as fit are written, and how many is said
 *   COUNTED(length)          beside one of the above: `length` elements, NULL if that is 0
 *   TEXT                     beside one of the above: ends at the first NUL
 *   CALLBACK(user, how_long) a function that the library calls with the parameter or field `user`: during `this_call`,
 *                            until it is `replaced`, or exactly `once`, later
 *   USER(how_long)           the pointer handed to a callback, never looked into: for `this_call`, until
 *                            it is `replaced`, or until the callback was called that `once`
 *   DESTROYS(user)           called exactly once with the parameter `user`, when the library no longer needs it
 *
 * What is true of a function:
 *
 *   LIFECYCLE(phase)         `init` or `shutdown` of the library
 *   HOME_THREAD              legal only on the thread that made its first argument; answers CSTRUCT_WRONG_THREAD elsewhere
 *   ANY_THREAD               legal on any thread at any time, whatever is being done with the same object
 *   LAST_ERROR(handle)       tells about the latest failed call on the parameter `handle`
 *   BEGINS(end)              opens a scope that the function `end` closes
 *   ENDS(begin)              closes a scope that the function `begin` opened
 *   SETS(whose)              changes a setting of the whole `process`, or of the calling `thread`
 *
 * What is true of a struct:
 *
 *   SENDABLE, SHAREABLE, THREAD_BOUND   see THREADS above; SHAREABLE includes SENDABLE
 *   PLAIN                    data without pointers: copied freely, nothing to release
 *   VERSIONED                made by its own init function, which records the version that the caller was compiled with
 *   INTERFACE                a table of functions that the caller implements
 *   TAGGED(field)            the field says which type it really is
 *   IS_A(base)               begins with a `base`, and may be passed as one
 *   USER_SLOT(destroy)       on a field or function: keeps one pointer of the caller's; `destroy` ends it
 *   PENDING(callback)        on a parameter: it and all it names belong to the library until `callback` is called, and
 *                            must not move; not when the start has failed
 *   IN_ROOM(size)            on a parameter: room in the library's memory of `size` bytes, zero at first, in which the
 *                            caller builds a value and ends it again
 *
 * And where C's authors did not say:
 *
 *   UNKNOWN                  not documented: a wrapper must leak rather than guess
 */
#if defined(__clang__) && !defined(CSTRUCT_NO_WORDS)
#define CSTRUCT_WORD_(text) __attribute__((annotate("cstruct:" text)))
#define CSTRUCT_NULLABLE _Nullable
#define CSTRUCT_NONNULL _Nonnull
#else
#define CSTRUCT_WORD_(text)
#define CSTRUCT_NULLABLE
#define CSTRUCT_NONNULL
#endif

#define CSTRUCT_OWNED(release) CSTRUCT_WORD_("owned(" #release ")")
#define CSTRUCT_SHARED(retain, release) CSTRUCT_WORD_("shared(" #retain "," #release ")")
#define CSTRUCT_BORROWED(from, ends) CSTRUCT_WORD_("borrowed(" #from "," #ends ")")
#define CSTRUCT_CHILD_OF(parent) CSTRUCT_WORD_("child_of(" #parent ")")
#define CSTRUCT_STATIC CSTRUCT_WORD_("static")
#define CSTRUCT_VALID_ON(statuses) CSTRUCT_WORD_("valid_on(" #statuses ")")
#define CSTRUCT_OUT CSTRUCT_WORD_("out")
#define CSTRUCT_CALL_ONLY CSTRUCT_WORD_("call_only")
#define CSTRUCT_RELEASES(when) CSTRUCT_WORD_("releases(" #when ")")
#define CSTRUCT_RETAINS CSTRUCT_WORD_("retains")
#define CSTRUCT_TAKES(when) CSTRUCT_WORD_("takes(" #when ")")
#define CSTRUCT_KEEPS(until) CSTRUCT_WORD_("keeps(" #until ")")
#define CSTRUCT_INITS(clear) CSTRUCT_WORD_("inits(" #clear ")")
#define CSTRUCT_CLEARS CSTRUCT_WORD_("clears")
#define CSTRUCT_REFILLS(dispose) CSTRUCT_WORD_("refills(" #dispose ")")
#define CSTRUCT_DISPOSES CSTRUCT_WORD_("disposes")
#define CSTRUCT_FILLS(length, protocol) CSTRUCT_WORD_("fills(" #length "," #protocol ")")
#define CSTRUCT_COUNTED(length) CSTRUCT_WORD_("counted(" #length ")")
#define CSTRUCT_TEXT CSTRUCT_WORD_("text")
#define CSTRUCT_CALLBACK(user, how_long) CSTRUCT_WORD_("callback(" #user "," #how_long ")")
#define CSTRUCT_USER(how_long) CSTRUCT_WORD_("user(" #how_long ")")
#define CSTRUCT_DESTROYS(user) CSTRUCT_WORD_("destroys(" #user ")")
#define CSTRUCT_LIFECYCLE(phase) CSTRUCT_WORD_("lifecycle(" #phase ")")
#define CSTRUCT_HOME_THREAD CSTRUCT_WORD_("home_thread")
#define CSTRUCT_ANY_THREAD CSTRUCT_WORD_("any_thread")
#define CSTRUCT_LAST_ERROR(handle) CSTRUCT_WORD_("last_error(" #handle ")")
#define CSTRUCT_BEGINS(end) CSTRUCT_WORD_("begins(" #end ")")
#define CSTRUCT_ENDS(begin) CSTRUCT_WORD_("ends(" #begin ")")
#define CSTRUCT_SETS(whose) CSTRUCT_WORD_("sets(" #whose ")")
#define CSTRUCT_SENDABLE CSTRUCT_WORD_("sendable")
#define CSTRUCT_SHAREABLE CSTRUCT_WORD_("shareable")
#define CSTRUCT_THREAD_BOUND CSTRUCT_WORD_("thread_bound")
#define CSTRUCT_PLAIN CSTRUCT_WORD_("plain")
#define CSTRUCT_VERSIONED CSTRUCT_WORD_("versioned")
#define CSTRUCT_INTERFACE CSTRUCT_WORD_("interface")
#define CSTRUCT_TAGGED(field) CSTRUCT_WORD_("tagged(" #field ")")
#define CSTRUCT_IS_A(base) CSTRUCT_WORD_("is_a(" #base ")")
#define CSTRUCT_USER_SLOT(destroy) CSTRUCT_WORD_("user_slot(" #destroy ")")
#define CSTRUCT_PENDING(callback) CSTRUCT_WORD_("pending(" #callback ")")
#define CSTRUCT_IN_ROOM(size) CSTRUCT_WORD_("in_room(" #size ")")
#define CSTRUCT_UNKNOWN CSTRUCT_WORD_("unknown")

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Status and version ------------------------------------------------------------------------------------------ */

/* What a call answers. Values are fixed for ever; new ones are added at the end. */
typedef enum cstruct_status {
    CSTRUCT_OK = 0,
    CSTRUCT_DONE = 1,         /* there are no more: the end of a walk, not a fault */
    CSTRUCT_INVALID = 2,      /* an argument is NULL that must not be, or out of its range */
    CSTRUCT_NO_MEMORY = 3,    /* the allocator said no, or a size does not fit into size_t */
    CSTRUCT_IO = 4,           /* the operating system or the caller's source failed; see cstruct_errmsg where there is one */
    CSTRUCT_PARSE = 5,        /* the text is not what it should be; line and column are told */
    CSTRUCT_BUSY = 6,         /* refused because something still uses it; try again when that has ended */
    CSTRUCT_FULL = 7,         /* there is no room left */
    CSTRUCT_DUPLICATE = 8,    /* the name is there already */
    CSTRUCT_NOT_FOUND = 9,    /* nothing has that name or index */
    CSTRUCT_TOO_SMALL = 10,   /* the caller's room is too small; the size needed is told */
    CSTRUCT_SATURATED = 11,   /* the count has reached its limit */
    CSTRUCT_MOVED = 12,       /* an object in place is no longer where it was made */
    CSTRUCT_WRONG_THREAD = 13,/* not the thread that made it */
    CSTRUCT_STOPPED = 14,     /* the caller's function asked to stop */
    CSTRUCT_UNSUPPORTED = 15, /* this system, or this version of the library, cannot do it */
    CSTRUCT_VERSION = 16      /* made for a version that this library does not know */
} cstruct_status;

/* The version of this header. A program built against it runs with any library of the same major version. */
#define CSTRUCT_VERSION_MAJOR 0
#define CSTRUCT_VERSION_MINOR 1
#define CSTRUCT_VERSION_PATCH 0
#define CSTRUCT_VERSION_NUMBER 1000 /* major * 1,000,000 + minor * 1,000 + patch */
#define CSTRUCT_VERSION_TEXT "0.1.0"

/* The version of the library that is linked: CSTRUCT_VERSION_NUMBER when it was compiled. */
CSTRUCT_ANY_THREAD uint32_t cstruct_version_number(void);

/* The same as text, such as "0.1.0". */
CSTRUCT_ANY_THREAD CSTRUCT_STATIC CSTRUCT_TEXT const char *CSTRUCT_NONNULL cstruct_version(void);

/* What a status means, as a lower-case phrase. Any value is legal; one that is not a status gives "unknown status". */
CSTRUCT_ANY_THREAD CSTRUCT_STATIC CSTRUCT_TEXT const char *CSTRUCT_NONNULL cstruct_status_text(cstruct_status status);

/* ---- The library: its allocator and its counters ------------------------------------------------------------------ */

/*
 * Where all the library's memory comes from. Sizes are handed back on release and resize, so an
 * allocator need not remember them. `alloc` and `resize` return NULL when there is no memory; memory is aligned for any
 * C type. The functions may be called from any thread at once, must not call back into the library, and must not unwind.
 */
typedef struct CSTRUCT_INTERFACE cstruct_allocator {
    CSTRUCT_USER(replaced) void *CSTRUCT_NULLABLE user;
    CSTRUCT_CALLBACK(user, replaced) CSTRUCT_OWNED(release)
    void *CSTRUCT_NULLABLE (*CSTRUCT_NONNULL alloc)(CSTRUCT_USER(replaced) void *CSTRUCT_NULLABLE user, size_t size);
    CSTRUCT_CALLBACK(user, replaced) CSTRUCT_OWNED(release)
    void *CSTRUCT_NULLABLE (*CSTRUCT_NONNULL resize)(CSTRUCT_USER(replaced) void *CSTRUCT_NULLABLE user,
                                                      CSTRUCT_RELEASES(on_success) void *CSTRUCT_NONNULL block,
                                                      size_t old_size, size_t new_size);
    CSTRUCT_CALLBACK(user, replaced)
    void (*CSTRUCT_NONNULL release)(CSTRUCT_USER(replaced) void *CSTRUCT_NULLABLE user,
                                    CSTRUCT_RELEASES(always) void *CSTRUCT_NONNULL block, size_t size);
} cstruct_allocator;

/*
 * Begins the use of the library with this allocator, which is copied; NULL means malloc, realloc and free. Optional: without
 * it the library is ready, on malloc. Calls are counted, and each needs one cstruct_shutdown.
 *
 * CSTRUCT_BUSY when objects live, or when it is in use already and `allocator` is not NULL: the
 * allocator can be chosen only before the first object. Safe on any thread, also while others make their first objects.
 */
CSTRUCT_ANY_THREAD CSTRUCT_LIFECYCLE(init) CSTRUCT_SETS(process)
cstruct_status cstruct_init(CSTRUCT_KEEPS(cstruct_shutdown) const cstruct_allocator *CSTRUCT_NULLABLE allocator);

/*
 * Ends one cstruct_init. The last one goes back to malloc; it is refused with CSTRUCT_BUSY, and the library goes on as it
 * was, while any object lives. CSTRUCT_INVALID when there was no cstruct_init to end.
 */
CSTRUCT_ANY_THREAD CSTRUCT_LIFECYCLE(shutdown) CSTRUCT_SETS(process) cstruct_status cstruct_shutdown(void);

/* What lives now. */
typedef struct CSTRUCT_PLAIN cstruct_usage {
    uint64_t objects; /* everything that has a release function of its own and was not yet released; a list counts each record */
    uint64_t bytes;   /* asked of the allocator and not yet given back */
} cstruct_usage;

/* Each figure is exact at some moment during the call. */
CSTRUCT_ANY_THREAD cstruct_usage cstruct_live(void);

/* ---- A record, and a list of them --------------------------------------------------------------------------------- */

/*
 * A number, a name, samples, and the records that follow. Made by cstruct_new or cstruct_new_with, released by cstruct_free. The
 * fields are for reading; change them through the functions below, which keep them consistent with each other.
 */
typedef struct CSTRUCT_SHAREABLE cstruct {
    int32_t value;
    CSTRUCT_OWNED(cstruct_free) CSTRUCT_TEXT char *CSTRUCT_NULLABLE name; /* part of the record; NULL: it has no name */
    CSTRUCT_OWNED(cstruct_free) CSTRUCT_COUNTED(samples_len) double *CSTRUCT_NULLABLE samples; /* part of it; NULL when samples_cap is 0 */
    size_t samples_len;                                       /* how many samples there are */
    size_t samples_cap;                                       /* how many fit before the array grows */
    CSTRUCT_OWNED(cstruct_free) struct cstruct *CSTRUCT_NULLABLE next; /* the rest of the list; NULL at its end */
} cstruct;

/* Makes one record without samples. `name` is copied; NULL makes a record without a name. */
cstruct_status cstruct_new(int32_t value, CSTRUCT_CALL_ONLY CSTRUCT_TEXT const char *CSTRUCT_NULLABLE name,
                           CSTRUCT_OWNED(cstruct_free) CSTRUCT_VALID_ON(CSTRUCT_OK) cstruct *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/*
 * Makes one record with all that is in it, in exactly the room that this needs. Name and samples are copied; `name` NULL makes a record
 * without a name, any other of length 0 an empty name. It ends by its length, and CSTRUCT_INVALID answers one with a NUL inside.
 */
cstruct_status cstruct_new_with(int32_t value, CSTRUCT_CALL_ONLY CSTRUCT_COUNTED(name_len) const char *CSTRUCT_NULLABLE name, size_t name_len,
                                CSTRUCT_CALL_ONLY CSTRUCT_COUNTED(len) const double *CSTRUCT_NULLABLE samples, size_t len,
                                CSTRUCT_OWNED(cstruct_free) CSTRUCT_VALID_ON(CSTRUCT_OK) cstruct *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* Releases a record and all that follow it. NULL: nothing happens. */
void cstruct_free(CSTRUCT_RELEASES(always) cstruct *CSTRUCT_NULLABLE self);

/* A deep copy of the record and all that follow it. */
cstruct_status cstruct_dup(CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL self,
                           CSTRUCT_OWNED(cstruct_free) CSTRUCT_VALID_ON(CSTRUCT_OK) cstruct *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* The number. 0 for NULL. */
int32_t cstruct_value(CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL self);

/* Sets the number. */
void cstruct_set_value(CSTRUCT_CALL_ONLY cstruct *CSTRUCT_NONNULL self, int32_t value);

/* The name, or NULL if the record has none. */
CSTRUCT_BORROWED(self, changed) CSTRUCT_TEXT
const char *CSTRUCT_NULLABLE cstruct_name(CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL self);

/* Replaces the name by a copy of `name`; NULL takes it away. `name` may point into the present name. */
cstruct_status cstruct_set_name(CSTRUCT_CALL_ONLY cstruct *CSTRUCT_NONNULL self,
                                CSTRUCT_CALL_ONLY CSTRUCT_TEXT const char *CSTRUCT_NULLABLE name);

/* The samples, `*len` of them; NULL when there are none and there never were. */
CSTRUCT_BORROWED(self, changed) CSTRUCT_COUNTED(len)
const double *CSTRUCT_NULLABLE cstruct_samples(CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL self,
                                               CSTRUCT_OUT size_t *CSTRUCT_NONNULL len);

/* Makes room for `more` further samples, so that appending them cannot fail. */
cstruct_status cstruct_reserve(CSTRUCT_CALL_ONLY cstruct *CSTRUCT_NONNULL self, size_t more);

/* Adds copies of `len` samples at the end. `samples` may point into the record's own. */
cstruct_status cstruct_append(CSTRUCT_CALL_ONLY cstruct *CSTRUCT_NONNULL self,
                              CSTRUCT_CALL_ONLY CSTRUCT_COUNTED(len) const double *CSTRUCT_NULLABLE samples, size_t len);

/* Removes all samples; the room for them stays. */
void cstruct_clear(CSTRUCT_CALL_ONLY cstruct *CSTRUCT_NONNULL self);

/* The record that follows, or NULL at the end. */
CSTRUCT_BORROWED(self, changed)
const cstruct *CSTRUCT_NULLABLE cstruct_next(CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL self);

/*
 * Makes `rest`, with all that follows it, the list that follows this record. CSTRUCT_BUSY when something follows already:
 * take it off first. CSTRUCT_INVALID when `rest` is `self`.
 */
cstruct_status cstruct_link(CSTRUCT_CALL_ONLY cstruct *CSTRUCT_NONNULL self, CSTRUCT_TAKES(on_success) cstruct *CSTRUCT_NONNULL rest);

/* Takes off all that follows this record and hands it over. CSTRUCT_NOT_FOUND when nothing follows. */
cstruct_status cstruct_unlink(CSTRUCT_CALL_ONLY cstruct *CSTRUCT_NONNULL self,
                              CSTRUCT_OWNED(cstruct_free) CSTRUCT_VALID_ON(CSTRUCT_OK) cstruct *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* What a series of samples amounts to. Samples that are not a number are counted apart and left out of the rest. */
typedef struct CSTRUCT_PLAIN cstruct_stats {
    uint64_t count;   /* samples that are numbers */
    uint64_t missing; /* samples that are not */
    double min;       /* NaN, as are the three below, when count is 0 */
    double max;
    double mean;
    double stddev; /* of the population: divided by count */
} cstruct_stats;

/* The statistics of this record's samples; those that follow are not looked at. Welford's one-pass method. */
cstruct_stats cstruct_statistics(CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL self);

/* ---- Texts and arrays that are handed over ------------------------------------------------------------------------ */

/*
 * The record as one line of CSV without a line end, as cstruct_writer_write writes it. A sample has as many digits, of 15, 16
 * and 17, as it needs to be read back the same, unless cstruct_digits_set says otherwise, and a '.' in any locale; one that is not a
 * number is an empty field.
 */
cstruct_status cstruct_format(CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL self,
                              CSTRUCT_OWNED(cstruct_string_free) CSTRUCT_VALID_ON(CSTRUCT_OK) CSTRUCT_TEXT
                              char *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* Releases a text made by cstruct_format. The text may have been changed, also shortened. NULL: nothing happens. */
void cstruct_string_free(CSTRUCT_RELEASES(always) char *CSTRUCT_NULLABLE text);

/*
 * The same text into the caller's room of `len` bytes. `*needed` is the size of the text with its NUL, whatever the answer.
 * Room that is too small: CSTRUCT_TOO_SMALL, and what is there of it holds an empty text. `room` NULL asks for the size: it
 * goes with `len` 0.
 */
cstruct_status cstruct_format_into(CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL self,
                                   CSTRUCT_FILLS(len, ask_size) CSTRUCT_TEXT char *CSTRUCT_NULLABLE room, size_t len,
                                   CSTRUCT_OUT CSTRUCT_VALID_ON(any) size_t *CSTRUCT_NONNULL needed);

/* A copy of the samples. NULL and 0 with CSTRUCT_OK when there are none. */
cstruct_status cstruct_samples_copy(CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL self,
                                    CSTRUCT_OWNED(cstruct_samples_free) CSTRUCT_VALID_ON(CSTRUCT_OK) CSTRUCT_COUNTED(len)
                                    double *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out,
                                    CSTRUCT_OUT size_t *CSTRUCT_NONNULL len);

/* Releases a copy made by cstruct_samples_copy; `len` is the length that it was made with. NULL: nothing happens. */
void cstruct_samples_free(CSTRUCT_RELEASES(always) CSTRUCT_COUNTED(len) double *CSTRUCT_NULLABLE samples, size_t len);

/*
 * A text in the caller's room. Zero all of it before the first use: that is an empty text. It may be moved.
 */
typedef struct CSTRUCT_SENDABLE cstruct_text {
    CSTRUCT_OWNED(cstruct_text_dispose) CSTRUCT_COUNTED(len) char *CSTRUCT_NULLABLE data; /* `len` bytes and a NUL; NULL: empty */
    size_t len;
    size_t cap;
} cstruct_text;

/*
 * Disposes of what `text` held, then fills it with the list as CSV, header line included. After a failure it is empty.
 * CSTRUCT_INVALID when the records do not all have the same number of samples.
 */
cstruct_status cstruct_text_fill(CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL list,
                                 CSTRUCT_REFILLS(cstruct_text_dispose) cstruct_text *CSTRUCT_NONNULL text);

/* Disposes of the contents and leaves an empty text. May be called again. NULL: nothing happens. */
void cstruct_text_dispose(CSTRUCT_DISPOSES cstruct_text *CSTRUCT_NULLABLE text);

/* ---- An open file of records, and queries on it ------------------------------------------------------------------- */

#define CSTRUCT_OPEN_OPTIONS_VERSION 1

/* How CSV is read. Made by cstruct_open_options_init, then changed where wanted. */
typedef struct CSTRUCT_VERSIONED CSTRUCT_SENDABLE cstruct_open_options {
    uint32_t version;   /* written by init; do not change */
    char delimiter;     /* between fields; ','. CSTRUCT_INVALID for a letter, a digit, '+', '-', '.', a line end, NUL */
    char quote;         /* round fields; '"'. The same, and not the delimiter */
    uint16_t reserved;  /* 0 */
    uint64_t max_line;  /* bytes in a line, line ends in quotes included, before it is refused; not 0; 64 MiB */
    CSTRUCT_CALL_ONLY CSTRUCT_TEXT const char *CSTRUCT_NULLABLE missing; /* a field with this text is a missing sample (NaN); NULL: only an empty field is */
} cstruct_open_options;

/* Fills `options` with what is usual for `version`, which is CSTRUCT_OPEN_OPTIONS_VERSION. CSTRUCT_VERSION if it is not known. */
cstruct_status cstruct_open_options_init(CSTRUCT_FILLS(1, up_to) cstruct_open_options *CSTRUCT_NONNULL options, uint32_t version);

/* The usual options, ready to be passed. */
CSTRUCT_ANY_THREAD CSTRUCT_STATIC const cstruct_open_options *CSTRUCT_NONNULL cstruct_open_options_default(void);

/*
 * Where bytes come from when it is not a file. Implemented by the caller.
 */
typedef struct CSTRUCT_INTERFACE cstruct_source {
    uint32_t version; /* CSTRUCT_SOURCE_VERSION */
    CSTRUCT_USER(this_call) void *CSTRUCT_NULLABLE user;
    /*
     * Puts up to `len` bytes into `room` and says in `*got` how many; 0 with CSTRUCT_OK is the end. Any other status ends the reading and is
     * handed on. More than `len` is answered with CSTRUCT_IO.
     */
    CSTRUCT_CALLBACK(user, this_call)
    cstruct_status (*CSTRUCT_NONNULL read)(CSTRUCT_USER(this_call) void *CSTRUCT_NULLABLE user, CSTRUCT_FILLS(len, up_to) void *CSTRUCT_NONNULL room,
                                           size_t len, CSTRUCT_OUT size_t *CSTRUCT_NONNULL got);
} cstruct_source;

#define CSTRUCT_SOURCE_VERSION 1

/* Records that were read, with the message of what went wrong last. */
typedef struct CSTRUCT_SENDABLE cstruct_ctx cstruct_ctx;

/*
 * Reads all records of a CSV file. The first line names the columns: the first is the name, the second the value, all others
 * are samples; each further line must have as many. Fields may be quoted, and a quote within is doubled; lines end with LF, CR LF, or the end.
 * An empty name is a record without a name. Bytes are taken as they are: no encoding is asked for, but NUL is refused, and a
 * byte order mark at the beginning is passed over. A blank line is skipped. A quote opens only at the beginning of a field;
 * further on it is text. A file without a header line is refused.
 *
 * A value is a decimal whole number of 32 bits. A sample is a decimal number, with or without an exponent, or nan, inf or
 * infinity in any case, or an empty field, which is NaN. One too large for a double is refused. There are no blanks round numbers.
 *
 * ON A FAILURE TOO a handle is handed out, holding the message, the line and the column: it must be closed like any other. Only
 * with CSTRUCT_NO_MEMORY and CSTRUCT_INVALID it is NULL. A handle of a failed opening has no records.
 */
cstruct_status cstruct_open(CSTRUCT_CALL_ONLY CSTRUCT_TEXT const char *CSTRUCT_NONNULL path,
                            CSTRUCT_CALL_ONLY const cstruct_open_options *CSTRUCT_NULLABLE options,
                            CSTRUCT_OWNED(cstruct_close) CSTRUCT_VALID_ON(any)
                            cstruct_ctx *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* The same from a source of the caller's, read to its end before this returns. `options` NULL: the usual ones. */
cstruct_status cstruct_open_source(CSTRUCT_CALL_ONLY const cstruct_source *CSTRUCT_NONNULL source,
                                   CSTRUCT_CALL_ONLY const cstruct_open_options *CSTRUCT_NULLABLE options,
                                   CSTRUCT_OWNED(cstruct_close) CSTRUCT_VALID_ON(any)
                                   cstruct_ctx *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* The same from bytes in memory: `text` is only looked at. */
cstruct_status cstruct_open_text(CSTRUCT_CALL_ONLY const cstruct_text *CSTRUCT_NONNULL text,
                                 CSTRUCT_CALL_ONLY const cstruct_open_options *CSTRUCT_NULLABLE options,
                                 CSTRUCT_OWNED(cstruct_close) CSTRUCT_VALID_ON(any)
                                 cstruct_ctx *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* Releases it with its records. CSTRUCT_BUSY while queries on it live: it is still open. NULL: nothing happens, CSTRUCT_OK. */
cstruct_status cstruct_close(CSTRUCT_RELEASES(on_success) cstruct_ctx *CSTRUCT_NULLABLE self);

/* What went wrong last, as a sentence; "" when nothing did. Ends with the next call on `self`, this one included. */
CSTRUCT_LAST_ERROR(self) CSTRUCT_BORROWED(self, next_call) CSTRUCT_TEXT
const char *CSTRUCT_NONNULL cstruct_errmsg(CSTRUCT_CALL_ONLY const cstruct_ctx *CSTRUCT_NONNULL self);

/* The line and the column, both from 1 and the column in bytes, of the latest CSTRUCT_PARSE; 0 and 0 when there was none. */
CSTRUCT_LAST_ERROR(self)
void cstruct_error_at(CSTRUCT_CALL_ONLY const cstruct_ctx *CSTRUCT_NONNULL self, CSTRUCT_OUT uint64_t *CSTRUCT_NONNULL line,
                      CSTRUCT_OUT uint64_t *CSTRUCT_NONNULL column);

/* How many records it holds. */
size_t cstruct_count(CSTRUCT_CALL_ONLY const cstruct_ctx *CSTRUCT_NONNULL self);

/* Hands over all records as one list. CSTRUCT_BUSY while queries live; CSTRUCT_NOT_FOUND when there is none. */
cstruct_status cstruct_take(CSTRUCT_CALL_ONLY cstruct_ctx *CSTRUCT_NONNULL self,
                            CSTRUCT_OWNED(cstruct_free) CSTRUCT_VALID_ON(CSTRUCT_OK) cstruct *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* A walk over those records of a context whose names begin alike. */
typedef struct CSTRUCT_SENDABLE cstruct_query cstruct_query;

/*
 * Starts before the first record whose name begins with `prefix`, which is copied; NULL or "" means all, nameless ones included.
 * The context counts its queries, so queries of one context belong on one thread at a time, as the context does.
 */
cstruct_status cstruct_query_new(CSTRUCT_CALL_ONLY cstruct_ctx *CSTRUCT_NONNULL ctx,
                                 CSTRUCT_CALL_ONLY CSTRUCT_TEXT const char *CSTRUCT_NULLABLE prefix,
                                 CSTRUCT_OWNED(cstruct_query_end) CSTRUCT_CHILD_OF(ctx) CSTRUCT_VALID_ON(CSTRUCT_OK)
                                 cstruct_query *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* The next record, or CSTRUCT_DONE and NULL when there is none. */
cstruct_status cstruct_query_step(CSTRUCT_CALL_ONLY cstruct_query *CSTRUCT_NONNULL self,
                                  CSTRUCT_BORROWED(self, changed) CSTRUCT_VALID_ON(CSTRUCT_OK)
                                  const cstruct *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* Starts again before the first. */
void cstruct_query_rewind(CSTRUCT_CALL_ONLY cstruct_query *CSTRUCT_NONNULL self);

/* Releases it. NULL: nothing happens. */
void cstruct_query_end(CSTRUCT_RELEASES(always) cstruct_query *CSTRUCT_NULLABLE self);

/* ---- Writing ------------------------------------------------------------------------------------------------------ */

/* A CSV file being written. */
typedef struct CSTRUCT_SENDABLE cstruct_writer cstruct_writer;

/* Creates the file, or empties the one that is there. What is written may stay in memory until it is closed. CSTRUCT_IO: `errno` says why. */
cstruct_status cstruct_writer_open(CSTRUCT_CALL_ONLY CSTRUCT_TEXT const char *CSTRUCT_NONNULL path,
                                   CSTRUCT_OWNED(cstruct_writer_close) CSTRUCT_VALID_ON(CSTRUCT_OK)
                                   cstruct_writer *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/*
 * Lets the writer collect its output in the caller's `buffer` of `len` bytes, which it goes on using until it is closed. Only
 * before the first record: CSTRUCT_BUSY after it, or when it was said before. CSTRUCT_INVALID for a length of 0. CSTRUCT_UNSUPPORTED when the system's C library
 * does not take it: then it is not used.
 */
cstruct_status cstruct_writer_buffer(CSTRUCT_CALL_ONLY cstruct_writer *CSTRUCT_NONNULL self,
                                     CSTRUCT_KEEPS(cstruct_writer_close) CSTRUCT_COUNTED(len) char *CSTRUCT_NONNULL buffer, size_t len);

/*
 * Writes this one record; those that follow it are not written. The first record decides how many samples a
 * line has, and the header line; another number is CSTRUCT_INVALID and writes nothing. CSTRUCT_IO when the system refuses, at every
 * further call too: no later record is written behind a gap. `errno` says why.
 */
cstruct_status cstruct_writer_write(CSTRUCT_CALL_ONLY cstruct_writer *CSTRUCT_NONNULL self,
                                    CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL record);

/*
 * Writes out what is still in memory and closes the file. The writer is gone whatever the answer. CSTRUCT_IO says that what was
 * written earlier may be lost, and `errno` why. Without any record the file has the header line "name,value". NULL: nothing
 * happens, CSTRUCT_OK.
 */
cstruct_status cstruct_writer_close(CSTRUCT_RELEASES(always) cstruct_writer *CSTRUCT_NULLABLE self);

/* ---- An immutable blob with a count ------------------------------------------------------------------------------- */

/* Bytes that never change, shared by counting. The count is atomic. */
typedef struct CSTRUCT_SHAREABLE cstruct_blob cstruct_blob;

/* The highest count there is. */
#define CSTRUCT_BLOB_MAX_COUNT 65535

/* Copies `len` bytes into a new blob with a count of one. */
cstruct_status cstruct_blob_new(CSTRUCT_CALL_ONLY CSTRUCT_COUNTED(len) const void *CSTRUCT_NULLABLE bytes, size_t len,
                                CSTRUCT_SHARED(cstruct_blob_retain, cstruct_blob_release) CSTRUCT_VALID_ON(CSTRUCT_OK)
                                cstruct_blob *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* Takes one more count. CSTRUCT_SATURATED, and nothing was taken, at CSTRUCT_BLOB_MAX_COUNT. */
CSTRUCT_ANY_THREAD cstruct_status cstruct_blob_retain(CSTRUCT_RETAINS cstruct_blob *CSTRUCT_NONNULL self);

/* Gives one count back; the last one releases the blob. NULL: nothing happens. */
CSTRUCT_ANY_THREAD void cstruct_blob_release(CSTRUCT_RELEASES(one_count) cstruct_blob *CSTRUCT_NULLABLE self);

/* How many counts there are, at some moment during the call. One means that the caller's is the only one. */
CSTRUCT_ANY_THREAD uint32_t cstruct_blob_count(CSTRUCT_CALL_ONLY const cstruct_blob *CSTRUCT_NONNULL self);

/* The bytes, aligned for any type. Never NULL, also when there are none. */
CSTRUCT_ANY_THREAD CSTRUCT_BORROWED(self, owner_ends) CSTRUCT_COUNTED(len)
const void *CSTRUCT_NONNULL cstruct_blob_bytes(CSTRUCT_CALL_ONLY const cstruct_blob *CSTRUCT_NONNULL self,
                                               CSTRUCT_OUT size_t *CSTRUCT_NONNULL len);

/* ---- A cursor in the caller's memory ------------------------------------------------------------------------------ */

/*
 * A walk along a list, kept in room that the caller provides. It points into itself: once made it must stay where it is,
 * and a function that finds it elsewhere answers CSTRUCT_MOVED. The fields are the library's.
 */
typedef struct cstruct_cursor {
    CSTRUCT_KEEPS(cstruct_cursor_end) const cstruct *CSTRUCT_NULLABLE head;
    CSTRUCT_KEEPS(cstruct_cursor_end) const cstruct *CSTRUCT_NULLABLE at;
    CSTRUCT_BORROWED(self, owner_ends) const cstruct *CSTRUCT_NULLABLE *CSTRUCT_NULLABLE here; /* always &at of this very cursor */
    uint64_t index;
} cstruct_cursor;

/*
 * Makes a cursor in `self`, before the first record of `list`, which must stay as it is until the cursor has ended. What
 * was in `self` is not looked at. After a failure there is nothing to end.
 */
cstruct_status cstruct_cursor_init(CSTRUCT_INITS(cstruct_cursor_end) cstruct_cursor *CSTRUCT_NONNULL self,
                                   CSTRUCT_KEEPS(cstruct_cursor_end) const cstruct *CSTRUCT_NONNULL list);

/*
 * The next record, or CSTRUCT_DONE and NULL when there is none, however often it is asked. CSTRUCT_MOVED when the cursor is not
 * where it was made; CSTRUCT_INVALID for one that has ended and for room that is all zero.
 */
cstruct_status cstruct_cursor_step(CSTRUCT_CALL_ONLY cstruct_cursor *CSTRUCT_NONNULL self,
                                   CSTRUCT_BORROWED(self, owner_ends) CSTRUCT_VALID_ON(CSTRUCT_OK)
                                   const cstruct *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/*
 * Ends the cursor and leaves its room all zero; it may be used again. CSTRUCT_MOVED, and it goes on being counted as live, when it is
 * not where it was made: it must still be ended there. CSTRUCT_INVALID for one that has ended and for room that is all zero.
 */
cstruct_status cstruct_cursor_end(CSTRUCT_CLEARS cstruct_cursor *CSTRUCT_NONNULL self);

/* ---- A table of records ------------------------------------------------------------------------------------------- */

/* Records that are found by name. No two have the same name, and none has no name. */
typedef struct CSTRUCT_SENDABLE cstruct_table cstruct_table;

/* What a watcher is told. */
typedef enum cstruct_event {
    CSTRUCT_PUSHED = 0, /* the record is in the table now */
    CSTRUCT_TAKEN = 1   /* the record has left the table and is still whole */
} cstruct_event;

/* Looks at a record in the table; any answer but 0 stops the walk. */
typedef int (*cstruct_each_fn)(CSTRUCT_USER(this_call) void *CSTRUCT_NULLABLE user, CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL record);

/* Is told of a change to the table. */
typedef void (*cstruct_watch_fn)(CSTRUCT_USER(replaced) void *CSTRUCT_NULLABLE user, cstruct_event event,
                                 CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL record);

/* Ends what `user` points to. */
typedef void (*cstruct_destroy_fn)(CSTRUCT_TAKES(always) void *CSTRUCT_NULLABLE user);

/* An empty table for up to `capacity` records; 0 means as many as memory holds. */
cstruct_status cstruct_table_new(size_t capacity, CSTRUCT_OWNED(cstruct_table_free) CSTRUCT_VALID_ON(CSTRUCT_OK)
                                 cstruct_table *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/*
 * Ends the watcher, which is not told of what follows, then releases the records and the table. CSTRUCT_BUSY, and it is as it
 * was, while a batch on it lives or when called from a function that the table is calling. NULL: nothing happens, CSTRUCT_OK.
 */
cstruct_status cstruct_table_free(CSTRUCT_RELEASES(on_success) cstruct_table *CSTRUCT_NULLABLE self);

/* How many records there are. */
size_t cstruct_table_len(CSTRUCT_CALL_ONLY const cstruct_table *CSTRUCT_NONNULL self);

/*
 * Puts one record into the table. CSTRUCT_INVALID (no name, or others follow it), CSTRUCT_BUSY (called from a function that the table
 * is calling: a look, a watcher or a destroy), CSTRUCT_FULL, CSTRUCT_DUPLICATE, CSTRUCT_NO_MEMORY, the first of these that holds: the
 * record is still the caller's.
 */
cstruct_status cstruct_table_push(CSTRUCT_CALL_ONLY cstruct_table *CSTRUCT_NONNULL self, CSTRUCT_TAKES(on_success) cstruct *CSTRUCT_NONNULL record);

/* The same, but a record that is refused has been released, with those that follow it; also when `self` is NULL. */
cstruct_status cstruct_table_push_or_free(CSTRUCT_CALL_ONLY cstruct_table *CSTRUCT_NONNULL self, CSTRUCT_TAKES(always) cstruct *CSTRUCT_NONNULL record);

/* The record at `index`, in no stated order that holds until the table is changed; NULL when there are not so many. */
CSTRUCT_BORROWED(self, changed)
const cstruct *CSTRUCT_NULLABLE cstruct_table_at(CSTRUCT_CALL_ONLY const cstruct_table *CSTRUCT_NONNULL self, size_t index);

/* The record of that name, or NULL. */
CSTRUCT_BORROWED(self, changed)
const cstruct *CSTRUCT_NULLABLE cstruct_table_find(CSTRUCT_CALL_ONLY const cstruct_table *CSTRUCT_NONNULL self,
                                                   CSTRUCT_CALL_ONLY CSTRUCT_TEXT const char *CSTRUCT_NONNULL name);

/* Takes the record of that name out of the table. CSTRUCT_NOT_FOUND; CSTRUCT_BUSY from a function that the table is calling. */
cstruct_status cstruct_table_take(CSTRUCT_CALL_ONLY cstruct_table *CSTRUCT_NONNULL self, CSTRUCT_CALL_ONLY CSTRUCT_TEXT const char *CSTRUCT_NONNULL name,
                                  CSTRUCT_OWNED(cstruct_free) CSTRUCT_VALID_ON(CSTRUCT_OK) cstruct *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/*
 * Calls `fn` with each record, in the order of their indices. CSTRUCT_STOPPED when it answered other than 0. The table cannot be
 * changed meanwhile: that is refused with CSTRUCT_BUSY. Looking is not, this function included.
 */
cstruct_status cstruct_table_each(CSTRUCT_CALL_ONLY cstruct_table *CSTRUCT_NONNULL self,
                                  CSTRUCT_CALLBACK(user, this_call) cstruct_each_fn CSTRUCT_NONNULL fn,
                                  CSTRUCT_USER(this_call) void *CSTRUCT_NULLABLE user);

/*
 * Calls `fn` after each change from now on, in place of the watcher that there was, whose `destroy` is called
 * with its `user` before this returns. `fn` NULL: no watcher any more, and `user` and `destroy` must be NULL
 * as well, else CSTRUCT_INVALID. `destroy` may be NULL. CSTRUCT_BUSY when called from a function that the table is calling: the
 * watcher and `destroy` may look at the table but not change it. After a failure nothing was taken: `user` is the caller's.
 */
cstruct_status cstruct_table_watch(CSTRUCT_CALL_ONLY cstruct_table *CSTRUCT_NONNULL self,
                                   CSTRUCT_CALLBACK(user, replaced) cstruct_watch_fn CSTRUCT_NULLABLE fn,
                                   CSTRUCT_USER(replaced) void *CSTRUCT_NULLABLE user,
                                   CSTRUCT_DESTROYS(user) cstruct_destroy_fn CSTRUCT_NULLABLE destroy);

/* Changes to a table that happen together or not at all. */
typedef struct CSTRUCT_SENDABLE cstruct_batch cstruct_batch;

/*
 * Begins a batch on `table`, which may be changed meanwhile. CSTRUCT_BUSY while another one lives, or when called from a function
 * that the table is calling.
 */
cstruct_status cstruct_batch_begin(CSTRUCT_CALL_ONLY cstruct_table *CSTRUCT_NONNULL table,
                                   CSTRUCT_OWNED(cstruct_batch_rollback) CSTRUCT_CHILD_OF(table) CSTRUCT_VALID_ON(CSTRUCT_OK)
                                   cstruct_batch *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/*
 * Puts a record into the batch. CSTRUCT_INVALID as for cstruct_table_push, and nothing else: it needs no memory, and what the table
 * would refuse shows at the commit.
 */
cstruct_status cstruct_batch_push(CSTRUCT_CALL_ONLY cstruct_batch *CSTRUCT_NONNULL self, CSTRUCT_TAKES(on_success) cstruct *CSTRUCT_NONNULL record);

/*
 * Puts all records of the batch into the table, in their order, and ends the batch. After that the watcher is told of each: it
 * finds them all there and the batch gone. On a failure (CSTRUCT_BUSY when called from a function that the table is calling,
 * CSTRUCT_FULL, CSTRUCT_NO_MEMORY, CSTRUCT_DUPLICATE, also of two in the batch) the table is as it was, except that it may hold more
 * spare memory, the watcher is told nothing, and the batch is still there.
 */
cstruct_status cstruct_batch_commit(CSTRUCT_RELEASES(on_success) cstruct_batch *CSTRUCT_NONNULL self);

/* Ends the batch and releases its records; the table is as it was. NULL: nothing happens. */
void cstruct_batch_rollback(CSTRUCT_RELEASES(always) cstruct_batch *CSTRUCT_NULLABLE self);

/* ---- A scratch arena ---------------------------------------------------------------------------------------------- */

/*
 * Memory whose pieces end together. Only the thread that made it may use or release it. Any other that runs at the same time is
 * refused; once the maker has ended, a later thread may be taken for it, so release an arena before its thread ends.
 */
typedef struct CSTRUCT_THREAD_BOUND cstruct_arena cstruct_arena;

/* An empty arena of the calling thread. */
cstruct_status cstruct_arena_new(CSTRUCT_OWNED(cstruct_arena_release) CSTRUCT_VALID_ON(CSTRUCT_OK)
                                 cstruct_arena *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* `len` zeroed bytes, aligned for any type; not NULL for a length of 0 either. */
CSTRUCT_HOME_THREAD
cstruct_status cstruct_arena_alloc(CSTRUCT_CALL_ONLY cstruct_arena *CSTRUCT_NONNULL self, size_t len,
                                   CSTRUCT_BORROWED(self, owner_ends) CSTRUCT_VALID_ON(CSTRUCT_OK)
                                   void *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* A copy of one record, without those that follow it, that lives in the arena. It must not be given to cstruct_free. */
CSTRUCT_HOME_THREAD
cstruct_status cstruct_arena_copy(CSTRUCT_CALL_ONLY cstruct_arena *CSTRUCT_NONNULL self, CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL record,
                                  CSTRUCT_BORROWED(self, owner_ends) CSTRUCT_VALID_ON(CSTRUCT_OK)
                                  const cstruct *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* Releases the arena and all that is in it. CSTRUCT_WRONG_THREAD, and it is as it was, on another thread. NULL: nothing happens, CSTRUCT_OK. */
CSTRUCT_HOME_THREAD
cstruct_status cstruct_arena_release(CSTRUCT_RELEASES(on_success) cstruct_arena *CSTRUCT_NULLABLE self);

/* ---- A meter ------------------------------------------------------------------------------------------------------ */

/* One reading of the process's memory use. */
typedef struct CSTRUCT_PLAIN cstruct_reading {
    uint64_t at_us;  /* microseconds since the meter was started */
    uint64_t bytes;  /* resident memory of the process */
} cstruct_reading;

/* A thread of the library's that reads the memory use of the process again and again. */
typedef struct CSTRUCT_SENDABLE cstruct_meter cstruct_meter;

/*
 * Starts a thread that takes a reading every `period_us` microseconds, and one at once, into `ring`, a ring of `len` readings in the
 * caller's memory: reading i is at i modulo `len`. The ring is the thread's alone until cstruct_meter_stop returns;
 * cstruct_meter_latest copies out of it meanwhile. CSTRUCT_UNSUPPORTED where the system does not tell (it reads /proc/self/statm);
 * CSTRUCT_IO when it has no further thread or open file to give; CSTRUCT_INVALID for a length or a period of 0. A reading that the
 * system refuses later is left out, and one that is late is not made up for. The thread takes no signals. It does not exist
 * in a forked child: the meter must not be used there.
 */
cstruct_status cstruct_meter_start(CSTRUCT_KEEPS(cstruct_meter_stop) CSTRUCT_COUNTED(len) cstruct_reading *CSTRUCT_NONNULL ring, size_t len,
                                   uint64_t period_us, CSTRUCT_OWNED(cstruct_meter_stop) CSTRUCT_VALID_ON(CSTRUCT_OK)
                                   cstruct_meter *CSTRUCT_NULLABLE *CSTRUCT_NONNULL out);

/* How many readings were taken so far, those included that the ring has forgotten. */
CSTRUCT_ANY_THREAD uint64_t cstruct_meter_taken(CSTRUCT_CALL_ONLY const cstruct_meter *CSTRUCT_NONNULL self);

/*
 * Copies the latest readings, oldest first, up to `len` of them, into `room`, and says in `*got` how many. `room` NULL goes with
 * `len` 0. The thread waits meanwhile.
 */
CSTRUCT_ANY_THREAD
cstruct_status cstruct_meter_latest(CSTRUCT_CALL_ONLY const cstruct_meter *CSTRUCT_NONNULL self,
                                    CSTRUCT_FILLS(len, up_to) cstruct_reading *CSTRUCT_NULLABLE room, size_t len,
                                    CSTRUCT_OUT size_t *CSTRUCT_NONNULL got);

/* Stops the thread at once, whatever the period, waits for its end, and releases the meter: the ring is the caller's again. NULL: nothing happens. */
void cstruct_meter_stop(CSTRUCT_RELEASES(always) cstruct_meter *CSTRUCT_NULLABLE self);

/* ---- Where the records of a context came from ---------------------------------------------------------------------- */

/* Which of the structs below an origin is. */
typedef enum cstruct_origin_kind {
    CSTRUCT_ORIGIN_FILE = 0,  /* a cstruct_origin_file: cstruct_open, cstruct_load_start */
    CSTRUCT_ORIGIN_TEXT = 1,  /* a cstruct_origin_text: cstruct_open_text */
    CSTRUCT_ORIGIN_SOURCE = 2 /* a cstruct_origin_source: cstruct_open_source */
} cstruct_origin_kind;

/* What every origin begins with. It is part of its context, and does not change. */
typedef struct CSTRUCT_TAGGED(kind) CSTRUCT_SHAREABLE cstruct_origin {
    cstruct_origin_kind kind;
} cstruct_origin;

/* A file. */
typedef struct CSTRUCT_IS_A(cstruct_origin) CSTRUCT_SHAREABLE cstruct_origin_file {
    cstruct_origin base;
    CSTRUCT_BORROWED(self, owner_ends) CSTRUCT_TEXT const char *CSTRUCT_NONNULL path; /* a copy of what was asked for */
} cstruct_origin_file;

/* Bytes in memory. */
typedef struct CSTRUCT_IS_A(cstruct_origin) CSTRUCT_SHAREABLE cstruct_origin_text {
    cstruct_origin base;
    size_t len; /* how many there were */
} cstruct_origin_text;

/* A source of the caller's. */
typedef struct CSTRUCT_IS_A(cstruct_origin) CSTRUCT_SHAREABLE cstruct_origin_source {
    cstruct_origin base;
    uint64_t bytes; /* how many it gave */
} cstruct_origin_source;

/* Where its records came from, or should have come from; also of a failed opening. NULL for NULL. */
CSTRUCT_BORROWED(self, owner_ends)
const cstruct_origin *CSTRUCT_NULLABLE cstruct_ctx_origin(CSTRUCT_CALL_ONLY const cstruct_ctx *CSTRUCT_NONNULL self);

/* ---- Interrupting a query ------------------------------------------------------------------------------------------ */

/*
 * Lets the query of this context that is looking for its next record answer CSTRUCT_STOPPED; if none is, the next one that looks.
 * One step only, however often it was asked for before: the step after it goes on where that one was. It may be called from any
 * thread and from a signal handler, short of the end of the context; the message stays as it is. NULL: nothing happens.
 */
CSTRUCT_ANY_THREAD void cstruct_interrupt(CSTRUCT_CALL_ONLY const cstruct_ctx *CSTRUCT_NONNULL self);

/* ---- Loading in the background ------------------------------------------------------------------------------------- */

/*
 * A file being read by a thread of the library's, kept in room that the caller provides. The fields are the library's; what is in
 * them before the start does not matter.
 */
typedef struct cstruct_load {
    CSTRUCT_KEEPS(done) CSTRUCT_TEXT const char *CSTRUCT_NULLABLE path;
    CSTRUCT_KEEPS(done) const cstruct_open_options *CSTRUCT_NULLABLE options;
    CSTRUCT_USER(once) void *CSTRUCT_NULLABLE user;
    CSTRUCT_CALLBACK(user, once)
    void (*CSTRUCT_NULLABLE done)(CSTRUCT_USER(this_call) void *CSTRUCT_NULLABLE user, CSTRUCT_TAKES(always) struct cstruct_load *CSTRUCT_NONNULL request,
                                  cstruct_status status, CSTRUCT_TAKES(always) cstruct_ctx *CSTRUCT_NULLABLE ctx);
    uint32_t cancelled;
    uint32_t reserved;
} cstruct_load;

/*
 * Is told of the end of a load: what cstruct_open would have answered and handed out. The context is the callee's, who closes it, and so
 * is the request again, which may be released here, or started anew.
 */
typedef void (*cstruct_load_fn)(CSTRUCT_USER(this_call) void *CSTRUCT_NULLABLE user, CSTRUCT_TAKES(always) cstruct_load *CSTRUCT_NONNULL request,
                                cstruct_status status, CSTRUCT_TAKES(always) cstruct_ctx *CSTRUCT_NULLABLE ctx);

/*
 * Starts reading the file as cstruct_open does, and returns. With CSTRUCT_OK `done` is called exactly once, on the thread that reads, and
 * possibly before this has returned. Until then the request, which must not move, the path, and the options with all
 * that they name are the library's. After a failure they are not, and `done` is not called: CSTRUCT_IO when the system has no
 * further thread to give. The thread takes no signals; `done` must not unwind. A load counts as an object until just before `done`
 * is called.
 */
cstruct_status cstruct_load_start(CSTRUCT_PENDING(done) cstruct_load *CSTRUCT_NONNULL request,
                                  CSTRUCT_PENDING(done) CSTRUCT_TEXT const char *CSTRUCT_NONNULL path,
                                  CSTRUCT_PENDING(done) const cstruct_open_options *CSTRUCT_NULLABLE options,
                                  CSTRUCT_CALLBACK(user, once) cstruct_load_fn CSTRUCT_NONNULL done,
                                  CSTRUCT_USER(once) void *CSTRUCT_NULLABLE user);

/*
 * Asks a load that was started for an early end. `done` is called all the same: with CSTRUCT_STOPPED and a context that says so if this came
 * in time, else as if it had not been asked. A read that waits for the system, as on a pipe, is waited for. Legal until the request's memory
 * is released, also in `done` and after it, when nothing happens. NULL: nothing happens.
 */
CSTRUCT_ANY_THREAD void cstruct_load_cancel(CSTRUCT_CALL_ONLY cstruct_load *CSTRUCT_NULLABLE request);

/* ---- A pointer of the caller's in a table -------------------------------------------------------------------------- */

/*
 * Keeps `user` with the table, in place of the pointer that there was, whose `destroy` is called with it before this returns; so it is when
 * the table is released, behind the watcher's and with the records still there. `destroy` may be NULL; `user` NULL empties the slot, and
 * then `destroy` must be NULL as well, else CSTRUCT_INVALID. CSTRUCT_BUSY when called from a function that the table is
 * calling. After a failure nothing was taken: `user` is the caller's.
 */
CSTRUCT_USER_SLOT(destroy)
cstruct_status cstruct_table_set_user(CSTRUCT_CALL_ONLY cstruct_table *CSTRUCT_NONNULL self,
                                      CSTRUCT_USER(replaced) void *CSTRUCT_NULLABLE user,
                                      CSTRUCT_DESTROYS(user) cstruct_destroy_fn CSTRUCT_NULLABLE destroy);

/* The pointer that is kept, or NULL. While it is being destroyed it is not there any more. */
CSTRUCT_BORROWED(self, changed)
void *CSTRUCT_NULLABLE cstruct_table_user(CSTRUCT_CALL_ONLY const cstruct_table *CSTRUCT_NONNULL self);

/* ---- Reading a table in order -------------------------------------------------------------------------------------- */

/*
 * Begins a read section. Until it is ended nothing comes into the table or leaves it: cstruct_table_push, cstruct_table_take and
 * cstruct_batch_commit are refused with CSTRUCT_BUSY. Sections may be nested, and ended on another thread than the one that began them; the
 * end of the table ends them too. Beginning the outermost one sorts the records, for cstruct_table_sorted_at.
 */
CSTRUCT_BEGINS(cstruct_table_read_end)
cstruct_status cstruct_table_read_begin(CSTRUCT_CALL_ONLY cstruct_table *CSTRUCT_NONNULL self);

/* Ends the innermost read section. CSTRUCT_INVALID when there is none. */
CSTRUCT_ENDS(cstruct_table_read_begin)
cstruct_status cstruct_table_read_end(CSTRUCT_CALL_ONLY cstruct_table *CSTRUCT_NONNULL self);

/*
 * Only within a read section: the record at `index` in the order of the names' bytes, NULL when there are not so many. Outside of
 * one always NULL.
 */
CSTRUCT_BORROWED(self, changed)
const cstruct *CSTRUCT_NULLABLE cstruct_table_sorted_at(CSTRUCT_CALL_ONLY const cstruct_table *CSTRUCT_NONNULL self, size_t index);

/* ---- Folding a list ------------------------------------------------------------------------------------------------ */

/* Makes a state out of `size` zero bytes, for the group that begins with `first`. Any answer but 0 means that there is none, and stops. */
typedef int (*cstruct_fold_init_fn)(CSTRUCT_USER(this_call) void *CSTRUCT_NULLABLE user, CSTRUCT_IN_ROOM(size) void *CSTRUCT_NONNULL room, size_t size,
                                    CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL first);

/* Takes a record of the group into its state. Any answer but 0 stops. */
typedef int (*cstruct_fold_step_fn)(CSTRUCT_USER(this_call) void *CSTRUCT_NULLABLE user, CSTRUCT_IN_ROOM(size) void *CSTRUCT_NONNULL room, size_t size,
                                    CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL record);

/* Ends a state, and makes of it what is wanted if `status` is CSTRUCT_OK; if it is not, the fold has failed, and it only ends it. */
typedef void (*cstruct_fold_finish_fn)(CSTRUCT_USER(this_call) void *CSTRUCT_NULLABLE user, CSTRUCT_IN_ROOM(size) void *CSTRUCT_NONNULL room, size_t size,
                                       CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL first, cstruct_status status);

/*
 * Folds the records of the list that have the same name into one state each; those without a name are a group too. A state lives in room of
 * the library's, `size` bytes, aligned to `align`, and stays where it is from its `init` to its `finish`. `init` is called at the first record
 * of a group, `step` with each of its records, that one included, and `finish`, when the list is at its end or something failed, exactly
 * once for each state that `init` has made, in that order. None of them may unwind.
 *
 * CSTRUCT_INVALID when `size` is 0 or `align` is no power of two; CSTRUCT_STOPPED when `init` or `step` answered other than 0.
 */
cstruct_status cstruct_fold(CSTRUCT_CALL_ONLY const cstruct *CSTRUCT_NONNULL list, size_t size, size_t align,
                            CSTRUCT_CALLBACK(user, this_call) cstruct_fold_init_fn CSTRUCT_NONNULL init,
                            CSTRUCT_CALLBACK(user, this_call) cstruct_fold_step_fn CSTRUCT_NONNULL step,
                            CSTRUCT_CALLBACK(user, this_call) cstruct_fold_finish_fn CSTRUCT_NONNULL finish,
                            CSTRUCT_USER(this_call) void *CSTRUCT_NULLABLE user);

/* ---- How samples are written --------------------------------------------------------------------------------------- */

/*
 * From now on the samples that the calling thread writes, into texts and files, have at most this many significant digits, 1 to 17. 0, with which
 * every thread begins: as many as are needed to read them back the same. `*old` is what was set before. CSTRUCT_INVALID for
 * another number: it stays as it was.
 */
CSTRUCT_SETS(thread) cstruct_status cstruct_digits_set(uint32_t digits, CSTRUCT_OUT uint32_t *CSTRUCT_NONNULL old);

#ifdef __cplusplus
}
#endif

#endif
