/*
 * interrupt.c: a wish that some step of a query shall stop, told from anywhere.
 *
 * It is one flag of the context. A step looks at it before each record, and the one that finds it set takes it back. It carries no
 * other data, so no order is asked for. A store to it is one instruction without a lock: a signal handler may do it.
 */
#include "internal.h"

_Static_assert(ATOMIC_BOOL_LOCK_FREE == 2, "a signal handler may not wait for a lock");

void cstruct_interrupt(const cstruct_ctx *self)
{
    if (self != NULL) {
        /* The flag may be written while others hold the context for reading; no context is a constant. */
        cstruct_ctx *open = (cstruct_ctx *)(uintptr_t)self;
        atomic_store_explicit(&open->interrupted, true, memory_order_relaxed);
    }
}

bool cstruct_interrupted_(cstruct_ctx *ctx)
{
    /* Mostly it is not set, and looking is cheaper than exchanging. */
    return atomic_load_explicit(&ctx->interrupted, memory_order_relaxed) &&
           atomic_exchange_explicit(&ctx->interrupted, false, memory_order_relaxed); /* GCOVR_EXCL_BR_LINE 1: only a step takes the wish back, and steps of a context are one at a time */
}
