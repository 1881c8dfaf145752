/*
 * options.c: how CSV is read, versioned so that later libraries can add to it.
 */
#include "internal.h"

#include <string.h>

#define MAX_LINE (UINT64_C(64) * 1024 * 1024)

static const cstruct_open_options usual = {
    .version = CSTRUCT_OPEN_OPTIONS_VERSION,
    .delimiter = ',',
    .quote = '"',
    .max_line = MAX_LINE,
};

cstruct_status cstruct_open_options_init(cstruct_open_options *options, uint32_t version)
{
    if (options == NULL) {
        return CSTRUCT_INVALID;
    }
    if (version != CSTRUCT_OPEN_OPTIONS_VERSION) {
        return CSTRUCT_VERSION; /* how large the caller's struct is, is not known: nothing is written */
    }
    memcpy(options, &usual, sizeof usual); /* as bytes: also the padding */
    return CSTRUCT_OK;
}

const cstruct_open_options *cstruct_open_options_default(void)
{
    return &usual;
}

/* A byte that can be neither a part of a number nor of a line end. */
static bool separates(char c)
{
    bool digit = c >= '0' && c <= '9';
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return !digit && !letter && c != '+' && c != '-' && c != '.' && c != '\r' && c != '\n' && c != '\0';
}

cstruct_status cstruct_options_check_(const cstruct_open_options *options, cstruct_fault_ *fault)
{
    if (options->version != CSTRUCT_OPEN_OPTIONS_VERSION) {
        cstruct_fault_say_(fault, "the options have version %lu and this library knows %d; make them with cstruct_open_options_init",
                           (unsigned long)options->version, CSTRUCT_OPEN_OPTIONS_VERSION);
        return CSTRUCT_VERSION;
    }
    bool good = separates(options->delimiter) && separates(options->quote) && options->delimiter != options->quote &&
                options->reserved == 0 && options->max_line != 0;
    return good ? CSTRUCT_OK : CSTRUCT_INVALID;
}
