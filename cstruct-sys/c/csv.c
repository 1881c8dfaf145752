/*
 * csv.c: from lines to records.
 *
 * Every line is first read by `read_plain`, which takes the numbers off one after the other and expects
 * nothing unusual. Where it finds a quote or anything that is not a number in its place, the line is read again by
 * `read_fields`, field by field: that one knows quotes and missing samples, and says what is wrong and where.
 */
#include "internal.h"

#include <math.h>
#include <string.h>

/* As much as is quoted of somebody else's bytes. */
#define SHOWN 40

typedef struct reader {
    cstruct_input_ input;
    char delimiter;
    char quote;
    const char *missing; /* NULL: none */
    size_t missing_len;
    size_t columns; /* at least 2 */
    cstruct_text unquoted; /* the latest field that had doubled quotes in it */
} reader;

typedef struct field {
    const char *text; /* without its quotes; behind it is a byte that no number contains */
    size_t len;
    const char *where; /* it begins here in the line, quote included */
    const char *next; /* the next field begins here; NULL when this is the last one */
} field;

/* ---- Fields ------------------------------------------------------------------------------------------------------- */

/* Reads the field that begins with a quote at `at`. */
static cstruct_status read_quoted(reader *r, const char *at, field *out)
{
    const char *stop = r->input.data + r->input.stop;
    const char *begin = at + 1;
    const char *from = begin;
    bool doubled = false;
    r->unquoted.len = 0;
    for (;;) {
        const char *closing = from < stop ? memchr(from, r->quote, (size_t)(stop - from)) : NULL;
        if (closing == NULL) {
            return cstruct_input_fault_(&r->input, at, "the quote that opens here is never closed; close it, or double it if it belongs to the text");
        }
        const char *behind = closing + 1;
        bool again = behind < stop && *behind == r->quote;
        if (again || doubled) {
            /* Together with the first of the two quotes, if there are two. */
            cstruct_status status = cstruct_text_add_(&r->unquoted, from, (size_t)(closing - from) + (again ? 1 : 0));
            if (status != CSTRUCT_OK) {
                return status;
            }
        }
        if (again) {
            doubled = true;
            from = behind + 1;
            continue;
        }
        if (behind < stop && *behind != r->delimiter) {
            return cstruct_input_fault_(&r->input, behind, "there is text behind the closing quote; double the quote if it belongs to the text");
        }
        out->text = doubled ? r->unquoted.data : begin;
        out->len = doubled ? r->unquoted.len : (size_t)(closing - begin);
        out->where = at;
        out->next = behind < stop ? behind + 1 : NULL;
        return CSTRUCT_OK;
    }
}

static cstruct_status read_field(reader *r, const char *at, field *out)
{
    const char *stop = r->input.data + r->input.stop;
    if (at < stop && *at == r->quote) {
        return read_quoted(r, at, out);
    }
    const char *end = at < stop ? memchr(at, r->delimiter, (size_t)(stop - at)) : NULL;
    out->next = end == NULL ? NULL : end + 1;
    out->text = out->where = at;
    out->len = (size_t)((end == NULL ? stop : end) - at);
    return CSTRUCT_OK;
}

/* How many fields the line has. Where the first one above `expected` begins is told in `*surplus`. */
static cstruct_status count_fields(reader *r, size_t expected, size_t *count, const char **surplus)
{
    field f = {.next = r->input.data + r->input.at};
    for (*count = 0; f.next != NULL; ++*count) {
        const char *at = f.next;
        if (*count == expected) {
            *surplus = at;
        }
        cstruct_status status = read_field(r, at, &f);
        if (status != CSTRUCT_OK) {
            return status;
        }
    }
    return CSTRUCT_OK;
}

static bool is_missing(const reader *r, const char *text, size_t len)
{
    return len == 0 || (r->missing != NULL && len == r->missing_len && memcmp(text, r->missing, len) == 0);
}

static cstruct_status not_a_number(reader *r, const field *f, const char *what)
{
    char room[CSTRUCT_QUOTED_ROOM_];
    return cstruct_input_fault_(&r->input, f->where, "`%s` %s", cstruct_quoted_(room, f->text, f->len, SHOWN), what);
}

static cstruct_status value_of(reader *r, const field *f, int32_t *out)
{
    const char *end = f->text;
    cstruct_number_ read = cstruct_integer_read_(f->text, &end, out);
    if (read == CSTRUCT_NUMBER_NONE_ || end != f->text + f->len) {
        return f->len == 0 ? cstruct_input_fault_(&r->input, f->where, "the value is missing; it must be a whole number")
                           : not_a_number(r, f, "is not a whole number");
    }
    return read == CSTRUCT_NUMBER_OK_ ? CSTRUCT_OK : not_a_number(r, f, "does not fit into 32 bits");
}

static cstruct_status sample_of(reader *r, const field *f, double *out)
{
    if (is_missing(r, f->text, f->len)) {
        *out = NAN;
        return CSTRUCT_OK;
    }
    const char *end = f->text;
    cstruct_number_ read = cstruct_number_read_(f->text, &end, out);
    if (read == CSTRUCT_NUMBER_NONE_ || end != f->text + f->len) {
        return not_a_number(r, f, "is not a number");
    }
    return read == CSTRUCT_NUMBER_OK_ ? CSTRUCT_OK : not_a_number(r, f, "is too large; write inf if that is meant");
}

/* ---- Lines -------------------------------------------------------------------------------------------------------- */

