/*
 * A third part of the library to be misused: sources, some of which are more than that, and which keep a pointer of their user's.
 *
 * No function allows NULL where it does not say so.
 */
#ifndef MISUSE_SOURCE_H
#define MISUSE_SOURCE_H

#include <stdint.h>

enum { SOURCE_PLAIN, SOURCE_FILE, SOURCE_SOCKET };

/* What every file and every socket begins with. Its kind never changes. */
struct source {
    int32_t kind;
    void *user;
    void (*destroy)(void *user);
};

/* A new source that is nothing else; NULL without memory. It is to be released with source_free. */
struct source *source_new(void);

/* Destroys the user's pointer, and releases a source that is plain or a file. */
void source_free(struct source *source);

/* What it is. */
int32_t source_kind(const struct source *source);

/*
 * Keeps a pointer, or NULL, and how to destroy it, or NULL. The pair before is destroyed; this one is when the next takes its place, or the
 * source is released.
 */
void source_set_user(struct source *source, void *user, void (*destroy)(void *user));

/* The user's pointer; NULL until one is set. */
void *source_user(const struct source *source);

/* A source of kind SOURCE_FILE. */
struct file {
    struct source base;
    int32_t descriptor;
};

/* A new file; NULL without memory. It is to be released with file_free, which is source_free. */
struct file *file_new(int32_t descriptor);

/* As source_free. */
void file_free(struct file *file);

/* Its descriptor. */
int32_t file_descriptor(const struct file *file);

/* A source of kind SOURCE_SOCKET. */
struct socket {
    struct source base;
    int32_t *port;
};

/* A new socket; NULL without memory. It is to be released with socket_free: source_free knows nothing of its port. */
struct socket *socket_new(int32_t port);

/* Destroys the user's pointer, and releases the socket and its port. */
void socket_free(struct socket *socket);

#endif
