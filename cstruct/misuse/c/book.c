#include "book.h"

#include <stdlib.h>
#include <string.h>

struct book *book_new(const char *title)
{
    struct book *book = calloc(1, sizeof *book);
    if (book && book_set_title(book, title) != 0) {
        free(book);
        book = NULL;
    }
    if (book) {
        book->self = book;
    }
    return book;
}

void book_free(struct book *book)
{
    free(book);
}

int book_close(struct book *book)
{
    if (book->marks > 0) {
        return 1;
    }
    free(book);
    return 0;
}

const char *book_title(const struct book *book)
{
    return book->title;
}

int book_set_title(struct book *book, const char *title)
{
    size_t length = strlen(title);
    if (length >= sizeof book->title) {
        return 1;
    }
    memcpy(book->title, title, length + 1);
    return 0;
}

const int32_t *book_words(const struct book *book, size_t *count)
{
    *count = book->page_count;
    return book->words;
}

int book_add_page(struct book *book, int32_t words)
{
    if (book->page_count == sizeof book->words / sizeof book->words[0]) {
        return 1;
    }
    book->words[book->page_count++] = words;
    return 0;
}

const struct cover *book_cover(const struct book *book)
{
    return &book->cover;
}

void book_set_opened(struct book *book, int32_t times)
{
    book->opened = times;
}

int book_in_place(const struct book *book)
{
    return book->self == book;
}

struct bookmark *bookmark_new(struct book *book)
{
    struct bookmark *mark = malloc(sizeof *mark);
    if (mark) {
        mark->book = book;
        mark->at = book->page_count;
        book->marks++;
    }
    return mark;
}

void bookmark_free(struct bookmark *mark)
{
    mark->book->marks--;
    free(mark);
}

size_t bookmark_page(const struct bookmark *mark)
{
    return mark->at;
}
