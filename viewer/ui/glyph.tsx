import type { ComponentChildren } from "preact";
import "./glyph.css";

/** The page's small pictures, drawn in the colour of the text around them. */
const GLYPHS = {
  square: <rect x="4.500" y="4.500" width="7" height="7" rx="1" />,
  start: <path d="M4 3.5v9M12.5 3.5 6.5 8l6 4.5z" />,
  previous: <path d="M11 3.5 5 8l6 4.5z" />,
  next: <path d="M5 3.5 11 8l-6 4.5z" />,
  previousError: (
    <>
      <path d="M6 3.5 1.5 8 6 12.5" />
      <path class="thick" d="m9 5.2 5.6 5.6M14.6 5.2 9 10.8" />
    </>
  ),
  nextError: (
    <>
      <path d="M10 3.5 14.5 8 10 12.5" />
      <path class="thick" d="M1.4 5.2 7 10.8M7 5.2l-5.6 5.6" />
    </>
  ),
  fold: (
    <>
      <path d="M1.5 8H5M11 8h3.5" />
      <path d="m5 4 2 2-2 2 2 2-2 2M9 4l2 2-2 2 2 2-2 2" />
    </>
  ),
  skip: (
    <>
      <path d="M2 12.500h3M11 12.500h3" />
      <path d="M3 9a5 5 0 0 1 9.8-1" />
      <path d="M13.3 4.600V8.300H9.6" />
    </>
  ),
  wide: <path d="M2 3.500v9M14 3.500v9M4.5 8h7M6.5 5.8 4.3 8l2.2 2.200M9.5 5.8 11.7 8l-2.2 2.2" />,
  play: <path class="solid" d="M5 3.2 12.5 8 5 12.8z" />,
  pause: <path class="thick" d="M5.5 3.5v9M10.5 3.5v9" />,
  menu: <path d="M3 4.5h10M3 8h10M3 11.5h10" />,
  up: <path d="m4.5 9.800 3.500-3.600 3.500 3.600" />,
  down: <path d="m4.5 6.200 3.500 3.600 3.500-3.600" />,
  upAndDown: <path d="m4.500 6.300 3.500-3.500 3.500 3.500M4.500 9.700 8 13.200l3.500-3.500" />,
  link: (
    <>
      <path d="M6.700 9.300a2.800 2.800 0 0 0 4 0l2.200-2.200a2.800 2.800 0 0 0-4-4l-.9.9" />
      <path d="M9.300 6.700a2.800 2.800 0 0 0-4 0L3.100 8.900a2.800 2.800 0 0 0 4 4l.9-.9" />
    </>
  ),
  check: <path class="thick" d="m3.2 8.6 3.2 3.2 6.4-7.2" />,
  cross: <path class="thick" d="m4 4 8 8M12 4l-8 8" />,
  warn: (
    <>
      <path d="M8 2.6 14 13H2z" />
      <path class="thick" d="M8 6.6v2.6M8 11.300h.01" />
    </>
  ),
  ring: (
    <>
      <circle class="rest" cx="8" cy="8" r="5.5" />
      <path class="spin thick" d="M8 2.5A5.5 5.5 0 0 1 13.5 8" />
    </>
  ),
  bars: <path class="thick" d="M5.6 4v8M10.4 4v8" />,
  dashes: <circle class="thick" cx="8" cy="8" r="5.5" stroke-dasharray="2.6 3.16" stroke-linecap="butt" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="5.7" />
      <path d="M8 4.6V8l2.4 1.6" />
    </>
  ),
  dots: <path class="thick" d="M3.5 8h.01M8 8h.01M12.5 8h.01" />,
  slash: (
    <>
      <circle cx="8" cy="8" r="5.5" />
      <path d="m4.2 11.8 7.6-7.6" />
    </>
  ),
  question: (
    <>
      <path d="M5.6 6.2a2.4 2.4 0 1 1 3.5 2.1c-.8.4-1.1.8-1.1 1.6" />
      <path class="thick" d="M8 12.3h.01" />
    </>
  ),
  circle: <circle cx="8" cy="8" r="4.5" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.2" />
      <path d="m10.2 10.2 3.3 3.3" />
    </>
  ),
  equal: <path class="thick" d="M3.500 6.200h9M3.500 9.800h9" />,
  sides: <path d="M2.500 3.500h4v9h-4zM9.500 3.500h4v9h-4z" />,
  trend: <path d="M2.500 2.500v11h11M4.800 10.500l2.700-3.500 2.500 2 3.500-5" />,
  half: (
    <>
      <circle cx="8" cy="8" r="4.5" />
      <path class="solid" d="M8 3.5a4.5 4.5 0 0 1 0 9z" />
    </>
  ),
} satisfies Record<string, ComponentChildren>;

export type GlyphName = keyof typeof GLYPHS;

/** Only a picture: the word it stands for is beside it, or is the name of what holds it. */
export function Glyph({ name }: { readonly name: GlyphName }) {
  return (
    <svg
      class="glyph"
      viewBox="0 0 16 16"
      width="14"
      height="14"
      stroke-linecap="round"
      aria-hidden="true"
      focusable="false"
    >
      {GLYPHS[name]}
    </svg>
  );
}

export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
      <circle cx="12" cy="12" r="9.3" fill="none" stroke="currentColor" stroke-width="1.8" />
      <circle cx="12" cy="7.2" r="1.9" fill="currentColor" />
      <circle cx="7.8" cy="14.4" r="1.9" fill="currentColor" />
      <circle cx="16.2" cy="14.4" r="1.9" fill="currentColor" />
      <circle class="reel" cx="12" cy="12" r="1.5" />
    </svg>
  );
}
