/*
 * load.c: a file read by a thread of the library's.
 *
 * All that the thread needs is in the request, in the caller's memory: the library allocates nothing for it, and has nothing to put away
 * when it is over. The thread is detached. Its last look at the request is before it calls `done`, which may release it.
 *
 * The wish to cancel is a plain number in the caller's struct, since the header is also read by C++ and by binding generators, which
 * do not know `_Atomic`. It is only accessed by the functions at the top, atomically. It carries no other data, so no order is asked for.
 */
#undef _GNU_SOURCE
#define _POSIX_C_SOURCE 200809L

#include "internal.h"

#include <pthread.h>
#include <signal.h>

/* ---- The wish to cancel ------------------------------------------------------------------------------------------- */

#if defined(__GNUC__)

static void set(uint32_t *flag, uint32_t value)
{
    __atomic_store_n(flag, value, __ATOMIC_RELAXED);
}

static uint32_t value_of(const uint32_t *flag)
{
    return __atomic_load_n(flag, __ATOMIC_RELAXED);
}

#else

_Static_assert(sizeof(_Atomic uint32_t) == sizeof(uint32_t), "an atomic number is a number");

static void set(uint32_t *flag, uint32_t value)
{
    atomic_store_explicit((_Atomic uint32_t *)(void *)flag, value, memory_order_relaxed);
}

static uint32_t value_of(const uint32_t *flag)
{
    return atomic_load_explicit((_Atomic uint32_t *)(uintptr_t)flag, memory_order_relaxed);
}

#endif

bool cstruct_load_cancelled_(const cstruct_load *request)
{
    return value_of(&request->cancelled) != 0;
}

void cstruct_load_cancel(cstruct_load *request)
{
    if (request != NULL) {
        set(&request->cancelled, 1);
    }
}

/* ---- The thread --------------------------------------------------------------------------------------------------- */

static void *run(void *argument)
{
    cstruct_load *request = argument;
    cstruct_load_fn done = request->done;
    void *user = request->user;
    cstruct_ctx *ctx = NULL;
    cstruct_status status = cstruct_open_file_(request->path, request->options, request, &ctx);
    cstruct_object_end_();
    done(user, request, status, ctx);
    return NULL;
}

/* Starts the thread with all signals blocked: the program's handlers run on the program's threads. */
static int spawn(cstruct_load *request)
{
    sigset_t all;
    sigset_t old;
    pthread_t thread;
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error != 0) {
        return error;
    }
    (void)sigfillset(&all);
    error = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (error == 0) {
        error = pthread_sigmask(SIG_SETMASK, &all, &old);
    }
    if (error == 0) {
        error = pthread_create(&thread, &attributes, run, request);
        (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    }
    (void)pthread_attr_destroy(&attributes);
    return error;
}

cstruct_status cstruct_load_start(cstruct_load *request, const char *path, const cstruct_open_options *options,
                                  cstruct_load_fn done, void *user)
{
    if (request == NULL || path == NULL || done == NULL) {
        return CSTRUCT_INVALID;
    }
    *request = (cstruct_load){.path = path, .options = options, .user = user, .done = done};
    cstruct_object_begin_();
    /* From here on the request may be gone at any moment. */
    if (spawn(request) != 0) {
        cstruct_object_end_();
        return CSTRUCT_IO;
    }
    return CSTRUCT_OK;
}
