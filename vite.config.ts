import { defineConfig } from "vite";

const target = `http://127.0.0.1:${process.env["RUNREEL_PORT"] ?? "4173"}`;

export default defineConfig({
  root: "viewer",
  base: "/",
  build: {
    outDir: "../dist/viewer",
    emptyOutDir: true,
    target: ["chrome123", "firefox121", "safari17.5"],
    // The page's content security policy allows files of its own origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What the first page needs is told from what is loaded when something needs it.
        entryFileNames: "assets/page-[hash].js",
        chunkFileNames: ({ isDynamicEntry }) =>
          isDynamicEntry ? "assets/part-[name]-[hash].js" : "assets/page-[name]-[hash].js",
        // All of it in one file: a file of its own for what one part or another shares with it costs more than it gives.
        codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] },
      },
    },
  },
  server: {
    proxy: {
      "/api": {
        target,
        ws: true,
        // The server accepts only its own origin, so the page behind the proxy must look like it.
        changeOrigin: true,
        headers: { origin: target },
      },
    },
  },
});
