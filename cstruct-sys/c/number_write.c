/*
 * number_write.c: the shortest of %.15g, %.16g and %.17g that reads back as the same double.
 *
 * Most samples are decimals of few digits, m / 10^k. When m has at most 15 digits and dividing gives x back, then
 * m and a point is what %.15g would print, found without it. No locale has a say in the result. A thread that asked for a
 * number of digits gets %g with that many instead.
 */
#include "internal.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `m / 10^k`, without zeros at the end because k is the smallest possible. */
static size_t write_decimal(char *room, uint64_t m, unsigned k)
{
    char reversed[32];
    size_t len = 0;
    for (unsigned i = 0; m != 0 || i <= k; i++) {
        if (i == k && k != 0) {
            reversed[len++] = '.';
        }
        reversed[len++] = (char)('0' + (char)(m % 10));
        m /= 10;
    }
    for (size_t i = 0; i < len; i++) {
        room[i] = reversed[len - 1 - i];
    }
    return len;
}

/* 0 if `x`, which is not negative, is not a plain decimal of few digits. */
static size_t write_plainly(char *room, double x)
{
    if (x == 0.0) {
        return write_decimal(room, 0, 0);
    }
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD == 0
    static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
    if (x < 1e-4 || x >= 1e15) {
        return 0; /* %g would write an exponent */
    }
    for (unsigned k = 0; k < sizeof powers / sizeof *powers; k++) {
        double shifted = x * powers[k];
        if (shifted >= 1e15) {
            return 0;
        }
        uint64_t m = (uint64_t)(shifted + 0.5);
        if ((double)m / powers[k] == x) {
            return write_decimal(room, m, k);
        }
    }
#endif
    return 0;
}

/* Puts a '.' where the locale of the moment put its decimal point, which may be several bytes. */
static size_t normalise_point(char *text, size_t len)
{
    size_t first = strspn(text, "+-0123456789eE");
    if (first == len) {
        return len;
    }
    size_t behind = first + strcspn(text + first, "+-0123456789eE");
    text[first] = '.';
    memmove(text + first + 1, text + behind, len - behind + 1);
    return first + 1 + (len - behind);
}

size_t cstruct_number_write_(double x, char room[CSTRUCT_NUMBER_ROOM_])
{
    if (isnan(x)) {
        return 0;
    }
    if (isinf(x)) {
        const char *word = x < 0 ? "-inf" : "inf";
        size_t len = strlen(word);
        memcpy(room, word, len);
        return len;
    }
    uint32_t wanted = cstruct_digits_();
    if (wanted != 0) {
        int len = snprintf(room, CSTRUCT_NUMBER_ROOM_, "%.*g", (int)wanted, x);
        return len > 0 ? normalise_point(room, (size_t)len) : 0; /* GCOVR_EXCL_BR_LINE 1: a number always fits */
    }
    size_t sign = signbit(x) ? 1 : 0;
    room[0] = '-';
    size_t len = write_plainly(room + sign, fabs(x));
    if (len != 0) {
        return sign + len;
    }
    int written = 0;
    for (int digits = 15; digits <= 17; digits++) { /* GCOVR_EXCL_BR_LINE 1: 17 digits leave the loop */
        written = snprintf(room, CSTRUCT_NUMBER_ROOM_, "%.*g", digits, x);
        if (digits == 17 || strtod(room, NULL) == x) {
            break;
        }
    }
    return written > 0 ? normalise_point(room, (size_t)written) : 0; /* GCOVR_EXCL_BR_LINE 1: a number always fits */
}
