/*
 * table.c: records in an array, in which an index finds them by name.
 *
 * The last record takes the place of one that is taken out, so the array has no gaps. While a function of the caller's runs
 * (a look, a watcher, a destroy) `calling` is not 0 and everything that would change the table answers CSTRUCT_BUSY: what
 * such a function looks at cannot move or end under it. A read section does the same for what puts in and takes out.
 */
#include "table.h"

/* ---- Making and releasing ----------------------------------------------------------------------------------------- */

cstruct_status cstruct_table_new(size_t capacity, cstruct_table **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    cstruct_object_begin_();
    cstruct_table *self = cstruct_mem_get_(sizeof *self);
    if (self == NULL) {
        cstruct_object_end_();
        return CSTRUCT_NO_MEMORY;
    }
    *self = (cstruct_table){.capacity = capacity, .key = cstruct_hash_key_(self)};
    *out = self;
    return CSTRUCT_OK;
}

/* Sets another watcher and ends the one that there was, while the table is whole and cannot be changed. */
static void replace_watcher(cstruct_table *self, cstruct_watcher_ watcher)
{
    cstruct_watcher_ old = self->watcher;
    self->watcher = watcher;
    if (old.destroy != NULL) {
        self->calling++;
        old.destroy(old.user);
        self->calling--;
    }
}

cstruct_status cstruct_table_free(cstruct_table *self)
{
    if (self == NULL) {
        return CSTRUCT_OK;
    }
    if (self->calling != 0 || self->batch) {
        return CSTRUCT_BUSY;
    }
    replace_watcher(self, (cstruct_watcher_){0});
    cstruct_table_replace_user_(self, (cstruct_user_){0});
    cstruct_reading_end_(&self->reading);
    for (size_t i = 0; i < self->len; i++) {
        cstruct_free(self->records[i]);
    }
    cstruct_index_free_(&self->index);
    cstruct_mem_put_(self->records, self->room * sizeof(cstruct *));
    cstruct_mem_put_(self, sizeof *self);
    cstruct_object_end_();
    return CSTRUCT_OK;
}

/* ---- Putting in and taking out ------------------------------------------------------------------------------------ */

bool cstruct_table_accepts_(const cstruct *record)
{
    return record != NULL && record->name != NULL && record->next == NULL;
}

bool cstruct_table_is_busy_(const cstruct_table *self)
{
    return self->calling != 0 || self->reading.sections != 0;
}

cstruct_status cstruct_table_admits_(const cstruct_table *self, size_t more)
{
    if (cstruct_table_is_busy_(self)) {
        return CSTRUCT_BUSY;
    }
    return self->capacity != 0 && more > self->capacity - self->len ? CSTRUCT_FULL : CSTRUCT_OK;
}

cstruct_status cstruct_table_reserve_(cstruct_table *self, size_t more)
{
    size_t needed;
    if (!cstruct_size_add_(self->len, more, &needed)) {
        return CSTRUCT_NO_MEMORY;
    }
    if (needed > self->room) {
        size_t room;
        if (!cstruct_size_add_(self->room, self->room / 2, &room) || room < needed) { /* GCOVR_EXCL_BR_LINE 1: no memory holds that many pointers */
            room = needed;
        }
        size_t size;
        if (!cstruct_size_mul_(room, sizeof(cstruct *), &size)) {
            return CSTRUCT_NO_MEMORY;
        }
        cstruct **records = cstruct_mem_resize_(self->records, self->room * sizeof(cstruct *), size);
        if (records == NULL) {
            return CSTRUCT_NO_MEMORY;
        }
        self->records = records;
        self->room = room;
    }
    return cstruct_index_reserve_(&self->index, needed);
}

cstruct_status cstruct_table_add_(cstruct_table *self, cstruct *record)
{
    uint64_t hash = cstruct_hash_(&self->key, record->name);
    if (cstruct_index_find_(&self->index, self->records, hash, record->name) != NULL) {
        return CSTRUCT_DUPLICATE;
    }
    cstruct_status status = cstruct_table_reserve_(self, 1);
    if (status != CSTRUCT_OK) {
        return status;
    }
    cstruct_index_add_(&self->index, hash, self->len);
    self->records[self->len++] = record;
    return CSTRUCT_OK;
}

