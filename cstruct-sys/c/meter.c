/*
 * meter.c: a thread of the library's that writes readings into a ring of the caller's.
 *
 * One mutex guards the ring, the number of readings and the wish to stop. The thread sleeps on a condition until its next
 * reading is due or the wish is told: it stops at once, however long the period. It reads without holding the mutex.
 * The file stays open: a reading is one system call and no allocation.
 */
#undef _GNU_SOURCE
#define _POSIX_C_SOURCE 200809L

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define US_PER_S UINT64_C(1000000)
#define NS_PER_US 1000
#define NS_PER_S 1000000000L

/* About thirty years: longer than that is as good as for ever, and no sum of times overflows. */
#define LONGEST_PERIOD (UINT64_C(1000000000) * US_PER_S)

struct cstruct_meter {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    int file;
    uint64_t page; /* bytes in a page */
    uint64_t period_us;
    struct timespec start;

    /* Guarded by the mutex. */
    cstruct_reading *ring;
    size_t len;
    uint64_t taken;
    bool stop;
};

/* ---- Time --------------------------------------------------------------------------------------------------------- */

static struct timespec now(void)
{
    struct timespec time = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &time); /* cannot fail: the condition's clock was set to it */
    return time;
}

static struct timespec later(struct timespec time, uint64_t us)
{
    time.tv_sec += (time_t)(us / US_PER_S);
    time.tv_nsec += (long)(us % US_PER_S) * NS_PER_US;
    if (time.tv_nsec >= NS_PER_S) {
        time.tv_nsec -= NS_PER_S;
        time.tv_sec++;
    }
    return time;
}

