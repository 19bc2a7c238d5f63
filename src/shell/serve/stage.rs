//! What is shown now, shared by those who build and those who answer.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::model::tree::OutputTree;
use crate::preview::Shown;
use crate::shell::watch::Remote;

/// A handle on what is shown; its copies are the same stage.
#[derive(Debug, Clone)]
pub struct Stage(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    scene: Mutex<Scene>,
    changed: Condvar,
    /// Whom to ask for files that have still to be made.
    maker: Option<Remote>,
}

#[derive(Debug)]
struct Scene {
    shown: Arc<Shown>,
    /// How often something was shown.
    number: u64,
    closed: bool,
}

/// What somebody who waited for the next scene is told.
#[derive(Debug)]
pub(super) enum Next {
    /// The scene that is shown now, with its number.
    Scene(Arc<Shown>, u64),
    /// Nothing happened.
    Nothing,
    /// Nothing will be shown any more.
    Closed,
}

impl Stage {
    /// A stage that shows `shown`, of which every file has been made.
    pub fn new(shown: Shown) -> Self {
        Stage::made_by(None, shown)
    }

    /// A stage that shows `shown`; `maker` is asked for files that have still to be made.
    pub fn made_by(maker: Option<Remote>, shown: Shown) -> Self {
        let scene = Scene {
            shown: Arc::new(shown),
            number: 1,
            closed: false,
        };
        Stage(Arc::new(Inner {
            scene: Mutex::new(scene),
            changed: Condvar::new(),
            maker,
        }))
    }

    /// Shows `shown` from now on and tells every open page.
    pub fn show(&self, shown: Shown) {
        let mut scene = self.scene();
        scene.shown = Arc::new(shown);
        scene.number += 1;
        self.0.changed.notify_all();
    }

    /// Adds the files that had still to be made; open pages need not be told.
    pub fn finish(&self, late: Arc<OutputTree>) {
        let mut scene = self.scene();
        let late = Some(late);
        scene.shown = Arc::new(Shown {
            late,
            ..(*scene.shown).clone()
        });
        self.0.changed.notify_all();
    }

    /// What is shown as soon as all its files have been made, or, after `patience`, what is shown then.
    pub(super) fn finished(&self, patience: Duration) -> Arc<Shown> {
        if let Some(maker) = &self.0.maker {
            maker.ask();
        }
        let (scene, _) = self
            .0
            .changed
            .wait_timeout_while(self.scene(), patience, |scene| {
                scene.shown.is_unfinished() && !scene.closed
            })
            .unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&scene.shown)
    }

    /// What is shown now.
    pub fn current(&self) -> Arc<Shown> {
        Arc::clone(&self.scene().shown)
    }

    /// Ends every server and event stream of this stage.
    pub fn close(&self) {
        self.scene().closed = true;
        self.0.changed.notify_all();
    }

    /// Waits, no longer than `patience`, for another scene than number `seen`.
    pub(super) fn next(&self, seen: u64, patience: Duration) -> Next {
        let (scene, _) = self
            .0
            .changed
            .wait_timeout_while(self.scene(), patience, |scene| {
                scene.number == seen && !scene.closed
            })
            .unwrap_or_else(PoisonError::into_inner);
        match scene.closed {
            true => Next::Closed,
            false if scene.number == seen => Next::Nothing,
            false => Next::Scene(Arc::clone(&scene.shown), scene.number),
        }
    }

    /// Waits until [`close`](Self::close) is called.
    pub(super) fn wait_until_closed(&self) {
        let scene = self
            .0
            .changed
            .wait_while(self.scene(), |scene| !scene.closed);
        drop(scene.unwrap_or_else(PoisonError::into_inner));
    }

    fn scene(&self) -> MutexGuard<'_, Scene> {
        self.0.scene.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
