//! Panics of libraries, kept from the till and from its log.
//!
//! Decoders meet bytes that nobody foresaw, and some of them panic. Such a panic says something about a
//! picture and nothing about the till, so it ends here, without the lines that a panic prints. Invariant: all
//! other panics are reported as they are wherever this is used.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// Calls of [`quietly`] that this thread is in.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// The hook is looked through once for the whole program.
static HOOK: Once = Once::new();

/// What `work` makes of it; `None` where it panicked.
pub fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    HOOK.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !is_quiet() {
                report(panic);
            }
        }));
    });
    DEPTH.with(|depth| depth.set(depth.get() + 1));
    let made = panic::catch_unwind(AssertUnwindSafe(work));
    DEPTH.with(|depth| depth.set(depth.get() - 1));
    made.ok()
}

/// Whether this thread's panics are kept to themselves.
fn is_quiet() -> bool {
    // A thread that is ending has no depth left; what it says is reported.
    DEPTH.try_with(Cell::get).unwrap_or(0) > 0
}

#[cfg(test)]
mod tests {
    use super::{is_quiet, quietly};

    #[test]
    fn a_librarys_panic_is_caught_and_kept_quiet() {
        assert_eq!(quietly(|| 7), Some(7));
        assert_eq!(quietly(is_quiet), Some(true));
        let inner = quietly(|| (quietly(|| panic!("a picture that nobody foresaw")), is_quiet()));
        assert_eq!(inner, Some((None::<()>, true)), "the outer one goes on");
        assert!(!is_quiet(), "afterwards all panics are reported");
        std::thread::spawn(|| assert!(!is_quiet(), "another thread's always are")).join().unwrap();
    }
}