static cstruct_status read_fields(reader *r, cstruct **out)
{
    const char *line = r->input.data + r->input.at;
    const char *stop = r->input.data + r->input.stop;
    const char *surplus = line;
    size_t count;
    cstruct_status status = count_fields(r, r->columns, &count, &surplus);
    if (status != CSTRUCT_OK) {
        return status;
    }
    if (count != r->columns) {
        return cstruct_input_fault_(&r->input, count < r->columns ? stop : surplus,
                                    "the line has %zu column%s and the header has %zu", count, count == 1 ? "" : "s",
                                    r->columns);
    }

    /* The number comes behind the name, and the name may be in the text that the next quoted field overwrites. */
    field name;
    field f;
    cstruct *record;
    status = read_field(r, line, &name);
    if (status != CSTRUCT_OK) { /* GCOVR_EXCL_BR_LINE 1: count_fields has read this field, so it can be read */
        return status;
    }
    const char *second = name.next;
    status = cstruct_new_sized_(0, name.len == 0 ? NULL : name.text, name.len, r->columns - 2, &record);
    if (status != CSTRUCT_OK) {
        return status;
    }
    status = read_field(r, second, &f);
    if (status == CSTRUCT_OK) { /* GCOVR_EXCL_BR_LINE 1: count_fields has read this field, so it can be read */
        status = value_of(r, &f, &record->value);
    }
    for (size_t i = 0; status == CSTRUCT_OK && i < record->samples_len; i++) {
        status = read_field(r, f.next, &f);
        if (status == CSTRUCT_OK) { /* GCOVR_EXCL_BR_LINE 1: count_fields has read this field, so it can be read */
            status = sample_of(r, &f, &record->samples[i]);
        }
    }
    if (status != CSTRUCT_OK) {
        cstruct_free(record);
        return status;
    }
    *out = record;
    return CSTRUCT_OK;
}

/* The samples of a plain line from `at` on. False if that is not what is there. */
static bool read_plain_samples(const reader *r, const char *at, double *samples, size_t len)
{
    const char *stop = r->input.data + r->input.stop;
    for (size_t i = 0; i < len; i++) {
        if (*at != r->delimiter) {
            return false;
        }
        at++;
        if (at == stop || *at == r->delimiter) {
            samples[i] = NAN;
            continue;
        }
        if (r->missing != NULL) {
            const char *end = memchr(at, r->delimiter, (size_t)(stop - at));
            end = end == NULL ? stop : end;
            if (is_missing(r, at, (size_t)(end - at))) {
                samples[i] = NAN;
                at = end;
                continue;
            }
        }
        if (cstruct_number_read_(at, &at, &samples[i]) != CSTRUCT_NUMBER_OK_) {
            return false;
        }
    }
    return at == stop;
}

/* Reads a line in which nothing is unusual; `*out` NULL if something is. The byte at the line's end is a CR or LF. */
static cstruct_status read_plain(const reader *r, cstruct **out)
{
    const char *line = r->input.data + r->input.at;
    size_t len = r->input.stop - r->input.at;
    *out = NULL;
    /* So many columns need so many bytes: without this a short line could ask for the memory of a long header. */
    if (len < r->columns - 1 || cstruct_input_has_quote_(&r->input)) {
        return CSTRUCT_OK;
    }
    const char *name_end = memchr(line, r->delimiter, len);
    if (name_end == NULL) {
        return CSTRUCT_OK;
    }
    int32_t value;
    const char *end;
    if (cstruct_integer_read_(name_end + 1, &end, &value) != CSTRUCT_NUMBER_OK_) {
        return CSTRUCT_OK;
    }
    cstruct *record;
    size_t name_len = (size_t)(name_end - line);
    cstruct_status status = cstruct_new_sized_(value, name_len == 0 ? NULL : line, name_len, r->columns - 2, &record);
    if (status != CSTRUCT_OK) {
        return status;
    }
    if (!read_plain_samples(r, end, record->samples, record->samples_len)) {
        cstruct_free(record);
        return CSTRUCT_OK;
    }
    *out = record;
    return CSTRUCT_OK;
}

static cstruct_status read_header(reader *r)
{
    cstruct_status status = cstruct_input_step_(&r->input);
    if (status != CSTRUCT_OK) {
        return status;
    }
    if (r->input.over) {
        cstruct_fault_at_(r->input.fault, 1, 1, "there is no header line; the first line must name the columns");
        return CSTRUCT_PARSE;
    }
    const char *unused;
    status = count_fields(r, SIZE_MAX, &r->columns, &unused);
    if (status == CSTRUCT_OK && r->columns < 2) {
        status = cstruct_input_fault_(&r->input, r->input.data + r->input.stop,
                                      "the header has one column; at least a name and a value are needed");
    }
    return status;
}

cstruct_status cstruct_csv_read_(const cstruct_source *source, const cstruct_open_options *options,
                                 cstruct_fault_ *fault, cstruct **head, size_t *count)
{
    reader r = {.delimiter = options->delimiter, .quote = options->quote, .missing = options->missing};
    r.missing_len = options->missing == NULL ? 0 : strlen(options->missing);
    cstruct **end = head;
    *head = NULL;
    *count = 0;

    cstruct_status status = cstruct_input_begin_(&r.input, source, options, fault);
    if (status == CSTRUCT_OK) {
        status = read_header(&r);
    }
    while (status == CSTRUCT_OK) {
        status = cstruct_input_step_(&r.input);
        if (status != CSTRUCT_OK || r.input.over) {
            break;
        }
        status = read_plain(&r, end);
        if (status == CSTRUCT_OK && *end == NULL) {
            status = read_fields(&r, end);
        }
        if (status == CSTRUCT_OK) {
            end = &(*end)->next;
            ++*count;
        }
    }

    cstruct_text_put_(&r.unquoted);
    cstruct_input_end_(&r.input);
    if (status == CSTRUCT_OK) {
        return CSTRUCT_OK;
    }
    *end = NULL;
    cstruct_free(*head);
    *head = NULL;
    *count = 0;
    return status;
}
