/*
 * A small C library to be misused: books, which own their cover and their texts, and bookmarks, which lean on a book.
 *
 * No function allows NULL where it does not say so.
 */
#ifndef MISUSE_BOOK_H
#define MISUSE_BOOK_H

#include <stddef.h>
#include <stdint.h>

struct cover {
    int32_t colour;
};

/* `self` points to the book itself: a book must not be moved. */
struct book {
    struct book *self;
    int32_t opened;
    int32_t marks;
    struct cover cover;
    size_t page_count;
    int32_t words[8];
    char title[32];
};

struct bookmark {
    struct book *book;
    size_t at;
};

/* A new book, to be released with book_free or book_close; NULL without memory, or when the title has 32 bytes or more. */
struct book *book_new(const char *title);

/* Releases a book on which no bookmark leans. */
void book_free(struct book *book);

/* The same, but answers: 0 and the book is gone, 1 and it is as it was, because bookmarks still lean on it. */
int book_close(struct book *book);

/* The title: belongs to the book, good until the next book_set_title. */
const char *book_title(const struct book *book);

/* Changes the title; 1 and no change when it has 32 bytes or more. */
int book_set_title(struct book *book, const char *title);

/* The number of words of each page, *count of them: belongs to the book, good until the next book_add_page. */
const int32_t *book_words(const struct book *book, size_t *count);

/* Adds a page; 1 and no change when the book has 8. */
int book_add_page(struct book *book, int32_t words);

/* The cover: belongs to the book, lives as long as it. */
const struct cover *book_cover(const struct book *book);

/* How often it was opened: the field `opened`. Changes nothing else. */
void book_set_opened(struct book *book, int32_t times);

/* 1 while the book is at the address at which it was made. */
int book_in_place(const struct book *book);

/* A bookmark, to be released with bookmark_free before the book is; NULL without memory. */
struct bookmark *bookmark_new(struct book *book);

/* Releases a bookmark and tells its book. */
void bookmark_free(struct bookmark *mark);

/* The page at which it is. */
size_t bookmark_page(const struct bookmark *mark);

#endif
