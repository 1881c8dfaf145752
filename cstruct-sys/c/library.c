/*
 * library.c: the installed allocator, and the counts of what lives.
 *
 * One atomic word holds the number of live objects and, in its highest bit, whether the library is being changed.
 * While the number is not zero the allocator cannot change, so everybody who holds an object reads it with plain loads.
 *
 *  - `objects` is only ever changed by read-modify-write operations. Each therefore continues the release sequence of
 *    every release before it, and an acquire synchronises with all of those, not only with the latest.
 *  - A change (init, shutdown) sets the bit with an acquire. If the number was 0, every object that ever was has been
 *    ended with a release, so all uses of the allocator happen before the change. It clears the bit with a release.
 *  - An object begins with an acquire. If it finds the bit clear, the last change happened before, and the next one will
 *    find a number above 0. If it finds the bit set, its number already counts, and it waits, with an acquire,
 *    until the bit is clear; nothing of the allocator is read before. It waits for a few instructions of another thread.
 *  - An object that is handed to another thread takes this order along with whatever hands it over.
 */
#undef _GNU_SOURCE
#define _POSIX_C_SOURCE 200809L

#include "internal.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define CHANGING (UINT64_C(1) << 63)

static _Atomic uint64_t objects;
static _Atomic uint64_t bytes;

/* Written only with the bit set and no object alive; `inits` is also read and written with the bit set alone. */
static struct {
    cstruct_allocator table;
    bool installed; /* false: malloc, realloc and free, called directly */
    uint64_t inits;
} library;

/* ---- Version and texts -------------------------------------------------------------------------------------------- */

uint32_t cstruct_version_number(void)
{
    return CSTRUCT_VERSION_NUMBER;
}

const char *cstruct_version(void)
{
    return CSTRUCT_VERSION_TEXT;
}

const char *cstruct_status_text(cstruct_status status)
{
    switch (status) {
    case CSTRUCT_OK: return "ok";
    case CSTRUCT_DONE: return "no more";
    case CSTRUCT_INVALID: return "invalid argument";
    case CSTRUCT_NO_MEMORY: return "out of memory";
    case CSTRUCT_IO: return "input or output failed";
    case CSTRUCT_PARSE: return "malformed text";
    case CSTRUCT_BUSY: return "still in use";
    case CSTRUCT_FULL: return "no room left";
    case CSTRUCT_DUPLICATE: return "name is there already";
    case CSTRUCT_NOT_FOUND: return "not found";
    case CSTRUCT_TOO_SMALL: return "room is too small";
    case CSTRUCT_SATURATED: return "count is at its limit";
    case CSTRUCT_MOVED: return "object was moved";
    case CSTRUCT_WRONG_THREAD: return "wrong thread";
    case CSTRUCT_STOPPED: return "stopped by the caller";
    case CSTRUCT_UNSUPPORTED: return "not supported here";
    case CSTRUCT_VERSION: return "unknown version";
    }
    return "unknown status";
}

/* ---- Objects ------------------------------------------------------------------------------------------------------ */

/* The number of objects, at a moment when nobody changes the library. */
static uint64_t settled(void)
{
    for (;;) {
        uint64_t now = atomic_load_explicit(&objects, memory_order_acquire);
        if ((now & CHANGING) == 0) { /* GCOVR_EXCL_BR_LINE 0-1: another thread must be changing the library just then */
            return now;
        }
        /* Not a yield: beside a thread that computes, that costs a whole slice of time. */
        (void)nanosleep(&(struct timespec){ .tv_nsec = 50000 }, NULL);
    }
}

void cstruct_object_begin_(void)
{
    uint64_t before = atomic_fetch_add_explicit(&objects, 1, memory_order_acquire);
    if ((before & CHANGING) != 0) { /* GCOVR_EXCL_BR_LINE 0-1: another thread must be changing the library just then */
        (void)settled();
    }
}

void cstruct_object_end_(void)
{
    atomic_fetch_sub_explicit(&objects, 1, memory_order_release);
}

