/*
 * index.c: an open-addressing index, from the hash of a name to the place of its record.
 *
 * A record is in the first free slot from its hash on. At most three quarters of the slots are taken, so a search ends soon. The
 * slots keep the hashes: growing does not look at the names. Removing closes the gap at once instead of leaving
 * a mark, so pushing and taking for ever makes nothing slower.
 */
#include "table.h"

#include <string.h>

#define FIRST_COUNT ((size_t)8)

/* How many records so many slots may hold. */
static size_t limit(size_t count)
{
    return count / 4 * 3;
}

cstruct_status cstruct_index_reserve_(cstruct_index_ *index, size_t records)
{
    size_t count = index->count == 0 ? FIRST_COUNT : index->count;
    while (limit(count) < records) {
        if (!cstruct_size_mul_(count, 2, &count)) {
            return CSTRUCT_NO_MEMORY;
        }
    }
    if (count == index->count) {
        return CSTRUCT_OK;
    }
    size_t size;
    if (!cstruct_size_mul_(count, sizeof *index->slots, &size)) {
        return CSTRUCT_NO_MEMORY;
    }
    cstruct_index_ grown = {.slots = cstruct_mem_get_(size), .count = count};
    if (grown.slots == NULL) {
        return CSTRUCT_NO_MEMORY;
    }
    memset(grown.slots, 0, size);
    for (size_t i = 0; i < index->count; i++) {
        if (index->slots[i].place != 0) {
            cstruct_index_add_(&grown, index->slots[i].hash, index->slots[i].place - 1);
        }
    }
    cstruct_index_free_(index);
    *index = grown;
    return CSTRUCT_OK;
}

void cstruct_index_free_(cstruct_index_ *index)
{
    cstruct_mem_put_(index->slots, index->count * sizeof *index->slots);
    *index = (cstruct_index_){0};
}

/* The slot that a hash is put into if that is free. */
static size_t home(const cstruct_index_ *index, uint64_t hash)
{
    return (size_t)hash & (index->count - 1);
}

static size_t next(const cstruct_index_ *index, size_t at)
{
    return (at + 1) & (index->count - 1);
}

cstruct_slot_ *cstruct_index_find_(const cstruct_index_ *index, cstruct *const *records, uint64_t hash,
                                   const char *name)
{
    if (index->count == 0) {
        return NULL;
    }
    for (size_t at = home(index, hash); index->slots[at].place != 0; at = next(index, at)) {
        cstruct_slot_ *slot = &index->slots[at];
        if (slot->hash == hash && strcmp(records[slot->place - 1]->name, name) == 0) {
            return slot;
        }
    }
    return NULL;
}

cstruct_slot_ *cstruct_index_of_(const cstruct_index_ *index, uint64_t hash, size_t place)
{
    size_t at = home(index, hash);
    while (index->slots[at].place != place + 1) {
        at = next(index, at);
    }
    return &index->slots[at];
}

void cstruct_index_add_(cstruct_index_ *index, uint64_t hash, size_t place)
{
    size_t at = home(index, hash);
    while (index->slots[at].place != 0) {
        at = next(index, at);
    }
    index->slots[at] = (cstruct_slot_){.hash = hash, .place = place + 1};
}

void cstruct_index_remove_(cstruct_index_ *index, cstruct_slot_ *slot)
{
    const size_t mask = index->count - 1;
    size_t gap = (size_t)(slot - index->slots);
    for (size_t at = next(index, gap); index->slots[at].place != 0; at = next(index, at)) {
        /* A slot whose home is at the gap or before it would not be found any more behind the gap. */
        size_t from_home = (at - home(index, index->slots[at].hash)) & mask;
        size_t from_gap = (at - gap) & mask;
        if (from_home >= from_gap) {
            index->slots[gap] = index->slots[at];
            gap = at;
        }
    }
    index->slots[gap] = (cstruct_slot_){0};
}
