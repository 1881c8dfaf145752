/*
 * source.c: a file and a piece of memory, seen as the sources that callers implement too.
 */
#undef _GNU_SOURCE
#define _POSIX_C_SOURCE 200809L

#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- A file ------------------------------------------------------------------------------------------------------- */

cstruct_status cstruct_file_open_(cstruct_file_ *file, const char *path)
{
    errno = 0;
    FILE *stream = fopen(path, "rbe"); /* e: not inherited by programs that the process starts */
    file->stream = stream;
    file->error = stream == NULL ? errno : 0;
    if (stream == NULL) {
        return CSTRUCT_IO;
    }
    (void)setvbuf(stream, NULL, _IONBF, 0); /* the input has a buffer of its own; without this one all is right, but slower */
    return CSTRUCT_OK;
}

void cstruct_file_close_(cstruct_file_ *file)
{
    if (file->stream != NULL) {
        (void)fclose(file->stream); /* it was only read: there is nothing to lose */
    }
    file->stream = NULL;
}

static cstruct_status read_file(void *user, void *room, size_t len, size_t *got)
{
    cstruct_file_ *file = user;
    FILE *stream = file->stream;
    for (;;) {
        if (file->load != NULL && cstruct_load_cancelled_(file->load)) {
            return CSTRUCT_STOPPED;
        }
        errno = 0;
        *got = fread(room, 1, len, stream);
        if (*got != 0 || !ferror(stream)) {
            return CSTRUCT_OK; /* an error behind some bytes comes again at the next call */
        }
        if (errno != EINTR) {
            file->error = errno;
            return CSTRUCT_IO;
        }
        clearerr(stream);
    }
}

cstruct_source cstruct_file_source_(cstruct_file_ *file)
{
    return (cstruct_source){.version = CSTRUCT_SOURCE_VERSION, .user = file, .read = read_file};
}

/* ---- Memory ------------------------------------------------------------------------------------------------------- */

static cstruct_status read_memory(void *user, void *room, size_t len, size_t *got)
{
    cstruct_memory_ *memory = user;
    *got = len < memory->len ? len : memory->len;
    if (*got != 0) {
        memcpy(room, memory->at, *got);
        memory->at += *got;
        memory->len -= *got;
    }
    return CSTRUCT_OK;
}

cstruct_source cstruct_memory_source_(cstruct_memory_ *memory)
{
    return (cstruct_source){.version = CSTRUCT_SOURCE_VERSION, .user = memory, .read = read_memory};
}
