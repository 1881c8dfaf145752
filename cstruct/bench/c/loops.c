/*
 * loops.c: see loops.h.
 */
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "loops.h"

#include <stdlib.h>
#include <string.h>

/* What the compiler must believe to be used, and changed, behind its back. */
#define KEEP(pointer) __asm__ volatile("" : "+r"(pointer) : : "memory")

/* What the compiler must believe to be used. It costs nothing: to add values up makes each wait for the one before. */
#define USE(value) __asm__ volatile("" : : "r"(value))

static void must(cstruct_status status)
{
    if (status != CSTRUCT_OK) {
        abort();
    }
}

/* ---- Making and releasing ----------------------------------------------------------------------------------------- */

void loop_bare(uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        cstruct *record;
        must(cstruct_new((int32_t)i, NULL, &record));
        cstruct_free(record);
    }
}

void loop_filled(uint64_t count, const char *name, const double *samples, size_t len)
{
    for (uint64_t i = 0; i < count; i++) {
        cstruct *record;
        must(cstruct_new((int32_t)i, name, &record));
        must(cstruct_append(record, samples, len));
        cstruct_free(record);
    }
}

__attribute__((noinline)) static void may_stop(int stop)
{
    KEEP(stop);
    if (stop) {
        abort();
    }
}

void loop_scope(uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        cstruct *first;
        must(cstruct_new((int32_t)i, NULL, &first));
        cstruct *second;
        must(cstruct_new((int32_t)i, NULL, &second));
        may_stop(0);
        cstruct_free(second);
        cstruct_free(first);
    }
}

void loop_text(uint64_t count, const char *text)
{
    for (uint64_t i = 0; i < count; i++) {
        char *copy = strdup(text);
        KEEP(copy);
        if (copy == NULL) {
            abort();
        }
        free(copy);
    }
}

void loop_close(uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        cstruct_arena *arena;
        must(cstruct_arena_new(&arena));
        must(cstruct_arena_release(arena));
    }
}

/* ---- Reading ------------------------------------------------------------------------------------------------------ */

/* Eight readings a turn, so that the turn itself weighs little. */
#define EIGHT(statement) \
    statement statement statement statement statement statement statement statement

void loop_value(uint64_t count, const cstruct *record)
{
    for (uint64_t i = 0; i < count; i++) {
        EIGHT(KEEP(record); USE(cstruct_value(record));)
    }
}

void loop_field(uint64_t count, const cstruct *record)
{
    for (uint64_t i = 0; i < count; i++) {
        EIGHT(KEEP(record); USE(record->value);)
    }
}

int64_t loop_table(uint64_t count, const cstruct_table *table)
{
    int64_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        size_t len = cstruct_table_len(table);
        for (size_t at = 0; at < len; at++) {
            sum += cstruct_table_at(table, at)->value;
        }
    }
    return sum;
}

int64_t loop_list(uint64_t count, const cstruct *list)
{
    int64_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        KEEP(list);
        for (const cstruct *at = list; at != NULL; at = at->next) {
            sum += at->value;
        }
    }
    return sum;
}

static int add(void *user, const cstruct *record)
{
    int64_t *sum = user;
    *sum += record->value;
    return 0;
}

int64_t loop_each(uint64_t count, cstruct_table *table)
{
    int64_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        must(cstruct_table_each(table, add, &sum));
    }
    return sum;
}

/* ---- Sharing and copying ------------------------------------------------------------------------------------------ */

void loop_share(uint64_t count, cstruct_blob *blob)
{
    for (uint64_t i = 0; i < count; i++) {
        must(cstruct_blob_retain(blob));
        cstruct_blob_release(blob);
    }
}

void loop_dup(uint64_t count, const cstruct *list)
{
    for (uint64_t i = 0; i < count; i++) {
        cstruct *copy;
        must(cstruct_dup(list, &copy));
        cstruct_free(copy);
    }
}

/* The records as an array, then all samples, then all names, in one block; with the length of each name measured once a pass. */
static cstruct *flat(const cstruct *list)
{
    size_t records = 0;
    size_t samples = 0;
    size_t bytes = 0;
    for (const cstruct *at = list; at != NULL; at = at->next) {
        records++;
        samples += at->samples_len;
        bytes += at->name == NULL ? 0 : strlen(at->name) + 1;
    }
    cstruct *copies = malloc(records * sizeof *copies + samples * sizeof(double) + bytes);
    if (copies == NULL) {
        abort();
    }
    double *sample = (double *)(copies + records);
    char *name = (char *)(sample + samples);
    cstruct *copy = copies;
    for (const cstruct *at = list; at != NULL; at = at->next, copy++) {
        *copy = (cstruct){.value = at->value, .samples_len = at->samples_len, .samples_cap = at->samples_len};
        if (at->samples_len != 0) {
            memcpy(sample, at->samples, at->samples_len * sizeof *sample);
            copy->samples = sample;
            sample += at->samples_len;
        }
        if (at->name != NULL) {
            size_t size = strlen(at->name) + 1;
            memcpy(name, at->name, size);
            copy->name = name;
            name += size;
        }
        copy->next = at->next == NULL ? NULL : copy + 1;
    }
    return copies;
}

void loop_flat(uint64_t count, const cstruct *list)
{
    for (uint64_t i = 0; i < count; i++) {
        cstruct *copies = flat(list);
        KEEP(copies);
        free(copies);
    }
}

void loop_csv(uint64_t count, const cstruct_text *text)
{
    for (uint64_t i = 0; i < count; i++) {
        cstruct_ctx *ctx;
        must(cstruct_open_text(text, NULL, &ctx));
        cstruct *list;
        must(cstruct_take(ctx, &list));
        must(cstruct_close(ctx));
        cstruct_free(list);
    }
}
