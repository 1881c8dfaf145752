/*
 * loops.h: each job of the measurement as a careful C programmer writes it, `count` times over.
 *
 * A call that fails ends the program: there is nothing to measure then.
 */
#ifndef LOOPS_H
#define LOOPS_H

#include "cstruct.h"

/* A record without name and samples; with both; two of them round a call; `text` duplicated by malloc. Each is released at once. */
void loop_bare(uint64_t count);
void loop_filled(uint64_t count, const char *name, const double *samples, size_t len);
void loop_scope(uint64_t count);
void loop_text(uint64_t count, const char *text);
/* An arena, closed with its answer looked at. */
void loop_close(uint64_t count);

/* The number of a record, eight times, by the function and by the field. */
void loop_value(uint64_t count, const cstruct *record);
void loop_field(uint64_t count, const cstruct *record);

/* One count more, and back. */
void loop_share(uint64_t count, cstruct_blob *blob);

/* A deep copy of a list, released at once: by the library, and into one block. */
void loop_dup(uint64_t count, const cstruct *list);
void loop_flat(uint64_t count, const cstruct *list);

/* The sum of all values: of a table by index, of a list by its links, and of a table by callback. */
int64_t loop_table(uint64_t count, const cstruct_table *table);
int64_t loop_list(uint64_t count, const cstruct *list);
int64_t loop_each(uint64_t count, cstruct_table *table);

/* CSV read into a list, which is released. */
void loop_csv(uint64_t count, const cstruct_text *text);

#endif
