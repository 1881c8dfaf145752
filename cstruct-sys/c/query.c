/*
 * query.c: a walk over the records of a context. The context counts its queries, and does not close while one lives.
 */
#include "internal.h"

#include <string.h>

struct cstruct_query {
    cstruct_ctx *ctx;
    const cstruct *next; /* looked at by the next step */
    char *prefix;        /* NULL: every record */
    size_t prefix_len;
};

cstruct_status cstruct_query_new(cstruct_ctx *ctx, const char *prefix, cstruct_query **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (ctx == NULL) {
        return CSTRUCT_INVALID;
    }

    size_t len = prefix == NULL ? 0 : strlen(prefix);
    cstruct_object_begin_();
    cstruct_query *self = cstruct_mem_get_(sizeof *self);
    if (self == NULL) {
        goto no_query;
    }
    *self = (cstruct_query){.ctx = ctx, .next = ctx->head, .prefix_len = len};
    if (len != 0) {
        self->prefix = cstruct_mem_get_(len); /* counted, so it needs no NUL */
        if (self->prefix == NULL) {
            goto no_prefix;
        }
        memcpy(self->prefix, prefix, len);
    }
    ctx->queries++;
    *out = self;
    return CSTRUCT_OK;

no_prefix:
    cstruct_mem_put_(self, sizeof *self);
no_query:
    cstruct_object_end_();
    cstruct_fault_say_(&ctx->fault, "there is no memory for a query");
    return CSTRUCT_NO_MEMORY;
}

static bool matches(const cstruct_query *self, const cstruct *record)
{
    if (self->prefix == NULL) {
        return true;
    }
    return record->name != NULL && strncmp(record->name, self->prefix, self->prefix_len) == 0;
}

cstruct_status cstruct_query_step(cstruct_query *self, const cstruct **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (self == NULL) {
        return CSTRUCT_INVALID;
    }
    while (self->next != NULL) {
        if (cstruct_interrupted_(self->ctx)) {
            return CSTRUCT_STOPPED;
        }
        const cstruct *record = self->next;
        self->next = record->next;
        if (matches(self, record)) {
            *out = record;
            return CSTRUCT_OK;
        }
    }
    return CSTRUCT_DONE;
}

void cstruct_query_rewind(cstruct_query *self)
{
    if (self != NULL) {
        self->next = self->ctx->head;
    }
}

void cstruct_query_end(cstruct_query *self)
{
    if (self == NULL) {
        return;
    }
    self->ctx->queries--;
    cstruct_mem_put_(self->prefix, self->prefix_len);
    cstruct_mem_put_(self, sizeof *self);
    cstruct_object_end_();
}
