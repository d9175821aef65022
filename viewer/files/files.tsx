/** The files that the run had named by the playhead. */
export function Files() {
  return <div class="files" />;
}
