// Static files on a free port of this machine, for the demo and for tests in a browser.
import { once } from "node:events";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

import sirv from "sirv";

const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript" };

/**
 * Starts a server. A route that ends in "/" names a directory, any other the text of one file.
 *
 * @param {Record<string, string>} routes
 * @param {Record<string, string>} headers sent with every file
 */
export async function serve(routes, headers = {}) {
  const directories = Object.entries(routes)
    .filter(([prefix]) => prefix.endsWith("/"))
    .sort(([one], [other]) => other.length - one.length)
    .map(([prefix, directory]) => [prefix, sirv(directory, { dev: true })]);

  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const { pathname } = new URL(request.url, "http://localhost");
    const text = pathname.endsWith("/") ? undefined : routes[pathname];
    if (text !== undefined) {
      response.setHeader("content-type", types[extname(pathname)]);
      response.end(text);
      return;
    }
    const [prefix, files] = directories.find(([prefix]) => pathname.startsWith(prefix)) ?? [];
    const missing = () => response.writeHead(404).end();
    if (!files) return missing();
    request.url = request.url.slice(prefix.length - 1);
    files(request, response, missing);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

// As a program: serves the routes it is given as "/prefix/=directory", prints its address and ends with its standard
// input, so that it cannot outlive whoever started it.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const routes = process.argv.slice(2).map((route) => {
    const [prefix, ...directory] = route.split("=");
    return [prefix, directory.join("=")];
  });
  const server = await serve(Object.fromEntries(routes));
  console.log(server.url);
  process.stdin.resume().on("end", () => server.close());
}
