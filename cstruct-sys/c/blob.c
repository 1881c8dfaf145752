/*
 * blob.c: bytes that never change, in one block with their count.
 *
 * Whoever holds a count may take another one: the count cannot be 0 meanwhile, so taking needs no order. Giving one back is
 * a release and finding that it was the last an acquire: everything that any holder read happens before the block goes.
 */
#include "internal.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <string.h>

struct cstruct_blob {
    _Atomic uint32_t count;
    size_t len;
    alignas(max_align_t) unsigned char bytes[];
};

cstruct_status cstruct_blob_new(const void *bytes, size_t len, cstruct_blob **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (bytes == NULL && len != 0) {
        return CSTRUCT_INVALID;
    }
    size_t size;
    if (!cstruct_size_add_(sizeof(cstruct_blob), len, &size)) {
        return CSTRUCT_NO_MEMORY;
    }
    cstruct_object_begin_();
    cstruct_blob *self = cstruct_mem_get_(size);
    if (self == NULL) {
        cstruct_object_end_();
        return CSTRUCT_NO_MEMORY;
    }
    atomic_init(&self->count, 1);
    self->len = len;
    if (len != 0) {
        memcpy(self->bytes, bytes, len);
    }
    *out = self;
    return CSTRUCT_OK;
}

cstruct_status cstruct_blob_retain(cstruct_blob *self)
{
    if (self == NULL) {
        return CSTRUCT_INVALID;
    }
    uint32_t count = atomic_load_explicit(&self->count, memory_order_relaxed);
    do {
        if (count >= CSTRUCT_BLOB_MAX_COUNT) {
            return CSTRUCT_SATURATED;
        }
    } while (!atomic_compare_exchange_weak_explicit(&self->count, &count, count + 1, memory_order_relaxed, /* GCOVR_EXCL_BR_LINE 0-1: another thread must change the count just then */
                                                    memory_order_relaxed));
    return CSTRUCT_OK;
}

void cstruct_blob_release(cstruct_blob *self)
{
    if (self == NULL || atomic_fetch_sub_explicit(&self->count, 1, memory_order_release) != 1) {
        return;
    }
    /* A load rather than a fence: tools that watch threads understand it. */
    (void)atomic_load_explicit(&self->count, memory_order_acquire);
    cstruct_mem_put_(self, sizeof *self + self->len);
    cstruct_object_end_();
}

uint32_t cstruct_blob_count(const cstruct_blob *self)
{
    /* An acquire: who finds 1 may treat the blob as theirs alone. */
    return self == NULL ? 0 : atomic_load_explicit(&self->count, memory_order_acquire);
}

const void *cstruct_blob_bytes(const cstruct_blob *self, size_t *len)
{
    if (len != NULL) {
        *len = self == NULL ? 0 : self->len;
    }
    return self == NULL || len == NULL ? NULL : self->bytes;
}
