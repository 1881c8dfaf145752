/*
 * internal.h: what the source files of the library share. Nothing here is for users.
 */
#ifndef CSTRUCT_INTERNAL_H
#define CSTRUCT_INTERNAL_H

#include "cstruct.h"

#include <stdatomic.h>
#include <stdbool.h>

/* ---- library.c: objects and memory -------------------------------------------------------------------------------- */

/*
 * Every object is counted before its first allocation and uncounted after its last release. While the
 * count is not zero the allocator cannot change, so what was allocated from it is given back to it.
 */
void cstruct_object_begin_(void);
void cstruct_object_end_(void);

/* `size` bytes, or NULL. A size of 0 is not asked for by anyone. Not zeroed. Only between begin and end of some object. */
void *cstruct_mem_get_(size_t size);
/* The block with another size; on NULL the old one is as it was. `block` NULL and `old_size` 0 make a new one. */
void *cstruct_mem_resize_(void *block, size_t old_size, size_t new_size);
/* Gives back a block of exactly that size. NULL: nothing happens. */
void cstruct_mem_put_(void *block, size_t size);

/* `count * size`, or false when that does not fit into a size_t. */
bool cstruct_size_mul_(size_t count, size_t size, size_t *out);
/* `a + b`, or false when that does not fit into a size_t. */
bool cstruct_size_add_(size_t a, size_t b, size_t *out);

/* ---- text.c: a growing text, and numbers in it -------------------------------------------------------------------- */

/* Adds `len` bytes and keeps a NUL behind them. On a failure the text is as it was. */
cstruct_status cstruct_text_add_(cstruct_text *text, const char *bytes, size_t len);
/* Adds a record as a line of CSV without its end, exactly as it is written to files. */
cstruct_status cstruct_text_add_record_(cstruct_text *text, const cstruct *record);
/* Adds the header line for records of `samples` samples, without its end. */
cstruct_status cstruct_text_add_header_(cstruct_text *text, size_t samples);

/* Releases what the text holds and leaves it empty. Unlike cstruct_text_dispose it ends no object. */
void cstruct_text_put_(cstruct_text *text);

/* ---- number_read.c, number_write.c -------------------------------------------------------------------------------- */

typedef enum cstruct_number_ {
    CSTRUCT_NUMBER_OK_,
    CSTRUCT_NUMBER_NONE_,     /* no number begins there */
    CSTRUCT_NUMBER_TOO_LARGE_ /* it has the form of a number, but the type cannot hold it */
} cstruct_number_;

/*
 * Reads a number from the start of `text` and tells in `*end` where it ends; not when there is none. A byte that no number
 * contains must stand behind the text: a NUL, a line end, a delimiter or a quote.
 */
cstruct_number_ cstruct_number_read_(const char *text, const char **end, double *out);
cstruct_number_ cstruct_integer_read_(const char *text, const char **end, int32_t *out);

/* Room for any number with its NUL, in any locale. */
#define CSTRUCT_NUMBER_ROOM_ 48

/* Writes `x` as this thread writes numbers, without a NUL that could be relied on, and returns how many bytes that were: none for NaN. */
size_t cstruct_number_write_(double x, char room[CSTRUCT_NUMBER_ROOM_]);

/* ---- digits.c ------------------------------------------------------------------------------------------------------- */

/* How many digits this thread writes at most; 0: as many as are needed. */
uint32_t cstruct_digits_(void);

/* ---- fault.c: what went wrong, in words ----------------------------------------------------------------------------- */

/* A sentence and, for CSTRUCT_PARSE, the place. It has its room in itself: telling that memory is short takes none. */
typedef struct cstruct_fault_ {
    uint64_t line;
    uint64_t column;
    char text[512];
} cstruct_fault_;

#if defined(__GNUC__)
#define CSTRUCT_PRINTF_(text, first) __attribute__((format(printf, text, first)))
#else
#define CSTRUCT_PRINTF_(text, first)
#endif

/* Says the sentence; the place stays as it was. */
void cstruct_fault_say_(cstruct_fault_ *fault, const char *format, ...) CSTRUCT_PRINTF_(2, 3);
/* Says "line 3, column 7: " and the sentence, and keeps the place. */
void cstruct_fault_at_(cstruct_fault_ *fault, uint64_t line, uint64_t column, const char *format, ...)
    CSTRUCT_PRINTF_(4, 5);

/* Room for a quotation. */
#define CSTRUCT_QUOTED_ROOM_ 260

/* `bytes` as they can be shown: what cannot be printed as \xNN, at most `most` characters, then "...". Returns `room`. */
const char *cstruct_quoted_(char room[CSTRUCT_QUOTED_ROOM_], const char *bytes, size_t len, size_t most);
/* The text of an error number of the system. Returns `room`. */
const char *cstruct_errno_text_(char room[CSTRUCT_QUOTED_ROOM_], int number);

/* ---- options.c ------------------------------------------------------------------------------------------------------ */

