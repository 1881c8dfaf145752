/*
 * table_read.c: read sections, in which a table stands still and its records have an order.
 *
 * The order is made at the beginning of the outermost section and put away at its end: nothing is kept up to date. It is
 * made by a heap sort: in place, without recursion, and as quick for one order of the records as for any other.
 */
#include "table.h"

#include <string.h>

static bool before(const cstruct *a, const cstruct *b)
{
    return strcmp(a->name, b->name) < 0;
}

/* Lets `records[at]` sink until no child of its, 2 * at + 1 and 2 * at + 2, is behind it in the order. */
static void sink(cstruct **records, size_t at, size_t len)
{
    cstruct *sinking = records[at];
    while (at < len / 2) {
        size_t child = 2 * at + 1;
        if (child + 1 < len && before(records[child], records[child + 1])) {
            child++;
        }
        if (!before(sinking, records[child])) {
            break;
        }
        records[at] = records[child];
        at = child;
    }
    records[at] = sinking;
}

static void sort(cstruct **records, size_t len)
{
    for (size_t at = len / 2; at-- > 0;) {
        sink(records, at, len);
    }
    for (size_t left = len; left-- > 1;) {
        cstruct *last = records[0];
        records[0] = records[left];
        records[left] = last;
        sink(records, 0, left);
    }
}

cstruct_status cstruct_table_read_begin(cstruct_table *self)
{
    if (self == NULL) {
        return CSTRUCT_INVALID;
    }
    cstruct_reading_ *reading = &self->reading;
    if (reading->sections == SIZE_MAX) { /* GCOVR_EXCL_BR_LINE 1: nobody lives to see that many */
        return CSTRUCT_SATURATED;
    }
    if (reading->sections == 0 && self->len != 0) {
        /* No overflow: the table has an array of as many. */
        size_t size = self->len * sizeof(cstruct *);
        reading->sorted = cstruct_mem_get_(size);
        if (reading->sorted == NULL) {
            return CSTRUCT_NO_MEMORY;
        }
        memcpy(reading->sorted, self->records, size);
        reading->len = self->len;
        sort(reading->sorted, reading->len);
    }
    reading->sections++;
    return CSTRUCT_OK;
}

void cstruct_reading_end_(cstruct_reading_ *reading)
{
    cstruct_mem_put_(reading->sorted, reading->len * sizeof(cstruct *));
    *reading = (cstruct_reading_){0};
}

cstruct_status cstruct_table_read_end(cstruct_table *self)
{
    if (self == NULL || self->reading.sections == 0) {
        return CSTRUCT_INVALID;
    }
    if (self->reading.sections == 1) {
        cstruct_reading_end_(&self->reading);
    } else {
        self->reading.sections--;
    }
    return CSTRUCT_OK;
}

const cstruct *cstruct_table_sorted_at(const cstruct_table *self, size_t index)
{
    return self == NULL || index >= self->reading.len ? NULL : self->reading.sorted[index];
}
