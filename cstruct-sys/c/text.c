/*
 * text.c: records as CSV text, in a text that grows or in room that does not.
 *
 * One function writes a record, into a sink. A sink grows if it has a cstruct_text and otherwise counts on when its room
 * is full, so asking for the size of a text is writing it into no room.
 *
 * A growing text is not an object by itself: the functions that hand one out count it.
 */
#include "internal.h"

#include <stdio.h>
#include <string.h>

#define FIRST_SIZE 256

typedef struct sink {
    cstruct_text *text; /* NULL: `room` */
    char *room;
    size_t room_len;
    size_t len; /* bytes so far, those included that found no room */
} sink;

/* ---- A growing text ----------------------------------------------------------------------------------------------- */

cstruct_status cstruct_text_add_(cstruct_text *text, const char *bytes, size_t len)
{
    size_t needed;
    if (!cstruct_size_add_(text->len, len, &needed) || !cstruct_size_add_(needed, 1, &needed)) {
        return CSTRUCT_NO_MEMORY;
    }
    if (needed > text->cap) {
        size_t cap;
        if (!cstruct_size_add_(text->cap, text->cap / 2, &cap) || cap < needed) {
            cap = needed;
        }
        if (cap < FIRST_SIZE) {
            cap = FIRST_SIZE;
        }
        char *data = cstruct_mem_resize_(text->data, text->cap, cap);
        if (data == NULL) {
            return CSTRUCT_NO_MEMORY;
        }
        text->data = data;
        text->cap = cap;
    }
    if (len != 0) {
        memcpy(text->data + text->len, bytes, len);
    }
    text->len = needed - 1;
    text->data[text->len] = '\0';
    return CSTRUCT_OK;
}

void cstruct_text_put_(cstruct_text *text)
{
    cstruct_mem_put_(text->data, text->cap);
    *text = (cstruct_text){.data = NULL};
}

/* ---- Into a sink -------------------------------------------------------------------------------------------------- */

static cstruct_status put(sink *to, const char *bytes, size_t len)
{
    if (to->text != NULL) {
        return cstruct_text_add_(to->text, bytes, len);
    }
    size_t behind;
    if (!cstruct_size_add_(to->len, len, &behind)) { /* GCOVR_EXCL_BR_LINE 1: the text is of a record that is in memory */
        return CSTRUCT_NO_MEMORY;
    }
    if (behind <= to->room_len && len != 0) {
        memcpy(to->room + to->len, bytes, len);
    }
    to->len = behind;
    return CSTRUCT_OK;
}

/* The name as a field: in quotes, with those within doubled, if it holds what would end the field. */
static cstruct_status put_name(sink *to, const char *name)
{
    if (name[strcspn(name, ",\"\r\n")] == '\0') {
        return put(to, name, strlen(name));
    }
    cstruct_status status = put(to, "\"", 1);
    for (const char *at = name; status == CSTRUCT_OK && *at != '\0';) {
        size_t len = strcspn(at, "\"");
        status = put(to, at, len);
        at += len;
        if (status == CSTRUCT_OK && *at == '"') {
            status = put(to, "\"\"", 2);
            at++;
        }
    }
    return status == CSTRUCT_OK ? put(to, "\"", 1) : status;
}

static cstruct_status put_record(sink *to, const cstruct *record)
{
    char room[CSTRUCT_NUMBER_ROOM_ + 1]; /* a comma and a number */
    cstruct_status status = record->name == NULL ? CSTRUCT_OK : put_name(to, record->name);
    if (status != CSTRUCT_OK) {
        return status;
    }
    int len = snprintf(room, sizeof room, ",%ld", (long)record->value);
    status = put(to, room, (size_t)len);
    for (size_t i = 0; status == CSTRUCT_OK && i < record->samples_len; i++) {
        room[0] = ',';
        status = put(to, room, 1 + cstruct_number_write_(record->samples[i], room + 1));
    }
    return status;
}

/* Takes back what a failed call added. */
static cstruct_status keep_or_undo(cstruct_text *text, size_t before, cstruct_status status)
{
    if (status != CSTRUCT_OK && text->data != NULL) {
        text->len = before;
        text->data[before] = '\0';
    }
    return status;
}

cstruct_status cstruct_text_add_record_(cstruct_text *text, const cstruct *record)
{
    size_t before = text->len;
    sink to = {.text = text};
    return keep_or_undo(text, before, put_record(&to, record));
}

