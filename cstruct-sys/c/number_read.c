/*
 * number_read.c: text to number, strictly and exactly.
 *
 * A decimal of few digits is an integer times a power of ten, and when both are doubles without rounding, one
 * multiplication or division gives the nearest double (Clinger's fast path). Everything else is brought into the form
 * 123e-45, which has no decimal point that a locale could change, and goes through strtod.
 *
 * No end of the text is passed: the byte behind it must be one that no number contains. Digits, letters, '+', '-'
 * and '.' are therefore not allowed as delimiters.
 */
#include "internal.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* No double needs more digits than 767 to be told from its neighbours; one more says whether others follow. */
#define MAX_DIGITS 770

/* Exponents in a text stop counting here. More digits than this, which could outweigh it, fit into no line. */
#define MAX_EXPONENT INT64_C(1000000000000000)

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') <= 9;
}

/* How long `word`, in lower case, is at `text`; 0 if it is not there. */
static size_t match(const char *text, const char *word)
{
    size_t len = 0;
    while (word[len] != '\0') {
        if ((text[len] | 0x20) != word[len]) {
            return 0;
        }
        len++;
    }
    return len;
}

static cstruct_number_ read_word(const char *text, bool negative, const char **end, double *out)
{
    double x = INFINITY;
    size_t len = match(text, "infinity");
    if (len == 0) {
        len = match(text, "inf");
    }
    if (len == 0) {
        len = match(text, "nan");
        x = NAN;
    }
    if (len == 0) {
        return CSTRUCT_NUMBER_NONE_;
    }
    *end = text + len;
    *out = negative ? -x : x;
    return CSTRUCT_NUMBER_OK_;
}

/* The digits from `at` to `end`, among which there may be a point, times ten to the power of `exponent`. */
static double read_slowly(const char *at, const char *end, int64_t exponent)
{
    char text[MAX_DIGITS + 16];
    size_t len = 0;
    for (; at < end; at++) {
        if (*at == '.' || (len == 0 && *at == '0')) {
            continue;
        }
        if (len < MAX_DIGITS) {
            text[len++] = *at;
            continue;
        }
        exponent++;
        if (*at != '0') {
            text[MAX_DIGITS - 1] = '1'; /* it is only known to be more than nothing, and that is all that matters */
        }
    }
    if (len == 0) {
        return 0.0;
    }
    /* With at most MAX_DIGITS digits, exponents beyond these give infinity and 0 like all further ones. */
    int small = exponent > 5000 ? 5000 : exponent < -5000 ? -5000 : (int)exponent;
    text[len++] = 'e';
    if (small < 0) {
        text[len++] = '-';
        small = -small;
    }
    for (int unit = 1000; unit > 0; unit /= 10) {
        text[len++] = (char)('0' + small / unit % 10);
    }
    text[len] = '\0';

    int kept = errno;
    double x = strtod(text, NULL);
    errno = kept;
    return x;
}

cstruct_number_ cstruct_number_read_(const char *text, const char **end, double *out)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const char *at = text;
    bool negative = *at == '-';
    if (negative || *at == '+') {
        at++;
    }

    const char *first = at;
    uint64_t significand = 0; /* wraps after 19 digits, and is not looked at then */
    while (is_digit(*at)) {
        significand = significand * 10 + (uint64_t)(*at++ - '0');
    }
    size_t digits = (size_t)(at - first);
    int64_t exponent = 0;
    if (*at == '.') {
        const char *point = at++;
        while (is_digit(*at)) {
            significand = significand * 10 + (uint64_t)(*at++ - '0');
        }
        exponent = point + 1 - at;
        digits += (size_t)(at - point - 1);
    }
    if (digits == 0) {
        return read_word(first, negative, end, out);
    }

    const char *behind = at;
    if ((*at | 0x20) == 'e') {
        const char *power = at + 1;
        bool down = *power == '-';
        if (down || *power == '+') {
            power++;
        }
        if (is_digit(*power)) {
            int64_t told = 0;
            while (is_digit(*power)) {
                told = told < MAX_EXPONENT ? told * 10 + (*power - '0') : told;
                power++;
            }
            exponent += down ? -told : told;
            at = power;
        }
    }
    *end = at;

    double x;
    bool exact = digits <= 19 && significand <= (UINT64_C(1) << 53) && exponent >= -22 && exponent <= 22;
#if !defined(FLT_EVAL_METHOD) || FLT_EVAL_METHOD != 0
    exact = false; /* the processor would round twice */
#endif
    if (exact) {
        x = exponent < 0 ? (double)significand / powers[-exponent] : (double)significand * powers[exponent];
    } else {
        x = read_slowly(first, behind, exponent);
    }
    *out = negative ? -x : x;
    return isinf(x) ? CSTRUCT_NUMBER_TOO_LARGE_ : CSTRUCT_NUMBER_OK_;
}

cstruct_number_ cstruct_integer_read_(const char *text, const char **end, int32_t *out)
{
    const char *at = text;
    bool negative = *at == '-';
    if (negative || *at == '+') {
        at++;
    }
    const char *first = at;
    const int64_t limit = negative ? -(int64_t)INT32_MIN : INT32_MAX;
    int64_t value = 0;
    bool too_large = false;
    while (is_digit(*at)) {
        value = too_large ? 0 : value * 10 + (*at - '0');
        too_large = too_large || value > limit;
        at++;
    }
    *end = at;
    if (at == first) {
        return CSTRUCT_NUMBER_NONE_;
    }
    if (too_large) {
        return CSTRUCT_NUMBER_TOO_LARGE_;
    }
    *out = (int32_t)(negative ? -value : value);
    return CSTRUCT_NUMBER_OK_;
}
