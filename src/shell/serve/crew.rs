//! Threads that work on jobs: as many as there are jobs under way, within bounds.
//!
//! A job may take as long as its client pleases; a fixed number of threads would soon all wait for
//! slow clients. Threads that find nothing to do for a while end.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// Most threads; further jobs wait for one of them.
const MOST: usize = 512;

/// Threads that are kept although they have nothing to do.
const KEPT: usize = 8;

/// How long a thread waits for a job before it ends.
const PATIENCE: Duration = Duration::from_secs(10);

/// The threads and the jobs that wait for them.
pub(super) struct Crew<T> {
    queue: Mutex<Queue<T>>,
    changed: Condvar,
    work: Box<dyn Fn(T) + Send + Sync>,
}

struct Queue<T> {
    jobs: VecDeque<T>,
    threads: usize,
    idle: usize,
    closed: bool,
}

impl<T: Send + 'static> Crew<T> {
    /// A crew that does `work` with every job.
    pub(super) fn new(work: impl Fn(T) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Crew {
            queue: Mutex::new(Queue {
                jobs: VecDeque::new(),
                threads: 0,
                idle: 0,
                closed: false,
            }),
            changed: Condvar::new(),
            work: Box::new(work),
        })
    }

    /// Has `job` worked on, at once unless all threads that there may be are busy.
    pub(super) fn take(self: &Arc<Self>, job: T) {
        let mut queue = self.queue();
        queue.jobs.push_back(job);
        if queue.idle < queue.jobs.len() && queue.threads < MOST {
            let crew = Arc::clone(self);
            let thread = thread::Builder::new().name("preview".into());
            // Where the system has no more threads, those at work take the job later.
            if thread.spawn(move || Member(crew).work()).is_ok() {
                queue.threads += 1;
            }
        }
        self.changed.notify_all();
    }

    /// Sends idle threads home, drops waiting jobs, and waits for the busy ones, no longer than
    /// `patience`.
    pub(super) fn close(&self, patience: Duration) {
        let mut queue = self.queue();
        queue.closed = true;
        let jobs = std::mem::take(&mut queue.jobs);
        self.changed.notify_all();
        let queue = self
            .changed
            .wait_timeout_while(queue, patience, |queue| queue.threads > 0);
        drop(queue);
        // To drop a request is to answer it, which may take a while.
        thread::spawn(move || drop(jobs));
    }

    fn queue(&self) -> MutexGuard<'_, Queue<T>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next job; `None` if the thread should end.
    fn next(&self) -> Option<T> {
        let mut queue = self.queue();
        queue.idle += 1;
        loop {
            let (woken, wait) = self
                .changed
                .wait_timeout_while(queue, PATIENCE, |queue| {
                    queue.jobs.is_empty() && !queue.closed
                })
                .unwrap_or_else(PoisonError::into_inner);
            queue = woken;
            if !queue.jobs.is_empty() || queue.closed {
                break;
            }
            if wait.timed_out() && queue.threads > KEPT {
                break;
            }
        }
        queue.idle -= 1;
        queue.jobs.pop_front()
    }
}

/// One thread's place in the crew, which it leaves even when a job panics.
struct Member<T: Send + 'static>(Arc<Crew<T>>);

impl<T: Send + 'static> Member<T> {
    fn work(self) {
        while let Some(job) = self.0.next() {
            (self.0.work)(job);
        }
    }
}

impl<T: Send + 'static> Drop for Member<T> {
    fn drop(&mut self) {
        self.0.queue().threads -= 1;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn jobs_that_wait_do_not_hold_up_others() {
        let (done, finished) = mpsc::channel();
        let crew = Crew::new(move |release: Option<mpsc::Receiver<()>>| {
            if let Some(release) = release {
                let _ = release.recv();
            }
            let _ = done.send(());
        });
        let mut held = Vec::new();
        for _ in 0..50 {
            let (hold, release) = mpsc::channel();
            crew.take(Some(release));
            held.push(hold);
        }
        crew.take(None);
        finished.recv_timeout(Duration::from_secs(20)).unwrap();
        assert!(finished.try_recv().is_err());
        drop(held);
        crew.close(Duration::from_secs(20));
        assert_eq!(crew.queue().threads, 0);
        assert_eq!(finished.try_iter().count(), 50);
    }

    #[test]
    fn a_panic_costs_one_thread_and_no_job() {
        let (done, finished) = mpsc::channel();
        let crew = Crew::new(move |job: u8| {
            assert_ne!(job, 0, "this panic is part of the test");
            let _ = done.send(job);
        });
        for job in 0..20 {
            crew.take(job);
        }
        for _ in 1..20 {
            finished.recv_timeout(Duration::from_secs(20)).unwrap();
        }
        crew.close(Duration::from_secs(20));
        assert_eq!(crew.queue().threads, 0);
    }
}