cstruct_status cstruct_text_add_header_(cstruct_text *text, size_t samples)
{
    size_t before = text->len;
    cstruct_status status = cstruct_text_add_(text, "name,value", strlen("name,value"));
    for (size_t i = 1; status == CSTRUCT_OK && i <= samples; i++) {
        char room[32];
        int len = snprintf(room, sizeof room, ",s%zu", i);
        status = cstruct_text_add_(text, room, (size_t)len);
    }
    return keep_or_undo(text, before, status);
}

/* ---- Handed out as a string --------------------------------------------------------------------------------------- */

/*
 * A string that is handed out has the size of its block in front of it, because the caller may have shortened it:
 *
 *     | size_t size | text ... NUL | unused |
 *                   ^ what the caller has
 */
cstruct_status cstruct_format(const cstruct *self, char **out)
{
    if (out == NULL) {
        return CSTRUCT_INVALID;
    }
    *out = NULL;
    if (self == NULL) {
        return CSTRUCT_INVALID;
    }

    cstruct_text text = {.data = NULL};
    size_t size = 0;
    cstruct_object_begin_();
    cstruct_status status = cstruct_text_add_(&text, (const char *)&size, sizeof size);
    if (status == CSTRUCT_OK) {
        status = cstruct_text_add_record_(&text, self);
    }
    if (status != CSTRUCT_OK) {
        cstruct_text_put_(&text);
        cstruct_object_end_();
        return status;
    }
    memcpy(text.data, &text.cap, sizeof text.cap);
    *out = text.data + sizeof text.cap;
    return CSTRUCT_OK;
}

void cstruct_string_free(char *text)
{
    if (text == NULL) {
        return;
    }
    size_t size;
    char *block = text - sizeof size;
    memcpy(&size, block, sizeof size);
    cstruct_mem_put_(block, size);
    cstruct_object_end_();
}

cstruct_status cstruct_format_into(const cstruct *self, char *room, size_t len, size_t *needed)
{
    if (needed == NULL) {
        return CSTRUCT_INVALID;
    }
    *needed = 0;
    if (self == NULL) {
        return CSTRUCT_INVALID;
    }
    sink to = {.room = room, .room_len = room == NULL ? 0 : len};
    cstruct_status status = put_record(&to, self);
    if (status == CSTRUCT_OK) { /* GCOVR_EXCL_BR_LINE 1: room cannot fail: see `put` */
        status = put(&to, "", 1); /* its NUL */
    }
    *needed = to.len;
    if (status == CSTRUCT_OK && to.len <= to.room_len) { /* GCOVR_EXCL_BR_LINE 1: room cannot fail: see `put` */
        return CSTRUCT_OK;
    }
    if (to.room_len != 0) {
        room[0] = '\0';
    }
    if (status != CSTRUCT_OK) { /* GCOVR_EXCL_BR_LINE 1: room cannot fail: see `put` */
        return status;
    }
    return room == NULL && len != 0 ? CSTRUCT_INVALID : CSTRUCT_TOO_SMALL;
}

/* ---- In the caller's room ----------------------------------------------------------------------------------------- */

cstruct_status cstruct_text_fill(const cstruct *list, cstruct_text *text)
{
    cstruct_text_dispose(text);
    if (list == NULL || text == NULL) {
        return CSTRUCT_INVALID;
    }

    cstruct_text filled = {.data = NULL};
    size_t samples = list->samples_len;
    cstruct_object_begin_();
    cstruct_status status = cstruct_text_add_header_(&filled, samples);
    for (const cstruct *at = list; status == CSTRUCT_OK && at != NULL; at = at->next) {
        status = cstruct_text_add_(&filled, "\n", 1);
        if (status == CSTRUCT_OK && at->samples_len != samples) {
            status = CSTRUCT_INVALID;
        }
        if (status == CSTRUCT_OK) {
            status = cstruct_text_add_record_(&filled, at);
        }
    }
    if (status == CSTRUCT_OK) {
        status = cstruct_text_add_(&filled, "\n", 1);
    }
    if (status != CSTRUCT_OK) {
        cstruct_text_put_(&filled);
        cstruct_object_end_();
        return status;
    }
    *text = filled;
    return CSTRUCT_OK;
}

void cstruct_text_dispose(cstruct_text *text)
{
    if (text != NULL && text->data != NULL) {
        cstruct_text_put_(text);
        cstruct_object_end_();
    }
}
