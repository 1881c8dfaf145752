/*
 * arena.c: memory in blocks that end together, of one thread.
 *
 * A piece is cut off the block in hand. When it does not fit, a larger block is fetched, so few ever are. A piece that would
 * take more than a quarter of that gets a block of its own instead, and the one in hand stays in hand.
 *
 * A thread is told by the address of a variable of which every thread has its own. THE LIMIT: when a thread has ended, a
 * later one may get the same address, and would then be taken for it. Two threads that run at the same time never are.
 */
#include "internal.h"

#include <stdalign.h>
#include <string.h>

#define FIRST_BLOCK ((size_t)4096)
#define LARGEST_BLOCK ((size_t)1024 * 1024)

typedef struct block {
    struct block *next;
    size_t size; /* of all of it, this head included */
    alignas(max_align_t) unsigned char bytes[];
} block;

struct cstruct_arena {
    const char *home;
    block *blocks;
    unsigned char *at; /* the rest of the block in hand: `rest` bytes from here */
    size_t rest;
    size_t next_size; /* of the next block */
};

_Static_assert(sizeof(cstruct) % alignof(double) == 0, "samples may follow a record directly");
_Static_assert(sizeof(block) % alignof(max_align_t) == 0, "pieces begin aligned");

static _Thread_local const char here;

static cstruct_status check(const cstruct_arena *self)
{
    if (self == NULL) {
        return CSTRUCT_INVALID;
    }
    return self->home == &here ? CSTRUCT_OK : CSTRUCT_WRONG_THREAD;
}

cstruct_status cstruct_arena_new(cstruct_arena **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    cstruct_object_begin_();
    cstruct_arena *self = cstruct_mem_get_(sizeof *self);
    if (self == NULL) {
        cstruct_object_end_();
        return CSTRUCT_NO_MEMORY;
    }
    *self = (cstruct_arena){.home = &here, .next_size = FIRST_BLOCK};
    *out = self;
    return CSTRUCT_OK;
}

/* Fetches a block of `size` bytes into the list. */
static block *fetch(cstruct_arena *self, size_t size)
{
    block *fresh = cstruct_mem_get_(size);
    if (fresh != NULL) {
        fresh->next = self->blocks;
        fresh->size = size;
        self->blocks = fresh;
    }
    return fresh;
}

/* A zeroed piece, or NULL. An empty piece takes room as well, so that every piece has its own address. */
static void *cut(cstruct_arena *self, size_t len)
{
    const size_t align = alignof(max_align_t);
    size_t size;
    if (!cstruct_size_add_(len == 0 ? 1 : len, align - 1, &size)) {
        return NULL;
    }
    size -= size % align;

    if (size > self->rest) {
        size_t whole;
        if (!cstruct_size_add_(sizeof(block), size, &whole)) {
            return NULL;
        }
        if (whole > self->next_size / 4) {
            block *own = fetch(self, whole);
            return own == NULL ? NULL : memset(own->bytes, 0, size);
        }
        block *fresh = fetch(self, self->next_size);
        if (fresh == NULL) {
            return NULL;
        }
        self->at = fresh->bytes;
        self->rest = self->next_size - sizeof *fresh;
        if (self->next_size < LARGEST_BLOCK) {
            self->next_size *= 2;
        }
    }
    unsigned char *piece = self->at;
    self->at += size;
    self->rest -= size;
    return memset(piece, 0, size);
}

cstruct_status cstruct_arena_alloc(cstruct_arena *self, size_t len, void **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    cstruct_status status = check(self);
    if (status != CSTRUCT_OK) {
        return status;
    }
    *out = cut(self, len);
    return *out == NULL ? CSTRUCT_NO_MEMORY : CSTRUCT_OK;
}

cstruct_status cstruct_arena_copy(cstruct_arena *self, const cstruct *record, const cstruct **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (record == NULL) {
        return CSTRUCT_INVALID;
    }
    cstruct_status status = check(self);
    if (status != CSTRUCT_OK) {
        return status;
    }

    /* One piece for the record, its samples and its name, in this order: there is nothing to undo. */
    size_t name_size = record->name == NULL ? 0 : strlen(record->name) + 1;
    size_t samples_size;
    size_t size;
    if (!cstruct_size_mul_(record->samples_len, sizeof *record->samples, &samples_size) ||
        !cstruct_size_add_(sizeof *record, samples_size, &size) || !cstruct_size_add_(size, name_size, &size)) {
        return CSTRUCT_NO_MEMORY;
    }
    unsigned char *piece = cut(self, size);
    if (piece == NULL) {
        return CSTRUCT_NO_MEMORY;
    }
    cstruct *copy = (cstruct *)(void *)piece;
    copy->value = record->value;
    if (samples_size != 0) {
        copy->samples = (double *)(void *)(piece + sizeof *copy);
        copy->samples_len = record->samples_len;
        copy->samples_cap = record->samples_len;
        memcpy(copy->samples, record->samples, samples_size);
    }
    if (name_size != 0) {
        copy->name = (char *)(piece + sizeof *copy + samples_size);
        memcpy(copy->name, record->name, name_size);
    }
    *out = copy;
    return CSTRUCT_OK;
}

cstruct_status cstruct_arena_release(cstruct_arena *self)
{
    if (self == NULL) {
        return CSTRUCT_OK;
    }
    cstruct_status status = check(self);
    if (status != CSTRUCT_OK) {
        return status;
    }
    block *at = self->blocks;
    while (at != NULL) {
        block *next = at->next;
        cstruct_mem_put_(at, at->size);
        at = next;
    }
    cstruct_mem_put_(self, sizeof *self);
    cstruct_object_end_();
    return CSTRUCT_OK;
}
