import { runs } from "../live/state.ts";
import { Glyph } from "../ui/glyph.tsx";
import "./watch-trouble.css";

/** Said while not all is seen as it happens: nothing is watched, a folder is missing, or the server has to look itself. */
export function WatchTrouble({ isToldElsewhere = false }: { readonly isToldElsewhere?: boolean }) {
  const [first, ...others] = isToldElsewhere ? [] : (runs.value?.trouble ?? []);
  return (
    <div role="status" aria-label="Watched folders" class="watch-trouble">
      {first !== undefined && (
        <>
          <Glyph name="warn" />
          {others.length === 0 ? (
            <p>{first}</p>
          ) : (
            <details>
              <summary>
                {first} <span class="watch-more">And {others.length} more</span>
              </summary>
              <ul>
                {others.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            </details>
          )}
        </>
      )}
    </div>
  );
}
