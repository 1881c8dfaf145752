/*
 * statistics.c: what a series amounts to, in one pass.
 *
 * Welford's method keeps the mean and the sum of squared distances from it, which loses no digits where the sum of the
 * squares would. It works on finite samples only: infinite ones are summed apart, and decide mean and deviation.
 */
#include "internal.h"

#include <math.h>

cstruct_stats cstruct_statistics(const cstruct *self)
{
    cstruct_stats stats = {.min = NAN, .max = NAN, .mean = NAN, .stddev = NAN};
    size_t len = self == NULL ? 0 : self->samples_len;
    uint64_t finite = 0;
    double mean = 0.0;
    double squares = 0.0;
    double infinite = 0.0; /* inf, -inf, NaN when both occur; 0 when neither does */

    for (size_t i = 0; i < len; i++) {
        double x = self->samples[i];
        if (isnan(x)) {
            stats.missing++;
            continue;
        }
        stats.count++;
        if (stats.count == 1 || x < stats.min) {
            stats.min = x;
        }
        if (stats.count == 1 || x > stats.max) {
            stats.max = x;
        }
        if (isinf(x)) {
            infinite += x;
            continue;
        }
        finite++;
        double n = (double)finite;
        double delta = x - mean;
        if (isinf(delta)) {
            mean += x / n - mean / n; /* the distance is out of range, the mean is not */
            squares = INFINITY;
        } else {
            mean += delta / n;
            squares += delta * (x - mean);
        }
    }

    if (stats.count == 0) {
        return stats;
    }
    if (finite != stats.count) {
        stats.mean = infinite;
    } else {
        stats.mean = mean;
        stats.stddev = sqrt(squares / (double)finite);
    }
    return stats;
}
