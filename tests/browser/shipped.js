// The search of a built site as a module for tests and benchmarks: the very script that the site ships.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const truth = fileURLToPath(new URL("truth.js", import.meta.url));

/** The built script of the search page of the site in `folder`, with everything that its parts export. */
function script(folder) {
  const name = readdirSync(join(folder, "assets")).find((file) => /^search\.[0-9a-f]+\.js$/.test(file));
  const built = readFileSync(join(folder, "assets", name), "utf8");
  // Each part is a constant `$$n` of what it exports.
  const parts = Array.from(built.matchAll(/^const (\$\$\d+)=/gm), ([, part]) => part);
  const names = Array.from(built.matchAll(/^return\{([^}]*)\}\}\)\(\);$/gm), ([, list]) => list).join(",");
  return `${built}\nexport const {${names}}=Object.assign({},${parts.join(",")});\n`;
}

/** Has a page find `/shipped.js`, the script of the site in `folder`, and `/truth.js`. The page must not be
    that of the search, on which the script would begin to search. */
export async function provide(page, folder) {
  const fulfill = (body) => (route) => route.fulfill({ contentType: "text/javascript", body });
  await page.route("**/shipped.js", fulfill(script(folder)));
  await page.route("**/truth.js", fulfill(readFileSync(truth, "utf8")));
}
