/*
 * digits.c: how many digits this thread writes.
 */
#include "internal.h"

/* As many as tell any two doubles apart. */
#define MOST_DIGITS 17

static _Thread_local uint32_t digits;

cstruct_status cstruct_digits_set(uint32_t wanted, uint32_t *old)
{
    if (old == NULL) {
        return CSTRUCT_INVALID;
    }
    *old = 0;
    if (wanted > MOST_DIGITS) {
        return CSTRUCT_INVALID;
    }
    *old = digits;
    digits = wanted;
    return CSTRUCT_OK;
}

uint32_t cstruct_digits_(void)
{
    return digits;
}
