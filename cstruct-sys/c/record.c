/*
 * record.c: a record owns three blocks, itself, its name and its samples, and the record that follows it.
 *
 * What follows is reached by a loop everywhere, so a list of any length is copied and released on a constant stack.
 */
#include "internal.h"

#include <string.h>

/* The first growth of an empty array of samples, so that appending one by one does not resize for each of the first. */
#define FIRST_CAPACITY 4

/* ---- Making and releasing ----------------------------------------------------------------------------------------- */

cstruct_status cstruct_new_sized_(int32_t value, const char *name, size_t name_len, size_t samples, cstruct **out)
{
    *out = NULL;
    size_t samples_size;
    if (!cstruct_size_mul_(samples, sizeof(double), &samples_size)) {
        return CSTRUCT_NO_MEMORY;
    }

    cstruct_object_begin_();
    cstruct *self = cstruct_mem_get_(sizeof *self);
    if (self == NULL) {
        goto no_record;
    }
    *self = (cstruct){.value = value, .samples_len = samples, .samples_cap = samples};
    if (name != NULL) {
        self->name = cstruct_mem_get_(name_len + 1); /* fits: nothing in memory has SIZE_MAX bytes */
        if (self->name == NULL) {
            goto no_name;
        }
        if (name_len != 0) {
            memcpy(self->name, name, name_len);
        }
        self->name[name_len] = '\0';
    }
    if (samples != 0) {
        self->samples = cstruct_mem_get_(samples_size);
        if (self->samples == NULL) {
            goto no_samples;
        }
    }
    *out = self;
    return CSTRUCT_OK;

no_samples:
    cstruct_mem_put_(self->name, name_len + 1);
no_name:
    cstruct_mem_put_(self, sizeof *self);
no_record:
    cstruct_object_end_();
    return CSTRUCT_NO_MEMORY;
}

cstruct_status cstruct_new(int32_t value, const char *name, cstruct **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    return cstruct_new_sized_(value, name, name == NULL ? 0 : strlen(name), 0, out);
}

/* The same with the samples set. `samples` is not read when there are none. */
static cstruct_status new_whole(int32_t value, const char *name, size_t name_len, const double *samples, size_t len, cstruct **out)
{
    cstruct_status status = cstruct_new_sized_(value, name, name_len, len, out);
    if (status == CSTRUCT_OK && len != 0) {
        memcpy((*out)->samples, samples, len * sizeof *samples);
    }
    return status;
}

cstruct_status cstruct_new_with(int32_t value, const char *name, size_t name_len, const double *samples, size_t len, cstruct **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if ((name == NULL && name_len != 0) || (samples == NULL && len != 0)) {
        return CSTRUCT_INVALID;
    }
    if (name_len != 0 && memchr(name, '\0', name_len) != NULL) {
        return CSTRUCT_INVALID;
    }
    return new_whole(value, name, name_len, samples, len, out);
}

static void put_name(char *name)
{
    if (name != NULL) {
        cstruct_mem_put_(name, strlen(name) + 1);
    }
}

void cstruct_free(cstruct *self)
{
    while (self != NULL) {
        cstruct *next = self->next;
        put_name(self->name);
        cstruct_mem_put_(self->samples, self->samples_cap * sizeof *self->samples);
        cstruct_mem_put_(self, sizeof *self);
        cstruct_object_end_();
        self = next;
    }
}

cstruct_status cstruct_dup_one_(const cstruct *record, cstruct **out)
{
    const char *name = record->name;
    size_t name_len = name == NULL ? 0 : strlen(name);
    return new_whole(record->value, name, name_len, record->samples, record->samples_len, out);
}

cstruct_status cstruct_dup(const cstruct *self, cstruct **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (self == NULL) {
        return CSTRUCT_INVALID;
    }

    cstruct *head = NULL;
    cstruct **end = &head; /* where the next copy goes */
    for (const cstruct *at = self; at != NULL; at = at->next) {
        cstruct_status status = cstruct_dup_one_(at, end);
        if (status != CSTRUCT_OK) {
            cstruct_free(head);
            return status;
        }
        end = &(*end)->next;
    }
    *out = head;
    return CSTRUCT_OK;
}

/* ---- Number and name ---------------------------------------------------------------------------------------------- */

int32_t cstruct_value(const cstruct *self)
{
    return self == NULL ? 0 : self->value;
}

void cstruct_set_value(cstruct *self, int32_t value)
{
    if (self != NULL) {
        self->value = value;
    }
}

const char *cstruct_name(const cstruct *self)
{
    return self == NULL ? NULL : self->name;
}

cstruct_status cstruct_set_name(cstruct *self, const char *name)
{
    if (self == NULL) {
        return CSTRUCT_INVALID;
    }
    char *copy = NULL;
    if (name != NULL) {
        size_t size = strlen(name) + 1;
        copy = cstruct_mem_get_(size);
        if (copy == NULL) {
            return CSTRUCT_NO_MEMORY;
        }
        memcpy(copy, name, size);
    }
    put_name(self->name); /* only now: `name` may point into it */
    self->name = copy;
    return CSTRUCT_OK;
}

