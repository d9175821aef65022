import { win32 } from "node:path";

const NAMES = [
  "google-chrome-stable",
  "google-chrome",
  "chromium",
  "chromium-browser",
  "microsoft-edge-stable",
  "microsoft-edge",
];

const MAC_APPS = ["Google Chrome", "Chromium", "Microsoft Edge"];

const WINDOWS_FILES = [
  "Google\\Chrome\\Application\\chrome.exe",
  "Chromium\\Application\\chrome.exe",
  "Microsoft\\Edge\\Application\\msedge.exe",
];

/** Where a Chrome, Chromium or Edge may be installed on a platform, best first. */
export function browserPlaces(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  switch (platform) {
    case "darwin":
      return [...macPlaces(env), ...onPath(env, NAMES, ":", "/")];
    case "win32":
      return [...windowsPlaces(env), ...onPath(env, ["chrome.exe", "msedge.exe"], ";", "\\")];
    default:
      return [
        ...onPath(env, NAMES, ":", "/"),
        ...NAMES.map((name) => `/usr/bin/${name}`),
        "/opt/google/chrome/chrome",
        "/opt/microsoft/msedge/msedge",
        "/snap/bin/chromium",
      ];
  }
}

function macPlaces(env: NodeJS.ProcessEnv): string[] {
  const home = env["HOME"];
  const roots = ["/Applications", ...(home === undefined ? [] : [`${home}/Applications`])];
  return roots.flatMap((root) => MAC_APPS.map((app) => `${root}/${app}.app/Contents/MacOS/${app}`));
}

function windowsPlaces(env: NodeJS.ProcessEnv): string[] {
  const roots = [env["PROGRAMFILES"], env["PROGRAMFILES(X86)"], env["LOCALAPPDATA"]];
  return roots.flatMap((root) =>
    root === undefined ? [] : WINDOWS_FILES.map((file) => win32.join(root, file)),
  );
}

function onPath(env: NodeJS.ProcessEnv, names: readonly string[], between: string, slash: string): string[] {
  const folders = (env["PATH"] ?? env["Path"] ?? "").split(between).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => `${folder}${slash}${name}`));
}
