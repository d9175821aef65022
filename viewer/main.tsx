import { render } from "preact";
import { App } from "./app.tsx";
import { momentOf, restoreMoment, startFollowingRoute } from "./follow-route.ts";
import { startFollowingTest } from "./follow-test.ts";
import { startFollowingTitle } from "./follow-title.ts";
import { startConversation } from "./conversation/shown.ts";
import { readHealth } from "./live/health.ts";
import { startLive } from "./live/state.ts";
import { startKeys } from "./playback/keys.ts";
import { startNow } from "./playback/now.ts";
import { startPlayback } from "./playback/playback.ts";
import { startOpening } from "./run/opening.ts";
import { startPanels } from "./run/panels.ts";
import { startRoute } from "./ui/route.ts";
import { startTheme } from "./ui/theme.ts";

/** The page, put together: address and theme first, then what it hears, then what it draws. */
startTheme();
startRoute(restoreMoment);
startNow();
startLive();
startPlayback(momentOf);
startOpening(momentOf);
startConversation();
startFollowingRoute();
startFollowingTest();
startFollowingTitle();
startKeys();
startPanels();
void readHealth();

const root = document.getElementById("app");
if (root !== null) render(<App />, root);
