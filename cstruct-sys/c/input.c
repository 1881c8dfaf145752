/*
 * input.c: from bytes to lines.
 *
 * The bytes of the source pass through a window. Where the next quote is, is known for the whole window, so a line
 * without one is found by a single memchr; only a line with a quote is looked at byte by byte, because a line end in
 * quotes does not end it. Every search goes on where it stopped when more bytes come: the time is linear in the bytes,
 * however few of them the source gives at a time, and however long a line is.
 */
#include "internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIRST_SIZE ((size_t)64 * 1024)

/* ---- The window --------------------------------------------------------------------------------------------------- */

/* Where `byte` is, at or after `from`; `end` if it is nowhere. */
static size_t find(const cstruct_input_ *in, char byte, size_t from)
{
    const char *found = from < in->end ? memchr(in->data + from, byte, in->end - from) : NULL;
    return found == NULL ? in->end : (size_t)(found - in->data);
}

/* Room for as much again as the line has already: moves it to the front, and grows if that is not enough. */
static cstruct_status make_room(cstruct_input_ *in)
{
    size_t usable = in->cap - 1;
    if (usable - in->end >= usable / 2) {
        return CSTRUCT_OK;
    }
    size_t moved = in->at;
    if (moved != 0) {
        memmove(in->data, in->data + moved, in->end - moved);
        in->at = 0;
        in->end -= moved;
        in->quote_at -= moved;
        in->nul_at -= moved;
    }
    if (usable - in->end >= usable / 2) {
        return CSTRUCT_OK;
    }
    size_t cap;
    if (!cstruct_size_mul_(in->cap, 2, &cap)) { /* GCOVR_EXCL_BR_LINE 1: no memory holds half of that */
        return CSTRUCT_NO_MEMORY;
    }
    char *data = cstruct_mem_resize_(in->data, in->cap, cap);
    if (data == NULL) {
        return CSTRUCT_NO_MEMORY;
    }
    in->data = data;
    in->cap = cap;
    return CSTRUCT_OK;
}

/* Gets more bytes, or finds that there are none. Changes `at`. */
static cstruct_status refill(cstruct_input_ *in)
{
    cstruct_status status = make_room(in);
    if (status != CSTRUCT_OK) {
        return status;
    }
    size_t room = in->cap - 1 - in->end;
    size_t got = 0;
    status = in->source->read(in->source->user, in->data + in->end, room, &got);
    if (status != CSTRUCT_OK) {
        cstruct_fault_say_(in->fault, "the source failed in or behind line %llu: %s (status %d)",
                           (unsigned long long)in->line, cstruct_status_text(status), (int)status);
        return status;
    }
    if (got > room) {
        cstruct_fault_say_(in->fault, "the source says that it gave %zu bytes where there was room for %zu; correct its `read`",
                           got, room);
        return CSTRUCT_IO;
    }
    size_t from = in->end;
    bool no_quote = in->quote_at == from;
    bool no_nul = in->nul_at == from;
    in->ended = got == 0;
    in->end += got;
    in->data[in->end] = '\n';
    if (no_quote) {
        in->quote_at = find(in, in->options->quote, from);
    }
    if (no_nul) {
        in->nul_at = find(in, '\0', from);
    }
    return CSTRUCT_OK;
}

cstruct_status cstruct_input_begin_(cstruct_input_ *in, const cstruct_source *source,
                                    const cstruct_open_options *options, cstruct_fault_ *fault)
{
    *in = (cstruct_input_){.source = source, .options = options, .fault = fault, .line = 1, .next_line = 1};
    in->data = cstruct_mem_get_(FIRST_SIZE);
    if (in->data == NULL) {
        return CSTRUCT_NO_MEMORY;
    }
    in->cap = FIRST_SIZE;
    in->data[0] = '\n';
    while (in->end < 3 && !in->ended) {
        cstruct_status status = refill(in);
        if (status != CSTRUCT_OK) {
            return status;
        }
    }
    if (in->end >= 3 && memcmp(in->data, "\xEF\xBB\xBF", 3) == 0) {
        in->next = 3;
        in->lead = 3;
    }
    return CSTRUCT_OK;
}

void cstruct_input_end_(cstruct_input_ *in)
{
    cstruct_mem_put_(in->data, in->cap);
    in->data = NULL;
}

/* ---- Lines -------------------------------------------------------------------------------------------------------- */

/* How far the search for the end of a line has come. */
typedef struct search {
    size_t done;   /* bytes of the line that were looked at */
    bool by_bytes; /* there is a quote in it */
    enum { FIELD_BEGINS, IN_FIELD, IN_QUOTES, QUOTE_IN_QUOTES } state;
} search;

