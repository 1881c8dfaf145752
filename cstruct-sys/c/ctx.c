/*
 * ctx.c: an open file: the records that were read, and what went wrong last.
 *
 * A failed opening hands out a context too, so that its message can be read; only where there is no memory for one, or
 * the caller's own mistake needs no message, there is none. The path of a file is behind the context, in the same block.
 */
#include "internal.h"

#include <string.h>

/* ---- Opening ------------------------------------------------------------------------------------------------------ */

/* An empty context of that origin. `path`: of the file, if it is one, or NULL. */
static cstruct_ctx *new_ctx(cstruct_origin_kind kind, const char *path)
{
    size_t path_size = path == NULL ? 0 : strlen(path) + 1;
    size_t size;
    if (!cstruct_size_add_(sizeof(cstruct_ctx), path_size, &size)) { /* GCOVR_EXCL_BR_LINE 1: no path in memory is that long */
        return NULL;
    }
    cstruct_object_begin_();
    cstruct_ctx *self = cstruct_mem_get_(size);
    if (self == NULL) {
        cstruct_object_end_();
        return NULL;
    }
    memset(self, 0, sizeof *self);
    self->size = size;
    atomic_init(&self->interrupted, false);
    self->origin.any.kind = kind;
    if (path != NULL) {
        memcpy(self->path, path, path_size);
        self->origin.file.path = self->path;
    }
    return self;
}

static void put_ctx(cstruct_ctx *self)
{
    cstruct_free(self->head);
    cstruct_mem_put_(self, self->size);
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
    return cstruct_open_file_(path, options, NULL, out);
}

cstruct_status cstruct_open_file_(const char *path, const cstruct_open_options *options, const cstruct_load *load,
                                  cstruct_ctx **out)
{
    const cstruct_open_options *used = options == NULL ? cstruct_open_options_default() : options;
    cstruct_ctx *self = new_ctx(CSTRUCT_ORIGIN_FILE, path);
    if (self == NULL) {
        return CSTRUCT_NO_MEMORY;
    }

    cstruct_file_ file = {.load = load};
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
    } else if (status == CSTRUCT_STOPPED) {
        cstruct_fault_say_(&self->fault, "the load was cancelled");
    }
    return hand_out(self, status, out);
}

/* Reads the records of a source into an empty context, and hands that out. */
static cstruct_status open_from(cstruct_ctx *self, const cstruct_source *source, const cstruct_open_options *options,
                                cstruct_ctx **out)
{
    const cstruct_open_options *used = options == NULL ? cstruct_open_options_default() : options;
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

/* A source whose bytes are counted. */
typedef struct counted {
    const cstruct_source *source;
    uint64_t *bytes;
} counted;

static cstruct_status read_counted(void *user, void *room, size_t len, size_t *got)
{
    counted *to = user;
    cstruct_status status = to->source->read(to->source->user, room, len, got);
    if (status == CSTRUCT_OK && *got <= len) {
        *to->bytes += *got;
    }
    return status;
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
    cstruct_ctx *self = new_ctx(CSTRUCT_ORIGIN_SOURCE, NULL);
    if (self == NULL) {
        return CSTRUCT_NO_MEMORY;
    }
    counted to = {.source = source, .bytes = &self->origin.source.bytes};
    cstruct_source counting = {.version = source->version, .user = &to, .read = read_counted};
    return open_from(self, &counting, options, out);
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
    cstruct_ctx *self = new_ctx(CSTRUCT_ORIGIN_TEXT, NULL);
    if (self == NULL) {
        return CSTRUCT_NO_MEMORY;
    }
    self->origin.text.len = text->len;
    cstruct_memory_ memory = {.at = text->data, .len = text->len};
    cstruct_source source = cstruct_memory_source_(&memory);
    return open_from(self, &source, options, out);
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

const cstruct_origin *cstruct_ctx_origin(const cstruct_ctx *self)
{
    return self == NULL ? NULL : &self->origin.any;
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
