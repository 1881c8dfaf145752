/*
 * cursor.c: a walk in the caller's room, which knows where it was made.
 *
 * `here` is the address of the cursor's own `at`: a copy of the bytes elsewhere still has the old one, and so gives itself
 * away. An ended cursor, like room that is all zero, has none.
 */
#include "internal.h"

cstruct_status cstruct_cursor_init(cstruct_cursor *self, const cstruct *list)
{
    if (self == NULL || list == NULL) {
        return CSTRUCT_INVALID;
    }
    cstruct_object_begin_();
    *self = (cstruct_cursor){.head = list, .here = &self->at};
    return CSTRUCT_OK;
}

/* Is it a cursor, and where it was made? */
static cstruct_status check(const cstruct_cursor *self)
{
    if (self == NULL || self->here == NULL) {
        return CSTRUCT_INVALID;
    }
    return self->here == &self->at ? CSTRUCT_OK : CSTRUCT_MOVED;
}

cstruct_status cstruct_cursor_step(cstruct_cursor *self, const cstruct **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    cstruct_status status = check(self);
    if (status != CSTRUCT_OK) {
        return status;
    }
    const cstruct *at = *self->here;
    const cstruct *next = NULL;
    if (self->index == 0) {
        next = self->head;
    } else if (at != NULL) {
        next = at->next;
    }
    *self->here = next;
    if (next == NULL) {
        return CSTRUCT_DONE;
    }
    self->index++;
    *out = next;
    return CSTRUCT_OK;
}

cstruct_status cstruct_cursor_end(cstruct_cursor *self)
{
    cstruct_status status = check(self);
    if (status != CSTRUCT_OK) {
        return status;
    }
    *self = (cstruct_cursor){0};
    cstruct_object_end_();
    return CSTRUCT_OK;
}
