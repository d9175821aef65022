import { runs } from "../live/state.ts";
import "./watch-trouble.css";

/** Said while the server has to look for changes itself, because the system would not tell it. */
export function WatchTrouble() {
  const trouble = runs.value?.trouble ?? [];
  return (
    <div role="status" aria-label="Watched folders" class="watch-trouble">
      {trouble.length > 0 && (
        <details>
          <summary title={trouble.join("\n")}>
            Some folders cannot be watched; changes show within seconds
          </summary>
          <ul>
            {trouble.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
