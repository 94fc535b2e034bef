// Bundles the declarations of the entry points, out of the sources: one file for each, with nothing in common, since an
// entry point names the client by the name of the package, as a program does.
import { dts } from "rollup-plugin-dts";

/**
 * The files, each with its source, and a line that it begins with. The default entry has one set of declarations for
 * both module systems, so that a type is the same however it was imported: ES modules may import the types of CommonJS,
 * while `--module node16` refuses the reverse.
 */
const FILES = {
  // The symbol is unknown below "esnext".
  "index.d.cts": ["entrypoints/index.ts", '/// <reference lib="esnext.disposable" />'],
  "admin.d.ts": ["entrypoints/admin.ts"],
  "proxy.d.ts": ["entrypoints/proxy.ts"],
  "slim.d.ts": ["client/init.ts", 'export * from "./index.js";'],
  "testing.d.ts": ["entrypoints/testing.ts"],
};

/** Exports the classes of resources as types: the plugin forgets that they are exported as nothing else. */
const typesOnly = {
  name: "types-only",
  renderChunk: (code) =>
    code.replace(/^export \{ (.*) \};$/m, (_, list) => {
      const names = list.split(", ");
      const isType = (name) => /Client$/.test(name) && name !== "ManagementClient";
      const values = `export { ${names.filter((name) => !isType(name)).join(", ")} };`;
      const types = names.filter(isType);
      return types.length > 0 ? `${values}\nexport type { ${types.join(", ")} };` : values;
    }),
};

/** Writes the declarations of the ES module. */
const forModules = {
  name: "for-modules",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "index.d.ts", source: 'export * from "./index.cjs";\n' });
  },
};

export default Object.entries(FILES).map(([file, [source, banner = ""]]) => ({
  input: `src/${source}`,
  external: ["auth0-users"],
  output: { dir: process.env.AUTH0_USERS_PACKAGE, entryFileNames: file, banner },
  plugins: [dts({ tsconfig: "tsconfig.json" }), file === "index.d.cts" ? [typesOnly, forModules] : []],
}));
