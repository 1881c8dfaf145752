#include "source.h"

#include <stddef.h>
#include <stdlib.h>

struct source *source_new(void)
{
    struct source *source = malloc(sizeof *source);
    if (source != NULL) {
        *source = (struct source){.kind = SOURCE_PLAIN};
    }
    return source;
}

static void destroy_user(struct source *source)
{
    if (source->destroy != NULL) {
        source->destroy(source->user);
    }
}

void source_free(struct source *source)
{
    destroy_user(source);
    free(source);
}

int32_t source_kind(const struct source *source)
{
    return source->kind;
}

void source_set_user(struct source *source, void *user, void (*destroy)(void *user))
{
    struct source before = *source;
    source->user = user;
    source->destroy = destroy;
    destroy_user(&before);
}

void *source_user(const struct source *source)
{
    return source->user;
}

struct file *file_new(int32_t descriptor)
{
    struct file *file = malloc(sizeof *file);
    if (file != NULL) {
        *file = (struct file){.base.kind = SOURCE_FILE, .descriptor = descriptor};
    }
    return file;
}

void file_free(struct file *file)
{
    source_free(&file->base);
}

int32_t file_descriptor(const struct file *file)
{
    return file->descriptor;
}

struct socket *socket_new(int32_t port)
{
    struct socket *socket = malloc(sizeof *socket);
    int32_t *room = malloc(sizeof *room);
    if (socket == NULL || room == NULL) {
        free(socket);
        free(room);
        return NULL;
    }
    *room = port;
    *socket = (struct socket){.base.kind = SOURCE_SOCKET, .port = room};
    return socket;
}

void socket_free(struct socket *socket)
{
    free(socket->port);
    source_free(&socket->base);
}
