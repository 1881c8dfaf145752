/*
 * record.hpp: what cxx needs to hold a record: a deleter that is the library's release, and functions with signatures that it knows.
 */
#pragma once
#include "cstruct.h"
#include "rust/cxx.h"

#include <cstdlib>
#include <memory>

template <> struct std::default_delete<cstruct> {
    void operator()(cstruct *record) const noexcept { cstruct_free(record); }
};

/* A record, or the program ends. `name` may be NULL. */
inline std::unique_ptr<cstruct> record_make(std::int32_t value, const char *name) noexcept
{
    cstruct *record;
    if (cstruct_new(value, name, &record) != CSTRUCT_OK) {
        std::abort();
    }
    return std::unique_ptr<cstruct>(record);
}

inline void record_append(cstruct &record, rust::Slice<const double> samples) noexcept
{
    if (cstruct_append(&record, samples.data(), samples.size()) != CSTRUCT_OK) {
        std::abort();
    }
}

inline std::int32_t record_value(const cstruct &record) noexcept { return cstruct_value(&record); }
