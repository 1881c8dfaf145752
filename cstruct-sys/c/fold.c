/*
 * fold.c: the records of a list, by name, into states of the caller's.
 *
 * Each state is in a block of its own, so that it stays where it is while groups are added. Which group a name belongs to is found by the index
 * that tables use, over the first record of each group.
 */
#include "table.h"

#include <string.h>

typedef struct group {
    void *block; /* `block_size` bytes, and in them the state, aligned */
    void *state;
} group;

typedef struct fold {
    size_t size;
    size_t align;
    size_t block_size;
    cstruct_key_ key;
    cstruct_index_ index;
    cstruct **firsts; /* the first record of each group: `len` of `firsts_room` */
    size_t firsts_room;
    group *groups; /* `len` of `groups_room` */
    size_t groups_room;
    size_t len;
    size_t nameless; /* the group without a name, and 1; 0: there is none yet */
} fold;

/* ---- Groups ------------------------------------------------------------------------------------------------------- */

/* The array with room for one more than `len`, or NULL: then it is as it was. */
static void *grown(void *array, size_t len, size_t *room, size_t item)
{
    if (len < *room) {
        return array;
    }
    size_t wanted;
    size_t size;
    if (!cstruct_size_add_(*room, *room / 2 + 4, &wanted) || !cstruct_size_mul_(wanted, item, &size)) { /* GCOVR_EXCL_BR_LINE 2: no memory holds that many groups */
        return NULL;
    }
    void *moved = cstruct_mem_resize_(array, *room * item, size);
    if (moved != NULL) {
        *room = wanted;
    }
    return moved;
}

/* Makes room for one more group, its state included, which goes into `*out`. */
static cstruct_status reserve(fold *self, group *out)
{
    cstruct **firsts = grown(self->firsts, self->len, &self->firsts_room, sizeof *firsts);
    if (firsts == NULL) {
        return CSTRUCT_NO_MEMORY;
    }
    self->firsts = firsts;
    group *groups = grown(self->groups, self->len, &self->groups_room, sizeof *groups);
    if (groups == NULL) {
        return CSTRUCT_NO_MEMORY;
    }
    self->groups = groups;
    cstruct_status status = cstruct_index_reserve_(&self->index, self->len + 1);
    if (status != CSTRUCT_OK) {
        return status;
    }
    char *block = cstruct_mem_get_(self->block_size);
    if (block == NULL) {
        return CSTRUCT_NO_MEMORY;
    }
    memset(block, 0, self->block_size);
    size_t over = (size_t)((uintptr_t)block & (self->align - 1));
    *out = (group){.block = block, .state = over == 0 ? block : block + (self->align - over)};
    return CSTRUCT_OK;
}

/* The group of a record, or `len` when it is the first of one. */
static size_t find(const fold *self, const cstruct *record, uint64_t hash)
{
    if (record->name == NULL) {
        return self->nameless == 0 ? self->len : self->nameless - 1;
    }
    const cstruct_slot_ *slot = cstruct_index_find_(&self->index, self->firsts, hash, record->name);
    return slot == NULL ? self->len : slot->place - 1;
}

/* Adds the group that begins with `record`. Its state is made, or it is not there. */
static cstruct_status add(fold *self, const cstruct *record, uint64_t hash, cstruct_fold_init_fn init, void *user)
{
    group fresh;
    cstruct_status status = reserve(self, &fresh);
    if (status != CSTRUCT_OK) {
        return status;
    }
    if (init(user, fresh.state, self->size, record) != 0) {
        cstruct_mem_put_(fresh.block, self->block_size);
        return CSTRUCT_STOPPED;
    }
    if (record->name == NULL) {
        self->nameless = self->len + 1;
    } else {
        cstruct_index_add_(&self->index, hash, self->len);
    }
    /* The index looks at records that it may not change as at those that it may. */
    self->firsts[self->len] = (cstruct *)(uintptr_t)record;
    self->groups[self->len] = fresh;
    self->len++;
    return CSTRUCT_OK;
}

/* ---- Folding ------------------------------------------------------------------------------------------------------ */

static cstruct_status take(fold *self, const cstruct *record, cstruct_fold_init_fn init, cstruct_fold_step_fn step,
                           void *user)
{
    uint64_t hash = record->name == NULL ? 0 : cstruct_hash_(&self->key, record->name);
    size_t at = find(self, record, hash);
    if (at == self->len) {
        cstruct_status status = add(self, record, hash, init, user);
        if (status != CSTRUCT_OK) {
            return status;
        }
    }
    return step(user, self->groups[at].state, self->size, record) == 0 ? CSTRUCT_OK : CSTRUCT_STOPPED;
}

cstruct_status cstruct_fold(const cstruct *list, size_t size, size_t align, cstruct_fold_init_fn init,
                            cstruct_fold_step_fn step, cstruct_fold_finish_fn finish, void *user)
{
    if (list == NULL || init == NULL || step == NULL || finish == NULL || size == 0 || align == 0 ||
        (align & (align - 1)) != 0) {
        return CSTRUCT_INVALID;
    }
    fold self = {.size = size, .align = align, .key = cstruct_hash_key_(&self)};
    if (!cstruct_size_add_(size, align - 1, &self.block_size)) {
        return CSTRUCT_NO_MEMORY;
    }

    cstruct_object_begin_();
    cstruct_status status = CSTRUCT_OK;
    for (const cstruct *at = list; status == CSTRUCT_OK && at != NULL; at = at->next) {
        status = take(&self, at, init, step, user);
    }
    for (size_t i = 0; i < self.len; i++) {
        finish(user, self.groups[i].state, size, self.firsts[i], status);
        cstruct_mem_put_(self.groups[i].block, self.block_size);
    }
    cstruct_index_free_(&self.index);
    cstruct_mem_put_(self.groups, self.groups_room * sizeof *self.groups);
    cstruct_mem_put_(self.firsts, self.firsts_room * sizeof *self.firsts);
    cstruct_object_end_();
    return status;
}
