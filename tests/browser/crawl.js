// Follows every link of a site that is served.

/** Asks for everything that one comes to from `base` of `origin`. Resolves to the answers by address (`status`,
    `headers`, and `body` where it is a page), and to the links: each a page and the address it names. */
export async function crawl({ origin, base }) {
  const pages = new Map();
  const queue = [new URL(base, origin).href];
  const wanted = [];
  while (queue.length > 0) {
    const url = queue.pop();
    if (pages.has(url)) continue;
    const response = await fetch(url);
    const isPage = response.headers.get("content-type").startsWith("text/html");
    // What is not read would keep its connection.
    const body = isPage ? await response.text() : (await response.arrayBuffer(), "");
    pages.set(url, { status: response.status, headers: response.headers, body });
    for (const [, link] of body.matchAll(/(?:href|src)="([^"]+)"/g)) {
      const target = new URL(link.replaceAll("&amp;", "&"), url);
      if (target.origin !== origin) continue;
      wanted.push({ from: url, to: target.href });
      target.hash = "";
      if (!pages.has(target.href)) queue.push(target.href);
    }
  }
  return { pages, wanted };
}

/** The links that lead to no page, or to no place on it. */
export function dead({ pages, wanted }) {
  const leads = ({ to }) => {
    const [url, fragment] = to.split("#");
    const page = pages.get(url);
    const id = decodeURIComponent(fragment ?? "");
    return page.status === 200 && (!id || page.body.includes(`id="${id}"`));
  };
  return wanted.filter((link) => !leads(link)).map(({ from, to }) => `${decodeURI(from)} links to ${decodeURI(to)}`);
}
