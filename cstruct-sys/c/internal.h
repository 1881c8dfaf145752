/*
 * internal.h: what the source files of the library share. Nothing here is for users.
 */
#ifndef CSTRUCT_INTERNAL_H
#define CSTRUCT_INTERNAL_H

#include "cstruct.h"

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

/* ---- record.c ----------------------------------------------------------------------------------------------------- */

/* A deep copy of this one record, without those that follow it. */
cstruct_status cstruct_dup_one_(const cstruct *record, cstruct **out);

#endif
