import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ConnectionStatus } from "./catalog/connection-status.tsx";
import { RunList } from "./catalog/run-list.tsx";
import { WatchTrouble } from "./catalog/watch-trouble.tsx";
import { Welcome } from "./catalog/welcome.tsx";
import { link } from "./live/state.ts";
import { FindBox, FindGlass } from "./find/find-button.tsx";
import { Find } from "./find/find.tsx";
import { NowLink } from "./now/now-link.tsx";
import { nowPanel } from "./now/panel.ts";
import { RunPage } from "./run/run-page.tsx";
import { Glyph, Logo } from "./ui/glyph.tsx";
import { isNarrow } from "./ui/narrow.ts";
import { formatRoute, route } from "./ui/route.ts";
import { ThemeSwitch } from "./ui/theme-switch.tsx";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/forced-colors.css";
import "./app.css";

/** On a narrow page the list of runs is a drawer. */
const drawerOpen = signal(false);
const closeDrawer = () => {
  drawerOpen.value = false;
};

export function App() {
  return (
    <>
      <a class="skip-link" href="#run" onClick={skipToRun}>
        Skip to the run
      </a>
      {isNarrow.value ? <NarrowApp /> : <WideApp />}
      <Find />
    </>
  );
}

/** Past the list of runs; the address stays as it is. */
function skipToRun(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("run")?.focus();
}

/** What nobody hears of does not move. */
function heardClass(): string {
  return link.value.kind === "open" ? "" : " unheard";
}

function WideApp() {
  return (
    <div class={`app wide${heardClass()}`}>
      <aside class="rail">
        <div class="brand">
          <Logo /> Runreel <ThemeSwitch />
        </div>
        <FindBox />
        <NowLink chosen={closeDrawer} />
        <RunList chosen={closeDrawer} />
        <footer class="rail-foot">
          <WatchTrouble />
          <ConnectionStatus />
        </footer>
      </aside>
      <Middle inert={false} />
    </div>
  );
}

function NarrowApp() {
  return (
    <div class={`app narrow${heardClass()}`}>
      <div class="top-bar">
        <button
          type="button"
          class="drawer-button"
          aria-expanded={drawerOpen.value}
          aria-controls="drawer"
          onClick={() => (drawerOpen.value = !drawerOpen.value)}
        >
          <Glyph name={drawerOpen.value ? "cross" : "menu"} />
          Runs
        </button>
        <FindGlass />
        <ConnectionStatus />
      </div>
      {/* There a banner of the page says it. */}
      <WatchTrouble isToldElsewhere={route.value.page === "now"} />
      {drawerOpen.value && <Drawer />}
      <Middle inert={drawerOpen.value} />
    </div>
  );
}

function Drawer() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") closeDrawer();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <aside class="rail drawer" id="drawer">
      <div class="brand">
        <Logo /> Runreel <ThemeSwitch />
      </div>
      <NowLink chosen={closeDrawer} />
      <RunList chosen={closeDrawer} />
    </aside>
  );
}

/** `inert` while something lies over it. */
function Middle({ inert }: { readonly inert: boolean }) {
  return (
    <main class="middle" id="run" tabIndex={-1} inert={inert}>
      {route.value.page === "now" ? <nowPanel.Panel /> : <RunPage />}
      {formatRoute(route.value) === "/" && <Welcome />}
    </main>
  );
}
