/*
 * table_user.c: a pointer of the caller's in a table.
 *
 * The slot holds its new contents before the old ones are destroyed, so whoever looks meanwhile finds no pointer that is ending.
 */
#include "table.h"

void cstruct_table_replace_user_(cstruct_table *self, cstruct_user_ user)
{
    cstruct_user_ old = self->user;
    self->user = user;
    if (old.destroy != NULL) {
        self->calling++;
        old.destroy(old.pointer);
        self->calling--;
    }
}

cstruct_status cstruct_table_set_user(cstruct_table *self, void *user, cstruct_destroy_fn destroy)
{
    if (self == NULL || (user == NULL && destroy != NULL)) {
        return CSTRUCT_INVALID;
    }
    if (self->calling != 0) {
        return CSTRUCT_BUSY;
    }
    cstruct_table_replace_user_(self, (cstruct_user_){.pointer = user, .destroy = destroy});
    return CSTRUCT_OK;
}

void *cstruct_table_user(const cstruct_table *self)
{
    return self == NULL ? NULL : self->user.pointer;
}
