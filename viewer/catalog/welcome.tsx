import { kindOf } from "../../src/protocol/run-words.ts";
import { health } from "../live/health.ts";
import { runs } from "../live/state.ts";
import { Logo } from "../ui/glyph.tsx";
import { shellWord } from "./shell-word.ts";
import "./welcome.css";

/** Where a run would be, while there is none: what makes one, and where it is looked for. */
export function Welcome() {
  if (runs.value === null) return <p class="welcome">Reading the list of runs…</p>;
  const { runsDirs = [], sessionDirs = [], workingDir } = health.value ?? {};
  // Whatever kind of run lies in the first folder is found: what the others are for depends.
  const [folder] = runsDirs;
  return (
    <div class="welcome">
      <Logo />
      <h1>No runs yet</h1>
      <p>Start one in another terminal. It opens here by itself.</p>
      <dl class="welcome-starts">
        <dt>acpx</dt>
        <dd>any flow</dd>
        <dt>AgentV</dt>
        <dd>
          <code>agentv eval run</code>
        </dd>
        <dt>waza</dt>
        <dd>
          <code>waza run --session-log</code>
        </dd>
        <dt>Claude Code, Codex</dt>
        <dd>any session</dd>
        <dt>To try it</dt>
        <dd>
          <code>pnpm demo{folder !== undefined && ` --runs-dir ${shellWord(folder)}`}</code>
          <div>
            an evaluation with <code>--kind agentv</code> or <code>--kind waza</code>
          </div>
        </dd>
      </dl>
      {runsDirs.length + sessionDirs.length > 0 && (
        <div class="welcome-folders">
          {runsDirs.length + sessionDirs.length === 1 ? "Watching" : "Watching these folders:"}
          <ul>
            {runsDirs.map((folder) => (
              <li key={folder}>
                <span class="num">{folder}</span>
                {folder === workingDir && " for evaluations"}
              </li>
            ))}
            {sessionDirs.map(({ dir, source }) => (
              <li key={`${source} ${dir}`}>
                <span class="num">{dir}</span> for {kindOf(source)}
              </li>
            ))}
          </ul>
          <p>
            For others, start the viewer with <code>--runs-dir</code>.
          </p>
        </div>
      )}
    </div>
  );
}