cstruct_usage cstruct_live(void)
{
    cstruct_usage usage;
    usage.objects = atomic_load_explicit(&objects, memory_order_relaxed) & ~CHANGING;
    usage.bytes = atomic_load_explicit(&bytes, memory_order_relaxed);
    return usage;
}

/* ---- The allocator ------------------------------------------------------------------------------------------------ */

/* Sets the bit, and says how many objects lived at that moment. */
static uint64_t change_begin(void)
{
    for (;;) {
        uint64_t now = settled();
        if (atomic_compare_exchange_weak_explicit(&objects, &now, now | CHANGING, memory_order_acquire, /* GCOVR_EXCL_BR_LINE 0-1: another thread must make an object just then */
                                                  memory_order_relaxed)) {
            return now;
        }
    }
}

static void change_end(void)
{
    atomic_fetch_and_explicit(&objects, ~CHANGING, memory_order_release);
}

cstruct_status cstruct_init(const cstruct_allocator *allocator)
{
    if (allocator != NULL && (allocator->alloc == NULL || allocator->resize == NULL || allocator->release == NULL)) {
        return CSTRUCT_INVALID;
    }

    cstruct_status status = CSTRUCT_OK;
    uint64_t alive = change_begin();
    if (alive != 0 || (library.inits != 0 && allocator != NULL)) {
        status = CSTRUCT_BUSY;
        goto end;
    }
    if (allocator != NULL) {
        library.table = *allocator;
        library.installed = true;
    }
    library.inits++;
end:
    change_end();
    return status;
}

cstruct_status cstruct_shutdown(void)
{
    cstruct_status status = CSTRUCT_OK;
    uint64_t alive = change_begin();
    if (library.inits == 0) {
        status = CSTRUCT_INVALID;
        goto end;
    }
    if (library.inits == 1) {
        if (alive != 0) {
            status = CSTRUCT_BUSY;
            goto end;
        }
        library.installed = false;
    }
    library.inits--;
end:
    change_end();
    return status;
}

/* ---- Memory ------------------------------------------------------------------------------------------------------- */

void *cstruct_mem_get_(size_t size)
{
    /* No object of C is larger, and an allocator written in another language may rely on it. */
    if (size > PTRDIFF_MAX) {
        return NULL;
    }
    void *block = library.installed ? library.table.alloc(library.table.user, size) : malloc(size);
    if (block != NULL) {
        atomic_fetch_add_explicit(&bytes, size, memory_order_relaxed);
    }
    return block;
}

void *cstruct_mem_resize_(void *block, size_t old_size, size_t new_size)
{
    if (block == NULL) {
        return cstruct_mem_get_(new_size);
    }
    if (new_size > PTRDIFF_MAX) {
        return NULL;
    }
    void *moved = library.installed ? library.table.resize(library.table.user, block, old_size, new_size)
                                    : realloc(block, new_size);
    if (moved != NULL) {
        /* Unsigned, so a shrinking block adds the difference modulo 2^64: one operation, always exact. */
        atomic_fetch_add_explicit(&bytes, (uint64_t)new_size - (uint64_t)old_size, memory_order_relaxed);
    }
    return moved;
}

void cstruct_mem_put_(void *block, size_t size)
{
    if (block == NULL) {
        return;
    }
    atomic_fetch_sub_explicit(&bytes, size, memory_order_relaxed);
    if (library.installed) {
        library.table.release(library.table.user, block, size);
    } else {
        free(block);
    }
}

bool cstruct_size_mul_(size_t count, size_t size, size_t *out)
{
    if (size != 0 && count > SIZE_MAX / size) {
        *out = 0;
        return false;
    }
    *out = count * size;
    return true;
}

bool cstruct_size_add_(size_t a, size_t b, size_t *out)
{
    if (a > SIZE_MAX - b) {
        *out = 0;
        return false;
    }
    *out = a + b;
    return true;
}
