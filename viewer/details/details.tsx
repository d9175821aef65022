/** What is known of the chosen attempt as of the playhead. */
export function Details() {
  return <div class="details" />;
}
