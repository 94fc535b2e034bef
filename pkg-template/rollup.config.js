// Bundles the declarations of the entry points, out of the sources: one file for each, with nothing in common, since an
// entry point names the client by the name of the package, as a program does.
import { dts } from "rollup-plugin-dts";

/** The entry points, and the ending of their declarations. */
const ENTRIES = {
  // ES modules may import the types of CommonJS, while `--module node16` refuses the reverse.
  index: "d.cts",
  admin: "d.ts",
  proxy: "d.ts",
  testing: "d.ts",
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

export default Object.entries(ENTRIES).map(([entry, ending]) => ({
  input: `src/entrypoints/${entry}.ts`,
  external: ["auth0-users"],
  output: {
    file: `${process.env.AUTH0_USERS_PACKAGE}/${entry}.${ending}`,
    // The symbol is unknown below "esnext".
    banner: entry === "index" ? '/// <reference lib="esnext.disposable" />' : "",
  },
  plugins: [dts({ tsconfig: "tsconfig.json" }), typesOnly],
}));
