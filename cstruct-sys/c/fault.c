/*
 * fault.c: what went wrong, as one sentence that is safe to print.
 *
 * Bytes from outside are quoted with everything escaped that is not plain ASCII, and cut off: a message never carries
 * a control sequence to a terminal, and always fits.
 */
#undef _GNU_SOURCE /* it would replace strerror_r by a function of another type */
#define _POSIX_C_SOURCE 200809L

#include "internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void cstruct_fault_say_(cstruct_fault_ *fault, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
}

void cstruct_fault_at_(cstruct_fault_ *fault, uint64_t line, uint64_t column, const char *format, ...)
{
    fault->line = line;
    fault->column = column;
    int len = snprintf(fault->text, sizeof fault->text, "line %" PRIu64 ", column %" PRIu64 ": ", line, column);
    size_t used = len > 0 ? (size_t)len : 0;

    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(fault->text + used, sizeof fault->text - used, format, arguments);
    va_end(arguments);
}

const char *cstruct_quoted_(char room[CSTRUCT_QUOTED_ROOM_], const char *bytes, size_t len, size_t most)
{
    static const char hex[] = "0123456789abcdef";
    size_t limit = most < CSTRUCT_QUOTED_ROOM_ - 4 ? most : CSTRUCT_QUOTED_ROOM_ - 4;
    size_t used = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        bool plain = byte >= 0x20 && byte < 0x7f;
        if (used + (plain ? 1U : 4U) > limit) {
            memcpy(room + used, "...", 3);
            used += 3;
            break;
        }
        if (plain) {
            room[used++] = (char)byte;
        } else {
            room[used++] = '\\';
            room[used++] = 'x';
            room[used++] = hex[byte >> 4];
            room[used++] = hex[byte & 15];
        }
    }
    room[used] = '\0';
    return room;
}

const char *cstruct_errno_text_(char room[CSTRUCT_QUOTED_ROOM_], int number)
{
    if (strerror_r(number, room, CSTRUCT_QUOTED_ROOM_) != 0) {
        (void)snprintf(room, CSTRUCT_QUOTED_ROOM_, "error %d of the system", number);
    }
    return room;
}
