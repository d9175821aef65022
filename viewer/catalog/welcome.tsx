import { health } from "../live/health.ts";
import { runs } from "../live/state.ts";
import { Logo } from "../ui/glyph.tsx";
import "./welcome.css";

/** Where a run would be, while there is none. */
export function Welcome() {
  if (runs.value === null) return <p class="welcome">Reading the list of runs…</p>;
  const folders = health.value?.runsDirs ?? [];
  return (
    <div class="welcome">
      <Logo />
      <h1>No runs yet</h1>
      <p>
        Start a flow, or try <code>pnpm demo</code> in another terminal. The first run opens here by itself.
      </p>
      {folders.length > 0 && (
        <div class="welcome-folders">
          {folders.length === 1 ? "Watching" : "Watching these folders:"}
          <ul>
            {folders.map((folder) => (
              <li key={folder} class="num">
                {folder}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
