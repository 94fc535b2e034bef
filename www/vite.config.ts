import { defineConfig } from "vite";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  resolve: {
    alias: { react: "preact/compat", "react-dom": "preact/compat", "react/jsx-runtime": "preact/jsx-runtime" },
  },
  // The package is put anew into node_modules by each `cargo xtask demo`, without a new version.
  optimizeDeps: { exclude: ["auth0-users"] },
  // The policy of the page allows no inline scripts and no data: modules.
  build: {
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    target: "es2022",
    manifest: true,
    rolldownOptions: {
      // Directives of React's server components, which mean nothing here.
      onwarn: (warning, warn) => warning.code === "MODULE_LEVEL_DIRECTIVE" || warn(warning),
    },
  },
  // The server of the demo, started by itself, holds the sessions and the token.
  server: { proxy: { "/admin-api": "http://127.0.0.1:4100", "/console": "http://127.0.0.1:4100" } },
});
