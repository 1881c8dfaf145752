#include "shelf.h"

#include <stdlib.h>
#include <string.h>

struct label {
    int32_t counts;
    int32_t weaks;
    int32_t floating;
    int32_t number;
};

struct label_weak {
    struct label *label;
};

struct shelf {
    size_t count;
    struct book *books[8];
};

struct label *label_new(int32_t number)
{
    struct label *label = malloc(sizeof *label);
    if (label != NULL) {
        *label = (struct label){.counts = 1, .floating = 1, .number = number};
    }
    return label;
}

int label_ref(struct label *label)
{
    if (label->counts == 255) {
        return 1;
    }
    label->counts++;
    return 0;
}

void label_sink(struct label *label)
{
    label->floating = 0;
}

static void label_end(struct label *label)
{
    if (label->counts == 0 && label->weaks == 0) {
        free(label);
    }
}

void label_unref(struct label *label)
{
    label->counts--;
    label_end(label);
}

int label_is_unique(const struct label *label)
{
    return label->counts == 1 && label->weaks == 0;
}

int32_t label_number(const struct label *label)
{
    return label->number;
}

void label_set_number(struct label *label, int32_t number)
{
    label->number = number;
}

struct label_weak *label_downgrade(struct label *label)
{
    struct label_weak *weak = malloc(sizeof *weak);
    if (weak != NULL) {
        weak->label = label;
        label->weaks++;
    }
    return weak;
}

struct label *label_upgrade(struct label_weak *weak)
{
    if (weak->label->counts == 0 || label_ref(weak->label) != 0) {
        return NULL;
    }
    return weak->label;
}

void label_weak_free(struct label_weak *weak)
{
    weak->label->weaks--;
    label_end(weak->label);
    free(weak);
}

int walk_init(struct walk *walk, const struct book *book)
{
    if (book->page_count == 0) {
        return 1;
    }
    *walk = (struct walk){.self = walk, .book = book};
    return 0;
}

int walk_next(struct walk *walk, int32_t *words)
{
    if (walk->self != walk || walk->at == walk->book->page_count) {
        return 0;
    }
    *words = walk->book->words[walk->at++];
    return 1;
}

void walk_end(struct walk *walk)
{
    walk->self = NULL;
}

int note_fill(struct note *note, const char *text)
{
    size_t len = strlen(text);
    char *data = malloc(len + 1);
    if (data == NULL) {
        return 1;
    }
    memcpy(data, text, len + 1);
    *note = (struct note){.data = data, .len = len};
    return 0;
}

void note_dispose(struct note *note)
{
    free(note->data);
}

struct shelf *shelf_new(void)
{
    return calloc(1, sizeof(struct shelf));
}

void shelf_free(struct shelf *shelf)
{
    free(shelf);
}

void shelf_free_deep(struct shelf *shelf)
{
    struct book *book;
    while ((book = shelf_pop(shelf)) != NULL) {
        book_free(book);
    }
    free(shelf);
}

int shelf_push(struct shelf *shelf, struct book *book)
{
    if (shelf->count == 8) {
        return 1;
    }
    shelf->books[shelf->count++] = book;
    return 0;
}

struct book *shelf_pop(struct shelf *shelf)
{
    return shelf->count == 0 ? NULL : shelf->books[--shelf->count];
}

size_t shelf_count(const struct shelf *shelf)
{
    return shelf->count;
}

struct book *shelf_at(const struct shelf *shelf, size_t at)
{
    return shelf->books[at];
}
