import { defineConfig } from "vite";

/** The command line as one file, for the published package; its dependencies stay dependencies. */
export default defineConfig({
  build: {
    ssr: "src/cli.ts",
    target: "node20",
    outDir: "dist",
    emptyOutDir: false,
    rollupOptions: { output: { entryFileNames: "cli.js" } },
  },
});
