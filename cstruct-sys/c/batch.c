/*
 * batch.c: records that come into a table together or not at all.
 *
 * The records are a list, so putting one in needs no memory. The commit reserves all that it needs before it moves the first one;
 * after that only a name that is there already can stop it, and the records that were added are taken out again.
 */
#include "table.h"

struct cstruct_batch {
    cstruct_table *table;
    cstruct *head;
    cstruct *tail;
    size_t count;
};

cstruct_status cstruct_batch_begin(cstruct_table *table, cstruct_batch **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (table == NULL) {
        return CSTRUCT_INVALID;
    }
    if (table->calling != 0 || table->batch) {
        return CSTRUCT_BUSY;
    }
    cstruct_object_begin_();
    cstruct_batch *self = cstruct_mem_get_(sizeof *self);
    if (self == NULL) {
        cstruct_object_end_();
        return CSTRUCT_NO_MEMORY;
    }
    *self = (cstruct_batch){.table = table};
    table->batch = true;
    *out = self;
    return CSTRUCT_OK;
}

cstruct_status cstruct_batch_push(cstruct_batch *self, cstruct *record)
{
    if (self == NULL || !cstruct_table_accepts_(record)) {
        return CSTRUCT_INVALID;
    }
    if (self->tail == NULL) {
        self->head = record;
    } else {
        self->tail->next = record;
    }
    self->tail = record;
    self->count++;
    return CSTRUCT_OK;
}

/* Ends the batch; its records are elsewhere. */
static void end(cstruct_batch *self)
{
    self->table->batch = false;
    cstruct_mem_put_(self, sizeof *self);
    cstruct_object_end_();
}

cstruct_status cstruct_batch_commit(cstruct_batch *self)
{
    if (self == NULL) {
        return CSTRUCT_INVALID;
    }
    cstruct_table *table = self->table;
    const size_t before = table->len;
    cstruct_status status = cstruct_table_admits_(table, self->count);
    if (status != CSTRUCT_OK) {
        return status;
    }
    status = cstruct_table_reserve_(table, self->count);
    if (status != CSTRUCT_OK) {
        return status;
    }
    for (cstruct *at = self->head; at != NULL; at = at->next) {
        status = cstruct_table_add_(table, at);
        if (status != CSTRUCT_OK) {
            cstruct_table_cut_(table, before);
            return status;
        }
    }

    /* From here on nothing can fail. The batch goes first, so that the watcher finds it ended. */
    for (size_t i = before; i < table->len; i++) {
        table->records[i]->next = NULL;
    }
    end(self);
    for (size_t i = before; i < table->len; i++) {
        cstruct_table_tell_(table, CSTRUCT_PUSHED, table->records[i]);
    }
    return CSTRUCT_OK;
}

void cstruct_batch_rollback(cstruct_batch *self)
{
    if (self != NULL) {
        cstruct_free(self->head);
        end(self);
    }
}