/* CSTRUCT_INVALID or CSTRUCT_VERSION, with the reason, if nothing can be read with these. */
cstruct_status cstruct_options_check_(const cstruct_open_options *options, cstruct_fault_ *fault);

/* ---- source.c: files and memory as sources -------------------------------------------------------------------------- */

/* A file being read, with what the system said when that failed. */
typedef struct cstruct_file_ {
    void *stream; /* a FILE * */
    int error;
    const cstruct_load *load; /* for which it is read; when that is cancelled, reading answers CSTRUCT_STOPPED. NULL: none */
} cstruct_file_;

cstruct_status cstruct_file_open_(cstruct_file_ *file, const char *path);
void cstruct_file_close_(cstruct_file_ *file);
cstruct_source cstruct_file_source_(cstruct_file_ *file);

/* Bytes in memory that were not read yet. */
typedef struct cstruct_memory_ {
    const char *at;
    size_t len;
} cstruct_memory_;

cstruct_source cstruct_memory_source_(cstruct_memory_ *memory);

/* ---- input.c: from bytes to lines ----------------------------------------------------------------------------------- */

/*
 * A window on the bytes of a source, and in it one line: what is between two line ends that are not in quotes. The window
 * grows until a line fits. All offsets are into `data`.
 */
typedef struct cstruct_input_ {
    const cstruct_source *source;
    const cstruct_open_options *options;
    cstruct_fault_ *fault;
    char *data;
    size_t cap; /* size of `data`: one byte more than is filled from the source */
    size_t end; /* of what is filled; a line feed stands here, in the byte more */
    bool ended; /* the source has no more */
    bool over;  /* there is no further line */

    size_t at;       /* the line begins here */
    size_t stop;     /* the line ends here, before its line end */
    size_t next;     /* the next line begins here */
    uint64_t line;   /* its number, from 1 */
    uint64_t next_line;
    uint64_t lead;   /* bytes before `at` that belong to the same line: a byte order mark */
    size_t quote_at; /* the first quote at or after `at`, or `end` */
    size_t nul_at;   /* the first NUL at or after `at`, or `end` */
} cstruct_input_;

/* Gets the first bytes. After a failure too, the input must be ended. */
cstruct_status cstruct_input_begin_(cstruct_input_ *input, const cstruct_source *source,
                                    const cstruct_open_options *options, cstruct_fault_ *fault);
void cstruct_input_end_(cstruct_input_ *input);
/* Goes to the next line that is not blank. Sets `over` when there is none. A failure may be any status: the source's own. */
cstruct_status cstruct_input_step_(cstruct_input_ *input);
/* Is there a quote in the line? */
bool cstruct_input_has_quote_(const cstruct_input_ *input);
/* CSTRUCT_PARSE, with a sentence about the byte `where`, which is in the line or just behind it. */
cstruct_status cstruct_input_fault_(const cstruct_input_ *input, const char *where, const char *format, ...)
    CSTRUCT_PRINTF_(3, 4);

/* ---- csv.c: from lines to records ----------------------------------------------------------------------------------- */

/* Reads all records. On a failure there are none, and `fault` says why. */
cstruct_status cstruct_csv_read_(const cstruct_source *source, const cstruct_open_options *options,
                                 cstruct_fault_ *fault, cstruct **head, size_t *count);

/* ---- ctx.c ---------------------------------------------------------------------------------------------------------- */

struct cstruct_ctx {
    size_t size; /* of the block that it is in */
    cstruct *head;
    size_t count;
    size_t queries; /* that live */
    atomic_bool interrupted; /* some step shall stop */
    cstruct_fault_ fault;
    union {
        cstruct_origin any;
        cstruct_origin_file file;
        cstruct_origin_text text;
        cstruct_origin_source source;
    } origin;
    char path[]; /* of the file, if it is one */
};

/* cstruct_open, for `load` if that is not NULL. Neither `path` nor `out` is NULL, and `*out` is. */
cstruct_status cstruct_open_file_(const char *path, const cstruct_open_options *options, const cstruct_load *load,
                                  cstruct_ctx **out);

/* ---- interrupt.c ---------------------------------------------------------------------------------------------------- */

/* Shall this step stop? Says so once for all that asked before. */
bool cstruct_interrupted_(cstruct_ctx *ctx);

/* ---- load.c --------------------------------------------------------------------------------------------------------- */

bool cstruct_load_cancelled_(const cstruct_load *request);

/* ---- record.c ----------------------------------------------------------------------------------------------------- */

/* A deep copy of this one record, without those that follow it. */
cstruct_status cstruct_dup_one_(const cstruct *record, cstruct **out);
/* A record with `samples` samples, not set yet, in exactly the room they need. `name`: `name_len` bytes, or NULL. */
cstruct_status cstruct_new_sized_(int32_t value, const char *name, size_t name_len, size_t samples, cstruct **out);

#endif
