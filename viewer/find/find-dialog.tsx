import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { MOST_SEARCH_CHARS } from "../../src/protocol/portion.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Glyph } from "../ui/glyph.tsx";
import { isNarrow } from "../ui/narrow.ts";
import { chooseRun, chooseStep, chooseText } from "./choose.ts";
import { closeFind } from "./opened.ts";
import { type Group, moved, type Option } from "./options.ts";
import { OptionView } from "./option-view.tsx";
import { useFound } from "./use-found.ts";
import "./find-dialog.css";

const LIST = "find-list";

export function FindDialog() {
  const typed = useSignal("");
  /** The key of the option that Enter chooses; null is the first one. */
  const active = useSignal<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  /** Who went somewhere has the keys of the player there, and not the button that opened this. */
  const hasGone = useRef(false);
  const { groups, more, retry, status } = useFound(typed.value);
  const options = groups.flatMap((group) => group.options);
  const place = Math.max(
    0,
    options.findIndex(({ key }) => key === active.value),
  );
  const current = options[place];

  useLayoutEffect(() => {
    if (place === 0) list.current?.scrollTo({ top: 0 });
    else list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [current?.key]);

  const choose = (option: Option) => {
    // More of something takes the place of the row that offered it.
    if (option.is === "more") {
      active.value = options[options.indexOf(option) - 1]?.key ?? null;
      return more(option.of);
    }
    hasGone.current = true;
    closeFind();
    switch (option.is) {
      case "run":
        return chooseRun(option.run.runId);
      case "step":
        return chooseStep(option.step);
      case "text":
        return chooseText(option.hit);
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === "Enter" && current !== undefined) {
      event.preventDefault();
      return choose(current);
    }
    const next = options.length === 0 ? null : moved(event.key, place, options.length);
    if (next === null) return;
    event.preventDefault();
    active.value = options[next]?.key ?? null;
  };

  let index = -1;
  return (
    <Dialog label="Find" close={closeFind} leavesFocus={() => hasGone.current}>
      <div class="find">
        <div class="find-field">
          <Glyph name="search" />
          <input
            type="text"
            role="combobox"
            aria-label="Find runs, steps, text"
            aria-autocomplete="list"
            aria-expanded={options.length > 0}
            aria-controls={LIST}
            aria-activedescendant={current === undefined ? undefined : idOf(place)}
            placeholder="Find runs, steps, text"
            maxLength={MOST_SEARCH_CHARS}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            value={typed.value}
            onKeyDown={onKeyDown}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
              active.value = null;
            }}
          />
          <button type="button" class="find-close" aria-label="Close, Esc" onClick={closeFind}>
            {isNarrow.value ? <Glyph name="cross" /> : "Esc"}
          </button>
        </div>
        <div class="find-list" id={LIST} role="listbox" aria-label="Found" ref={list}>
          {groups.map((group) => (
            <div key={group.name} class="find-group" role="group" aria-label={titleOf(group)}>
              <div class="find-title" aria-hidden="true">
                {group.title} <span class="num">{group.count}</span>
              </div>
              {group.options.map((option) => {
                index += 1;
                return (
                  <OptionView
                    key={option.key}
                    id={idOf(index)}
                    option={option}
                    isActive={option === current}
                    choose={choose}
                    point={() => (active.value = option.key)}
                  />
                );
              })}
            </div>
          ))}
        </div>
        {groups.map(
          ({ name, note }) =>
            note !== null && (
              <p key={name} class="find-note">
                {note}
              </p>
            ),
        )}
        <div class="find-foot">
          <p role="status" aria-label="Search">
            {status === "" && typed.value.trim() === "" ? HINT : status}
          </p>
          {retry !== null && (
            <button type="button" class="button" onClick={retry}>
              Retry
            </button>
          )}
        </div>
      </div>
    </Dialog>
  );
}

const HINT = "Type a title, a status, a step, or anything that was said. Enter goes there.";

function idOf(index: number): string {
  return `find-option-${index}`;
}

function titleOf({ count, title }: Group): string {
  return count === "" ? title : `${title}, ${count}`;
}