/* The same for a line with a quote. `done` stays at the line feed when it is found. */
static bool quoted_line_ends(const cstruct_input_ *in, search *s)
{
    const char *line = in->data + in->at;
    size_t have = in->end - in->at;
    char quote = in->options->quote;
    char delimiter = in->options->delimiter;
    while (s->done < have) {
        if (s->state == IN_QUOTES) {
            const char *closing = memchr(line + s->done, quote, have - s->done);
            if (closing == NULL) {
                s->done = have;
                return false;
            }
            s->done = (size_t)(closing - line) + 1;
            s->state = QUOTE_IN_QUOTES;
            continue;
        }
        char c = line[s->done];
        if (c == '\n') {
            return true;
        }
        s->done++;
        if (c == delimiter) {
            s->state = FIELD_BEGINS;
        } else if (c == quote && s->state != IN_FIELD) {
            s->state = IN_QUOTES; /* the first of a field, or the second of a doubled one */
        } else {
            s->state = IN_FIELD;
        }
    }
    return false;
}

/* Is the line feed that ends the line in the window? Then `done` is where, from the beginning of the line. */
static bool line_ends(const cstruct_input_ *in, search *s)
{
    if (!s->by_bytes) {
        size_t feed = find(in, '\n', in->at + s->done);
        if (in->quote_at >= feed) {
            s->done = feed - in->at;
            return feed < in->end;
        }
        *s = (search){.by_bytes = true, .state = FIELD_BEGINS};
    }
    return quoted_line_ends(in, s);
}

/* How many line feeds there are in the `len` bytes, and what is behind the last of them. */
static uint64_t count_feeds(const char *at, size_t len, const char **behind_last)
{
    uint64_t count = 0;
    const char *end = at + len;
    *behind_last = at;
    while (at < end) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        if (feed == NULL) {
            break;
        }
        count++;
        at = feed + 1;
        *behind_last = at;
    }
    return count;
}

/* Goes to where the next line begins, before its end is known. */
static void begin_line(cstruct_input_ *in)
{
    in->at = in->next;
    in->line = in->next_line;
    in->lead = in->line == 1 ? in->lead : 0;
    if (in->quote_at < in->at) {
        in->quote_at = find(in, in->options->quote, in->at);
    }
    if (in->nul_at < in->at) { /* GCOVR_EXCL_BR_LINE 1: a line with a NUL is the last that is read */
        in->nul_at = find(in, '\0', in->at);
    }
}

/* The line is `len` bytes, and behind them is a line feed unless the source has ended. */
static void end_line(cstruct_input_ *in, size_t len, bool feed)
{
    in->stop = in->at + len;
    in->next = feed ? in->stop + 1 : in->stop;
    if (len != 0 && in->data[in->stop - 1] == '\r') {
        in->stop--;
    }
    const char *unused;
    in->next_line += cstruct_input_has_quote_(in) ? count_feeds(in->data + in->at, in->next - in->at, &unused) : 1;
}

cstruct_status cstruct_input_step_(cstruct_input_ *in)
{
    uint64_t max_line = in->options->max_line;
    do {
        begin_line(in);
        search s = {.done = 0, .state = FIELD_BEGINS};
        bool feed;
        /* Two bytes more than allowed, because CR LF do not count. */
        while (!(feed = line_ends(in, &s)) && !in->ended && (s.done < 2 || s.done - 2 < max_line)) {
            cstruct_status status = refill(in);
            if (status != CSTRUCT_OK) {
                return status;
            }
        }
        if (!feed && s.done == 0) {
            in->over = true;
            return CSTRUCT_OK;
        }
        end_line(in, s.done, feed);
        if (in->stop - in->at > max_line) {
            cstruct_fault_at_(in->fault, in->line, 1, "the line has more than %llu bytes; raise max_line to read it",
                              (unsigned long long)max_line);
            return CSTRUCT_PARSE;
        }
        if (in->nul_at < in->stop) {
            return cstruct_input_fault_(in, in->data + in->nul_at, "there is a NUL byte; this is not text");
        }
    } while (in->stop == in->at);
    return CSTRUCT_OK;
}

bool cstruct_input_has_quote_(const cstruct_input_ *in)
{
    return in->quote_at < in->stop;
}

cstruct_status cstruct_input_fault_(const cstruct_input_ *in, const char *where, const char *format, ...)
{
    const char *line = in->data + in->at;
    const char *begin;
    uint64_t feeds = count_feeds(line, (size_t)(where - line), &begin);
    uint64_t column = (uint64_t)(where - begin) + 1 + (feeds == 0 ? in->lead : 0);

    char sentence[sizeof in->fault->text];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    cstruct_fault_at_(in->fault, in->line + feeds, column, "%s", sentence);
    return CSTRUCT_PARSE;
}
