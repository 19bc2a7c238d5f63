// The files of the index: fetched once, again when that fails, and all anew when one is gone.

// How long to wait before each further attempt, in milliseconds.
const WAITS = [400, 1200];

/** A file that the server does not have any more: the index is a newer one by now. */
export class Gone extends Error {}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function attempt(request, url, options) {
  const response = await request(url, options);
  // Some object storage says "forbidden" of what is not there.
  if ([403, 404, 410].indexOf(response.status) >= 0) throw new Gone(url);
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The bytes of a file; what fails is tried twice more. */
export async function load(request, url, options) {
  for (const wait of WAITS) {
    try {
      return await attempt(request, url, options);
    } catch (error) {
      if (error instanceof Gone) throw error;
      await pause(wait);
    }
  }
  return attempt(request, url, options);
}

/** What UTF-8 bytes say. */
export function text(bytes) {
  return new TextDecoder().decode(bytes);
}

/** Files below one address, each fetched and read once. */
export class Files {
  constructor(base, request) {
    this.base = base;
    this.request = request;
    this.known = new Map();
  }

  /** What `read` makes of the bytes of a file; a failure is not kept. */
  get(name, read, options) {
    let found = this.known.get(name);
    if (!found) {
      found = load(this.request, new URL(name, this.base).href, options).then(read);
      this.known.set(name, found);
      found.catch(() => this.known.delete(name));
    }
    return found;
  }

  /** Forgets everything. */
  clear() {
    this.known.clear();
  }
}