/* ---- Samples ------------------------------------------------------------------------------------------------------ */

const double *cstruct_samples(const cstruct *self, size_t *len)
{
    if (len != NULL) {
        *len = self == NULL ? 0 : self->samples_len;
    }
    return self == NULL || len == NULL ? NULL : self->samples;
}

/* Makes room for `needed` samples in all, and for half as many more as there were, so that growing is linear in time. */
static cstruct_status grow(cstruct *self, size_t needed)
{
    if (needed <= self->samples_cap) {
        return CSTRUCT_OK;
    }
    size_t cap;
    if (!cstruct_size_add_(self->samples_cap, self->samples_cap / 2, &cap) || cap < needed) {
        cap = needed;
    }
    size_t size;
    if (!cstruct_size_mul_(cap, sizeof *self->samples, &size)) {
        return CSTRUCT_NO_MEMORY;
    }
    double *samples = cstruct_mem_resize_(self->samples, self->samples_cap * sizeof *self->samples, size);
    if (samples == NULL) {
        return CSTRUCT_NO_MEMORY;
    }
    self->samples = samples;
    self->samples_cap = cap;
    return CSTRUCT_OK;
}

cstruct_status cstruct_reserve(cstruct *self, size_t more)
{
    if (self == NULL) {
        return CSTRUCT_INVALID;
    }
    size_t needed;
    if (!cstruct_size_add_(self->samples_len, more, &needed)) {
        return CSTRUCT_NO_MEMORY;
    }
    return grow(self, needed);
}

cstruct_status cstruct_append(cstruct *self, const double *samples, size_t len)
{
    if (self == NULL || (samples == NULL && len != 0)) {
        return CSTRUCT_INVALID;
    }
    if (len == 0) {
        return CSTRUCT_OK;
    }
    size_t needed;
    if (!cstruct_size_add_(self->samples_len, len, &needed)) {
        return CSTRUCT_NO_MEMORY;
    }

    /* The samples may be the record's own, which move when the array grows. As numbers, any two addresses compare. */
    uintptr_t from = (uintptr_t)samples;
    uintptr_t first = (uintptr_t)self->samples;
    bool own = self->samples != NULL && from >= first && from - first < self->samples_cap * sizeof *samples;
    size_t offset = own ? (size_t)(from - first) / sizeof *samples : 0;

    size_t room = self->samples_cap == 0 && needed < FIRST_CAPACITY ? FIRST_CAPACITY : needed;
    cstruct_status status = grow(self, room);
    if (status != CSTRUCT_OK) {
        return status;
    }
    memmove(self->samples + self->samples_len, own ? self->samples + offset : samples, len * sizeof *samples);
    self->samples_len = needed;
    return CSTRUCT_OK;
}

void cstruct_clear(cstruct *self)
{
    if (self != NULL) {
        self->samples_len = 0;
    }
}

cstruct_status cstruct_samples_copy(const cstruct *self, double **out, size_t *len)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (len != NULL) {
        *len = 0;
    }
    if (self == NULL || out == NULL || len == NULL) {
        return CSTRUCT_INVALID;
    }
    if (self->samples_len == 0) {
        return CSTRUCT_OK;
    }
    size_t size = self->samples_len * sizeof *self->samples; /* fits: so many are in memory */
    cstruct_object_begin_();
    double *copy = cstruct_mem_get_(size);
    if (copy == NULL) {
        cstruct_object_end_();
        return CSTRUCT_NO_MEMORY;
    }
    memcpy(copy, self->samples, size);
    *out = copy;
    *len = self->samples_len;
    return CSTRUCT_OK;
}

void cstruct_samples_free(double *samples, size_t len)
{
    if (samples != NULL) {
        cstruct_mem_put_(samples, len * sizeof *samples);
        cstruct_object_end_();
    }
}

/* ---- The list ----------------------------------------------------------------------------------------------------- */

const cstruct *cstruct_next(const cstruct *self)
{
    return self == NULL ? NULL : self->next;
}

cstruct_status cstruct_link(cstruct *self, cstruct *rest)
{
    if (self == NULL || rest == NULL || rest == self) {
        return CSTRUCT_INVALID;
    }
    if (self->next != NULL) {
        return CSTRUCT_BUSY;
    }
    self->next = rest;
    return CSTRUCT_OK;
}

cstruct_status cstruct_unlink(cstruct *self, cstruct **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (self == NULL) {
        return CSTRUCT_INVALID;
    }
    if (self->next == NULL) {
        return CSTRUCT_NOT_FOUND;
    }
    *out = self->next;
    self->next = NULL;
    return CSTRUCT_OK;
}
