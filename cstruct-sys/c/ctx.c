/*
 * ctx.c: an open file: the records that were read, and what went wrong last.
 *
 * A failed opening hands out a context too, so that its message can be read; only where there is no memory for one, or
 * the caller's own mistake needs no message, there is none.
 */
#include "internal.h"

#include <string.h>

/* ---- Opening ------------------------------------------------------------------------------------------------------ */

/* An empty context. */
static cstruct_ctx *new_ctx(void)
{
    cstruct_object_begin_();
    cstruct_ctx *self = cstruct_mem_get_(sizeof *self);
    if (self == NULL) {
        cstruct_object_end_();
        return NULL;
    }
    memset(self, 0, sizeof *self);
    return self;
}

static void put_ctx(cstruct_ctx *self)
{
    cstruct_free(self->head);
    cstruct_mem_put_(self, sizeof *self);
    cstruct_object_end_();
}

/* Hands the context out where the status allows it. */
static cstruct_status hand_out(cstruct_ctx *self, cstruct_status status, cstruct_ctx **out)
{
    if (status == CSTRUCT_NO_MEMORY || status == CSTRUCT_INVALID) {
        put_ctx(self);
        return status;
    }
    *out = self;
    return status;
}

cstruct_status cstruct_open(const char *path, const cstruct_open_options *options, cstruct_ctx **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (path == NULL) {
        return CSTRUCT_INVALID;
    }
    const cstruct_open_options *used = options == NULL ? cstruct_open_options_default() : options;
    cstruct_ctx *self = new_ctx();
    if (self == NULL) {
        return CSTRUCT_NO_MEMORY;
    }

    cstruct_file_ file = {.stream = NULL};
    const char *attempt = "open";
    cstruct_status status = cstruct_options_check_(used, &self->fault);
    if (status == CSTRUCT_OK) {
        status = cstruct_file_open_(&file, path);
    }
    if (status == CSTRUCT_OK) {
        attempt = "read";
        cstruct_source source = cstruct_file_source_(&file);
        status = cstruct_csv_read_(&source, used, &self->fault, &self->head, &self->count);
    }
    cstruct_file_close_(&file);
    if (status == CSTRUCT_IO) {
        char name[CSTRUCT_QUOTED_ROOM_];
        char why[CSTRUCT_QUOTED_ROOM_];
        cstruct_fault_say_(&self->fault, "cannot %s `%s`: %s", attempt, cstruct_quoted_(name, path, strlen(path), 200),
                           cstruct_errno_text_(why, file.error));
    }
    return hand_out(self, status, out);
}

cstruct_status cstruct_open_source(const cstruct_source *source, const cstruct_open_options *options, cstruct_ctx **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (source == NULL || source->read == NULL) {
        return CSTRUCT_INVALID;
    }
    const cstruct_open_options *used = options == NULL ? cstruct_open_options_default() : options;
    cstruct_ctx *self = new_ctx();
    if (self == NULL) {
        return CSTRUCT_NO_MEMORY;
    }
    cstruct_status status = cstruct_options_check_(used, &self->fault);
    if (status == CSTRUCT_OK && source->version != CSTRUCT_SOURCE_VERSION) {
        cstruct_fault_say_(&self->fault, "the source has version %lu and this library knows %d; set it to CSTRUCT_SOURCE_VERSION",
                           (unsigned long)source->version, CSTRUCT_SOURCE_VERSION);
        status = CSTRUCT_VERSION;
    }
    if (status == CSTRUCT_OK) {
        status = cstruct_csv_read_(source, used, &self->fault, &self->head, &self->count);
    }
    return hand_out(self, status, out);
}

cstruct_status cstruct_open_text(const cstruct_text *text, const cstruct_open_options *options, cstruct_ctx **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (text == NULL || (text->data == NULL && text->len != 0)) {
        return CSTRUCT_INVALID;
    }
    cstruct_memory_ memory = {.at = text->data, .len = text->len};
    cstruct_source source = cstruct_memory_source_(&memory);
    return cstruct_open_source(&source, options, out);
}

/* ---- Using and closing -------------------------------------------------------------------------------------------- */

/* CSTRUCT_BUSY, with its message, if queries live. */
static cstruct_status refuse_if_queried(cstruct_ctx *self)
{
    if (self->queries == 0) {
        return CSTRUCT_OK;
    }
    bool one = self->queries == 1;
    cstruct_fault_say_(&self->fault, "%zu %s still open; end %s first", self->queries, one ? "query is" : "queries are",
                       one ? "it" : "them");
    return CSTRUCT_BUSY;
}

cstruct_status cstruct_close(cstruct_ctx *self)
{
    if (self == NULL) {
        return CSTRUCT_OK;
    }
    cstruct_status status = refuse_if_queried(self);
    if (status == CSTRUCT_OK) {
        put_ctx(self);
    }
    return status;
}

const char *cstruct_errmsg(const cstruct_ctx *self)
{
    return self == NULL ? "" : self->fault.text;
}

void cstruct_error_at(const cstruct_ctx *self, uint64_t *line, uint64_t *column)
{
    if (line != NULL) {
        *line = self == NULL ? 0 : self->fault.line;
    }
    if (column != NULL) {
        *column = self == NULL ? 0 : self->fault.column;
    }
}

size_t cstruct_count(const cstruct_ctx *self)
{
    return self == NULL ? 0 : self->count;
}

cstruct_status cstruct_take(cstruct_ctx *self, cstruct **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (self == NULL) {
        return CSTRUCT_INVALID;
    }
    cstruct_status status = refuse_if_queried(self);
    if (status != CSTRUCT_OK) {
        return status;
    }
    if (self->head == NULL) {
        cstruct_fault_say_(&self->fault, "there are no records to take");
        return CSTRUCT_NOT_FOUND;
    }
    *out = self->head;
    self->head = NULL;
    self->count = 0;
    return CSTRUCT_OK;
}
