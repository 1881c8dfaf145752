/*
 * hash.c: SipHash-1-3 of names, with a key for each table.
 *
 * Names come from files, and a file may be made to harm: names that all fall together would make a table quadratic. Who
 * does not know the key cannot make such names. On Linux the key is made of the 16 random bytes that the kernel gives to each process,
 * of the table's address and of the clock; elsewhere of the latter two, which is enough against a file that was made
 * beforehand. There is no global state, and making a key cannot fail.
 */
#undef _GNU_SOURCE
#define _POSIX_C_SOURCE 200809L

#include "table.h"

#include <string.h>
#include <time.h>

#if defined(__linux__)
#include <sys/auxv.h>
#endif

cstruct_key_ cstruct_hash_key_(const void *where)
{
    cstruct_key_ key = {{0, 0}};
#if defined(__linux__)
    const void *random = (const void *)(uintptr_t)getauxval(AT_RANDOM);
    if (random != NULL) {
        memcpy(&key, random, sizeof key);
    }
#endif
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    key.half[0] ^= (uint64_t)(uintptr_t)where;
    key.half[1] ^= (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
    return key;
}

static uint64_t rotate(uint64_t x, unsigned by)
{
    return (x << by) | (x >> (64 - by));
}

static void mix(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

static void take(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    mix(v);
    v[0] ^= word;
}

uint64_t cstruct_hash_(const cstruct_key_ *key, const char *name)
{
    uint64_t v[4] = {
        key->half[0] ^ UINT64_C(0x736f6d6570736575),
        key->half[1] ^ UINT64_C(0x646f72616e646f6d),
        key->half[0] ^ UINT64_C(0x6c7967656e657261),
        key->half[1] ^ UINT64_C(0x7465646279746573),
    };
    /* Words are read in the machine's own byte order: a hash never leaves the process. */
    size_t len = strlen(name);
    size_t at = 0;
    uint64_t word;
    for (; len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, name + at, sizeof word);
        take(v, word);
    }
    word = (uint64_t)len << 56;
    for (unsigned shift = 0; at < len; at++, shift += 8) {
        word |= (uint64_t)(unsigned char)name[at] << shift;
    }
    take(v, word);

    v[2] ^= 0xff;
    mix(v);
    mix(v);
    mix(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
