// The connection to the preview server.

/** How long the connection may be gone before that is said. */
const LOST_AFTER = 3000;
/** How long until a connection that the browser has given up is tried again. */
const TRY_AGAIN_AFTER = 2000;
/** How long a tab nobody sees keeps its connection: a browser has only six for one server. */
const HIDDEN_AFTER = 1000;

/** Listens to what is shown at `path`: `heard(state)` for each state, `lost(isLost)` on changes. */
function listen(path, heard, lost) {
  let source = null;
  let isLost = false;
  let lostTimer = 0;
  let retryTimer = 0;
  let hiddenTimer = 0;

  function found() {
    clearTimeout(lostTimer);
    lostTimer = 0;
    if (isLost) lost((isLost = false));
  }

  function missed() {
    if (!lostTimer && !isLost) {
      lostTimer = setTimeout(() => {
        lostTimer = 0;
        lost((isLost = true));
      }, LOST_AFTER);
    }
    if (source && source.readyState === EventSource.CLOSED) {
      clearTimeout(retryTimer);
      retryTimer = setTimeout(open, TRY_AGAIN_AFTER);
    }
  }

  function open() {
    close();
    source = new EventSource("/_yugang/events?path=" + encodeURIComponent(path));
    source.onopen = found;
    source.onerror = missed;
    source.addEventListener("state", (event) => {
      found();
      heard(JSON.parse(event.data));
    });
  }

  function close() {
    clearTimeout(retryTimer);
    if (source) source.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiddenTimer);
    if (document.hidden) {
      hiddenTimer = setTimeout(() => {
        close();
        clearTimeout(lostTimer);
        lostTimer = 0;
      }, HIDDEN_AFTER);
    } else if (!source) open();
  });
  window.addEventListener("pagehide", () => {
    close();
    clearTimeout(lostTimer);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && !source) open();
  });
  open();
}
