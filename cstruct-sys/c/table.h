/*
 * table.h: what the files of tables and of folding share. Nothing here is for users.
 */
#ifndef CSTRUCT_TABLE_H
#define CSTRUCT_TABLE_H

#include "internal.h"

/* ---- hash.c: a keyed hash of names -------------------------------------------------------------------------------- */

typedef struct cstruct_key_ {
    uint64_t half[2];
} cstruct_key_;

/* A key that differs from table to table and from run to run. `where` is the address of what it is for. */
cstruct_key_ cstruct_hash_key_(const void *where);
uint64_t cstruct_hash_(const cstruct_key_ *key, const char *name);

/* ---- index.c: from a hash to a place ------------------------------------------------------------------------------ */

typedef struct cstruct_slot_ {
    uint64_t hash;
    size_t place; /* where the record is in the table's array, and 1; 0: the slot is free */
} cstruct_slot_;

/* All zero is an empty index. */
typedef struct cstruct_index_ {
    cstruct_slot_ *slots;
    size_t count; /* how many slots there are: 0 or a power of two, always more than are taken */
} cstruct_index_;

/* Makes room for `records` in all, so that adding them cannot fail. On a failure the index is as it was. */
cstruct_status cstruct_index_reserve_(cstruct_index_ *index, size_t records);
void cstruct_index_free_(cstruct_index_ *index);
/* The slot of that name, or NULL. */
cstruct_slot_ *cstruct_index_find_(const cstruct_index_ *index, cstruct *const *records, uint64_t hash,
                                   const char *name);
/* The slot of the record at `place`, which is in the index. */
cstruct_slot_ *cstruct_index_of_(const cstruct_index_ *index, uint64_t hash, size_t place);
/* Adds a record that is not there; there is room. */
void cstruct_index_add_(cstruct_index_ *index, uint64_t hash, size_t place);
/* Frees the slot. Pointers to slots are good until then. */
void cstruct_index_remove_(cstruct_index_ *index, cstruct_slot_ *slot);

/* ---- What is kept in a table ---------------------------------------------------------------------------------------- */

/* Who is told of changes. All NULL: nobody. */
typedef struct cstruct_watcher_ {
    cstruct_watch_fn fn;
    void *user;
    cstruct_destroy_fn destroy;
} cstruct_watcher_;

/* A pointer of the caller's, and what ends it. All NULL: none. */
typedef struct cstruct_user_ {
    void *pointer;
    cstruct_destroy_fn destroy;
} cstruct_user_;

/* ---- table_read.c ------------------------------------------------------------------------------------------------- */

/* All zero: no section is open. */
typedef struct cstruct_reading_ {
    size_t sections;  /* that are open, one within another */
    cstruct **sorted; /* while one is: the records, in the order of their names; NULL when there are none */
    size_t len;
} cstruct_reading_;

/* Ends all sections. */
void cstruct_reading_end_(cstruct_reading_ *reading);

/* ---- table.c ------------------------------------------------------------------------------------------------------ */

struct cstruct_table {
    size_t capacity;   /* how many records at most; 0: no limit */
    cstruct **records; /* `len` of `room` */
    size_t len;
    size_t room;
    cstruct_key_ key;
    cstruct_index_ index;
    cstruct_watcher_ watcher;
    size_t calling; /* how many of the caller's functions are running, one within another */
    bool batch;     /* one lives */
    cstruct_user_ user;
    cstruct_reading_ reading;
};

/* May the record be in a table: has it a name, and does nothing follow it? */
bool cstruct_table_accepts_(const cstruct *record);
/* May nothing come into the table now, and nothing leave it? */
bool cstruct_table_is_busy_(const cstruct_table *self);
/* CSTRUCT_BUSY or CSTRUCT_FULL when `more` records cannot be put into the table now. */
cstruct_status cstruct_table_admits_(const cstruct_table *self, size_t more);
/* Makes room for `more` records, so that adding them needs no memory. */
cstruct_status cstruct_table_reserve_(cstruct_table *self, size_t more);
/* Adds a record and tells nobody. CSTRUCT_DUPLICATE before any memory is asked for. */
cstruct_status cstruct_table_add_(cstruct_table *self, cstruct *record);
/* Takes the latest records out again, down to `len`, and tells nobody. */
void cstruct_table_cut_(cstruct_table *self, size_t len);
/* Tells the watcher, if there is one. */
void cstruct_table_tell_(cstruct_table *self, cstruct_event event, const cstruct *record);

/* ---- table_user.c ------------------------------------------------------------------------------------------------- */

/* Keeps another pointer and ends the one that there was, while the table is whole and cannot be changed. */
void cstruct_table_replace_user_(cstruct_table *self, cstruct_user_ user);

#endif
