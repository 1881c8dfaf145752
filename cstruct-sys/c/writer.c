/*
 * writer.c: records into a CSV file, and the truth about whether they arrived.
 *
 * Most of what is written waits in memory, so the system's refusal often comes as late as at the close, and there it must
 * not be lost. After a refusal nothing more is written: a file with a gap in it would be worse than a short one.
 */
#undef _GNU_SOURCE
#define _POSIX_C_SOURCE 200809L

#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct cstruct_writer {
    FILE *file;
    cstruct_text line; /* the latest lines; kept for the room that it has */
    size_t samples;    /* of every record */
    bool begun;        /* the header line was written */
    bool buffered;     /* in the caller's buffer */
    bool failed;       /* the system has refused something, and `why` is its errno */
    int why;
};

cstruct_status cstruct_writer_open(const char *path, cstruct_writer **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (path == NULL) {
        return CSTRUCT_INVALID;
    }

    cstruct_status status = CSTRUCT_NO_MEMORY;
    cstruct_object_begin_();
    cstruct_writer *self = cstruct_mem_get_(sizeof *self);
    if (self == NULL) {
        goto no_writer;
    }
    *self = (cstruct_writer){.file = fopen(path, "wbe")}; /* e: not inherited by programs that the process starts */
    if (self->file == NULL) {
        status = CSTRUCT_IO;
        goto no_file;
    }
    *out = self;
    return CSTRUCT_OK;

no_file:;
    int why = errno; /* the caller's only way to learn it */
    cstruct_mem_put_(self, sizeof *self);
    errno = why;
no_writer:
    cstruct_object_end_();
    return status;
}

cstruct_status cstruct_writer_buffer(cstruct_writer *self, char *buffer, size_t len)
{
    if (self == NULL || buffer == NULL || len == 0) {
        return CSTRUCT_INVALID;
    }
    if (self->begun || self->buffered) {
        return CSTRUCT_BUSY;
    }
    if (setvbuf(self->file, buffer, _IOFBF, len) != 0) {
        return CSTRUCT_UNSUPPORTED;
    }
    self->buffered = true;
    return CSTRUCT_OK;
}

/* Composes the header line, if it is not there yet, and the record's line. */
static cstruct_status compose(cstruct_writer *self, const cstruct *record)
{
    self->line.len = 0;
    cstruct_status status = CSTRUCT_OK;
    if (!self->begun) {
        status = cstruct_text_add_header_(&self->line, record->samples_len);
        if (status == CSTRUCT_OK) {
            status = cstruct_text_add_(&self->line, "\n", 1);
        }
    }
    if (status == CSTRUCT_OK) {
        status = cstruct_text_add_record_(&self->line, record);
    }
    return status == CSTRUCT_OK ? cstruct_text_add_(&self->line, "\n", 1) : status;
}

/* Hands bytes to the system, or to the buffer before it. */
static cstruct_status put(cstruct_writer *self, const char *bytes, size_t len)
{
    if (fwrite(bytes, 1, len, self->file) != len) {
        self->failed = true;
        self->why = errno;
        return CSTRUCT_IO;
    }
    return CSTRUCT_OK;
}

cstruct_status cstruct_writer_write(cstruct_writer *self, const cstruct *record)
{
    if (self == NULL || record == NULL || (self->begun && record->samples_len != self->samples)) {
        return CSTRUCT_INVALID;
    }
    if (self->failed) {
        errno = self->why;
        return CSTRUCT_IO;
    }
    cstruct_status status = compose(self, record);
    if (status != CSTRUCT_OK) {
        return status;
    }
    self->begun = true;
    self->samples = record->samples_len;
    return put(self, self->line.data, self->line.len);
}

cstruct_status cstruct_writer_close(cstruct_writer *self)
{
    if (self == NULL) {
        return CSTRUCT_OK;
    }
    if (!self->begun) {
        /* A file of no records has a header line all the same: it can be read back. */
        (void)put(self, "name,value\n", strlen("name,value\n"));
    }
    /* Closing writes out what is still in memory, and says so if that is refused. */
    if (fclose(self->file) != 0 && !self->failed) {
        self->failed = true;
        self->why = errno;
    }
    bool failed = self->failed;
    int why = self->why;
    cstruct_text_put_(&self->line);
    cstruct_mem_put_(self, sizeof *self);
    cstruct_object_end_();
    if (failed) {
        errno = why;
    }
    return failed ? CSTRUCT_IO : CSTRUCT_OK;
}
