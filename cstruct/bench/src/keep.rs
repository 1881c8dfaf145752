//! What the compiler must believe to be used behind its back, without a detour through memory as `black_box` makes it.

/// The same reference, of which the compiler no longer knows what it leads to. `KEEP` in `c/loops.c`.
#[inline(always)]
pub(crate) fn keep<T>(reference: &T) -> &T {
    let mut pointer: *const T = reference;
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    // SAFETY: there is no instruction in it: the register is as it was.
    unsafe {
        core::arch::asm!("/* {0} */", inout(reg) pointer, options(nostack, preserves_flags));
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    {
        pointer = core::hint::black_box(pointer);
    }
    // SAFETY: it is the reference that came in.
    unsafe { &*pointer }
}

/// Takes a value for used, without a detour either. `USE` in `c/loops.c`.
#[inline(always)]
pub(crate) fn use_up(value: i32) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: there is no instruction in it.
    unsafe {
        core::arch::asm!("/* {0:e} */", in(reg) value, options(nomem, nostack, preserves_flags));
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: there is no instruction in it.
    unsafe {
        core::arch::asm!("/* {0:w} */", in(reg) value, options(nomem, nostack, preserves_flags));
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    core::hint::black_box(value);
}