/* Takes out what a slot is for. */
static cstruct *take_slot(cstruct_table *self, cstruct_slot_ *slot)
{
    size_t place = slot->place - 1;
    cstruct *record = self->records[place];
    cstruct *last = self->records[--self->len];
    if (last != record) {
        uint64_t hash = cstruct_hash_(&self->key, last->name);
        cstruct_index_of_(&self->index, hash, self->len)->place = place + 1;
        self->records[place] = last;
    }
    cstruct_index_remove_(&self->index, slot);
    return record;
}

void cstruct_table_cut_(cstruct_table *self, size_t len)
{
    while (self->len > len) {
        uint64_t hash = cstruct_hash_(&self->key, self->records[self->len - 1]->name);
        (void)take_slot(self, cstruct_index_of_(&self->index, hash, self->len - 1));
    }
}

cstruct_status cstruct_table_push(cstruct_table *self, cstruct *record)
{
    if (self == NULL || !cstruct_table_accepts_(record)) {
        return CSTRUCT_INVALID;
    }
    cstruct_status status = cstruct_table_admits_(self, 1);
    if (status != CSTRUCT_OK) {
        return status;
    }
    status = cstruct_table_add_(self, record);
    if (status != CSTRUCT_OK) {
        return status;
    }
    cstruct_table_tell_(self, CSTRUCT_PUSHED, record);
    return CSTRUCT_OK;
}

cstruct_status cstruct_table_push_or_free(cstruct_table *self, cstruct *record)
{
    cstruct_status status = cstruct_table_push(self, record);
    if (status != CSTRUCT_OK) {
        cstruct_free(record);
    }
    return status;
}

cstruct_status cstruct_table_take(cstruct_table *self, const char *name, cstruct **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (self == NULL || name == NULL) {
        return CSTRUCT_INVALID;
    }
    if (cstruct_table_is_busy_(self)) {
        return CSTRUCT_BUSY;
    }
    cstruct_slot_ *slot =
        cstruct_index_find_(&self->index, self->records, cstruct_hash_(&self->key, name), name);
    if (slot == NULL) {
        return CSTRUCT_NOT_FOUND;
    }
    cstruct *record = take_slot(self, slot);
    cstruct_table_tell_(self, CSTRUCT_TAKEN, record);
    *out = record;
    return CSTRUCT_OK;
}

/* ---- Looking ------------------------------------------------------------------------------------------------------ */

size_t cstruct_table_len(const cstruct_table *self)
{
    return self == NULL ? 0 : self->len;
}

const cstruct *cstruct_table_at(const cstruct_table *self, size_t index)
{
    return self == NULL || index >= self->len ? NULL : self->records[index];
}

const cstruct *cstruct_table_find(const cstruct_table *self, const char *name)
{
    if (self == NULL || name == NULL) {
        return NULL;
    }
    const cstruct_slot_ *slot =
        cstruct_index_find_(&self->index, self->records, cstruct_hash_(&self->key, name), name);
    return slot == NULL ? NULL : self->records[slot->place - 1];
}

cstruct_status cstruct_table_each(cstruct_table *self, cstruct_each_fn fn, void *user)
{
    if (self == NULL || fn == NULL) {
        return CSTRUCT_INVALID;
    }
    cstruct_status status = CSTRUCT_OK;
    self->calling++;
    for (size_t i = 0; i < self->len && status == CSTRUCT_OK; i++) {
        if (fn(user, self->records[i]) != 0) {
            status = CSTRUCT_STOPPED;
        }
    }
    self->calling--;
    return status;
}

/* ---- Watching ----------------------------------------------------------------------------------------------------- */

cstruct_status cstruct_table_watch(cstruct_table *self, cstruct_watch_fn fn, void *user, cstruct_destroy_fn destroy)
{
    if (self == NULL || (fn == NULL && (user != NULL || destroy != NULL))) {
        return CSTRUCT_INVALID;
    }
    if (self->calling != 0) {
        return CSTRUCT_BUSY;
    }
    replace_watcher(self, (cstruct_watcher_){.fn = fn, .user = user, .destroy = destroy});
    return CSTRUCT_OK;
}

void cstruct_table_tell_(cstruct_table *self, cstruct_event event, const cstruct *record)
{
    if (self->watcher.fn != NULL) {
        self->calling++;
        self->watcher.fn(self->watcher.user, event, record);
        self->calling--;
    }
}
