import type { ComponentChildren } from "preact";
import "./loading.css";

/** Something that is shown while what should be shown is on its way. */
export function loadingClass(isLate: boolean): string {
  return isLate ? "loading" : "";
}

export function LoadingNote({ children }: { readonly children: ComponentChildren }) {
  return (
    <p class="loading-note" role="status">
      {children}
    </p>
  );
}
