import { readFileSync } from "node:fs";

// What the built page names is what a browser fetches before anything is drawn; all else is loaded when
// something needs it.
const html = readFileSync("dist/viewer/index.html", "utf8");
const scripts = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)];

export default [
  {
    name: "the first page's JavaScript",
    path: scripts.map(([, path]) => `dist/viewer/${path}`),
    limit: "100 kB",
    gzip: true,
  },
];
