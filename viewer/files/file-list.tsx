import { computed } from "@preact/signals";
import { useCallback, useLayoutEffect, useMemo, useState } from "preact/hooks";
import { isEvaluation } from "../playback/evaluation.ts";
import { course, isBehind, jumps, view } from "../playback/playback.ts";
import { usePicture } from "../playback/use-picture.ts";
import { clock, fileSize } from "../ui/format.ts";
import { loadingClass, LoadingNote } from "../ui/loading.tsx";
import { memo } from "../ui/memo.ts";
import { ScopeSwitch } from "../ui/scope-switch.tsx";
import { useNews } from "../ui/use-news.ts";
import { type RowKey, useVirtualList } from "../ui/use-virtual-list.ts";
import { VirtualRows } from "../ui/virtual-list.tsx";
import { Bundle } from "./bundle.tsx";
import type { FileRow, FilesView } from "./files-at.ts";
import { fileTitle } from "./role-words.ts";
import { files, hasMore, openFile, scope, setScope, showEarlier, takeArrival } from "./shown.ts";
import "./file-list.css";

/** The stylesheet draws it so. */
const ROW_PX = 46;
const ROOM = [8, 8] as const;

/** What the newest lines of the trace name, the newest last, and below it the bundle's own files. */
export function FileList() {
  const { isLate, isLoading, value } = usePicture("files", files);
  const rows = value?.rows ?? NO_ROWS;
  const places = useMemo(() => new Map(rows.map(({ path }, index) => [path, index])), [rows]);
  const [left, setLeft] = useState<Left | null>(null);
  const place = left === null || left.jumps !== jumps.value ? null : (places.get(left.path) ?? null);
  const list = useVirtualList({
    count: rows.length,
    keyOf: useCallback((index: number) => rows[index]?.path ?? index, [rows]),
    indexOf: useCallback((key: RowKey) => places.get(String(key)) ?? null, [places]),
    rowHeight: ROW_PX,
    room: ROOM,
    arrival: `${jumps.value}/${left?.path ?? ""}`,
    isLoading,
    current: place,
    wanted: place,
  });
  const { box } = list;
  const hasNews = useNews({
    newest: rows.at(-1)?.path ?? null,
    isFollowing: list.isFollowing,
    isLive: !isBehind.value,
    isLoading,
  });
  useLayoutEffect(() => {
    const arrival = takeArrival();
    if (arrival?.to === "list") setLeft({ path: arrival.from, jumps: jumps.peek() });
  }, []);
  // Who comes back from a file is where they left.
  useLayoutEffect(() => {
    if (left === null) return;
    const drawn = box.current?.querySelectorAll<HTMLElement>("[data-path]") ?? [];
    const row = [...drawn].find(({ dataset }) => dataset["path"] === left.path);
    (row ?? box.current)?.focus({ preventScroll: true });
  }, [left]);
  return (
    <div class="files-frame">
      {isEvaluation.value && (
        <div class="files-scope">
          <ScopeSwitch what="files" scope={scope.value} choose={setScope} />
        </div>
      )}
      {value !== null && value.earlierThan !== null && <Earlier than={value.earlierThan} />}
      <div class="follow-frame">
        <section
          class={`files virtual-box ${loadingClass(isLate)}`}
          aria-label={isEvaluation.value ? "Files of the tests" : "Files of the steps"}
          aria-busy={isLoading}
          tabIndex={0}
          ref={box}
        >
          {value !== null && rows.length === 0 && (
            <p class="nothing">
              {value.earlierThan !== null
                ? "The newest events name no file."
                : scope.value === "test"
                  ? noFileOfTest(isOver.value)
                  : "No file has been written yet."}
            </p>
          )}
          <VirtualRows list={list} size={rows.length} rowClass={() => ""}>
            {(index) => {
              const row = rows[index];
              return row !== undefined && <Row {...row} />;
            }}
          </VirtualRows>
        </section>
        {isLate && <LoadingNote>Loading files…</LoadingNote>}
        {hasNews && (
          <button type="button" class="button news" onClick={list.toEnd}>
            New files ↓
          </button>
        )}
      </div>
      <Bundle />
    </div>
  );
}

/** Its state may still be coming to the page: then it goes on. */
const isOver = computed(() => view.value?.ended === true);

/** Many a producer writes the files of all tests at the end. */
function noFileOfTest(isOver: boolean): string {
  if (isOver) return "Nobody has named a file of this test.";
  return "No file of this test is named yet. Some programs write them when the run ends.";
}

const NO_ROWS: FilesView["rows"] = [];

/** The file that somebody comes back from, for as long as they go nowhere else. */
interface Left {
  readonly path: string;
  readonly jumps: number;
}

function Earlier({ than }: { readonly than: number }) {
  return (
    <div class="files-back">
      <span>
        Named since <RunTime at={than} />
      </span>
      {hasMore.value ? (
        <button type="button" class="button" onClick={showEarlier}>
          Show earlier
        </button>
      ) : (
        <span>For earlier ones, move the playhead back.</span>
      )}
    </div>
  );
}

const Row = memo<FileRow>(({ at, attempt, bytes, label, mediaType, path, role, session, since }) => (
  <button
    type="button"
    class="file-row"
    data-head
    data-path={path}
    tabIndex={-1}
    onClick={() => openFile({ is: "artifact", path, mediaType, since })}
  >
    <span class="file-time">
      <RunTime at={at} />
    </span>
    <span class="file-title clip">{fileTitle({ attempt, label, role, session })}</span>
    <span class="file-kind num">{bytes === null ? "" : fileSize(bytes)}</span>
    <span class="file-path num clip">{path}</span>
    <span class="file-kind num clip">{mediaType ?? ""}</span>
  </button>
));

function RunTime({ at }: { readonly at: number }) {
  return <span class="num">{clock(at - course.value.start)}</span>;
}