static bool before(struct timespec a, struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

static uint64_t us_between(struct timespec from, struct timespec to)
{
    int64_t ns = ((int64_t)to.tv_sec - from.tv_sec) * NS_PER_S + (to.tv_nsec - from.tv_nsec);
    return ns < 0 ? 0 : (uint64_t)ns / NS_PER_US;
}

/* A condition that waits by the clock that nobody can set. An error number where there is none. */
static int condition_init(pthread_cond_t *condition)
{
#if defined(_POSIX_CLOCK_SELECTION) && _POSIX_CLOCK_SELECTION > 0
    pthread_condattr_t attributes;
    int error = pthread_condattr_init(&attributes);
    if (error != 0) {
        return error;
    }
    error = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    if (error == 0) {
        error = pthread_cond_init(condition, &attributes);
    }
    (void)pthread_condattr_destroy(&attributes);
    return error;
#else
    (void)condition;
    return ENOTSUP;
#endif
}

/* ---- Readings ----------------------------------------------------------------------------------------------------- */

/* Reads the second number of the file: the resident pages. */
static bool read_pages(int file, uint64_t *out)
{
    char text[128];
    ssize_t got;
    do {
        got = pread(file, text, sizeof text - 1, 0);
    } while (got < 0 && errno == EINTR);
    if (got <= 0) {
        return false;
    }
    text[got] = '\0';

    const char *at = strchr(text, ' ');
    if (at == NULL || *++at < '0' || *at > '9') {
        return false;
    }
    uint64_t pages = 0;
    for (; *at >= '0' && *at <= '9'; at++) {
        pages = pages * 10 + (uint64_t)(*at - '0');
    }
    *out = pages;
    return true;
}

/* Takes one reading. A refused one is left out: there is nobody to tell. */
static bool take(cstruct_meter *self)
{
    uint64_t pages;
    if (!read_pages(self->file, &pages)) {
        return false;
    }
    cstruct_reading reading = {.at_us = us_between(self->start, now()), .bytes = pages * self->page};
    (void)pthread_mutex_lock(&self->mutex);
    self->ring[self->taken % self->len] = reading;
    self->taken++;
    (void)pthread_mutex_unlock(&self->mutex);
    return true;
}

/* Sleeps until `due` or until it shall stop, which is the answer. */
static bool sleep_until(cstruct_meter *self, struct timespec due)
{
    (void)pthread_mutex_lock(&self->mutex);
    int error = 0;
    while (!self->stop && error == 0) {
        error = pthread_cond_timedwait(&self->wake, &self->mutex, &due);
    }
    bool stop = self->stop;
    (void)pthread_mutex_unlock(&self->mutex);
    return stop;
}

static void *run(void *argument)
{
    cstruct_meter *self = argument;
    struct timespec due = later(self->start, self->period_us);
    while (!sleep_until(self, due)) {
        (void)take(self);
        /* On the beat, whatever a reading takes; but what was missed (the machine slept) is not made up for. */
        due = later(due, self->period_us);
        struct timespec present = now();
        if (before(due, present)) {
            due = later(present, self->period_us);
        }
    }
    return NULL;
}

/* Starts the thread with all signals blocked: the program's handlers run on the program's threads. */
static int spawn(cstruct_meter *self)
{
    sigset_t all;
    sigset_t old;
    (void)sigfillset(&all);
    int error = pthread_sigmask(SIG_SETMASK, &all, &old);
    if (error != 0) {
        return error;
    }
    error = pthread_create(&self->thread, NULL, run, self);
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    return error;
}

/* ---- The meter ---------------------------------------------------------------------------------------------------- */

cstruct_status cstruct_meter_start(cstruct_reading *ring, size_t len, uint64_t period_us, cstruct_meter **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (ring == NULL || len == 0 || period_us == 0) {
        return CSTRUCT_INVALID;
    }

    cstruct_object_begin_();
    cstruct_status status = CSTRUCT_NO_MEMORY;
    cstruct_meter *self = cstruct_mem_get_(sizeof *self);
    if (self == NULL) {
        goto no_meter;
    }
    *self = (cstruct_meter){.ring = ring, .len = len};
    self->period_us = period_us < LONGEST_PERIOD ? period_us : LONGEST_PERIOD;

    status = CSTRUCT_UNSUPPORTED;
    long page = sysconf(_SC_PAGESIZE);
    if (page <= 0) {
        goto no_file;
    }
    self->page = (uint64_t)page;
    self->file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (self->file < 0) {
        /* No more files may be opened at present: that is another thing than a system that does not tell. */
        status = errno == EMFILE || errno == ENFILE || errno == ENOMEM ? CSTRUCT_IO : CSTRUCT_UNSUPPORTED;
        goto no_file;
    }
    int error = condition_init(&self->wake);
    if (error != 0) {
        status = error == ENOTSUP || error == EINVAL ? CSTRUCT_UNSUPPORTED : CSTRUCT_IO;
        goto no_wake;
    }
    if (pthread_mutex_init(&self->mutex, NULL) != 0) {
        status = CSTRUCT_IO;
        goto no_mutex;
    }
    self->start = now();
    if (!take(self)) {
        goto no_thread;
    }
    if (spawn(self) != 0) {
        status = CSTRUCT_IO;
        goto no_thread;
    }
    *out = self;
    return CSTRUCT_OK;

no_thread:
    (void)pthread_mutex_destroy(&self->mutex);
no_mutex:
    (void)pthread_cond_destroy(&self->wake);
no_wake:
    (void)close(self->file);
no_file:
    cstruct_mem_put_(self, sizeof *self);
no_meter:
    cstruct_object_end_();
    return status;
}

/* To lock is to write, but no meter is a constant: all are made above. */
static cstruct_meter *lock(const cstruct_meter *self)
{
    cstruct_meter *open = (cstruct_meter *)(uintptr_t)self;
    (void)pthread_mutex_lock(&open->mutex);
    return open;
}

uint64_t cstruct_meter_taken(const cstruct_meter *self)
{
    if (self == NULL) {
        return 0;
    }
    cstruct_meter *locked = lock(self);
    uint64_t taken = locked->taken;
    (void)pthread_mutex_unlock(&locked->mutex);
    return taken;
}

cstruct_status cstruct_meter_latest(const cstruct_meter *self, cstruct_reading *room, size_t len, size_t *got)
{
    if (got == NULL) {
        return CSTRUCT_INVALID;
    }
    *got = 0;
    if (self == NULL || (room == NULL && len != 0)) {
        return CSTRUCT_INVALID;
    }
    cstruct_meter *locked = lock(self);
    size_t count = locked->taken < locked->len ? (size_t)locked->taken : locked->len;
    if (count > len) {
        count = len;
    }
    for (size_t i = 0; i < count; i++) {
        room[i] = locked->ring[(locked->taken - count + i) % locked->len];
    }
    (void)pthread_mutex_unlock(&locked->mutex);
    *got = count;
    return CSTRUCT_OK;
}

void cstruct_meter_stop(cstruct_meter *self)
{
    if (self == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&self->mutex);
    self->stop = true;
    (void)pthread_cond_signal(&self->wake);
    (void)pthread_mutex_unlock(&self->mutex);
    (void)pthread_join(self->thread, NULL);
    (void)pthread_mutex_destroy(&self->mutex);
    (void)pthread_cond_destroy(&self->wake);
    (void)close(self->file);
    cstruct_mem_put_(self, sizeof *self);
    cstruct_object_end_();
}
