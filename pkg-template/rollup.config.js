// Bundles the declarations of the entries, out of the sources: one file for each, with nothing in common, since an entry
// names the client by the name of the package, as a program does.
import { dts } from "rollup-plugin-dts";

/** The entries whose declarations are made here. */
const ENTRIES = ["proxy"];

export default ENTRIES.map((entry) => ({
  input: `src/entrypoints/${entry}.ts`,
  external: ["auth0-users"],
  output: { file: `${process.env.AUTH0_USERS_PACKAGE}/${entry}.d.ts` },
  plugins: [dts({ tsconfig: "tsconfig.json" })],
}));
