/**
 * The source of a function `watch(name)`, which hides a global from the package and adds its name to `touched` whenever
 * the package reads it. Node.js itself reads globals while it loads modules, and still finds them.
 */
export const watch = `
  const touched = [];
  Error.stackTraceLimit = Infinity;
  function watch(name) {
    const value = globalThis[name];
    Object.defineProperty(globalThis, name, {
      get() {
        if (!new Error().stack.includes("/node_modules/auth0-users/")) return value;
        touched.push(name);
      },
    });
  }`;
