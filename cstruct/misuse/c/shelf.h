/*
 * More of the library to be misused: labels, which are counted; walks, which are made in the caller's room; notes, which are filled;
 * shelves, which hold books.
 *
 * No function allows NULL where it does not say so.
 */
#ifndef MISUSE_SHELF_H
#define MISUSE_SHELF_H

#include "book.h"

struct label;
struct label_weak;

/* A new label, floating: its first count is nobody's until label_sink claims it. NULL without memory. */
struct label *label_new(int32_t number);

/* Takes a count; 1 and no count when there are 255. */
int label_ref(struct label *label);

/* Claims the floating count. */
void label_sink(struct label *label);

/* Gives a count back. */
void label_unref(struct label *label);

/* 1 if there is one count, and no weak reference. */
int label_is_unique(const struct label *label);

/* The number. */
int32_t label_number(const struct label *label);

/* Changes the number. */
void label_set_number(struct label *label, int32_t number);

/* A weak reference, to be released with label_weak_free; NULL without memory. */
struct label_weak *label_downgrade(struct label *label);

/* A count of the label, if it still lives; else NULL. */
struct label *label_upgrade(struct label_weak *weak);

/* Releases a weak reference. */
void label_weak_free(struct label_weak *weak);

/* `self` points to the walk itself: a walk must not be moved. */
struct walk {
    struct walk *self;
    const struct book *book;
    size_t at;
};

/* Makes a walk over the pages of a book, which must not be changed before walk_end; 1 and no walk for a book without pages. */
int walk_init(struct walk *walk, const struct book *book);

/* 1 and the words of the next page, or 0 at the end. */
int walk_next(struct walk *walk, int32_t *words);

/* Ends a walk. */
void walk_end(struct walk *walk);

/* A text of `len` bytes. All zero is the empty note. A note may be moved. */
struct note {
    char *data;
    size_t len;
};

/* Fills an empty note with a copy of a text; 1 and an empty note without memory. */
int note_fill(struct note *note, const char *text);

/* Disposes of the contents. */
void note_dispose(struct note *note);

struct shelf;

/* A new, empty shelf; NULL without memory. It is to be released with shelf_free or shelf_free_deep. */
struct shelf *shelf_new(void);

/* Releases the shelf, and not the books. */
void shelf_free(struct shelf *shelf);

/* Releases the shelf and the books. */
void shelf_free_deep(struct shelf *shelf);

/* Puts a book at the end; 1 and no change when there are 8. */
int shelf_push(struct shelf *shelf, struct book *book);

/* Takes the book at the end from the shelf; NULL when there is none. */
struct book *shelf_pop(struct shelf *shelf);

/* How many books there are. */
size_t shelf_count(const struct shelf *shelf);

/* The book at `at`, which is below shelf_count. */
struct book *shelf_at(const struct shelf *shelf, size_t at);

#endif
