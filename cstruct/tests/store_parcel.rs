//! Arenas, which C refuses to release on a foreign thread, are dropped on foreign threads by the million, and all released at home.
#![cfg(feature = "store")]

mod balanced;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use balanced::balanced;
use cstruct::kit::event::{Event, Hook, set_hook};
use cstruct::kit::{Bounds, Parcel, ReleaseQueue};
use cstruct::{Arena, live};

/// What C refuses, and what a queue strands, is told here: nothing, in this file.
fn told() -> u32 {
    static TOLD: AtomicU32 = AtomicU32::new(0);
    static COUNT: Hook = Hook(|event: &Event<'_>| {
        eprintln!("{event}");
        TOLD.fetch_add(1, Ordering::Relaxed);
    });
    set_hook(&COUNT);
    TOLD.load(Ordering::Relaxed)
}

#[test]
fn a_million_arenas_dropped_on_foreign_threads_are_all_released_at_home() {
    const COUNT: usize = 1_000_000;
    const DROPPERS: usize = 3;
    assert_eq!(told(), 0);
    balanced(|| {
        let before = live();
        let queue = ReleaseQueue::new(Bounds::count(1024));
        thread::scope(|scope| {
            let lanes = [(); DROPPERS].map(|()| {
                let (lane, parcels) = mpsc::sync_channel::<Vec<Parcel<Arena>>>(4);
                scope.spawn(move || {
                    for parcels in parcels {
                        let Err(refused) = parcels[0].look() else { panic!("this is not home") };
                        assert!(refused.to_string().contains("do it there"));
                        drop(parcels);
                    }
                });
                lane
            });
            let mut made = 0;
            for lane in lanes.iter().cycle() {
                if made == COUNT {
                    break;
                }
                let count = (COUNT - made).min(500);
                let mut parcels =
                    (0..count).map(|_| Parcel::new(Arena::new().expect("there is memory"), &queue)).collect::<Vec<_>>();
                made += count;
                // Home must go on releasing while it waits for a lane: those abroad wait for room in the queue.
                while let Err(mpsc::TrySendError::Full(back)) = lane.try_send(parcels) {
                    parcels = back;
                    queue.release_some(256);
                }
                queue.release_some(256);
            }
            drop(lanes);
            while queue.stats().released < COUNT as u64 {
                if queue.release_some(256) == 0 {
                    thread::sleep(Duration::from_micros(100));
                }
            }
        });
        assert_eq!(live(), before, "all released, by C's own count");
        let stats = queue.shutdown();
        assert_eq!((stats.released, stats.backlog), (COUNT as u64, 0));
        assert_eq!((stats.stranded, stats.released_on_the_spot), (0, 0), "none stranded, none abroad");
        assert_eq!(told(), 0, "C refused none: each was released on the thread that made it");
        assert!(stats.high_water <= 1024);
    });
}

/// A thread pool as anyone would write it: it knows nothing of parcels.
struct Pool {
    jobs: Option<mpsc::Sender<Box<dyn FnOnce() + Send>>>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Pool {
    fn new(threads: usize) -> Pool {
        let (jobs, queued) = mpsc::channel::<Box<dyn FnOnce() + Send>>();
        let queued = Arc::new(Mutex::new(queued));
        let threads = (0..threads)
            .map(|_| {
                let queued = Arc::clone(&queued);
                thread::spawn(move || {
                    loop {
                        let job = queued.lock().expect("not poisoned").recv();
                        let Ok(job) = job else { return };
                        job();
                    }
                })
            })
            .collect();
        Pool { jobs: Some(jobs), threads }
    }

    fn run(&self, job: impl FnOnce() + Send + 'static) {
        self.jobs.as_ref().expect("it runs").send(Box::new(job)).expect("it runs");
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            thread.join().expect("no panic");
        }
    }
}

#[test]
fn the_jobs_of_a_pool_carry_arenas_and_send_some_of_them_home() {
    assert_eq!(told(), 0);
    balanced(|| {
        let queue = ReleaseQueue::new(Bounds::count(256).and_weight(64 * 4096));
        let (home, coming) = mpsc::channel();
        let pool = Pool::new(4);
        for number in 0_u32..200 {
            let arena = Arena::new().expect("there is memory");
            arena.alloc(4096).expect("there is memory").fill(7);
            let (parcel, home) = (Parcel::new(arena, &queue).weighing(4096), home.clone());
            pool.run(move || {
                if number % 2 == 0 {
                    home.send(parcel).expect("it listens");
                }
            });
        }
        drop(home);
        let mut opened = 0;
        while opened < 100 || queue.stats().released < 100 {
            if let Ok(parcel) = coming.try_recv() {
                let arena = parcel.open().expect("this is home");
                assert_eq!(arena.alloc(8), Ok(&mut [0; 8][..]));
                arena.close().expect("this is its thread");
                opened += 1;
            }
            queue.release_some(16);
        }
        drop(pool);
        let stats = queue.shutdown();
        assert_eq!((stats.released, stats.backlog_weight, stats.stranded), (100, 0, 0));
        assert_eq!(told(), 0);
        assert!(stats.high_water_weight <= 64 * 4096);
    });
}
